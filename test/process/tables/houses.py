"""Writes houses.parquet: pip install pyarrow==26.0.1, then python houses.py"""

import datetime
import decimal
import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 8
day = datetime.date(2026, 2, 3)
noon = datetime.datetime(2026, 2, 3, 12, 0, 0, 123456)
table = pa.table(
    {
        # What the housing model takes, in the types that data has them in.
        "CHAS": pa.array([0, 1] * 4, pa.int8()),
        "RM": pa.array([6.575, None, 6.25, float("nan"), 5.5, 7.0, 6.0, 6.5], pa.float64()),
        "TAX": pa.array([296 + row for row in range(ROWS)], pa.int64()),
        "PTRATIO": pa.array([decimal.Decimal("15.3")] * ROWS, pa.decimal128(7, 2)),
        "B": pa.array([396.9] * ROWS, pa.float32()),
        "LSTAT": pa.array([4 + row for row in range(ROWS)], pa.uint32()),
        # What is carried over.
        "id": pa.array([2**63 - 1 - row for row in range(ROWS)], pa.int64()),
        "count": pa.array([2**64 - 1 - row for row in range(ROWS)], pa.uint64()),
        "day": pa.array([day, None] * 4, pa.date32()),
        "at": pa.array([noon] * ROWS, pa.timestamp("us", tz="UTC")),
        "price": pa.array([decimal.Decimal("-12345678901234567890.123")] * ROWS, pa.decimal128(38, 3)),
        "note": pa.array(["a", None, "größe", "", "a", "b", "c", "a"], pa.string()),
        "kind": pa.array(["x", "y"] * 4, pa.string()).dictionary_encode(),
        "bytes": pa.array([bytes([row, 255]) for row in range(ROWS)], pa.binary()),
        "sold": pa.array([True, None] * 4, pa.bool_()),
        "nothing": pa.nulls(ROWS),
    }
)
pq.write_table(table, pathlib.Path(__file__).with_name("houses.parquet"), compression="zstd", row_group_size=5)
