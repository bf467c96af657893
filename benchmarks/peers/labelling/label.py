"""Labels a CSV file with pandas and ONNX Runtime in the usual way: read, predict, write. Takes all rows at once, or in chunks.

    label.py MODEL INPUT OUTPUT [ROWS]
"""

import sys

import numpy
import onnxruntime
import pandas

model, source, target = sys.argv[1:4]
rows = int(sys.argv[4]) if len(sys.argv) > 4 else None
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name


def label(frame: pandas.DataFrame) -> pandas.DataFrame:
    prediction, *probabilities = session.run(None, {name: frame.to_numpy(dtype=numpy.float32)})
    labelled = frame.assign(prediction=prediction.reshape(-1))
    return labelled.assign(probability=probabilities[0].max(axis=1)) if probabilities else labelled


if rows is None:
    label(pandas.read_csv(source)).to_csv(target, index=False)
else:
    with open(target, "w") as out:
        for number, frame in enumerate(pandas.read_csv(source, chunksize=rows)):
            label(frame).to_csv(out, index=False, header=number == 0)
