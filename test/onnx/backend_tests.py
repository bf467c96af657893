"""The backend tests of the ONNX standard, as the package `onnx` ships them: models, inputs, and the answers it expects."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import onnx
import onnx.backend.test
from onnx import numpy_helper

DATA = Path(onnx.backend.test.__file__).parent / "data"


@dataclass(frozen=True)
class BackendTest:
    """One model of the suite, under the name of its test."""

    name: str
    path: Path

    @cached_property
    def model(self):
        return onnx.load(self.path)

    @cached_property
    def inputs(self):
        """What a caller sends: inputs that have no default among the initializers."""
        defaults = {tensor.name for tensor in self.model.graph.initializer}
        return [value for value in self.model.graph.input if value.name not in defaults]

    def given(self):
        """The inputs of the test by name, or none where the package has no tensors for them."""
        folder = self.path.parent / "test_data_set_0"
        named = _arrays(folder, "input", self.inputs)
        return named if len(named) == len(self.inputs) else self._made()

    def answers(self):
        """What the standard expects of the given inputs, by name; without the outputs that are no tensors."""
        folder = self.path.parent / "test_data_set_0"
        return _arrays(folder, "output", self.model.graph.output)

    def operators(self):
        """The operators at the top of the graph and in the graphs and functions inside it."""
        nodes = [*self.model.graph.node, *(node for function in self.model.functions for node in function.node)]
        return sorted({name for node in nodes for name in _operators(node)})

    def _made(self):
        """The large networks come without tensors: one picture of noise for each."""
        if self.path.parent.name != "light":
            return None
        random = np.random.default_rng(0)
        shapes = {value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim] for value in self.inputs}
        return {name: random.random(shape, np.float32) for name, shape in shapes.items()}


def _arrays(folder, side, values):
    """The tensors of one side of a test, by name; sequences, optionals and absent ones are left out."""
    files = {value.name: folder / f"{side}_{at}.pb" for at, value in enumerate(values) if is_tensor(value)}
    return {name: numpy_helper.to_array(onnx.load_tensor(file)) for name, file in files.items() if file.exists()}


def is_tensor(value):
    return value.type.WhichOneof("value") == "tensor_type"


def _operators(node):
    yield f"{node.domain}.{node.op_type}" if node.domain else node.op_type
    for attribute in node.attribute:
        for graph in (attribute.g, *attribute.graphs):
            for inner in graph.node:
                yield from _operators(inner)


def backend_tests():
    """All of them, by name."""
    folders = {path.parent.name: path for path in DATA.glob("*/*/model.onnx")}
    light = {path.stem: path for path in DATA.glob("light/*.onnx")}
    return [BackendTest(name, path) for name, path in sorted({**folders, **light}.items())]


if __name__ == "__main__":
    for test in backend_tests():
        print(test.name, *test.operators())
