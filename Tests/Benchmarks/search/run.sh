#!/bin/sh
# Compares the search index with FTS5 and Tantivy on a synthetic corpus.
#   Tests/Benchmarks/search/run.sh [DOCUMENTS] [FOLDER]
# Tantivy takes part when $PYTHON (python3) has the package `tantivy`.
set -eu
documents=${1:-100000}
folder=${2:-${TMPDIR:-/tmp}/twin-benchmark-$documents}
python=${PYTHON:-python3}
benchmark=$(swift build -c release --show-bin-path)/twin-benchmark
[ -x "$benchmark" ] || swift build -c release --product twin-benchmark
[ -f "$folder/queries.txt" ] || "$benchmark" search corpus "$folder" "$documents"
"$benchmark" search analyze "$folder"
"$benchmark" search index "$folder" "$folder/twin.db" 2
"$benchmark" search query "$folder" "$folder/twin.db"
[ "${SKIP_FTS5:-}" ] || "$benchmark" search fts5 "$folder" "$folder/fts5.db"
if "$python" -c 'import tantivy' 2>/dev/null; then "$python" "$(dirname "$0")/tantivy_peer.py" "$folder" "$folder/tantivy"; fi
