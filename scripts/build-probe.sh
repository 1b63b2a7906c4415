#!/usr/bin/env bash
# Builds the probe of test/system/kernel.test.ts into the tools folder, only when its sources changed. Prints its path.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/find-go.sh
. scripts/find-go.sh

binary=$tools/probe/probe
sources=$(find test/probe -type f | LC_ALL=C sort | xargs sha256sum | sha256sum)

if [ ! -x "$binary" ] || [ "$(cat "$tools/probe/sources" 2>/dev/null)" != "$sources" ]; then
  echo "build-probe: compiling test/probe into $binary" >&2
  go=$(find_go test/probe) || exit 1
  mkdir -p "$tools/probe"
  # Written beside and moved: another run may be reading the old one.
  (cd test/probe && CGO_ENABLED=0 GOOS=linux GOTOOLCHAIN=local GOWORK=off GOFLAGS=-buildvcs=false \
    "$go" build -trimpath -ldflags '-s -w' -o "$binary.$$" .)
  mv "$binary.$$" "$binary"
  printf '%s\n' "$sources" >"$tools/probe/sources"
fi
printf '%s\n' "$binary"
