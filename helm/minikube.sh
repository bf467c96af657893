#!/bin/sh
# Builds the image inside minikube and installs the chart there. Further arguments go to helm.
set -eu
cd "$(dirname "$0")/.."

minikube status >/dev/null || minikube start --kubernetes-version v1.34.0
minikube addons enable metrics-server
minikube image build --file docker/Dockerfile --tag "nestor:$(node --print "require('./package.json').version")" .
helm upgrade nestor helm/nestor --install --wait "$@"
helm test nestor
