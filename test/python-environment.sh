#!/usr/bin/env bash
# Makes FOLDER/.venv with what FOLDER/requirements.txt names, unless it is there already. Needs Python 3.11 or later.
#
#   test/python-environment.sh FOLDER [OPTION OF PIP]...
set -euo pipefail
cd "$1"
shift

for python in python3 python3.13 python3.12 python3.11 ''; do
  [ -z "$python" ] && break
  "$python" -c 'import sys, venv; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null && break
done
if [ -z "$python" ]; then
  echo 'These tests need Python 3.11 or later with venv (Debian and Ubuntu: apt install python3-venv).' >&2
  exit 1
fi

cmp -s requirements.txt .venv/installed.txt && exit
"$python" -m venv --clear .venv
.venv/bin/pip install --quiet --disable-pip-version-check "$@" --requirement requirements.txt
cp requirements.txt .venv/installed.txt
