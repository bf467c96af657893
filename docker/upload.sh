#!/bin/sh
# Tags the image and pushes it to a registry: docker/upload.sh registry.example.com/team
# DOCKER names another program that takes the same arguments, such as podman.
set -eu
cd "$(dirname "$0")/.."

version=$(node --print "require('./package.json').version")
target=${1:?Name the registry, with the path in it: docker/upload.sh registry.example.com/team}/nestor:$version
"${DOCKER:-docker}" tag "nestor:$version" "$target"
"${DOCKER:-docker}" push "$target"
echo "Install it: helm install nestor helm/nestor --set image.repository=${target%:*}"
