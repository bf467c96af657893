"""Writes test models in the layout of a model repository, with the answers that are expected of them."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

HERE = Path(__file__).resolve().parent
IR_VERSION = 10
OPSET = 21

# The names of the Open Inference Protocol. FP16 and BF16 travel as their bits.
DATATYPES = {
    TensorProto.BOOL: "BOOL",
    TensorProto.UINT8: "UINT8",
    TensorProto.UINT16: "UINT16",
    TensorProto.UINT32: "UINT32",
    TensorProto.UINT64: "UINT64",
    TensorProto.INT8: "INT8",
    TensorProto.INT16: "INT16",
    TensorProto.INT32: "INT32",
    TensorProto.INT64: "INT64",
    TensorProto.FLOAT16: "FP16",
    TensorProto.FLOAT: "FP32",
    TensorProto.DOUBLE: "FP64",
    TensorProto.STRING: "BYTES",
}


def graph(nodes, inputs, outputs, constants=(), opset=OPSET, ir_version=IR_VERSION, domains=()):
    """A model of a few nodes. `inputs` and `outputs` are (name, element type, shape); `constants` are {name: array}."""
    initializers = [numpy_helper.from_array(value, name) for name, value in dict(constants).items()]
    made = helper.make_graph(
        nodes,
        "graph",
        [info if isinstance(info, onnx.ValueInfoProto) else helper.make_tensor_value_info(*info) for info in inputs],
        [info if isinstance(info, onnx.ValueInfoProto) else helper.make_tensor_value_info(*info) for info in outputs],
        initializers,
    )
    opsets = [helper.make_opsetid("", opset), *(helper.make_opsetid(*domain) for domain in domains)]
    return helper.make_model(made, opset_imports=opsets, ir_version=ir_version, producer_name="nestor-test-models")


def save(name, model, manifest=None, golden=None, version="1"):
    """Writes <name>/<version>/model.onnx, <name>/model.json and <name>/golden.json."""
    folder = HERE / name
    (folder / version).mkdir(parents=True, exist_ok=True)
    content = model if isinstance(model, bytes) else model.SerializeToString(deterministic=True)
    (folder / version / "model.onnx").write_bytes(content)
    if manifest is not None:
        write_json(folder / "model.json", {"$schema": "../../../docs/model.schema.json", **manifest}, indent=2)
    if golden is not None:
        write_json(folder / "golden.json", golden, indent=1)


def write_json(path, value, indent):
    path.write_text(json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n")


def reference(model, inputs, fill=None):
    """What the reference evaluator of the onnx package, which shares no code with ONNX Runtime, makes of the inputs."""
    evaluator = ReferenceEvaluator(model)
    names = [output.name for output in model.graph.output]
    with np.errstate(all="ignore"):
        outputs = dict(zip(names, evaluator.run(None, inputs)))
    return {
        "framework": f"onnx {onnx.__version__}, reference evaluator",
        "inputs": tensors(inputs, fill),
        "outputs": tensors({name: np.asarray(value) for name, value in outputs.items()}),
    }


def tensors(values, fill=None):
    return [tensor(name, value, (fill or {}).get(name)) for name, value in values.items()]


def tensor(name, value, fill=None):
    """A tensor as JSON keeps it whole: 64-bit integers and what is not finite as text, FP16 as its bits."""
    kind = TensorProto.STRING if value.dtype.kind in "OUS" else helper.np_dtype_to_tensor_dtype(value.dtype)
    head = {"name": name, "datatype": DATATYPES[kind], "shape": list(value.shape)}
    if fill is not None:
        return {**head, "fill": fill}
    flat = value.ravel()
    if kind == TensorProto.FLOAT16:
        data = flat.view(np.uint16).tolist()
    elif kind in (TensorProto.INT64, TensorProto.UINT64):
        data = [str(number) for number in flat.tolist()]
    elif value.dtype.kind == "f":
        data = [number if np.isfinite(number) else not_finite(number) for number in flat.tolist()]
    else:
        data = flat.tolist()
    return {**head, "data": data}


def not_finite(number):
    return "NaN" if np.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def filled(shape, factor, offset=0):
    """Numbers that need no file: element i is ((i * factor + offset) mod 251) / 256, exact in FP32."""
    i = np.arange(int(np.prod(shape)), dtype=np.int64)
    return (((i * factor + offset) % 251) / 256).astype(np.float32).reshape(shape)


def clear():
    """Removes what an earlier run wrote, so that a model that is no longer made is no longer there."""
    for folder in HERE.iterdir():
        if folder.name == "invalid" or any(folder.glob("*/model.onnx")):
            shutil.rmtree(folder)
