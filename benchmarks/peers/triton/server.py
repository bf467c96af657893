"""Triton Inference Server with its Python backend: the same sessions, dynamic batching on."""

import os

import numpy as np
import onnxruntime
from pytriton.decorators import batch
from pytriton.model_config import DynamicBatcher, ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1


def serve(triton, name, file, most_rows):
    """Binds a model with one input and one output whose first dimension is the rows."""
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    given, output = session.get_inputs()[0], session.get_outputs()[0]

    @batch
    def predict(**inputs):
        return {output.name: session.run([output.name], inputs)[0]}

    triton.bind(
        model_name=name,
        infer_func=predict,
        inputs=[Tensor(name=given.name, dtype=np.float32, shape=tuple(given.shape[1:]))],
        outputs=[Tensor(name=output.name, dtype=np.float32, shape=tuple(output.shape[1:]))],
        config=ModelConfig(batching=True, max_batch_size=most_rows, batcher=DynamicBatcher()),
    )


port = int(os.environ["PORT"])
config = TritonConfig(http_address="127.0.0.1", http_port=port, grpc_port=port + 1, metrics_port=port + 2)
with Triton(config=config) as triton:
    serve(triton, "housing", os.environ["MODEL"], 1000)
    if "IMAGE_MODEL" in os.environ:
        serve(triton, "image", os.environ["IMAGE_MODEL"], 32)
    triton.serve()
