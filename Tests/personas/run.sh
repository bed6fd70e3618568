#!/usr/bin/env bash
# Personas against real servers that others wrote: Cog draws and trains (with a predictor and a trainer of our own), moto keeps
# files as S3 does, httpx calls the contract as its document says.
#
#   Tests/personas/run.sh [PATH/TO/twin]
#
# cog, moto, Pillow, httpx and jsonschema come by name into a virtual environment (TWIN_PERSONA_TOOLS if that is set, else a temporary folder).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" curl python3 python3-venv >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_IMAGES@}" "${!TWIN_TRAINING@}" "${!TWIN_STORAGE@}" 2>/dev/null || true
folder=$(mktemp -d)
started=()
finish() {
    status=$?
    for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
    wait 2>/dev/null || true
    [ $status = 0 ] || tail -n 5 "$folder"/*.log >&2 || true
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

tools=${TWIN_PERSONA_TOOLS:-$folder/tools}
"$root/.ci/need-python" "$tools" cog 'moto[server]' pillow httpx jsonschema
# Cog starts a Python of its own.
export PATH=$tools/bin:$PATH

port() { python3 "$root/Tests/free_port.py"; }
wait_for() { # URL WORD
    for _ in $(seq 3000); do
        if [[ $(curl -sf "$1" 2>/dev/null) == *"$2"* ]]; then return; fi
        sleep 0.1
    done
    echo "error: nothing answers at $1" >&2
    exit 1
}

cd "$here"
# While this file is there, batches and trainings stand still in their middle.
export PERSONAS_HOLD=$folder/hold
draw=$(port)
PORT=$draw COG_PREDICT_TYPE_STUB=draw.py:Predictor python -m cog.server.http --host 127.0.0.1 >"$folder/draw.log" 2>&1 &
started+=($!)
teach=$(port)
PORT=$teach COG_TRAIN_TYPE_STUB=teach.py:train python -m cog.server.http --host 127.0.0.1 --x-mode train >"$folder/teach.log" 2>&1 &
started+=($!)
store=$(port)
moto_server -H 127.0.0.1 -p "$store" >"$folder/store.log" 2>&1 &
started+=($!)
wait_for "http://127.0.0.1:$draw/health-check" READY
wait_for "http://127.0.0.1:$teach/health-check" READY
wait_for "http://127.0.0.1:$store/moto-api/" -
curl -sf -o /dev/null -X PUT "http://127.0.0.1:$store/pictures"

export TWIN_IMAGES_COG_URL=http://127.0.0.1:$draw TWIN_TRAINING_COG_URL=http://127.0.0.1:$teach
export TWIN_IMAGES_COG_PRICE=0.012345 TWIN_JOBS_RETRY_SECONDS=1

echo "== A batch with failures, a kill and a cancellation; a training"
python "$here/batch.py" "$binary" "$folder"

echo "== Weights of 1 GiB"
python "$here/large.py" "$binary" "$folder/large"
rm -rf "$folder/large"

echo "== The contract by httpx, with a folder for storage"
python "$here/client.py" "$binary" "$folder/folder"

echo "== The contract by httpx, with a bucket for storage"
TWIN_STORAGE_S3_URL=http://127.0.0.1:$store TWIN_STORAGE_S3_BUCKET=pictures TWIN_STORAGE_S3_KEY_ID=twin \
    TWIN_STORAGE_S3_SECRET=secret python "$here/client.py" "$binary" "$folder/bucket"

if [ -n "${TWIN_TEST_SWIFT:-}" ]; then
    echo "== The storage's own tests on both"
    (cd "$root" && TWIN_TEST_S3_URL=http://127.0.0.1:$store $TWIN_TEST_SWIFT --filter StorageTests)
fi
echo "== Personas are content"
