#!/usr/bin/env bash
# Builds and runs every test: unit tests, and end-to-end tests that run the real binary as a script would.
#
#   ./Tests/run.sh                      everything
#   ./Tests/run.sh --filter IngestTests what `swift test` takes is passed on
#
# On a fresh Debian machine with a Swift toolchain it first installs what the build and the tests need and is not there.
set -euo pipefail
cd "$(dirname "$0")/.."

libraries=(pkg-config libsqlite3-dev libcurl4-openssl-dev ca-certificates)
tools=(poppler-utils curl jq openssl sqlite3 python3 zsh fish bash-completion man-db mandoc)

command -v swift >/dev/null || {
    echo "error: there is no 'swift'; install a Swift 6 toolchain (https://www.swift.org/install) and run this again" >&2
    exit 1
}

echo "== Packages: ${libraries[*]} ${tools[*]}"
.ci/need-packages "${libraries[@]}" "${tools[@]}"

echo "== $(swift --version 2>/dev/null | head -1)"

# Tests make their own databases; a person's own settings must not leak into them.
unset "${!TWIN_@}" 2>/dev/null || true
export LC_ALL=C.UTF-8 TZ=UTC

# What is built once need not be ready to be built again in parts or to be debugged, which takes half as long again.
flags=()
if [ "${CI:-}" = true ]; then
    for flag in -disable-batch-mode -whole-module-optimization -num-threads "$(nproc)" -gnone; do flags+=(-Xswiftc "$flag"); done
fi
echo "== swift build --build-tests"
swift build --build-tests "${flags[@]}"
echo "== swift test $*"
swift test --skip-build "${flags[@]}" "$@"
echo "== All tests passed"
