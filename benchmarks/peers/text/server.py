"""all-MiniLM-L6-v2 with FastAPI, ONNX Runtime with its default number of threads, and the hub's tokenizers."""

import os

import numpy as np
import onnxruntime
from fastapi import FastAPI
from pydantic import BaseModel
from tokenizers import Tokenizer

folder = os.environ["FOLDER"]
tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(256)
session = onnxruntime.InferenceSession(f"{folder}/onnx/model.onnx")
app = FastAPI()


class Text(BaseModel):
    text: str


@app.get("/livez")
def livez():
    return {}


# Not async, so that FastAPI runs it in a thread, and requests run in parallel.
@app.post("/models/minilm/predict")
def predict(row: Text):
    encoding = tokenizer.encode(row.text)
    ids = np.array([encoding.ids], np.int64)
    inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.array([encoding.type_ids], np.int64)}
    vector = session.run(None, inputs)[0][0].mean(axis=0)
    return {"prediction": [(vector / np.linalg.norm(vector)).tolist()]}
