#!/usr/bin/env python3
"""Calls every route of every contract, and every tool of MCP, as everybody who could, with names of things that the caller may
not see: file names, addresses, questions, people's names, slugs, groups, e-mail addresses, ids.

Each call is made twice: with the name of a hidden thing, and with one like it of which there is nothing. The two replies may
not differ in anything but that name, and no reply may hold a word of what is hidden.

    Tests/redteam.sh [PATH/TO/twin]
"""

import base64
import http.client
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode

BINARY = sys.argv[1]
# Which of how many processes this is: each has a server and a share of the callers.
PART, PARTS = (int(number) for number in sys.argv[2].split("/")) if len(sys.argv) > 2 else (0, 0)
ROUNDS = 300  # Hidden things of each kind, so that a call that makes one of that name leaves others to be tried.
HIDDEN, ABSENT = "quokka", "wombat"  # Words of the same length, which stand in names.
MARKER = "zanzibarite"  # Stands in what is hidden, and in no request.
PRIVATE = "vermilionite"  # Stands in what one contact of the desk has said: staff see it, and nobody else.
UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.I)


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


PICTURE = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) + chunk(
    b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


class Site(BaseHTTPRequestHandler):
    """Pages that can be ingested: every address has one. What is planted is not there any more for whoever reads it later."""

    is_planting = True

    def do_GET(self):
        name = self.path.strip("/")
        hidden = f" The {MARKER} of the vault is kept by Linda Quokkason." if Site.is_planting else ""
        body = f"<html><title>{name}</title><p>This page tells of valves and of pumps.{hidden}</p></html>".encode()
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        """Draws, as AUTOMATIC1111's server does: one dot."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.dumps({"images": [base64.b64encode(PICTURE).decode()]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server:
    """`twin serve` on a database of its own, with everything planted."""

    def __init__(self, folder):
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": folder, "TWIN_DB": f"{folder}/twin.db", "TWIN_CONFIG": f"{folder}/config.json",
            "TWIN_ALLOW_PRIVATE": "1", "TWIN_JWT_SECRET": "a secret for the strangers' issuer only",
        }
        self.contracts = os.environ.get("TWIN_REDTEAM_CONTRACTS") or "studio,brain,support,openai,mcp,console"

    def twin(self, *words, stdin=""):
        result = subprocess.run(
            [BINARY, *words], env=self.environment, cwd=self.folder, input=stdin, capture_output=True, text=True, timeout=300)
        if result.returncode != 0:
            sys.exit(f"error: twin {' '.join(words)[:200]}: {result.stderr}")
        return result.stdout

    def json(self, *words, stdin=""):
        return json.loads(self.twin(*words, "--json", stdin=stdin))

    def start(self):
        ready = f"{self.folder}/ready.json"
        self.process = subprocess.Popen(
            [BINARY, "--quiet", "serve", "--contracts", self.contracts, "--port", "0", "--jobs", "0", "--log", "none", "--ready-file", ready],
            env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        for _ in range(3000):
            if os.path.exists(ready) and os.path.getsize(ready):
                break
            time.sleep(0.1)
        self.port = int(json.load(open(ready))["url"].rsplit(":", 1)[1])

    def stop(self):
        self.process.terminate()
        self.process.wait(300)


class Reply:
    def __init__(self, status, body):
        self.status = status
        self.body = body

    def json(self):
        return json.loads(self.body)


class Client:
    """One kept connection. Each request comes from another address, so that limits of addresses do not matter."""

    def __init__(self, port):
        self.port = port
        self.connection = None
        self.sent = 0

    def send(self, method, path, headers=None, body=None):
        self.sent += 1
        fields = {"x-forwarded-for": f"198.18.{self.sent // 250 % 250}.{self.sent % 250 + 1}", **(headers or {})}
        if body is not None and not isinstance(body, bytes):
            fields.setdefault("content-type", "application/json")
            body = json.dumps(body).encode()
        for attempt in (1, 2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
                self.connection.request(method, path, body, fields)
                response = self.connection.getresponse()
                return Reply(response.status, response.read().decode("utf-8", "replace"))
            except (http.client.HTTPException, ConnectionError):
                self.connection = None
                if attempt == 2:
                    raise


def multipart(filename, fields, text="Valves are oiled in autumn."):
    parts = [f'--b\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    parts.append(
        f'--b\r\ncontent-disposition: form-data; name="file"; filename="{filename}"\r\ncontent-type: text/markdown\r\n\r\n'
        f"{text}\r\n")
    return ("".join(parts) + "--b--\r\n").encode()


def token(secret, claims):
    import base64
    import hashlib
    import hmac

    def text(data):
        return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

    head = text(b'{"alg":"HS256","typ":"JWT"}') + "." + text(json.dumps(claims).encode())
    return head + "." + text(hmac.new(secret.encode(), head.encode(), hashlib.sha256).digest())


class Pair:
    """The name of something hidden and a name like it of nothing."""

    def __init__(self, kind, hidden, absent):
        self.kind, self.hidden, self.absent = kind, hidden, absent


class World:
    def __init__(self, server, site):
        self.server, self.site = server, site
        server.environment["TWIN_IMAGES_SDAPI_URL"] = f"http://127.0.0.1:{site}"
        server.environment["TWIN_TRAINING_COG_URL"] = f"http://127.0.0.1:{site}"
        self.round = 0
        self.tenant()
        server.start()
        self.client = Client(server.port)
        self.people()
        self.plant()
        self.show()
        Site.is_planting = False
        self.strangers()
        self.principals()
        self.desks()

    def call(self, who, method, path, body=None, headers=None):
        reply = self.client.send(method, path, {**who, **(headers or {})}, body)
        if reply.status >= 300:
            sys.exit(f"error: {method} {path}: {reply.status} {reply.body[:500]}")
        return json.loads(reply.body) if reply.body.startswith(("{", "[")) else reply.body

    def tenant(self):
        twin = self.server.json
        self.ids = {"owner": twin("users", "add", "owner@home.example", "--role", "owner", "--no-password")["id"]}
        self.twin = twin("twins", "create", "amara", "--setting", "escalation.enabled=true")
        self.other = twin("twins", "create", "plain")
        for name in ("viewer", "partner", "board"):
            self.ids[name] = twin("users", "add", f"{name}@home.example", "--role", "viewer", "--no-password")["id"]
        for name in ("board-quokka", "partners"):
            twin("groups", "create", name, "--twin", "amara")
        twin("users", "add", "supporter@home.example", "--role", "supporter", "--no-password")
        twin("desk", "init", "--twin", "amara")
        twin("groups", "add", "board-quokka", "board@home.example", "--twin", "amara")
        twin("groups", "add", "partners", "partner@home.example", "--twin", "amara")

    def bearer(self, email):
        return {"authorization": "Bearer " + self.server.twin("token", "create", "--user", email).strip()}

    def key(self, *words):
        return {"x-twin-api-key": self.server.json("keys", "create", *words)["key"]}

    def people(self):
        self.owner = self.bearer("owner@home.example")
        self.board = self.bearer("board@home.example")
        self.default = next(
            group for group in self.call(self.owner, "GET", f"/twins/{self.twin['id']}/access-groups") if group["is_default"])

    def name(self, word, kind, number):
        return {
            "file": f"{word}-{number:03}.md", "url": f"http://127.0.0.1:{self.site}/{word}-{number:03}",
            "video": f"https://www.youtube.com/watch?v={word}{number:05}", "feed": f"https://{word}.example/{number:03}",
            "post": f"https://x.com/{word}/status/{20 + number}", "question": f"What does the {word} number {number:03} weigh?",
            "document": f"document-{word}-{number:03}.md", "person": f"Linda {word.capitalize()}son",
            "prefix": f"{word}-",
        }[kind]

    def plant(self):
        """What only the board may see."""
        twin = self.twin["id"]
        os.mkdir(f"{self.server.folder}/local")
        for number in range(ROUNDS):
            name = self.name(HIDDEN, "file", number)
            text = f"Paper {number} says that the {MARKER} weighs {number} pounds. Linda Quokkason of {MARKER.capitalize()} met Peter Holm in Hamburg.\n"
            self.client.send(
                "POST", f"/ingest/file/{twin}", {**self.owner, "content-type": "multipart/form-data; boundary=b"},
                multipart(name, {}, text))
        for kind, path in (("video", "youtube"), ("feed", "podcast"), ("post", "x")):
            for number in range(20):
                self.call(self.owner, "POST", f"/ingest/{path}/{twin}", {"url": self.name(HIDDEN, kind, number)})
        addresses = "".join(self.name(HIDDEN, "url", number) + "\n" for number in range(40))
        self.server.json("ingest", "--twin", "amara", "--allow-private", "--from-file", "-", stdin=addresses)
        answers = "".join(
            json.dumps({"question": self.name(HIDDEN, "question", number), "answer": f"{number} pounds of {MARKER}."}) + "\n"
            for number in range(ROUNDS))
        self.server.json("qna", "import", "--twin", "amara", "--format", "jsonl", "-", stdin=answers)
        if "brain" in self.server.contracts:
            self.call(
                self.owner, "POST", f"/api/twins/{twin}/documents/upload",
                {"filename": self.name(HIDDEN, "document", 0), "content_type": "text/markdown"})
        sources = self.call(self.owner, "GET", f"/sources/{twin}")
        answers = self.call(self.owner, "GET", f"/twins/{twin}/verified-qna")
        self.server.twin("groups", "grant", "board-quokka", "--twin", "amara", "--all")
        self.server.twin("groups", "revoke", self.default["id"], "--twin", "amara", "--all")
        self.hidden = {
            "source_id": sources[0]["id"], "qna_id": answers[0]["id"],
            "conversation_id": self.conversation(self.board), "key_id": None,
        }
        self.hidden["content_id"] = self.hidden["document_id"] = self.hidden["source_id"]
        self.hidden["file_id"] = "file-" + self.hidden["source_id"]
        if "journal" in self.server.contracts:
            self.hidden |= self.diary(self.board, self.ids["board"], f"{MARKER} in pounds")
        if "persona" in self.server.contracts:
            self.hidden |= self.persona(self.owner, self.ids["owner"], f"{MARKER} in pounds")
        jobs = self.call(self.owner, "GET", f"/jobs?twin_id={twin}")
        self.hidden["job_id"] = jobs[0]["id"]
        if "brain" in self.server.contracts:
            nodes = self.call(self.owner, "GET", f"/api/twins/{twin}/graph/nodes?limit=1")["nodes"]
            self.hidden["node_id"] = self.hidden["into"] = nodes[0]["id"]

    def diary(self, who, user, words):
        """What a user keeps through the journal."""
        session = self.call(who, "POST", "/api/v1/chat_sessions", {"user_id": user, "title": f"Session of {words}"})["session_id"]
        text = {"user_id": user, "prompt_text": f"Prompt: {words}"}
        return {
            "user_id": user, "session_id": session,
            "prompt_id": self.call(
                who, "POST", "/api/v1/prompts", {**text, "session_id": session, "llm_responses": [f"Response: {words}"]})["prompt_id"],
            "own_prompt_id": self.call(who, "POST", "/api/v1/user_prompts", text)["prompt_id"],
            "log_id": self.call(
                who, "POST", "/api/v1/audit_logs", {"user_id": user, "action": "SEEN", "details": {"of": words}})["log_id"],
        }

    def persona(self, who, user, words):
        """A persona with a picture, a dataset and a training that nobody does."""
        of = f"?user_id={user}"
        model = self.call(
            who, "POST", f"/api/v1/loras/models{of}",
            {"name": f"Weights of {words}"[:60], "lora_weights_url": "https://weights.example/a.safetensors", "description": words})
        avatar = self.call(
            who, "POST", f"/api/v1/identities/avatars/with-lora{of}",
            {"name": f"Face of {words}"[:60], "niche": words, "aesthetic_style": "plain", "lora_model_id": model["id"], "bio": words})["id"]
        piece = self.call(who, "POST", "/api/v1/content/generate", {"avatar_id": avatar, "custom_prompt": f"a hill, {words}"})["id"]
        batch = self.call(who, "POST", "/api/v1/loras/dataset/generate", {"avatar_id": avatar, "num_images": 10})["batch_id"]
        training = self.call(
            who, "POST", "/api/v1/loras/training/start", {"avatar_id": avatar, "dataset_batch_id": batch})["training_job_id"]
        return {
            "lora_model_id": model["id"], "avatar_id": avatar, "piece_id": piece, "batch_id": batch, "dataset_batch_id": batch,
            "training_job_id": training,
        }

    def conversation(self, who):
        reply = self.call(
            who, "POST", f"/chat/{self.twin['id']}", {"query": "When are pumps greased?"}, {"accept": "application/json"})
        return reply["conversation_id"]

    def upload(self, who, twin, name, text):
        reply = self.client.send(
            "POST", f"/ingest/file/{twin}", {**who, "content-type": "multipart/form-data; boundary=b"},
            multipart(name, {}, text))
        return reply.json()["source_id"]

    def show(self):
        """What everybody of the workspace may see."""
        twin = self.twin["id"]
        source = self.upload(self.owner, twin, "pumps.md", "Pumps are greased in spring. Ada Byron met Peter Holm in Hamburg.\n")
        answer = self.call(
            self.owner, "POST", f"/twins/{twin}/verified-qna", {"question": "Who built the pumps?", "answer": "Ada did."})
        self.seen = {
            "twin_id": twin, "source_id": source, "qna_id": answer["id"], "group_id": self.default["id"],
            "content_type": "source", "content_id": source, "document_id": source, "model": self.twin["slug"],
            "store_id": f"vs_{twin}", "file_id": f"file-{source}",
            "conversation_id": self.conversation(self.owner), "url": f"http://127.0.0.1:{self.site}/pumps", "email": "new@home.example",
        }
        self.seen["job_id"] = self.call(self.owner, "POST", f"/sources/{source}/re-extract")["job_id"]
        self.seen["token"] = self.call(self.owner, "POST", f"/twins/{twin}/share-link")["share_token"]
        self.call(self.owner, "PATCH", f"/twins/{twin}/sharing", {"is_public": True})
        self.seen["user_id"] = self.call(self.owner, "GET", "/users")[0]["id"]

    def strangers(self):
        issued = token(
            self.server.environment["TWIN_JWT_SECRET"],
            {"sub": str(uuid.uuid4()), "email": "owner@ocelot.example", "exp": int(time.time()) + 3600})
        self.stranger = {"authorization": f"Bearer {issued}"}
        self.call(self.stranger, "POST", "/auth/sync-user")
        made = self.call(self.stranger, "POST", "/twins", {"name": "Ocelot twin"})
        twin = made["id"]
        source = self.upload(self.stranger, twin, "ocelot-000.md", f"The {MARKER} of the strangers is blue.\n")
        group = self.call(self.stranger, "POST", f"/twins/{twin}/access-groups", {"name": "Ocelot friends"})
        answer = self.call(
            self.stranger, "POST", f"/twins/{twin}/verified-qna",
            {"question": "Which colour is the ocelot?", "answer": f"As {MARKER}."})
        key = self.call(self.stranger, "POST", "/api-keys", {"name": "ocelot key", "scopes": ["read", "write", "chat"]})
        conversation = self.call(
            self.stranger, "POST", f"/chat/{twin}", {"query": "Which colour is it?"}, {"accept": "application/json"})
        self.strange = {
            "twin_id": twin, "source_id": source, "group_id": group["id"], "qna_id": answer["id"], "content_type": "source",
            "content_id": source, "document_id": source, "model": made["slug"], "key_id": key["id"],
            "store_id": f"vs_{twin}", "file_id": f"file-{source}",
            "conversation_id": conversation["conversation_id"], "slug": made["slug"], "twin_name": made["name"],
            "user_id": self.call(self.stranger, "GET", "/users")[0]["id"], "url": f"http://127.0.0.1:{self.site}/own",
            "email": "new@ocelot.example",
        }
        self.strange["job_id"] = self.call(self.stranger, "POST", f"/sources/{source}/re-extract")["job_id"]
        self.strange["token"] = self.call(self.stranger, "POST", f"/twins/{twin}/share-link")["share_token"]
        self.call(self.stranger, "PATCH", f"/twins/{twin}/sharing", {"is_public": True})
        if "journal" in self.server.contracts:
            self.strange |= self.diary(self.stranger, self.strange["user_id"], f"{MARKER} of the strangers is blue")
        if "persona" in self.server.contracts:
            self.strange |= self.persona(self.stranger, self.strange["user_id"], f"{MARKER} of the strangers is blue")
        self.strangers_key = {"x-twin-api-key": key["api_key"] if "api_key" in key else key["key"]}

    def principals(self):
        twin = ("--twin", "amara")
        share = {"authorization": f"Bearer {self.seen['token']}"}
        chat_key = self.key("chat", "--scope", "chat", *twin)
        self.session = self.call(
            {}, "POST", f"/chat-widget/{self.twin['id']}",
            {"query": "When are pumps greased?", "api_key": chat_key["x-twin-api-key"]}, {"accept": "application/json"})["session_id"]
        self.callers = {
            "nobody": {}, "viewer": self.bearer("viewer@home.example"), "member of another group": self.bearer("partner@home.example"),
            "read key": self.key("read", "--scope", "read", *twin), "write key": self.key("write", "--scope", "write", *twin),
            "chat key": chat_key,
            "full key": self.key("all", "--scope", "read", "--scope", "write", "--scope", "chat"),
            "partners' key": self.key("partner", "--scope", "read", "--scope", "write", "--scope", "chat", "--group", "partners", *twin),
            "other twin's key": self.key("other", "--scope", "read", "--scope", "write", "--scope", "chat", "--twin", "plain"),
            "share token": share, "widget session": {"authorization": f"Bearer {self.session}"}, "owner": self.owner, "stranger": self.stranger, "stranger's key": self.strangers_key,
        }
        self.seen["widget_key"] = self.callers["chat key"]["x-twin-api-key"]
        self.strange["widget_key"] = self.strangers_key["x-twin-api-key"]
        self.hidden["key_id"] = self.call(self.owner, "GET", "/api-keys")[0]["id"]
        self.own_things = {name: {} for name in self.callers}
        if "journal" in self.server.contracts:
            for caller, user in (("viewer", "viewer"), ("member of another group", "partner"), ("owner", "owner")):
                self.own_things[caller] = self.diary(self.callers[caller], self.ids[user], "valves")
        if "persona" in self.server.contracts:
            self.own_things["owner"] |= self.persona(self.owner, self.ids["owner"], "valves")

    def desk(self, owner, word, twin):
        """One of everything of a desk: what a path or a body can name."""
        tenant = self.call(owner, "GET", "/api/admin/tenants")["tenants"][0]["tenant_id"]
        paces = {name: 100_000 for name in ("rate_per_minute", "rate_burst", "staff_rate_per_minute", "contact_rate_per_minute")}
        self.call(owner, "PUT", f"/api/admin/tenants/{tenant}", {"settings": paces, "twin_id": twin})
        staff = self.call(
            owner, "POST", "/api/admin/escalation/staff", {"email": f"sam@{word}.example", "password": "correct horse"})
        self.call(owner, "PUT", f"/api/admin/escalation/staff/{staff['user_id']}", {"status": "online", "max_concurrent_sessions": 100})
        contact = self.call(owner, "POST", f"/api/{tenant}/chat-users", {"email": f"visitor@{word}.example", "username": f"{word} visitor"})
        other = self.call(owner, "POST", f"/api/{tenant}/chat-users", {"email": f"second@{word}.example"})
        session = self.session_of(owner, tenant, contact["user_id"], word)
        tool = self.call(
            owner, "POST", "/api/admin/tools",
            {"name": f"{word}_tool", "base_tool_id": self.call(owner, "GET", "/api/admin/tools/base")["base_tools"][2]["base_tool_id"]})
        agent = self.call(owner, "POST", "/api/admin/agents", {"name": f"{word} agent", "tool_ids": [tool["tool_id"]]})
        hook = self.call(owner, "POST", "/api/admin/webhooks", {"url": f"http://127.0.0.1:{self.site}/{word}-hook"})
        self.call(owner, "POST", f"/api/{tenant}/chat", {"message": "Hello", "user_id": contact["user_id"], "session_id": session})
        delivery = self.call(owner, "GET", f"/api/admin/webhooks/{hook['webhook_id']}/deliveries")["deliveries"][0]
        return {
            "tenant_id": tenant, "supporter_id": staff["user_id"], "user_id": contact["user_id"], "into": other["user_id"],
            "session_id": session, "tool_id": tool["tool_id"], "tool_ids": tool["tool_id"], "agent_id": agent["agent_id"],
            "default_agent_id": agent["agent_id"], "agent_name": agent["name"], "webhook_id": hook["webhook_id"],
            "delivery_id": delivery["delivery_id"], "secret_name": f"{word}-secret", "output_format_id": None, "twin_id": twin,
            "contact": contact, "staff": self.bearer(f"sam@{word}.example"),
        }

    def session_of(self, owner, tenant, contact, word, escalated=True):
        session = self.call(owner, "POST", f"/api/{tenant}/session", {"user_id": contact, "topic": f"On {word}"})["session_id"]
        if escalated:
            self.call(owner, "POST", f"/api/admin/escalation/{session}/escalate", {"reason": f"On {word}"})
        return session

    def desks(self):
        """Desks of both tenants. What one contact says, no other contact and no member of the tenant may see."""
        self.home = self.desk(self.owner, "home", self.twin["id"])
        self.foreign = self.desk(self.stranger, "ocelot", self.strange["twin_id"])
        self.home["document_ids"] = self.seen["source_id"]
        self.foreign["document_ids"] = self.strange["source_id"]
        tenant = self.home["tenant_id"]
        secret = self.call(
            self.owner, "POST", f"/api/{tenant}/chat-users", {"email": "private@home.example", "username": f"The {PRIVATE} contact"})
        session = self.session_of(self.owner, tenant, secret["user_id"], PRIVATE, escalated=False)
        self.call(
            self.owner, "POST", f"/api/{tenant}/chat",
            {"message": f"Who sells {PRIVATE}?", "user_id": secret["user_id"], "session_id": session})
        self.call(self.owner, "POST", f"/api/{tenant}/session/{session}/notes", {"content": f"On the {PRIVATE}"})
        self.private = {"user_id": secret["user_id"], "into": secret["user_id"], "session_id": session, "document_ids": self.hidden["source_id"]}
        widget = self.call({}, "POST", f"/api/public/widgets/{tenant}/chat", {"message": "When are pumps greased?"})
        self.callers |= {
            "supporter": self.home["staff"], "contact": {"authorization": "Bearer " + self.home["contact"]["token"]},
            "desk's widget": {"authorization": "Bearer " + widget["token"]},
        }
        self.widget = {"session_id": widget["session_id"], "user_id": widget.get("user_id")}

    # What is tried

    def own(self, caller, operation=None):
        own = self.strange if caller.startswith("stranger") else self.seen | self.own_things.get(caller, {})
        if operation is None or not operation.is_desk:
            return own
        desk = self.foreign if caller.startswith("stranger") else self.home
        own = {**own, **{name: value for name, value in desk.items() if isinstance(value, str)}}
        if caller == "desk's widget":
            own |= {name: value for name, value in self.widget.items() if value}
        if "/staff/" in operation.path:
            own["user_id"] = own["supporter_id"]
        if operation.name.startswith("POST") and re.search(r"escalation/.*/(escalate|resolve)$", operation.path):
            # Each changes what it is about, so each has one of its own.
            owner = self.stranger if caller.startswith("stranger") else self.owner
            own["session_id"] = self.session_of(
                owner, own["tenant_id"], desk["user_id"], "change", escalated=operation.path.endswith("resolve"))
        return own

    def tidy(self, caller, operation):
        """A tenant has so many webhooks at the most."""
        if operation.name != "POST /api/admin/webhooks":
            return
        owner = self.stranger if caller.startswith("stranger") else self.owner
        kept = (self.foreign if caller.startswith("stranger") else self.home)["webhook_id"]
        for hook in self.call(owner, "GET", "/api/admin/webhooks")["webhooks"]:
            if hook["webhook_id"] != kept:
                self.call(owner, "DELETE", f"/api/admin/webhooks/{hook['webhook_id']}")

    def pairs(self, caller, slot, is_id, operation=None):
        """Names of what the caller may not see, each with one of nothing."""
        self.round = (self.round + 1) % ROUNDS
        foreign = self.hidden | self.seen if caller.startswith("stranger") else self.strange
        secret = self.hidden
        if operation is not None and operation.is_desk:
            foreign = foreign | (self.home if caller.startswith("stranger") else self.foreign)
            # Staff see every contact; documents they see as everybody does.
            secret = {"document_ids": self.private["document_ids"]} if caller == "supporter" else self.hidden | self.private
            if "/staff/" in operation.path:
                foreign = foreign | {"user_id": foreign["supporter_id"]}
                secret = {}
        found = []

        def add(kind, hidden, absent=None):
            if hidden:
                found.append(Pair(kind, hidden, absent or hidden.replace("ocelot", "jaguar").replace("Ocelot", "Jaguar")))

        def add_id(kind, value):
            if value and UUID.fullmatch(value):
                add(kind, value, value[:15] + str(uuid.uuid4())[15:])
            elif value and value.startswith("msg_"):
                add(kind, value, value[:20] + uuid.uuid4().hex[:16])
            elif value and value.startswith(("vs_", "file-")):
                head = len(value) - 36
                add(kind, value, value[: head + 15] + str(uuid.uuid4())[15:])

        name = "content_id" if slot == "content_ids" else "twin_id" if slot == "allowed_twin_ids" else slot
        add_id("foreign id", foreign.get(name))
        if caller not in ("owner",) and not caller.startswith("stranger"):
            add_id("hidden id", secret.get(name))
        if is_id:
            return found
        number = self.round
        if caller.startswith("stranger"):
            add("foreign slug", self.twin["slug"], "amarb")
            add("foreign e-mail", "viewer@home.example", "viewed@home.example")
            add("foreign group", "partners", "parsners")
            add("foreign file", "pumps.md", "pomps.md")
            add("foreign question", "Who built the pumps?", "Who built the pomps?")
        else:
            add("foreign slug", self.strange["slug"])
            add("foreign name", self.strange["twin_name"])
            add("foreign e-mail", "owner@ocelot.example")
            add("foreign group", "Ocelot friends")
            add("foreign question", "Which colour is the ocelot?")
        if caller != "owner" and not caller.startswith("stranger"):
            for kind in ("file", "question", "document", "person", "prefix"):
                if slot == "twin" and kind == "prefix":
                    continue
                add(kind, self.name(HIDDEN, kind, number), self.name(ABSENT, kind, number))
            # A file's name is what stands behind the last slash.
            for kind, count in () if slot in ("filename", "name") else (("url", 40), ("video", 20), ("feed", 20), ("post", 20)):
                add(kind, self.name(HIDDEN, kind, number % count), self.name(ABSENT, kind, number % count))
        return found


# What is sent where a request needs something and nothing of the caller's fits.
DEFAULTS = {
    "new_stage": "draft", "title": "Valves", "prompt_text": "Of valves.", "action": "SEEN", "password": "correct horse battery",
    "platform": "instagram", "content_type": "image", "image_url": "data:image/png;base64,AAAA",
    "daily_limit": 100, "facial_generation": {"aesthetic_style": "plain"}, "lora_weights_url": "https://weights.example/a.safetensors",
}


# The journal's contract answers 400 for an address that is registered already. How often one may try is limited by network.
REGISTERS = ("/api/v1/auth/register", "/api/v1/users", "/api/v1/users/{user_id}")


class Operation:
    made = 0

    def __init__(self, method, path, description, schemas):
        self.method, self.path = method.upper(), path
        # Routes of the support contract.
        self.is_desk = path.startswith(("/api/admin", "/api/public", "/api/auth", "/api/{tenant_id}"))
        self.parameters = [each for each in description.get("parameters", []) if each["in"] in ("path", "query")]
        content = description.get("requestBody", {}).get("content", {})
        self.multipart = "multipart/form-data" in content
        self.is_form = "application/x-www-form-urlencoded" in content
        body = content.get("application/x-www-form-urlencoded" if self.is_form else "application/json", {})
        schema = body.get("schema", {})
        while "$ref" in schema:
            schema = schemas[schema["$ref"].rsplit("/", 1)[1]]
        self.is_list = schema.get("type") == "array"
        self.properties = {"content_ids": schema["items"]} if self.is_list else schema.get("properties", {})
        self.required = schema.get("required", [])
        self.example = body.get("example") or {}
        self.has_body = bool(content)

    @property
    def name(self):
        return f"{self.method} {self.path}"

    def kind(self, slot):
        """What is named by a slot: two contracts may use one word for different things."""
        if slot == "prompt_id" and re.search("user.prompts", self.path):
            return "own_prompt_id"
        return "piece_id" if slot == "content_ids" and self.path.startswith("/api/v1") else slot

    def slots(self):
        """Places for a name: (where, name, whether only ids fit)."""
        for each in self.parameters:
            schema = each["schema"]
            if "enum" in schema or schema.get("type") in ("integer", "boolean"):
                continue
            yield each["in"], each["name"], schema.get("format") == "uuid"
        for name, schema in self.properties.items():
            kinds = [schema, *schema.get("anyOf", []), *schema.get("oneOf", [])]
            if any("enum" in each for each in kinds) or not all(
                each.get("type", "string") in ("string", "array", "null") for each in kinds):
                continue
            yield "body", name, any(each.get("format") == "uuid" for each in kinds)
        if self.multipart:
            yield "body", "filename", False
            # A file that is kept is no twin's yet.
            if "{twin_id}" not in self.path and self.path != "/v1/files":
                yield "body", "tenant_id" if self.is_desk else "twin_id", False

    def request(self, own, slot=None, value=None):
        path, query = self.path, []
        for each in self.parameters:
            name = each["name"]
            chosen = value if slot == (each["in"], name) else own.get(self.kind(name)) or DEFAULTS.get(name)
            if each["in"] == "path":
                path = path.replace("{%s}" % name, quote(str(chosen or "01900000-0000-7000-8000-000000000000"), safe=""))
            elif slot == ("query", name) or each.get("required") and chosen:
                query.append(f"{name}={quote(str(chosen), safe='')}")
        path += "?" + "&".join(query) if query else ""
        if self.multipart:
            filename = value if slot == ("body", "filename") else "mine.md"
            place = "tenant_id" if self.is_desk else "twin_id"
            if self.path == "/v1/files":
                return path, multipart(filename, {"purpose": "assistants"}), {"content-type": "multipart/form-data; boundary=b"}
            fields = {} if "{twin_id}" in self.path else {place: value if slot == ("body", place) else own[place]}
            return path, multipart(filename, fields), {"content-type": "multipart/form-data; boundary=b"}
        if not self.has_body:
            return path, None, {}
        if self.is_list:
            return path, [value if slot else own.get("piece_id", str(uuid.UUID(int=0)))], {}
        body = dict(self.example)
        for name in self.required:
            body.setdefault(name, DEFAULTS.get(name, "valves"))
        for name in list(body):
            is_new = self.is_desk and name in ("email", "password") and not self.path.endswith("/login")
            if name == "email" and self.path in REGISTERS:
                Operation.made += 1
                body[name] = f"fresh{Operation.made}@made.example"
            elif self.kind(name) in own and isinstance(body[name], str) and not is_new:
                body[name] = own[self.kind(name)]
            elif name in ("name", "question", "filename", "email") or is_new:
                # What is made is made anew each time.
                Operation.made += 1
                body[name] = f"fresh{Operation.made}@made.example" if name == "email" else f"fresh{Operation.made}"
            if name == "password" and is_new:
                body[name] += " password"
        if slot and slot[0] == "body":
            kinds = json.dumps(self.properties.get(slot[1], {}))
            in_list = '"array"' in kinds and '"string"' not in kinds.split('"items"')[0]
            body[slot[1]] = value
            if slot[1] == "messages":
                body["messages"] = [{"role": "user", "content": value}]
            elif in_list or slot[1] in ("content_ids", "allowed_twin_ids", "citations"):
                body[slot[1]] = [value]
        if self.is_form:
            return path, urlencode(body).encode(), {"content-type": "application/x-www-form-urlencoded"}
        return path, body, {}


class Attack:
    def __init__(self, world):
        self.world = world
        self.findings, self.calls = [], 0
        self.callers = list(world.callers)[PART::PARTS]
        description = world.client.send("GET", "/openapi.json").json()
        self.operations = [
            Operation(method, path, each, description["components"]["schemas"]) for path, methods in description["paths"].items() for method, each in methods.items()
            # These stay open for whoever may listen.
            if not path.endswith(("/stream", "/ws")) and re.search(os.environ.get("TWIN_REDTEAM_PATHS", ""), path)]

    def report(self, caller, what, kind, text):
        self.findings.append(f"{what} as {caller}, {kind}: {text}")
        print(self.findings[-1], flush=True)

    def send(self, caller, method, path, body, headers):
        self.calls += 1
        try:
            return self.world.client.send(method, path, {**self.world.callers[caller], **headers}, body)
        except TimeoutError:
            self.report(caller, f"{method} {path}", "as it is", f"no answer within five minutes ({str(body)[:200]})")
            self.world.client.connection = None
            return Reply(0, "")

    def look(self, caller, reply, what, kind, sent=""):
        """What is hidden stands in no reply."""
        text = reply.body.lower()
        if caller.startswith("stranger") or caller == "owner":
            own = caller != "owner"
            if not own and "strangers is blue" in text:
                self.report(caller, what, kind, "tells the strangers' text")
            if own and ("greased in spring" in text or "pounds" in text or PRIVATE in text):
                self.report(caller, what, kind, f"tells the workspace's text: {reply.body[:300]}")
            return
        for word in (MARKER, "pounds", PRIVATE):
            if word in text and not (word == PRIVATE and caller == "supporter"):
                self.report(caller, what, kind, f"tells '{word}': {reply.body[:300]}")

    @staticmethod
    def plain(pair_value, body, is_change):
        """A reply without the name that was sent, ids and times."""
        written = json.dumps(pair_value)[1:-1]
        slug = re.sub(r"[^a-z0-9]+", "-", pair_value.lower()).strip("-")
        for form in (written.replace("/", "\\/"), written, quote(pair_value, safe=""), pair_value, slug):
            body = re.sub(re.escape(form), "<name>", body, flags=re.I)
        body = re.sub(r"fresh\d+", "<made>", body)
        body = re.sub(f"{HIDDEN}|{ABSENT}", "<word>", body, flags=re.I)
        body = re.sub(r'"(share_token|share_url|invitation_token|invitation_url|upload_url)":"[^"]*"', r'"\1":""', body)
        body = re.sub(r"tenant_[0-9A-Za-z_-]+|eyJ[\w.-]+|whsec_[\w+/=]+", "<secret>", body)
        body = UUID.sub("<id>", body)
        body = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<time>", body)
        body = re.sub(r'"(\w*generation_time_seconds|response_ms|milliseconds|latency_ms|avg_latency_ms|duration_ms|created|created_at|retry_after|remaining|completed_at)":[\d.e+-]+', r'"\1":0', body)
        body = re.sub(r"<name>-\d+", "<name>", body)
        body = re.sub(r"(chatcmpl|msg|resp|vs|file)[-_][0-9a-zA-Z_-]+", r"\1_<id>", body)
        if is_change:
            # What was changed before stands in the reply to the next change.
            body = re.sub(
                r'"(name|description|specialization|welcome_message|placeholder_text|system_prompt|prompt_template|escalation_reason|feedback)":"[^"]*"',
                r'"\1":""', body)
            body = re.sub(r'"examples":\[[^\]]*\]', '"examples":[]', body)
        body = re.sub(r'"total_latency_ms":\{[^}]*\}', "", body)
        return body

    def compare(self, caller, what, pair, replies):
        hidden, absent = replies
        if 429 in (hidden.status, absent.status):
            self.report(caller, what, pair.kind, "a limit was reached: nothing is known")
            return
        if hidden.status != absent.status:
            self.report(
                caller, what, pair.kind,
                f"{hidden.status} for what is hidden, {absent.status} for what is not there ({pair.hidden}): "
                f"{hidden.body[:200]} | {absent.body[:200]}")
            return
        first, second = (
            self.plain(value, reply.body, what.startswith(("PATCH", "PUT"))) for value, reply in
            ((pair.hidden, hidden), (pair.absent, absent)))
        if first != second:
            at = next((i for i, (a, b) in enumerate(zip(first, second)) if a != b), min(len(first), len(second)))
            self.report(
                caller, what, pair.kind,
                f"{hidden.status}, replies differ ({pair.hidden}): …{first[max(at - 60, 0):at + 120]} | …{second[max(at - 60, 0):at + 120]}")

    def lists(self, caller):
        for operation in self.operations:
            if operation.method != "GET" or operation.path.endswith("/events"):
                continue
            own = self.world.own(caller, operation)
            path, _, headers = operation.request(own)
            reply = self.send(caller, "GET", path, None, headers)
            self.look(caller, reply, operation.name, "as it is")
            if caller not in ("owner", "stranger", "stranger's key") and "quokka" in reply.body.lower().replace("board-quokka", ""):
                self.report(caller, operation.name, "as it is", f"names what is hidden: {reply.body[:400]}")

    def names(self, caller, only):
        for operation in filter(only, self.operations):
            if operation.path in ("/auth/logout", "/mcp", "/api/auth/logout", "/api/auth/change-password"):
                continue
            slots = list(operation.slots())
            for where, name, is_id in slots:
                # What is there and theirs is not deleted: the path then names what is hidden, or nothing.
                if where != "path" and (operation.method == "DELETE" or operation.path.endswith("archive")):
                    continue
                if operation.path in REGISTERS and name == "email":
                    continue
                # A widget is there for whoever knows its tenant's id.
                if name == "tenant_id" and operation.path.startswith("/api/public/widgets"):
                    continue
                for pair in self.world.pairs(caller, operation.kind(name), is_id, operation):
                    # An address is one user's in the whole file: whoever gives one to somebody new learns that it is taken.
                    if pair.kind == "foreign e-mail" and operation.path.endswith(("/register", "/staff")):
                        continue
                    replies = []
                    self.world.tidy(caller, operation)
                    for value in (pair.hidden, pair.absent):
                        own = self.world.own(caller, operation)
                        path, body, headers = operation.request(own, (where, name), value)
                        if operation.path.startswith("/chat-widget") and name != "api_key":
                            body["api_key"] = own["widget_key"]
                        reply = self.send(caller, operation.method, path, body, {**headers, "accept": "application/json"})
                        self.look(caller, reply, f"{operation.name} {name}", pair.kind, f"{path} {body}")
                        replies.append(reply)
                    self.compare(caller, f"{operation.name} {name}", pair, replies)

    def rpc(self, caller, method, parameters):
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
        return self.send(caller, "POST", "/mcp", body, {})

    def tools(self, caller, changes):
        own = self.world.own(caller)
        listed = self.rpc(caller, "tools/list", {})
        if listed.status != 200:
            return
        slug = own["model"]
        good = {
            "question": "When are pumps greased?", "query": "pumps", "twin": slug, "id": f"{slug}/{own['source_id']}",
            "source_id": own["source_id"], "start": 0, "end": 5, "name": "mine.md", "text": "Valves.", "answer": "Ada.",
        }
        calls = [
            (tool["name"], name, lambda value, tool=tool, name=name: (
                "tools/call", {"name": tool["name"], "arguments": {
                    **{each: good[each] for each in tool["inputSchema"].get("required", []) if each in good},
                    **({"twin": slug} if "twin" in tool["inputSchema"]["properties"] else {}), name: value}}))
            for tool in listed.json()["result"]["tools"] if changes == (not tool["annotations"]["readOnlyHint"])
            for name, schema in tool["inputSchema"].get("properties", {}).items() if schema.get("type") == "string"]
        if not changes:
            calls.append(("resources/read", "uri", lambda value: ("resources/read", {"uri": value})))
            calls.append((
                "completion", "twin", lambda value: ("completion/complete", {
                    "ref": {"type": "ref/prompt", "name": "ask-expert"}, "argument": {"name": "twin", "value": value[:4]}})))
        for tool, name, make in calls:
            pairs = self.world.pairs(caller, {"twin": "twin_id", "id": "source_id", "uri": "source_id"}.get(name, name), False)
            for pair in pairs:
                if changes and pair.kind == "person":
                    continue  # Whoever writes a name may read it then.
                forms = ["{}"]
                if name in ("id", "uri") and pair.kind.endswith("id"):
                    forms = [slug + "/{}"] if name == "id" else ["twin://" + slug + "/sources/{}"]
                for form in forms:
                    replies = []
                    for value in (pair.hidden, pair.absent):
                        method, parameters = make(form.format(value))
                        if tool in ("ingest_text", "add_verified_answer"):
                            # What is made is made anew each time.
                            Operation.made += 1
                            for each, fresh in (("name", f"fresh{Operation.made}.md"), ("question", f"fresh{Operation.made}")):
                                if each in parameters["arguments"] and each != name:
                                    parameters["arguments"][each] = fresh
                        reply = self.rpc(caller, method, parameters)
                        self.look(caller, reply, f"MCP {tool} {name}", pair.kind, json.dumps(parameters))
                        replies.append(reply)
                    self.compare(caller, f"MCP {tool} {name}", pair, replies)
        for method in ("resources/list", "prompts/list", "tools/list"):
            reply = self.rpc(caller, method, {})
            self.look(caller, reply, f"MCP {method}", "as it is")

    def run(self):
        """First what only looks, as everybody, and then what also makes things: what a caller has made, it may see."""
        def looks(operation):
            return operation.method == "GET" or re.search("chat|search|responses|embeddings|auth", operation.path) is not None

        for caller in self.callers:
            self.lists(caller)
        for changes in (False, True):
            for caller in self.callers:
                before, found = self.calls, len(self.findings)
                self.names(caller, lambda operation: looks(operation) != changes)
                if "mcp" in self.world.server.contracts and "TWIN_REDTEAM_PATHS" not in os.environ:
                    self.tools(caller, changes)
                print(
                    f"  {caller}: {'makes and changes' if changes else 'looks and asks'}, {self.calls - before} calls, "
                    f"{len(self.findings) - found} findings", file=sys.stderr, flush=True)


def attack():
    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        try:
            attack = Attack(World(server, site.server_address[1]))
            attack.run()
        finally:
            if hasattr(server, "process"):
                server.stop()
    print(f"{attack.calls} calls of {len(attack.operations)} routes, {len(attack.findings)} findings", file=sys.stderr)
    sys.exit(1 if attack.findings else 0)


def main():
    if PARTS:
        attack()
    count = min(os.cpu_count() or 1, 4)
    parts = [subprocess.Popen([sys.executable, "-B", __file__, BINARY, f"{part}/{count}"]) for part in range(count)]
    sys.exit(max(part.wait() for part in parts))


main()
