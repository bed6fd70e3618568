"""Clients of a primary, its replicas and their proxy while parts of them fail, and what they were told. Used by Tests/scale/faults.sh.

    traffic.py run LEDGER PROXY PRIMARY REPLICA... [--cut NAME]...  reads, writes and asks until SIGTERM; needs KEY and OWNER
    traffic.py kept LEDGER DATABASE [LOST_AT]             whether the database has every write that was acknowledged
    traffic.py prefix RESTORED DATABASE                   whether the one is the other as it was at some instant

LEDGER is a file in which acknowledged writes are noted. --cut names the clients (read-proxy, ask-1, …) whose requests may break off,
because a server is killed that works on them. LOST_AT is the time (seconds since 1970) at which a disk was lost. KEY is an API key that
may ask, OWNER an owner's token.
"""
import json, os, signal, sqlite3, sys, threading, time

from client import BROKEN, Client


class Traffic:
    """What all clients know of each other."""

    def __init__(self, ledger, primary, cut):
        self.ledger, self.primary, self.cut = open(ledger, "a"), primary, cut
        self.stop, self.lock = threading.Event(), threading.Lock()
        self.counts, self.bad = {}, []
        # When each question of the conversation was acknowledged (monotonic seconds).
        self.acknowledged = {}
        self.oldest, self.longest_wait, self.backwards = 0.0, 0.0, 0
        told = owner(primary).json("POST", "/chat/ada", {"query": question(0)})
        self.conversation, self.acknowledged[0] = told["conversation_id"], time.monotonic()
        self.path = f"/conversations/{self.conversation}/messages"

    def count(self, who, what):
        with self.lock:
            counts = self.counts.setdefault(who, {})
            counts[str(what)] = counts.get(str(what), 0) + 1

    def wrong(self, who, what):
        self.count(who, "bad")
        with self.lock:
            self.bad.append((who, what))

    def note(self, **what):
        with self.lock:
            self.ledger.write(json.dumps(what | {"at": time.time()}) + "\n")
            self.ledger.flush()

    def send(self, who, client, *words, echo=True):
        """The reply where it is one with 200. A refusal says when to come back; else it is wrong."""
        begun = time.monotonic()
        try:
            status, fields, text = client.send(*words, echo=echo)
        except BROKEN as error:
            self.count(who, "broken")
            if who not in self.cut:
                self.wrong(who, repr(error))
            return None
        finally:
            self.longest_wait = max(self.longest_wait, time.monotonic() - begun)
        self.count(who, status)
        if status == 200:
            sequence = int(fields.get("x-twin-seq", -1))
            if sequence < 0:
                self.wrong(who, "a reply has no number")
            if words[0] == "GET" and echo:
                with self.lock:
                    self.backwards += sequence < client.sequence
            client.sequence = max(client.sequence, sequence)
            return text
        # What was under way when a server died is 502; its connection is cut, and nothing else's.
        if not (status == 503 and "retry-after" in fields or status == 502 and who in self.cut):
            self.wrong(who, (words[:2], status, text[:200].decode(errors="replace")))
        return None

    def read(self, who, url, echo=True):
        """Reads a conversation, in which each transaction writes a question and its answer. Who does not echo how far they have seen
        may go backwards, and hears more of the replica's own file."""
        client, newest = owner(url), 0
        while not self.stop.is_set():
            asked = time.monotonic()
            text = self.send(who, client, "GET", self.path, echo=echo)
            if text is not None:
                try:
                    number, is_whole = look(json.loads(text))
                except (ValueError, KeyError, IndexError) as error:
                    self.wrong(who, f"torn: {error!r}")
                    continue
                if not is_whole:
                    self.wrong(who, f"torn: {text[-900:].decode()}")
                with self.lock:
                    self.backwards += echo and number < newest
                    # As old as the first change that it lacks.
                    missing = [at for other, at in self.acknowledged.items() if other > number and at < asked]
                    self.oldest = max([self.oldest] + [asked - at for at in missing])
                newest = max(newest, number)
            self.stop.wait(0.01)

    def write(self, who, url):
        """Asks at the primary, which stores question and answer together."""
        client, number = owner(url), 0
        while not self.stop.is_set():
            number += 1
            asked = {"query": question(number), "conversation_id": self.conversation}
            text = self.send(who, client, "POST", "/chat/ada", asked)
            if text is not None:
                with self.lock:
                    self.acknowledged[number] = time.monotonic()
                self.note(kind="message", id=json.loads(text)["message_id"])
            self.stop.wait(0.15)

    def rename(self, who, url):
        client = owner(url)
        while not self.stop.is_set():
            name = time.time_ns()
            text = self.send(who, client, "PATCH", "/twins/ada", {"name": f"Ada {name}"})
            if text is not None:
                self.note(kind="name", id=name)
            # It may take something away, so that replicas ask the primary until they have it: not all the time.
            self.stop.wait(3)

    def ask(self, who, url):
        client, number = Client(url, timeout=25, x_twin_api_key=os.environ["KEY"]), 0
        while not self.stop.is_set():
            number += 1
            query = f"How often is the gear oil changed, {who} {time.time_ns()}?"
            text = self.send(who, client, "POST", "/chat/ada", {"query": query})
            if text is not None:
                told = json.loads(text)
                if not told.get("message_id") or not told.get("conversation_id"):
                    self.wrong(who, text[:300].decode())
                else:
                    self.note(kind="message", id=told["message_id"])
            self.stop.wait(0.25)


