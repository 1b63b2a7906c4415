#!/usr/bin/env bash
# install-containerds.sh: the other versions of containerd that the crash tests run on, and a clock that lies.
# Debian's packages of containerd 1.7 (trixie) and 2.1 (sid), and libfaketime, are unpacked below the tools' folder
# (nothing is installed in the system); containerd 1.6 is the host's own. Prints the folder.
set -euo pipefail
tools=${CONTAINERD_DRIVER_TOOLS:-$HOME/.cache/containerd-driver/tools}

say() { echo "install: $*" >&2; }

# unpack NAME SUITE PACKAGE...: into $tools/NAME.
unpack() {
  local name=$1 suite=$2
  shift 2
  [ ! -e "$tools/$name" ] || return 0
  local made
  made=$(mktemp -d)
  # apt drops its rights for a download: the folder has to be open to it.
  chmod 755 "$made"
  mkdir -p "$made/lists/partial" "$made/cache/archives/partial" "$made/root"
  say "unpacking $* of Debian $suite into $tools/$name"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $suite main" >"$made/sources.list"
  local apt=(-qq -o "Dir::Etc::SourceList=$made/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$made/lists" -o "Dir::Cache=$made/cache" -o APT::Sandbox::User=root)
  apt-get "${apt[@]}" update >&2
  (cd "$made" && apt-get "${apt[@]}" download "$@" >&2)
  local file
  for file in "$made"/*.deb; do dpkg -x "$file" "$made/root"; done
  mkdir -p "$tools"
  mv "$made/root" "$tools/$name"
  rm -rf "$made"
}

command -v dpkg >/dev/null || { say "this is not Debian: put containerd 1.7 and 2.1 into $tools/containerd-1.7/usr/bin and $tools/containerd-2.1/usr/bin"; exit 1; }
unpack containerd-1.7 trixie containerd
unpack containerd-2.1 sid containerd
unpack faketime bookworm libfaketime
echo "$tools"
