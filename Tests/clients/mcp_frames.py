"""Broken messages against both transports of `twin`'s Model Context Protocol server: none may end it, be answered with a
fault of its own, or bring anything but JSON-RPC onto standard output.

    mcp_frames.py BINARY [COUNT] [SEED]

COUNT messages (10,000) go to `twin mcp --write` and as many to `POST /mcp`. The seed is printed, for the same again; without one
each run has another.
"""
import copy
import http.client
import json
import random
import subprocess
import sys
import threading
import urllib.parse

from served import Served, check

binary = sys.argv[1]
count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
seed = int(sys.argv[3]) if sys.argv[3:] and sys.argv[3] else random.randrange(1 << 32)
source = random.Random(seed)
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "frames", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


def seeds(twin):
    calls = [
        ("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "frames", "version": "1"}}),
        ("ping", {}), ("server/discover", {}), ("tools/list", {}), ("resources/list", {}), ("resources/templates/list", {}),
        ("prompts/list", {}), ("prompts/get", {"name": "ask-expert", "arguments": {"question": "Why?"}}),
        ("resources/read", {"uri": f"twin://{twin}/sources/01890000-0000-7000-8000-000000000001"}),
        ("completion/complete", {"ref": {"type": "ref/prompt", "name": "ask-expert"}, "argument": {"name": "twin", "value": "a"}}),
        ("tools/call", {"name": "ask", "arguments": {"question": "When is the gear oil changed?", "twin": "amara"}}),
        ("tools/call", {"name": "search", "arguments": {"query": "filter", "limit": 3}}),
        ("tools/call", {"name": "fetch", "arguments": {"id": "01890000-0000-7000-8000-000000000001"}}),
        ("tools/call", {"name": "get_citation", "arguments": {"source_id": "x", "start": 0, "end": 10}}),
        ("tools/call", {"name": "list_twins", "arguments": {}}), ("tools/call", {"name": "list_sources", "arguments": {}}),
        ("tools/call", {"name": "add_verified_answer", "arguments": {"question": "Who?", "answer": "I."}}),
        ("tools/call", {"name": "answer_escalation", "arguments": {"id": "x", "answer": "Yes."}}),
        ("notifications/initialized", None), ("notifications/cancelled", {"requestId": 1}),
    ]
    for number, (method, params) in enumerate(calls):
        message = {"jsonrpc": "2.0", "method": method}
        if params is not None:
            message["id"] = number
            message["params"] = params
        yield message
        if params is not None:
            yield message | {"params": params | {"_meta": META}}


ODD = [
    None, True, 0, -1, 1 << 63, -(1 << 63), 1e308, 0.1, "", "x" * 3_000, "\u0000", "\U0001F600", "../../etc/passwd", [], {},
    [None] * 50, {"a": {"b": {"c": []}}}, "2.0", "2099-01-01", "tools/call", "\u202e", "%00", {"type": "ref/resource"},
]
TEXTS = [b"null", b"[]", b"{}", b'"', b"\\u0000", b"\\ud800", b"1e999", b"-", b",", b"\xff\xfe", b"\xc0\x80", b"\x00", b"\r", b"{" * 200, b"[" * 3_000]


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], path + (key,))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], path + (index,))


def bent(message):
    """A message that is still JSON, with something in it that should not be there, or without something that should."""
    message = copy.deepcopy(message)
    for _ in range(source.randint(1, 3)):
        path = source.choice(list(places(message)))
        if not path:
            return copy.deepcopy(source.choice([source.choice(ODD), [message, message], [message]]))
        parent = message
        for step in path[:-1]:
            parent = parent[step]
        what = source.randrange(4)
        if what == 0 and isinstance(parent, dict):
            del parent[path[-1]]
        elif what == 1 and isinstance(parent, dict):
            parent[str(source.choice(ODD))[:50]] = copy.deepcopy(source.choice(ODD))
        else:
            parent[path[-1]] = copy.deepcopy(source.choice(ODD))
    return message


def broken(data):
    """Bytes that are mostly no JSON any more."""
    data = bytearray(data)
    for _ in range(source.randint(1, 4)):
        what, at = source.randrange(5), source.randrange(len(data) + 1)
        if what == 0:
            del data[at:]
        elif what == 1:
            data[at:at] = source.choice(TEXTS)
        elif what == 2:
            del data[at : at + source.randint(1, 20)]
        elif what == 3 and data:
            data[source.randrange(len(data))] = source.randrange(256)
        else:
            data[at:at] = data[source.randrange(len(data) + 1) :][:60]
    return bytes(data)


def frames(twin):
    kinds = list(seeds(twin))
    for number in range(count):
        message = bent(source.choice(kinds))
        data = json.dumps(message, ensure_ascii=source.random() < 0.5).encode(errors="surrogatepass")
        yield broken(data) if number % 2 else data


