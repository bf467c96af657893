"""Classifiers of PyTorch and Keras as their exporters write them, with the logits and probabilities of the frameworks.

They learn nothing: weights are random, since what is tested is the export. Keras runs on PyTorch here.
"""

import io
import os
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import onnx
import torch
from torch import nn

from folder import IR_VERSION, filled, save, tensors

LABELS = ["cat", "dog", "hen"]
FEATURES = ["weight", "height", "age", "legs"]
ROWS = 6
TABLE = {"features": [{"name": name} for name in FEATURES], "labels": LABELS}


def make():
    torch.manual_seed(20)
    torch.set_num_threads(1)
    rows = filled([ROWS, len(FEATURES)], 37, 11) * 4 - 2
    classifier = nn.Sequential(nn.Linear(len(FEATURES), 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, len(LABELS))).eval()
    with torch.no_grad():
        logits = classifier(torch.from_numpy(rows))
    by_export(classifier, rows, logits)
    by_trace(classifier, rows, logits)
    spam(rows)
    by_keras(rows)


def by_export(classifier, rows, logits):
    """The exporter that PyTorch uses by default: torch.export, and dimensions by their names."""
    program = torch.onnx.export(
        classifier, (torch.from_numpy(rows),), dynamo=True, input_names=["x"], output_names=["logits"],
        dynamic_shapes=({0: torch.export.Dim("batch")},), verbose=False)
    keep("pytorch-export", program.model_proto, "logits", rows, logits.numpy(), "softmax")


def by_trace(classifier, rows, logits):
    """The exporter before it, which traces a run."""
    file = io.BytesIO()
    torch.onnx.export(
        classifier, (torch.from_numpy(rows),), file, dynamo=False, opset_version=17, input_names=["x"],
        output_names=["logits"], dynamic_axes={"x": {0: "batch"}, "logits": {0: "batch"}})
    keep("pytorch-trace", onnx.load_from_string(file.getvalue()), "logits", rows, logits.numpy(), "softmax")


def spam(rows):
    """One logit for two labels."""
    classifier = nn.Sequential(nn.Linear(len(FEATURES), 4), nn.Tanh(), nn.Linear(4, 1)).eval()
    with torch.no_grad():
        logits = classifier(torch.from_numpy(rows))
    program = torch.onnx.export(
        classifier, (torch.from_numpy(rows),), dynamo=True, input_names=["x"], output_names=["logit"],
        dynamic_shapes=({0: torch.export.Dim("batch")},), verbose=False)
    keep("pytorch-binary", program.model_proto, "logit", rows, logits.numpy(), "sigmoid", ["ham", "spam"])


def by_keras(rows):
    keras.utils.set_random_seed(20)
    model = keras.Sequential([
        keras.Input([len(FEATURES)]), keras.layers.Dense(8, "relu"), keras.layers.Dense(len(LABELS), "softmax")])
    probabilities = keras.ops.convert_to_numpy(model(rows))
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.onnx")
        model.export(path, format="onnx", verbose=False)
        keep("keras", onnx.load(path), None, rows, probabilities)


def keep(name, model, output, rows, values, activation=None, labels=LABELS):
    """`values` are what the framework answers; probabilities follow from them, by PyTorch."""
    model.ir_version = min(model.ir_version, IR_VERSION)
    strip(model)
    outputs = {model.graph.output[0].name: values}
    manifest = {"title": name, **TABLE, "labels": labels}
    if activation is not None:
        manifest["outputs"] = {"probabilities": {"from": output, "activation": activation}}
    probabilities = probabilities_of(values, activation)
    framework = f"Keras {keras.__version__}" if activation is None else f"PyTorch {torch.__version__.split('+')[0]}"
    save(name, model, manifest, {
        "framework": framework,
        "records": [dict(zip(FEATURES, map(float, row))) for row in rows],
        "prediction": [labels[index] for index in probabilities.argmax(1)],
        "probabilities": [dict(zip(labels, map(float, row))) for row in probabilities],
        "inputs": tensors({model.graph.input[0].name: rows}),
        "outputs": tensors(outputs),
    })


def probabilities_of(values, activation):
    logits = torch.from_numpy(np.asarray(values, np.float64))
    if activation == "softmax":
        return logits.softmax(1).numpy()
    if activation == "sigmoid":
        return torch.cat([1 - logits.sigmoid(), logits.sigmoid()], 1).numpy()
    return logits.numpy()


def strip(model):
    """Without the paths and stack traces of the machine that exported, so that the files are the same everywhere."""
    del model.metadata_props[:]
    for part in [*model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output,
                 *model.graph.initializer, *model.functions]:
        del part.metadata_props[:]
        part.doc_string = ""


if __name__ == "__main__":
    make()
