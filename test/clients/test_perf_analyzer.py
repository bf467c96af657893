"""perf_analyzer over HTTP and gRPC: that it reads what it needs of a model, sends, and finds no failed request."""

import csv
import os
import subprocess

import pytest
from conftest import GRPC, HERE, HTTP

FOLDER = HERE / ".venv/perf-analyzer"
PROGRAM = FOLDER / "bin/perf_analyzer"
LIBRARIES = [FOLDER / "nvidia/cuda_runtime/lib", *FOLDER.glob("libb64/usr/lib/*")]
ENVIRONMENT = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, LIBRARIES))}


def runs():
    if not PROGRAM.exists():
        return "perf_analyzer is not here: it is made for Linux on x86-64"
    version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, env=ENVIRONMENT)
    return None if version.returncode == 0 else f"{version.stderr.strip()} (Debian and Ubuntu: apt install libb64-0d)"


PROBLEM = runs()
pytestmark = pytest.mark.skipif(PROBLEM is not None and not os.environ.get("CI"), reason=str(PROBLEM))


def analyze(tmp_path, protocol, model, *options):
    table = tmp_path / "table.csv"
    address = GRPC if protocol == "grpc" else HTTP
    # A number of requests, and not until the figures are stable: that is the machine's matter.
    command = [PROGRAM, "-m", model, "-u", address, "-i", protocol, "-f", table, "--request-count", "200"]
    run = subprocess.run([*map(str, command), *options], capture_output=True, text=True, timeout=90, env=ENVIRONMENT)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "failed" not in run.stderr.lower(), run.stderr
    with open(table) as file:
        [row, *_] = csv.DictReader(file)
    assert float(row["Inferences/Second"]) > 0
    return row


@pytest.mark.parametrize("protocol", ["http", "grpc"])
class TestPerfAnalyzer:
    def test_one_row(self, tmp_path, protocol):
        row = analyze(tmp_path, protocol, "housing")
        # Its own column for the server's share, out of the statistics.
        assert float(row["Server Compute Infer"]) > 0

    def test_a_batch(self, tmp_path, protocol):
        analyze(tmp_path, protocol, "housing", "-b", "8", "--concurrency-range", "4")

    def test_asynchronous(self, tmp_path, protocol):
        analyze(tmp_path, protocol, "several", "-a", "--concurrency-range", "4")

    def test_text(self, tmp_path, protocol):
        analyze(tmp_path, protocol, "identity-string", "--string-length", "12")

    def test_a_dimension_of_any_size(self, tmp_path, protocol):
        analyze(tmp_path, protocol, "dynamic-inner", "--shape", "x:7,2")

    def test_image(self, tmp_path, protocol):
        analyze(tmp_path, protocol, "image")


class TestOneProtocol:
    def test_http_json(self, tmp_path):
        analyze(tmp_path, "http", "several", "--input-tensor-format", "json", "--output-tensor-format", "json")

    def test_grpc_streaming(self, tmp_path):
        analyze(tmp_path, "grpc", "housing", "--streaming", "--concurrency-range", "2")
