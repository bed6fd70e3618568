"""OpenAI's own library against `twin serve`: what it validates strictly must hold."""
import json
import os
import sys
import urllib.request

import openai
from openai import OpenAI

url, key, model = sys.argv[1:4]
strict = dict(base_url=url + "/v1", api_key=key, max_retries=0, _strict_response_validation=True)
client = OpenAI(**strict)
QUESTION = "When is the gear oil changed?"


def check(condition, what):
    if not condition:
        sys.exit(f"error: {what}")


models = [m.id for m in client.models.list()]
check(model in models, f"{model} is not among the models {models}")
check(client.models.retrieve(model).owned_by == "twin", "the model is not twin's")

reply = client.chat.completions.create(model=model, messages=[{"role": "user", "content": QUESTION}])
text = reply.choices[0].message.content
check("500" in text, f"no answer: {text}")
check(reply.choices[0].finish_reason == "stop" and reply.usage.total_tokens > 0, "no end or no usage")
annotation = reply.choices[0].message.annotations[0].url_citation
check(text[annotation.start_index : annotation.end_index] == "[1]", "an annotation does not stand at its mark")
check(reply.choices[0].twin["status"] in ("grounded", "verified"), "no status beside the choice")

# A system message widens nothing, parts of text are read, and unknown fields are of no account.
reply = client.chat.completions.create(
    model=model,
    messages=[
        {"role": "system", "content": "You may answer from general knowledge."},
        {"role": "user", "content": [{"type": "text", "text": "Who is the king of Spain?"}]},
    ],
    temperature=0.3, tools=[{"type": "function", "function": {"name": "f", "parameters": {}}}], seed=1,
)
check(reply.choices[0].twin["status"] == "unanswerable", f"it made something up: {reply}")

chunks = list(client.chat.completions.create(
    model=model, messages=[{"role": "user", "content": QUESTION}], stream=True, stream_options={"include_usage": True}))
check(chunks[0].choices[0].delta.role == "assistant", "the first chunk has no role")
check("500" in "".join(c.choices[0].delta.content or "" for c in chunks if c.choices), "the stream has no answer")
check(chunks[-1].choices == [] and chunks[-1].usage.total_tokens > 0, "the last chunk has no usage")
check(chunks[-2].choices[0].finish_reason == "stop" and len({c.id for c in chunks}) == 1, "no end, or ids that change")
check(all(c.choices[0].finish_reason is None for c in chunks[:-2]), "an end before the end")

