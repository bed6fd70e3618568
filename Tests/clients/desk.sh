#!/usr/bin/env bash
# A support desk in headless Chromium: a visitor in the widget of a site, a supporter in the console, each behind a connection that
# breaks and comes back, and the next visitor, whom the twin answers. axe-core looks at every state.
#
#   Tests/clients/desk.sh [PATH/TO/twin] [FOLDER/FOR/PICTURES]
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
echo "correct horse battery" >"$folder/password"
"$binary" users add owner@example.org --name "Amara Lindqvist" --password-file "$folder/password" >/dev/null
"$binary" users add sam@example.org --name Sam --role supporter --password-file "$folder/password" >/dev/null
"$binary" twins create amara-lindqvist --name "Amara Lindqvist" --setting escalation.enabled=true >/dev/null
"$binary" --quiet ingest "$root/examples/corpus" >/dev/null
"$binary" desk init --twin amara-lindqvist >/dev/null
"$binary" serve --contracts studio,support,console --port 0 --ready-file "$folder/ready.json" >"$folder/server.log" 2>&1 </dev/null &
server=$!
for _ in $(seq 150); do [ -s "$folder/ready.json" ] && break; sleep 0.1; done
"$tools/bin/python" "$here/desk.py" "$binary" "$(jq -er .url "$folder/ready.json")" "${@:2}"
