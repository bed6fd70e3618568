#!/usr/bin/env bash
# Has HAProxy read the configurations of examples/scale and docs/tenants.md, without a remark, and runs the latter before two servers that
# tell their names: each host's requests go where the map says, and elsewhere once it is told so.
#
#   Tests/scale/proxies.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
.ci/need-packages haproxy python3 curl openssl >&2
folder=$(mktemp -d)
ids=()
finish() {
    for id in "${ids[@]}"; do kill "$id" 2>/dev/null || true; done
    wait || true
    rm -rf "$folder"
}
trap finish EXIT
fail() { echo "error: $*" >&2; exit 1; }
# Takes a configuration as HAProxy takes it when it starts.
reads() {
    haproxy -c -q -f "$1" >"$folder/said" 2>&1 || { cat "$folder/said" >&2; fail "HAProxy does not take $2"; }
    [ ! -s "$folder/said" ] || { cat "$folder/said" >&2; fail "HAProxy remarks on $2"; }
}

TWIN_LISTEN=127.0.0.1:9 TWIN_PRIMARY=127.0.0.1:9 TWIN_REPLICA_1=127.0.0.1:9 TWIN_REPLICA_2=127.0.0.1:9 TWIN_ERRORS=examples/scale \
    reads examples/scale/haproxy.cfg examples/scale/haproxy.cfg

# The blocks of the page that name a file in their first line.
block() { awk -v name="# $1" '/^```/ { inside = !inside; wanted = 0; next } inside && index($0, name) == 1 { wanted = 1; next } wanted' docs/tenants.md; }
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=twin -days 2 -keyout "$folder/key" -out "$folder/twin.pem" 2>"$folder/said"
cat "$folder/key" >>"$folder/twin.pem"
block /etc/haproxy/tenants.map >"$folder/tenants.map"
[ -s "$folder/tenants.map" ] || fail "docs/tenants.md has no map"
read -r -a ports <<<"$(python3 -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
print(*(one.getsockname()[1] for one in held))')"
block /etc/haproxy/haproxy.cfg |
    sed "s#/etc/haproxy/#$folder/#g; s#/run/haproxy/#$folder/#g; s#bind :443#bind 127.0.0.1:${ports[0]}#; s#127.0.0.1:8000#127.0.0.1:${ports[1]}#; s#127.0.0.1:8001#127.0.0.1:${ports[2]}#" \
        >"$folder/haproxy.cfg"
reads "$folder/haproxy.cfg" "the configuration of docs/tenants.md"

for name in a b; do
    mkdir "$folder/$name"
    echo "$name" >"$folder/$name/readyz"
done
python3 -m http.server -b 127.0.0.1 -d "$folder/a" "${ports[1]}" >/dev/null 2>&1 &
ids+=($!)
python3 -m http.server -b 127.0.0.1 -d "$folder/b" "${ports[2]}" >/dev/null 2>&1 &
ids+=($!)
for port in "${ports[@]:1}"; do
    for _ in $(seq 200); do curl -sf -o /dev/null "http://127.0.0.1:$port/readyz" && break; sleep 0.05; done
done
haproxy -db -f "$folder/haproxy.cfg" >"$folder/log" 2>&1 &
ids+=($!)
goes() {
    local got=
    for _ in $(seq 100); do
        got=$(curl -sk -H "host: $1" "https://127.0.0.1:${ports[0]}/readyz") || true
        [ "$got" != "$2" ] || return 0
        sleep 0.05
    done
    fail "a request for $1 goes to '$got' and not to $2: $(cat "$folder/log")"
}
goes acme.example.org b
goes ACME.example.org:443 b
goes other.example.org a
# As the page says to, without socat.
python3 - "$folder" <<'PY'
import socket, sys
link = socket.socket(socket.AF_UNIX)
link.connect(sys.argv[1] + "/admin.sock")
link.sendall(f"set map {sys.argv[1]}/tenants.map acme.example.org twin_a\n".encode())
print(link.recv(1000).decode().strip(), end="")
PY
goes acme.example.org a
echo "HAProxy takes the configurations, and tenants go where the map says"
