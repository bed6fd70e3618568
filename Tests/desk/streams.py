#!/usr/bin/env python3
"""Many WebSockets and SSE streams of one queue: the server's memory, and how long an update takes to reach all of them.

    TWIN=.build/release/twin python3 Tests/desk/streams.py [COUNT]

COUNT of each, 1,000 without it. One process listens with epoll on plain sockets, so that what is measured is the server; it
prints how long the same takes to a server that does nothing but write to all of them.
"""

import base64
import json
import multiprocessing
import os
import re
import resource
import select
import socket
import statistics
import sys
import time

from stage import Stage

count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
updates = 40
marker = re.compile(rb"Update (\d+)")


def request(host, tenant, token, is_socket):
    lines = [f"Host: {host}"]
    if is_socket:
        key = base64.b64encode(os.urandom(16)).decode()
        path = f"/api/{tenant}/ws"
        lines += [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
            f"Sec-WebSocket-Protocol: twin.v1, bearer.{token}",
        ]
    else:
        path = "/api/admin/escalation/stream"
        lines += ["Accept: text/event-stream", f"Authorization: Bearer {token}"]
    return (f"GET {path} HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()


def listen(address, makes, pipe):
    """Opens a connection for each request, says so, and notes when what arrives. Ends when the other end of the pipe does."""
    poll = select.epoll()
    sockets = {}
    for data in makes:
        connection = socket.create_connection(address, timeout=30)
        if data:
            connection.sendall(data)
            head = b""
            while b'"connected"' not in head:
                piece = connection.recv(65536)
                assert piece, head
                head += piece
        connection.setblocking(False)
        sockets[connection.fileno()] = connection
        poll.register(connection, select.EPOLLIN)
    poll.register(pipe.fileno(), select.EPOLLIN)
    pipe.send("ready")
    arrived = {}
    while True:
        for number, _ in poll.poll():
            if number == pipe.fileno():
                pipe.send(arrived)
                return
            data = sockets[number].recv(65536)
            now = time.monotonic()
            if not data:
                poll.unregister(number)
            for found in marker.finditer(data):
                arrived.setdefault(int(found.group(1)), []).append(now)


def begin(address, makes):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=listen, args=(address, makes, theirs), daemon=True)
    process.start()
    assert ours.recv() == "ready"
    return ours


def yardstick():
    """Milliseconds until all have what a loop of `send` gives them: what client and kernel cost."""
    server = socket.create_server(("127.0.0.1", 0), backlog=4096)
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=listen, args=(server.getsockname(), [b""] * (2 * count), theirs), daemon=True)
    process.start()
    connections = [server.accept()[0] for _ in range(2 * count)]
    assert ours.recv() == "ready"
    times = []
    for number in range(10):
        times.append(time.monotonic())
        for connection in connections:
            connection.send(b"Update %d " % number + b"x" * 300)
        time.sleep(0.3)
    ours.send("done")
    arrived = ours.recv()
    return statistics.median((max(arrived[number]) - times[number]) * 1000 for number in range(10))


def memory(stage):
    values = dict(line.split(":") for line in open(f"/proc/{stage.process.pid}/status") if line.startswith(("VmRSS", "RssAnon")))
    return {name: int(value.split()[0]) / 1024 for name, value in values.items()}


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    floor = yardstick()
    stage = Stage().furnish()
    try:
        paces = {name: 100_000 for name in ("rate_per_minute", "rate_burst", "staff_rate_per_minute")}
        stage.send("PUT", f"/api/admin/tenants/{stage.tenant}", {"settings": paces}, stage.admin)
        tokens = [stage.admin, stage.supporter]
        for number in range(18):
            email = f"s{number}@acme.example"
            stage.send("POST", "/api/admin/escalation/staff", {"email": email, "password": "correct horse"}, stage.admin)
            tokens.append(stage.sign_in(email))
        contact = stage.contact()
        stage.send("POST", f"/api/{stage.tenant}/supporter/presence", {}, stage.supporter)
        session = stage.send("POST", f"/api/{stage.tenant}/session", {}, contact["token"])[1]["session_id"]
        stage.send("POST", f"/api/{stage.tenant}/session/{session}/escalate", {"reason": "x"}, contact["token"])
        before = memory(stage)
        host, port = stage.url.split("//")[1].split(":")
        makes = [request(host, stage.tenant, tokens[index % 20], index % 2 == 0) for index in range(2 * count)]
        pipe = begin((host, int(port)), makes)
        time.sleep(1)
        opened = memory(stage)
        times = []
        for number in range(updates):
            times.append(time.monotonic())
            status, reply = stage.send(
                "POST", f"/api/{stage.tenant}/supporter/message", {"session_id": session, "message": f"Update {number}"}, stage.supporter)
            assert status == 200, reply
            time.sleep(0.3)
        time.sleep(2)
        after = memory(stage)
        pipe.send("done")
        arrived = pipe.recv()
    finally:
        stage.stop()
    whole = [number for number in range(updates) if len(arrived.get(number, [])) == 2 * count]
    each = sorted((at - times[number]) * 1000 for number in whole for at in arrived[number])
    last = sorted((max(arrived[number]) - times[number]) * 1000 for number in whole)

    def share(values, part):
        return values[min(len(values) - 1, int(len(values) * part))]

    print(f"{count} WebSockets and {count} streams, {len(whole)} of {updates} updates reached all")
    for name, values in (("before", before), ("open", opened), ("after", after)):
        print(f"memory {name}: {values['VmRSS']:.0f} MiB, of which anonymous {values['RssAnon']:.0f} MiB")
    print(
        f"from the request on: each listener p50 {share(each, 0.5):.0f} ms, p95 {share(each, 0.95):.0f} ms; "
        f"the last listener p50 {share(last, 0.5):.0f} ms, p95 {share(last, 0.95):.0f} ms, most {last[-1]:.0f} ms")
    print(f"a loop of send to as many sockets of the same client: {floor:.0f} ms")
    return len(whole) == updates


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
