#!/usr/bin/env bash
# Builds bench/go into the tools folder, only when its sources changed. Prints the path of one program: generate-spec, exec or lifecycle.
# Usage: build-go.sh [exec|lifecycle]
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=../scripts/find-go.sh
. scripts/find-go.sh

name=${1:-generate-spec}
binary=$tools/bench/$name
case $name in exec|lifecycle) package=./$name ;; *) package=. ;; esac
sources=$(find bench/go -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)

if [ ! -x "$binary" ] || [ "$(cat "$binary.sources" 2>/dev/null)" != "$sources" ]; then
  echo "build-go: compiling bench/go into $binary" >&2
  go=$(find_go bench/go) || exit 1
  mkdir -p "$tools/bench"
  # Written beside and moved: another run may be reading the old one.
  (cd bench/go && CGO_ENABLED=0 GOTOOLCHAIN=local GOWORK=off GOFLAGS=-buildvcs=false "$go" build -trimpath -o "$binary.$$" "$package")
  mv "$binary.$$" "$binary"
  printf '%s\n' "$sources" >"$binary.sources"
fi
printf '%s\n' "$binary"
