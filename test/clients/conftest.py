"""The server to try, the golden answers of its models, and a report of every test for clients.spec.ts."""

import json
import os
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

#: Host and port of the server's HTTP and gRPC listeners.
HTTP = os.environ["NESTOR_HTTP"]
GRPC = os.environ["NESTOR_GRPC"]
ADMIN = {"x-api-key": os.environ["NESTOR_ADMIN_KEY"]}

DTYPES = {
    "BOOL": np.bool_,
    "UINT8": np.uint8,
    "UINT16": np.uint16,
    "UINT32": np.uint32,
    "UINT64": np.uint64,
    "INT8": np.int8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "FP16": np.float16,
    "FP32": np.float32,
    "FP64": np.float64,
    "BYTES": np.object_,
}

#: The test models that return their input, by datatype.
IDENTITIES = {datatype: f"identity-{datatype.lower()}" for datatype in DTYPES if datatype != "BYTES"}
IDENTITIES["BYTES"] = "identity-string"


def golden_tensors(model, kind):
    """The `inputs` or `outputs` of a test model's golden.json as arrays by name, every bit kept."""
    golden = json.loads((ROOT / "test/models" / model / "golden.json").read_text())
    return {tensor["name"]: _array(tensor) for tensor in golden[kind]}


def golden_records(model):
    """The records of a shipped model's golden.json, with the framework's predictions."""
    return json.loads((ROOT / "models" / model / "training/golden.json").read_text())


def _array(tensor):
    datatype, shape = tensor["datatype"], tensor["shape"]
    if "fill" in tensor:
        fill = tensor["fill"]
        values = (np.arange(np.prod(shape)) * fill["factor"] + fill["offset"]) % 251 / 256
        return values.astype(DTYPES[datatype]).reshape(shape)
    data = tensor["data"]
    if datatype == "FP16":
        return np.array(data, dtype=np.uint16).view(np.float16).reshape(shape)
    if datatype == "BYTES":
        return np.array([text.encode() for text in data], dtype=np.object_).reshape(shape)
    if datatype.startswith("FP"):
        data = [float(value) for value in data]
    elif datatype != "BOOL":
        data = [int(value) for value in data]
    return np.array(data, dtype=DTYPES[datatype]).reshape(shape)


def same(actual, expected):
    """Whether two arrays are alike to the bit."""
    if actual.dtype != expected.dtype or actual.shape != expected.shape:
        return False
    return (
        actual.tolist() == expected.tolist() if actual.dtype == np.object_ else actual.tobytes() == expected.tobytes()
    )


def pytest_runtest_logreport(report):
    """One line of JSON a test into the file that NESTOR_REPORT names."""
    if report.when != "call" and report.outcome == "passed":
        return
    line = {"id": report.nodeid, "outcome": report.outcome, "seconds": report.duration, "detail": report.longreprtext}
    if report.outcome == "skipped":
        line["detail"] = report.longrepr[2]
    with open(os.environ["NESTOR_REPORT"], "a") as file:
        file.write(json.dumps(line) + "\n")
