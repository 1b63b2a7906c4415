# Sourced by the scripts that compile Go. Sets nothing but the two functions below and `tools`.
# shellcheck shell=bash

# Where the tools live that this project installs for itself.
tools=${CONTAINERD_DRIVER_TOOLS:-$HOME/.cache/containerd-driver/tools}

# go_serves GO WANTED: whether that toolchain runs and is version WANTED or later.
go_serves() {
  local version
  version=$(GOTOOLCHAIN=local GOWORK=off "$1" env GOVERSION 2>/dev/null) || return 1
  [[ $version =~ ^go([0-9.]+) ]] || return 1
  printf '%s\n%s\n' "$2" "${BASH_REMATCH[1]}" | sort -CV
}

# find_go MODULE: prints the toolchain for that folder's go.mod: `go` on PATH, or the one among our tools.
find_go() {
  local wanted candidate
  wanted=$(awk '$1 == "go" { print $2 }' "$1/go.mod")
  for candidate in go "$tools/go/bin/go"; do
    if go_serves "$candidate" "$wanted"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  printf 'needs Go %s or later, as go on PATH or as %s\n' "$wanted" "$tools/go/bin/go" >&2
  return 1
}
