"""Trains the wine classifier, exports it to ONNX and checks that the export answers as scikit-learn does.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python train.py

Writes ../1/model.onnx and, beside this file, metrics.json and golden.json.
Exits with an error if a label differs from scikit-learn's, or a probability by more than TOLERANCE.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import skl2onnx
import sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import RepeatedStratifiedKFold, cross_validate
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).resolve().parent
SEED = 20
TOLERANCE = 1e-4  # absolute, on a probability


def new_pipeline() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, random_state=SEED))


def cross_validation(rows: np.ndarray, labels: np.ndarray) -> dict:
    folds = RepeatedStratifiedKFold(n_splits=10, n_repeats=5, random_state=SEED)
    scoring = {"accuracy": "accuracy", "logLoss": "neg_log_loss"}
    scores = cross_validate(new_pipeline(), rows, labels, cv=folds, scoring=scoring)
    accuracy, log_loss = scores["test_accuracy"], -scores["test_logLoss"]
    return {
        "folds": 10,
        "repeats": 5,
        "accuracy": {"mean": accuracy.mean(), "deviation": accuracy.std()},
        "logLoss": {"mean": log_loss.mean(), "deviation": log_loss.std()},
    }


def to_onnx(pipeline: Pipeline, columns: int) -> bytes:
    graph = skl2onnx.convert_sklearn(
        pipeline,
        name="wine",
        initial_types=[("features", FloatTensorType([None, columns]))],
        target_opset={"": 21, "ai.onnx.ml": 3},
        # Probabilities as a plain tensor: a sequence of maps cannot be fetched outside Python.
        options={id(pipeline): {"zipmap": False}},
    )
    domains = {opset.domain: opset for opset in graph.opset_import}  # skl2onnx names one of them twice
    del graph.opset_import[:]
    graph.opset_import.extend(domains.values())
    graph.ir_version = 10
    return graph.SerializeToString()


def run(onnx_bytes: bytes, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # as the server runs it
    session = onnxruntime.InferenceSession(onnx_bytes, options, providers=["CPUExecutionProvider"])
    label, probabilities = session.run(["label", "probabilities"], {"features": rows})
    return label, probabilities


def check_manifest(names: list[str], labels: list[str], rows: np.ndarray) -> None:
    """The manifest names the model's labels, and the ranges it calls seen are those of the data."""
    manifest = json.loads((HERE.parent / "model.json").read_text())
    declared = [(feature["name"], feature["seen"]) for feature in manifest["features"]]
    seen = [(name, [column.min(), column.max()]) for name, column in zip(names, rows.T)]
    if declared != seen or manifest["labels"] != labels:
        raise SystemExit(f"model.json declares {declared} and {manifest['labels']}, the data has {seen} and {labels}")


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n")


def main() -> None:
    data = load_wine()
    names = list(data.feature_names)
    truth = data.target_names.astype(object)[data.target]
    rows = data.data.astype(np.float32)  # what the served tensor holds

    validation = cross_validation(rows, truth)
    print("accuracy {mean:.3f} ± {deviation:.3f}".format(**validation["accuracy"]))
    print("log loss {mean:.3f} ± {deviation:.3f}".format(**validation["logLoss"]))

    pipeline = new_pipeline().fit(rows, truth)
    labels = pipeline.classes_.tolist()
    check_manifest(names, labels, data.data)
    exported = to_onnx(pipeline, len(names))
    (HERE.parent / "1" / "model.onnx").write_bytes(exported)

    predicted, probabilities = pipeline.predict(rows), pipeline.predict_proba(rows)
    write_json(
        HERE / "golden.json",
        {
            "framework": f"scikit-learn {sklearn.__version__}",
            "records": [dict(zip(names, row)) for row in data.data.tolist()],
            "prediction": predicted.tolist(),
            "probabilities": [dict(zip(labels, row)) for row in probabilities.tolist()],
        },
    )

    served_label, served_probabilities = run(exported, rows)
    parity = {
        "tolerance": TOLERANCE,
        "rows": len(rows),
        "labelsThatDiffer": int((served_label != predicted).sum()),
        "largestProbabilityDifference": float(np.abs(served_probabilities - probabilities).max()),
    }
    print(json.dumps(parity, indent=1))
    write_json(
        HERE / "metrics.json",
        {
            "framework": f"scikit-learn {sklearn.__version__}",
            "rows": len(rows),
            "crossValidation": validation,
            "parity": parity,
            "model": {"bytes": len(exported), "sha256": hashlib.sha256(exported).hexdigest()},
        },
    )
    if parity["labelsThatDiffer"] or parity["largestProbabilityDifference"] > TOLERANCE:
        raise SystemExit("the exported model does not answer as scikit-learn does")


if __name__ == "__main__":
    main()
