#!/usr/bin/env bash
# npm run soak: twenty random tasks at once for SOAK_MINUTES (30) while the plugin and containerd are killed.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/install.sh test
bash scripts/build.sh
SOAK_MINUTES=${SOAK_MINUTES:-30} env -u NODE_EXTRA_CA_CERTS node_modules/.bin/jest --runInBand --selectProjects system \
  --testPathPatterns system/soak
