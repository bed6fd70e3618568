// The page inside of the frame of a desk's widget: agents answer, and people who can be asked for.
import { h, icon, replace, dress, problem, events, root } from "./dom.js";
import "./chat.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;
const tenant = meta("twin");
const words = JSON.parse(meta("words"));
const main = document.getElementById("main");
const storage = `desk:${tenant}`;
/** Seconds until the next try of a connection that broke. */
const patience = [1, 2, 4, 8];

const tell = (what) => parent.postMessage({ twin: what }, "*");
const button = document.getElementById("close");
button.append(icon("close"));
button.addEventListener("click", () => tell("close"));
addEventListener("keydown", (event) => { if (event.key === "Escape") tell("close"); });
addEventListener("message", (event) => {
  if (event.source === parent && event.data?.twin === "open") (document.querySelector("textarea") ?? button).focus();
});

let kept = recall();
const chat = document.createElement("twin-chat");
const foot = h("div.foot");
const line = h("p.hint", { role: "status" });
let isListening = false;
let offered = null;
/** The last event that was heard, to be told what was missed. */
let last = null;
const heard = new Set();

/** The session stays while the tab does; nothing is kept before the first message. */
function keep(change) {
  kept = { ...kept, ...change };
  try {
    sessionStorage.setItem(storage, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing for frames keeps nothing.
  }
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(storage)) ?? {};
  } catch {
    return {};
  }
}

const headers = () => ({ "content-type": "application/json", accept: "application/json", ...(kept.token && { authorization: `Bearer ${kept.token}` }) });
const post = (path, body, signal) => fetch(`${root}/api/public/widgets/${tenant}/${path}`, { method: "POST", signal, headers: headers(), body: JSON.stringify(body) });

/** Sends a message, and answers what came of it as the events that a chat shows. */
async function ask(message, signal) {
  let response = await post("chat", { message }, signal);
  if (response.status === 401 && kept.token) {
    // An hour went by without a word: another session begins.
    kept = {};
    response = await post("chat", { message }, signal);
  }
  if (!response.ok) return response;
  const reply = await response.json();
  keep({ token: reply.token, session: reply.session_id });
  heard.add(reply.metadata.question_id).add(reply.message_id);
  if (!isListening) listen();
  offer(reply.escalation_status);
  const citations = reply.metadata.citations.map((item) => ({ ...item, locator: "", headings: [] }));
  const status = { unanswered: "unanswerable", answered: citations.length ? "grounded" : "", clarification_needed: "clarify" }[reply.metadata.status] ?? "";
  const told = reply.metadata.status === "with_supporter" ? [{ type: "taken" }]
    : [{ type: "metadata", status, citation_details: citations }, { type: "content", token: reply.response.text }, { type: "done", status }];
  return new Response(told.map((event) => JSON.stringify(event) + "\n").join(""));
}

/** What stands below the conversation: the way to a person, or how far that is. */
function offer(status) {
  // The reply to a wish and the news of it come in any order, and what was asked for meanwhile stays.
  if (status === offered) return;
  offered = status;
  if (status === "none" || status === "resolved") {
    replace(foot, h("button.quiet-button", { type: "button", onclick: () => person({}) }, icon("people"), "Talk to a person"), line);
  } else {
    replace(foot, line);
  }
}

async function person(body) {
  try {
    const response = await post("escalate", body);
    if (!response.ok) throw await problem(response);
    const reply = await response.json();
    offer(reply.escalation_status);
    line.textContent = reply.message;
    if (!reply.email_needed) {
      foot.querySelector("form")?.remove();
      return chat.input.focus();
    }
    const email = h("input", { type: "email", required: true, autocomplete: "email", "aria-label": "Your e-mail address", placeholder: "you@example.org", maxlength: 254 });
    foot.append(h("form.why", { onsubmit: (event) => { event.preventDefault(); person({ email: email.value }); } }, email, h("button.button", { type: "submit" }, "Send")));
    email.focus();
  } catch (error) {
    line.textContent = error instanceof TypeError ? "The connection is lost; try again in a moment." : error.message;
  }
}

/** Hears what is said in the session, and comes back with the last number whenever the connection breaks. */
async function listen() {
  isListening = true;
  for (let failures = 0; kept.token;) {
    try {
      const response = await fetch(`${root}/api/${tenant}/session/${kept.session}/stream${last === null ? "" : `?after=${last}`}`, {
        headers: { ...headers(), accept: "application/x-ndjson" },
      });
      if (response.status === 401 || response.status === 404) break;
      if (!response.ok) throw new TypeError("not now");
      for await (const event of events(response)) {
        if (failures) line.textContent = "";
        failures = 0;
        last = event.seq ?? last;
        take(event);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    failures += 1;
    if (failures > 1) line.textContent = "The connection is lost; it comes back by itself.";
    await new Promise((resolve) => { setTimeout(resolve, 1000 * patience[Math.min(failures, patience.length) - 1]); });
  }
  isListening = false;
}

function take(event) {
  if (event.type === "new_message" && !heard.has(event.message.message_id)) {
    heard.add(event.message.message_id);
    if (event.message.role === "supporter") chat.tell(event.message.content, event.message.supporter_name ?? "A person");
  }
  if (event.type !== "escalation_status_update") return;
  offer(event.escalation_status);
  line.textContent = { assigned: "Somebody is with you.", resolved: "The conversation with a person is over. Ask on, and you are answered as before." }[event.escalation_status] ?? line.textContent;
}

/** Shows what was said before the page was loaded again. */
async function restore() {
  const response = await fetch(`${root}/api/${tenant}/session/${kept.session}/messages`, { headers: headers() }).catch(() => null);
  if (!response?.ok) return;
  const { messages } = await response.json();
  messages.forEach((message, index) => {
    heard.add(message.message_id);
    const next = messages[index + 1];
    if (message.role === "supporter") chat.tell(message.content, message.supporter_name ?? "A person");
    if (message.role === "user") chat.restore(message.content, next?.role === "assistant" ? { content: next.content, citation_details: [] } : null);
  });
  const session = await fetch(`${root}/api/${tenant}/session/${kept.session}`, { headers: headers() }).catch(() => null);
  if (session?.ok) offer((await session.json()).escalation_status);
  listen();
}

if (meta("problem")) {
  replace(main, h("div.notice", { role: "alert" }, h("p", {}, "This chat is not available."), h("p.hint", {}, meta("problem"))));
} else {
  dress(words.color);
  document.title = words.twin_name;
  document.getElementById("name").textContent = words.twin_name;
  Object.assign(chat, { twinName: words.twin_name, welcome: words.welcome, placeholder: words.placeholder, send: ask });
  replace(main, h("div.visit", {}, chat, foot));
  if (kept.session) restore();
}
tell("ready");
