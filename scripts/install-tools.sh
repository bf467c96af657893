#!/usr/bin/env bash
# Installs into .venv/bin the tools that lint and the chart's specs need besides Node: the Python tools of
# .circleci/requirements-lint.txt, and helm and helm-docs if they are not on the PATH. Needs Python 3 and, for helm and
# helm-docs, curl or Go. With apt-get, also installs Chromium for the browser specs and nginx for the proxy specs.
set -euo pipefail
cd "$(dirname "$0")/.."

helm_version=v4.2.0
helm_docs_version=1.14.2

[ -x .venv/bin/pip ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement .circleci/requirements-lint.txt
export PATH="$PWD/.venv/bin:$PATH"

# Debian has a Chromium package. Ubuntu has only a snap, which does not run in a container.
if ! command -v chromium >/dev/null; then
  if grep -q '^ID=debian' /etc/os-release 2>/dev/null; then
    as_root=$([ "$(id -u)" = 0 ] || echo sudo)
    $as_root apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
  elif command -v npx >/dev/null; then
    npx --yes playwright-core@1.65.1 install --with-deps chromium
    ln -sf "$(find "$HOME/.cache/ms-playwright" -type f -name chrome | head -n 1)" .venv/bin/chromium
  fi
fi

case $(uname -m) in aarch64 | arm64) arch=arm64 docs_arch=arm64 ;; *) arch=amd64 docs_arch=x86_64 ;; esac
downloads=$(mktemp -d)
trap 'rm -rf "$downloads"' EXIT

# Only the program, since the package would start a server.
if ! command -v nginx >/dev/null && command -v apt-get >/dev/null; then
  (cd "$downloads" && apt-get download -qq nginx && dpkg -x nginx_*.deb nginx)
  cp "$downloads/nginx/usr/sbin/nginx" .venv/bin
fi

if ! command -v helm >/dev/null; then
  archive=helm-$helm_version-linux-$arch.tar.gz
  (cd "$downloads" && curl -fsSLO "https://get.helm.sh/$archive" -O "https://get.helm.sh/$archive.sha256sum" \
    && sha256sum --check --quiet "$archive.sha256sum")
  tar -xzf "$downloads/$archive" -C .venv/bin --strip-components=1 "linux-$arch/helm"
fi

if ! command -v helm-docs >/dev/null; then
  if command -v go >/dev/null; then
    GOBIN=$PWD/.venv/bin go install "github.com/norwoodj/helm-docs/cmd/helm-docs@v$helm_docs_version"
  else
    archive=helm-docs_${helm_docs_version}_Linux_$docs_arch.tar.gz
    releases=https://github.com/norwoodj/helm-docs/releases/download/v$helm_docs_version
    (cd "$downloads" && curl -fsSLO "$releases/$archive" -O "$releases/checksums.txt" \
      && sha256sum --check --quiet --ignore-missing checksums.txt)
    tar -xzf "$downloads/$archive" -C .venv/bin helm-docs
  fi
fi

# On CircleCI, each step runs in a new shell, which reads this file first.
if [ -n "${BASH_ENV:-}" ]; then echo "export PATH=\"$PWD/.venv/bin:\$PATH\"" >>"$BASH_ENV"; fi
