"""What a request costs each part of a primary with replicas, in microseconds of a processor. Used by Tests/scale.sh.

    cost.py RUN PRIMARY ONE TWO PROXY COUNT

RUN is the folder with the processes' ids. Each kind of request is sent COUNT times by four clients: to the primary alone, to a replica, and
through the proxy. What a part used meanwhile stands in /proc/PID/stat (with the children that it has waited for); what it uses while nobody
asks is taken off. KEY (an API key that may read and ask) stands in the
environment. The twin `library` has some thousand passages.
"""
import json, os, sys, threading, time

from client import Client

PARTS = ["primary", "replica-1", "replica-2", "follow-1", "follow-2", "litestream", "proxy"]
QUESTION = "What does marina say of borneo and of the tundra in visage?"
KINDS = {
    "list": ("GET", "/twins", None),
    "sources": ("GET", "/sources/ada", None),
    "question, not stored": (
        "POST", "/v1/chat/completions", {"model": "library", "store": False, "messages": [{"role": "user", "content": QUESTION}]}),
    "question": ("POST", "/chat/library", {"query": QUESTION}),
    # Passed on whole.
    "question by MCP": (
        "POST", "/mcp",
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
         "params": {"name": "ask", "arguments": {"twin": "library", "question": QUESTION}}}),
}
TICK = 1e6 / os.sysconf("SC_CLK_TCK")


def used(run):
    """Microseconds of user and system time of each part so far."""
    told = {}
    for part in PARTS:
        with open(os.path.join(run, part + ".pid")) as file:
            number = file.read().strip()
        with open(f"/proc/{number}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        told[part] = sum(int(field) for field in fields[11:15]) * TICK
    return told


def spend(run, seconds_of):
    """What each part uses while `seconds_of` runs, and how long that takes."""
    before, begun = used(run), time.monotonic()
    seconds_of()
    after = used(run)
    return {part: after[part] - before[part] for part in PARTS}, time.monotonic() - begun


def send(urls, kind, count):
    method, path, body = KINDS[kind]
    failed = []

    def ask(url, share):
        client = Client(url, x_twin_api_key=os.environ["KEY"])
        for _ in range(share):
            status, _, text = client.send(method, path, body, echo=False)
            if status != 200:
                failed.append((status, text[:200]))
                return

    threads = [threading.Thread(target=ask, args=(urls[index % len(urls)], count // 4)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed, failed[:2]


def main(run, primary, one, two, proxy, count):
    count = int(count) // 4 * 4
    idle, seconds = spend(run, lambda: time.sleep(5))
    idle = {part: value / seconds for part, value in idle.items()}
    print("| at rest, each second | " + " | ".join(f"{part} {idle[part]:.0f}" for part in PARTS) + " |")
    print("\n| µs a request | sent to | " + " | ".join(PARTS) + " |\n|---|---|" + "--:|" * len(PARTS))
    for kind in KINDS:
        cost = {}
        # The system counts in hundredths of a second, of which a read takes few.
        times = count * 20 if KINDS[kind][0] == "GET" else count
        for name, urls in [("primary", [primary]), ("replica", [one]), ("proxy", [proxy])]:
            send(urls, kind, 400)
            time.sleep(1)
            told, seconds = spend(run, lambda: (send(urls, kind, times), time.sleep(1)))
            cost[name] = {part: max(0, told[part] - idle[part] * seconds) / times for part in PARTS}
            print(f"| {kind} | {name} | " + " | ".join(f"{cost[name][part]:.0f}" for part in PARTS) + " |", flush=True)
        # On machines of their own the busiest is full first. Alone the primary does all; with replicas each does half of what a replica
        # does, with its Litestream, and the primary what is left to it.
        alone = cost["primary"]["primary"] + cost["primary"]["litestream"]
        replica = (cost["replica"]["replica-1"] + cost["replica"]["follow-1"]) / 2
        left = cost["replica"]["primary"] + cost["replica"]["litestream"]
        both = max(replica, left)
        # The primary takes reads as well, as many as keep all three busy alike.
        share = max(0, (replica - left) / (alone + replica - left)) if kind in ("list", "sources") else 0
        three = min(alone / both if both else 0, 99)
        print(json.dumps({
            "kind": kind, "replica_to_primary": round(2 * replica / alone, 2), "two_replicas_to_one_server": round(three, 2),
            "with_the_primary_reading_too": round(alone / ((1 - share) * both), 2) if share else None,
            "proxy_share": round(cost["proxy"]["proxy"] / alone, 2)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
