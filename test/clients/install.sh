#!/usr/bin/env bash
# Puts the clients that judge the server into test/clients/.venv, each as its registry has it: `clients` (tritonclient,
# kserve, mlflow), `mlserver`, `perf-analyzer`, `schemathesis`, which judges the API's description, `generator`, which makes
# a client from it, and `packaged`, packages with models inside. Needs Python 3.11 or 3.12; without it the clients' tests
# are skipped, or fail where CI is set.
set -euo pipefail
cd "$(dirname "$0")"

for python in python3 python3.12 python3.11 ''; do
  [ -z "$python" ] && break
  "$python" -c 'import sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null && break
done
if [ -z "$python" ]; then
  echo 'The clients are not tried: they need Python 3.11 or 3.12 with venv (Debian and Ubuntu: apt install python3-venv).' >&2
  [ -z "${CI:-}" ]
  exit
fi

uv=.venv/uv/bin/uv
[ -x $uv ] || { "$python" -m venv .venv/uv && .venv/uv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9; }
export UV_PYTHON_DOWNLOADS=never

# environment NAME REQUIREMENTS
environment() {
  [ -x ".venv/$1/bin/python" ] || $uv venv --quiet --python "$python" ".venv/$1"
  $uv pip sync --quiet --python ".venv/$1" "$2"
}
environment clients requirements.txt
environment mlserver requirements-mlserver.txt
environment schemathesis requirements-schemathesis.txt
environment generator requirements-generator.txt
environment packaged requirements-packaged.txt

# What its wheel asks for beside the program is not needed to run it; libb64 is Debian's, in a package of its own.
perf=.venv/perf-analyzer
if [ "$(uname -sm)" = 'Linux x86_64' ] && ! cmp -s requirements-perf-analyzer.txt $perf/installed; then
  rm -rf $perf && mkdir -p $perf
  $uv pip install --quiet --python .venv/clients --no-deps --target $perf --requirement requirements-perf-analyzer.txt
  if ! ldconfig -p | grep -q libb64.so.0d && command -v apt-get >/dev/null; then
    (cd $perf && apt-get -qq download libb64-0d 2>/dev/null && dpkg -x libb64-0d_*.deb libb64) || true
  fi
  cp requirements-perf-analyzer.txt $perf/installed
fi
