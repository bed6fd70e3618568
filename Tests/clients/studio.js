// A front end of the studio contract: comes in by an invitation, makes a twin, teaches it, asks it, shares it. It runs by
// itself, one step after another, and tells the server of this page how it went. `api` is on another origin.
"use strict";

// Reads a streamed answer; `take` cuts what has come into events and what is left over. With `holds` the model says its last words
// only once the first have been heard: `unfinished` is how many answers it was still giving then.
async function ask(path, question, accept, take, holds = false) {
  if (holds) await fetch("/model/hold");
  const response = await send("POST", path, question, accept ? { Accept: accept } : {});
  if (!response.ok) throw new Error(`the question was answered ${response.status}: ${await response.text()}`);
  const events = [];
  let unfinished;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let pending = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    let found;
    [found, pending] = take(pending + decoder.decode(value, { stream: true }));
    for (const event of found) {
      if (event.ping) continue;
      events.push(event);
      if (holds && event.type === "content" && unfinished === undefined) {
        ({ unfinished } = await (await fetch("/model/go")).json());
      }
      if (event.type === "content") document.getElementById("answer").textContent += event.content;
    }
  }
  document.getElementById("answer").textContent += "\n";
  return { events, unfinished, type: response.headers.get("content-type") };
}

function jsonLines(text) {
  const lines = text.split("\n");
  const rest = lines.pop();
  return [lines.filter(Boolean).map(line => JSON.parse(line)), rest];
}

function serverSentEvents(text) {
  const blocks = text.split("\n\n");
  const rest = blocks.pop();
  const data = blocks.map(block => block.split("\n").filter(line => line.startsWith("data:")).map(line => line.slice(5)).join("\n"));
  return [data.filter(Boolean).map(value => JSON.parse(value)), rest];
}

function checkAnswer({ events, unfinished }) {
  const types = events.map(event => event.type);
  expect(types[0] === "metadata" && types.at(-1) === "done", "the events were " + types);
  expect(types.filter(type => type === "content").length > 1, "the answer came in one piece");
  expect(unfinished > 0, "all events came at once");
  expect(events[0].citations.length > 0, "nothing is cited");
  expect(said(events).includes("500 hours"), "the answer was " + said(events));
}

const said = events => events.filter(event => event.type === "content").map(event => event.content).join("");

// EventSource cannot send a body or credentials, so the server of this page asks in its name, passes the bytes on, and breaks
// the connection once in the middle: the browser must come back with Last-Event-ID and get the rest.
function listen(twin) {
  return new Promise((resolve, reject) => {
    const source = new EventSource(`/events/${twin}?token=${encodeURIComponent(token)}&api=${encodeURIComponent(api)}`);
    const events = [];
    let opened = 0;
    source.onopen = () => { opened += 1; };
    for (const type of ["metadata", "content", "done", "error"]) {
      source.addEventListener(type, message => {
        if (!(message instanceof MessageEvent)) return;
        // An answer that was not finished when its reader left is made again, and says so by beginning again.
        if (type === "metadata") events.length = 0;
        events.push({ ...JSON.parse(message.data), lastEventId: message.lastEventId });
        if (type === "done") {
          source.close();
          resolve({ events, opened });
        }
      });
    }
    setTimeout(() => { source.close(); reject(new Error("no end after five minutes: " + JSON.stringify(events))); }, 300000);
  });
}

