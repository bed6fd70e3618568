"""Every letter that twin sends, taken by aiosmtpd, which can be away, busy, strict and encrypted."""

import email
import email.policy
import json
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import warnings

import httpx
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, SMTP

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


def until(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise SystemExit(f"FAILED: {what} did not happen within {seconds} s")


def port():
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return made.getsockname()[1]


class Postbox:
    """Keeps what arrives. `answers` are given to the letters before any is kept, one each."""

    def __init__(self):
        self.letters, self.answers, self.sessions = [], [], []

    async def handle_DATA(self, server, session, envelope):
        if self.answers:
            return self.answers.pop(0)
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, envelope.mail_from, letter, envelope.content))
        self.sessions.append((server.transport.get_extra_info("ssl_object") is not None, session.authenticated))
        return "250 kept"

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
            [TWIN, *arguments], env=self.environment, input=text, capture_output=True, text=True, timeout=60)
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
        self.url = json.load(open(ready))["url"]
        return httpx.Client(base_url=self.url, timeout=30)

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(30)

    def jobs(self):
        return json.loads(self.run("jobs", "list", "--json"))


def link(letter, part):
    text = letter.get_content()
    found = re.search(rf"http://\S+/{part}/([A-Za-z0-9_-]+)", text)
    check(found, f"the letter has a link with {part}: {text}")
    return found.group(0), found.group(1)


def letters():
    """Each kind of letter, read as the people who get them read them."""
    box = Postbox()
    mail = Controller(box, hostname="127.0.0.1", port=port())
    mail.start()
    twin = Server("letters", f"smtp://127.0.0.1:{mail.port}")
    check("took" in twin.run("mail", "test", "anna@example.org"), "mail test says that the letter was taken")
    (to, sender, letter, raw), = box.letters
    check(sender == "twin@example.org" and to == ["anna@example.org"], "the envelope")
    check(str(letter["from"]) == "Ada\u2019s twin <twin@example.org>", f"the sender's name: {letter['from']}")
    check(letter["auto-submitted"] == "auto-generated" and letter["message-id"], "the fields of a machine's letter")
    check(all(len(line) <= 78 for line in raw.split(b"\r\n")), "lines of at most 78 characters")
    twin.run("mail", "test", "nobody@example.org", code=1)
    twin.run("mail", "test", "no address", code=2)

    twin.run("twins", "create", "ada", "--name", "Ada \u2014 the engine\u2019s poet")
    twin.run("config", "set", "--twin", "ada", "escalation.enabled", "true")
    twin.run("users", "add", "owner@example.org", "--password-file", "-", text="correct horse\n")
    http = twin.serve()
    session = http.post("/auth/login", json={"email": "owner@example.org", "password": "correct horse"}).json()
    owner = {"authorization": f"Bearer {session['access_token']}"}

    # An invitation: the letter's link lets in, and so does the one that the inviting person was shown, but once.
    made = http.post("/users/invite", json={"email": "grace@example.org", "role": "viewer"}, headers=owner).json()
    letter, = until(lambda: box.to("grace@example.org"), "the invitation's letter")
    url, token = link(letter, "auth/accept-invitation")
    check(url.startswith(twin.url), "the link leads to this server")
    check(token != made["invitation_token"], "the letter has a token of its own")
    check(http.get(f"/auth/invitation/{token}").json()["email"] == "grace@example.org", "the letter's token is known")
    check(http.get(f"/auth/invitation/{made['invitation_token']}").status_code == 200, "the shown token still works")
    check(http.get(url.removeprefix(twin.url)).status_code == 200, "the page opens")
    done = http.post("/auth/accept-invitation", json={"token": token, "password": "long enough"})
    check(done.status_code == 200, "accepting by the letter")
    check(http.get(f"/auth/invitation/{made['invitation_token']}").status_code == 409, "the other token is used up with it")
    http.post("/users/invite", json={"email": "eve\r\nbcc: x@y.z", "role": "viewer"}, headers=owner)
    check(not [1 for to, *_ in box.letters if "x@y.z" in to], "no address adds another")

    # A new password: the same reply for everybody, one use, everybody signed out.
    replies = [http.post("/auth/forgot-password", json={"email": address}) for address in ("grace@example.org", "who@example.org")]
    check(len({(reply.status_code, reply.text) for reply in replies}) == 1 and replies[0].status_code == 200, "one reply for all")
    letter = until(lambda: box.to("grace@example.org")[1:], "the letter for a new password")[0]
    url, token = link(letter, "auth/reset-password")
    grace = {"authorization": f"Bearer {done.json()['token']}"}
    check(http.get("/auth/me", headers=grace).status_code == 200, "signed in before")
    check(http.post("/auth/reset-password", json={"token": token, "password": "short"}).status_code == 422, "a short password")
    check(http.post("/auth/reset-password", json={"token": token, "password": "another one"}).status_code == 200, "a new password")
    check(http.post("/auth/reset-password", json={"token": token, "password": "again again"}).status_code == 404, "only once")
    check(http.get("/auth/me", headers=grace).status_code == 401, "signed out")
    sign = lambda word: http.post("/auth/login", json={"email": "grace@example.org", "password": word}).status_code
    check(sign("long enough") == 401 and sign("another one") == 200, "the new password and only that")
    check(not box.to("who@example.org"), "nobody else gets a letter")
    until(lambda: all(job["status"] == "complete" for job in twin.jobs()), "the jobs' end")

    # Questions that nothing answered: one letter for all of them, to the owner and nobody else.
    twins = http.get("/auth/my-twins", headers=owner).json()
    for word in ("engines", "looms", "cards"):
        http.post(f"/chat/{twins[0]['id']}", json={"message": f"What is the price of the {word} in 1843?"}, headers=owner)
    until(lambda: box.to("owner@example.org"), "the letter about questions")
    time.sleep(3)
    told = "\n".join(letter.get_content() for letter in box.to("owner@example.org"))
    for word in ("engines", "looms", "cards"):
        check(told.count(f"price of the {word} in 1843") == 1, f"the question about {word} is told once: {told}")
    check(len(box.to("grace@example.org")) == 2, "a viewer is not told")
    check("mail.unanswered" in told, "the letter says how to stop it")
    twin.run("config", "set", "--twin", "ada", "mail.unanswered", "false")
    http.post(f"/chat/{twins[0]['id']}", json={"message": "What is the price of the paper in 1843?"}, headers=owner)
    time.sleep(4)
    check("paper" not in "".join(letter.get_content() for letter in box.to("owner@example.org")), "switched off for the twin")
    twin.stop()
    for line in open(f"{twin.home}/log"):
        check(token not in line and made["invitation_token"] not in line, "no token in the log")
    check(token.encode() not in open(f"{twin.home}/twin.db", "rb").read(), "no token in the file")
    mail.stop()


