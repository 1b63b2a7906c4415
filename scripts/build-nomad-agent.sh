#!/usr/bin/env bash
# Builds the Nomad agent, the config oracle and Nomad's conformance cases of test/nomad/agent/ among our tools, unless they are
# of these very sources.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
module=$root/test/nomad/agent
# shellcheck source=scripts/find-go.sh
source "$root/scripts/find-go.sh"
target=$tools/nomad
stamp=$target/sources.sha256
packages=(nomad:. convert:./cmd/convert conform:./cmd/conform)

say() { printf 'build-nomad-agent: %s\n' "$*" >&2; }

# fingerprint: one hash over this script and over the names and contents of the module's files.
fingerprint() {
  (cd "$module" && find . -type f \( -name '*.go' -o -name go.mod -o -name go.sum \) -print0 | LC_ALL=C sort -z |
    xargs -0 sha256sum && sha256sum <"$root/scripts/build-nomad-agent.sh") | sha256sum | cut -d ' ' -f 1
}

# up_to_date HASH: whether all programs exist and were built from those sources.
up_to_date() {
  [[ -x $target/nomad && -x $target/convert && -x $target/conform && -f $stamp && $(<"$stamp") == "$1" ]]
}

# build NAME PACKAGE: compiles one program and moves it into place whole. Nomad's conformance cases are a test program.
build() {
  local draft=$drafts/$1 how=(build)
  if [[ $1 == conform ]]; then how=(test -c); fi
  # The checksum database lacks one version of nomad/api that go.mod names; go.sum pins it all the same.
  (cd "$module" && GOWORK=off GOFLAGS=-mod=readonly GONOSUMDB=github.com/hashicorp/nomad \
    "$go" "${how[@]}" -trimpath -buildvcs=false -tags hashicorpmetrics,osusergo -ldflags='-s -w' -o "$draft" "$2")
  mv -f "$draft" "$target/$1"
}

wanted=$(fingerprint)
if up_to_date "$wanted"; then
  say "$target/nomad is up to date"
  exit 0
fi

go=$(find_go "$module")
mkdir -p "$target"
drafts=$(mktemp -d "$target/.draft.XXXXXX")
trap 'rm -rf "$drafts"' EXIT
say "compiling Nomad with $("$go" env GOVERSION) to $target (two to three minutes the first time, with its downloads more)"
rm -f "$stamp"
for pair in "${packages[@]}"; do
  build "${pair%%:*}" "${pair#*:}"
done
printf '%s\n' "$wanted" >"$drafts/stamp"
mv -f "$drafts/stamp" "$stamp"
say "built $target/nomad, $target/convert and $target/conform"
