"""A file of weights of 1 GiB passes through the server in less than 32 MiB of memory, and a pickle of that size is refused."""

import json
import os
import struct
import sys

from server import Server

binary, folder = sys.argv[1:]
server = Server(binary, folder, "--log", "none", TWIN_LORAS_MAX_FILE_MIB="1100")
user, token = server.user("owner@example.org")
url = server.start()
client = server.client(url, token)
size = 1 << 30
header = json.dumps({"face": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()


def upload(start, name):
    path = f"{folder}/{name}"
    with open(path, "wb") as file:
        file.write(start)
        file.truncate(len(start) + size)
    with open(path, "rb") as file:
        reply = client.post(
            "/api/v1/loras/models/upload", data={"user_id": user, "name": "Large"}, files={"lora_file": (name, file)}, timeout=600
        )
    os.remove(path)
    return reply


def status(word):
    with open(f"/proc/{server.process.pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(word))


client.get("/api/v1/identities/costs/estimate")
before = status("VmRSS")
with open(f"/proc/{server.process.pid}/clear_refs", "w") as file:
    file.write("5")
reply = upload(struct.pack("<Q", len(header)) + header, "large.safetensors")
assert reply.status_code == 200, reply.text
grown = status("VmHWM") - before
assert grown < 32 << 10, f"{grown} KiB"
assert upload(b"\x80\x02", "pickle.safetensors").status_code == 400
left = [name for _, _, names in os.walk(f"{folder}/twin.db.storage") for name in names]
assert len(left) == 1, left
print(f"ok: 1 GiB of weights in {grown >> 10} MiB of memory, a pickle refused, nothing left behind")
server.stop()
