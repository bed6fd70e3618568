"""Replies and streams of `twin serve` against OpenAI's own description of its interface: each has to be valid.

    openai_schema.py BINARY [DESCRIPTION] [COUNT]

DESCRIPTION is the path of that document as JSON (https://github.com/openai/openai-openapi), or stands in
TWIN_OPENAI_DESCRIPTION; it is not part of this project, and without it nothing is checked. COUNT (500) replies and streams are
asked for. Needs PyPI's `jsonschema`.
"""
import json
import os
import sys
import urllib.error
import urllib.request
import uuid

description = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("TWIN_OPENAI_DESCRIPTION", "")
if not description:
    print("left out: OpenAI's description is not here; name its path, or set TWIN_OPENAI_DESCRIPTION")
    sys.exit(0)

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from served import QUESTION, Served, check

count = int(sys.argv[3]) if len(sys.argv) > 3 else 500
with open(description) as file:
    document = json.load(file)
BASE = "urn:openai"
validators = {}


def resolved(schema):
    while "$ref" in schema:
        value = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            value = value[step.replace("~1", "/").replace("~0", "~")]
        schema = value
    return schema


def pointed(value):
    """The same with references that are good outside of the document, and with `nullable`, which it has from OpenAPI 3.0."""
    if isinstance(value, dict):
        if value.get("nullable") is True:
            return {"anyOf": [pointed({k: v for k, v in value.items() if k != "nullable"}), {"type": "null"}]}
        return {k: BASE + v if k == "$ref" and isinstance(v, str) else pointed(v) for k, v in value.items()}
    return [pointed(item) for item in value] if isinstance(value, list) else value


registry = Registry().with_resource(BASE, Resource.from_contents(pointed(document), default_specification=DRAFT202012))


def validator(name, schema):
    if name not in validators:
        validators[name] = Draft202012Validator(pointed(schema), registry=registry)
    return validators[name]


def kind_of(schema):
    """The word in `type` that tells an event of a union."""
    for part in [resolved(schema)] + [resolved(p) for p in resolved(schema).get("allOf", [])]:
        kind = part.get("properties", {}).get("type", {})
        if "enum" in kind or "const" in kind:
            return kind.get("const", (kind.get("enum") or [None])[0])
    return None


EVENTS = {
    kind_of(option): option
    for option in resolved({"$ref": "#/components/schemas/ResponseStreamEvent"}).get("anyOf", [])
}
violations, checked = [], {}


def validate(what, name, schema, value):
    checked[name] = checked.get(name, 0) + 1
    for error in validator(name, schema).iter_errors(value):
        place = "/".join(map(str, error.absolute_path))
        violations.append(f"{what}: {name} at {place or 'the top'}: {error.message[:300]}")


def success(method, template):
    content = document["paths"][template][method.lower()]["responses"]["200"].get("content", {})
    return content.get("application/json", {}).get("schema")


