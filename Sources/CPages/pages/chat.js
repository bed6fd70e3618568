// The conversation with a twin: the same in the console, on the page of a share link and in the widget's frame.
import { h, icon, replace, problem, events, sentence } from "./dom.js";

const noConnection = "The connection is lost. Your question is still here; try again in a moment.";

/**
 * Set before use: `send(question)` answers a fetch's Response with JSON Lines; `rate(messageID, rating, comment)` a promise;
 * `cite(citation, button)`, where quotations open elsewhere; `twinName`, `welcome`, `placeholder`, `suggestions`; `hear(event)` for ids.
 */
export class TwinChat extends HTMLElement {
  connectedCallback() {
    if (this.turns) return;
    this.turns = h("ol.turns", { "aria-label": "Conversation" });
    this.beginning = h("div.beginning");
    this.status = h("div.unseen", { role: "status" });
    this.input = h("textarea", {
      rows: 1, "aria-label": `Ask ${this.twinName ?? "a question"}`, placeholder: this.placeholder ?? `Ask ${this.twinName ?? "a question"}…`, maxlength: 8000,
      onkeydown: (event) => {
        if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
          event.preventDefault();
          this.form.requestSubmit();
        }
      },
    });
    this.button = h("button.button.main", { type: "submit" }, h("span.unseen", {}, "Ask"), icon("send"));
    this.form = h("form.ask-form", {
      onsubmit: (event) => {
        event.preventDefault();
        this.ask(this.input.value);
      },
    }, this.input, this.button);
    this.scroller = h("div.scroller", {}, this.beginning, this.turns);
    this.append(this.scroller, this.status, this.form);
    this.showBeginning();
  }

  showBeginning() {
    replace(this.beginning,
      this.welcome && h("p.welcome", {}, this.welcome),
      this.suggestions?.length && h("div.suggestions", {}, this.suggestions.map((text) =>
        h("button.button", { type: "button", onclick: () => this.ask(text) }, text))));
  }

  clear() {
    this.busy?.abort();
    this.busy = null;
    replace(this.turns);
    this.beginning.hidden = false;
    this.button.disabled = false;
    this.input.focus();
  }

  async ask(text) {
    text = text.trim();
    if (!text || this.busy) return;
    this.busy = new AbortController();
    this.button.disabled = true;
    this.beginning.hidden = true;
    this.input.value = "";
    const turn = this.addTurn(text);
    turn.scrollIntoView?.({ block: "nearest" });
    const view = new Answer(this, turn, text);
    try {
      const response = await this.send(text, this.busy.signal);
      if (!response.ok) throw await problem(response);
      let ended = false;
      for await (const event of events(response)) {
        this.hear?.(event);
        ended = view.take(event) || ended;
      }
      if (!ended) throw new TypeError(noConnection);
      this.status.textContent = view.spoken;
      this.asked?.(text, view);
    } catch (error) {
      if (this.busy?.signal.aborted) return;
      view.fail(error instanceof TypeError ? noConnection : error.message);
      this.status.textContent = view.spoken;
      if (!this.input.value) this.input.value = text;
    } finally {
      this.busy = null;
      this.button.disabled = false;
    }
  }

  addTurn(question) {
    const turn = h("li.turn", {}, h("p.question", {}, h("span.unseen", {}, "You asked: "), question));
    this.turns.append(turn);
    return turn;
  }

  /** Shows a message that was given before. */
  restore(question, message) {
    this.beginning.hidden = true;
    const view = new Answer(this, this.addTurn(question), question);
    if (message) view.restore(message);
    else view.body.remove();
  }

  /** Shows what a person says, whom nobody asked just now. */
  tell(text, name) {
    const turn = h("li.turn", {}, h("p.badge", {}, icon("people"), name), h("div.answer", {}, h("p.said-text", {}, text)));
    this.turns.append(turn);
    turn.scrollIntoView?.({ block: "nearest" });
    this.status.textContent = `${name}: ${text}`;
  }
}

class Answer {
  constructor(chat, turn, question) {
    this.chat = chat;
    this.turn = turn;
    this.question = question;
    this.text = "";
    this.citations = [];
    this.body = h("div.answer.waiting");
    turn.append(this.body);
  }

  /** True for the last event. */
  take(event) {
    if (event.ping) return false;
    switch (event.type) {
      case "metadata":
        this.citations = event.citation_details ?? [];
        this.answerStatus = event.status;
        this.confidence = event.confidence_score;
        this.similar = event.suggestions ?? [];
        return false;
      case "content":
        this.text += event.token ?? event.content ?? "";
        this.show();
        return false;
      case "done":
        this.answerStatus = event.status ?? this.answerStatus;
        this.messageID = event.message_id;
        this.degraded = event.degraded;
        this.finish();
        return true;
      case "clarify":
        this.answerStatus = "clarify";
        this.text = `Only ${this.chat.twinName ?? "the owner"} can say that. The question has been passed on.`;
        this.clarification = event;
        this.finish();
        return true;
      case "taken":
        // A person has the conversation and answers when they do.
        this.body.remove();
        return true;
      case "error":
        throw new Error(sentence(event.error ?? "the answer could not be given"));
      default:
        return false;
    }
  }

  restore(message) {
    this.text = message.content;
    this.citations = message.citation_details ?? [];
    this.answerStatus = message.status;
    this.confidence = message.confidence_score;
    this.messageID = message.id;
    this.finish();
  }

  get spoken() { return this.said ?? this.text.replace(/\[(\d+)\]/g, ""); }

