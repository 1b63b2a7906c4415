#!/usr/bin/env bash
# Builds test/oracle (containerd's own option functions) into the tools folder, only when its sources changed. Prints its path.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/find-go.sh
. scripts/find-go.sh

binary=$tools/oracle/oracle
sources=$( (find test/oracle -type f \( -name '*.go' -o -name go.mod -o -name go.sum \); echo scripts/build-oracle.sh) |
  LC_ALL=C sort | xargs sha256sum | sha256sum)

if [ ! -x "$binary" ] || [ "$(cat "$tools/oracle/sources" 2>/dev/null)" != "$sources" ]; then
  go=$(find_go test/oracle) || { echo "build-oracle: \`bash scripts/install.sh test\` installs it" >&2; exit 1; }
  echo "build-oracle: compiling test/oracle into $binary (half a minute; with its downloads a minute or two)" >&2
  mkdir -p "$tools/oracle"
  # Written beside and moved: another run may be reading the old one.
  (cd test/oracle && CGO_ENABLED=0 GOOS=linux GOTOOLCHAIN=local GOWORK=off GOFLAGS=-mod=readonly \
    "$go" build -trimpath -buildvcs=false -ldflags '-s -w' -o "$binary.$$" .)
  mv "$binary.$$" "$binary"
  printf '%s\n' "$sources" >"$tools/oracle/sources"
fi
printf '%s\n' "$binary"
