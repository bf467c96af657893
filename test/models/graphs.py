"""Small graphs, each made for one property of a model."""

import numpy as np
from onnx import TensorProto, helper

from folder import filled, graph, reference, save

FLOAT, INT64, STRING = TensorProto.FLOAT, TensorProto.INT64, TensorProto.STRING
node = helper.make_node

# Element type, NumPy type and three rows of two elements that a wrong conversion would change.
IDENTITIES = {
    "bool": (TensorProto.BOOL, np.bool_, [True, False, False, True, True, True]),
    "uint8": (TensorProto.UINT8, np.uint8, [0, 1, 127, 128, 254, 255]),
    "uint16": (TensorProto.UINT16, np.uint16, [0, 1, 255, 256, 32768, 65535]),
    "uint32": (TensorProto.UINT32, np.uint32, [0, 1, 65536, 2**31, 2**32 - 2, 2**32 - 1]),
    "uint64": (TensorProto.UINT64, np.uint64, [0, 1, 2**53 + 1, 2**63, 2**64 - 2, 2**64 - 1]),
    "int8": (TensorProto.INT8, np.int8, [0, 1, -1, -128, 126, 127]),
    "int16": (TensorProto.INT16, np.int16, [0, 1, -1, -(2**15), 256, 2**15 - 1]),
    "int32": (TensorProto.INT32, np.int32, [0, 1, -1, -(2**31), 65536, 2**31 - 1]),
    "int64": (TensorProto.INT64, np.int64, [0, -1, 2**53 + 1, -(2**63), 2**63 - 2, 2**63 - 1]),
    "fp16": (TensorProto.FLOAT16, np.float16, [0, 1, -1.5, 65504, 6e-8, 0.1]),
    "fp32": (TensorProto.FLOAT, np.float32, [0, 1, -1.5, 3.4028234e38, 1e-45, 0.1]),
    "fp64": (TensorProto.DOUBLE, np.float64, [0, 1, -1.5, 1.7976931348623157e308, 5e-324, 0.1]),
    "string": (TensorProto.STRING, object, ["", "a", "Zürich", "日本", "🏠", 'quote " and\nline']),
}


def make():
    for name, (element, dtype, values) in IDENTITIES.items():
        model = graph([node("Identity", ["x"], ["y"])], [("x", element, ["rows", 2])], [("y", element, ["rows", 2])])
        save(f"identity-{name}", model, golden=reference(model, {"x": np.array(values, dtype=dtype).reshape(3, 2)}))
    shapes()
    constant_shape()
    row_mixing()
    text()
    at_run_time()
    empty_dimension()
    slow()
    large()
    for version in ("1", "2"):
        two_versions(version)


def shapes():
    several = graph(
        [
            node("ReduceSum", ["sides", "axis"], ["total"], keepdims=0),
            node("Cast", ["count"], ["times"], to=FLOAT),
            node("Mul", ["sides", "times"], ["scaled"]),
            node("Add", ["count", "one"], ["next"]),
        ],
        [("sides", FLOAT, ["rows", 2]), ("count", INT64, ["rows", 1])],
        [("total", FLOAT, ["rows"]), ("scaled", FLOAT, ["rows", 2]), ("next", INT64, ["rows", 1])],
        {"axis": np.array([1], np.int64), "one": np.array([1], np.int64)},
    )
    inputs = {"sides": np.array([[1, 2], [3, 4.5]], np.float32), "count": np.array([[2], [2**53 + 1]], np.int64)}
    save("several", several, golden=reference(several, inputs))

    scalars = graph(
        [node("Mul", ["x", "factor"], ["y"]), node("ReduceSum", ["y"], ["sum"], keepdims=0)],
        [("x", FLOAT, ["rows"]), ("factor", FLOAT, [])],
        [("y", FLOAT, ["rows"]), ("sum", FLOAT, [])],
    )
    inputs = {"x": np.array([1, 2, 3.5], np.float32), "factor": np.array(2, np.float32)}
    save("scalars", scalars, golden=reference(scalars, inputs))

    for name, rows in (("fixed-one", 1), ("fixed-batch", 4)):
        fixed = graph(
            [node("ReduceSum", ["x", "axis"], ["y"], keepdims=0)],
            [("x", FLOAT, [rows, 3])],
            [("y", FLOAT, [rows])],
            {"axis": np.array([1], np.int64)},
        )
        save(name, fixed, golden=reference(fixed, {"x": filled([rows, 3], 37)}))

    inner = graph(
        [node("ReduceSum", ["x", "axes"], ["y"], keepdims=0)],
        [("x", FLOAT, ["rows", "length", 2])],
        [("y", FLOAT, ["rows", 2])],
        {"axes": np.array([1], np.int64)},
    )
    save("dynamic-inner", inner, {"task": "tensor"}, reference(inner, {"x": filled([3, 5, 2], 37)}))

    image = graph(
        [node("ReduceMean", ["image", "axes"], ["means"], keepdims=0)],
        [("image", FLOAT, ["rows", 3, 224, 224])],
        [("means", FLOAT, ["rows", 3])],
        {"axes": np.array([2, 3], np.int64)},
    )
    golden = reference(image, {"image": filled([2, 3, 224, 224], 37, 11)}, {"image": {"factor": 37, "offset": 11}})
    save("image", image, {"task": "tensor"}, golden)


