#!/usr/bin/env bash
# Starts a primary, two replicas that Litestream keeps up to date, and HAProxy before them, on this machine alone: to try it, and to
# see what each part is told. The configurations are those of this folder.
#
#   examples/scale/start.sh FOLDER           everything below FOLDER; the processes' ids stand in FOLDER/run
#   examples/scale/start.sh FOLDER NAME...   starts these again: primary litestream follow-1 replica-1 follow-2 replica-2 proxy
#   examples/scale/stop.sh FOLDER            ends them
#
# TWIN and LITESTREAM name the programs, TWIN_PORT is the proxy's port (8000); the servers take the three after it, unless TWIN_PRIMARY,
# TWIN_REPLICA_1 and TWIN_REPLICA_2 name other addresses (10.0.0.1:8000). With TWIN_BUCKET, TWIN_ENDPOINT and AWS_ACCESS_KEY_ID,
# AWS_SECRET_ACCESS_KEY the copy is in a bucket.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1/run"
stage=$(cd "$1" && pwd)
shift
twin=${TWIN:-twin} litestream=${LITESTREAM:-litestream} port=${TWIN_PORT:-8000}
# The copies are as secret as the database.
umask 077
[ -s "$stage/token" ] || openssl rand -hex 32 >"$stage/token"

export TWIN_REPLICA_TOKEN_FILE="$stage/token" TWIN_DB="$stage/primary.db" TWIN_COPY="$stage/copy" TWIN_CONFIG="$stage/config.json"
export TWIN_LISTEN="127.0.0.1:$port" TWIN_PRIMARY="${TWIN_PRIMARY:-127.0.0.1:$((port + 1))}" TWIN_ERRORS="$here"
export TWIN_REPLICA_1="${TWIN_REPLICA_1:-127.0.0.1:$((port + 2))}" TWIN_REPLICA_2="${TWIN_REPLICA_2:-127.0.0.1:$((port + 3))}"
config=$here/litestream.yml
[ -z "${TWIN_BUCKET:-}" ] || config=$here/litestream-s3.yml

begin() {
    local name=$1
    shift
    "$@" >>"$stage/run/$name.log" 2>&1 </dev/null &
    echo $! >"$stage/run/$name.pid"
}

start() {
    case $1 in
    primary)
        # Where a primary was killed, its log may end with a change that was written and not announced. SQLite looks for one when it opens
        # a database that nobody has open; else the change is written over, and Litestream has copied it already.
        local id=
        [ ! -s "$stage/run/litestream.pid" ] || id=$(cat "$stage/run/litestream.pid")
        if [ -n "$id" ] && kill "$id" 2>/dev/null; then
            for _ in $(seq 300); do kill -0 "$id" 2>/dev/null || break; sleep 0.1; done
        else
            id=
        fi
        begin primary "$twin" serve --host "${TWIN_PRIMARY%:*}" --port "${TWIN_PRIMARY##*:}" --log none
        [ -z "$id" ] || { wait_for "the primary" answers "$TWIN_PRIMARY"; start litestream; }
        ;;
    litestream)
        # What was written while it was away may be in the log no more, which it does not always notice; with an empty log it begins with a
        # snapshot.
        sqlite3 "file:$TWIN_DB?mode=rw" "PRAGMA busy_timeout = 10000; PRAGMA wal_checkpoint(TRUNCATE)" >>"$stage/run/litestream.log" 2>&1
        begin litestream "$litestream" replicate -config "$config"
        ;;
    follow-*)
        # Litestream does not go on with a file that is newer than its last snapshot: it is restored anew.
        rm -f "$stage/replica-${1#*-}.db" "$stage/replica-${1#*-}.db-txid"
        begin "$1" "$litestream" restore -config "$config" -f -follow-interval 500ms -o "$stage/replica-${1#*-}.db" "$TWIN_DB"
        ;;
    replica-*)
        local address=$TWIN_REPLICA_1
        [ "$1" = replica-1 ] || address=$TWIN_REPLICA_2
        begin "$1" "$twin" serve --replica "$stage/replica-${1#*-}.db" --primary "http://$TWIN_PRIMARY" \
            --host "${address%:*}" --port "${address##*:}" --log none
        ;;
    proxy) begin proxy haproxy -db -f "$here/haproxy.cfg" ;;
    *) echo "error: there is no part '$1'" >&2; exit 2 ;;
    esac
}

# Waits until the command that follows succeeds, for half a minute.
wait_for() {
    local what=$1
    shift
    for _ in $(seq 150); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.2
    done
    echo "error: $what did not come about; see $stage/run/*.log" >&2
    exit 1
}
answers() { curl -sf -m 2 "http://$1/readyz"; }
has_copy() { "$litestream" restore -config "$config" -dry-run -o "$stage/none.db" "$TWIN_DB"; }

if [ $# -gt 0 ]; then
    for name in "$@"; do start "$name"; done
    exit
fi
start primary
wait_for "the primary" answers "$TWIN_PRIMARY"
start litestream
wait_for "the first copy" has_copy
for number in 1 2; do start "follow-$number"; done
for number in 1 2; do start "replica-$number"; done
wait_for "the first replica" answers "$TWIN_REPLICA_1"
wait_for "the second replica" answers "$TWIN_REPLICA_2"
start proxy
wait_for "the proxy" answers "$TWIN_LISTEN"
echo "http://$TWIN_LISTEN"
