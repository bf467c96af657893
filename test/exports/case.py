"""What the exports are judged by: a model file, and what its framework answers to the same rows."""

import json
from pathlib import Path

import numpy as np

MADE = Path(__file__).parent / ".made"


def save(name, model, framework, columns, rows, members):
    """
    Writes the model and its case, MADE/name.onnx and MADE/name.json.

    :param model: an ONNX model, or a function that writes one into a path
    :param columns: the names of a row's columns, in their order
    :param rows: a list of cells a row
    :param members: what /predict is to answer, by key, in the order of the model's outputs: a list of values, or, for each
        class, (labels, values)
    """
    MADE.mkdir(exist_ok=True)
    file = MADE / f"{name}.onnx"
    if callable(model):
        model(str(file))
    else:
        file.write_bytes(model.SerializeToString())
    case = {
        "framework": framework,
        "columns": list(columns),
        "rows": [[plain(cell) for cell in row] for row in rows],
        "answer": {key: answered(value) for key, value in members.items()},
    }
    file.with_suffix(".json").write_text(json.dumps(case, allow_nan=False))


def answered(value):
    if not isinstance(value, tuple):
        return plain(np.asarray(value))
    labels, table = value
    return [dict(zip(map(str, plain(np.asarray(labels))), plain(np.asarray(row)))) for row in table]


def plain(value):
    return value.tolist() if isinstance(value, np.generic | np.ndarray) else value
