"""What others do wrong, and what becomes of the letters: mail servers, operators, strangers."""

import collections
import http.server
import os
import signal
import subprocess
import threading
import time

from aiosmtpd.controller import Controller

from stage import FOLDER, TWIN, Encrypting, Postbox, Scripted, Server, certificate, check, link, port, run, until

MAY_PASS, FOR_GOOD = 8, 1


def said(twin, *arguments):
    return subprocess.run([TWIN, *arguments], env=twin.environment, capture_output=True, text=True, timeout=300)


def refusals():
    """Only what a server says of the letter itself costs the letter."""
    asks = "530 5.7.0 Authentication required"
    table = [
        ("no user", dict(MAIL=asks), MAY_PASS, ["mail.url", asks]),
        ("no encryption", dict(MAIL="530 Must issue a STARTTLS command first"), MAY_PASS, ["encrypted"]),
        ("a weak way to sign in", dict(MAIL="534 5.7.9 too weak"), MAY_PASS, ["mail.url"]),
        ("closed to all", dict(greeting="554 5.3.2 no service here"), MAY_PASS, ["554 5.3.2"]),
        ("closed to this name", dict(EHLO="550 go away", HELO="550 go away"), MAY_PASS, ["550 go away"]),
        ("an old refusal", dict(EHLO="502 no ehlo", DATA=None), MAY_PASS, []),
        ("a list of refusals", dict(EHLO="502 no ehlo", RCPT="550-5.1.1 no such\n550 5.1.1 mailbox"), FOR_GOOD, ["no such 5.1.1 mailbox"]),
        ("relaying", dict(RCPT="554 5.7.1 <a@example.org>: Relay access denied"), MAY_PASS, ["mail.url", "Relay access denied"]),
        ("the sender", dict(MAIL="550 5.1.8 unknown domain"), MAY_PASS, ["mail.from"]),
        ("the text", dict(end="554 5.6.0 this is spam"), FOR_GOOD, ["5.6.0"]),
        ("the text, for now", dict(end="451 4.7.1 greylisted"), MAY_PASS, ["greylisted"]),
    ]
    for what, replies, code, words in table:
        mail = Scripted(**replies)
        done = said(Server("refusals", f"smtp://127.0.0.1:{mail.port}"), "mail", "test", "a@example.org")
        check(done.returncode == code, f"{what}: {done.returncode}, {done.stderr}")
        check(all(word in done.stderr for word in words), f"{what}: {done.stderr}")
        check("no ehlo" not in done.stderr, f"{what}: what was refused before is over: {done.stderr}")
        mail.stop()

    # One that could not go because of a setting goes once it is right.
    mail = Scripted(MAIL=asks)
    twin = Server("waits", f"smtp://127.0.0.1:{mail.port}")
    twin.run("users", "invite", "kept@example.org")
    twin.serve()
    until(lambda: twin.jobs()[0]["error_message"], "the first refusal")
    twin.stop()
    check(twin.jobs()[0]["status"] == "queued", "the letter waits")
    mail.stop()
    box = Postbox()
    mail = Controller(box, hostname="127.0.0.1", port=mail.port)
    mail.start()
    twin.serve()
    until(lambda: box.to("kept@example.org"), "the letter")
    twin.stop()
    mail.stop()


def local():
    """A mail server of this machine, whose certificate nobody signed."""
    _, context = certificate("local")
    other, _ = certificate("other")
    box = Postbox()
    mail = Encrypting(box, context, hostname="127.0.0.1", port=port())
    mail.start()
    url = f"smtp://127.0.0.1:{mail.port}"
    Server("local", url).run("mail", "test", "a@example.org")
    check(box.sessions == [(True, None)] or box.sessions[0][0], f"the letter came encrypted: {box.sessions}")
    done = said(Server("local", url, TWIN_MAIL_CA_FILE=other), "mail", "test", "a@example.org")
    check(done.returncode == MAY_PASS and "mail.ca_file" in done.stderr, f"certificates that are named are asked: {done.stderr}")
    check(len(box.letters) == 1, "nothing went to a server that is not the one")
    mail.stop()


