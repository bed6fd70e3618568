#!/usr/bin/env python3
"""Soaks `twin serve`: mixed load for some minutes beside slow and half-open peers, then kill -9 under load and a restart.

    Tests/Benchmarks/http/soak.py TWIN [MINUTES]

TWIN is the release binary. Everything happens in a temporary folder and on the loopback address. Prints the memory and the
counts each minute; ends with 1 after any error, or when an acknowledged write is missing after the restart.
"""
import http.client, json, os, random, signal, socket, subprocess, sys, tempfile, threading, time

twin, minutes = sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 30
folder = tempfile.mkdtemp(prefix="twin-soak-")
environment = {**os.environ, "TWIN_DB": folder + "/twin.db", "TWIN_CONFIG": folder + "/config.json", "HOME": folder}


def run(*words):
    return subprocess.run([twin, *words], env=environment, check=True, capture_output=True, text=True).stdout


def start():
    ready = folder + "/ready.json"
    if os.path.exists(ready):
        os.unlink(ready)
    process = subprocess.Popen(
        [twin, "serve", "--port", "0", "--ready-file", ready, "--log", "none"], env=environment,
        stdout=subprocess.DEVNULL, stderr=open(folder + "/serve.log", "a"))
    for _ in range(500):
        if os.path.exists(ready):
            return process, int(json.load(open(ready))["url"].rsplit(":", 1)[1])
        time.sleep(0.02)
    sys.exit("the server did not start: " + open(folder + "/serve.log").read())


def memory(process):
    lines = open(f"/proc/{process.pid}/status").read().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) // 1024


run("twins", "create", "soak")
open(folder + "/note.md", "w").write("# Gears\n\nThe gear oil is changed every eighteen months. The filter is checked monthly.\n" * 3)
run("ingest", folder + "/note.md")
run("qna", "add", "What is your return policy?", "Thirty days, with the receipt.")
run("users", "add", "soak@example.org", "--no-password")
key = json.loads(run("keys", "create", "soak", "--json"))["key"]
authorization = {"authorization": "Bearer " + run("token", "create", "--user", "soak@example.org", "--expires-hours", "48").strip()}
twin_id = json.loads(run("twins", "show", "soak", "--json"))["id"]
process, port = start()

errors, counts, acknowledged = [], {}, []
lock = threading.Lock()
ends = threading.Event()


def request(connection, method, path, body=None, headers={}):
    data = None if body is None else json.dumps(body)
    connection.request(method, path, data, {**headers, **({"content-type": "application/json"} if data else {})})
    response = connection.getresponse()
    return response.status, response.read()


def question():
    return random.choice(["How often is the gear oil changed?", "What is your return policy?", "Who won the cup in 1974?"])


def work(number, pause, tolerant=False):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    session = None
    while not ends.is_set():
        kind = random.choice(["chat", "stream", "widget", "twins", "sources", "qna", "upload", "metrics", "health", "missing"])
        try:
            if kind == "chat":
                status, body = request(connection, "POST", f"/chat/{twin_id}", {"query": question()}, {**authorization, "accept": "application/json"})
                good = status == 200 and b'"answer"' in body
            elif kind == "stream":
                status, body = request(connection, "POST", f"/chat/{twin_id}", {"query": question()}, {**authorization, "accept": "text/event-stream"})
                good = status == 200 and b"event: done" in body
            elif kind == "widget":
                status, body = request(connection, "POST", f"/chat-widget/{twin_id}", {"query": question(), "api_key": key, "session_id": session})
                session = None if status == 429 else json.loads(body.split(b"\n")[0]).get("session_id")
                good = status in (200, 429)
            elif kind == "qna":
                name = f"Question number {random.getrandbits(60)}?"
                status, body = request(connection, "POST", f"/twins/{twin_id}/verified-qna", {"question": name, "answer": "Yes."}, authorization)
                good = status == 200
                if good:
                    with lock:
                        acknowledged.append(json.loads(body)["id"])
            elif kind == "upload":
                text = f"# Note\n\nNote {random.getrandbits(60)} says that bearing {number} was greased.\n"
                form = f'--b\r\nContent-Disposition: form-data; name="file"; filename="n{number}.md"\r\n\r\n{text}\r\n--b--\r\n'
                connection.request("POST", f"/ingest/file/{twin_id}", form, {**authorization, "content-type": "multipart/form-data; boundary=b"})
                response = connection.getresponse()
                good = (response.status, b'"live"' in response.read()) == (200, True)
            elif kind == "missing":
                good = request(connection, "GET", "/twins/none", None, authorization)[0] == 404
            else:
                path = {"twins": "/twins", "sources": f"/sources/{twin_id}", "metrics": f"/metrics/dashboard/{twin_id}", "health": "/health"}[kind]
                good = request(connection, "GET", path, None, authorization)[0] == 200
            with lock:
                counts[kind] = counts.get(kind, 0) + 1
                if not good:
                    errors.append(kind)
        except Exception as error:
            if tolerant:
                return
            with lock:
                errors.append(f"{kind}: {error!r}")
            connection.close()
        time.sleep(pause)


def slow_peers():
    """Peers that send a byte now and then, or nothing, or leave in the middle."""
    while not ends.is_set():
        peers = []
        for index in range(30):
            peer = socket.create_connection(("127.0.0.1", port))
            peer.sendall(b"POST /chat/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf" if index % 2 else b"GET /heal")
            peers.append(peer)
        for peer in peers:
            if ends.wait(0.3):
                break
            try:
                peer.sendall(b"x")
            except OSError:
                pass
        for peer in peers:
            peer.close()


threads = [threading.Thread(target=work, args=(number, 0.05), daemon=True) for number in range(8)]
threads.append(threading.Thread(target=slow_peers, daemon=True))
for thread in threads:
    thread.start()
began = time.time()
while time.time() - began < minutes * 60:
    time.sleep(min(60, minutes * 60 / 4))
    with lock:
        print(f"{(time.time() - began) / 60:5.1f} min  {memory(process):4d} MiB  {sum(counts.values())} requests  {len(errors)} errors", flush=True)
ends.set()
for thread in threads:
    thread.join(60)
print("by kind:", counts)
print("errors:", errors[:10])

# Killed under load: what was acknowledged must be there.
ends.clear()
threads = [threading.Thread(target=work, args=(100 + number, 0, True), daemon=True) for number in range(8)]
for thread in threads:
    thread.start()
time.sleep(3)
process.send_signal(signal.SIGKILL)
process.wait()
ends.set()
for thread in threads:
    thread.join(60)
process, port = start()
connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
missing = [id for id in acknowledged if request(connection, "GET", f"/verified-qna/{id}", None, authorization)[0] != 200]
print(f"killed and restarted: {len(acknowledged)} acknowledged writes, {len(missing)} missing")
process.send_signal(signal.SIGTERM)
code = process.wait(60)
print("ended with", code)
check = subprocess.run([twin, "doctor"], env=environment, capture_output=True, text=True)
print("doctor", check.returncode, "" if check.returncode == 0 else check.stdout[-500:])
subprocess.run(["rm", "-rf", folder])
sys.exit(1 if errors or missing or code or check.returncode else 0)
