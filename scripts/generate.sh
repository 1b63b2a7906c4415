#!/usr/bin/env bash
# Writes src/generated from proto/, and the option tables and schemas in docs/. Same input, same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."

./node_modules/.bin/buf generate
node scripts/generate-docs.mjs
