#!/usr/bin/env bash
# Runs the hosting example as its real users: what the unit's comment says to set up, the unit's command as its user with its
# groups, umask, folders and credentials, and nginx with the example site, whose workers are www-data. Everything stands below a
# folder of its own instead of / and is removed at the end.
#
#   Tests/hosting.sh                            with .build/debug/twin
#   TWIN=.build/release/twin Tests/hosting.sh
#
# It has to be root, to be several users.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "error: $*" >&2; exit 1; }
[ "$(id -u)" = 0 ] || fail "run this as root: it starts processes of other users"
.ci/need-packages nginx-light curl jq openssl passwd python3 util-linux

# As on the machine of the example, whatever this shell has.
umask 022
unit=examples/hosting/twin.service
# Nobody else's, not even that of a run that was ended before it could clean up.
user=twin-test-$$
stage=$(mktemp -d)
chmod 755 "$stage"
server= nginx=
cleanup() {
    [ -z "$nginx" ] || kill "$nginx" 2>/dev/null || true
    [ -z "$server" ] || kill -KILL "$server" 2>/dev/null || true
    wait || true
    userdel "$user" 2>/dev/null || true
    rm -rf "$stage"
}
trap cleanup EXIT

# The value of a directive of the unit; every one it has, a line each.
directive() { sed -n "s/^$1=//p" "$unit"; }
# A path of the example as it is here, and its user as the one of this test.
staged() {
    sed -E "s#/usr/local/bin/twin#$stage/twin#g; s#/(etc|run|var/lib)/twin#$stage/\1/twin#g; s#%d#$stage/credentials#g"
}

# 1. What the comment says, apart from what is systemd's own.
install -m 755 "$(realpath "${TWIN:-.build/debug/twin}")" "$stage/twin"
mkdir -p "$stage/etc" "$stage/run" "$stage/var/lib"
sed -n 's/^#   \([^ ]\)/\1/p' "$unit" | grep -v systemctl | grep -v /etc/systemd | staged |
    sed -E "s/\bsudo //g; s/(useradd .*) twin$/\1 $user/; s/-g twin\b/-g $user/g" >"$stage/setup.sh"
bash -euo pipefail "$stage/setup.sh"

# 2. What systemd does before it starts the command.
[ "$(directive User)" = twin ] && [ "$(directive Group)" = twin ] || fail "the unit runs as another user than it says"
install -d -o "$user" -g "$user" -m "$(directive RuntimeDirectoryMode)" "$stage/run/$(directive RuntimeDirectory)"
install -d -o "$user" -g "$user" -m "$(directive StateDirectoryMode)" "$stage/var/lib/$(directive StateDirectory)"
install -d -o "$user" -m 500 "$stage/credentials"
directive LoadCredential | staged | while IFS=: read -r name path; do
    install -o "$user" -m 400 "$path" "$stage/credentials/$name"
done
groups=$(id -g "$user")
for group in $(directive SupplementaryGroups); do groups+=,$(getent group "$group" | cut -d: -f3); done
mapfile -t variables < <(directive Environment | staged)
as=(setpriv --reuid "$user" --regid "$user" --groups "$groups" --no-new-privs env -i PATH="$PATH" "${variables[@]}")

# 3. The unit's command.
command=$(directive ExecStart | staged)
"${as[@]}" bash -c "umask $(directive UMask); exec $command" >"$stage/serve.log" 2>&1 &
server=$!
for _ in $(seq 6000); do [ -S "$stage/run/twin/twin.sock" ] && break; sleep 0.05; done
[ -S "$stage/run/twin/twin.sock" ] || { cat "$stage/serve.log" >&2; fail "the unit's command does not start"; }

# A key, made by the service's user as the comment says, beside the server.
key=$("${as[@]}" "$stage/twin" keys create site --scope read --scope write --scope chat --json | jq -r .key)
"${as[@]}" "$stage/twin" twins create ada >/dev/null

