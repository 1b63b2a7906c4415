#!/usr/bin/env bash
# npm run build: dist/containerd-driver (one executable file) and dist/jobspec.wasm (Nomad's job parser).
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh build
node scripts/build.mjs
bash scripts/build-jobspec.sh
