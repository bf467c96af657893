#!/usr/bin/env bash
# Puts the frameworks whose exports are served into test/exports/.venv, and makes the exports with them. Needs Python 3.11
# or later.
set -euo pipefail
cd "$(dirname "$0")"

# Wheels alone: nothing is compiled.
../python-environment.sh . --no-compile --only-binary :all:
# What converters warn of is known: that labels are words, or that an opset is not the newest.
PYTHONDONTWRITEBYTECODE=1 .venv/bin/python -W ignore make.py
