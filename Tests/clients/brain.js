// A front end of the brain contract, written from its document: makes a twin, sends it documents through signed addresses, asks
// it, approves what it might remember, answers what it could not, and reads what it learned. It runs by itself.
"use strict";

// A document goes to the address that the API signs for it, without credentials: the signature is the permission.
async function upload(twin, filename, type, content) {
  const slot = await call("POST", `/api/twins/${twin}/documents/upload`, { filename, content_type: type });
  expect(new Date(slot.expires_at) > new Date(), "the address has expired already");
  const put = (body, as) => fetch(slot.upload_url, { method: "PUT", headers: { "Content-Type": as }, body });
  expect((await put(content, "text/html")).status === 403, "another content type is taken");
  const sent = await put(new Blob([content], { type }), type);
  expect(sent.status === 200, `PUT answered ${sent.status}: ${await sent.text()}`);
  expect((await put(content, type)).status === 409, "the address is good twice");
  return slot.document_id;
}

async function process(twin, document) {
  const begun = await call("POST", `/api/twins/${twin}/documents/${document}/process`);
  expect(begun.status === "processing", JSON.stringify(begun));
  for (let tries = 0; tries < 3000; tries++) {
    const state = (await call("GET", `/api/twins/${twin}/documents/${document}`)).processing_status;
    if (state === "completed") return;
    expect(state === "processing" || state === "uploaded" || state === "pending", `it is ${state}`);
    await new Promise(done => setTimeout(done, 100));
  }
  throw new Error("it is not processed after five minutes");
}

async function run() {
  const began = new Date();
  token = settings.get("token");
  await step("Who am I", async () => {
    const me = await call("GET", "/api/auth/me");
    expect(me.role === "owner" && me.tenant_id && me.email, JSON.stringify(me));
  });
  const twin = await step("Make a twin", async () => {
    const made = await call("POST", "/api/twins", {
      name: "My VC Brain", description: "Digital twin for venture capital decisions", specialization: "vc_brain" });
    expect(made.onboarding_status === "pending", JSON.stringify(made));
    const listed = await call("GET", "/api/twins?limit=5");
    expect(listed.total >= 1 && listed.limit === 5 && listed.twins.some(row => row.id === made.id), JSON.stringify(listed));
    return made.id;
  });
  await step("Send documents and watch them", async () => {
    const thesis = await upload(twin, "thesis.md", "text/markdown",
      "We prefer B2B SaaS over consumer apps.\n\nLinda Brandt, chief executive of Acme Foundation, spoke in Hamburg.\n");
    await process(twin, thesis);
    const listed = await call("GET", `/api/twins/${twin}/documents`);
    expect(listed.total === 1 && listed.documents[0].source_type === "upload" && listed.documents[0].chunk_count > 0,
      JSON.stringify(listed));
    expect((await call("GET", `/api/twins/${twin}`)).onboarding_status === "complete", "it is not on board");
  });
  const conversation = await step("Ask", async () => {
    const made = await call("POST", `/api/twins/${twin}/conversations`, { mode: "chat" });
    const answer = await call("POST", `/api/twins/${twin}/chat`, {
      conversation_id: made.id, message: "Who is the chief executive of Acme Foundation?" });
    expect(answer.response.includes("Linda Brandt") && answer.sources[0].chunk && answer.sources[0].title, JSON.stringify(answer));
    const read = await call("GET", `/api/twins/${twin}/conversations/${made.id}`);
    expect(read.messages.length === 2 && read.messages[1].metadata.confidence === answer.confidence, JSON.stringify(read));
    document.getElementById("answer").textContent = answer.response;
    return made.id;
  });
  await step("Approve a candidate and see the next answer change", async () => {
    const ask = () => call("POST", `/api/twins/${twin}/chat`, { conversation_id: conversation, message: "Do we prefer SaaS?" });
    const before = await ask();
    const { candidates, total } = await call("GET", `/api/twins/${twin}/memory-candidates?status=pending`);
    expect(total === 1 && candidates[0].memory_type === "preference", JSON.stringify(candidates));
    const approved = await call("POST", `/api/twins/${twin}/memory-candidates/${candidates[0].id}/approve`);
    expect(approved.status === "approved" && approved.graph_node_id, JSON.stringify(approved));
    const after = await ask();
    expect(after.response === "We prefer B2B SaaS over consumer apps." && before.response !== after.response,
      `${before.response} / ${after.response}`);
    const twice = await send("POST", `/api/twins/${twin}/memory-candidates/${candidates[0].id}/approve`);
    expect(twice.status === 409 && (await twice.json()).error.code === "CONFLICT", "it is approved twice");
  });
  await step("Respond to an escalation and ask again", async () => {
    const question = { message: "What's our minimum check size?" };
    const asked = await call("POST", `/api/twins/${twin}/chat`, question);
    expect(asked.escalated && asked.escalation_id && asked.confidence < .7, JSON.stringify(asked));
    const { escalations } = await call("GET", `/api/twins/${twin}/escalations?status=pending`);
    expect(escalations.some(row => row.id === asked.escalation_id && row.ai_attempt), JSON.stringify(escalations));
    const done = await call("POST", `/api/twins/${twin}/escalations/${asked.escalation_id}/respond`, {
      response: "Our minimum check is $500K for Series A.", add_to_brain: true });
    expect(done.status === "responded" && done.knowledge_added && done.graph_node_id, JSON.stringify(done));
    const again = await call("POST", `/api/twins/${twin}/chat`, question);
    expect(again.response === "Our minimum check is $500K for Series A." && again.confidence > .7 && !again.escalated,
      JSON.stringify(again));
  });
  await step("Be refused what is not there", async () => {
    const missing = await send("GET", "/api/twins/018f2d3e-7c8b-7a0f-9b1c-2d3e4f5a6b7c");
    expect(missing.status === 404 && (await missing.json()).error.code === "NOT_FOUND", "no envelope");
    const wrong = await send("POST", `/api/twins/${twin}/chat`, {});
    expect(wrong.status === 422 && (await wrong.json()).error.code === "VALIDATION_ERROR", `it is ${wrong.status}`);
    const kept = token;
    token = null;
    const stranger = await send("GET", "/api/twins");
    token = kept;
    expect(stranger.status === 401 && (await stranger.json()).error.code === "UNAUTHORIZED", `a stranger gets ${stranger.status}`);
  });
  await step("Read what was learned", async () => {
    const graph = await call("GET", `/api/twins/${twin}/graph`);
    expect(graph.node_types.person === 1 && graph.node_types.company === 1 && graph.edges_count >= 1, JSON.stringify(graph));
    expect(graph.important_entities.some(node => node.name === "Linda Brandt"), JSON.stringify(graph.important_entities));
    const metrics = await call("GET", `/api/twins/${twin}/metrics`);
    expect(metrics.documents_count === 1 && metrics.memory_candidates_approved === 1 && metrics.escalation_count >= 1,
      JSON.stringify(metrics));
    // Midnight may have passed meanwhile.
    const digests = [];
    for (const day of new Set([began, new Date()].map(date => date.toISOString().slice(0, 10)))) {
      digests.push(await call("GET", `/api/twins/${twin}/digest?date=${day}`));
    }
    expect(digests.reduce((sum, digest) => sum + digest.new_entities, 0) >= 3 && digests.some(digest => digest.highlights.length > 0),
      JSON.stringify(digests));
    const gone = await send("DELETE", `/api/twins/${twin}`);
    expect(gone.status === 204, `deleting answers ${gone.status}`);
  });
}

report(run());
