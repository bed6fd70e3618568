#!/usr/bin/env bash
# Ingests 100 MB of Markdown in 10,000 files and compares with the yardstick in the same run: the same text loaded into an
# FTS5 `porter` table by one sqlite3 process in one transaction. Then a second run over unchanged files, peak memory, the
# start of the program and one-shot answers. Prints seconds and ratios; it never fails on a slow machine.
#
#   Tests/Benchmarks/ingest.sh [RUNS]        default 3; TWIN names another binary than the release build
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-3}
twin=${TWIN:-$PWD/.build/release/twin}
[ -x "$twin" ] || { echo "build it first: swift build -c release --static-swift-stdlib" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/twin-benchmark.XXXXXX")
trap 'rm -rf "$work"' EXIT

python3 - "$work/corpus" <<'PY'
import random, sys, os
random.seed(7)
# A vocabulary with the word lengths of English and Zipf's law in use: what tokenizers and dictionaries depend on.
letters = "etaoinshrdlucmfwypvbgkjqxz"
weights = [12.7, 9.1, 8.2, 7.5, 7.0, 6.7, 6.3, 6.1, 6.0, 4.3, 4.0, 2.8, 2.8, 2.4, 2.2, 2.4, 2.0, 1.9, 1.0, 1.5, 2.0, 0.8, 0.15, 0.1, 0.15, 0.07]
words = ["".join(random.choices(letters, weights, k=random.choice([2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10]))) for _ in range(60000)]
cumulative, total = [], 0.0
for rank in range(len(words)):
    total += 1.0 / (rank + 2.7)
    cumulative.append(total)
def sentence():
    return " ".join(random.choices(words, cum_weights=cumulative, k=random.randint(6, 22))).capitalize() + "."
for number in range(10000):
    parts, size = ["# " + sentence()[:60]], 0
    while size < 10000:
        if random.random() < 0.25: parts.append("## " + sentence()[:50])
        paragraph = " ".join(sentence() for _ in range(random.randint(2, 7)))
        parts.append(paragraph)
        size += len(paragraph)
    path = f"{sys.argv[1]}/{number // 100:02d}/{number:05d}.md"
    os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "w").write("\n\n".join(parts) + "\n")
PY
bytes=$(find "$work/corpus" -type f -printf '%s\n' | awk '{s+=$1} END {print s}')
find "$work/corpus" -type f -name '*.md' > "$work/files.txt"
cat "$work"/corpus/*/*.md > /dev/null
echo "corpus: $(wc -l < "$work/files.txt") files, $((bytes / 1000000)) MB"

# seconds COMMAND...: wall seconds of a command whose output is thrown away.
seconds() { local TIMEFORMAT=%R; { time "$@" > /dev/null 2> "$work/errors" || { cat "$work/errors" >&2; exit 1; }; } 2>&1 | tail -1; }
median() { sort -n | awk '{a[NR]=$1} END {print a[int((NR+1)/2)]}'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

fts5() {
    rm -f "$work/fts.db"*
    sqlite3 "$work/fts.db" <<SQL
PRAGMA journal_mode = WAL;
CREATE VIRTUAL TABLE t USING fts5(body, tokenize = 'porter');
CREATE TEMP TABLE files (path TEXT);
.import $work/files.txt files
BEGIN; INSERT INTO t SELECT CAST(readfile(path) AS TEXT) FROM files; COMMIT;
SQL
}
export TWIN_DB="$work/twin.db" TWIN_CONFIG="$work/config.json"
ingest() { rm -f "$TWIN_DB"*; "$twin" ingest "$work/corpus" --quiet --json; }

ours=() theirs=()
for run in $(seq "$runs"); do
    theirs+=("$(seconds fts5)")
    ours+=("$(seconds ingest)")
    echo "run $run: twin ${ours[-1]} s, FTS5 ${theirs[-1]} s, throughput ratio $(ratio "${theirs[-1]}" "${ours[-1]}")"
done
a=$(printf '%s\n' "${ours[@]}" | median); b=$(printf '%s\n' "${theirs[@]}" | median)
echo "ingest: median $a s, $(awk -v s="$a" -v b="$bytes" 'BEGIN { printf "%.1f", b / s / 1e6 }') MB/s; FTS5 median $b s; ratio $(ratio "$b" "$a") (to reach 1.5)"
python3 - "$twin" "$work/corpus" <<'PY'
import os, resource, subprocess, sys
database = os.environ["TWIN_DB"]
for suffix in ("", "-wal", "-shm"):
    if os.path.exists(database + suffix): os.remove(database + suffix)
subprocess.run([sys.argv[1], "ingest", sys.argv[2], "--quiet", "--json"], stdout=subprocess.DEVNULL, check=True)
print(f"peak memory: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB (to reach below 200)")
PY
echo "second run, unchanged: $(seconds "$twin" ingest "$work/corpus" --quiet --json) s (to reach below 1)"
"$twin" twins show --json | python3 -c 'import json, sys; d = json.load(sys.stdin); print(d["source_count"], "sources,", d["chunk_count"], "chunks")'

python3 - "$twin" "$work" <<'PY'
import os, random, subprocess, sys, time
twin, work = sys.argv[1:]
def median(command, runs=41):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return sorted(times)[runs // 2] * 1000
true, version = median(["/bin/true"]), median([twin, "version"])
print(f"twin version: {version:.2f} ms, /bin/true {true:.2f} ms, difference {version - true:.2f} ms (to reach 3)")
# One-shot questions over 10,000 chunks: a part of the corpus in a database of its own.
database = os.path.join(work, "small.db")
environment = dict(os.environ, TWIN_DB=database)
folders = [os.path.join(work, "corpus", f"{n:02d}") for n in range(8)]
subprocess.run([twin, "ingest", *folders, "--quiet", "--json"], env=environment, stdout=subprocess.DEVNULL, check=True)
os.environ["TWIN_DB"] = database
words = open(os.path.join(folders[0], "00000.md")).read().split()
question = " ".join(random.Random(3).sample(words, 6))
print(f"one-shot chat: {median([twin, 'chat', question]):.1f} ms (to reach below 25)")
PY
