"""A custom model of KServe's SDK: the same session behind its V1 endpoint."""

import os

import numpy as np
import onnxruntime
from kserve import Model, ModelServer


class Housing(Model):
    def __init__(self):
        super().__init__("housing")
        self.load()

    def load(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
        self.ready = True
        return True

    async def predict(self, payload, headers=None, response_headers=None):
        features = np.array(payload["instances"], np.float32)
        return {"predictions": self.session.run(["price"], {"features": features})[0][:, 0].tolist()}


if __name__ == "__main__":
    ModelServer(http_port=int(os.environ["PORT"]), enable_grpc=False).start([Housing()])
