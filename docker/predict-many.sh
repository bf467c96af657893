#!/bin/sh
# Predicts the prices of three houses in one request. (CHAS, the river, is 0 or 1; the response warns of the 3.)
exec curl --silent --show-error --fail-with-body "${URL:-http://localhost:8000}/predict" \
  --header 'content-type: application/json' \
  --data '{"CHAS":{"0":0,"1":3,"2":3},"RM":{"0":6.575,"1":4.575,"2":6.2},"TAX":{"0":296,"1":200,"2":250},
    "PTRATIO":{"0":15.3,"1":16.3,"2":12.2},"B":{"0":396.9,"1":310.4,"2":220.9},"LSTAT":{"0":4.98,"1":3.54,"2":8.21}}'
