#!/usr/bin/env bash
# Starts and stops `twin serve` many times while it answers, and fails at the first end that is not orderly: another exit code
# than 0, or a log that is left beside the database. Threads that end while the process does are what it is after.
#
#   Tests/shutdown.sh                           300 rounds with .build/debug/twin
#   TWIN=.build/release/twin Tests/shutdown.sh 1000
set -euo pipefail
cd "$(dirname "$0")/.."

twin=$(realpath "${TWIN:-.build/debug/twin}")
rounds=${1:-300}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
unset "${!TWIN_@}"
export HOME=$place XDG_CONFIG_HOME=$place TWIN_DB=$place/twin.db

"$twin" twins create ada >/dev/null
printf '# Bees\n\nBees store honey in combs of wax for the winter.\n' >bees.md
"$twin" ingest bees.md --quiet >/dev/null
key=$("$twin" keys create load --scope read --scope write --scope chat --json | jq -r .key)

cat >load.py <<'PYTHON'
import http.client, os, sys, threading

port, key = int(sys.argv[1]), sys.argv[2]

def ask(number):
    """Requests of every kind until the server has gone: with a good key, a bad one, a bad token, and none."""
    headers = [{"x-twin-api-key": key}, {"x-twin-api-key": key[:-1] + "x"}, {"authorization": "Bearer a.b.c"}, {}][number % 4]
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            for _ in range(20):
                connection.request("GET", "/twins" if number % 2 else "/health", headers=headers)
                connection.getresponse().read()
                with counted:
                    answered[0] += 1
                    if answered[0] == 40:
                        open("loaded", "w").close()
        except (OSError, http.client.HTTPException):
            if not os.path.exists("ready.json"):
                return

answered, counted = [0], threading.Lock()
for number in range(8):
    threading.Thread(target=ask, args=(number,)).start()
PYTHON

for round in $(seq "$rounds"); do
    rm -f loaded
    "$twin" serve --port 0 --ready-file ready.json --log none >serve.log 2>&1 &
    server=$!
    for _ in $(seq 1000); do [ -s ready.json ] && break; sleep 0.01; done
    port=$(jq -r .url ready.json | sed 's/.*://')
    python3 load.py "$port" "$key" &
    load=$!
    for _ in $(seq 1000); do [ -e loaded ] && break; sleep 0.01; done
    [ -e loaded ] || { echo "round $round: the server did not answer" >&2; cat serve.log >&2; exit 1; }
    kill -TERM "$server"
    code=0
    wait "$server" || code=$?
    rm -f ready.json
    wait "$load"
    [ "$code" = 0 ] || { echo "round $round: exit code $code" >&2; cat serve.log >&2; exit 1; }
    [ ! -e twin.db-wal ] || { echo "round $round: the log was left" >&2; exit 1; }
done
echo "$rounds starts and stops under load, all orderly"
