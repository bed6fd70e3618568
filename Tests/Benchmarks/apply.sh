#!/usr/bin/env bash
# Applies a folder with 5,000 verified answers: the first time, then unchanged, then with one answer changed. Prints the
# first time, and the median and the slowest of the repeated runs, in milliseconds of the whole command. It never fails on a
# slow machine.
#
#   Tests/Benchmarks/apply.sh [RUNS] [ANSWERS]      default 21 and 5000; TWIN names another binary than the release build
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${1:-21}
answers=${2:-5000}
twin=${TWIN:-$PWD/.build/release/twin}
[ -x "$twin" ] || { echo "build it first: swift build -c release --static-swift-stdlib" >&2; exit 1; }
work=$(mktemp -d "${TMPDIR:-/tmp}/twin-benchmark.XXXXXX")
trap 'rm -rf "$work"' EXIT
export TWIN_DB="$work/twin.db" TWIN_CONFIG="$work/config.json"

mkdir "$work/seed"
echo '{"slug": "ada", "name": "Ada"}' > "$work/seed/twin.json"
echo '[{"name": "Default Group", "is_default": true, "verified_qna": "all"}]' > "$work/seed/groups.json"
awk -v n="$answers" 'BEGIN {
    srand(7)
    split("gearbox pressure autumn colony invoice harbour window sample licence budget copper travel report filter engine winter", w, " ")
    for (i = 1; i <= n; i++) {
        q = "How is the " w[int(rand() * 16) + 1] " of the " w[int(rand() * 16) + 1] " number " i " handled"
        a = "Case " i ":"
        for (j = 0; j < 40; j++) a = a " " w[int(rand() * 16) + 1]
        printf "{\"question\":\"%s?\",\"answer\":\"%s.\",\"visibility\":\"private\"}\n", q, a
    }
}' > "$work/seed/qna.jsonl"
echo "$(wc -l < "$work/seed/qna.jsonl") answers, $(wc -c < "$work/seed/qna.jsonl") bytes"

# milliseconds COMMAND...: wall milliseconds of a command whose output is thrown away.
milliseconds() {
    local start end
    start=$(date +%s%N)
    "$@" > /dev/null 2> "$work/errors" || { cat "$work/errors" >&2; exit 1; }
    end=$(date +%s%N)
    echo $(((end - start) / 100000)) | awk '{printf "%.1f\n", $1 / 10}'
}
summary() { sort -n | awk '{a[NR] = $1} END {printf "median %.1f ms, slowest %.1f ms\n", a[int((NR + 1) / 2)], a[NR]}'; }
apply() { "$twin" apply "$work/seed" --quiet; }

echo "first time:       $(milliseconds apply) ms"
for ((i = 0; i < runs; i++)); do milliseconds apply; done | { printf 'without changes:  '; summary; }
[ "$("$twin" apply "$work/seed" --json | grep -c '"changes":\[\]')" = 1 ] || { echo "a second run should change nothing" >&2; exit 1; }
for ((i = 0; i < runs; i++)); do
    sed -i "1s/\"answer\":\"[^\"]*\"/\"answer\":\"Changed $i.\"/" "$work/seed/qna.jsonl"
    milliseconds apply
done | { printf 'one answer edited: '; summary; }
