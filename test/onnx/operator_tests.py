"""Single operators that the standard's suite lacks and exporters write: tables, text, and the runtime's own."""

from dataclasses import dataclass, field

import numpy as np
from onnx import TensorProto, helper

ML = "ai.onnx.ml"
MS = "com.microsoft"
# The runtime has each of them in one of these.
OPSET, ATTENTION_OPSET = 21, 23

random = np.random.default_rng(0)


@dataclass(frozen=True)
class OperatorTest:
    """A graph of one node, as a BackendTest has one; the runtime says what its outputs are."""

    operator: str
    domain: str
    arrays: dict
    outputs: int = 1
    attributes: dict = field(default_factory=dict)
    variant: str = ""

    @property
    def name(self):
        return "_".join(part for part in ("op", self.domain.split(".")[-1], self.operator, self.variant) if part)

    @property
    def model(self):
        outputs = [f"Y{at}" for at in range(self.outputs)]
        inputs = [name.strip() for name in self.arrays]  # an input that is left out has no name
        node = helper.make_node(self.operator, inputs, outputs, domain=self.domain, **self.attributes)
        inputs = [
            helper.make_tensor_value_info(name, element_type(array), array.shape)
            for name, array in self.given().items()
        ]
        graph = helper.make_graph([node], "graph", inputs, [helper.make_empty_tensor_value_info(name) for name in outputs])
        opset = ATTENTION_OPSET if self.operator == "Attention" and not self.domain else OPSET
        opsets = [helper.make_opsetid(*pair) for pair in (("", opset), (ML, 3), (MS, 1))]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    @property
    def inputs(self):
        return list(self.model.graph.input)

    def given(self):
        return {name: array for name, array in self.arrays.items() if array is not None}

    def answers(self):
        return {}

    def operators(self):
        return [f"{self.domain}.{self.operator}" if self.domain else self.operator]


def element_type(array):
    return TensorProto.STRING if array.dtype.kind in "UO" else helper.np_dtype_to_tensor_dtype(array.dtype)


def floats(*shape):
    return random.random(shape, np.float32)


def ints(*shape, below=3, dtype=np.int64):
    return random.integers(0, below, shape).astype(dtype)


def bytes_(*shape):
    return ints(*shape, below=255, dtype=np.uint8)


def scalar(value, dtype=np.float32):
    return np.array(value, dtype)


def ml(operator, arrays, outputs=1, variant="", **attributes):
    return OperatorTest(operator, ML, arrays, outputs, attributes, variant)


def ms(operator, arrays, outputs=1, variant="", **attributes):
    return OperatorTest(operator, MS, arrays, outputs, attributes, variant)


TREE = {
    "nodes_treeids": [0, 0, 0],
    "nodes_nodeids": [0, 1, 2],
    "nodes_featureids": [1, 0, 0],
    "nodes_values": [0.5, 0.0, 0.0],
    "nodes_modes": ["BRANCH_LEQ", "LEAF", "LEAF"],
    "nodes_truenodeids": [1, 0, 0],
    "nodes_falsenodeids": [2, 0, 0],
}
VECTORS = [float(x) for x in random.random(12)]
TABLE = {"X": floats(3, 4)}


