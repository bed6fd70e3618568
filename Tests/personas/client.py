"""The persona contract from its document alone: every endpoint, with httpx, in the order in which a front end would call them."""

import io
import json
import re
import struct
import sys

import httpx
from jsonschema import Draft202012Validator
from PIL import Image
from server import Server

binary, folder = sys.argv[1:]
server = Server(binary, folder, "--log", "none")
user, token = server.user("owner@example.org")
url = server.start()
client = server.client(url, token)
called = set()
description = httpx.get(f"{url}/openapi.json", timeout=300).json()


def check(operation, reply):
    """An answer is one that the description has: its status, and the shape of its content."""
    told = operation["responses"].get(str(reply.status_code))
    assert told, (operation["summary"], reply.status_code, "is not described")
    schema = told["content"]["application/json"]["schema"]
    Draft202012Validator(dict(schema, components=description["components"])).validate(reply.json())


def call(method, path, expected=200, **more):
    reply = client.request(method, path, **more)
    assert reply.status_code == expected, (method, path, reply.status_code, reply.text[:500])
    plain = path.split("?")[0]
    for pattern in sorted(description["paths"], key=lambda p: p.count("{")):
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", pattern), plain):
            called.add((method, pattern))
            check(description["paths"][pattern][method.lower()], reply)
            break
    return reply.json()


