"""A network in half precision and in whole numbers of 8 bits, as ONNX Runtime's tools make them; judged by that runtime."""

import logging
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, quantize_dynamic, quantize_static
from onnxruntime.transformers.float16 import convert_float_to_float16
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier

from case import save
from scikit_learn import FLOWERS, MEASURES, SEED, SOME, SPECIES

FRAMEWORK = f"ONNX Runtime {onnxruntime.__version__}"


class Flowers(CalibrationDataReader):
    def __init__(self):
        self.batches = iter([{"X": FLOWERS}])

    def get_next(self):
        return next(self.batches, None)


def make():
    # They advise a step that changes nothing of so small a network.
    logging.disable(logging.WARNING)
    model = to_onnx(MLPClassifier((16,), max_iter=500, random_state=SEED).fit(FLOWERS, SPECIES), FLOWERS[:1])
    judged("half", convert_float_to_float16(model, keep_io_types=True), SOME)
    judged("half-inputs", convert_float_to_float16(model), SOME.astype(np.float16))
    with tempfile.TemporaryDirectory() as folder:
        whole, quantised = Path(folder) / "whole.onnx", Path(folder) / "quantised.onnx"
        onnx.save(model, whole)
        quantize_static(whole, quantised, Flowers())
        judged("int8-static", onnx.load(quantised), SOME)
        # Scales come from all rows of a run, and how many these are is another thing in each form: one row.
        quantize_dynamic(whole, quantised)
        judged("int8-dynamic", onnx.load(quantised), SOME[5:6])


def judged(name, model, rows):
    session = onnxruntime.InferenceSession(model.SerializeToString())
    label, probabilities = session.run(None, {session.get_inputs()[0].name: rows})
    labels = list(probabilities[0])
    table = np.array([[row[label] for label in labels] for row in probabilities])
    save(f"network-{name}", model, FRAMEWORK, MEASURES, rows, {"prediction": label, "probabilities": (labels, table)})
