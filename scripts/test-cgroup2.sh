#!/usr/bin/env bash
# npm run test:cgroup2: the kernel test and statistics under unified cgroup v2. On a machine that has it, directly; on others in a small virtual
# machine, which is slow (minutes) and therefore no part of npm test. Arguments go to jest. The last line counts what ran.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/install.sh test
# In the guest nothing can be downloaded or compiled: what is needed there is made here.
bash scripts/build-probe.sh >/dev/null

# In the only directory that the guest can write: what it writes elsewhere is gone.
SUMMARY_FILE=$(mktemp "$PWD/node_modules/.cgroup2-summary.XXXXXX")
export SUMMARY_FILE
summarize() {
  local status=$?
  awk -v status="$status" '
    { passed += $1; failed += $2; skipped += $3 }
    END { if (status && !failed) failed = 1; if (!status && !passed) failed = 1
      printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }' "$SUMMARY_FILE" || status=1
  rm -f "$SUMMARY_FILE"
  exit "$status"
}
trap summarize EXIT

run=(env -u NODE_EXTRA_CA_CERTS node node_modules/.bin/jest --runInBand --selectProjects system --testPathPatterns "system/(kernel|stats)" "$@")
if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
  "${run[@]}"
else
  # Files that the guest writes through the shared directory arrive; what it caches of ours must not change meanwhile.
  bash scripts/cgroup2-vm.sh "${run[@]}"
fi
