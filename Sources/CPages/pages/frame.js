// The page inside of a widget's frame. The site around it is told two things: that it is there, and that it is to be closed.
import { h, icon, replace, dress, problem, root } from "./dom.js";
import "./chat.js";

const meta = (name) => document.querySelector(`meta[name="${name}"]`).content;
const twin = meta("twin");
const words = JSON.parse(meta("words"));
const main = document.getElementById("main");
let token = meta("token");
let session = null;
const storage = `twin:${twin}`;

const tell = (what) => parent.postMessage({ twin: what }, "*");
const button = document.getElementById("close");
button.append(icon("close"));
button.addEventListener("click", () => tell("close"));
addEventListener("keydown", (event) => { if (event.key === "Escape") tell("close"); });
addEventListener("message", (event) => {
  if (event.source === parent && event.data?.twin === "open") (document.querySelector("textarea") ?? button).focus();
});

/** A token lasts an hour: a page that was left open fetches itself again for a new one. */
async function post(path, body, signal) {
  const once = () => fetch(path, {
    method: "POST", signal, headers: { "content-type": "application/json", accept: "application/x-ndjson, application/json" },
    body: JSON.stringify({ ...body, page_token: token }),
  });
  const response = await once();
  if (response.status !== 401) return response;
  const page = await (await fetch(location.href, { cache: "no-store" })).text();
  token = /<meta name="token" content="([^"]*)">/.exec(page)?.[1] || token;
  return once();
}

/** What was said stays while the tab does; nothing is kept before the first question. */
function keep(turn) {
  const kept = recall();
  kept.session = session;
  if (turn) kept.turns = [...kept.turns, turn].slice(-20);
  try {
    sessionStorage.setItem(storage, JSON.stringify(kept));
  } catch {
    // A browser that keeps nothing for frames keeps nothing.
  }
}

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(storage)) ?? { turns: [] };
  } catch {
    return { turns: [] };
  }
}

if (meta("problem")) {
  replace(main, h("div.notice", { role: "alert" }, h("p", {}, "This chat is not available."), h("p.hint", {}, meta("problem"))));
} else {
  dress(words.color);
  document.title = words.twin_name;
  document.getElementById("name").textContent = words.twin_name;
  const chat = document.createElement("twin-chat");
  Object.assign(chat, {
    twinName: words.twin_name, suggestions: words.suggestions,
    welcome: words.welcome ?? `I answer from what ${words.twin_name} has written and said, and show where it stands.`,
    send: (query, signal) => post(`${root}/chat-widget/${twin}`, { query, ...(session && { session_id: session }) }, signal),
    hear: (event) => { session = event.session_id ?? session; },
    asked: (question, view) => keep({
      question, message: { content: view.text, citation_details: view.citations, status: view.answerStatus, id: view.messageID },
    }),
    rate: async (message, rating, comment) => {
      const response = await post(`${root}/chat-widget/${twin}/feedback`, { message_id: message, session_id: session, rating, ...(comment && { comment }) });
      if (!response.ok) throw await problem(response);
    },
  });
  replace(main, chat);
  const kept = recall();
  session = kept.session ?? null;
  for (const turn of kept.turns) chat.restore(turn.question, turn.message);
}
tell("ready");
