#!/usr/bin/env bash
# Answers over HTTP: verified ones beside FastAPI with sqlite3 doing the same reads and writes, and grounded ones from 100,000 chunks.
#   Tests/Benchmarks/http/chat.sh [ROUNDS] [SECONDS]
# Needs wrk and python3; FastAPI, uvicorn and PyJWT go into a virtual environment in $PEER (a folder of the temporary directory).
set -euo pipefail
cd "$(dirname "$0")/../../.."
rounds=${1:-3} seconds=${2:-5}
peer=${PEER:-${TMPDIR:-/tmp}/twin-benchmark-fastapi}
.ci/need-packages wrk jq python3 python3-venv
twin=$(swift build -c release --static-swift-stdlib --show-bin-path)/twin
[ -x "$twin" ] || swift build -c release --static-swift-stdlib --product twin
[ -x "$peer/bin/uvicorn" ] || { python3 -m venv "$peer" && "$peer/bin/pip" install -q fastapi uvicorn pyjwt; }

scratch=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$scratch"' EXIT
export TWIN_DB="$scratch/twin.db" TWIN_CONFIG="$scratch/config.json" TWIN_JWT_SECRET=a-secret-for-benchmarks-only-0123456789
"$twin" twins create bench --json > "$scratch/twin.json"
id=$(jq -r .id "$scratch/twin.json")
"$twin" qna add "What is your return policy?" "Thirty days, with the receipt." --json > /dev/null
"$twin" users add bench@example.org --no-password --json > "$scratch/user.json"
token=$("$twin" token create --user bench@example.org)

cat > "$scratch/peer.py" <<'END'
import os, sqlite3, time, uuid, jwt
from fastapi import FastAPI, Header, HTTPException
from pydantic import BaseModel
secret, path = os.environ["TWIN_JWT_SECRET"], os.environ["PEER_DB"]
app = FastAPI()
class Ask(BaseModel):
    query: str
import threading
local = threading.local()
def database():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect(path, timeout=30, isolation_level=None)
        local.db.execute("PRAGMA journal_mode=WAL"); local.db.execute("PRAGMA synchronous=FULL")
    return local.db
@app.post("/chat/{twin}")
def chat(twin: str, ask: Ask, authorization: str = Header()):
    claims = jwt.decode(authorization.removeprefix("Bearer "), secret, algorithms=["HS256"], options={"verify_aud": False})
    db = database()
    user = db.execute("SELECT tenant, role FROM users WHERE id = ?", (claims["sub"],)).fetchone()
    row = db.execute("SELECT id, tenant FROM twins WHERE id = ?", (twin,)).fetchone()
    if not user or not row or user[0] != row[1]:
        raise HTTPException(404)
    group = db.execute("SELECT id FROM groups WHERE twin = ? AND is_default", (twin,)).fetchone()
    answer = db.execute(
        "SELECT a.id, a.answer FROM answers a JOIN permissions p ON p.answer = a.id WHERE a.twin = ? AND a.folded = ? AND p.grp = ?",
        (twin, ask.query.lower().strip(" ?"), group[0])).fetchone()
    conversation, now = str(uuid.uuid4()), time.time()
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?)", (conversation, twin, claims["sub"], now))
    db.execute("INSERT INTO messages VALUES (?, ?, 'user', ?, NULL, ?)", (str(uuid.uuid4()), conversation, ask.query, now))
    message = str(uuid.uuid4())
    db.execute("INSERT INTO messages VALUES (?, ?, 'assistant', ?, 1.0, ?)", (message, conversation, answer[1], now))
    db.execute("INSERT INTO usage VALUES (?, 1) ON CONFLICT DO UPDATE SET count = count + 1", (twin,))
    db.execute("COMMIT")
    return {"answer": answer[1], "status": "verified", "conversation_id": conversation, "message_id": message, "confidence_score": 1.0, "citations": ["verified_qna_" + answer[0]]}