def constant_shape():
    """An exporter that saw one row wrote its shape down: of more rows the Reshape fails."""
    model = graph(
        [node("Reshape", ["x", "shape"], ["y"])],
        [("x", FLOAT, ["rows", 4])],
        [("y", FLOAT, [1, 2, 2])],
        {"shape": np.array([1, 2, 2], np.int64)},
    )
    save("constant-shape", model, {"task": "tensor"}, reference(model, {"x": filled([1, 4], 37)}))


def row_mixing():
    """Standardises by the mean and deviation of the batch it is given: a house alone always costs the average."""
    model = graph(
        [
            node("ReduceMean", ["x", "axis"], ["mean"]),
            node("Sub", ["x", "mean"], ["centred"]),
            node("Mul", ["centred", "centred"], ["squares"]),
            node("ReduceMean", ["squares", "axis"], ["variance"]),
            node("Add", ["variance", "epsilon"], ["positive"]),
            node("Sqrt", ["positive"], ["deviation"]),
            node("Div", ["centred", "deviation"], ["scaled"]),
            node("MatMul", ["scaled", "weights"], ["weighted"]),
            node("Add", ["weighted", "average"], ["price"]),
        ],
        [("x", FLOAT, ["rows", 2])],
        [("price", FLOAT, ["rows", 1])],
        {
            "axis": np.array([0], np.int64),
            "epsilon": np.array([1e-6], np.float32),
            "weights": np.array([[6], [-1]], np.float32),
            "average": np.array([20.35], np.float32),
        },
    )
    manifest = {
        "title": "Prices standardised over the request's own rows",
        "task": "regression",
        "features": [{"name": "rooms", "example": 6.5}, {"name": "tax", "example": 296}],
        "examples": [{"rooms": 6.5, "tax": 296}],
    }
    rows = np.array([[6.5, 296], [4.5, 200], [6.25, 250]], np.float32)
    save("row-mixing", model, manifest, reference(model, {"x": rows}))


def text():
    """A label for a word, and its number; unknown words have their own."""
    names, numbers = ["red", "green", "blue"], [1, 2, 3]
    model = graph(
        [
            node("LabelEncoder", ["word"], ["number"], domain="ai.onnx.ml",
                 keys_strings=names, values_int64s=numbers, default_int64=-1),
            node("LabelEncoder", ["number"], ["label"], domain="ai.onnx.ml",
                 keys_int64s=numbers, values_strings=[name.upper() for name in names], default_string="?"),
        ],
        [("word", STRING, ["rows"])],
        [("label", STRING, ["rows"]), ("number", INT64, ["rows"])],
        domains=[("ai.onnx.ml", 4)],
    )
    manifest = {
        "features": [{"name": "word", "seenCategories": names, "example": "green"}],
        "outputs": {"prediction": "label"},
    }
    save("text", model, manifest, reference(model, {"word": np.array(["blue", "red", "mauve"], object)}))


def at_run_time():
    """Outputs that are not finite, and a run that fails: both for certain values only."""
    log = graph(
        [node("Log", ["x"], ["log"]), node("Reciprocal", ["x"], ["reciprocal"])],
        [("x", FLOAT, ["rows", 1])],
        [("log", FLOAT, ["rows", 1]), ("reciprocal", FLOAT, ["rows", 1])],
    )
    manifest = {"features": [{"name": "x", "example": 2}], "outputs": {"prediction": "log"}}
    save("not-finite", log, manifest, reference(log, {"x": np.array([[1], [0], [-1], [4]], np.float32)}))

    gather = graph(
        [node("Gather", ["table", "index"], ["value"])],
        [("index", INT64, ["rows"])],
        [("value", FLOAT, ["rows"])],
        {"table": np.array([10, 20, 30, 40, 50], np.float32)},
    )
    manifest = {"features": [{"name": "index", "example": 1}], "examples": [{"index": n} for n in range(5)]}
    save("fails-on-value", gather, manifest, reference(gather, {"index": np.array([4, 0, -1], np.int64)}))


