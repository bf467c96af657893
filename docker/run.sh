#!/bin/sh
# Builds the image and runs it in Docker, on http://localhost:8000 unless PORT is set.
# Set DOCKER to use another program with the same arguments, such as podman.
set -eu
cd "$(dirname "$0")/.."

image=${IMAGE:-nestor:$(node --print "require('./package.json').version")}
"${DOCKER:-docker}" build --file docker/Dockerfile --tag "$image" --build-arg "REVISION=$(git rev-parse HEAD)" .
exec "${DOCKER:-docker}" run --rm --read-only --cap-drop ALL --publish "${PORT:-8000}:8080" "$image"