async function run() {
  const invitation = settings.get("token");
  await step("Read the invitation", async () => {
    const found = await call("GET", "/auth/invitation/" + invitation);
    expect(found.email === "grace@example.org" && found.role === "owner", JSON.stringify(found));
  });
  await step("Accept it", async () => {
    const accepted = await call("POST", "/auth/accept-invitation", { token: invitation, password: "a long enough word", name: "Grace" });
    token = accepted.token;
    expect(token && accepted.user.email === "grace@example.org", "no token");
  });
  await step("Be somebody", async () => {
    const synced = await call("POST", "/auth/sync-user");
    const me = await call("GET", "/auth/whoami");
    expect(synced.user.email === me.email && me.role === "owner" && me.has_tenant, JSON.stringify(me));
  });
  await step("Be refused on a page of another origin", () => new Promise((resolve, reject) => {
    const frame = document.createElement("iframe");
    frame.hidden = true;
    addEventListener("message", message => message.data === "refused" ? resolve() : reject(new Error(message.data)), { once: true });
    frame.src = `http://localhost:${location.port}/stranger.html?api=${encodeURIComponent(api)}`;
    document.body.append(frame);
  }));
  const twin = await step("Make a twin", async () => {
    const made = await call("POST", "/twins", { name: "Grace", description: "Gearboxes" });
    const listed = await call("GET", "/twins");
    expect(listed.some(row => row.id === made.id), "the twin is not listed");
    return made.id;
  });
  await step("Upload a document and see it live", async () => {
    const form = new FormData();
    const text = "# Gearboxes\n\nThe gear oil is changed every 500 hours. A filter lasts 200 hours.\n"
      + "Both are written into the log. The log is kept for ten years.\n";
    form.append("file", new File([text], "gearboxes.md", { type: "text/markdown" }));
    const { source_id } = await call("POST", "/ingest/file/" + twin, form);
    for (let tries = 0; tries < 3000; tries += 1) {
      const row = (await call("GET", "/sources/" + twin)).find(row => row.id === source_id);
      if (row.status === "live") return;
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error("the document is not live after five minutes");
  });
  const question = { query: "When is the gear oil changed?" };
  await step("Ask, and read JSON lines as they come", async () => {
    checkAnswer(await ask("/chat/" + twin, question, null, jsonLines, true));
  });
  await step("Ask, and read Server-Sent Events with fetch", async () => {
    const answer = await ask("/chat/" + twin, question, "text/event-stream", serverSentEvents, true);
    expect(answer.type.startsWith("text/event-stream"), answer.type);
    checkAnswer(answer);
  });
  await step("Read them with EventSource, which loses the connection and comes back", async () => {
    const { events, opened } = await listen(twin);
    expect(opened === 2, `the connection was opened ${opened} times`);
    expect(events.every(event => event.lastEventId), "an event has no id");
    const text = said(events);
    expect(text.split("500 hours").length === 2 && text.includes("ten years"), "the answer was " + text);
    return events;
  }).then(events => step("Go on with an answer that is finished", async () => {
    const contents = events.filter(event => event.type === "content");
    const response = await send("POST", "/chat/" + twin, { ...question, conversation_id: events[0].conversation_id },
      { Accept: "text/event-stream", "Last-Event-ID": contents[0].lastEventId });
    const [rest] = serverSentEvents(await response.text());
    expect(said(rest) === said(contents.slice(1)) && rest.at(-1).type === "done", JSON.stringify(rest));
  }));
  await step("Be asked in return, and settle it", async () => {
    const { events } = await ask("/chat/" + twin, { query: "Do you prefer synthetic oil?" }, null, jsonLines);
    const clarify = events.find(event => event.type === "clarify");
    expect(clarify && clarify.clarification_id && clarify.options.length > 0, JSON.stringify(events));
    const waiting = await call("GET", `/twins/${twin}/clarifications`);
    expect(waiting.some(row => row.id === clarify.clarification_id), "the question does not wait for its owner");
    const settled = await call("POST", `/twins/${twin}/clarifications/${clarify.clarification_id}/resolve`,
      { answer: "I prefer synthetic oil, because it lasts longer." });
    expect(settled.status === "applied", JSON.stringify(settled));
    expect((await call("GET", `/twins/${twin}/owner-memory`)).some(row => row.id === settled.owner_memory_id), "it is not remembered");
    const again = await ask("/chat/" + twin, { query: "Do you prefer synthetic oil?" }, null, jsonLines);
    expect(!again.events.some(event => event.type === "clarify"), "it is asked again");
    expect(again.events[0].owner_memory_refs.includes(settled.owner_memory_id), JSON.stringify(again.events[0]));
  });
  await step("Read the conversations back", async () => {
    const list = await call("GET", "/conversations/" + twin);
    expect(list.length >= 3, `there are ${list.length}`);
    const messages = await call("GET", `/conversations/${list.at(-1).id}/messages`);
    expect(messages[0].role === "user" && messages[1].role === "assistant", JSON.stringify(messages));
  });
  const link = await step("Share the twin", async () => {
    await call("PATCH", `/twins/${twin}/sharing`, { is_public: true });
    const made = await call("POST", `/twins/${twin}/share-link`);
    expect(made.share_token && made.public_share_enabled, JSON.stringify(made));
    return made.share_token;
  });
  const signedIn = token;
  await step("Ask through the link, as anybody", async () => {
    token = null;
    const valid = await call("GET", `/public/validate-share/${twin}/${link}`);
    expect(valid.valid && valid.twin_name === "Grace", JSON.stringify(valid));
    const answer = await call("POST", `/public/chat/${twin}/${link}`, { message: "When is the gear oil changed?" });
    expect(answer.status === "answer" && answer.response.includes("500 hours"), JSON.stringify(answer));
    const refused = await send("GET", "/twins/" + twin);
    expect(refused.status === 401, `a stranger reads the twin: ${refused.status}`);
  });
  await step("Revoke the link", async () => {
    token = signedIn;
    await call("PATCH", `/twins/${twin}/sharing`, { is_public: false });
    token = null;
    const asked = await send("POST", `/public/chat/${twin}/${link}`, { message: "When is the gear oil changed?" });
    const validated = await send("GET", `/public/validate-share/${twin}/${link}`);
    expect(asked.status === 403 && validated.status === 404, `${asked.status} and ${validated.status}`);
    expect(typeof (await asked.json()).detail === "string", "no reason was given");
  });
}

report(run());
