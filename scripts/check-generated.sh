#!/usr/bin/env bash
# Fails when a generated file is not what its source makes of it.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/generate.sh
changed=$(git status --porcelain -- src/generated docs/options.md docs/plugin.md docs/cli.md docs/schema)
if [ -n "$changed" ]; then
  printf 'generated files are not current; run "npm run generate" and commit:\n%s\n' "$changed" >&2
  exit 1
fi
