#!/usr/bin/env bash
# The pages that twin serves itself, in headless Chromium: the console with the keyboard alone, the page of a share link, an
# invitation, and the widget on other people's sites. axe-core looks at every state.
#
#   Tests/clients/console.sh [PATH/TO/twin] [FOLDER/FOR/PICTURES]
#
# Chromium comes from Debian's packages, playwright and axe-playwright-python (which brings axe-core) from PyPI.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" jq python3 python3-venv chromium >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" "${!TWIN_ALLOWED@}" "${!TWIN_PUBLIC@}" 2>/dev/null || true
folder=$(mktemp -d)
server=
finish() {
    status=$?
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    wait 2>/dev/null || true
    [ $status = 0 ] || tail -n 20 "$folder"/*.log >&2 || true
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

tools=${TWIN_TEST_TOOLS:-$folder/tools}
"$root/.ci/need-python" "$tools" playwright axe-playwright-python

export TWIN_DB=$folder/twin.db TWIN_CONFIG=$folder/config.json
"$binary" serve --port 0 --ready-file "$folder/ready.json" >"$folder/server.log" 2>&1 </dev/null &
server=$!
for _ in $(seq 150); do [ -s "$folder/ready.json" ] && break; sleep 0.1; done
"$tools/bin/python" "$here/console.py" "$binary" "$(jq -er .url "$folder/ready.json")" "$root/examples/corpus" "$folder" "${@:2}"
kill "$server"
wait "$server" 2>/dev/null || true
server=
"$tools/bin/python" "$here/told.py" "$binary" "${@:2}"