def call(method, path, body=None, key=None, form=None):
    headers = {"authorization": f"Bearer {key or served.key}"}
    data = None
    if form is not None:
        boundary = uuid.uuid4().hex
        name, text, fields = form
        data = b"".join(
            f'--{boundary}\r\ncontent-disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode() for field, value in fields.items())
        data += (
            f'--{boundary}\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n{text}\r\n--{boundary}--\r\n'.encode())
        headers["content-type"] = f"multipart/form-data; boundary={boundary}"
    elif body is not None:
        data = json.dumps(body).encode()
        headers["content-type"] = "application/json"
    request = urllib.request.Request(served.url + "/v1" + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def ask(method, template, path=None, body=None, key=None, form=None, expect=200):
    """Asks and validates; the JSON of a reply, or the last event of a stream."""
    path = path or template
    status, headers, data = call(method, path, body, key, form)
    what = f"{method} {path} {json.dumps(body)[:120] if body else ''}"
    check(status == expect, f"{what} is answered {status} in place of {expect}: {data[:300]}")
    if status >= 400:
        value = json.loads(data)
        validate(what, "ErrorResponse", {"$ref": "#/components/schemas/ErrorResponse"}, value)
        return value
    if "event-stream" not in headers["content-type"]:
        value = json.loads(data)
        schema = success(method, template)
        if schema is not None:
            validate(what, f"{method} {template}", schema, value)
        else:
            checked[f"{method} {template} (not described)"] = checked.get(f"{method} {template} (not described)", 0) + 1
        return value
    last = None
    for line in data.decode().split("\n"):
        if not line.startswith("data: ") or line == "data: [DONE]":
            continue
        last = json.loads(line.removeprefix("data: "))
        if template == "/responses":
            kind = last.get("type")
            if kind in EVENTS:
                validate(what, f"event {kind}", EVENTS[kind], last)
            else:
                violations.append(f"{what}: there is no event '{kind}'")
        else:
            name = "CreateChatCompletionStreamResponse"
            validate(what, name, {"$ref": f"#/components/schemas/{name}"}, last)
    check(last is not None, f"{what}: an empty stream")
    return last


QUESTIONS = [
    QUESTION, "How long does a filter last?", "Who is the king of Spain?", "What do you think about remote work?", "Hello!",
    "Who wrote the manual?", "For how long is the log kept, and where is it written?", "?" * 50, "Wie oft wird das Getriebeöl gewechselt?",
    "what", "Tell me everything. " * 40,
]


def rounds():
    """What is asked, again and again, a little different each time."""
    files, turn = [], 0
    while True:
        question = QUESTIONS[turn % len(QUESTIONS)]
        messages = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": question}]
        chat = {"model": "amara", "messages": messages, "temperature": turn % 3, "twin": {"sources": turn % 2 == 0}}
        yield ask("POST", "/chat/completions", body=chat | {"store": turn % 2 == 1})
        yield ask("POST", "/chat/completions", body=chat | {"stream": True, "stream_options": {"include_usage": turn % 2 == 0}})
        kept = ask("POST", "/responses", body={"model": "amara", "input": question, "instructions": "Be brief."})
        yield kept
        stream = ask(
            "POST", "/responses", body={
                "model": "amara", "input": [{"role": "user", "content": [{"type": "input_text", "text": QUESTIONS[(turn + 1) % len(QUESTIONS)]}]}],
                "stream": True, "previous_response_id": kept["id"]} if turn % 2 else {"model": "amara", "input": question, "stream": True, "store": False})
        check(stream["type"] == "response.completed", stream)
        yield stream
        yield ask("GET", "/responses/{response_id}", f"/responses/{kept['id']}")
        yield ask("GET", "/models")
        yield ask("GET", "/models/{model}", "/models/amara")
        store = ask("GET", "/vector_stores")["data"][0]["id"]
        yield store
        of = f"/vector_stores/{store}"
        yield ask("GET", "/vector_stores/{vector_store_id}", of)
        yield ask("POST", "/vector_stores/{vector_store_id}/search", of + "/search", {"query": question, "max_num_results": 1 + turn % 9})
        file = ask("POST", "/files", form=(
            f"notes {turn % 3}.md", f"Notes of round {turn}: the bolt is tightened with {turn} newton metres.",
            {"purpose": ["assistants", "user_data"][turn % 2]} | ({"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"} if turn % 3 == 0 else {})))
        files.append(file["id"])
        yield file
        yield ask("GET", "/files", f"/files?limit={1 + turn % 5}")
        yield ask("GET", "/files/{file_id}", f"/files/{file['id']}")
        # The name of a fault in the reader, too: half of a document that says of itself that it is one.
        bad = ask("POST", "/files", form=("half.pdf", "%PDF-1.7 nothing", {"purpose": "assistants"}))["id"]
        yield ask("POST", "/vector_stores/{vector_store_id}/files", of + "/files", {"file_id": file["id"], "attributes": {"round": turn, "even": turn % 2 == 0, "by": "script"}})
        failed = ask("POST", "/vector_stores/{vector_store_id}/files", of + "/files", {"file_id": bad})
        check(failed["status"] == "failed", failed)
        yield failed
        yield ask("GET", "/vector_stores/{vector_store_id}/files", of + f"/files?limit={1 + turn % 5}&order={['asc', 'desc'][turn % 2]}")
        yield ask("GET", "/vector_stores/{vector_store_id}/files/{file_id}", of + f"/files/{file['id']}")
        yield ask("GET", "/vector_stores/{vector_store_id}/files/{file_id}/content", of + f"/files/{file['id']}/content")
        yield ask("DELETE", "/vector_stores/{vector_store_id}/files/{file_id}", of + f"/files/{bad}")
        if len(files) > 5:
            yield ask("DELETE", "/files/{file_id}", f"/files/{files.pop(0)}")
        yield ask("DELETE", "/files/{file_id}", f"/files/{bad}")
        yield ask("DELETE", "/responses/{response_id}", f"/responses/{kept['id']}")
        # What is refused.
        yield ask("POST", "/chat/completions", body=chat | {"model": "nobody"}, expect=404)
        yield ask("POST", "/chat/completions", body=chat | {"n": 2}, expect=400)
        yield ask("POST", "/chat/completions", body=chat | {"messages": []}, expect=400)
        yield ask("POST", "/responses", body={"model": "amara"}, expect=400)
        yield ask("POST", "/responses", body={"model": "amara", "input": question, "previous_response_id": "resp_none"}, expect=404)
        yield ask("GET", "/models", key="tenant_wrong", expect=401)
        yield ask("GET", "/files", key=reader, expect=403)
        yield ask("GET", "/files/{file_id}", f"/files/{bad}", expect=404)
        yield ask("GET", "/responses/{response_id}", f"/responses/{kept['id']}", expect=404)
        yield ask("POST", "/embeddings", body={"model": "none", "input": question}, expect=404)
        yield ask("GET", "/assistants", expect=404)
        turn += 1


with Served(sys.argv[1], "--log", "none") as served:
    reader = served.make_key("read")["key"]
    # An empty list is a list too.
    ask("GET", "/files")
    asked = 0
    for _ in rounds():
        asked += 1
        if asked >= count:
            break
for violation in sorted(set(violations))[:40]:
    print(violation)
# Of a list of things some can be left out, and nothing would be seen of it.
streams = sum(number for name, number in checked.items() if name.startswith("event ") or "Stream" in name)
print(f"{asked} replies and streams, {sum(checked.values())} documents of {len(checked)} kinds, {streams} of them events: {len(violations)} violations")
check(not violations, "what OpenAI describes does not hold")