END
PEER_DB="$scratch/peer.db" python3 - "$id" "$(jq -r .id "$scratch/user.json")" <<'END'
import os, sqlite3, sys
db = sqlite3.connect(os.environ["PEER_DB"])
db.executescript("""PRAGMA journal_mode=WAL;
CREATE TABLE users (id TEXT PRIMARY KEY, tenant TEXT, role TEXT); CREATE TABLE twins (id TEXT PRIMARY KEY, tenant TEXT);
CREATE TABLE groups (id TEXT PRIMARY KEY, twin TEXT, is_default INT); CREATE TABLE permissions (grp TEXT, answer TEXT, PRIMARY KEY (grp, answer));
CREATE TABLE answers (id TEXT PRIMARY KEY, twin TEXT, folded TEXT, answer TEXT); CREATE INDEX by_question ON answers (twin, folded);
CREATE TABLE conversations (id TEXT PRIMARY KEY, twin TEXT, user TEXT, created REAL); CREATE INDEX by_twin ON conversations (twin, created);
CREATE TABLE messages (id TEXT PRIMARY KEY, conversation TEXT, role TEXT, content TEXT, confidence REAL, created REAL);
CREATE INDEX by_conversation ON messages (conversation); CREATE TABLE usage (twin TEXT PRIMARY KEY, count INT);""")
db.execute("INSERT INTO twins VALUES (?, 't')", sys.argv[1:2]); db.execute("INSERT INTO users VALUES (?, 't', 'owner')", sys.argv[2:3])
db.execute("INSERT INTO groups VALUES ('g', ?, 1)", sys.argv[1:2])
db.execute("INSERT INTO answers VALUES ('a', ?, 'what is your return policy', 'Thirty days, with the receipt.')", sys.argv[1:2])
db.execute("INSERT INTO permissions VALUES ('g', 'a')"); db.commit()
END
(cd "$scratch" && PEER_DB="$scratch/peer.db" exec "$peer/bin/uvicorn" peer:app --port 18091 --workers 2 --log-level warning --no-access-log) &
"$twin" serve --port 18081 --log none > /dev/null 2>&1 &
sleep 3

ask() { # question file
    printf 'wrk.method="POST"; wrk.headers["content-type"]="application/json"; wrk.headers["accept"]="application/json"; wrk.headers["authorization"]="Bearer %s"; wrk.body=%s\n' \
        "$token" "'$(jq -nc --arg q "$1" '{query: $q}')'" > "$scratch/ask.lua"
}
measure() { # name, url, connections
    wrk -t2 -c"$3" -d"${seconds}s" -s "$scratch/ask.lua" --latency "$2" \
        | awk -v name="$1" '/50%/ {m = $2} /99%/ {p = $2} /Requests\/sec/ {r = $2} /Non-2xx/ {e = " " $0} END {print name, r, "requests/s, p50", m ", p99", p e}'
}
ask "What is your return policy?"
for _ in $(seq "$rounds"); do
    measure "FastAPI, verified " "http://127.0.0.1:18091/chat/$id" 64
    measure "twin,    verified " "http://127.0.0.1:18081/chat/$id" 64
done

echo "== 100,000 chunks of 120 words"
python3 - "$scratch/words.md" <<'END'
import random, sys
random.seed(7)
words = ["".join(random.choice("bcdfghklmnprstvz") + random.choice("aeiou") for _ in range(random.randint(1, 4))) for _ in range(60_000)]
weights = [1 / (rank + 3) for rank in range(len(words))]
with open(sys.argv[1], "w") as file:
    for number in range(100_000):
        text = random.choices(words, weights, k=120)
        file.write(f"# {text[0]} {text[1]} {number}\n\n{' '.join(text[:60])}. {' '.join(text[60:])}.\n\n")
END
split -l 12000 --additional-suffix=.md "$scratch/words.md" "$scratch/part-"
rm "$scratch/words.md"
mkdir "$scratch/documents" && mv "$scratch"/part-*.md "$scratch/documents"
"$twin" ingest "$scratch/documents" --quiet > /dev/null
"$twin" twins show bench --json | jq -c '{chunk_count, source_count}'
ask "$(sed -n 3p "$scratch/documents/part-aa.md" | cut -d' ' -f10-20)?"
for _ in $(seq "$rounds"); do measure "twin, grounded, 16 connections " "http://127.0.0.1:18081/chat/$id" 16; done
