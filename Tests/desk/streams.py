#!/usr/bin/env python3
"""Many WebSockets and SSE streams of one queue: the server's memory, and how long an update takes to reach all of them.

    TWIN=.build/release/twin python3 Tests/desk/streams.py [COUNT]        (pip install websockets)
"""

import asyncio
import json
import resource
import sys
import time

import websockets

from stage import Stage

count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
stage = Stage().furnish()
# One user alone may not open so many in a minute.
tokens = []
for number in range((2 * count) // 200 + 1):
    email = f"s{number}@acme.example"
    stage.send("POST", "/api/admin/escalation/staff", {"email": email, "password": "correct horse"}, stage.admin)
    tokens.append(stage.sign_in(email))
host, port = stage.url.split("//")[1].split(":")
arrived = {}


def note(text):
    event = json.loads(text)
    if event.get("type") == "new_message" and event["message"]["role"] == "user":
        arrived.setdefault(event["message"]["content"], []).append(time.monotonic())


async def listen_socket(ready, token):
    url = stage.url.replace("http", "ws") + f"/api/{stage.tenant}/ws"
    async with websockets.connect(url, subprotocols=["twin.v1", "bearer." + token], max_queue=None, compression=None) as socket:
        await socket.recv()
        ready.release()
        async for text in socket:
            note(text)


async def listen_events(ready, token):
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /api/admin/escalation/stream HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    first = True
    async for line in reader:
        if line.startswith(b"data: "):
            if first:
                first = False
                ready.release()
            else:
                note(line[6:])


def memory():
    values = {line.split(":")[0]: line.split()[1] for line in open(f"/proc/{stage.process.pid}/status") if line.startswith(("VmRSS", "RssAnon"))}
    return {name: int(value) / 1024 for name, value in values.items()}


async def main():
    ready = asyncio.Semaphore(0)
    before = memory()
    tasks = []
    for start in range(0, count, 50):
        token = tokens[start // 100]
        tasks += [asyncio.create_task(listen_socket(ready, token)) for _ in range(50)] + [asyncio.create_task(listen_events(ready, token)) for _ in range(50)]
        for _ in range(100):
            await asyncio.wait_for(ready.acquire(), 30)
    contact = stage.contact()
    delays = []
    for number in range(20):
        text = f"Hello {number}"
        started = time.monotonic()
        await asyncio.to_thread(stage.send, "POST", f"/api/{stage.tenant}/chat", {"message": text}, contact["token"])
        for _ in range(500):
            if len(arrived.get(text, [])) == 2 * count:
                break
            await asyncio.sleep(0.01)
        times = sorted(arrived.get(text, []))
        if len(times) == 2 * count:
            delays.append((times[-1] - started) * 1000)
        await asyncio.sleep(0.3)
    after = memory()
    for task in tasks:
        task.cancel()
    delays.sort()
    print(f"{count} WebSockets and {count} streams: RSS {before['VmRSS']:.0f} -> {after['VmRSS']:.0f} MiB, anonymous {before['RssAnon']:.0f} -> {after['RssAnon']:.0f} MiB")
    print(f"{len(delays)} of 20 updates reached all; last listener, from the request on: median {delays[len(delays) // 2]:.0f} ms, p95 {delays[int(len(delays) * 0.95) - 1]:.0f} ms, most {delays[-1]:.0f} ms")
    return len(delays) == 20


try:
    done = asyncio.run(main())
finally:
    stage.stop()
sys.exit(0 if done else 1)
