"""The model behind FastAPI, as its documentation would have it written. Run by uvicorn."""

import os

import numpy as np
import onnxruntime
from fastapi import FastAPI
from pydantic import BaseModel

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1  # as every contender; the default costs far more CPU
session = onnxruntime.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
app = FastAPI()


class House(BaseModel):
    CHAS: float
    RM: float
    TAX: float
    PTRATIO: float
    B: float
    LSTAT: float


def prices(houses: list[House]) -> list[float]:
    features = np.array([[h.CHAS, h.RM, h.TAX, h.PTRATIO, h.B, h.LSTAT] for h in houses], np.float32)
    return session.run(["price"], {"features": features})[0][:, 0].tolist()


@app.post("/predict")
async def predict(house: House):
    return {"prediction": prices([house])}


@app.post("/predict-many")
async def predict_many(houses: list[House]):
    return {"prediction": prices(houses)}
