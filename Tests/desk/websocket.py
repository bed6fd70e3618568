#!/usr/bin/env python3
"""RFC 6455 against the server's WebSocket: raw frames a case a row, and the client of PyPI's websockets.

    TWIN=.build/debug/twin python3 Tests/desk/websocket.py        (pip install websockets)
"""

import asyncio
import base64
import hashlib
import json
import os
import socket
import struct
import sys

import websockets

from stage import Stage

failures = []


def check(name, holds, more=""):
    if not holds:
        failures.append(name)
        print("FAILED", name, more)


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, length=None):
    head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
    bit = 0x80 if masked else 0
    if length is not None:
        head += length
    elif len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", len(payload))
    if not masked:
        return head + payload
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


class Raw:
    def __init__(self, stage, token=None, headers=None, path=None):
        host, port = stage.url.split("//")[1].split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=10)
        self.key = base64.b64encode(os.urandom(16)).decode()
        fields = {
            "Host": host, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": self.key,
            "Sec-WebSocket-Version": "13",
        }
        if token:
            fields["Sec-WebSocket-Protocol"] = "twin.v1, bearer." + token
        fields.update(headers or {})
        text = f"GET {path or f'/api/{stage.tenant}/ws'} HTTP/1.1\r\n"
        text += "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
        self.socket.sendall(text.encode() + b"\r\n")
        self.data = b""
        while b"\r\n\r\n" not in self.data:
            piece = self.socket.recv(65536)
            if not piece:
                break
            self.data += piece
        self.head, _, self.data = self.data.partition(b"\r\n\r\n")
        self.status = int(self.head.split()[1])

    def send(self, data):
        self.socket.sendall(data)

    def need(self, count):
        while len(self.data) < count:
            piece = self.socket.recv(65536)
            if not piece:
                raise EOFError
            self.data += piece

    def read(self):
        """(fin, opcode, payload) of the next frame, pings of the server left out."""
        while True:
            self.need(2)
            first, second = self.data[0], self.data[1]
            assert first & 0x70 == 0 and second & 0x80 == 0, "a server's frame is plain and not masked"
            length, start = second & 0x7F, 2
            if length == 126:
                self.need(4)
                length, start = struct.unpack(">H", self.data[2:4])[0], 4
            elif length == 127:
                self.need(10)
                length, start = struct.unpack(">Q", self.data[2:10])[0], 10
            self.need(start + length)
            payload = self.data[start:start + length]
            self.data = self.data[start + length:]
            if first & 0xF == 9 and not payload:
                continue
            return bool(first & 0x80), first & 0xF, payload

    def close_code(self):
        try:
            while True:
                _, opcode, payload = self.read()
                if opcode == 8:
                    code = struct.unpack(">H", payload[:2])[0] if payload else None
                    try:
                        self.socket.settimeout(5)
                        rest = self.socket.recv(10)
                    except (ConnectionError, socket.timeout):
                        rest = b"?"
                    check("nothing follows a close", rest == b"", repr(rest))
                    return code
        except EOFError:
            return "eof"
        except ConnectionError:
            return "reset"