def owner(url):
    return Client(url, timeout=25, authorization="Bearer " + os.environ["OWNER"])


def question(number):
    return f"How often is the gear oil changed? {number}"


def look(messages):
    """The newest question of a conversation, and whether each before it is there with its answer."""
    asked = [int(message["content"].split()[-1]) for message in messages if message["role"] == "user"]
    roles = [message["role"] for message in messages]
    return asked[-1], roles == ["user", "assistant"] * len(asked) and asked == sorted(set(asked))


def run(ledger, proxy, primary, *words):
    cut = [word for index, word in enumerate(words) if index and words[index - 1] == "--cut"]
    replicas = [word for word in words if word.startswith("http")]
    traffic = Traffic(ledger, primary, cut)
    signal.signal(signal.SIGTERM, lambda *_: traffic.stop.set())
    jobs = [(traffic.read, "read-proxy", proxy), (traffic.ask, "ask-proxy", proxy), (traffic.rename, "rename-proxy", proxy)]
    jobs += [(traffic.write, "write-primary", primary)]
    for index, url in enumerate(replicas, 1):
        jobs += [(traffic.read, f"read-{index}", url), (traffic.read, f"look-{index}", url, False)]
        jobs += [(traffic.ask, f"ask-{index}", url)]
    threads = [threading.Thread(target=job, args=words) for job, *words in jobs]
    for thread in threads:
        thread.start()
    print("begun", flush=True)
    for thread in threads:
        thread.join()
    print(json.dumps({
        "replies": traffic.counts, "acknowledged": len(traffic.acknowledged) - 1, "oldest_read": round(traffic.oldest, 2),
        "longest_wait": round(traffic.longest_wait, 2), "backwards": traffic.backwards, "bad": len(traffic.bad)}))
    for what in traffic.bad[:5]:
        print("bad:", what, file=sys.stderr)
    assert not traffic.bad and traffic.backwards == 0, "a client was told something wrong"
    assert traffic.oldest <= 5, "a read was older than five seconds"


def rows(path, sql, *values):
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def kept(ledger, database, lost_at=None):
    messages = {row[0] for row in rows(database, "SELECT id FROM messages")}
    name = int(rows(database, "SELECT name FROM twins WHERE slug = 'ada'")[0][0].split()[-1])
    written = [json.loads(line) for line in open(ledger)]
    lost = [item for item in written if (item["id"] not in messages if item["kind"] == "message" else item["id"] > name)]
    told = {"acknowledged": len(written), "lost": len(lost)}
    if lost_at:
        # How long before the end the first of them was acknowledged.
        told["lost_seconds"] = round(max((float(lost_at) - item["at"] for item in lost), default=0), 2)
    print(json.dumps(told))
    assert lost_at or not lost, lost[:3]
    assert not lost_at or told["lost_seconds"] < 2, "more is lost than the last moments"


def prefix(restored, database):
    """Of rows that are only ever added the restored ones are the first."""
    for table, columns in [("messages", "key, id, content"), ("conversations", "key, id"), ("audit_log", "*")]:
        one = rows(restored, f"SELECT {columns} FROM {table} ORDER BY key")
        two = rows(database, f"SELECT {columns} FROM {table} WHERE key <= ? ORDER BY key", one[-1][0] if one else 0)
        assert one == two, (table, len(one), len(two))


if __name__ == "__main__":
    {"run": run, "kept": kept, "prefix": prefix}[sys.argv[1]](*sys.argv[2:])
