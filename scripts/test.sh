#!/usr/bin/env bash
# npm test: everything. npm test -- ARGS: one jest run with these arguments. The last line counts what ran.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh test
bash scripts/build.sh
bash scripts/build-nomad-agent.sh
SUMMARY_FILE=$(mktemp)
export SUMMARY_FILE
unset NODE_EXTRA_CA_CERTS
status=0
if [ $# -gt 0 ]; then
  npx --no-install jest "$@" || status=1
else
  npx --no-install jest --selectProjects unit properties golden || status=1
  npx --no-install jest --runInBand --selectProjects system nomad || status=1
fi
awk -v status="$status" '
  { passed += $1; failed += $2; skipped += $3 }
  END { if (status && !failed) failed = 1; printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }' "$SUMMARY_FILE"
rm -f "$SUMMARY_FILE"
exit "$status"
