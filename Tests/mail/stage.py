"""What the scripts about letters are made of: mail servers that can be away, busy, strict and wrong, and a twin that sends."""

import atexit
import email
import email.policy
import json
import logging
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import warnings

import httpx

os.environ.setdefault("AIOSMTPD_CONTROLLER_TIMEOUT", "300")
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP

sys.path.append(str(pathlib.Path(__file__).parent.parent))
from free_port import free_port as port

TWIN, FOLDER = sys.argv[1:3]
# That the strict server takes passwords only inside TLS is seen to by its context.
warnings.simplefilter("ignore")
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        raise SystemExit(f"FAILED: {what}")


def until(condition, what, seconds=300):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"FAILED: {what} did not happen within {seconds} s")


class Postbox:
    """Keeps what arrives. `answers` are given to the letters before any is kept, one each; `doubts` to letters that are kept."""

    def __init__(self):
        self.letters, self.answers, self.doubts, self.sessions = [], [], [], []

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, envelope.mail_from, letter, envelope.content))
        self.sessions.append((server.transport.get_extra_info("ssl_object") is not None, session.authenticated))
        return self.doubts.pop(0) if self.doubts else "250 kept"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 there is no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    def to(self, address):
        return [letter for to, _, letter, _ in self.letters if to == [address]]


class Strict(Controller):
    """Wants a user and a password, and TLS from the first byte."""

    def factory(self):
        def authenticate(server, session, envelope, mechanism, data):
            good = getattr(data, "login", b"") == b"twin@example.org" and getattr(data, "password", b"") == b"open sesame"
            return AuthResult(success=good, handled=False)

        return SMTP(self.handler, authenticator=authenticate, auth_required=True, auth_require_tls=False)


class Encrypting(Controller):
    """Offers STARTTLS."""

    def __init__(self, handler, context, **more):
        self.tls = context
        super().__init__(handler, **more)

    def factory(self):
        return SMTP(self.handler, tls_context=self.tls)


class Scripted:
    """A mail server that says what it is told to: a reply to each word of SMTP, "." for the end of the text. Where there is none it
    closes the connection."""

    usual = {"greeting": "220 here", "EHLO": "250 here", "HELO": "250 here", "MAIL": "250 fine", "RCPT": "250 fine",
             "DATA": "354 go on", ".": "250 kept", "QUIT": "221 bye"}

    def __init__(self, **replies):
        self.replies = {**self.usual, **{word.replace("end", "."): reply for word, reply in replies.items()}}
        self.connections = []
        # What is done with the connection of this number.
        self.number, self.act = None, None
        self.socket = socket.create_server(("127.0.0.1", port()))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            if len(self.connections) == self.number:
                self.act()
            threading.Thread(target=self.speak, args=[connection], daemon=True).start()

    def speak(self, connection):
        lines = connection.makefile("rb")
        word = "greeting"
        try:
            while self.replies[word] is not None:
                connection.sendall(self.replies[word].replace("\n", "\r\n").encode() + b"\r\n")
                if word == "QUIT":
                    break
                line = lines.readline()
                if word == "DATA" and self.replies[word].startswith("354"):
                    while line and line != b".\r\n":
                        line = lines.readline()
                if not line:
                    break
                word = line.strip().decode()[:4].upper()
        except OSError:
            pass
        finally:
            if self.replies["greeting"] is not None:
                connection.close()

    def open(self):
        """The connections that the other side has not closed."""
        def is_open(connection):
            try:
                return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) != b""
            except BlockingIOError:
                return True
            except OSError:
                return False

        return [connection for connection in self.connections if is_open(connection)]

    def stop(self):
        # Closing alone would leave the port with the thread that waits at it.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for connection in self.connections:
            connection.close()


def certificate(name):
    """A certificate that this machine made itself, and a context that shows it."""
    key, path = f"{FOLDER}/{name}.key", f"{FOLDER}/{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", path, "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, key)
    return path, context


class Server:
    def __init__(self, name, mail, **more):
        self.home = os.path.join(FOLDER, name)
        os.makedirs(self.home, exist_ok=True)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.home, "TWIN_DB": f"{self.home}/twin.db",
            "TWIN_CONFIG": f"{self.home}/config.json", "TWIN_MAIL_URL": mail,
            "TWIN_MAIL_FROM": "Ada\u2019s twin <twin@example.org>", "TWIN_MAIL_WAIT_SECONDS": "1", "TWIN_JOBS_RETRY_SECONDS": "1",
            "TWIN_JWT_SECRET": "0123456789abcdef0123456789abcdef", **more,
        }
        self.process = None

    def run(self, *arguments, code=0, text=None):
        done = subprocess.run(
            [TWIN, *arguments], env=self.environment, input=text, capture_output=True, text=True, timeout=300)
        check(done.returncode == code, f"twin {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def serve(self, *more):
        ready = f"{self.home}/ready"
        if os.path.exists(ready):
            os.remove(ready)
        self.log = open(f"{self.home}/log", "ab")
        self.process = subprocess.Popen(
            [TWIN, "serve", "--port", "0", "--ready-file", ready, "--log", "json", *more], env=self.environment,
            stdout=self.log, stderr=self.log)
        until(lambda: os.path.exists(ready), "the server's start")
        # Where a check fails, nothing is left running.
        atexit.register(self.process.kill)
        self.url = json.load(open(ready))["url"]
        return httpx.Client(base_url=self.url, timeout=300)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(300)

    def owner(self, http, email="owner@example.org"):
        """The fields with which an owner asks, who is made."""
        self.run("users", "add", email, "--password-file", "-", text="correct horse\n")
        session = http.post("/auth/login", json={"email": email, "password": "correct horse"}).json()
        return {"authorization": f"Bearer {session['access_token']}"}

    def jobs(self):
        return json.loads(self.run("jobs", "list", "--json"))


def link(letter, part):
    text = letter.get_content()
    found = re.search(rf"http://\S+/{part}/([A-Za-z0-9_-]+)", text)
    check(found, f"the letter has a link with {part}: {text}")
    return found.group(0), found.group(1)


def run(*parts):
    for part in parts:
        began = time.monotonic()
        part()
        print(f"{part.__name__}: good, {time.monotonic() - began:.1f} s")
    print(f"{checks} checks")