response = client.responses.create(model=model, input=QUESTION)
check("500" in response.output_text and response.status == "completed", f"no response: {response}")
again = client.responses.retrieve(response.id)
check(again.output_text == response.output_text, "a kept response is not what it was")
more = client.responses.create(model=model, input="How long does a filter last?", previous_response_id=response.id)
check("200" in more.output_text and more.previous_response_id == response.id, f"it does not go on: {more}")
events = list(client.responses.create(model=model, input=QUESTION, stream=True))
types = [e.type for e in events]
check(types[:4] == ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"], types)
check(types[-4:] == ["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"], types)
check([e.sequence_number for e in events] == list(range(len(events))), "the events are not numbered in order")
check("".join(e.delta for e in events if e.type == "response.output_text.delta") == events[-1].response.output_text, "deltas")
unkept = client.responses.create(model=model, input=QUESTION, store=False)
for missing in (unkept.id, "resp_" + "0" * 64, "nonsense"):
    try:
        client.responses.retrieve(missing)
        check(False, f"{missing} was found")
    except openai.NotFoundError:
        pass


def fails(kind, code, **arguments):
    arguments = {"model": model, "messages": [{"role": "user", "content": QUESTION}], **arguments}
    who = arguments.pop("who", client)
    try:
        who.chat.completions.create(**arguments)
    except kind as error:
        check(code is None or error.code == code, f"{error.code} in place of {code}")
        return
    check(False, f"{arguments} did not fail with {kind.__name__}")


fails(openai.NotFoundError, "model_not_found", model="nobody")
fails(openai.BadRequestError, None, n=2)
fails(openai.BadRequestError, None, messages=[])
fails(openai.BadRequestError, None, messages=[{"role": "system", "content": "hello"}])
fails(openai.BadRequestError, None, messages=[{"role": "user", "content": [
    {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]}])
fails(openai.AuthenticationError, "invalid_api_key", who=OpenAI(**{**strict, "api_key": "tenant_wrong"}))
try:
    client.embeddings.create(model="none", input="text")
    check(False, "an embedding without a model")
except openai.NotFoundError as error:
    check(error.code == "model_not_found", error.code)

stores = client.vector_stores.list().data
check(len(stores) >= 1, "no vector store")
found = client.vector_stores.search(vector_store_id=stores[0].id, query="gear oil", max_num_results=2).data
check("gear oil" in found[0].content[0].text, f"nothing found: {found}")
store = stores[0].id
check(len(client.vector_stores.files.list(vector_store_id=store).data) >= 1, "no files")

# A file: kept, attached, asked, taken out again.
TANNIN = "When is the tannin measured?"
file = client.files.create(file=("tannin.md", b"The tannin is measured every Lady Day."), purpose="assistants")
check(client.files.retrieve(file.id).filename == "tannin.md" and file.status == "processed", file)
check(client.files.content(file.id).read() == b"The tannin is measured every Lady Day.", "not the bytes that were sent")
check([f.id for f in client.files.list(purpose="assistants")] == [file.id], "not the files that were sent")


def status(question):
    return client.chat.completions.create(model=model, messages=[{"role": "user", "content": question}]).choices[0].twin["status"]


check(status(TANNIN) == "unanswerable", "it knows what was not attached")
attached = client.vector_stores.files.create_and_poll(vector_store_id=store, file_id=file.id, attributes={"shelf": 3})
check(attached.status == "completed" and attached.id == file.id and attached.attributes == {"shelf": 3}, attached)
check(status(TANNIN) == "grounded", "it does not know what was attached")
found = client.vector_stores.search(vector_store_id=store, query="tannin").data[0]
check(found.file_id == file.id and found.attributes == {"shelf": 3}, found)
check("Lady Day" in "".join(part.text for part in client.vector_stores.files.content(file.id, vector_store_id=store)), "no text")
listed = [f.id for f in client.vector_stores.files.list(vector_store_id=store, limit=1)]
check(file.id in listed and len(listed) >= 2, f"pages do not turn: {listed}")
check(client.vector_stores.files.delete(file.id, vector_store_id=store).deleted, "not taken out")
check(status(TANNIN) == "unanswerable", "it knows what was taken out")
broken = client.files.create(file=("broken.pdf", b"%PDF-1.7 and nothing else"), purpose="user_data")
failed = client.vector_stores.files.create_and_poll(vector_store_id=store, file_id=broken.id)
check(failed.status == "failed" and failed.last_error.code == "invalid_file", failed)
for each in (file, broken):
    check(client.files.delete(each.id).deleted, "not deleted")
check(client.responses.delete(response.id) is None, "a response that is deleted")
for call in (
    lambda: client.files.retrieve(file.id), lambda: client.files.content("file-1"), lambda: client.responses.retrieve(response.id),
    lambda: client.vector_stores.files.retrieve(file.id, vector_store_id=store),
    lambda: client.vector_stores.files.create(vector_store_id=store, file_id=file.id),
):
    try:
        call()
        check(False, "what was deleted is there")
    except openai.NotFoundError:
        pass
try:
    client.files.create(file=("a.jsonl", b"{}"), purpose="fine-tune")
    check(False, "a file to train with was taken")
except openai.BadRequestError as error:
    check(error.param == "purpose", error)

# An unknown path answers in this contract's form.
try:
    urllib.request.urlopen(urllib.request.Request(url + "/v1/assistants", headers={"authorization": f"Bearer {key}"}))
    check(False, "/v1/assistants exists")
except urllib.error.HTTPError as error:
    check(error.code == 404 and "message" in json.loads(error.read())["error"], "another form")
print(f"ok: openai {openai.__version__}")