def raw_cases(stage):
    token = stage.admin
    raw = Raw(stage, token)
    accept = base64.b64encode(hashlib.sha1((raw.key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
    check("handshake", raw.status == 101 and b"sec-websocket-accept: " + accept in raw.head.lower().replace(accept.lower(), accept))
    check("subprotocol", b"sec-websocket-protocol: twin.v1" in raw.head.lower())
    check("connected", json.loads(raw.read()[2])["type"] == "connected")
    raw.send(frame(1, b'{"type":"ping"}'))
    check("text", raw.read() == (True, 1, b'{"type":"pong"}'))
    for size in (0, 1, 125):
        raw.send(frame(9, b"x" * size))
        if size:
            check(f"ping of {size}", raw.read() == (True, 10, b"x" * size))
        else:
            check("ping of 0", raw.read() == (True, 10, b""))
    raw.send(frame(10, b"unasked"))
    raw.send(frame(1, b'{"type":', fin=False) + frame(9, b"between") + frame(0, b"", fin=False) + frame(0, b'"ping"}'))
    check("ping between fragments", raw.read() == (True, 10, b"between"))
    check("fragments", raw.read() == (True, 1, b'{"type":"pong"}'))
    for byte in frame(1, b'{"type":"ping"}'):
        raw.send(bytes([byte]))
    check("a byte at a time", raw.read() == (True, 1, b'{"type":"pong"}'))
    raw.send(frame(1, b'{"type":"ping"}') * 200)
    check("200 at once", all(raw.read() == (True, 1, b'{"type":"pong"}') for _ in range(200)))
    large = b'{"type":"ping","pad":"' + b"x" * (65536 - 24) + b'"}'
    raw.send(frame(1, large))
    check("65536 bytes", len(large) == 65536 and raw.read() == (True, 1, b'{"type":"pong"}'))
    raw.send(frame(8, struct.pack(">H", 1000) + b"bye"))
    check("close is answered with its code", raw.close_code() == 1000)

    broken = [
        ("rsv1", frame(1, b"x", rsv=4), 1002), ("rsv2", frame(1, b"x", rsv=2), 1002), ("rsv3", frame(1, b"x", rsv=1), 1002),
        ("not masked", frame(1, b"x", masked=False), 1002), ("long ping", frame(9, b"x" * 126), 1002),
        ("fragmented ping", frame(9, fin=False), 1002), ("fragmented close", frame(8, fin=False), 1002),
        ("lone continuation", frame(0, b"x"), 1002), ("lone final continuation", frame(0, b"x", fin=True), 1002),
        ("text in text", frame(1, b"x", fin=False) + frame(1, b"y"), 1002),
        ("binary in text", frame(1, b"x", fin=False) + frame(2, b"y"), 1002),
        ("long length", frame(1, b"x", length=bytes([0x80 | 126, 0, 1])), 1002),
        ("longer length", frame(1, b"x", length=bytes([0x80 | 127]) + struct.pack(">Q", 1)), 1002),
        ("highest bit", frame(1, b"", length=bytes([0x80 | 127]) + b"\x80" + bytes(7)), 1002),
        ("65537 bytes", frame(1, b"x" * 65537), 1009),
        ("65537 bytes in parts", frame(1, b"x" * 65536, fin=False) + frame(0, b"x"), 1009),
        ("announced 2^40", frame(1, b"", length=bytes([0x80 | 127]) + struct.pack(">Q", 1 << 40)), 1009),
        ("half a character", frame(1, b"\xce"), 1007), ("surrogate", frame(1, b"\xed\xa0\x80"), 1007),
        ("overlong", frame(1, b"\xc0\xaf"), 1007), ("beyond Unicode", frame(1, b"\xf4\x90\x80\x80"), 1007),
        ("cut over fragments", frame(1, b"\xce", fin=False) + frame(0, b"A"), 1007),
        ("close of 1 byte", frame(8, b"\x03"), 1002), ("close reason", frame(8, b"\x03\xe8\xff"), 1007),
        ("binary", frame(2, b"\x00"), 1003), ("no JSON", frame(1, b"hello"), 1003),
    ]
    broken += [(f"opcode {opcode}", frame(opcode, b""), 1002) for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)]
    broken += [
        (f"close {code}", frame(8, struct.pack(">H", code)), 1002)
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
    ]
    broken += [
        (f"close {code}", frame(8, struct.pack(">H", code)), code)
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
    ]
    broken += [("close without a code", frame(8), None)]
    for name, data, code in broken:
        raw = Raw(stage, token)
        raw.read()
        raw.send(data)
        found = raw.close_code()
        check(name, found == code, f"{found} instead of {code}")

    # A character cut between fragments is whole in the end.
    raw = Raw(stage, token)
    raw.read()
    text = '{"type":"ping","x":"é"}'.encode()
    cut = text.index(b"\xa9")
    raw.send(frame(1, text[:cut], fin=False) + frame(0, text[cut:]))
    check("a character over fragments", raw.read() == (True, 1, b'{"type":"pong"}'))

    refused = [
        ("version 8", {"Sec-WebSocket-Version": "8"}, 426), ("no version", {"Sec-WebSocket-Version": None}, 426),
        ("no key", {"Sec-WebSocket-Key": None}, 400), ("short key", {"Sec-WebSocket-Key": "YWJj"}, 400),
        ("no upgrade", {"Upgrade": None}, 426), ("other upgrade", {"Upgrade": "h2c"}, 426),
        ("no connection", {"Connection": "keep-alive"}, 426),
    ]
    for name, headers, status in refused:
        check(name, Raw(stage, token, headers).status == status)
    check("bad token", Raw(stage, "eyJx.eyJ4.eA").status == 401)
    check("other tenant", Raw(stage, token, path="/api/01a00000-0000-7000-8000-000000000000/ws").status == 404)
    print(len(broken) + len(refused) + 15, "cases over raw frames")


def first_messages(stage):
    """Who comes in by the first message, and who does not."""
    mine, other = stage.contact("mine"), stage.contact("other")
    session = stage.send("POST", f"/api/{stage.tenant}/session", {}, mine["token"])[1]["session_id"]
    widget = stage.send("POST", f"/api/public/widgets/{stage.tenant}/chat", {"message": "Hello"})[1]
    status, member = stage.send(
        "POST", "/api/auth/register", {"email": "member@acme.example", "password": "correct horse", "role": "member"}, stage.admin)
    assert status == 201, member
    status, made = stage.send("POST", "/api/admin/tenants", {"name": "Other", "subdomain": "other"}, stage.operator)
    status, user = stage.send(
        "POST", "/api/auth/register",
        {"email": "admin@other.example", "password": "correct horse", "role": "admin", "tenant_id": made["tenant_id"]}, stage.operator)
    assert status == 201, user
    gone = stage.send("POST", "/api/auth/ticket", {}, stage.admin)[1]["ticket"]
    cases = [
        ("admin, all", stage.admin, None, None), ("admin, a session", stage.admin, session, None), ("supporter, all", stage.supporter, None, None),
        ("operator, all", stage.operator, None, None), ("member, all", stage.sign_in("member@acme.example"), None, 4401),
        ("member, a session", stage.sign_in("member@acme.example"), session, 4401),
        ("another tenant, all", stage.sign_in("admin@other.example"), None, 4401),
        ("another tenant, a session", stage.sign_in("admin@other.example"), session, 4401),
        ("contact, their session", mine["token"], session, None), ("contact, all", mine["token"], None, 4401),
        ("another contact", other["token"], session, 4401), ("widget, its session", widget["token"], widget["session_id"], None),
        ("widget, another session", widget["token"], session, 4401), ("widget, all", widget["token"], None, 4401),
        ("nonsense", "x", None, 4401), ("a ticket is no token", gone, None, 4401), ("a session that is none", stage.admin, "0" * 8 + "-0000-7000-8000-" + "0" * 12, 4401),
    ]
    for name, token, wanted, code in cases:
        raw = Raw(stage)
        message = {"type": "authenticate", "token": token, **({"session_id": wanted} if wanted else {})}
        raw.send(frame(1, json.dumps(message).encode()))
        if code is None:
            check(name, json.loads(raw.read()[2])["type"] == "connected")
        else:
            found = raw.close_code()
            check(name, found == code, f"{found} instead of {code}")
    for name, message, code in [("no token", {"type": "authenticate"}, 4400), ("no object", [1], None)]:
        raw = Raw(stage)
        raw.send(frame(1, json.dumps(message).encode()))
        if code:
            check(name, raw.close_code() == code)
        else:
            check(name, json.loads(raw.read()[2])["type"] == "error")
    raw = Raw(stage, stage.admin)
    raw.read()
    raw.send(frame(1, json.dumps({"type": "authenticate", "token": stage.admin}).encode()))
    check("twice", raw.close_code() == 4400)
    print(len(cases) + 3, "first messages")


def lost_access(stage):
    """Who may not listen any more hears no word more, on sockets and on streams."""
    contact = stage.contact("leaver")
    session = stage.send("POST", f"/api/{stage.tenant}/session", {}, contact["token"])[1]["session_id"]
    stage.send(
        "POST", "/api/admin/escalation/staff", {"email": "leaver@acme.example", "password": "correct horse"}, stage.admin)
    leaver = stage.sign_in("leaver@acme.example")
    widget = stage.send("POST", f"/api/public/widgets/{stage.tenant}/chat", {"message": "Hello"})[1]
    host, port = stage.url.split("//")[1].split(":")

    def stream(path, token):
        made = socket.create_connection((host, int(port)), timeout=10)
        made.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: text/event-stream\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        data = b""
        while b'"connected"' not in data:
            data += made.recv(65536)
        return made

    def rest(made):
        data = b""
        while not data.endswith(b"0\r\n\r\n"):
            data += made.recv(65536)
        return data

    ways = {
        "signed out": (leaver, None, lambda: stage.send("POST", "/api/auth/logout", {}, leaver)),
        "a widget that is switched off": (
            widget["token"], widget["session_id"],
            lambda: stage.send("PUT", f"/api/admin/widgets/{stage.tenant}", {"enabled": False}, stage.admin)),
        "staff of a desk that is closed": (
            stage.supporter, None,
            lambda: stage.send("PUT", f"/api/admin/tenants/{stage.tenant}", {"status": "inactive"}, stage.operator)),
        "a desk that is closed": (
            contact["token"], session,
            lambda: stage.send("PUT", f"/api/admin/tenants/{stage.tenant}", {"status": "inactive"}, stage.operator)),
    }
    for name, (token, only, end) in ways.items():
        stage.send("PUT", f"/api/admin/tenants/{stage.tenant}", {"status": "active"}, stage.operator)
        raw = Raw(stage, token, path=f"/api/{stage.tenant}/ws" + (f"?session_id={only}" if only else ""))
        assert raw.status == 101, raw.head
        raw.read()
        path = f"/api/{stage.tenant}/session/{only}/stream" if only else "/api/admin/escalation/stream"
        made = stream(path, token)
        status, reply = end()
        assert status == 200, reply
        found = raw.close_code()
        check(f"{name}: the socket ends", found == 4403, found)
        data = rest(made)
        check(f"{name}: the stream ends with a word", b"event: error" in data and b"new_message" not in data, data)
        # What it opened, it opens no more.
        again = stage.send("GET", f"/api/{stage.tenant}/session" if only else "/api/admin/escalation/queue", None, token)[0]
        check(f"{name}: nothing else is told", again in (401, 403, 404), again)
    status, reply = stage.send("PUT", f"/api/admin/tenants/{stage.tenant}", {"status": "active"}, stage.operator)
    assert status == 200, reply


async def library_cases(stage):
    url = stage.url.replace("http", "ws") + f"/api/{stage.tenant}/ws"
    contact = stage.contact()
    status, session = stage.send("POST", f"/api/{stage.tenant}/session", {}, contact["token"])
    assert status == 201
    async with websockets.connect(url, subprotocols=["twin.v1"]) as visitor, websockets.connect(
            url, subprotocols=["twin.v1", "bearer." + stage.supporter]) as staff:
        await visitor.send(json.dumps({"type": "authenticate", "token": contact["token"], "session_id": session["session_id"]}))
        first = json.loads(await visitor.recv())
        check("a visitor comes in by the first message", first["type"] == "connected" and first["session_id"] == session["session_id"])
        check("staff comes in by the subprotocol", json.loads(await staff.recv())["type"] == "connected")
        await (await visitor.ping())
        stage.send("POST", f"/api/{stage.tenant}/supporter/presence", {}, stage.supporter)
        stage.send("POST", f"/api/{stage.tenant}/session/{session['session_id']}/escalate", {"reason": "x"}, contact["token"])
        seen = []
        while not seen or seen[-1].get("escalation_status") != "assigned":
            seen.append(json.loads(await asyncio.wait_for(visitor.recv(), 5)))
        check("a visitor hears of the handover", [event.get("escalation_status") for event in seen if event["type"] == "escalation_status_update"] == ["pending", "assigned"])
        stage.send("POST", f"/api/{stage.tenant}/supporter/message", {"session_id": session["session_id"], "message": "Good day"}, stage.supporter)
        event = json.loads(await asyncio.wait_for(visitor.recv(), 5))
        check("a visitor hears the supporter", event["message"]["content"] == "Good day" and event["message"]["role"] == "supporter")
        last = event["seq"]
    # Broken off, and back with the last number.
    stage.send("POST", f"/api/{stage.tenant}/supporter/message", {"session_id": session["session_id"], "message": "Still there?"}, stage.supporter)
    async with websockets.connect(url + f"?session_id={session['session_id']}&after={last}", subprotocols=["twin.v1", "bearer." + contact["token"]]) as visitor:
        await visitor.recv()
        event = json.loads(await asyncio.wait_for(visitor.recv(), 5))
        check("what was missed is told", event["message"]["content"] == "Still there?" and event["seq"] > last)
    status, ticket = stage.send("POST", "/api/auth/ticket", {}, stage.admin)
    async with websockets.connect(url + "?ticket=" + ticket["ticket"]) as staff:
        check("a ticket opens it", json.loads(await staff.recv())["type"] == "connected")
    try:
        async with websockets.connect(url + "?ticket=" + ticket["ticket"]):
            check("a ticket opens it twice", False)
    except websockets.exceptions.InvalidStatus as error:
        check("a ticket is good once", error.response.status_code == 401)


if __name__ == "__main__":
    stage = Stage().furnish()
    try:
        raw_cases(stage)
        first_messages(stage)
        lost_access(stage)
        asyncio.run(library_cases(stage))
    finally:
        stage.stop()
    print("0 failures" if not failures else f"{len(failures)} failures: {failures}")
    sys.exit(1 if failures else 0)
