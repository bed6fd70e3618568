// The page of a share link: anybody who has it may ask.
import { h, replace, dress, problem, root } from "./dom.js";
import "./chat.js";

const [twin, token] = location.pathname.split("/").slice(-2);
const main = document.getElementById("main");
let session = null;

const post = (path, body, signal) => fetch(path, {
  method: "POST", signal, headers: { "content-type": "application/json", accept: "application/x-ndjson, application/json" }, body: JSON.stringify(body),
});

async function begin() {
  let words;
  try {
    const response = await fetch(`${root}/public/validate-share/${twin}/${token}`);
    if (!response.ok) throw await problem(response);
    words = await response.json();
  } catch (error) {
    const gone = error.status === 404 || error.status === 422;
    document.querySelector(".masthead").hidden = true;
    document.title = gone ? "This link does not work" : "Not reachable";
    replace(main, h("div.notice", { role: "alert" }, h("h1", {}, document.title),
      h("p", {}, gone ? "It may have been replaced or switched off. Ask whoever gave it to you for a new one."
        : error.status ? error.message : "The server cannot be reached. Check your connection and load the page again.")));
    return;
  }
  document.title = words.twin_name;
  document.getElementById("name").textContent = words.twin_name;
  document.getElementById("about").textContent = words.description ?? "";
  dress(words.color);
  const chat = document.createElement("twin-chat");
  Object.assign(chat, {
    twinName: words.twin_name, suggestions: words.suggestions,
    welcome: words.welcome ?? `I answer from what ${words.twin_name} has written and said, and show where it stands.`,
    send: (message, signal) => post(`${root}/public/chat/${twin}/${token}`, { message, ...(session && { session_id: session }) }, signal),
    hear: (event) => { session = event.session_id ?? session; },
    rate: async (message, rating, comment) => {
      const response = await post(`${root}/public/feedback/${twin}/${token}`, { message_id: message, session_id: session, rating, ...(comment && { comment }) });
      if (!response.ok) throw await problem(response);
    },
  });
  replace(main, chat);
  chat.append(h("p.small", {}, `A digital twin, not ${words.twin_name} in person. Questions are kept so that it can learn.`));
}

begin();
