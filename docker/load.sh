#!/bin/sh
# Two minutes of predictions over 20 keep-alive connections, 600 a second unless RATE says otherwise.
cd "$(dirname "$0")/.."
exec npx autocannon --connections 20 --overallRate "${RATE:-600}" --duration "${SECONDS_OF_LOAD:-120}" --method POST \
  --headers content-type=application/json \
  --body '{"CHAS":0,"RM":6.575,"TAX":296,"PTRATIO":15.3,"B":396.9,"LSTAT":4.98}' "${URL:-http://localhost:8000}/predict"