def standstill():
    """A mail server that is away holds up neither other jobs nor, once it is back, any letter."""
    hole = Scripted(greeting=None)
    twin = Server("standstill", f"smtp://127.0.0.1:{hole.port}")
    names = [f"person{number}@example.org" for number in range(12)]
    for name in names:
        twin.run("users", "invite", name)
    twin.run("twins", "create", "ada", "--name", "Ada")
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    twin.serve("--drain-timeout", "1")
    until(lambda: hole.connections, "the first letter's attempt")
    twin.run("ingest", f"http://127.0.0.1:{pages.server_port}/page", "--queue", "--allow-private")
    until(lambda: [job for job in twin.jobs() if job["job_type"] == "ingestion" and job["status"] == "complete"], "the ingestion")
    check(len(hole.open()) <= 1, f"{len(hole.open())} letters were tried at once")
    twin.stop()
    hole.stop()
    pages.shutdown()

    closed = Scripted(greeting="421 4.3.2 not now")
    twin.environment["TWIN_MAIL_URL"] = f"smtp://127.0.0.1:{closed.port}"
    def halt():
        """Stops it right then, so that a slow machine makes no more attempts of them."""
        until(lambda: os.path.exists(f"{twin.home}/ready"), "the server's start")
        twin.process.send_signal(signal.SIGSTOP)

    closed.number, closed.act = 3, halt
    twin.serve()
    letters = lambda: [job for job in twin.jobs() if job["job_type"] == "other"]
    until(lambda: len(closed.connections) >= 3, "three attempts")
    twin.process.send_signal(signal.SIGTERM)
    twin.stop(signal.SIGCONT)
    waiting = letters()
    check(all(job["status"] == "queued" and "421 4.3.2" in job["error_message"] for job in waiting), f"all wait: {waiting}")
    check(len(closed.connections) < len(names), f"{len(closed.connections)} attempts for all {len(names)} letters")
    closed.stop()
    box = Postbox()
    # One recipient who is refused again and again keeps nobody else waiting.
    box.handle_RCPT = greylisting(box, names[0])
    mail = Controller(box, hostname="127.0.0.1", port=closed.port)
    mail.start()
    twin.serve()
    until(lambda: all(box.to(name) for name in names[1:]), "every letter but one")
    # A letter arrives before its job has ended, and the other one may be tried at this very moment.
    until(lambda: [job["status"] for job in letters()].count("complete") == len(names) - 1, "the jobs' end")
    other, = [job["status"] for job in letters() if job["status"] != "complete"]
    check(other in ("queued", "processing"), f"the other one waits: {other}")
    twin.stop()
    mail.stop()


def greylisting(box, unwanted):
    async def handle_RCPT(server, session, envelope, address, options):
        if address == unwanted:
            return "450 4.2.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    return handle_RCPT


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        text = b"<html><title>Looms</title><p>The loom of Lyon weaves silk.</p></html>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *arguments):
        pass


def doubt():
    """A letter that arrived although the server said that it did not: what comes twice is kept once, unless its link is new."""
    box = Postbox()
    mail = Controller(box, hostname="127.0.0.1", port=port())
    mail.start()
    twin = Server("doubt", f"smtp://127.0.0.1:{mail.port}")
    twin.run("twins", "create", "ada", "--name", "Ada")
    twin.run("config", "set", "--twin", "ada", "escalation.enabled", "true")
    client = twin.serve()
    owner = twin.owner(client)
    box.doubts = ["451 4.3.0 who knows"]
    twin.run("users", "invite", "grace@example.org")
    until(lambda: len(box.to("grace@example.org")) == 2, "the invitation's second letter")
    first, second = box.to("grace@example.org")
    check(first["message-id"] != second["message-id"], "a letter with another link is another letter")
    check(client.get(f"/auth/invitation/{link(second, 'auth/accept-invitation')[1]}").status_code == 200, "the last link works")
    until(lambda: all(job["status"] == "complete" for job in twin.jobs()), "the jobs' end")
    box.doubts = ["451 4.3.0 who knows"]
    ada = client.get("/auth/my-twins", headers=owner).json()[0]["id"]
    client.post(f"/chat/{ada}", json={"message": "What is the price of the looms in 1843?"}, headers=owner)
    until(lambda: len(box.to("owner@example.org")) == 2, "the second letter about a question")
    first, second = box.to("owner@example.org")
    check(first["message-id"] == second["message-id"], "the same letter has the same id")
    twin.stop()
    mail.stop()


