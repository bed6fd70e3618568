#!/usr/bin/env bash
# Calls every route of every contract and every tool of MCP as everybody who could, with names of things that the caller may not
# see: file names, addresses, questions, people's names, slugs, groups, e-mail addresses, ids. What is hidden may be answered in
# no other way than what is not there, and not a word of it may be told.
#
#   Tests/redteam.sh [PATH/TO/twin]
#
# Some minutes on two cores, with a release build. TWIN_REDTEAM_PATHS, a regular expression, leaves all but some paths out, and
# TWIN_REDTEAM_CONTRACTS names the contracts that are attacked. It prints each finding with who called what, and ends with 1 where there
# is one.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" python3 >&2
exec python3 -B "$root/Tests/redteam/redteam.py" "$binary"
