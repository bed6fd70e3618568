"""Asks a primary, its replicas and their proxy, and says what came back. Used by Tests/scale.sh; needs Python 3 alone.

    load.py staleness PRIMARY REPLICA KEY TWIN SECONDS   writes 20 times a second, looks when the replica has it
    load.py withdrawn PRIMARY REPLICA KEY DB TWIN TRIES  removes sources and revokes keys, asks the replica for them
    load.py reads URL KEY TWIN SECONDS [ALLOWED]         reads as one client that never wants to go back in time
    load.py throughput URL... KEY TWIN SECONDS           reads a second from all of them together
"""
import http.client, json, os, subprocess, sys, threading, time
from urllib.parse import urlsplit


class Client:
    """One connection that remembers the newest change it has seen."""

    def __init__(self, url, key):
        self.address, self.key, self.sequence, self.connection = urlsplit(url).netloc, key, 0, None

    def send(self, method, path, body=None, echo=True, timeout=30):
        headers = {"x-twin-api-key": self.key, "accept": "application/json"}
        if echo and self.sequence:
            headers["x-twin-seq"] = str(self.sequence)
        if body is not None:
            headers["content-type"] = "application/json"
        for attempt in range(2):
            try:
                if self.connection is None:
                    self.connection = http.client.HTTPConnection(self.address, timeout=timeout)
                self.connection.request(method, path, None if body is None else json.dumps(body), headers)
                reply = self.connection.getresponse()
                text = reply.read()
                break
            except (OSError, http.client.HTTPException):
                self.connection = None
                # A connection that the server has closed meanwhile says nothing about the request; a second failure does.
                if attempt or method != "GET":
                    raise
        fields = {name.lower(): value for name, value in reply.getheaders()}
        return reply.status, fields, text


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def staleness(primary, replica, key, twin, seconds):
    """When a change of the primary is in the file of the replica, by the number that both tell."""
    seen, stop = {}, threading.Event()

    def watch():
        client, known = Client(replica, key), 0
        while not stop.is_set():
            status, fields, _ = client.send("GET", "/twins", echo=False)
            now, sequence = time.monotonic(), int(fields.get("x-twin-seq", 0))
            if status == 200 and sequence > known:
                for number in range(known + 1, sequence + 1):
                    seen[number] = now
                known = sequence
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    writer, written, begun = Client(primary, key), [], time.monotonic()
    while time.monotonic() - begun < seconds:
        status, fields, text = writer.send("POST", f"/chat/{twin}", {"query": "How often is the gear oil changed?"})
        assert status == 200, (status, text)
        written.append((int(fields["x-twin-seq"]), time.monotonic()))
        time.sleep(max(0, begun + len(written) / 20 - time.monotonic()))
    time.sleep(6)
    stop.set()
    thread.join()
    ages = [seen[number] - at for number, at in written if number in seen]
    missing = len(written) - len(ages)
    print(json.dumps({
        "writes": len(written), "writes_per_second": round(len(written) / seconds, 1), "missing": missing,
        "p50": round(percentile(ages, 0.5), 2), "p95": round(percentile(ages, 0.95), 2), "max": round(max(ages), 2)}))
    assert missing == 0 and percentile(ages, 0.95) < 2, "the replica is too far behind"


