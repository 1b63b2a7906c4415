#!/usr/bin/env bash
# npm test: everything. npm test -- ARGS: one jest run with these arguments. The last line counts what ran.
set -euo pipefail
cd "$(dirname "$0")/.."

SUMMARY_FILE=$(mktemp)
export SUMMARY_FILE

# summarize: the last line, whatever happened before it. A run that ended before its tests counts as one failure.
summarize() {
  local status=$?
  awk -v status="$status" '
    { passed += $1; failed += $2; skipped += $3 }
    END { if (status && !failed) failed = 1; printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped }' \
    "$SUMMARY_FILE" 2>&1
  rm -f "$SUMMARY_FILE"
  exit "$status"
}
trap summarize EXIT

# One seed for every property of this run, so that one variable replays it.
if [ -z "${FC_SEED:-}" ]; then
  export FC_SEED=$((RANDOM << 15 | RANDOM))
  echo "properties: replay with FC_SEED=$FC_SEED" >&2
fi

# run_jest ARGS: one jest run. One that dies before it counted its tests is counted as a failure.
# NODE_EXTRA_CA_CERTS, where set, costs each Node process 85 ms; no test needs it.
run_jest() {
  local status=0 before
  before=$(wc -l <"$SUMMARY_FILE")
  env -u NODE_EXTRA_CA_CERTS node_modules/.bin/jest "$@" || status=$?
  if [ "$status" != 0 ] && [ "$(wc -l <"$SUMMARY_FILE")" = "$before" ]; then echo "0 1 0" >>"$SUMMARY_FILE"; fi
  return "$status"
}

bash scripts/install.sh test
bash scripts/build.sh
case " $* " in
  *" --selectProjects "*" nomad "* | "  ") bash scripts/build-nomad-agent.sh ;;
esac
# Without it the test of that folder fails and says what is missing.
case " $* " in
  *" --selectProjects "*" oracle "* | "  ") bash scripts/build-oracle.sh >/dev/null || true ;;
esac

failed=0
if [ $# -eq 0 ]; then
  run_jest --selectProjects unit properties simulation golden oracle library browser || failed=1
  run_jest --runInBand --selectProjects system attacks nomad || failed=1
else
  case " $* " in
    *" system "* | *" attacks "* | *" nomad "*) run_jest --runInBand "$@" || failed=1 ;;
    *) run_jest "$@" || failed=1 ;;
  esac
fi
exit "$failed"
