"""Triton Inference Server with its Python backend: the same session, dynamic batching on."""

import os

import numpy as np
import onnxruntime
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])


@batch
def predict(features):
    return {"price": session.run(["price"], {"features": features})[0]}


port = int(os.environ["PORT"])
config = TritonConfig(http_address="127.0.0.1", http_port=port, grpc_port=port + 1, metrics_port=port + 2)
with Triton(config=config) as triton:
    triton.bind(
        model_name="housing",
        infer_func=predict,
        inputs=[Tensor(name="features", dtype=np.float32, shape=(6,))],
        outputs=[Tensor(name="price", dtype=np.float32, shape=(1,))],
        config=ModelConfig(batching=True, max_batch_size=1000, batcher=DynamicBatcher()),
    )
    triton.serve()
