#!/usr/bin/env python3
"""Tools and webhooks against names whose addresses change, and against redirects: nothing private is ever connected to.

    TWIN=.build/debug/twin sudo -E python3 Tests/desk/rebinding.py

It gives itself a network of its own (Linux namespaces, hence root) with a public address, a server there, one on every private
address, and a DNS server that answers as it likes. Nothing leaves the machine.
"""

import http.server
import os
import socket
import socketserver
import struct
import subprocess
import sys
import tempfile
import threading
import time

PUBLIC = "93.184.215.14"
PRIVATE = ["127.0.0.1", "10.1.2.3", "169.254.169.254"]
asked, reached, touched = {}, [], []


def enter():
    """Goes on inside of namespaces of its own."""
    if os.environ.get("TWIN_OWN_NETWORK"):
        return
    resolver = tempfile.NamedTemporaryFile("w", suffix=".conf", delete=False)
    resolver.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    resolver.close()
    addresses = " && ".join(f"ip addr add {address}/32 dev lo" for address in [PUBLIC, *PRIVATE[1:]])
    script = f'ip link set lo up && {addresses} && mount --bind {resolver.name} /etc/resolv.conf && exec "$@"'
    done = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", script, "sh", sys.executable, "-B", *sys.argv],
        env={**os.environ, "TWIN_OWN_NETWORK": "1"})
    os.unlink(resolver.name)
    sys.exit(done.returncode)


def answers(name):
    """Addresses of a name, which may be others each time."""
    count = asked[name] = asked.get(name, 0) + 1
    kind = name.split(".")[0].rstrip("0123456789")
    return {
        "public": [PUBLIC], "flip": [PUBLIC] if count % 4 in (1, 2) else ["127.0.0.1"], "flop": ["127.0.0.1"] if count % 4 in (1, 2) else [PUBLIC],
        "both": [PUBLIC, "127.0.0.1"], "htob": ["127.0.0.1", PUBLIC], "loop": ["127.0.0.1"], "inner": ["10.1.2.3"],
        "meta": ["169.254.169.254"], "six": ["::1"], "mapped": ["::ffff:127.0.0.1"], "nat": ["64:ff9b::7f00:1"], "zero": ["0.0.0.0", "::"],
    }.get(kind, [])


class DNS(socketserver.BaseRequestHandler):
    def handle(self):
        data, connection = self.request
        at, labels = 12, []
        while data[at]:
            labels.append(data[at + 1:at + 1 + data[at]].decode())
            at += data[at] + 1
        question = data[12:at + 5]
        kind = struct.unpack(">H", data[at + 1:at + 3])[0]
        records = b""
        count = 0
        for address in answers(".".join(labels)):
            family, number = (socket.AF_INET6, 28) if ":" in address else (socket.AF_INET, 1)
            if number != kind:
                continue
            raw = socket.inet_pton(family, address)
            records += b"\xc0\x0c" + struct.pack(">HHIH", number, 1, 0, len(raw)) + raw
            count += 1
        connection.sendto(data[:2] + struct.pack(">HHHHH", 0x8180, 1, count, 0, 0) + question + records, self.client_address)


class Web(http.server.BaseHTTPRequestHandler):
    def reply(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        reached.append((self.headers.get("Host"), self.path))
        where = {"/to-loop": "http://127.0.0.1/", "/to-name": "http://loop.example.com/", "/to-meta": "http://169.254.169.254/latest/"}.get(self.path.split("?")[0])
        self.send_response(302 if where else 200)
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Length", "6")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"public")

    do_GET = do_POST = reply

    def log_message(self, *_):
        pass


def trap(address):
    """A server that only notes that somebody connected."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, 80))
    listener.listen(64)

    def accept():
        while True:
            connection, _ = listener.accept()
            touched.append(address)
            connection.close()

    threading.Thread(target=accept, daemon=True).start()


enter()
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stage import Stage  # noqa: E402

threading.Thread(target=socketserver.ThreadingUDPServer(("127.0.0.1", 53), DNS).serve_forever, daemon=True).start()
threading.Thread(target=http.server.ThreadingHTTPServer((PUBLIC, 80), Web).serve_forever, daemon=True).start()
for address in [*PRIVATE, "::1"]:
    trap(address)

stage = Stage()
stage.environment["TWIN_SUPPORT_PRIVATE_ADDRESSES"] = ""
stage.furnish()
failures = []
try:
    base = next(item for item in stage.send("GET", "/api/admin/tools/base", None, stage.admin)[1]["base_tools"] if item["tool_type"] == "HTTP_GET")
    contact = stage.contact()

    def call(number, url):
        status, tool = stage.send("POST", "/api/admin/tools", {
            "name": f"t{number}", "base_tool_id": base["base_tool_id"], "input_schema": {"type": "object", "properties": {"id": {"type": "string"}}},
            "config": {"url": url + "?id={id}", "patterns": {"id": f"CASE{number}-#+"}, "answer": "{output.body}", "timeout_ms": 3000},
        }, stage.admin)
        assert status == 201, tool
        status, agent = stage.send("POST", "/api/admin/agents", {"name": f"a{number}", "tool_ids": [tool["tool_id"]]}, stage.admin)
        assert status == 201, agent
        outputs = []
        for each in range(8):
            status, reply = stage.send(
                "POST", f"/api/{stage.tenant}/chat", {"message": f"Look up CASE{number}-{each}", "agent_name": f"a{number}"}, contact["token"])
            assert status == 200, reply
            outputs += [made["error"] or made["output"] for made in reply["metadata"]["tool_calls"]]
        assert len(outputs) == 8, outputs
        return outputs

    cases = [("public", "all"), ("flip", "some"), ("flop", "some"), ("both", "any"), ("htob", "any")] + [
        (name, "none") for name in ("loop", "inner", "meta", "six", "mapped", "nat", "zero")]
    urls = [(f"http://{name}.example.com/", wanted) for name, wanted in cases]
    urls += [(f"http://public.example.com/{path}", "redirect") for path in ("to-loop", "to-name", "to-meta")]
    for number, (url, wanted) in enumerate(urls):
        before = len(reached)
        outputs = call(number, url)
        arrived = len(reached) - before
        # What was asked once and served from a cache would prove nothing of an answer that changes.
        holds = {"all": arrived == 8, "some": 0 < arrived < 24, "any": True, "none": arrived == 0, "redirect": arrived == 8 and outputs.count("http_302") == 8}[wanted]
        name = url.split("/")[2]
        print("ok" if holds and not touched else "FAILED", url, f"looked up {asked.get(name, 0)} times, arrived {arrived}, private {touched}", outputs[:2] if not holds else "")
        if not holds or touched:
            failures.append(url)
        touched.clear()
    for name in ("flip9", "loop9", "mapped9", "meta9"):
        status, made = stage.send("POST", "/api/admin/webhooks", {"url": f"http://{name}.example.com/hook"}, stage.admin)
        assert status == 201, made
    for number in range(8):
        stage.send("POST", f"/api/{stage.tenant}/chat", {"message": f"Hello {number}"}, contact["token"])
    time.sleep(8)
    arrived = sum(path == "/hook" for _, path in reached)
    print("ok" if not touched and arrived else "FAILED", f"webhooks: arrived {arrived}, private {touched}")
    if touched or not arrived:
        failures.append("webhooks")
finally:
    stage.stop()
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