# 4. nginx as Debian starts it, with the example site on a port of its own.
port=$(python3 Tests/free_port.py)
staged <examples/hosting/nginx.conf | sed "s/listen 80;/listen 127.0.0.1:$port;/" >"$stage/site.conf"
cat >"$stage/nginx.conf" <<NGINX
user www-data;
pid $stage/nginx.pid;
error_log $stage/nginx.log;
daemon off;
events {}
http {
    access_log off;
    client_body_temp_path $stage/body; proxy_temp_path $stage/proxy; fastcgi_temp_path $stage/f; uwsgi_temp_path $stage/u; scgi_temp_path $stage/s;
    include $stage/site.conf;
}
NGINX
nginx -e "$stage/nginx.log" -c "$stage/nginx.conf" &
nginx=$!
url=http://127.0.0.1:$port
for _ in $(seq 6000); do curl -so /dev/null "$url/health" && break; sleep 0.05; done

expect() {
    local wanted=$1 what=$2 code
    shift 2
    code=$(curl -sS -o "$stage/reply" -w '%{http_code}' "$@") || true
    [ "$code" = "$wanted" ] || {
        cat "$stage/reply" "$stage/nginx.log" "$stage/serve.log" >&2
        fail "$what: $code instead of $wanted"
    }
}
expect 200 "a request through nginx" "$url/health"
expect 401 "without a key" "$url/twins"
expect 200 "with a key" -H "x-twin-api-key: $key" "$url/twins"
# As large as it has to be, and the same in every run.
python3 -c 'import base64, random; print(base64.encodebytes(random.Random(1).randbytes(3_000_000)).decode(), end="")' >"$stage/large.txt"
expect 200 "an upload of 4 MB" -H "x-twin-api-key: $key" -F "file=@$stage/large.txt" "$url/ingest/file/ada"
expect 200 "a question" -H "x-twin-api-key: $key" -H 'content-type: application/json' -d '{"query":"Where is honey?"}' "$url/chat/ada"
# Who is neither the service nor the proxy does not reach it past the proxy, and reads nothing of it.
if setpriv --reuid nobody --regid nogroup --clear-groups curl -sS --unix-socket "$stage/run/twin/twin.sock" http://twin/health \
    >/dev/null 2>&1; then
    fail "anybody on the machine reaches the socket"
fi
for file in etc/twin/jwt-secret etc/twin/master-key var/lib/twin/twin.db var/lib/twin/twin.db-wal; do
    ! setpriv --reuid nobody --regid nogroup --clear-groups cat "$stage/$file" >/dev/null 2>&1 || fail "anybody reads $file"
done
# The proxy says who it speaks for, and is believed.
grep -q '"remote":"127.0.0.1"' "$stage/serve.log" || fail "the log does not name the proxy's client"

# 5. The end, as systemd asks for it, well within the time that the unit gives.
sed -n 's/^TimeoutStopSec=//p' "$unit" | grep -qx '[0-9]*' || fail "the unit gives no time to end"
kill "-$(directive KillSignal)" "$server"
code=0
timeout "$(directive TimeoutStopSec)" tail --pid "$server" -f /dev/null || fail "the server outlives TimeoutStopSec"
wait "$server" || code=$?
server=
[ "$code" = 0 ] || { cat "$stage/serve.log" >&2; fail "the server ended with $code"; }
[ ! -e "$stage/var/lib/twin/twin.db-wal" ] || fail "the database is in two files"
"${as[@]}" "$stage/twin" doctor --quick >"$stage/doctor" || { cat "$stage/doctor" >&2; fail "twin doctor finds something"; }
grep -q 'wrapped with the master key' "$stage/doctor" || fail "the secrets are not wrapped"
echo "the hosting example works as $user and www-data"

# 6. The unit for a desktop, as systemd reads it.
desktop=examples/desktop/twin-watch.service
if command -v systemd-analyze >/dev/null; then
    mkdir -p "$stage/units" "$stage/session"
    sed "s#/usr/local/bin/twin#$stage/twin#" "$desktop" >"$stage/units/twin-watch.service"
    XDG_RUNTIME_DIR=$stage/session systemd-analyze --user verify "$stage/units/twin-watch.service" >"$stage/verify" 2>&1 ||
        { cat "$stage/verify" >&2; fail "systemd does not take $desktop"; }
    # What it says of this machine's own units is of no account.
    if grep -F twin-watch "$stage/verify" >&2; then fail "systemd remarks on $desktop"; fi
    echo "systemd takes the desktop example"
else
    echo "systemd-analyze is not installed: the desktop example was not verified"
fi
