# Sourced by Tests/scale/faults.sh, in a network and mount namespace of its own: gives the primary, both replicas, the proxy with its clients,
# and the store a network namespace each, joined by a bridge, so that a part can be cut off as a cable cuts it off.
declare -A address=([primary]=10.99.0.1 [one]=10.99.0.2 [two]=10.99.0.3 [store]=10.99.0.8 [edge]=10.99.0.9)
make_places() {
    local place
    mount -t tmpfs places "$1"
    places=$1
    ip link set lo up
    ip link add bridge0 type bridge
    ip link set bridge0 up
    for place in "${!address[@]}"; do
        : >"$places/$place"
        unshare "--net=$places/$place" sleep 60 &
        while [ "$(readlink "/proc/$!/ns/net")" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
        ip link add "$place" type veth peer name eth0 netns $!
        kill $!
        wait $! 2>/dev/null || true
        ip link set "$place" master bridge0 up
        at "$place" ip link set lo up
        at "$place" ip address add "${address[$place]}/24" dev eth0
        at "$place" ip link set eth0 up
    done
}
leave_places() { umount -l "$places" 2>/dev/null || true; }
at() { local place=$1; shift; nsenter "--net=$places/$place" "$@"; }

# Everything that a place sends to another is lost, without a word, until it is joined again.
part() { at "$1" ip neigh replace "${address[$2]}" lladdr 02:00:00:00:00:99 dev eth0 nud permanent; }
join() { at "$1" ip neigh del "${address[$2]}" dev eth0; }
# A place that nobody reaches.
unplug() { ip link set "$1" down; }
plug() { ip link set "$1" up; }
