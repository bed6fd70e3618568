// Asking: the conversation, and beside it the place in a source that an answer quotes.
import { h, icon, replace } from "./dom.js";
import { call, send } from "./api.js";
import { ago, plural } from "./parts.js";
import { place } from "./chat.js";

export function askPage({ twin, isOwner, rest, href }) {
  const chat = document.createElement("twin-chat");
  const reader = h("aside.reader", { hidden: true, "aria-label": "Source" });
  const layout = h("div.asking", {}, h("div.talk", {}), reader);
  let conversation = rest[0] ?? null;
  let group = null;
  let opener = null;

  function close() {
    reader.hidden = true;
    layout.classList.remove("reading");
    layout.querySelectorAll('[aria-current="true"]').forEach((item) => item.removeAttribute("aria-current"));
    opener?.focus();
  }
  reader.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  Object.assign(chat, {
    twinName: twin.name, welcome: `Ask what ${twin.name} would be asked. Answers are quoted from the sources; follow a number to the place where it stands.`,
    suggestions: (twin.settings.page?.suggestions ?? "").split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 6),
    send: (query, signal) => send("ask", { twin_id: twin.id }, {
      query, ...(conversation && { conversation_id: conversation }), ...(group && { group_id: group }), ...(group && { mode: "public" }),
    }, { signal, accept: "application/x-ndjson, application/json" }),
    hear: (event) => { conversation = event.conversation_id ?? conversation; },
    rate: (message, rating, comment) => call("rate", { message_id: message }, { rating, ...(comment && { comment }) }),
    cite: async (citation, button) => {
      opener = button;
      layout.querySelectorAll('[aria-current="true"]').forEach((item) => item.removeAttribute("aria-current"));
      button.setAttribute("aria-current", "true");
      reader.hidden = false;
      layout.classList.add("reading");
      await read(reader, twin, citation, close, href);
    },
  });

  const groups = h("select", {
    "aria-label": "Answer as for", onchange: (event) => {
      group = event.target.value || null;
      conversation = null;
      chat.clear();
    },
  }, h("option", { value: "" }, "As for me"));
  if (isOwner) {
    call("groups", { twin_id: twin.id }).then((found) => {
      for (const item of found) groups.append(h("option", { value: item.id }, `As for ${item.name}`));
    }).catch(() => {});
  }
  const earlier = h("details.earlier", { ontoggle: (event) => { if (event.target.open) list(); } }, h("summary.quiet-button", {}, icon("clock"), "Earlier"));
  const shown = h("div.pop");
  earlier.append(shown);
  async function list() {
    try {
      const found = (await call("conversations", { twin_id: twin.id })).slice(0, 40);
      replace(shown, found.length ? h("ul", {}, found.map((item) => h("li", {}, h("a", { href: href("ask", item.id) },
        h("span", {}, item.first_question ?? "Conversation"), h("small", {}, plural(Math.ceil(item.message_count / 2), "question"), " · ", ago(item.updated_at))))))
        : h("p.hint", {}, "Nobody has asked yet."));
    } catch (error) {
      replace(shown, h("p.problem", {}, error.message));
    }
  }
  replace(layout.firstChild,
    h("div.bar", {}, h("h1", { tabindex: -1 }, "Ask"), h("div.row", {}, isOwner && groups, earlier,
      h("button.quiet-button", {
        type: "button", onclick: () => {
          if (rest[0]) location.hash = href("ask");
          conversation = null;
          chat.clear();
        },
      }, icon("plus"), "New"))),
    chat);
  if (rest[0]) restore(chat, rest[0]);
  else setTimeout(() => { if (matchMedia("(min-width: 50rem)").matches) chat.input?.focus(); });
  return layout;
}

async function restore(chat, id) {
  try {
    const messages = await call("messages", { conversation_id: id });
    messages.forEach((message, index) => {
      if (message.role !== "user") return;
      const next = messages[index + 1];
      chat.restore(message.content, next?.role === "assistant" ? next : null);
    });
  } catch (error) {
    chat.append(h("p.problem", { role: "alert" }, error.message));
  }
}

const decoder = new TextDecoder();
/** Bytes of a source's text that are shown on each side of a quotation to begin with. */
const around = 12_000;

/** Shows a source's text at the bytes that a citation names. */
async function read(reader, twin, citation, close, href) {
  const heading = h("h2", { tabindex: -1 }, citation.title);
  const body = h("div.text", { tabindex: 0, role: "region", "aria-label": "Text of the source" }, h("p.hint", {}, "Opening…"));
  replace(reader, h("div.reader-head", {}, h("div", {}, heading, h("p.hint", {}, place(citation).replace(/^ · /, "") || " ")),
    h("button.quiet-button", { type: "button", "aria-label": "Close the source", onclick: close }, icon("close"))), body,
  h("p.reader-foot", {}, h("a", { href: href("sources", citation.source_id) }, "About this source")));
  heading.focus({ preventScroll: true });
  try {
    const source = await call("source", { twin_id: twin.id, source_id: citation.source_id });
    const bytes = new TextEncoder().encode(source.content_text ?? "");
    let { start, end } = citation;
    if (decoder.decode(bytes.subarray(start, end)) !== citation.quote) {
      // Another version may have it at another place.
      const at = (source.content_text ?? "").indexOf(citation.quote);
      start = at < 0 ? -1 : new TextEncoder().encode(source.content_text.slice(0, at)).length;
      end = start + new TextEncoder().encode(citation.quote).length;
    }
    if (start < 0) {
      replace(body, h("p.notice", {}, "The source has changed since; the quotation was:"), h("blockquote", {}, h("mark", {}, citation.quote)));
      return;
    }
    const mark = h("mark", { tabindex: -1 }, decoder.decode(bytes.subarray(start, end)));
    const draw = (from, to) => {
      replace(body,
        from > 0 && h("button.quiet-button", { type: "button", onclick: () => { draw(0, to); mark.scrollIntoView({ block: "center" }); } }, "Show what is before"),
        decoder.decode(bytes.subarray(from, start)), mark, decoder.decode(bytes.subarray(end, to)),
        to < bytes.length && h("button.quiet-button", { type: "button", onclick: () => draw(from, bytes.length) }, "Show the rest"));
    };
    const from = edge(bytes, start - around, -1);
    const to = edge(bytes, end + around, 1);
    draw(from, to);
    body.scrollTop = mark.offsetTop - body.clientHeight / 3;
    if (getComputedStyle(body).overflowY === "visible") mark.scrollIntoView({ block: "center" });
  } catch (error) {
    replace(body, h("p.problem", { role: "alert" }, error.status === 404 ? "This source no longer exists." : error.message));
  }
}

/** The nearest line break, so that neither a character nor a line is cut. */
function edge(bytes, at, step) {
  if (at <= 0) return 0;
  if (at >= bytes.length) return bytes.length;
  while (at > 0 && at < bytes.length && bytes[at - 1] !== 10) at += step;
  return at;
}
