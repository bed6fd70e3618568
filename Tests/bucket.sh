#!/usr/bin/env bash
# Sends documents to a bucket with the addresses that the brain contract gives out, and has them processed: a small one, one that is
# too large, one of 1 GiB whose way through the server is measured, and one that is left behind.
#
#   Tests/bucket.sh [PATH/TO/twin] [MEBIBYTES]
#
# nanio, moto and httpx come by name into a virtual environment (TWIN_BUCKET_TOOLS if that is set, else a temporary folder).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" python3 python3-venv sqlite3 >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" "${!TWIN_STORAGE@}" 2>/dev/null || true
folder=$(mktemp -d)
trap 'status=$?; [ $status = 0 ] || tail -n 5 "$folder"/*/*.log >&2 || true; rm -rf "$folder"; exit $status' EXIT
trap 'exit 130' INT TERM
tools=${TWIN_BUCKET_TOOLS:-$folder/tools}
"$root/.ci/need-python" "$tools" nanio boto3 'moto[server]' httpx
for store in nanio moto; do
    mkdir "$folder/$store"
    # moto keeps what it is given in memory.
    "$tools/bin/python" -B "$root/Tests/bucket/upload.py" "$binary" "$folder/$store" "$([ $store = moto ] && echo 16 || echo "${2:-1024}")" "$store"
done
