"""`mlserver infer`: a file of V2 requests, a line each, sent in batches."""

import json
import os
import subprocess
from urllib.request import urlopen

import pytest
from conftest import HERE, HTTP, golden_records

MLSERVER = HERE / ".venv/mlserver/bin/mlserver"


def infer(folder, model, requests, *options):
    source, target = folder / "requests.jsonl", folder / "responses.jsonl"
    source.write_text("".join(json.dumps(request) + "\n" for request in requests))
    command = [MLSERVER, "infer", "-u", HTTP, "-m", model, "-i", source, "-o", target, "-r", "1", *options]
    run = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={**os.environ, "PYTHONWARNINGS": "ignore"}
    )
    assert run.returncode == 0, run.stderr
    answers = [json.loads(line) for line in target.read_text().splitlines()]
    return sorted(answers, key=lambda answer: answer["parameters"]["batch_index"])


def request(values, name="x", datatype="FP32", **members):
    return {"inputs": [{"name": name, "shape": [1, len(values)], "datatype": datatype, "data": values}], **members}


class TestInfer:
    @pytest.mark.parametrize("options", [(), ("-b",), ("-w", "3", "-s", "2"), ("-s", "5", "-b")], ids=" ".join)
    def test_batches(self, tmp_path, options):
        requests = [request([n, n + 0.5], id=f"order-{n}") for n in range(12)]
        answers = infer(tmp_path, "identity-fp32", requests, *options)
        assert [answer["outputs"][0]["data"] for answer in answers] == [[n, n + 0.5] for n in range(12)]

    def test_text(self, tmp_path):
        answers = infer(tmp_path, "identity-string", [request(["größer", "b"], datatype="BYTES")])
        assert answers[0]["outputs"][0]["data"] == ["größer", "b"]

    def test_a_shipped_model(self, tmp_path):
        golden = golden_records("housing")
        with urlopen(f"http://{HTTP}/v2/models/housing") as answer:
            [described] = json.load(answer)["inputs"]
        requests = [request(list(record.values()), name=described["name"]) for record in golden["records"]]
        answers = infer(tmp_path, "housing", requests, "-s", "3")
        assert [a["outputs"][0]["data"][0] for a in answers] == pytest.approx(golden["prediction"], rel=1e-4)

    def test_errors(self, tmp_path):
        answers = infer(tmp_path, "identity-fp32", [request([1.0, 2.0, 3.0])])
        assert "x" in json.dumps(answers[0]["error"])
