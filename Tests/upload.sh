#!/usr/bin/env bash
# Sends a document of 1 GiB to its signed address and measures the server while it comes: the document goes to the disk piece by
# piece, so that memory stays what it was.
#
#   Tests/upload.sh [PATH/TO/twin] [MEBIBYTES]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
mebibytes=${2:-1024}
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" curl jq >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" 2>/dev/null || true
folder=$(mktemp -d)
server=
finish() {
    status=$?
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

cd "$folder"
export TWIN_DB=$folder/twin.db TWIN_INGEST_MAX_FILE_MIB=$mebibytes
"$binary" users add owner@example.org --role owner --no-password --json >/dev/null
token=$("$binary" token create --user owner@example.org)
"$binary" serve --port 0 --ready-file ready.json --log none >server.log 2>&1 </dev/null &
server=$!
for _ in $(seq 150); do
    [ -s ready.json ] && break
    kill -0 "$server" 2>/dev/null || { cat server.log >&2; exit 1; }
    sleep 0.1
done
url=$(jq -r .url ready.json)
call() { curl -sS --fail-with-body -H "authorization: Bearer $token" -H 'content-type: application/json' "$@"; }
kibibytes() { sed -n "s/^$1:[[:space:]]*\([0-9]*\) kB$/\1/p" "/proc/$server/status"; }

twin=$(call -d '{"name":"Large"}' "$url/api/twins" | jq -er .id)
announce() { call -d '{"filename":"large.txt","content_type":"text/plain"}' "$url/api/twins/$twin/documents/upload"; }
# Everything that a request touches has been touched once.
printf 'small' >small.txt
curl -sS --fail-with-body -H 'content-type: text/plain' -T small.txt "$(announce | jq -er .upload_url)" >/dev/null

{ yes 'A hive is opened in May, when the linden tree is in flower.' || true; } | head -c "$((mebibytes << 20))" >large.txt
slot=$(announce)
document=$(jq -er .document_id <<<"$slot")
before=$(kibibytes VmHWM)
seconds=$(curl -sS --fail-with-body -o /dev/null -w '%{time_total}' -H 'content-type: text/plain' -T large.txt "$(jq -er .upload_url <<<"$slot")")
after=$(kibibytes VmHWM)
cmp large.txt "$folder/twin.db.uploads/$document"

# A byte more than was signed for is refused, whether its length is told before or not.
slot=$(announce)
printf '.' >>large.txt
for header in '' 'transfer-encoding: chunked'; do
    status=$(curl -s -o /dev/null -w '%{http_code}' -H 'content-type: text/plain' ${header:+-H "$header"} -T large.txt "$(jq -er .upload_url <<<"$slot")" || true)
    [ "$status" = 413 ] || { echo "error: a document that is too large is answered $status" >&2; exit 1; }
done
[ "$(find "$folder/twin.db.uploads" -type f | wc -l)" -le 1 ] || { echo "error: pieces of a refused document are left" >&2; exit 1; }

echo "$mebibytes MiB in $seconds s; the server's greatest memory: $((before / 1024)) MiB before, $((after / 1024)) MiB after, and" \
    "$((($(kibibytes VmHWM) - before) / 1024)) MiB more with what was refused (to reach: less than 32 in all)"
[ "$(kibibytes VmHWM)" -lt $((32 * 1024)) ] || [ $(($(kibibytes VmHWM) - before)) -lt $((8 * 1024)) ] || {
    echo "error: the document was held in memory" >&2
    exit 1
}
