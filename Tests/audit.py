#!/usr/bin/env python3
"""Whether `twin audit verify` finds what was done to the log, on a log that this writes itself, from docs/journal.md alone.

    Tests/audit.py [PATH/TO/twin] [ROWS]

ROWS are 2,000,000 without it, of three workspaces. A good log verifies, and how fast is printed (a release build: 200,000 rows a second).
Then a byte of each column is changed in the first, a middle and the last row, rows are taken out and changed for each other:
each is found, in a smaller log of the same make.
"""

import hashlib
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time

BINARY = os.path.realpath(sys.argv[1] if len(sys.argv) > 1 else ".build/release/twin")
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000_000
COLUMNS = (
    "key, seq, id, tenant_id, twin_id, event_type, action, created_at, actor_id, user_id, people_salt, metadata, details_salt, "
    "people_hash, details_hash, prev_hash, hash").split(", ")


def twin(folder, *words):
    environment = {"PATH": os.environ["PATH"], "HOME": folder, "TWIN_DB": f"{folder}/twin.db", "TWIN_CONFIG": f"{folder}/config.json"}
    return subprocess.run([BINARY, *words], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def text(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def rows(count, tenants):
    heads = {tenant: (0, bytes(32)) for tenant in tenants}
    sha, salt = hashlib.sha256, hashlib.sha256(b"salts").digest()
    for key in range(1, count + 1):
        tenant = tenants[key * key % len(tenants)]
        seq, before = heads[tenant]
        seq += 1
        identifier = f"01900000-0000-7000-8000-{key:012x}"
        twin_id = None if key % 5 == 0 else f"01900000-0000-7000-9000-{key % 7:012x}"
        actor, user = f"actor-{key % 11}", f"user \"{key % 13}\" é" if key % 3 else None
        created = f"2026-01-01T{key // 3600 % 24:02}:{key // 60 % 60:02}:{key % 60:02}.000Z"
        metadata = text({"source_id": identifier, "count": key})
        salt = sha(salt).digest()
        people = sha(salt[:16] + f'{{"actor_id":{text(actor)},"user_id":{text(user)}}}'.encode()).digest()
        details = sha(salt[16:] + metadata.encode()).digest()
        row = (
            f'{{"action":"SOURCE_INDEXED","created_at":"{created}","details":"{details.hex()}","event_type":"KNOWLEDGE_UPDATE",'
            f'"id":"{identifier}","key":{key},"people":"{people.hex()}","seq":{seq},"tenant_id":"{tenant}","twin_id":{text(twin_id)}}}')
        whole = sha(before + row.encode()).digest()
        heads[tenant] = (seq, whole)
        yield (
            key, seq, identifier, tenant, twin_id, "KNOWLEDGE_UPDATE", "SOURCE_INDEXED", created, actor, user, salt[:16], metadata,
            salt[16:], people, details, before, whole)


def make(folder, count):
    made = twin(folder, "twins", "create", "ada", "--json")
    assert made.returncode == 0, made.stderr
    connection = sqlite3.connect(f"{folder}/twin.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("BEGIN")
    connection.execute("DELETE FROM audit_log")
    tenants = [f"01900000-0000-7000-a000-{number:012x}" for number in range(3)]
    connection.executemany(
        f"INSERT INTO audit_log ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})", rows(count, tenants))
    connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit_log'", (count,))
    connection.execute("COMMIT")
    return connection


def changed(value):
    """The value with one bit of one byte turned; something else where there is none."""
    if value is None:
        return "x"
    if isinstance(value, int):
        return value ^ 1 << 40
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    return value[:-1] + chr(ord(value[-1]) ^ 0x40)


def measure():
    with tempfile.TemporaryDirectory() as folder:
        make(folder, ROWS).close()
        best = busy = float("inf")
        for _ in range(3):
            start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            done = twin(folder, "audit", "verify", "--json")
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            best = min(best, time.monotonic() - start)
            busy = min(busy, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            assert done.returncode == 0 and json.loads(done.stdout)["rows"] == ROWS, (done.stdout[:500], done.stderr)
        print(f"{ROWS} rows in {best:.2f} s, of which {busy:.2f} s of a processor: {ROWS / best:,.0f} rows a second")


def tamper(count=300):
    missed, tried = [], 0
    with tempfile.TemporaryDirectory() as folder:
        connection = make(folder, count)
        heads = twin(folder, "audit", "head", "--jsonl").stdout
        open(f"{folder}/heads.jsonl", "w").write(heads)
        good = {row[0]: row for row in connection.execute(f"SELECT {', '.join(COLUMNS)} FROM audit_log")}
        insert = f"INSERT INTO audit_log ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"

        def attempt(what, change, *words):
            nonlocal tried
            tried += 1
            connection.execute("BEGIN")
            change()
            connection.execute("COMMIT")
            done = twin(folder, "audit", "verify", "--json", *words)
            if done.returncode != 1 or json.loads(done.stdout)["valid"]:
                missed.append(f"{what}: exit code {done.returncode}")
            connection.execute("BEGIN")
            connection.execute("DELETE FROM audit_log")
            connection.executemany(insert, good.values())
            connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit_log'", (count,))
            connection.execute("COMMIT")

        def swap(one, other):
            for key, row in ((one, good[other]), (other, good[one])):
                connection.execute("DELETE FROM audit_log WHERE key = ?", (key,))
            for key, row in ((one, good[other]), (other, good[one])):
                connection.execute(insert, (key, *row[1:]))

        places = (1, count // 2, count)
        for key in places:
            for position, column in enumerate(COLUMNS):
                attempt(
                    f"{column} of row {key}", lambda: connection.execute(
                        f"UPDATE audit_log SET {column} = ? WHERE key = ?", (changed(good[key][position]), key)))
            attempt(f"row {key} taken out", lambda: connection.execute("DELETE FROM audit_log WHERE key = ?", (key,)))
        for one, other in ((1, 2), (1, count), (count - 1, count), (7, 200)):
            attempt(f"rows {one} and {other} changed for each other", lambda: swap(one, other))
        last = {row[3]: row for row in good.values()}
        for tenant, row in last.items():
            # With care, as if it had never been: only a head that was kept tells.
            def cut(row=row):
                connection.execute("DELETE FROM audit_log WHERE key >= ?", (row[0],))
                connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'audit_log'", (row[0] - 1,))

            attempt(f"everything from row {row[0]} cut off", cut, "--against", f"{folder}/heads.jsonl")
        assert twin(folder, "audit", "verify").returncode == 0
    print(f"{tried} ways to tamper, {len(missed)} missed", *missed, sep="\n")
    return not missed


measure()
sys.exit(0 if tamper() else 1)
