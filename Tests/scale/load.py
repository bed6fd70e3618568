"""Asks a primary, its replicas and their proxy, and says what came back. Used by Tests/scale.sh; needs Python 3 alone.

    load.py staleness PRIMARY REPLICA KEY TWIN SECONDS   writes 20 times a second, looks when the replica has it
    load.py throughput URL... KEY TWIN SECONDS           reads a second from all of them together
"""
import json, sys, threading, time

from client import Client, percentile


def staleness(primary, replica, key, twin, seconds):
    """When a change of the primary is in the file of the replica, by the number that both tell."""
    seen, stop = {}, threading.Event()

    def watch():
        client, known = Client(replica, x_twin_api_key=key), 0
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
    writer, written, begun = Client(primary, x_twin_api_key=key), [], time.monotonic()
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


def throughput(*words):
    *urls, key, twin, seconds = words
    counts, stop = [0] * (4 * len(urls)), threading.Event()

    def ask(index):
        client = Client(urls[index % len(urls)], x_twin_api_key=key)
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
    elif name == "throughput":
        throughput(*words)
    else:
        sys.exit(__doc__)
