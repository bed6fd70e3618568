#!/usr/bin/env bash
# Ends what start.sh has started below a folder, the proxy first and the primary's copy last.
set -euo pipefail
[ $# = 1 ] || { echo "usage: examples/scale/stop.sh FOLDER" >&2; exit 2; }
for name in proxy replica-1 replica-2 follow-1 follow-2 primary litestream; do
    file=$1/run/$name.pid
    [ -s "$file" ] || continue
    id=$(cat "$file")
    kill "$id" 2>/dev/null || true
    for _ in $(seq 200); do kill -0 "$id" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$id" 2>/dev/null || true
    rm -f "$file"
done