def tables():
    """What scikit-learn, XGBoost and LightGBM are exported to."""
    yield ml("CategoryMapper", {"X": np.array([["a", "b"]], object)}, cats_strings=["a", "b"], cats_int64s=[1, 2])
    yield ml("FeatureVectorizer", {"A": floats(3, 2), "B": floats(3, 1)}, inputdimensions=[2, 1])
    yield ml("Imputer", TABLE, imputed_value_floats=[0.5], replaced_value_float=float("nan"))
    yield ml("LinearClassifier", TABLE, 2, coefficients=[0.1] * 8, intercepts=[0.1, 0.2], classlabels_ints=[0, 1])
    yield ml("LinearRegressor", TABLE, coefficients=[0.1] * 4, intercepts=[0.5])
    for norm in ("MAX", "L1", "L2"):
        yield ml("Normalizer", TABLE, variant=norm.lower(), norm=norm)
    yield ml("OneHotEncoder", {"X": ints(3, 1)}, cats_int64s=[0, 1, 2])
    yield ml("OneHotEncoder", {"X": np.array([["a"], ["b"]], object)}, variant="strings", cats_strings=["a", "b"])
    yield ml("Scaler", TABLE, offset=[0.1] * 4, scale=[2.0] * 4)
    svm = {"kernel_type": "RBF", "kernel_params": [0.5, 0.0, 3.0], "support_vectors": VECTORS}
    yield ml("SVMRegressor", TABLE, coefficients=[0.1, 0.2, 0.3], rho=[0.1], n_supports=3, **svm)
    yield ml(
        "SVMClassifier", TABLE, 2, coefficients=[0.1, 0.2, 0.3], rho=[0.1], vectors_per_class=[2, 1], classlabels_ints=[0, 1], **svm
    )
    leaves = {"ids": [0, 0], "treeids": [0, 0], "nodeids": [1, 2], "weights": [1.0, 2.0]}
    yield ml("TreeEnsembleRegressor", TABLE, n_targets=1, **TREE, **{f"target_{k}": v for k, v in leaves.items()})
    yield ml(
        "TreeEnsembleClassifier", TABLE, 2, classlabels_int64s=[0, 1], **TREE, **{f"class_{k}": v for k, v in {**leaves, "ids": [0, 1]}.items()}
    )
    yield ms("CDist", {"A": floats(3, 4), "B": floats(2, 4)}, metric="sqeuclidean")
    yield ms("CDist", {"A": floats(3, 4), "B": floats(2, 4)}, variant="euclidean", metric="euclidean")
    text = np.array([["one two", "three"]], object)
    yield ms("Tokenizer", {"X": text}, mark=0, pad_value="#", mincharnum=1, separators=[" "])
    yield ms("MurmurHash3", {"X": ints(3, 4, dtype=np.int32)})
    yield OperatorTest("Multinomial", "", {"X": floats(3, 4)}, 1, {"sample_size": 5})
    yield OperatorTest("RandomNormalLike", "", {"X": floats(3, 4)})
    yield OperatorTest("GlobalLpPool", "", {"X": floats(1, 2, 3, 3)})
    yield OperatorTest("MaxRoiPool", "", {"X": floats(1, 2, 6, 6), "R": np.array([[0, 0, 0, 3, 3]], np.float32)}, 1, {"pooled_shape": [2, 2]})


