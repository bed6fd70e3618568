// The one place from which the console calls the server. Every route is public and described in /openapi.json; a test reads this
// table and compares.
import { problem, root } from "./dom.js";

export const routes = {
  session: "GET /console/session", signIn: "POST /console/session", signOut: "DELETE /console/session",
  twins: "GET /twins", makeTwin: "POST /twins", twin: "GET /twins/{twin_id}", changeTwin: "PATCH /twins/{twin_id}",
  archiveTwin: "POST /twins/{twin_id}/archive",
  ask: "POST /chat/{twin_id}", rate: "POST /messages/{message_id}/feedback", feedback: "GET /twins/{twin_id}/feedback",
  conversations: "GET /conversations/{twin_id}", messages: "GET /conversations/{conversation_id}/messages",
  sources: "GET /sources/{twin_id}", source: "GET /sources/{twin_id}/{source_id}", removeSource: "DELETE /sources/{twin_id}/{source_id}",
  sourceLogs: "GET /sources/{source_id}/logs", readAgain: "POST /sources/{source_id}/re-extract",
  upload: "POST /ingest/file/{twin_id}", fetchURL: "POST /ingest/url/{twin_id}", jobs: "GET /jobs",
  escalations: "GET /twins/{twin_id}/escalations", answerEscalation: "POST /twins/{twin_id}/escalations/{escalation_id}/answer",
  dismissEscalation: "POST /twins/{twin_id}/escalations/{escalation_id}/dismiss",
  clarifications: "GET /twins/{twin_id}/clarifications", resolveClarification: "POST /twins/{twin_id}/clarifications/{clarification_id}/resolve",
  candidates: "GET /twins/{twin_id}/memory-candidates", approveCandidate: "POST /twins/{twin_id}/memory-candidates/{candidate_id}/approve",
  rejectCandidate: "POST /twins/{twin_id}/memory-candidates/{candidate_id}/reject",
  memories: "GET /twins/{twin_id}/owner-memory", retractMemory: "DELETE /twins/{twin_id}/owner-memory/{memory_id}",
  answers: "GET /twins/{twin_id}/verified-qna", addAnswer: "POST /twins/{twin_id}/verified-qna", changeAnswer: "PATCH /verified-qna/{qna_id}",
  removeAnswer: "DELETE /verified-qna/{qna_id}",
  groups: "GET /twins/{twin_id}/access-groups", makeGroup: "POST /twins/{twin_id}/access-groups", removeGroup: "DELETE /access-groups/{group_id}",
  members: "GET /access-groups/{group_id}/members", addMember: "POST /twins/{twin_id}/group-memberships",
  removeMember: "DELETE /group-memberships/{membership_id}", permissions: "GET /access-groups/{group_id}/permissions",
  grant: "POST /access-groups/{group_id}/permissions", revoke: "DELETE /access-groups/{group_id}/permissions/{content_type}/{content_id}",
  users: "GET /users", invite: "POST /users/invite", removeUser: "DELETE /users/{user_id}",
  shareLink: "GET /twins/{twin_id}/share-link", newShareLink: "POST /twins/{twin_id}/share-link", sharing: "PATCH /twins/{twin_id}/sharing",
  keys: "GET /api-keys", makeKey: "POST /api-keys", revokeKey: "DELETE /api-keys/{key_id}",
  dashboard: "GET /metrics/dashboard/{twin_id}", daily: "GET /metrics/daily/{twin_id}", topQuestions: "GET /metrics/top-questions/{twin_id}",
  audience: "GET /audience/{twin_id}", audit: "GET /governance/audit-logs",
  queue: "GET /api/admin/escalation/queue", staff: "GET /api/admin/escalation/staff", setPresence: "PUT /api/admin/escalation/staff/{user_id}",
  assign: "POST /api/admin/escalation/{session_id}/assign", resolve: "POST /api/admin/escalation/{session_id}/resolve",
  happening: "GET /api/admin/escalation/stream", ping: "POST /api/{tenant_id}/supporter/presence", say: "POST /api/{tenant_id}/supporter/message",
  deskSession: "GET /api/{tenant_id}/session/{session_id}", deskMessages: "GET /api/{tenant_id}/session/{session_id}/messages",
  notes: "GET /api/{tenant_id}/session/{session_id}/notes", addNote: "POST /api/{tenant_id}/session/{session_id}/notes",
  toolCalls: "GET /api/{tenant_id}/session/{session_id}/tool-calls",
};

let code = "";
// The newest change that a reply has shown, for servers that are replicas: they show no older one then.
let sequence = 0;
let signedOut = () => {};

export const onSignedOut = (action) => { signedOut = action; };

function address(name, parameters) {
  const [method, template] = routes[name].split(" ");
  const rest = { ...parameters };
  const path = root + template.replace(/\{(\w+)\}/g, (_, key) => {
    const value = rest[key];
    delete rest[key];
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined)).toString();
  return [method, query ? `${path}?${query}` : path];
}

/** Calls a route by its name; what its path does not name of `parameters` is the query. Answers the Response. */
export async function send(name, parameters = {}, body = undefined, { signal, accept } = {}) {
  const [method, path] = address(name, parameters);
  const headers = { "x-csrf-token": code, accept: accept ?? "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (sequence > 0) headers["x-twin-seq"] = String(sequence);
  try {
    const response = await fetch(path, { method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body) });
    sequence = Math.max(sequence, Number(response.headers.get("x-twin-seq")) || 0);
    return response;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Error("The server cannot be reached. Check that it is running, and try again.", { cause: error });
  }
}

/** The same, and what it answers. Throws an Error in words. */
export async function call(name, parameters, body, options) {
  const response = await send(name, parameters, body, options);
  if (response.status === 401 && name !== "session" && name !== "signIn") signedOut();
  if (!response.ok) throw await problem(response);
  return response.json();
}

/** Who is signed in, or null. `credentials` signs in. */
export async function session(credentials) {
  const response = await send(credentials ? "signIn" : "session", {}, credentials);
  if (response.status === 401 && !credentials) return null;
  if (!response.ok) throw await problem(response);
  const found = await response.json();
  code = found.csrf_token;
  return found;
}

/** Uploads a file; `progress` hears of how much of it has arrived, from 0 to 1. Fetch tells nothing of that. */
export function upload(twin, file, progress) {
  const [method, path] = address("upload", { twin_id: twin });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.setRequestHeader("x-csrf-token", code);
    request.setRequestHeader("accept", "application/json");
    request.upload.addEventListener("progress", (event) => progress(event.lengthComputable ? event.loaded / event.total : 0));
    request.addEventListener("error", () => reject(new Error("The connection broke before the file was there.")));
    request.addEventListener("load", async () => {
      const response = new Response(request.responseText, { status: request.status });
      if (response.ok) resolve(await response.json());
      else reject(await problem(response));
    });
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
}

/** Listens to what happens at the desk, until what it answers is called. Browsers come back by themselves with the last number;
 * `state` hears whether they are connected. */
export function listen(hear, state) {
  const kinds = ["connected", "new_message", "escalation_status_update", "session_update", "presence_update"];
  let source;
  let timer;
  let last = null;
  function open() {
    source = new EventSource(address("happening", { after: last })[1]);
    source.addEventListener("open", () => state(true));
    source.addEventListener("error", () => {
      state(false);
      // What was refused the browser does not try again.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, 3000);
    });
    for (const kind of kinds) {
      source.addEventListener(kind, (event) => {
        const data = JSON.parse(event.data);
        last = data.seq ?? last;
        hear(data);
      });
    }
  }
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
