#!/usr/bin/env bash
# Kills an ingestion at random instants and looks at what is left: SQLite's quick_check, no source twice, none without its
# chunks; then lets the last run finish and compares the database with that of an undisturbed run.
#
#   Tests/Benchmarks/kill.sh [KILLS]         default 200; TWIN names another binary than the release build
set -euo pipefail
cd "$(dirname "$0")/../.."
kills=${1:-200}
twin=${TWIN:-$PWD/.build/release/twin}
[ -x "$twin" ] || { echo "build it first: swift build -c release --static-swift-stdlib" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/twin-kill.XXXXXX")
trap 'rm -rf "$work"' EXIT
export TWIN_DB="$work/twin.db" TWIN_CONFIG="$work/config.json"

# corpus ROUND: two thousand notes, a third of which change from round to round, so that replacing is interrupted as well.
corpus() {
    python3 - "$work/corpus" "$1" <<'PY'
import os, sys
folder, turn = sys.argv[1], int(sys.argv[2])
os.makedirs(folder, exist_ok=True)
for number in range(2000):
    version = turn if number % 3 == 0 else 0
    if turn and not version: continue
    text = f"# Note {number}\n\n" + f"Version {version} of note {number} tells of bees, of honey and of the weather. " * 30
    open(f"{folder}/{number:04d}.md", "w").write(text)
PY
}
# What a run leaves, without what is made anew each time (ids, keys, times).
state() {
    sqlite3 "$1" "SELECT s.locator, s.status, s.chunk_count, hex(t.sha256),
        (SELECT group_concat(start || '-' || \"end\") FROM chunks WHERE source_key = s.key ORDER BY key)
        FROM sources s JOIN texts t ON t.key = s.text_key ORDER BY s.locator" | sha256sum
}
corpus 0
"$twin" twins create one -q > /dev/null
start=$(date +%s%N); "$twin" ingest "$work/corpus" -q > /dev/null; took=$((($(date +%s%N) - start) / 1000000))
rm -f "$TWIN_DB"*; "$twin" twins create one -q > /dev/null
bad=0 killed=0 round=0
while [ "$killed" -lt "$kills" ]; do
    round=$((round + 1))
    # The notes change each time, so that there is always something to do; every fifth time the database starts empty.
    corpus "$round"
    if [ $((round % 5)) = 0 ]; then rm -f "$TWIN_DB"*; "$twin" twins create one -q > /dev/null; fi
    "$twin" ingest "$work/corpus" -q > /dev/null 2>&1 & pid=$!
    sleep "$(awk -v m="$took" -v r="$RANDOM" 'BEGIN { printf "%.4f", (r / 32768) * m / 1000 }')"
    # A run that had ended before the signal came does not count.
    if kill -9 "$pid" 2> /dev/null; then killed=$((killed + 1)); fi
    wait "$pid" 2> /dev/null || true
    found=$(sqlite3 "$TWIN_DB" "PRAGMA quick_check;
        SELECT count(*) FROM (SELECT 1 FROM sources GROUP BY twin_key, locator HAVING count(*) > 1);
        SELECT count(*) FROM sources s WHERE status = 'live' AND chunk_count <> (SELECT count(*) FROM chunks WHERE source_key = s.key);
        SELECT count(*) FROM texts WHERE NOT EXISTS (SELECT 1 FROM sources WHERE text_key = texts.key)" | tr '\n' ' ')
    if [ "$found" != "ok 0 0 0 " ]; then bad=$((bad + 1)); echo "round $round: $found"; fi
done
"$twin" ingest "$work/corpus" -q > /dev/null
"$twin" doctor > "$work/doctor" || { cat "$work/doctor"; bad=$((bad + 1)); }
survived=$(state "$TWIN_DB")
rm -f "$TWIN_DB"*; "$twin" twins create one -q > /dev/null; "$twin" ingest "$work/corpus" -q > /dev/null
[ "$survived" = "$(state "$TWIN_DB")" ] || { echo "the state differs from that of an undisturbed run"; bad=$((bad + 1)); }
echo "$killed kills in $round runs: $bad bad"
[ "$bad" = 0 ]
