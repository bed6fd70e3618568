"""Withdraws things at a primary, many at once, and looks how long replicas go on answering from them. Used by Tests/scale.sh.

    withdrawals.py PRIMARY REPLICA... TRIES [--workers N]

A fourth each: a source is deleted, an API key revoked, a member taken out of a group, a grant taken from a group. Each was answered by every
replica before. They are asked again from the instant at which the withdrawal was acknowledged, some of them all the time, until six seconds
later. TWIN, TWIN_DB and OWNER (an owner's token) stand in the environment.
"""
import json, os, subprocess, sys, threading, time

from client import BROKEN, Client, percentile, upload

# Seconds after the withdrawal at which one replica is asked, in turn, and from which each is.
LOOKS, LAST = (0.0, 0.2, 0.5, 0.8, 1.2, 1.6, 2.2, 3.0, 4.0), (5.0, 5.5, 6.0)
LIMIT = 5.0


class Worker:
    """Makes a try after the other, with a source, a group, a viewer and a key of its own."""

    def __init__(self, index, primary, replicas):
        self.index, self.owner = index, Client(primary, authorization="Bearer " + os.environ["OWNER"])
        self.primary, self.replicas = primary, replicas
        email = f"viewer{index}@example.org"
        self.user = twin("users", "add", email, "--role", "viewer", "--no-password")["id"]
        token = subprocess.run(
            [os.environ["TWIN"], "token", "create", "--user", email], capture_output=True, text=True, check=True).stdout.strip()
        self.viewer = {"authorization": "Bearer " + token}
        self.source, self.word, self.code = self.ingest(f"own{index}")
        groups = self.owner.json("GET", "/twins/ada/access-groups")
        default = next(group["id"] for group in groups if group["is_default"])
        self.call("DELETE", f"/access-groups/{default}/permissions/source/{self.source}")
        self.group = self.owner.json("POST", "/twins/ada/access-groups", {"name": f"group {index}"})["id"]
        self.grant()
        made = self.owner.json(
            "POST", "/api-keys", {"name": f"group {index}", "scopes": ["read", "chat"], "group_id": self.group})
        self.group_key = {"x_twin_api_key": made["key"]}

    def call(self, method, path, body=None):
        status, _, text = self.owner.send(method, path, body)
        assert status == 200, (method, path, status, text[:300])

    def ingest(self, name):
        word, code = f"quixot{name}", f"{name}z{time.time_ns()}"
        body, kind = upload(f"{name}.md", f"# Note\n\nThe code of the {word} valve is {code}.\n")
        status, _, text = self.owner.send("POST", "/ingest/file/ada", body, kind=kind)
        assert status == 200, (status, text[:300])
        found = json.loads(text)
        return found.get("source_id") or found["id"], word, code

    def grant(self):
        self.call("POST", f"/access-groups/{self.group}/permissions", {"content_type": "source", "content_ids": [self.source]})

    def asked(self, number, source, word, code):
        """A question, which the primary lets in, or a read of the replica's own."""
        return question(word, code) if number // 4 % 2 else (("GET", f"/sources/ada/{source}"), source)

    # Each kind: what is asked, as whom, and how it is withdrawn.
    def deleted_source(self, number):
        source, word, code = self.ingest(f"try{number}")
        asked = self.asked(number, source, word, code)
        return asked, {"authorization": "Bearer " + os.environ["OWNER"]}, ("DELETE", f"/sources/ada/{source}")

    def revoked_key(self, number):
        made = self.owner.json("POST", "/api-keys", {"name": f"try {number}", "scopes": ["read", "chat"]})
        return (("GET", "/twins"), '"slug"'), {"x_twin_api_key": made["key"]}, ("DELETE", f"/api-keys/{made['id']}")

    def ended_membership(self, number):
        self.call("POST", "/twins/ada/group-memberships", {"group_id": self.group, "user_id": self.user})
        members = self.owner.json("GET", f"/access-groups/{self.group}/members")
        asked = self.asked(number, self.source, self.word, self.code)
        return asked, self.viewer, ("DELETE", f"/group-memberships/{members[0]['id']}")

    def ended_grant(self, number):
        asked = self.asked(number, self.source, self.word, self.code)
        return asked, self.group_key, ("DELETE", f"/access-groups/{self.group}/permissions/source/{self.source}")

    def attempt(self, number):
        """The kind, and when the last answer came and was asked for, in seconds after the withdrawal; none where none came."""
        # A server closes a connection that was idle for long.
        self.owner.close()
        kind = [self.deleted_source, self.revoked_key, self.ended_membership, self.ended_grant][number % 4]
        (asked, mark), fields, withdrawal = kind(number)
        clients = [Client(url, **fields) for url in self.replicas]

        def is_answered(client):
            try:
                status, _, text = client.send(*asked, echo=False)
            except BROKEN:
                return False
            return status == 200 and mark in text.decode()

        for client in clients:
            # A busy machine takes its time; nothing is said of it here.
            until = time.monotonic() + 180
            while not is_answered(client):
                assert time.monotonic() < until, (kind.__name__, "a replica never learned of it", client.send(*asked, echo=False))
                time.sleep(0.1)
        self.call(*withdrawal)
        gone = time.monotonic()
        answered, sent_last, looks = None, None, 0
        all_the_time = number % 40 < 4

        def look(client):
            nonlocal answered, sent_last, looks
            sent = time.monotonic() - gone
            looks += 1
            if is_answered(client):
                answered, sent_last = time.monotonic() - gone, sent

        if all_the_time:
            while time.monotonic() - gone < LAST[-1]:
                for client in clients:
                    look(client)
                time.sleep(0.05)
        else:
            for turn, at in enumerate(LOOKS + LAST):
                time.sleep(max(0, gone + at - time.monotonic()))
                for client in clients if at in LAST else [clients[(turn + number) % len(clients)]]:
                    look(client)
        for client in clients:
            client.close()
        self.owner.close()
        if kind == self.ended_grant:
            self.grant()
        return kind.__name__, answered, sent_last, looks