def fused():
    """What the runtime's own optimizers and exporters write."""
    hidden, normed = {"X": floats(2, 3, 8)}, {"G": floats(8), "B": floats(8)}
    yield ms("Attention", {**hidden, "W": floats(8, 24), "B": floats(24)}, num_heads=2)
    yield ms("Attention", {**hidden, "W": floats(8, 24), "B": floats(24), "M": ints(2, 3, below=2, dtype=np.int32)}, variant="mask", num_heads=2)
    yield ms("MultiHeadAttention", {"Q": floats(2, 3, 8), "K": floats(2, 4, 8), "V": floats(2, 4, 8)}, num_heads=2)
    yield ms("BiasGelu", {**hidden, "B": floats(8)})
    yield ms("FastGelu", {**hidden, "B": floats(8)})
    yield ms("Gelu", hidden)
    yield ms("QuickGelu", hidden)
    yield ms("SkipLayerNormalization", {**hidden, "S": floats(2, 3, 8), **normed})
    yield ms("SkipSimplifiedLayerNormalization", {**hidden, "S": floats(2, 3, 8), "G": floats(8)})
    ids = {"I": ints(2, 3, dtype=np.int32), "S": ints(2, 3, below=2, dtype=np.int32)}
    tables_ = {"W": floats(5, 8), "P": floats(4, 8), "T": floats(2, 8), **normed}
    yield ms("EmbedLayerNormalization", {**ids, **tables_, "M": np.ones((2, 3), np.int32)}, 2)
    yield ms("RotaryEmbedding", {"X": floats(2, 3, 8), "I": np.tile(np.arange(3), (2, 1)), "C": floats(6, 2), "S": floats(6, 2)}, num_heads=2)
    past = {"PK": floats(2, 1, 2, 8), "PV": floats(2, 1, 2, 8)}
    lengths = {"L": np.full(2, 2, np.int32), "T": np.array(3, np.int32)}
    yield ms(
        "GroupQueryAttention", {"Q": floats(2, 1, 16), "K": floats(2, 1, 8), "V": floats(2, 1, 8), **past, **lengths}, 3, num_heads=2, kv_num_heads=1
    )
    yield ms("FusedMatMul", {"A": floats(2, 3), "B": floats(3, 4)}, alpha=2.0)
    yield ms("TransposeMatMul", {"A": floats(2, 3), "B": floats(3, 4)})
    yield ms("FusedGemm", {"A": floats(2, 3), "B": floats(3, 4), "C": floats(4)}, activation="Relu")
    yield ms("FusedConv", {"X": floats(1, 2, 5, 5), "W": floats(3, 2, 3, 3)}, activation="Relu")
    yield ms("MatMulNBits", {"A": floats(2, 16), "B": bytes_(4, 1, 8), "S": floats(4)}, K=16, N=4, bits=4, block_size=16)
    zero = np.array(128, np.uint8)
    one = scalar(0.1)
    yield ms("DynamicQuantizeMatMul", {"A": floats(2, 3), "B": bytes_(3, 4), "S": one, "Z": zero})
    yield ms("MatMulIntegerToFloat", {"A": bytes_(2, 3), "B": bytes_(3, 4), "SA": one, "SB": one, "ZA": zero, "ZB": zero})
    yield ms("MatMulInteger16", {"A": ints(2, 3, dtype=np.int16), "B": ints(3, 4, dtype=np.int16)})
    yield ms("QAttention", {"X": bytes_(2, 3, 8), "W": bytes_(8, 24), "B": floats(24), "SX": one, "SW": one, "": None, "ZX": zero, "ZW": zero}, num_heads=2)
    yield ms("QGemm", {"A": bytes_(2, 3), "SA": one, "ZA": zero, "B": bytes_(3, 4), "SB": one, "ZB": zero})
    quantized = {"SX": one, "ZX": zero}
    for operator in ("QLinearAdd", "QLinearMul"):
        yield ms(operator, {"A": bytes_(2, 3), "SA": one, "ZA": zero, "B": bytes_(2, 3), "SB": one, "ZB": zero, "SC": one, "ZC": zero})
    for operator in ("QLinearSigmoid", "QLinearLeakyRelu"):
        yield ms(operator, {"X": bytes_(2, 3), **quantized, "SY": one, "ZY": zero})
    yield ms("QLinearSoftmax", {"X": bytes_(2, 3), **quantized, "SY": scalar(1 / 256), "ZY": np.array(0, np.uint8)}, opset=13, axis=-1)
    yield ms("QLinearAveragePool", {"X": bytes_(1, 2, 4, 4), **quantized, "SY": one, "ZY": zero}, kernel_shape=[2, 2])
    yield ms("QLinearGlobalAveragePool", {"X": bytes_(1, 2, 4, 4), **quantized, "SY": one, "ZY": zero}, channels_last=0)
    yield ms("QLinearConcat", {"SY": one, "ZY": zero, "A": bytes_(2, 3), "SA": one, "ZA": zero, "B": bytes_(2, 3), "SB": one, "ZB": zero}, axis=0)
    yield ms("QLinearWhere", {"C": ints(2, 3, below=2).astype(bool), "A": bytes_(2, 3), "SA": one, "ZA": zero, "B": bytes_(2, 3), "SB": one, "ZB": zero, "SY": one, "ZY": zero})
    yield ms("QuantizeLinear", {"X": floats(2, 3), "S": one, "Z": zero})
    yield ms("DequantizeLinear", {"X": bytes_(2, 3), "S": one, "Z": zero})
    state = {"IH": floats(1, 2, 3), "IC": floats(1, 2, 3)}
    weights = {"W": bytes_(1, 4, 12), "R": bytes_(1, 3, 12)}
    scales = {"WS": floats(1), "WZ": bytes_(1), "RS": floats(1), "RZ": bytes_(1)}
    yield ms("DynamicQuantizeLSTM", {"X": floats(5, 2, 4), **weights, "B": floats(1, 24), "L": np.full(2, 5, np.int32), **state, "P": floats(1, 9), **scales}, 3, hidden_size=3)
    yield ms("Inverse", {"X": floats(2, 3, 3)})
    yield ms("Unique", {"X": floats(5)}, 3)
    yield ms("Trilu", {"X": floats(3, 4)})
    yield ms("GridSample", {"X": floats(1, 1, 4, 4), "G": floats(1, 2, 2, 2)})
    yield ms("ExpandDims", {"X": floats(3, 4), "A": np.array(0, np.int32)})
    yield ms("CropAndResize", {"X": floats(1, 2, 6, 6), "R": np.array([[0.1, 0.1, 0.5, 0.5]], np.float32), "I": ints(1, below=1, dtype=np.int32), "S": np.array([2, 2], np.int32)})
    yield ms("NGramRepeatBlock", {"I": ints(2, 5), "S": floats(2, 6)}, ngram_size=2)
    yield ms("BifurcationDetector", {"S": ints(5), "C": ints(4), "F": np.array(0, np.int64), "P": ints(6)}, 2, min_ngram_size=1, max_ngram_size=3)
    yield ms("WordConvEmbedding", {"S": ints(2, 4, below=5, dtype=np.int32), "W": floats(3, 1, 2, 6), "B": floats(3), "C": floats(5, 6)}, embedding_size=3, conv_window_size=2, char_embedding_size=6)
    yield ms("UnfoldTensor", {"X": floats(2, 6)}, dim=1, size=2, step=2)
    yield ms("DynamicTimeWarping", {"X": floats(1, 3, 4)})
    yield ms("MoE", {"X": floats(3, 8), "P": floats(3, 2), "W1": floats(2, 16, 8), "": None, "W2": floats(2, 8, 16)}, k=1)
    yield OperatorTest("SimplifiedLayerNormalization", "", {**hidden, "G": floats(8)}, 1, {"axis": -1})