def withdrawn(primary, replica, key, database, twin, tries):
    """Nothing is answered from a source that was removed, or to a key that was revoked, more than five seconds ago."""
    binary, worst, late, asked = os.environ["TWIN"], 0.0, 0, 0

    def run(*words):
        done = subprocess.run([binary, *words, "--db", database, "--json"], capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stderr)
        return json.loads(done.stdout) if done.stdout.strip() else None

    for number in range(tries):
        made = run("keys", "create", f"try {number}", "--scope", "read", "--scope", "chat")
        holder = Client(replica, made["key"])
        until = time.monotonic() + 10
        while holder.send("GET", "/twins")[0] != 200 and time.monotonic() < until:
            time.sleep(0.05)
        word = f"quixot{number}"
        path = f"{database}.{number}.md"
        with open(path, "w") as file:
            file.write(f"# Note\n\nThe code of the {word} valve is {number + 1000}.\n")
        run("ingest", path, "--twin", twin)
        os.unlink(path)
        source = next(item for item in run("sources", "list", "--twin", twin) if item["locator"].endswith(f".{number}.md"))
        client = Client(replica, key)
        question = {"model": twin, "store": False, "messages": [{"role": "user", "content": f"What is the code of the {word} valve?"}]}
        until = time.monotonic() + 10
        while str(number + 1000) not in client.send("POST", "/v1/chat/completions", question)[2].decode():
            assert time.monotonic() < until, "the replica never learned of the source"
            time.sleep(0.05)
        run("sources", "rm", source["id"])
        run("keys", "revoke", made["id"])
        gone = time.monotonic()
        while time.monotonic() < gone + 6.5:
            began = time.monotonic() - gone
            answered = str(number + 1000) in client.send("POST", "/v1/chat/completions", question, echo=False)[2].decode()
            let_in = holder.send("GET", "/twins", echo=False)[0] == 200
            asked += 2
            if answered or let_in:
                worst = max(worst, began)
                late += began > 5
            elif began > 2.5:
                break
            time.sleep(0.02)
    print(json.dumps({"tries": tries, "asked": asked, "last_answer_after": round(worst, 2), "later_than_5s": late}))
    assert late == 0, "something that was withdrawn was answered"


def reads(url, key, twin, seconds, allowed=""):
    """Each reply is as new as the last one, or a refusal that says when to come back."""
    client, begun = Client(url, key), time.monotonic()
    counts, backwards, bad = {}, 0, []
    while time.monotonic() - begun < seconds:
        try:
            status, fields, text = client.send("GET", f"/sources/{twin}")
        except (OSError, http.client.HTTPException) as error:
            counts["broken"] = counts.get("broken", 0) + 1
            if "broken" not in allowed:
                bad.append(repr(error))
            time.sleep(0.05)
            continue
        counts[status] = counts.get(status, 0) + 1
        if status == 200:
            try:
                json.loads(text)
            except ValueError:
                bad.append("torn")
            sequence = int(fields.get("x-twin-seq", 0))
            backwards += sequence < client.sequence
            client.sequence = max(client.sequence, sequence)
        elif status not in (502, 503) or (status == 503 and "retry-after" not in fields):
            bad.append((status, text[:200].decode()))
        time.sleep(0.005)
    print(json.dumps({"replies": {str(name): count for name, count in counts.items()}, "backwards": backwards, "bad": bad[:3]}))
    assert not bad and backwards == 0, "a read went wrong"


def throughput(*words):
    *urls, key, twin, seconds = words
    counts, stop = [0] * (4 * len(urls)), threading.Event()

    def ask(index):
        client = Client(urls[index % len(urls)], key)
        while not stop.is_set():
            status, _, text = client.send("GET", f"/sources/{twin}", echo=False)
            assert status == 200, (status, text)
            counts[index] += 1

    threads = [threading.Thread(target=ask, args=(index,)) for index in range(len(counts))]
    for thread in threads:
        thread.start()
    time.sleep(float(seconds))
    stop.set()
    for thread in threads:
        thread.join()
    print(json.dumps({"reads_per_second": round(sum(counts) / float(seconds))}))


if __name__ == "__main__":
    name, *words = sys.argv[1:]
    if name == "staleness":
        staleness(*words[:4], float(words[4]))
    elif name == "withdrawn":
        withdrawn(*words[:5], int(words[5]))
    elif name == "reads":
        reads(words[0], words[1], words[2], float(words[3]), *words[4:])
    elif name == "throughput":
        throughput(*words)
    else:
        sys.exit(__doc__)
