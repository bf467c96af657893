"""
Writes what a test is asked and what ONNX Runtime answers, in a process of its own: some kernels end it, or never end.

Reads a line for each test, {"name": …, "skip": [[form, case], …]}, and writes a line before whatever could be its last
act, and one when the test is done.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from onnx import TensorProto

from backend_tests import backend_tests, is_tensor
from forms import AS_IS, batched_inputs, forms_of
from operator_tests import operator_tests
from other_inputs import candidates
from tensors import bytes_of, can_travel, datatype_of


def main(folder):
    onnxruntime.set_default_logger_severity(4)
    tests = {test.name: test for test in [*backend_tests(), *operator_tests()]}
    for line in sys.stdin:
        order = json.loads(line)
        Making(tests[order["name"]], Path(folder), [tuple(pair) for pair in order["skip"]]).make()
        tell(done=order["name"])


def tell(**what):
    print(json.dumps(what), flush=True)


class Making:
    """One test on its way into the folder: `<form>.onnx`, `test.json`, and `tensors.bin`, where its tensors lie."""

    def __init__(self, test, folder, skip):
        self.test = test
        self.folder = folder / test.name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.skip = skip
        self.tensors = {}
        self.length = 0

    def make(self):
        given = self.test.given()
        with (self.folder / "tensors.bin").open("wb") as self.file:
            forms = {form: self.form(form, models, given) for form, models in forms_of(self.test).items()}
        made = {
            "name": self.test.name,
            "operators": self.test.operators(),
            "inputs": [described(value) for value in self.test.inputs],
            "outputs": [described(value) for value in self.test.model.graph.output],
            "forms": forms,
        }
        (self.folder / "test.json").write_text(json.dumps(made))

    def form(self, form, models, given):
        path = self.folder / f"{form.replace(' ', '-')}.onnx"
        for attempt, model in enumerate(models):
            path.write_bytes(model.SerializeToString())
            session = self.open(path, form, attempt)
            if not isinstance(session, str):
                break
        else:
            return {"file": path.name, "refused": session, "cases": []}
        travels = given is not None and all(map(can_travel, given.values()))
        cases = list(self.cases(form, session, given)) if travels else []
        return {"file": path.name, "random": any(case.pop("differs", False) for case in cases), "cases": cases}

    def open(self, path, form, attempt):
        """The session, or why there is none."""
        if (form, f"load {attempt}") in self.skip:
            return "the process ended"
        tell(form=form, case=f"load {attempt}")
        try:
            return open_session(path)
        except Exception as error:
            return str(error)

    def cases(self, form, session, given):
        """The test's own inputs, each kind of other ones that runs, and the first that the runtime refuses."""
        batched = batched_inputs(form, self.test)
        others = candidates(given, batched, form != AS_IS, np.random.default_rng(0))
        seen, refused = set(), False
        for at, (case, inputs) in enumerate([("its own", given), *others]):
            if case in seen or (at > 0 and same(inputs, given)) or (form, at) in self.skip:
                continue
            tell(form=form, case=at)
            outputs = self.run(session, inputs)
            if isinstance(outputs, str):
                if case == "its own":
                    yield self.unanswered(inputs, outputs)
                elif not refused:
                    refused = True
                    yield {"case": "refused", "inputs": self.refs(inputs), "error": outputs}
                continue
            seen.add(case)
            yield {
                "case": case,
                "inputs": self.refs(inputs),
                "outputs": self.refs(outputs),
                "differs": not same(outputs, self.run(session, inputs)),
            }

    def unanswered(self, inputs, error):
        """The runtime cannot answer what the standard asks; whoever can answers as the standard does."""
        answers = self.test.answers()
        known = answers if all(map(can_travel, answers.values())) else {}
        return {"case": "its own", "inputs": self.refs(inputs), "outputs": self.refs(known), "error": error}

    @staticmethod
    def run(session, inputs):
        names = [output.name for output in session.get_outputs() if output.type.startswith("tensor(")]
        try:
            return dict(zip(names, session.run(names, inputs)))
        except Exception as error:
            return str(error)

    def refs(self, arrays):
        return [self.ref(name, array) for name, array in arrays.items() if can_travel(array)]

    def ref(self, name, array):
        """Where a tensor's bytes lie; tensors of the same bytes lie in one place."""
        content = bytes_of(array)
        if content not in self.tensors:
            self.tensors[content] = self.length
            self.length += self.file.write(content)
        place = {"offset": self.tensors[content], "bytes": len(content)}
        return {"name": name, "datatype": datatype_of(array), "shape": list(array.shape), **place}


def open_session(path):
    """One thread and no log, as the server opens it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def same(some, others):
    def alike(one, other):
        return one.shape == other.shape and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")

    return isinstance(others, dict) and all(alike(array, others[name]) for name, array in some.items())


def described(value):
    kind = value.type.WhichOneof("value") or "tensor_type"  # where only the runtime knows
    return {"name": value.name, "kind": kind.removesuffix("_type"), "type": element_type(value)}


def element_type(value):
    return TensorProto.DataType.Name(value.type.tensor_type.elem_type) if is_tensor(value) else None


if __name__ == "__main__":
    main(sys.argv[1])