def onnx(operator, arrays, outputs=1, variant="", **attributes):
    return OperatorTest(operator, "", arrays, outputs, attributes, variant)


def variants():
    """Operators of the suite in ranks, sizes and with attributes that it leaves out; no two dimensions are alike."""
    picture = {"X": floats(2, 3, 5, 7)}
    for axis in (0, 1, 3):
        for count in (1, 2):
            yield onnx("TopK", {**picture, "K": np.array([count])}, 2, f"{count}_axis{axis}", axis=axis)
        yield onnx("TopK", {**picture, "K": np.array([2])}, 2, f"unsorted_axis{axis}", axis=axis, sorted=0)
        yield onnx("Unique", picture, 4, f"axis{axis}", axis=axis)
    for operator, gates in (("LSTM", 4), ("GRU", 3), ("RNN", 1)):
        hidden, directions = 6, 2
        arrays = {
            "X": floats(4, 5, 3),
            "W": floats(directions, gates * hidden, 3),
            "R": floats(directions, gates * hidden, hidden),
            "B": floats(directions, 2 * gates * hidden),
            "L": np.array([4, 2, 4, 1, 3], np.int32),
            "H": floats(directions, 5, hidden),
        }
        yield onnx(operator, arrays, 2, "bidirectional", hidden_size=hidden, direction="bidirectional")
        plain = {name: arrays[name][:1] if name != "X" else arrays[name] for name in "XWR"}
        yield onnx(operator, plain, 2, "plain", hidden_size=hidden)
    yield onnx("ConvTranspose", {**picture, "W": floats(3, 4, 2, 2)}, variant="2d", strides=[2, 2])
    yield onnx("ConvTranspose", {**picture, "W": floats(3, 4, 2, 2), "B": floats(4)}, variant="bias")
    yield onnx("Conv", {**picture, "W": floats(4, 3, 2, 2), "B": floats(4)}, variant="bias")
    yield onnx("Conv", {"X": floats(2, 4, 5, 7), "W": floats(4, 1, 2, 2)}, variant="depthwise", group=4)
    yield onnx("Conv", {"X": floats(2, 3, 5), "W": floats(4, 3, 2)}, variant="1d")
    for operator in ("MaxPool", "AveragePool", "LpPool"):
        yield onnx(operator, picture, variant="2d", kernel_shape=[2, 2])
    yield onnx("InstanceNormalization", {**picture, "S": floats(3), "B": floats(3)}, variant="4d")
    yield onnx("BatchNormalization", {**picture, "S": floats(3), "B": floats(3), "M": floats(3), "V": floats(3)}, variant="4d")
    yield onnx("LayerNormalization", {**picture, "S": floats(7), "B": floats(7)}, variant="4d")
    yield onnx("LRN", picture, variant="4d", size=3)
    for axis in (0, 2, 3):
        for operator in ("Softmax", "LogSoftmax", "Hardmax", "ArgMax", "LpNormalization"):
            yield onnx(operator, picture, variant=f"axis{axis}", axis=axis)
        for operator in ("ReduceMax", "ReduceMean", "ReduceSum", "ReduceLogSumExp"):
            yield onnx(operator, {**picture, "A": np.array([axis])}, variant=f"axis{axis}")
        yield onnx("CumSum", {**picture, "A": np.array(axis)}, variant=f"axis{axis}")
    yield onnx("DFT", {"X": floats(2, 5, 7, 1), "": None, "A": np.array(1)}, variant="2d")
    yield onnx("STFT", {"X": floats(2, 12, 1), "T": np.array(3), "": None, "N": np.array(4)}, variant="length")
    for mode in ("nearest", "linear", "cubic"):
        yield onnx("Resize", {**picture, "": None, " ": None, "Z": np.array([2, 3, 9, 11])}, variant=mode, mode=mode)
    yield onnx("GridSample", {**picture, "G": floats(2, 4, 6, 2)}, variant="4d")
    yield onnx("RoiAlign", {**picture, "R": floats(4, 4), "I": ints(4, below=2)}, output_height=2, output_width=2)
    yield onnx("Pad", {**picture, "P": np.array([0, 0, 1, 1, 0, 0, 1, 1])}, variant="reflect", mode="reflect")
    yield onnx("DepthToSpace", {"X": floats(2, 4, 5, 7)}, variant="crd", blocksize=2, mode="CRD")
    yield onnx("Einsum", {"A": floats(2, 3, 5), "B": floats(2, 5, 7)}, variant="batched", equation="bij,bjk->bik")
    yield onnx("MatMul", {"A": floats(2, 3, 5), "B": floats(5, 7)}, variant="3d")
    yield onnx("Gemm", {"A": floats(2, 3), "B": floats(3, 5), "C": floats(5)}, variant="bias")
    yield onnx("MatMulInteger", {"A": bytes_(2, 3), "B": bytes_(3, 5)}, variant="2d")
    one, zero = scalar(0.1), np.array(128, np.uint8)
    conv = {"X": bytes_(2, 3, 5, 7), "SX": one, "ZX": zero, "W": bytes_(4, 3, 2, 2), "SW": one, "ZW": zero, "SY": one, "ZY": zero}
    yield onnx("QLinearConv", conv, variant="2d")
    yield onnx("ConvInteger", {"X": bytes_(2, 3, 5, 7), "W": bytes_(4, 3, 2, 2)}, variant="2d")
    yield onnx("DynamicQuantizeLinear", {"X": floats(2, 3)}, 3, "2d")
    yield onnx("NonMaxSuppression", {"B": floats(2, 5, 4), "S": floats(2, 3, 5), "M": np.array([2])}, variant="max")
    yield onnx("Attention", {"Q": floats(2, 3, 5, 8), "K": floats(2, 3, 7, 8), "V": floats(2, 3, 7, 4)}, variant="4d")
    yield onnx("Attention", {"Q": floats(2, 5, 24), "K": floats(2, 7, 24), "V": floats(2, 7, 12)}, variant="3d", q_num_heads=3, kv_num_heads=3)


def operator_tests():
    return [*tables(), *fused(), *variants()]


if __name__ == "__main__":
    for test in operator_tests():
        print(test.name, *test.operators())