def trouble():
    """A server that is away, busy or strict, and a twin that is killed: every letter arrives, or its job says why not."""
    at = port()
    twin = Server("trouble", f"smtp://127.0.0.1:{at}")
    names = [f"person{number}@example.org" for number in range(20)]
    for name in names:
        check("queued" in subprocess.run(
            [TWIN, "users", "invite", name], env=twin.environment, capture_output=True, text=True).stderr, "the letter is queued")
    twin.run("users", "invite", "nobody@example.org")
    twin.serve()
    time.sleep(1.5)
    check(all(job["status"] in ("queued", "processing") for job in twin.jobs()), "letters wait for a server that is away")
    twin.stop(signal.SIGKILL)
    box = Postbox()
    box.answers = ["451 4.3.0 come back later", "421 4.7.0 too busy"] * 4
    mail = Controller(box, hostname="127.0.0.1", port=at)
    mail.start()
    twin.serve()
    for _ in range(4):
        time.sleep(0.7)
        twin.stop(signal.SIGKILL)
        twin.serve()
    until(lambda: all(box.to(name) for name in names), "every letter's arrival", 90)
    def refused():
        return [job for job in twin.jobs() if job["status"] == "failed"]
    failed, = until(refused, "the refusal of an address")
    check("no such mailbox" in failed["error_message"], f"the server's own words: {failed['error_message']}")
    until(lambda: sum(job["status"] == "complete" for job in twin.jobs()) == len(names), "the jobs' end")
    ids = [letter["message-id"] for _, _, letter, _ in box.letters]
    print(f"  {len(box.letters)} letters for {len(names)} people through 5 kills, {len(set(ids))} different")
    check(len(set(ids)) == len(names), "a letter that comes twice has the same id twice")
    twin.stop()
    mail.stop()


def secure():
    """TLS and a password: what is not safe is not sent, and what the operator gets wrong costs no letter."""
    key, certificate = f"{FOLDER}/key.pem", f"{FOLDER}/certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    box = Postbox()
    mail = Strict(box, hostname="127.0.0.1", port=port(), ssl_context=context)
    mail.start()
    url = f"smtps://twin@example.org@localhost:{mail.port}"
    said = subprocess.run(
        [TWIN, "mail", "test", "a@example.org"], env=Server("unknown", url, TWIN_MAIL_PASSWORD="open sesame").environment,
        capture_output=True, text=True)
    check(said.returncode == 8 and "mail.ca_file" in said.stderr and not box.letters, f"an unknown certificate: {said.stderr}")
    twin = Server("secure", url, TWIN_MAIL_PASSWORD="wrong", TWIN_MAIL_CA_FILE=certificate)
    said = subprocess.run([TWIN, "mail", "test", "a@example.org"], env=twin.environment, capture_output=True, text=True)
    check(said.returncode == 8 and "password" in said.stderr and "wrong" not in said.stderr, f"a wrong password: {said.stderr}")
    twin.run("users", "invite", "kept@example.org")
    twin.serve()
    time.sleep(2.5)
    twin.stop()
    twin.environment["TWIN_MAIL_PASSWORD"] = "open sesame"
    twin.serve()
    until(lambda: box.to("kept@example.org"), "the letter after the password was set right")
    check(box.sessions[-1] == (True, True), "it came encrypted, from somebody who signed in")
    twin.stop()
    mail.stop()

    # From one machine to another nothing goes in the clear.
    addresses = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()
    other = next((address for address in addresses if "." in address and not address.startswith("127.")), None)
    if other is None:
        print("  this machine has no address but loopback: sending in the clear was not tried")
        return
    plain = Controller(box, hostname=other, port=port())
    plain.start()
    count = len(box.letters)
    said = subprocess.run(
        [TWIN, "mail", "test", "a@example.org"], env=Server("plain", f"smtp://{other}:{plain.port}").environment,
        capture_output=True, text=True)
    check(said.returncode == 8 and "encryption" in said.stderr and len(box.letters) == count, f"in the clear: {said.stderr}")
    plain.stop()


for part in (letters, trouble, secure):
    began = time.monotonic()
    part()
    print(f"{part.__name__}: good, {time.monotonic() - began:.1f} s")
print(f"{checks} checks")
