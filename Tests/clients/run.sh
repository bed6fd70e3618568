#!/usr/bin/env bash
# The programs that people use against `twin serve`: curl, Python's requests and httpx, the libraries of OpenAI and of the
# Model Context Protocol, nginx in front, and the shipped examples of hosting checked by the programs they are for.
#
#   Tests/clients/run.sh [PATH/TO/twin]
#
# nginx comes from Debian's packages, the libraries by name into a virtual environment (TWIN_TEST_TOOLS if that is set, else
# a temporary folder). A model that takes its time is scripted in slow_model.py. The browser has its own script, browser.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" curl jq python3 python3-venv nginx-light >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" "${!TWIN_ALLOWED@}" 2>/dev/null || true
folder=$(mktemp -d)
started=()
finish() {
    status=$?
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    [ $status = 0 ] || tail -n 5 "$folder"/*.log >&2 || true
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM
fail() { echo "error: $*" >&2; exit 1; }

tools=${TWIN_TEST_TOOLS:-$folder/tools}
"$root/.ci/need-python" "$tools" requests httpx openai mcp jsonschema
# The first major versions, which many programs still have.
first=$tools-first
"$root/.ci/need-python" "$first" openai==1.109.1 mcp==1.30.0

"$tools/bin/python" "$here/slow_model.py" >"$folder/model.url" 2>"$folder/model.log" &
started+=($!)
for _ in $(seq 3000); do [ -s "$folder/model.url" ] && break; sleep 0.1; done

export TWIN_DB=$folder/twin.db TWIN_CONFIG=$folder/config.json TWIN_MODEL=scripted
TWIN_MODEL_URL=$(cat "$folder/model.url")
export TWIN_MODEL_URL
printf '# Gearboxes\n\nThe gear oil is changed every 500 hours. A filter lasts 200 hours.\nBoth are written into the log. The log is kept for ten years.\n' >"$folder/gearboxes.md"
twin=$("$binary" twins create amara --json | jq -er .id)
"$binary" --quiet ingest "$folder/gearboxes.md" >/dev/null
"$binary" users add owner@example.org --role owner --no-password >/dev/null 2>&1
token=$("$binary" token create --user owner@example.org)

serve() { # NAME OPTIONS...
    local name=$1
    shift
    "$binary" serve "$@" --ready-file "$folder/$name.json" >"$folder/$name.log" 2>&1 </dev/null &
    started+=($!)
    for _ in $(seq 3000); do [ -s "$folder/$name.json" ] && return; sleep 0.1; done
    fail "twin serve did not start: $(cat "$folder/$name.log")"
}
serve port --port 0
url=$(jq -er .url "$folder/port.json")

echo "== curl"
ask=(-sS -N -H "authorization: Bearer $token" -H 'content-type: application/json' -d '{"query":"When is the gear oil changed?"}')
curl "${ask[@]}" "$url/chat/$twin" | jq -es 'map(.type) | .[0] == "metadata" and .[-1] == "done"' >/dev/null
curl "${ask[@]}" -H 'accept: text/event-stream' "$url/chat/$twin" >"$folder/events"
grep -q '^event: done' "$folder/events" || fail "no event 'done' in: $(cat "$folder/events")"
# As large as it has to be, and the same in every run.
python3 -c 'import base64, random; print(base64.encodebytes(random.Random(1).randbytes(3_000_000)).decode(), end="")' >"$folder/large.txt"
curl -sS -v -H "authorization: Bearer $token" -H 'expect: 100-continue' -F "file=@$folder/large.txt" "$url/ingest/file/$twin" \
    2>"$folder/trace" | jq -e '.status == "live"' >/dev/null
grep -q '< HTTP/1.1 100 Continue' "$folder/trace" || fail "curl was not told to continue"
# Nobody may send, and is told so before the content.
code=$(curl -sS -o /dev/null -w '%{http_code} %{size_upload}' -H 'expect: 100-continue' --expect100-timeout 20 \
    -F "file=@$folder/large.txt" "$url/ingest/file/$twin")
[ "${code%% *}" = 401 ] || fail "an upload without credentials was answered $code"
[ "$(curl -sS -o /dev/null -o /dev/null -w '%{num_connects}' "$url/health" "$url/health")" = 10 ] || fail "curl needed a second connection"
[ "$(curl -sS --http1.0 -o /dev/null -w '%{http_code}' "$url/health")" = 200 ] || fail "HTTP/1.0 is not answered"

echo "== requests, httpx"
"$tools/bin/python" "$here/libraries.py" "$url" "$token" "$twin" "$TWIN_MODEL_URL"

echo "== openai, mcp"
key=$("$binary" keys create clients --scope read --scope chat --json 2>/dev/null | jq -er .key)
writer=$("$binary" keys create writer --scope read --scope write --scope chat --json 2>/dev/null | jq -er .key)
(
    # Answers are quoted here: what a model makes of them has tests of its own.
    unset TWIN_MODEL TWIN_MODEL_URL
    TWIN_JOURNAL_TWIN=amara "$binary" serve --contracts studio,openai,mcp,journal --port 0 --ready-file "$folder/doors.json" >"$folder/doors.log" 2>&1 </dev/null &
    echo $! >"$folder/doors.pid"
)
started+=("$(cat "$folder/doors.pid")")
for _ in $(seq 3000); do [ -s "$folder/doors.json" ] && break; sleep 0.1; done
doors=$(jq -er .url "$folder/doors.json")
for python in "$tools/bin/python" "$first/bin/python"; do
    "$python" "$here/openai_client.py" "$doors" "$writer" amara
    env -u TWIN_MODEL -u TWIN_MODEL_URL "$python" "$here/mcp_client.py" "$binary" "$doors" "$key"
done
"$tools/bin/python" "$here/openai_schema.py" "$binary"
python3 "$here/mcp_frames.py" "$binary" 1000 "${MCP_FRAMES_SEED:-}"

echo "== journal"
"$tools/bin/python" "$here/journal_client.py" "$doors" yes

echo "== nginx"
mkdir -p "$folder/nginx" "$folder/run"
serve socket --uds "$folder/run/twin.sock"
port=$(python3 "$root/Tests/free_port.py")
wrap() { # SITE: the file as Debian's nginx.conf includes it
    # The temporary folder is closed to the user that nginx would become.
    [ "$(id -u)" != 0 ] || echo "user root;"
    cat <<END
pid $folder/nginx/pid;
error_log $folder/nginx/error.log;
daemon off;
events {}
http {
    access_log off;
    client_body_temp_path $folder/nginx/body;
    proxy_temp_path $folder/nginx/proxy;
    fastcgi_temp_path $folder/nginx/fastcgi;
    uwsgi_temp_path $folder/nginx/uwsgi;
    scgi_temp_path $folder/nginx/scgi;
    include $1;
}
END
}
wrap "$root/examples/hosting/nginx.conf" >"$folder/shipped.conf"
nginx -t -q -c "$folder/shipped.conf"
sed -e "s|/run/twin/twin.sock|$folder/run/twin.sock|" -e "s|listen 80;|listen 127.0.0.1:$port;|" \
    "$root/examples/hosting/nginx.conf" >"$folder/site.conf"
wrap "$folder/site.conf" >"$folder/nginx.conf"
nginx -c "$folder/nginx.conf" 2>"$folder/nginx.log" &
started+=($!)
for _ in $(seq 3000); do curl -sf -o /dev/null "http://127.0.0.1:$port/health" && break; sleep 0.1; done
"$tools/bin/python" "$here/libraries.py" "http://127.0.0.1:$port" "$token" "$twin" "$TWIN_MODEL_URL"

echo "== Examples of hosting"
if command -v caddy >/dev/null; then
    caddy validate --adapter caddyfile --config "$root/examples/hosting/Caddyfile" >"$folder/caddy.log" 2>&1 ||
        fail "the Caddyfile is not valid: $(tail -n 3 "$folder/caddy.log")"
    echo "ok: Caddyfile"
else
    echo "left out: no caddy here"
fi
if command -v systemd-analyze >/dev/null; then
    # The program stands where the unit expects it only after an installation.
    sed "s|/usr/local/bin/twin|$binary|" "$root/examples/hosting/twin.service" >"$folder/twin.service"
    systemd-analyze verify "$folder/twin.service" >"$folder/unit.log" 2>&1 || fail "$(cat "$folder/unit.log")"
    if grep -F twin.service "$folder/unit.log"; then fail "systemd has something to say about the unit"; fi
    echo "ok: twin.service"
else
    echo "left out: no systemd-analyze here"
fi
echo "== All clients are content"
