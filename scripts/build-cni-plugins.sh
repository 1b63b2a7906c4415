#!/usr/bin/env bash
# Builds CNI plugins of version 1.1 of its spec (GC, STATUS), which Debian 12 has not, into the tools folder, only when their
# versions changed. Prints the directory.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/find-go.sh
. scripts/find-go.sh

directory=$tools/cni-plugins
sources=$(cat test/cniPlugins/go.mod test/cniPlugins/go.sum test/cniPlugins/tools.go | sha256sum)

if [ ! -x "$directory/bin/bridge" ] || [ "$(cat "$directory/sources" 2>/dev/null)" != "$sources" ]; then
  echo "build-cni-plugins: compiling the plugins of test/cniPlugins into $directory/bin" >&2
  go=$(find_go test/cniPlugins) || exit 1
  mkdir -p "$directory/bin.$$"
  packages=$(awk '$1 == "_" { print $2 }' test/cniPlugins/tools.go | tr -d '"')
  # Written beside and moved: another run may be using the old ones.
  # shellcheck disable=SC2086
  (cd test/cniPlugins && CGO_ENABLED=0 GOOS=linux GOTOOLCHAIN=local GOWORK=off GOFLAGS=-buildvcs=false \
    "$go" build -trimpath -ldflags '-s -w' -o "$directory/bin.$$/" $packages)
  rm -rf "$directory/bin"
  mv "$directory/bin.$$" "$directory/bin"
  printf '%s\n' "$sources" >"$directory/sources"
fi
printf '%s\n' "$directory/bin"