def is_rpc(message):
    # A list of calls is no message of these revisions, but a list of answers would be JSON-RPC all the same.
    if isinstance(message, list):
        return all(map(is_rpc, message))
    return isinstance(message, dict) and message.get("jsonrpc") == "2.0" and ("result" in message) != ("error" in message)


def over_stdio(served):
    process = subprocess.Popen(
        [binary, "mcp", "--write"], env=served.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told, answers, sentinel = [], 0, None
    reached = threading.Event()

    def read():
        nonlocal answers
        for line in process.stdout:
            try:
                message = json.loads(line)
                fault = None if is_rpc(message) else line
            except ValueError:
                fault = line
            answers += 1
            if fault is not None:
                told.append(fault[:300])
            elif isinstance(message, dict):
                if message.get("id") == sentinel:
                    reached.set()
                if (message.get("error") or {}).get("code") == -32603:
                    told.append(line[:300])

    # What is said there is of no account, but a full pipe would hold the program up.
    threading.Thread(target=lambda: process.stderr.read(), daemon=True).start()
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    batch = []

    def settle(number):
        """Sends what has gathered, and waits until a message behind it is answered. Answers are read meanwhile: with both pipes
        full nobody would move."""
        nonlocal sentinel
        reached.clear()
        sentinel = f"sentinel {number}"
        ping = {"jsonrpc": "2.0", "id": sentinel, "method": "ping"}
        process.stdin.write(b"".join(batch) + json.dumps(ping).encode() + b"\n")
        process.stdin.flush()
        batch.clear()
        check(reached.wait(300) and process.poll() is None, f"twin mcp stopped answering before message {number} (seed {seed})")

    for number, frame in enumerate(frames(served.twin)):
        # A line is a message.
        batch.append(frame.replace(b"\n", b" ") + b"\n")
        if len(batch) == 100:
            settle(number)
    batch.append(b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * (5 << 20) + b'"}\n')
    settle(count)
    process.stdin.close()
    check(process.wait(300) == 0, f"twin mcp ended with {process.returncode} (seed {seed})")
    reader.join(60)
    check(not told, f"{len(told)} lines are no JSON-RPC or a fault of twin's own, such as {told[:3]} (seed {seed})")
    print(f"ok: {count} messages over standard input, {answers} answers, all of them JSON-RPC")


def matching(frame):
    """The fields that say the same as a message of the stateless revision, without which no more of it is read."""
    try:
        message = json.loads(frame)
        version = message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"]
        params, method = message["params"], message["method"]
        fields = {"mcp-protocol-version": version, "mcp-method": method}
        name = params.get({"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}.get(method))
        if name is not None:
            fields["mcp-name"] = name
        return {key: value for key, value in fields.items() if value.isascii() and value.isprintable()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def over_http(served):
    place = urllib.parse.urlsplit(served.url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=300)
    statuses = {}
    # Mostly none, so that the message itself is what is read.
    headers = [{}] * 12 + [
        {"mcp-protocol-version": "2025-06-18"}, {"mcp-protocol-version": "2026-07-28", "mcp-method": "tools/list"},
        {"mcp-protocol-version": "1999-01-01"}, {"mcp-session-id": "x" * 500}, {"accept": "text/plain"}, {"content-type": "text/plain"},
        {"mcp-method": "=?base64?%%%?="},
    ]
    for number, frame in enumerate(frames(served.twin)):
        fields = {
            "content-type": "application/json", "accept": "application/json, text/event-stream",
            "authorization": f"Bearer {served.key}", **matching(frame), **source.choice(headers),
        }
        connection.request("POST", "/mcp", body=frame, headers=fields)
        reply = connection.getresponse()
        body = reply.read()
        statuses[reply.status] = statuses.get(reply.status, 0) + 1
        check(reply.status < 500, f"message {number} is answered {reply.status}: {body[:300]} (seed {seed})")
        if body and "json" in (reply.getheader("content-type") or ""):
            message = json.loads(body)
            check(is_rpc(message), f"message {number} is answered {reply.status} {body[:300]} (seed {seed})")
            code = (message.get("error") or {}).get("code") if isinstance(message, dict) else None
            check(code != -32603, f"message {number} {frame[:500]} is a fault of twin's own: {body[:300]} (seed {seed})")
    check(served.is_alive, f"twin serve ended (seed {seed})")
    print(f"ok: {count} messages over HTTP: " + ", ".join(f"{statuses[status]} × {status}" for status in sorted(statuses)))


print(f"seed {seed}")
with Served(binary, "--log", "none") as served:
    over_stdio(served)
    over_http(served)
