#!/usr/bin/env bash
# Installs what building and testing need and the machine lacks: Debian's packages and the npm packages of
# package-lock.json. Says what it does; returns at once when nothing is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

build_packages=(
  clang-19 libclang-rt-19-dev mold ccache cmake ninja-build make pkg-config ca-certificates
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libssl-dev libsqlite3-dev libsodium-dev libre2-dev zlib1g-dev libbrotli-dev
  libsimdjson-dev libspdlog-dev libfmt-dev libcli11-dev libtomlplusplus-dev libyaml-cpp-dev
  libhowardhinnant-date-dev libmimalloc-dev libgtest-dev libgmock-dev python3 python3-pip nodejs openjdk-17-jdk-headless
  golang-go)
test_packages=(python3-pytest maven openssl procps)
bench_packages=(wrk nginx-light)
lint_packages=(clang-tidy-19 clang-format-19)
gcc_packages=(g++)

wanted=("${build_packages[@]}")
for group in "$@"; do
  case "$group" in
    test) wanted+=("${test_packages[@]}") ;;
    bench) wanted+=("${bench_packages[@]}") ;;
    lint) wanted+=("${lint_packages[@]}") ;;
    gcc) wanted+=("${gcc_packages[@]}") ;;
    *) echo "install-tools: unknown group '$group' (test, bench, lint, gcc)" >&2; exit 2 ;;
  esac
done

missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
# A Node.js from elsewhere than Debian serves as well, and Debian's npm would fight it.
if command -v npm >/dev/null && command -v node >/dev/null; then
  missing=("${missing[@]/#nodejs/}")
else
  missing+=(npm)
fi
missing=($(printf '%s\n' "${missing[@]}" | grep -v '^$' || true))

if ((${#missing[@]})); then
  echo "installing Debian packages: ${missing[*]}"
  sudo=(); [ "$(id -u)" = 0 ] || sudo=(sudo)
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

stamp=node_modules/.openpoly-lock
if ! cmp -s package-lock.json "$stamp"; then
  echo "installing npm packages of package-lock.json"
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  cp package-lock.json "$stamp"
fi
