#!/usr/bin/env bash
# Publishes the locally built image and the chart under the version of package.json, which the tag must name.
# Needs REGISTRY (registry.example.com/team), REGISTRY_USER and REGISTRY_PASSWORD.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(node --print "require('./package.json').version")
tag=${CIRCLE_TAG:?Runs for a tag only}
if [ "$tag" != "v$version" ]; then
  echo "The tag $tag does not name the version of package.json, $version." >&2
  exit 1
fi

echo "${REGISTRY_PASSWORD:?}" | docker login "${REGISTRY%%/*}" --username "${REGISTRY_USER:?}" --password-stdin
docker/upload.sh "$REGISTRY"
helm package helm/nestor --destination dist
helm push "dist/nestor-$version.tgz" "oci://$REGISTRY/charts"
