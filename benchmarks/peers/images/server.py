"""Models of pictures behind FastAPI, as its documentation would have them written. Run by uvicorn.

READER names the module that decodes and scales: `pillow_reader` or `opencv_reader`.
"""

import importlib
import json
import os

import onnxruntime
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool

from preprocessing import covering, drawing, standardised

reader = importlib.import_module(os.environ["READER"])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1  # as every contender; the default costs far more CPU


def session(path):
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


MODELS = json.loads(os.environ["MODELS"])
sessions = {name: session(model["file"]) for name, model in MODELS.items()}
app = FastAPI()


def scores(name: str, file: bytes) -> list[float]:
    model = MODELS[name]
    image = model["image"]
    levels = drawing(reader, file, image) if image.get("centre") else covering(reader, file, image)
    feeds = {model["input"]: standardised(levels, image)}
    return sessions[name].run([model["output"]], feeds)[0][0].tolist()


@app.post("/models/{name}/predict")
async def predict(name: str, request: Request):
    # Decoders and the runtime release the GIL.
    return {"scores": await run_in_threadpool(scores, name, await request.body())}


@app.get("/livez")
async def livez():
    return {"status": "ok"}
