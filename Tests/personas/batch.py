"""Fifty pictures from a real Cog server, of which three fail, through a kill of the server; another batch that is cancelled; a
training that is killed and goes on. Counts are right, pictures open, costs are right to the millionth and booked once."""

import io
import json
import os
import pathlib
import signal
import sqlite3
import sys
import time

from PIL import Image
from server import Server

binary, folder = sys.argv[1:]
hold = pathlib.Path(os.environ["PERSONAS_HOLD"])
server = Server(binary, f"{folder}/batch", "--jobs", "2", "--log", "none")
user, token = server.user("owner@example.org")
url = server.start()
client = server.client(url, token)


def get(path):
    reply = client.get(path)
    assert reply.status_code == 200, (path, reply.status_code, reply.text)
    return reply.json()


def post(path, body):
    reply = client.post(path, json=body)
    assert reply.status_code == 200, (path, reply.status_code, reply.text)
    return reply.json()


def rows(statement, *values):
    with sqlite3.connect(f"{folder}/batch/twin.db", timeout=300) as database:
        return database.execute(statement, values).fetchall()


def job(id):
    return json.loads(server.twin("jobs", "show", id, "--json"))


def wait(id, until, seconds=3000):
    end = time.time() + seconds
    while time.time() < end:
        found = job(id)
        if until(found):
            return found
        time.sleep(0.2)
    raise AssertionError(("still", found))


def made(batch):
    return rows("SELECT count(*) FROM content_pieces WHERE batch_id = ?", batch)[0][0]


avatar = post(
    f"/api/v1/identities/avatars?user_id={user}",
    {"name": "Mara", "niche": "nature", "aesthetic_style": "natural", "facial_generation": {"aesthetic_style": "natural"}},
)["avatar_id"]

# Without weights nothing is drawn of somebody; so first a dataset and a training.
assert client.post("/api/v1/content/batch", json={"avatar_id": avatar, "num_pieces": 5}).status_code == 400
dataset = post("/api/v1/loras/dataset/generate", {"avatar_id": avatar, "num_images": 13})
assert dataset["total_images"] == 12 and dataset["total_cost_usd"] == 12 * 12345 / 1e6, dataset
assert dataset["average_quality_score"] is None
hold.touch()
training = post(
    "/api/v1/loras/training/start",
    {"avatar_id": avatar, "dataset_batch_id": dataset["batch_id"], "training_steps": 500},
)
status = f"/api/v1/loras/training/status/{training['training_job_id']}"
assert training["status"] == "queued"


def progress(until, seconds=300):
    end = time.time() + seconds
    while time.time() < end:
        found = get(status)
        if until(found):
            return found
        time.sleep(0.1)
    raise AssertionError(("still", found))


running = progress(lambda s: s["current_step"] > 50)
assert running["status"] == "running" and 0 < running["loss"] < 1, running
begin = time.time()
server.stop(signal.SIGKILL)
hold.unlink()
url = server.start()
client = server.client(url, token)
# The trainer calls back to where the server was; the new one asks.
done = progress(lambda s: s["status"] in ("completed", "failed"))
assert done["status"] == "completed", done
weights = client.get(done["weights_url"])
assert weights.status_code == 200 and weights.content[8:15] == b'{"face"', weights.content[:40]
costs = get(f"/api/v1/identities/costs/{avatar}")
assert costs["breakdown"]["lora_training"] == 2.5, costs
assert get(f"/api/v1/identities/avatars/{avatar}")["stage"] == "lora_trained"
print(f"ok: a training, killed and done {time.time() - begin:.1f} s later")

hold.touch()
queued = post("/api/v1/content/batch", {"avatar_id": avatar, "num_pieces": 50})
batch = rows("SELECT json_extract(payload, '$.request.batch_id') FROM jobs WHERE id = ?", queued["task_id"])[0][0]
while made(batch) < 12:
    time.sleep(0.05)
server.stop(signal.SIGKILL)
hold.unlink()
before = made(batch)
assert 12 <= before < 47, before
url = server.start()
client = server.client(url, token)
ended = wait(queued["task_id"], lambda j: j["status"] in ("complete", "failed"))
assert ended["status"] == "complete" and ended["metadata"]["made"] == 47 and ended["metadata"]["failed"] == 3, ended
assert made(batch) == 47
assert rows("SELECT count(DISTINCT position) FROM content_pieces WHERE batch_id = ?", batch)[0][0] == 47
assert [p for (p,) in rows("SELECT position FROM failed_pieces WHERE batch_id = ? ORDER BY position", batch)] == [3, 17, 38]
assert rows("SELECT sum(amount), count(*) FROM cost_entries WHERE batch_id = ?", batch)[0] == (47 * 12345, 47)
assert get(f"/api/v1/identities/costs/batch/{batch}")["total_cost_usd"] == 47 * 12345 / 1e6
pieces = get(f"/api/v1/content/avatar/{avatar}/content?limit=200")
assert len(pieces) == 47 and all(piece["hook_text"] and piece["safety_rating"] == "safe" for piece in pieces)
for piece in pieces:
    picture = Image.open(io.BytesIO(client.get(piece["url"]).content))
    picture.load()
    assert picture.size == (64, 64)
print(f"ok: 50 pictures, 3 failed, killed after {before}: 47 made, {47 * 12345} millionths booked, 47 open")

hold.touch()
queued = post("/api/v1/content/batch", {"avatar_id": avatar, "num_pieces": 50})
other = rows("SELECT json_extract(payload, '$.request.batch_id') FROM jobs WHERE id = ?", queued["task_id"])[0][0]
while made(other) < 5:
    time.sleep(0.05)
server.twin("jobs", "cancel", queued["task_id"])
hold.unlink()
ended = wait(queued["task_id"], lambda j: j["status"] == "failed")
assert ended["metadata"]["cancelled"] is True, ended
count = made(other)
time.sleep(1)
assert made(other) == count < 47, count
assert rows("SELECT sum(amount), count(*) FROM cost_entries WHERE batch_id = ?", other)[0] == (count * 12345, count)
# By hand it goes on where it was.
server.twin("jobs", "retry", queued["task_id"])
ended = wait(queued["task_id"], lambda j: j["status"] in ("complete", "failed"))
assert ended["status"] == "complete" and made(other) == 47, ended
assert rows("SELECT sum(amount), count(*) FROM cost_entries WHERE batch_id = ?", other)[0] == (47 * 12345, 47)
total = 12345 * (1 + 12 + 94) + 2_500_000
assert get(f"/api/v1/identities/costs/{avatar}")["total_cost_usd"] == total / 1e6
print(f"ok: a batch cancelled after {count}, tried again by hand: 47 made, each booked once")
server.stop()
