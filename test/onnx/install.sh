#!/usr/bin/env bash
# Puts the ONNX standard's backend tests and ONNX Runtime for Python into test/onnx/.venv. Needs Python 3.11 or later.
set -euo pipefail
cd "$(dirname "$0")"

../python-environment.sh .
