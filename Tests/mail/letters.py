"""Every letter that twin sends, taken by aiosmtpd, which can be away, busy, strict and encrypted."""

import signal
import socket
import subprocess
import time

from aiosmtpd.controller import Controller

from stage import TWIN, Postbox, Server, Strict, certificate, check, link, port, run, until


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
    http = twin.serve()
    owner = twin.owner(http)

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
    said = lambda: "\n".join(letter.get_content() for letter in box.to("owner@example.org"))
    until(lambda: all(f"price of the {word} in 1843" in said() for word in ("engines", "looms", "cards")), "letters about each question")
    # Another letter with the same would come within this time.
    time.sleep(3)
    told = said()
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
    # Nobody listens there, and nobody else gets it meanwhile.
    away = socket.socket()
    at = port()
    away.bind(("127.0.0.1", at))
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
    away.close()
    mail = Controller(box, hostname="127.0.0.1", port=at)
    mail.start()
    twin.serve()
    for _ in range(4):
        time.sleep(0.7)
        twin.stop(signal.SIGKILL)
        twin.serve()
    until(lambda: all(box.to(name) for name in names), "every letter's arrival")
    def refused():
        return [job for job in twin.jobs() if job["status"] == "failed"]
    failed, = until(refused, "the refusal of an address")
    check("no such mailbox" in failed["error_message"], f"the server's own words: {failed['error_message']}")
    until(lambda: sum(job["status"] == "complete" for job in twin.jobs()) == len(names), "the jobs' end")
    ids = [letter["message-id"] for _, _, letter, _ in box.letters]
    print(f"  {len(box.letters)} letters for {len(names)} people through 5 kills, {len(set(ids))} different")
    check(len(set(ids)) == len(ids), "a letter that comes twice has another link, and so another id")
    twin.stop()
    mail.stop()


def secure():
    """TLS and a password: what is not safe is not sent, and what the operator gets wrong costs no letter."""
    path, context = certificate("secure")
    box = Postbox()
    mail = Strict(box, hostname="127.0.0.1", port=port(), ssl_context=context)
    mail.start()
    url = f"smtps://twin@example.org@localhost:{mail.port}"
    said = subprocess.run(
        [TWIN, "mail", "test", "a@example.org"], env=Server("unknown", url, TWIN_MAIL_PASSWORD="open sesame").environment,
        capture_output=True, text=True)
    check(said.returncode == 8 and "mail.ca_file" in said.stderr and not box.letters, f"an unknown certificate: {said.stderr}")
    twin = Server("secure", url, TWIN_MAIL_PASSWORD="wrong", TWIN_MAIL_CA_FILE=path)
    said = subprocess.run([TWIN, "mail", "test", "a@example.org"], env=twin.environment, capture_output=True, text=True)
    check(said.returncode == 8 and "password" in said.stderr and "wrong" not in said.stderr, f"a wrong password: {said.stderr}")
    twin.run("users", "invite", "kept@example.org")
    twin.serve()
    until(lambda: twin.jobs()[0]["error_message"], "an attempt with the wrong password")
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


run(letters, trouble, secure)
