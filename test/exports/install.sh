#!/usr/bin/env bash
# Puts the frameworks whose exports are served into test/exports/.venv, and makes the exports with them. Needs Python 3.11
# or later.
set -euo pipefail
cd "$(dirname "$0")"

for python in python3 python3.13 python3.12 python3.11 ''; do
  [ -z "$python" ] && break
  "$python" -c 'import sys, venv; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null && break
done
if [ -z "$python" ]; then
  echo 'The exports need Python 3.11 or later with venv (Debian and Ubuntu: apt install python3-venv).' >&2
  exit 1
fi

if ! cmp -s requirements.txt .venv/installed.txt; then
  "$python" -m venv --clear .venv
  # Wheels alone: nothing is compiled.
  .venv/bin/pip install --quiet --disable-pip-version-check --no-compile --only-binary :all: --requirement requirements.txt
  cp requirements.txt .venv/installed.txt
fi
# What converters warn of is known: that labels are words, or that an opset is not the newest.
PYTHONDONTWRITEBYTECODE=1 .venv/bin/python -W ignore make.py
