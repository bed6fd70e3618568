#!/usr/bin/env python3
"""Webhooks over kills of the server and of the receiver: every event of the tenant arrives at least once, its numbers have no gap,
and each delivery's signature is good to PyPI's standardwebhooks.

    TWIN=.build/debug/twin python3 Tests/desk/webhooks.py [KILLS]        (pip install standardwebhooks)
"""

import http.server
import json
import random
import sqlite3
import sys
import threading
import time

from standardwebhooks import Webhook

from stage import Stage

kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
seen, bad, secret, port = {}, [], [None], [0]
lock = threading.Lock()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            Webhook(secret[0]).verify(body, dict(self.headers))
        except Exception as error:  # noqa: BLE001
            bad.append(str(error))
        event = json.loads(body)
        with lock:
            seen.setdefault(event["data"]["seq"], set()).add(self.headers["webhook-id"])
        # Now and then the receiver breaks off after it has taken it.
        if random.random() < 0.1:
            self.connection.close()
            return
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port[0]), Receiver)
    port[0] = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


hook = receiver()
stage = Stage().furnish()
status, made = stage.send("POST", "/api/admin/webhooks", {"url": f"http://127.0.0.1:{port[0]}/hook"}, stage.admin)
assert status == 201, made
secret[0] = made["secret"]
contact = stage.contact()
sent = lost = 0
for number in range(kills):
    deadline = time.time() + random.uniform(0.05, 0.4)
    while time.time() < deadline:
        try:
            stage.send("POST", f"/api/{stage.tenant}/chat", {"message": f"Hello {sent}"}, contact["token"])
            sent += 1
        except Exception:  # noqa: BLE001
            lost += 1
    if number % 3 == 2:
        hook.shutdown()
        hook.server_close()
        time.sleep(random.uniform(0, 0.2))
        hook = receiver()
    stage.stop(kill=True)
    stage.start()
print(f"{kills} kills, {sent} messages, {lost} unanswered")
database = sqlite3.connect(stage.folder + "/twin.db")
deadline = time.time() + 900
while time.time() < deadline:
    # Attempts that failed wait by the schedule; here they need not.
    database.execute("UPDATE desk_deliveries SET due_at = '2020-01-01T00:00:00.000Z' WHERE status = 'pending' AND attempts > 0 AND due_at > strftime('%Y-%m-%dT%H:%M:%f', 'now', '+40 seconds')")
    database.commit()
    left = database.execute("SELECT count(*) FROM desk_deliveries WHERE status = 'pending'").fetchone()[0]
    if left == 0:
        break
    time.sleep(1)
# Events before the webhook was made are not told.
first = database.execute("SELECT min(e.sequence) FROM desk_deliveries d JOIN desk_events e ON e.key = d.event_key").fetchone()[0]
numbers = [row[0] for row in database.execute("SELECT sequence FROM desk_events WHERE tenant_id = ? ORDER BY sequence", [stage.tenant])]
stage.stop()
gaps = numbers != list(range(1, len(numbers) + 1))
missing = [number for number in numbers if number >= first and number not in seen]
twice = [number for number, ids in seen.items() if len(ids) > 1]
print(f"{len(numbers)} events, gaps: {gaps}, not arrived: {len(missing)}, under two ids: {len(twice)}, bad signatures: {len(bad)}, pending: {left}")
sys.exit(1 if gaps or missing or twice or bad or left else 0)
