#!/usr/bin/env bash
# Creates a minikube cluster for the cluster specs, and loads the locally built image into it. Downloads minikube and
# kubectl if they are missing.
set -euo pipefail
cd "$(dirname "$0")/.."

minikube_version=v1.37.0
kubernetes_version=v1.34.0

bin=$HOME/.local/bin
mkdir -p "$bin"
export PATH="$bin:$PATH"
# fetch NAME URL: downloads an executable, and checks it against the checksum at URL.sha256.
fetch() {
  command -v "$1" >/dev/null && return
  curl -fsSL "$2" --output "$bin/$1"
  echo "$(curl -fsSL "$2.sha256")  $bin/$1" | sha256sum --check --quiet
  chmod +x "$bin/$1"
}
fetch minikube "https://storage.googleapis.com/minikube/releases/$minikube_version/minikube-linux-amd64"
fetch kubectl "https://dl.k8s.io/release/$kubernetes_version/bin/linux/amd64/kubectl"

minikube start --driver docker --kubernetes-version "$kubernetes_version" --addons metrics-server \
  --extra-config controller-manager.horizontal-pod-autoscaler-cpu-initialization-period=30s
minikube image load "nestor:$(node --print "require('./package.json').version")"

if [ -n "${BASH_ENV:-}" ]; then echo "export PATH=\"$bin:\$PATH\"" >>"$BASH_ENV"; fi
