#!/bin/sh
# Tags the image and pushes it to a registry: docker/upload.sh registry.example.com/team
# Set DOCKER to use another program with the same arguments, such as podman.
set -eu
cd "$(dirname "$0")/.."

version=$(node --print "require('./package.json').version")
target=${1:?Give the registry and the path in it: docker/upload.sh registry.example.com/team}/nestor:$version
"${DOCKER:-docker}" tag "nestor:$version" "$target"
"${DOCKER:-docker}" push "$target"
echo "To install it: helm install nestor helm/nestor --set image.repository=${target%:*}"