def empty_dimension():
    """Operators whose kernels in ONNX Runtime abort (LSTM, GRU) or divide by zero (TopK, DFT) where a dimension is 0."""
    for name, gates in (("lstm", 4), ("gru", 3)):
        weights = {"W": filled([1, gates * 2, 4], 37), "R": filled([1, gates * 2, 2], 41)}
        recurrent = graph(
            [node(name.upper(), ["x", "W", "R"], ["y"], hidden_size=2)],
            [("x", FLOAT, ["steps", "rows", 4])],
            [("y", FLOAT, ["steps", 1, "rows", 2])],
            weights,
        )
        save(name, recurrent, golden=reference(recurrent, {"x": filled([3, 2, 4], 53)}))

    topk = graph(
        [node("TopK", ["x", "k"], ["values", "indices"])],
        [("x", FLOAT, ["rows", 3, "height", "width"])],
        [("values", FLOAT, ["rows", 3, "height", 1]), ("indices", INT64, ["rows", 3, "height", 1])],
        {"k": np.array([1], np.int64)},
    )
    save("topk", topk, golden=reference(topk, {"x": filled([2, 3, 2, 2], 37)}))

    dft = graph(
        [node("DFT", ["x"], ["y"])],
        [("x", FLOAT, ["rows", "length", 1])],
        [("y", FLOAT, ["rows", "length", 2])],
    )
    save("dft", dft, golden=reference(dft, {"x": filled([2, 8, 1], 37)}))


TURNS_PER_MILLISECOND = 120


def slow():
    """Multiplies matrices for about as many milliseconds as the largest of its rows says (on one core of a current server)."""
    body = helper.make_graph(
        [
            node("MatMul", ["matrix", "identity"], ["product"]),
            node("Identity", ["going"], ["go_on"]),
        ],
        "turn",
        [
            helper.make_tensor_value_info("turn", INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("matrix", FLOAT, [64, 64]),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("product", FLOAT, [64, 64]),
        ],
    )
    model = graph(
        [
            node("ConstantOfShape", ["size"], ["ones"], value=helper.make_tensor("one", FLOAT, [1], [1.0])),
            node("EyeLike", ["ones"], ["identity"]),
            node("ReduceMax", ["milliseconds"], ["longest"], keepdims=0),
            node("Mul", ["longest", "turns_per_millisecond"], ["turns"]),
            node("Loop", ["turns", "yes", "ones"], ["worked"], body=body),
            # Every element is still 1: the result depends on the work, but not on its amount.
            node("ReduceMax", ["worked"], ["one"], keepdims=0),
            node("Cast", ["one"], ["factor"], to=INT64),
            node("Mul", ["milliseconds", "factor"], ["worked_for"]),
        ],
        [("milliseconds", INT64, ["rows", 1])],
        [("worked_for", INT64, ["rows", 1])],
        {
            "size": np.array([64, 64], np.int64),
            "turns_per_millisecond": np.array(TURNS_PER_MILLISECOND, np.int64),
            "yes": np.array(True),
        },
    )
    manifest = {
        "title": "As slow as it is told to be",
        "task": "regression",
        "features": [{"name": "milliseconds", "unit": "ms", "range": [0, 10000], "example": 20}],
        "batching": {"enabled": False},
    }
    save("slow", model, manifest, reference(model, {"milliseconds": np.array([[3], [0]], np.int64)}))


LARGE_ROWS, LARGE_COLUMNS = 1024, 1280


def large():
    """A table of 5 MiB in a file beside the graph, which `largeModel` in large.ts makes: element i is (i * 7919 mod 65536) / 65536."""
    i = np.arange(LARGE_ROWS * LARGE_COLUMNS, dtype=np.int64)
    table = ((i * 7919 % 65536) / 65536).astype(np.float32).reshape(LARGE_ROWS, LARGE_COLUMNS)

    def with_table(constants):
        return graph(
            [
                node("Gather", ["table", "row"], ["picked"]),
                node("ReduceMean", ["picked", "axis"], ["mean"], keepdims=0),
            ],
            [("row", INT64, ["rows"])],
            [("mean", FLOAT, ["rows"])],
            {"axis": np.array([1], np.int64), **constants},
        )

    golden = reference(with_table({"table": table}), {"row": np.array([0, 1, 1023], np.int64)})
    model = with_table({})
    model.graph.initializer.append(external(table, "weights.bin"))
    manifest = {"features": [{"name": "row", "range": [0, LARGE_ROWS - 1], "example": 1}]}
    save("large", model, manifest, golden)


def external(table, location):
    made = TensorProto(name="table", data_type=FLOAT, dims=table.shape, data_location=TensorProto.EXTERNAL)
    made.external_data.add(key="location", value=location)
    made.external_data.add(key="length", value=str(table.nbytes))
    return made


def two_versions(version):
    model = graph(
        [node("Add", ["x", "version"], ["y"])],
        [("x", FLOAT, ["rows", 1])],
        [("y", FLOAT, ["rows", 1])],
        {"version": np.array([float(version)], np.float32)},
    )
    golden = reference(model, {"x": np.array([[1], [2.5]], np.float32)})
    manifest = {"title": "Adds its own version number", "versions": "all", "features": [{"name": "x", "example": 1}]}
    save("two-versions", model, manifest, golden, version)
