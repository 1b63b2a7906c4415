#!/usr/bin/env bash
# npm run build: dist/containerd-driver (one executable file), dist/lib (the library) and dist/jobspec.wasm (Nomad's job parser).
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh build
node scripts/build.mjs
node scripts/build-library.mjs
bash scripts/build-jobspec.sh
