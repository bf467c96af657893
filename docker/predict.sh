#!/bin/sh
# Predicts the price of one house. The request has the form in which pandas writes a DataFrame.
exec curl --silent --show-error --fail-with-body "${URL:-http://localhost:8000}/predict" \
  --header 'content-type: application/json' \
  --data '{"CHAS":{"0":0},"RM":{"0":6.575},"TAX":{"0":296.0},"PTRATIO":{"0":15.3},"B":{"0":396.9},"LSTAT":{"0":4.98}}'
