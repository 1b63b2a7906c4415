#!/usr/bin/env bash
# npm start [JOB] [OPTIONS]: runs a job's task in a private containerd; without a job, examples/hello.nomad.hcl.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh run
bash scripts/build.sh
job=examples/hello.nomad.hcl
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then
  job=$1
  shift
fi
exec dist/containerd-driver run --dev "$job" "$@"
