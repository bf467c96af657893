#!/usr/bin/env bash
# Follows the README after `npm ci`: starts the server, predicts one price with the README's own curl command, and stops
# the server again.
set -euo pipefail
cd "$(dirname "$0")/.."

price_a_house=$(grep -m 1 '^curl .*/predict' README.md)
[ -n "$price_a_house" ] || { echo 'README.md has no curl command for /predict' >&2; exit 1; }

set -m # gives the server its own process group, so that the signal reaches it and not only npm
npm start &
server=$!
trap 'kill -TERM -- "-$server" 2>/dev/null; wait "$server" || true' EXIT
curl --silent --fail --output /dev/null --retry 60 --retry-delay 1 --retry-connrefused http://localhost:8080/readyz

echo "\$ $price_a_house"
answer=$(bash -c "$price_a_house")
echo "$answer"
grep -qE '"prediction":\[[0-9.]+\]' <<<"$answer" || { echo 'The response has no price.' >&2; exit 1; }