  show() {
    const blocks = this.text.split(/\n{2,}/).filter((block) => block.trim()).map((block) => {
      const lines = block.split("\n");
      if (lines.every((line) => /^\s*[-*•] /.test(line))) {
        return h("ul", {}, lines.map((line) => h("li", {}, this.marked(line.replace(/^\s*[-*•] /, "")))));
      }
      return h(this.isEmpty ? "p.none" : "p", {}, this.marked(block));
    });
    replace(this.body, blocks);
  }

  get isEmpty() { return this.answerStatus === "unanswerable" || this.answerStatus === "escalated" || this.answerStatus === "clarify"; }

  /** Text with a button for each number, which stays on the line of the word before it. */
  marked(text) {
    const parts = [];
    for (const part of text.split(/ ?(\[\d+\])/)) {
      const citation = /^\[\d+\]$/.test(part) && this.citations.find((item) => item.number === Number(part.slice(1, -1)));
      if (!citation) {
        parts.push(part);
        continue;
      }
      const button = h("button.mark", {
        type: "button", "aria-label": `Source ${citation.number}: ${citation.title}`, onclick: (event) => this.open(citation, event.currentTarget),
      }, citation.number);
      const before = typeof parts.at(-1) === "string" ? parts.pop() : "";
      const last = /\S*$/.exec(before)[0];
      const word = last.length > 24 ? "" : last;
      parts.push(before.slice(0, before.length - word.length), h("span.keep", {}, word, button));
    }
    return parts;
  }

  open(citation, button) {
    if (this.chat.cite) return this.chat.cite(citation, button);
    const item = this.turn.querySelector(`details[data-number="${citation.number}"]`);
    if (!item) return;
    item.open = true;
    item.querySelector("summary").focus();
  }

  finish() {
    this.body.classList.remove("waiting");
    this.show();
    if (this.citations.length) this.turn.append(this.list());
    this.turn.append(this.meta());
    if (this.similar?.length && this.isEmpty) {
      this.turn.append(h("p.hint", {}, "You could ask:"), h("div.suggestions", {}, this.similar.slice(0, 3).map((item) =>
        h("button.button", { type: "button", onclick: () => this.chat.ask(item.question) }, item.question))));
    }
  }

  list() {
    return h("ol.cites", { "aria-label": "Sources" }, this.citations.map((citation) => {
      const label = [h("span.number", {}, citation.number), h("span", {}, h("b", {}, citation.title), place(citation))];
      if (this.chat.cite) {
        return h("li", {}, h("button.cite-button", { type: "button", onclick: (event) => this.chat.cite(citation, event.currentTarget) }, label));
      }
      return h("li", {}, h("details.cite", { "data-number": citation.number },
        h("summary", {}, label), h("blockquote", {}, citation.quote),
        /^https?:\/\//.test(citation.locator) && h("a", { href: citation.locator, rel: "noopener noreferrer", target: "_blank" }, "Open the original")));
    }));
  }

  meta() {
    const name = this.chat.twinName ?? "the owner";
    const [label, kind, shape] = {
      verified: [`${name}’s own answer`, "good", "seal"], grounded: ["Quoted from the sources", "", "file"], ungrounded: ["Without a source", "warn", "warn"],
      unanswerable: ["Nothing in the sources answers this", "", "inbox"], escalated: [`Passed on to ${name}`, "", "inbox"], clarify: [`Waiting for ${name}`, "", "clock"],
    }[this.answerStatus] ?? ["", "", "file"];
    const meta = h("div.meta", {}, label && h(`span.badge${kind && "." + kind}`, {}, icon(shape), label),
      this.degraded && h("span.badge.warn", {}, "The model did not answer, so this is quoted"));
    if (this.chat.rate && this.messageID) this.thumbs(meta);
    return meta;
  }

  thumbs(meta) {
    const buttons = ["up", "down"].map((rating) => h("button.quiet-button", {
      type: "button", "aria-pressed": "false", "aria-label": rating === "up" ? "Good answer" : "Bad answer",
      onclick: () => this.rate(rating, buttons, meta),
    }, icon(rating)));
    meta.append(...buttons);
  }

  async rate(rating, buttons, meta) {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String((index === 0) === (rating === "up"))));
    meta.querySelector("form")?.remove();
    try {
      await this.chat.rate(this.messageID, rating);
    } catch (error) {
      this.note(meta, error.message);
      return;
    }
    const input = h("input", { "aria-label": "Why?", placeholder: rating === "up" ? "What was good about it?" : "What was wrong with it?", maxlength: 500 });
    const form = h("form.why", {
      onsubmit: async (event) => {
        event.preventDefault();
        try {
          await this.chat.rate(this.messageID, rating, input.value.trim());
          form.remove();
          this.note(meta, "Thank you.");
        } catch (error) {
          this.note(meta, error.message);
        }
      },
    }, input, h("button.button", { type: "submit" }, "Send"));
    meta.append(form);
    input.focus();
  }

  note(meta, text) {
    meta.querySelector(".said")?.remove();
    meta.append(h("span.said", {}, text));
    this.chat.status.textContent = text;
  }

  fail(message) {
    this.body.classList.remove("waiting");
    this.said = message;
    this.body.append(h("p.problem", {}, message));
  }
}

export function place(citation) {
  const parts = [];
  const headings = (citation.headings ?? []).filter((heading) => heading !== citation.title);
  if (headings.length) parts.push(headings.join(" › "));
  if (citation.page) parts.push(`page ${citation.page}`);
  if (typeof citation.time_start === "number") {
    const seconds = Math.floor(citation.time_start);
    parts.push(`at ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  }
  return parts.length ? ` · ${parts.join(", ")}` : "";
}

customElements.define("twin-chat", TwinChat);