me = f"user_id={user}"
face = {"aesthetic_style": "natural", "age_range": "26-35", "ethnicity": "diverse", "gender": "female"}
preview = call("POST", "/api/v1/identities/components/generate", json=face)
assert preview["success"] and preview["avatar_id"] is None and preview["provider"] == "replicate_sdxl"
made = call(
    "POST", f"/api/v1/identities/avatars?{me}",
    json={"name": "Mara", "niche": "hiking", "aesthetic_style": "natural", "facial_generation": face},
)
avatar = made["avatar_id"]
read = call("GET", f"/api/v1/identities/avatars/{avatar}")
assert set(read) == {
    "id", "user_id", "name", "stage", "base_image_url", "lora_model_id", "niche", "aesthetic_style", "created_at", "updated_at",
    "metadata",
}
Image.open(io.BytesIO(httpx.get(read["base_image_url"], timeout=300).content)).load()
header = json.dumps({"face": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
weights = struct.pack("<Q", len(header)) + header + b"\0\0\0\0"
uploaded = call(
    "POST", "/api/v1/loras/models/upload", data={"user_id": user, "name": "Mara", "tags": "a,b", "metadata_json": "{}"},
    files={"lora_file": ("mara.safetensors", weights)},
)
assert httpx.get(uploaded["lora_weights_url"], timeout=300).content == weights
call(
    "POST", "/api/v1/loras/models/upload", 400, data={"user_id": user, "name": "Mara"},
    files={"lora_file": ("mara.safetensors", b"\x80\x02}q\x00." + bytes(50))},
)
named = call(
    "POST", f"/api/v1/loras/models?{me}", json={"name": "Other", "lora_weights_url": "https://example.org/other.safetensors"}
)
assert [m["name"] for m in call("GET", f"/api/v1/loras/models?{me}")] == ["Other", "Mara"]
assert call("DELETE", f"/api/v1/loras/models/{named['id']}?{me}") == {"success": True, "lora_model_id": named["id"]}
taught = call(
    "POST", f"/api/v1/identities/avatars/with-lora?{me}",
    json={"name": "Lin", "niche": "urban", "aesthetic_style": "plain", "lora_model_id": uploaded["id"], "bio": "Likes trams."},
)
assert taught["stage"] == "lora_ready" and taught["lora_model_id"] == uploaded["id"]
assert [a["name"] for a in call("GET", f"/api/v1/identities/avatars?{me}&skip=0&limit=10")] == ["Lin", "Mara"]
call("PATCH", f"/api/v1/identities/avatars/{avatar}/stage?new_stage=draft")

lin = taught["id"]
templates = call("GET", "/api/v1/content/templates")
assert templates["total"] == 50 and len(templates["categories"]) == 10
assert call("GET", "/api/v1/content/templates?category=urban")["total"] == 5
call("GET", "/api/v1/content/templates?category=space", 400)
call("GET", "/api/v1/content/templates?tier=capa9", 400)
assert call("GET", f"/api/v1/content/templates?avatar_id={lin}")["templates"][0]["category"] == "urban"
assert call("GET", "/api/v1/content/templates/URB-001")["id"] == "URB-001"
call("GET", "/api/v1/content/templates/URB-999", 404)
piece = call("POST", "/api/v1/content/generate", json={"avatar_id": lin, "template_id": "URB-001"})
Image.open(io.BytesIO(httpx.get(piece["url"], timeout=300).content)).load()
call("POST", "/api/v1/content/generate", 400, json={"avatar_id": avatar, "template_id": "URB-001"})
call("POST", "/api/v1/content/generate", 400, json={"avatar_id": lin, "custom_prompt": "a nude"})
batch = call("POST", "/api/v1/content/batch/sync", json={"avatar_id": lin, "num_pieces": 3})
assert batch["total_pieces"] == 3 and batch["statistics"]["with_hooks"] == 3
queued = call("POST", "/api/v1/content/batch", json={"avatar_id": lin, "num_pieces": 2})
assert queued["estimated_cost_usd"] == 0.02469
hooks = call("POST", "/api/v1/content/hooks", json={"avatar_id": lin, "content_type": "image", "platform": "twitter"})
assert len(hooks["hooks"]) == 5
safe = call("POST", "/api/v1/content/safety-check", json={"image_url": piece["url"], "prompt": "a tram"})
assert safe["rating"] == "safe" and safe["scores"] == {}, safe
moved = call("POST", f"/api/v1/content/upload-batch?avatar_id={lin}", json=[piece["id"]])
assert moved["total_uploaded"] == 1
assert len(call("GET", f"/api/v1/content/avatar/{lin}/content")) >= 4
assert call("GET", f"/api/v1/content/stats/{lin}")["has_lora_weights"] is True

dataset = call("POST", "/api/v1/loras/dataset/generate", json={"avatar_id": avatar, "num_images": 10})
assert dataset["total_images"] == 8 and re.fullmatch("dataset_[0-9a-f]{12}", dataset["batch_id"])
training = call(
    "POST", "/api/v1/loras/training/start", json={"avatar_id": avatar, "dataset_batch_id": dataset["batch_id"]}
)
assert call("GET", f"/api/v1/loras/training/status/{training['training_job_id']}")["total_steps"] == 2000
call("POST", "/api/v1/loras/training/start", 422, json={"avatar_id": avatar, "dataset_batch_id": "dataset_000000000000"})
assert call("GET", f"/api/v1/identities/costs/{avatar}")["breakdown"]["facial_generation"] == 0.012345
assert call("GET", f"/api/v1/identities/costs/batch/{dataset['batch_id']}")["total_cost_usd"] == 0.09876
assert call("GET", "/api/v1/identities/costs/batch/none") == {
    "batch_id": "none", "total_avatars": 0, "total_cost_usd": 0.0, "avatar_costs": [],
}
assert call("GET", f"/api/v1/identities/costs/summary?{me}&days=30")["total_avatars"] == 2
assert call("GET", "/api/v1/identities/costs/estimate")["lora_training"] == 2.5
call("GET", f"/api/v1/identities/avatars/{user}", 404)
call("GET", "/api/v1/identities/avatars?user_id=x", 422)
call("GET", f"/api/v1/identities/avatars?user_id={avatar}", 404)
assert call("GET", "/api/v1/content/nothing", 404).keys() == {"detail"}

wanted = {
    (method.upper(), path)
    for path, item in description["paths"].items()
    for method in item
    if path.startswith("/api/v1/") and not path.endswith("/news/{training_job_id}")
}
assert len(wanted) == 27 and wanted <= called, wanted - called
print(f"ok: {len(wanted)} endpoints")
server.stop()
