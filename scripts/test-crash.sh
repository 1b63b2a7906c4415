#!/usr/bin/env bash
# npm run test:crash: what is killed, full, set back or upgraded, and the contract of a machine, on containerd 1.6 (the
# host's), 1.7 and 2.1. CRASH_VERSIONS names fewer; arguments go to jest, and only the tests of test/crash run then.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh test
bash scripts/build.sh
bash scripts/build-nomad-agent.sh
bash scripts/install-containerds.sh >/dev/null
failed=0

# crash ARGS: one jest run on one containerd.
crash() { CONTAINERD_VERSION=$version env -u NODE_EXTRA_CA_CERTS node_modules/.bin/jest --runInBand "$@" || failed=1; }

for version in ${CRASH_VERSIONS:-1.6 1.7 2.1}; do
  echo "containerd $version" >&2
  crash --selectProjects crash "$@"
  [ $# -eq 0 ] || continue
  crash --selectProjects system --testPathPatterns system/killed system/machine system/reboot system/reap
  crash --selectProjects nomad --testPathPatterns nomad/agent --testNamePattern 'loses no task'
done
exit "$failed"
