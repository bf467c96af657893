#!/usr/bin/env bash
# Publishes the locally built image and the chart with the version in package.json, which the tag must match.
# Needs REGISTRY (registry.example.com/team), REGISTRY_USER and REGISTRY_PASSWORD.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(node --print "require('./package.json').version")
tag=${CIRCLE_TAG:?Set it to the tag: only tags are published}
if [ "$tag" != "v$version" ]; then
  echo "The tag $tag does not match the version in package.json, $version." >&2
  exit 1
fi

echo "${REGISTRY_PASSWORD:?}" | docker login "${REGISTRY%%/*}" --username "${REGISTRY_USER:?}" --password-stdin
docker/upload.sh "$REGISTRY"
helm package helm/nestor --destination dist
helm push "dist/nestor-$version.tgz" "oci://$REGISTRY/charts"