def strangers():
    """Nobody fills somebody else's mailbox through twin."""
    box = Postbox()
    mail = Controller(box, hostname="127.0.0.1", port=port())
    mail.start()
    twin = Server("strangers", f"smtp://127.0.0.1:{mail.port}")
    client = twin.serve()
    owner = twin.owner(client)
    # How many letters somebody gets is limited by the hour of the clock, in which all of this has to happen.
    left = 3600 - time.time() % 3600
    if left < 120:
        time.sleep(left + 1)
    invite = lambda name: client.post("/users/invite", json={"email": name, "role": "viewer"}, headers=owner)
    replies = [invite("victim@example.org") for _ in range(6)]
    check([reply.status_code for reply in replies] == [200] * 4 + [429] * 2, f"{[reply.text for reply in replies]}")
    check("retry-after" in replies[-1].headers, "it says when to come back")
    # Counted apart, so that strangers who ask for passwords use up nobody's invitation.
    for status in [200] * 4 + [429]:
        check(client.post("/auth/forgot-password", json={"email": "Victim@example.org "}).status_code == status, "counted apart")
    check(client.get(f"/auth/invitation/{replies[3].json()['invitation_token']}").status_code == 200, "the last invitation stands")
    check(invite("friend@example.org").status_code == 200, "others can be invited")
    twin.run("users", "invite", "victim@example.org")
    until(lambda: all(job["status"] == "complete" for job in twin.jobs()), "the jobs' end")
    counts = collections.Counter(to[0] for to, *_ in box.letters)
    check(counts["victim@example.org"] <= 5, f"{counts}")
    twin.stop()
    mail.stop()


def settings():
    """What is mistyped is said before anything begins, and nothing is left behind."""
    url = "smtp://127.0.0.1:9"
    table = [
        ({"TWIN_MAIL_LETTERS": "invitation"}, 2, ["TWIN_MAIL_LETTERS", "mail.letters", "'invitations'"]),
        ({"TWIN_MAIL_URL": "mail.example.org"}, 2, ["TWIN_MAIL_URL", "mail.url", "smtps://"]),
        ({"TWIN_MAIL_FROM": "Ada"}, 2, ["TWIN_MAIL_FROM", "mail.from"]),
        ({"TWIN_MAIL_FROM": ""}, 3, ["mail.from"]),
        ({"TWIN_MAIL_URL": "smtp://ada@127.0.0.1:9"}, 3, ["mail.url", "ada", "mail.password_file"]),
        ({"TWIN_MAIL_PASSWORD_FILE": f"{FOLDER}/nowhere"}, 3, ["mail.password_file", "nowhere"]),
    ]
    for number, (changes, code, words) in enumerate(table):
        twin = Server(f"settings{number}", url, **changes)
        twin.run("twins", "create", "ada", "--name", "Ada")
        done = said(twin, "serve", "--port", "0")
        check(done.returncode == code, f"{changes}: {done.returncode}, {done.stderr}")
        check(all(word in done.stderr for word in words), f"{changes}: {done.stderr}")
        check(not os.path.exists(f"{twin.home}/twin.db-wal"), f"{changes}: the file holds everything")
    # What a letter waits for is what is wrong.
    twin = Server("waiting", url)
    twin.run("users", "invite", "a@example.org")
    twin.environment["TWIN_MAIL_FROM"] = ""
    said(twin, "jobs", "run", "--once")
    job, = twin.jobs()
    check(job["status"] == "queued" and "mail.from" in job["error_message"], f"{job}")
    # After threads have begun, too, the end is an orderly one.
    twin = Server("unready", url)
    twin.run("twins", "create", "ada", "--name", "Ada")
    done = said(twin, "serve", "--port", "0", "--ready-file", f"{twin.home}/nowhere/ready")
    check(done.returncode != 0 and not os.path.exists(f"{twin.home}/twin.db-wal"), f"{done.returncode}: {done.stderr}")


run(refusals, local, standstill, doubt, strangers, settings)
