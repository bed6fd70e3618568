"""requests and httpx against a server: libraries.py URL TOKEN TWIN MODEL, where MODEL is the URL of slow_model.py. With a URL of a
proxy, only what passes through it."""

import asyncio
import gzip
import io
import json
import socket
import sys
import urllib.request
from urllib.parse import urlsplit

import httpx
import requests

url, token, twin, model = sys.argv[1:5]
auth = {"authorization": f"Bearer {token}"}
question = {"query": "When is the gear oil changed?"}


def step(name):
    print(f"ok: {name}", flush=True)


def tell_model(word):
    with urllib.request.urlopen(f"{model}/{word}", timeout=300) as reply:
        return json.load(reply)


def is_content(event):
    return event["type"] == "content" and not event.get("ping")


def heard(events, event):
    """Takes an event of a stream before which the model was told to hold. Only with the first words does it go on."""
    events.append(event)
    if is_content(event) and not any(map(is_content, events[:-1])):
        assert tell_model("go")["unfinished"] > 0, "the events came at once"


def check_events(events):
    """What every stream is: metadata first, then content, done last."""
    kinds = [event["type"] for event in events if not event.get("ping")]
    assert kinds[0] == "metadata" and kinds[-1] == "done", kinds
    assert kinds.count("content") > 1, kinds
    text = "".join(event["content"] for event in events if event["type"] == "content")
    assert "500 hours" in text, text


def server_sent(lines):
    """Events of a text/event-stream, as their fields."""
    fields = {}
    for line in lines:
        if line == "":
            if "data" in fields:
                yield fields
            fields = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            fields[name] = fields.get(name, "") + value.removeprefix(" ")


# requests
with requests.Session() as session:
    session.headers.update(auth)
    assert session.get(url + "/auth/whoami").json()["role"] == "owner"
    for _ in range(50):
        reply = session.get(url + f"/twins/{twin}")
        assert reply.status_code == 200 and reply.json()["id"] == twin
    step("requests: fifty calls in one session")
    tag = reply.headers["etag"]
    again = session.get(url + f"/twins/{twin}", headers={"if-none-match": tag})
    assert again.status_code == 304 and again.content == b""
    step("requests: 304 for what has not changed")
    assert session.head(url + f"/twins/{twin}").content == b""
    assert "GET" in session.options(url + f"/twins/{twin}").headers["allow"]
    wrong = session.put(url + f"/twins/{twin}", json={})
    assert wrong.status_code == 405 and "GET" in wrong.headers["allow"]
    assert session.post(url + "/twins", data="{", headers={"content-type": "application/json"}).status_code == 422
    assert session.post(url + "/twins", data="<a/>", headers={"content-type": "application/xml"}).status_code == 415
    step("requests: HEAD, OPTIONS, 405, 422, 415")
    packed = session.get(url + "/openapi.json", headers={"accept-encoding": "gzip"}, stream=True)
    raw = packed.raw.read(decode_content=False)
    assert packed.headers["content-encoding"] == "gzip" and json.loads(gzip.decompress(raw))["openapi"] == "3.1.0"
    step("requests: gzip")

    events = []
    tell_model("hold")
    with session.post(url + f"/chat/{twin}", json=question, stream=True) as reply:
        assert reply.headers["content-type"].startswith("application/x-ndjson")
        for line in reply.iter_lines(chunk_size=1):
            heard(events, json.loads(line))
    check_events(events)
    step("requests: JSON Lines as they are made")

    events = []
    tell_model("hold")
    with session.post(url + f"/chat/{twin}", json=question, headers={"accept": "text/event-stream"}, stream=True) as reply:
        for fields in server_sent(reply.iter_lines(chunk_size=1, decode_unicode=True)):
            event = json.loads(fields["data"])
            assert fields["event"] == event["type"] and fields["id"], fields
            heard(events, event)
    check_events(events)
    step("requests: Server-Sent Events as they are made")

    # About 8 MB of text that is all different.
    large = "# Log\n\n" + "".join(f"Measurement {n} of bearing {n % 97} was {n * 7919 % 1000} microns.\n\n" for n in range(150_000))
    reply = session.post(url + f"/ingest/file/{twin}", files={"file": ("log.md", io.BytesIO(large.encode()), "text/markdown")})
    assert reply.status_code == 200 and reply.json()["status"] == "live", reply.text
    source = reply.json()["source_id"]
    listed = {row["id"]: row for row in session.get(url + f"/sources/{twin}").json()}
    assert listed[source]["filename"] == "log.md" and listed[source]["chunk_count"] > 1000
    assert session.delete(url + f"/sources/{twin}/{source}").status_code == 200
    step(f"requests: a multipart upload of {len(large) >> 20} MiB")

    def pieces():
        yield b'{"query": "When is the '
        yield b'gear oil changed?"}'

    reply = session.post(
        url + f"/chat/{twin}", data=pieces(), headers={"content-type": "application/json", "accept": "application/json"})
    assert reply.status_code == 200 and "500 hours" in reply.json()["answer"], reply.text
    step("requests: a chunked body")

# httpx
with httpx.Client(base_url=url, headers=auth, timeout=300) as client:
    assert client.get("/auth/whoami").json()["auth_method"] == "jwt"
    reply = client.post(f"/ingest/file/{twin}", files={"file": ("bolts.md", b"# Bolts\n\nBolts take 40 newton metres.", "text/markdown")})
    assert reply.json()["status"] == "live", reply.text
    events = []
    tell_model("hold")
    with client.stream("POST", f"/chat/{twin}", json=question, headers={"accept": "text/event-stream"}) as reply:
        for fields in server_sent(reply.iter_lines()):
            heard(events, json.loads(fields["data"]))
    check_events(events)
    step("httpx: upload, and Server-Sent Events")


async def many():
    async with httpx.AsyncClient(base_url=url, headers=auth, timeout=300) as client:
        replies = await asyncio.gather(*(client.get(f"/twins/{twin}") for _ in range(100)))
        assert all(reply.status_code == 200 for reply in replies)

        begun = set()

        async def ask(number):
            events = []
            async with client.stream("POST", f"/chat/{twin}", json=question) as reply:
                async for line in reply.aiter_lines():
                    events.append(json.loads(line))
                    if is_content(events[-1]) and number not in begun:
                        begun.add(number)
                        # The model goes on once all eight have heard from it.
                        if len(begun) == 8:
                            assert (await asyncio.to_thread(tell_model, "go"))["unfinished"] >= 8, "the events came at once"
            check_events(events)

        tell_model("hold")
        await asyncio.gather(*(ask(number) for number in range(8)))
        # One that leaves in the middle does not disturb the others.
        async with client.stream("POST", f"/chat/{twin}", json=question) as reply:
            async for _ in reply.aiter_lines():
                break
        assert (await client.get("/health")).status_code == 200


asyncio.run(many())
step("httpx: a hundred calls and eight streams at once, and a client that leaves")

# One connection is kept for many requests.
parts = urlsplit(url)
with socket.create_connection((parts.hostname, parts.port), timeout=300) as connection:
    stream = connection.makefile("rb")
    for _ in range(3):
        connection.sendall(f"GET /health HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        assert b" 200 " in stream.readline()
        length = 0
        while (line := stream.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        assert json.loads(stream.read(length))["status"] == "healthy"
step("three requests on one connection")
