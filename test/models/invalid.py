"""Files that cannot be served, each with what a reason must name."""

import numpy as np
from onnx import TensorProto, helper

from folder import graph, save
from graphs import external

FLOAT = TensorProto.FLOAT
node = helper.make_node
ROWS = [("x", FLOAT, ["rows", 2])]


def make():
    def invalid(name, model):
        save(f"invalid/{name}", model)

    def identity(element=FLOAT, **options):
        info = [(name, element, ["rows", 2]) for name in "xy"]
        return graph([node("Identity", ["x"], ["y"])], info[:1], info[1:], **options)

    whole = identity().SerializeToString(deterministic=True)
    invalid("truncated", whole[: len(whole) // 2])
    invalid("empty", b"")
    invalid("not-onnx", b'{"this is": "not a model"}\n')
    invalid("bf16", identity(TensorProto.BFLOAT16))
    invalid("future-opset", identity(opset=99))
    invalid("future-ir", identity(ir_version=99))

    sequence = helper.make_tensor_sequence_value_info("y", FLOAT, None)
    invalid("sequence-output", graph([node("SequenceConstruct", ["x", "x"], ["y"])], ROWS, [sequence]))
    given = helper.make_tensor_sequence_value_info("x", FLOAT, None)
    invalid("sequence-input", graph([node("SequenceLength", ["x"], ["y"])], [given], [("y", TensorProto.INT64, [])]))

    custom = node("Frobnicate", ["x"], ["y"], domain="com.example")
    invalid("custom-operator", graph([custom], ROWS, [("y", FLOAT, ["rows", 2])], domains=[("com.example", 1)]))

    lost = graph([node("Add", ["x", "table"], ["y"])], ROWS, [("y", FLOAT, ["rows", 2])])
    lost.graph.initializer.append(external(np.zeros([1, 2], np.float32), "lost.bin"))
    invalid("lost-weights", lost)

    elsewhere = graph([node("Add", ["x", "table"], ["y"])], ROWS, [("y", FLOAT, ["rows", 2])])
    elsewhere.graph.initializer.append(external(np.zeros([1, 2], np.float32), "../weights.bin"))
    invalid("weights-elsewhere", elsewhere)

    kernels(invalid)


def kernels(invalid):
    """What is an ONNX model all right, and nothing that ONNX Runtime can compute."""
    double = [(name, TensorProto.DOUBLE, ["rows", 2]) for name in "xy"]
    invalid("missing-kernel", graph([node("Erf", ["x"], ["y"])], double[:1], double[1:]))

    floats = [(name, FLOAT, ["rows", 2]) for name in "xy"]
    broadcast = node("Add", ["x", "x"], ["y"], broadcast=1)
    invalid("past-opset", graph([broadcast], floats[:1], floats[1:], opset=6))

    gone = node("Upsample", ["x", "scales"], ["y"])
    scales = {"scales": np.array([1, 2], np.float32)}
    invalid("retired-operator", graph([gone], floats[:1], floats[1:], scales))

    widened = node("Cast", ["x"], ["y"], to=FLOAT)
    invalid("int4", graph([widened], [("x", TensorProto.INT4, ["rows", 2])], floats[1:]))
    narrow = [
        node("Cast", ["x"], ["narrow"], to=TensorProto.INT4),
        node("Add", ["narrow", "narrow"], ["sum"]),
        node("Cast", ["sum"], ["y"], to=FLOAT),
    ]
    invalid("int4-operator", graph(narrow, floats[:1], floats[1:]))
