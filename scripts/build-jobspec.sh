#!/usr/bin/env bash
# Builds jobspec/ (Nomad's own job parser) to dist/jobspec.wasm, unless that file is newer than every source of it.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=$root/dist/jobspec.wasm
# shellcheck source=scripts/find-go.sh
source "$root/scripts/find-go.sh"

say() { printf 'build-jobspec: %s\n' "$*" >&2; }

# up_to_date: whether the module exists and no file of jobspec/ is newer.
up_to_date() {
  local source
  [[ -f $target ]] || return 1
  for source in "$root"/jobspec/*; do
    [[ $source -nt $target ]] && return 1
  done
  return 0
}

if up_to_date; then
  say "dist/jobspec.wasm is up to date"
  exit 0
fi

go=$(find_go "$root/jobspec")
say "compiling jobspec/ to dist/jobspec.wasm with $("$go" env GOVERSION) (half a minute the first time)"
mkdir -p "$root/dist"
started=$(date +%s.%N)
draft=$(mktemp "$root/dist/.jobspec.XXXXXX")
trap 'rm -f "$draft"' EXIT
cd "$root/jobspec"
# The checksum database lacks one version of nomad/api that go.mod names; go.sum pins it all the same.
GOOS=wasip1 GOARCH=wasm GOWORK=off GOFLAGS=-mod=readonly GONOSUMDB=github.com/hashicorp/nomad \
  "$go" build -trimpath -buildvcs=false -ldflags='-s -w' -o "$draft" .
chmod 644 "$draft"
# As old as the start of the build: a source that changed meanwhile counts as newer.
touch -d "@$started" "$draft"
mv "$draft" "$target"
say "dist/jobspec.wasm is $(($(stat -c %s "$target") / 1000000)) MB"
