#!/usr/bin/env bash
# Installs the npm packages of the peers, which only benchmarks need: 177 MiB, most of it workerd. Returns at once when
# nothing is missing.
set -euo pipefail
cd "$(dirname "$0")"

stamp=node_modules/.openpoly-lock
cmp -s package-lock.json "$stamp" && exit 0
echo "installing npm packages of bench/peers/package-lock.json"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json "$stamp"
