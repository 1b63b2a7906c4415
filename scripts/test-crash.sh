#!/usr/bin/env bash
# npm run test:crash: what is killed, and the contract of a machine, on containerd 1.6 (the host's), 1.7 and 2.1.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh test
bash scripts/build.sh
bash scripts/install-containerds.sh >/dev/null
failed=0
for version in 1.6 1.7 2.1; do
  echo "containerd $version" >&2
  CONTAINERD_VERSION=$version env -u NODE_EXTRA_CA_CERTS node_modules/.bin/jest --runInBand --selectProjects system \
    --testPathPatterns system/killed system/machine system/reboot system/reap || failed=1
done
exit "$failed"
