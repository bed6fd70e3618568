#!/usr/bin/env bash
# Fills a twin with messages (a million unless told) by plain INSERTs, so that the triggers do their work, and times what
# `twin metrics` shows beside a recount of the same numbers by one sqlite3 process. Prints milliseconds; it never fails on a
# slow machine.
#
#   Tests/Benchmarks/metrics.sh [MESSAGES]   TWIN names another binary than the release build
set -euo pipefail
cd "$(dirname "$0")/../.."
messages=${1:-1000000}
twin=${TWIN:-$PWD/.build/release/twin}
[ -x "$twin" ] || { echo "build it first: swift build -c release --static-swift-stdlib" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/twin-benchmark.XXXXXX")
trap 'rm -rf "$work"' EXIT
export TWIN_DB="$work/twin.db" TWIN_CONFIG="$work/config.json"
"$twin" twins create ada --quiet > /dev/null

# Conversations of ten messages over the last 90 days: half by visitors' sessions, the rest by 500 users. One question in two
# is among 1,000 frequent ones.
fill() {
    sqlite3 "$TWIN_DB" <<SQL
PRAGMA synchronous = OFF;
BEGIN;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $messages / 10)
INSERT INTO conversations (id, tenant_id, twin_key, user_id, session_id, created_at, updated_at)
SELECT 'c' || i, tenant_id, key, CASE WHEN i % 2 THEN 'user' || (i % 500) END, CASE WHEN i % 2 = 0 THEN 'session' || i END,
    strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-' || ((i * 7919) % 90) || ' days', '-' || (i % 86400) || ' seconds'),
    strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
FROM n, twins;
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $messages - 1)
INSERT INTO messages (id, conversation_key, role, content, status, confidence, citations, question_key, created_at)
SELECT 'm' || i, i / 10 + 1, CASE WHEN i % 2 THEN 'assistant' ELSE 'user' END,
    CASE WHEN i % 2 THEN 'The interval is forty thousand kilometres, or four years, whichever comes first. ' || hex(randomblob(60))
        WHEN i % 4 THEN 'How often is part number ' || (i * 31 % 1000) || ' of the gear box changed?'
        ELSE 'What does ' || hex(randomblob(12)) || ' mean for the maintenance of the pump?' END,
    CASE WHEN i % 2 THEN CASE WHEN i % 20 = 1 THEN 'unanswerable' ELSE 'grounded' END END,
    CASE WHEN i % 2 THEN abs(random() % 1000) / 1000.0 END, CASE WHEN i % 2 THEN '[]' END,
    CASE WHEN i % 2 THEN i END, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
FROM n;
COMMIT;
SQL
}
start=$(date +%s%N); fill
echo "filled: $messages messages in $(( ($(date +%s%N) - start) / 1000000 )) ms, $(( $(stat -c %s "$TWIN_DB") >> 20 )) MiB"

python3 - "$twin" <<'PY'
import json, os, subprocess, sys, time
twin, database = sys.argv[1], os.environ["TWIN_DB"]
def median(command, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        output = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[runs // 2], output
recount = """SELECT count(DISTINCT c.key), count(*), sum(role = 'user'), sum(role = 'assistant'),
    round(avg(CASE WHEN role = 'assistant' AND confidence > 0 THEN confidence END), 4)
    FROM conversations c JOIN messages m ON m.conversation_key = c.key
    WHERE c.twin_key = 1 AND c.created_at >= date('now', '-30 days')"""
naive, counted = median(["sqlite3", database, recount], 3)
ours, shown = median([twin, "metrics", "dashboard", "--json"], 21)
shown = json.loads(shown)
mine = [shown[name] for name in ("conversations", "messages", "user_messages", "assistant_messages", "avg_confidence")]
theirs = [float(value) for value in counted.strip().split("|")]
assert all(abs(a - b) < 0.00011 for a, b in zip(mine, theirs)), (mine, theirs)
print(f"dashboard: {ours:.1f} ms (to reach below 50), recount {naive:.0f} ms, ratio {naive / ours:.0f}; the numbers agree")
for words in (["daily", "--days", "30"], ["usage"], ["top-questions", "--limit", "20"], ["activity", "--limit", "50"], ["audience", "--limit", "100"]):
    print(f"{words[0]}: {median([twin, 'metrics', *words, '--json'], 7)[0]:.1f} ms")
PY
