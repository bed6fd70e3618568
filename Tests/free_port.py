#!/usr/bin/env python3
"""A port of 127.0.0.1 that nobody has, for servers that have to be told one. It is none of those that the kernel gives out by itself,
to connections and to servers that take any: one of them could be gone before it is used.

    python3 Tests/free_port.py        prints one
"""

import random
import socket


def free_port():
    try:
        with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
            low, high = map(int, file.read().split())
    except OSError:
        low, high = 32768, 60999
    others = [port for port in range(10_000, 65_000) if not low <= port <= high]
    random.shuffle(others)
    # Where the kernel gives out nearly all, it gives out this one.
    for port in [*others[:200], 0]:
        try:
            with socket.socket() as found:
                found.bind(("127.0.0.1", port))
                return found.getsockname()[1]
        except OSError:
            continue
    raise SystemExit("error: there is no free port")


if __name__ == "__main__":
    print(free_port())
