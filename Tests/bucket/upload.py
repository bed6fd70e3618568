"""Documents of the brain contract sent right to a bucket: `twin serve`, and nanio or moto for S3.

Run by Tests/bucket.sh.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import boto3
import httpx
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

binary, folder, mebibytes = os.path.realpath(sys.argv[1]), sys.argv[2], int(sys.argv[3])


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def wait_for(what):
    for _ in range(600):
        try:
            if found := what():
                return found
        except (httpx.HTTPError, OSError, ValueError):
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come")


# nanio checks signatures and instants; moto takes everything, and answers as S3 does.
checks = sys.argv[4] == "nanio"
port = free_port()
store = f"http://127.0.0.1:{port}"
tool = os.path.join(os.path.dirname(sys.executable), "nanio" if checks else "moto_server")
words = ["serve", "--data-dir", f"{folder}/bucket", "--host", "127.0.0.1", "--port", str(port)] if checks else [
    "-H", "127.0.0.1", "-p", str(port)]
os.makedirs(f"{folder}/bucket", exist_ok=True)
storing = subprocess.Popen(
    [tool, *words], env=dict(os.environ, NANIO_ACCESS_KEY="twin", NANIO_SECRET_KEY="a secret of the bucket"),
    stdout=subprocess.DEVNULL, stderr=open(f"{folder}/store.log", "w"))
server = None
try:
    wait_for(lambda: httpx.get(store).status_code < 500)
    key = {"AccessKeyId": "twin", "SecretAccessKey": "a secret of the bucket"}
    bucket = boto3.client(
        "s3", endpoint_url=store, region_name="us-east-1", aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"])
    bucket.create_bucket(Bucket="papers")

    environment = dict(
        os.environ, HOME=folder, TWIN_DB=f"{folder}/twin.db", TWIN_CONFIG=f"{folder}/config.json",
        TWIN_INGEST_MAX_FILE_MIB=str(mebibytes), TWIN_STORAGE_S3_URL=store, TWIN_STORAGE_S3_BUCKET="papers",
        TWIN_STORAGE_S3_KEY_ID=key["AccessKeyId"], TWIN_STORAGE_S3_SECRET=key["SecretAccessKey"])

    def twin(*words):
        done = subprocess.run([binary, *words], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout.strip()

    twin("users", "add", "owner@example.org", "--role", "owner", "--no-password")
    token = twin("token", "create", "--user", "owner@example.org")
    server = subprocess.Popen(
        [binary, "serve", "--port", "0", "--log", "none", "--ready-file", f"{folder}/ready.json"], env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(f"{folder}/serve.log", "w"))
    url = wait_for(lambda: json.load(open(f"{folder}/ready.json")))["url"]
    client = httpx.Client(base_url=url, headers={"authorization": f"Bearer {token}"}, timeout=120)
    made = client.post("/api/twins", json={"name": "Papers"}).json()["id"]
    documents = f"/api/twins/{made}/documents"

    def announce(name="hives.txt", kind="text/plain"):
        reply = client.post(f"{documents}/upload", json={"filename": name, "content_type": kind})
        assert reply.status_code == 200, reply.text
        return reply.json()

    def state(document):
        one = client.get(f"{documents}/{document}").json()["processing_status"]
        listed = client.get(documents).json()["documents"]
        assert [each["processing_status"] for each in listed if each["id"] == document] == [one], (one, listed)
        return one

    def put(address, content, kind="text/plain"):
        return httpx.put(address, content=content, headers={"content-type": kind}, timeout=600).status_code

    def memory():
        return next(int(line.split()[1]) for line in open(f"/proc/{server.pid}/status") if line.startswith("VmHWM:")) // 1024

    # The address is signed as botocore signs it.
    slot = announce(kind="text/plain; charset=utf-8")
    parts = urlsplit(slot["upload_url"])
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert slot["upload_url"].startswith(f"{store}/papers/uploads/") and query["X-Amz-Expires"] == "3600"
    assert query["X-Amz-SignedHeaders"] == "content-type;host"

    class Then(S3SigV4QueryAuth):
        """At the moment at which twin signed."""

        def add_auth(self, request):
            request.context["timestamp"] = query["X-Amz-Date"]
            self._modify_request_before_signing(request)
            canonical = self.canonical_request(request)
            self._inject_signature_to_request(request, self.signature(self.string_to_sign(request, canonical), request))

    same = AWSRequest("PUT", f"{store}{parts.path}", headers={"content-type": "text/plain; charset=utf-8"})
    Then(Credentials(key["AccessKeyId"], key["SecretAccessKey"]), "s3", "us-east-1", expires=3600).add_auth(same)
    assert parse_qs(urlsplit(same.url).query)["X-Amz-Signature"] == [query["X-Amz-Signature"]]

    # What is not signed for is refused, by the bucket as by twin's own door.
    text = b"A hive is opened in May, when the linden tree is in flower.\n"
    address = slot["upload_url"]
    assert httpx.put(f"{url}/api/uploads/{slot['document_id']}?expires=9999999999&max=1000&nonce=x&signature=y", content=text).status_code == 403
    kind = "text/plain; charset=utf-8"
    if checks:
        hours_ago = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() - 7200))
        for wrong in (
            address[:-1] + ("0" if address[-1] != "0" else "1"), address.replace("X-Amz-Expires=3600", "X-Amz-Expires=7200"),
            address.replace(query["X-Amz-Date"], hours_ago), address.replace("/uploads/", "/uploads/x"), address.split("?")[0]):
            refused = put(wrong, text, kind)
            assert refused in (400, 403), (refused, wrong)
        assert put(address, text, "text/html") == 403
    assert state(slot["document_id"]) == "pending"
    assert client.post(f"{documents}/{slot['document_id']}/process").status_code == 409

    # What is sent is seen as a local upload is, processed, asked, and gone from the bucket.
    assert put(address, text, "text/plain; charset=utf-8") == 200
    assert state(slot["document_id"]) == "uploaded"
    assert client.post(f"{documents}/{slot['document_id']}/process").status_code == 202
    wait_for(lambda: state(slot["document_id"]) == "completed")
    assert client.post(f"{documents}/{slot['document_id']}/process").status_code == 409
    answer = client.post(f"/api/twins/{made}/chat", json={"message": "When is a hive opened?"}).text
    assert "May" in answer, answer
    assert "Contents" not in bucket.list_objects_v2(Bucket="papers"), "the object stayed"

    # Too large is told when it is processed, and goes.
    slot = announce("large.txt")
    whole = mebibytes << 20

    def stream(size):
        piece = text * 4096
        while size > 0:
            yield piece[:size]
            size -= len(piece)

    def send(address, size):
        return httpx.put(
            address, content=stream(size), headers={"content-type": "text/plain", "content-length": str(size)}, timeout=900).status_code

    assert send(slot["upload_url"], whole + 1) == 200
    assert client.post(f"{documents}/{slot['document_id']}/process").status_code == 413
    assert "Contents" not in bucket.list_objects_v2(Bucket="papers")

    # As large as may be comes through the server piece by piece. It is fetched while the reader is held back by nothing else.
    slot = announce("large.txt")
    assert send(slot["upload_url"], whole) == 200
    before = memory()
    start = time.monotonic()
    assert client.post(f"{documents}/{slot['document_id']}/process").status_code == 202
    path = f"{folder}/twin.db.uploads/{slot['document_id']}"
    wait_for(lambda: os.path.exists(path) or state(slot["document_id"]) in ("completed", "failed"))
    print(f"{mebibytes} MiB came from the bucket in {time.monotonic() - start:.1f} s; the server's greatest memory: {before} MiB before, {memory()} MiB after")
    assert memory() < 32 or memory() - before < 8, "the document was held in memory"

    # Somebody who deletes a document, and a server that is killed, leave nothing that is not cleaned up.
    left = announce("left.txt")
    assert put(left["upload_url"], text) == 200
    client.delete(f"{documents}/{left['document_id']}")
    server.send_signal(signal.SIGKILL)
    server.wait()
    subprocess.run(
        ["sqlite3", f"{folder}/twin.db", "UPDATE stored_files SET noted_at = '2000-01-01T00:00:00.000Z'"], check=True)
    twin("rebuild", "--leftovers")
    names = [each["Key"] for each in bucket.list_objects_v2(Bucket="papers").get("Contents", [])]
    assert not any(left["document_id"] in name for name in names), names
    print(f"ok: documents by way of a bucket of {sys.argv[4]}")
finally:
    for process in (server, storing):
        if process and process.poll() is None:
            process.kill()
            process.wait()
