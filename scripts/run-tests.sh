#!/usr/bin/env bash
# Builds with address and undefined-behaviour sanitizers, then runs the unit tests of every room and the
# scenarios against the real programs. Says what it does while it does it.
set -euo pipefail
cd "$(dirname "$0")/.."
started=$SECONDS
say() { printf '[%3ds] %s\n' $((SECONDS - started)) "$*"; }

say "tools"
scripts/install-tools.sh test
say "configuring the dev preset (address and undefined-behaviour sanitizers)"
mkdir -p build
cmake --preset dev >build/configure.log 2>&1 || { cat build/configure.log; exit 1; }
say "building"
ninja -C build/dev -j "${JOBS:-$(nproc)}" --quiet
say "unit tests of the rooms"
ctest --test-dir build/dev --output-on-failure -j "$(nproc)"
say "scenarios against the real programs"
OPENPOLY_BUILD="$PWD/build/dev" /usr/bin/python3 -m pytest -q -p no:cacheprovider tests "$@"
say "all passed"
