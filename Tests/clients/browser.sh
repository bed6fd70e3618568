#!/usr/bin/env bash
# Small front ends of the studio and brain contracts in headless Chromium, on another origin than the server. The screenshot is
# of the first.
#
#   Tests/clients/browser.sh [PATH/TO/twin] [SCREENSHOT.png]
#
# Chromium comes from Debian's packages. A screenshot takes the library websocket-client in a virtual environment.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" curl jq python3 python3-venv chromium >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" "${!TWIN_ALLOWED@}" 2>/dev/null || true
folder=$(mktemp -d)
started=()
finish() {
    status=$?
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    [ $status = 0 ] || tail -n 20 "$folder"/*.log >&2 || true
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

python=python3
if [ $# -gt 1 ]; then
    tools=${TWIN_TEST_TOOLS:-$folder/tools}
    python=$tools/bin/python
    "$root/.ci/need-python" "$tools" websocket-client
fi

python3 "$here/slow_model.py" >"$folder/model.url" 2>"$folder/model.log" &
started+=($!)
for _ in $(seq 3000); do [ -s "$folder/model.url" ] && break; sleep 0.1; done
STUDIO_PORT=$(python3 "$root/Tests/free_port.py")
export STUDIO_PORT
export TWIN_DB=$folder/twin.db TWIN_CONFIG=$folder/config.json TWIN_MODEL=scripted TWIN_ALLOWED_ORIGINS=http://127.0.0.1:$STUDIO_PORT
TWIN_MODEL_URL=$(cat "$folder/model.url")
export TWIN_MODEL_URL
"$binary" users add owner@example.org --role owner --no-password >/dev/null 2>&1
token=$("$binary" token create --user owner@example.org)
"$binary" serve --port 0 --ready-file "$folder/ready.json" >"$folder/server.log" 2>&1 </dev/null &
started+=($!)
for _ in $(seq 3000); do [ -s "$folder/ready.json" ] && break; sleep 0.1; done
url=$(jq -er .url "$folder/ready.json")
invitation=$(curl -sS --fail-with-body -H "authorization: Bearer $token" -H 'content-type: application/json' \
    -d '{"email":"grace@example.org","role":"owner"}' "$url/users/invite" | jq -er .invitation_token)
echo "== Studio"
"$python" "$here/browser.py" studio "$url" "$invitation" "${@:2}"

# A server of its own, which quotes: the scripted model words every answer alike.
export TWIN_DB=$folder/brain.db
unset TWIN_MODEL TWIN_MODEL_URL
"$binary" users add owner@example.org --role owner --no-password >/dev/null 2>&1
token=$("$binary" token create --user owner@example.org)
"$binary" serve --port 0 --ready-file "$folder/brain.json" >"$folder/brain.log" 2>&1 </dev/null &
started+=($!)
for _ in $(seq 3000); do [ -s "$folder/brain.json" ] && break; sleep 0.1; done
echo "== Brain"
"$python" "$here/browser.py" brain "$(jq -er .url "$folder/brain.json")" "$token"