def question(word, code):
    body = {"model": "ada", "store": False, "messages": [{"role": "user", "content": f"What is the code of the {word} valve?"}]}
    return ("POST", "/v1/chat/completions", body), code


def twin(*words):
    done = subprocess.run([os.environ["TWIN"], *words, "--json"], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)
    return json.loads(done.stdout)


def main(*words):
    count = 1
    if "--workers" in words:
        place = words.index("--workers")
        count, words = int(words[place + 1]), words[:place] + words[place + 2:]
    primary, *replicas, tries = words
    tries, lock, numbers = int(tries), threading.Lock(), iter(range(int(tries)))
    results, problems, begun = [], [], time.monotonic()

    def work(worker):
        while not problems:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            try:
                results.append(worker.attempt(number))
            except Exception as error:
                problems.append(repr(error))
            if len(results) % 500 == 0:
                print(f"{len(results)} tries, {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)

    threads = [threading.Thread(target=work, args=(Worker(index, primary, replicas),)) for index in range(min(count, tries))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = {"tries": len(results), "asked": sum(result[3] for result in results), "seconds": round(time.monotonic() - begun)}
    late = [result for result in results if result[2] is not None and result[2] > LIMIT]
    for name in sorted({result[0] for result in results}) + [""]:
        last = [result[1] or 0 for result in results if name in ("", result[0])]
        told[name or "all"] = {
            "tries": len(last), "answered_afterwards": sum(value > 0 for value in last), "p50": round(percentile(last, 0.5), 2),
            "p95": round(percentile(last, 0.95), 2), "max": round(max(last), 2)}
    print(json.dumps(told | {"later_than_5s": len(late)}))
    assert not problems, problems[:3]
    assert not late, late[:3]


if __name__ == "__main__":
    main(*sys.argv[1:])
