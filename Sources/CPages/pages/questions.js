// What waits for the owner: questions that nothing answered, questions about the owner's own view, things to remember, and what
// readers thought of answers.
import { h, icon, replace, events } from "./dom.js";
import { call, send } from "./api.js";
import { page, action, form, field, submit, empty, loading, ago, plural, tabs, toast, check } from "./parts.js";

/** How many wait in all. */
export async function waiting(twin) {
  const [escalations, clarifications] = await Promise.all([call("escalations", { twin_id: twin.id }), call("clarifications", { twin_id: twin.id })]);
  return escalations.length + clarifications.length;
}

export function questionsPage(context) {
  const { href, rest } = context;
  const kinds = [
    { path: "", name: "Unanswered", show: unanswered }, { path: "clarifications", name: "Your view", show: clarifications },
    { path: "memory", name: "To remember", show: candidates }, { path: "ratings", name: "Ratings", show: ratings },
  ];
  const current = kinds.find((kind) => kind.path === (rest[0] ?? "")) ?? kinds[0];
  const address = (kind) => (kind.path ? href("questions", kind.path) : href("questions"));
  return page("Questions", null, tabs("Questions", kinds.map((kind) => ({ name: kind.name, href: address(kind) })), address(current)), current.show(context));
}

function unanswered(context) {
  const { recount } = context;
  let { twin } = context;
  const list = loading(async () => {
    const open = await call("escalations", { twin_id: twin.id });
    if (open.length) return h("ul.cards", {}, open.map((item) => card(item)));
    return twin.settings.escalation?.enabled
      ? empty("Everything was answered", "Questions that the sources do not answer come here, those asked most often first.")
      : empty("Unanswered questions are not collected", "Let questions that nothing answers come here, so that you can answer them once for everybody.",
        action("Collect them", async () => {
          context.changed(twin = await change(twin, (settings) => ({ ...settings, escalation: { ...settings.escalation, enabled: true } })));
          list.reload();
        }, { kind: "main" }));
  });

  function card(item) {
    const place = h("li.card");
    const answer = h("textarea", { name: "answer", rows: 3, required: true, maxlength: 8000 });
    replace(place,
      h("h2", {}, item.question), h("p.hint", {}, `Asked ${item.times_asked === 1 ? "once" : `${item.times_asked} times`}, first `, ago(item.created_at)),
      form("stack", async (values) => {
        await call("answerEscalation", { twin_id: twin.id, escalation_id: item.id }, { answer: values.answer, publish: Boolean(values.publish) });
        recount();
        await again(place, twin, item.question, Boolean(values.publish));
      }, field("Your answer", answer),
      check("Give this answer to whoever asks the same", { name: "publish", checked: true }),
      h("div.row", {}, submit("Answer"), action("Dismiss", async () => {
        await call("dismissEscalation", { twin_id: twin.id, escalation_id: item.id });
        place.remove();
        recount();
        toast("Dismissed.");
      }))));
    return place;
  }
  return list;
}

/** Asks the question once more and shows what a reader is told now. */
async function again(place, twin, question, isPublished) {
  const result = h("div.again", { role: "status" }, h("p.hint", {}, "Asked again…"));
  replace(place, h("h2", { tabindex: -1 }, question), result);
  place.firstChild.focus();
  if (!isPublished) return replace(result, h("p", {}, "Your answer is kept with the question. It is not given to others."));
  let text = "";
  let status = "";
  const response = await send("ask", { twin_id: twin.id }, { query: question }, { accept: "application/x-ndjson, application/json" });
  if (response.ok) {
    for await (const event of events(response)) {
      if (event.type === "content") text += event.token;
      if (event.type === "done") status = event.status;
    }
  }
  replace(result, status === "verified"
    ? [h("p.badge.good", {}, icon("seal"), "Asked again, and answered"), h("div.answer", {}, h("p", {}, text))]
    : h("p.badge.warn", {}, icon("warn"), "Your answer is kept; asked again, the twin still answers otherwise. See Answers."));
}

function clarifications({ twin, recount }) {
  return loading(async () => {
    const open = await call("clarifications", { twin_id: twin.id });
    if (!open.length) return empty("Nobody asked for your view", "Questions about what you think come here when no document and nothing you said before answers them.");
    return h("ul.cards", {}, open.map((item) => {
      const place = h("li.card");
      const box = h("textarea", { name: "answer", rows: 2, required: true, maxlength: 8000 });
      let option = null;
      replace(place, h("p.hint", {}, "Asked: ", item.original_query, " · ", ago(item.created_at)), h("h2", {}, item.question),
        item.options?.length > 0 && h("div.suggestions", {}, item.options.map((choice) => h("button.button", {
          type: "button", onclick: () => {
            option = choice.label ?? choice.value;
            box.value = choice.label ?? choice.value;
            box.focus();
          },
        }, choice.label ?? choice.value))),
        form("stack", async (values) => {
          await call("resolveClarification", { twin_id: twin.id, clarification_id: item.id }, { answer: values.answer, ...(option && { selected_option: option }) });
          place.remove();
          recount();
          toast("Remembered. The twin says so from now on.");
        }, field("Your answer", box), h("div", {}, submit("Remember it"))));
      return place;
    }));
  });
}

function candidates({ twin }) {
  const part = loading(async () => {
    const [found, memories] = await Promise.all([call("candidates", { twin_id: twin.id }), call("memories", { twin_id: twin.id })]);
    const rows = found.map((item) => {
      const place = h("li.card.slim", {}, h("p.said-by", {}, item.content), h("div.row", {},
        action("Remember", async () => {
          await call("approveCandidate", { twin_id: twin.id, candidate_id: item.id });
          toast("Remembered.");
          part.reload();
        }, { shape: "check", describe: `Remember: ${item.content}` }),
        action("Not this", async () => {
          await call("rejectCandidate", { twin_id: twin.id, candidate_id: item.id });
          place.remove();
        }, { describe: `Do not remember: ${item.content}` })));
      return place;
    });
    return h("div.stack.wide", {},
      rows.length ? h("div.stack", {}, h("p.lead", {}, "Said in the sources, and perhaps your own view. What you approve answers questions about it."), h("ul.cards", {}, rows))
        : empty("Nothing to decide", "Preferences and opinions that the sources state come here; nothing is remembered before you say so."),
      memories.length > 0 && h("section.stack", {}, h("h2", {}, "Remembered"), h("ul.list", {}, memories.map((item) => h("li", {}, h("div.item", {},
        h("span.grow", {}, h("b", {}, item.topic_normalized), h("small", {}, item.value)),
        action("Forget", async () => {
          await call("retractMemory", { twin_id: twin.id, memory_id: item.id });
          toast("Forgotten.");
          part.reload();
        }, { describe: `Forget: ${item.topic_normalized}` })))))));
  });
  return part;
}

function ratings({ twin, href }) {
  return loading(async () => {
    const found = await call("feedback", { twin_id: twin.id });
    if (!found.length) return empty("No ratings yet", "Readers can say of every answer whether it was good, and why.");
    return h("ul.cards", {}, found.map((item) => h("li.card.slim", {},
      h("p.row", {}, h(`span.badge.${item.rating === "up" ? "good" : "bad"}`, {}, icon(item.rating), item.rating === "up" ? "Good" : "Bad"), h("small", {}, ago(item.created_at))),
      h("h3", {}, item.question), h("p.clamp", {}, item.answer), item.comment && h("p.said-by", {}, item.comment),
      h("p", {}, h("a", { href: href("ask", item.conversation_id) }, "Read the conversation")))));
  });
}

/** Changes a twin's settings, which are replaced as a whole. */
export async function change(twin, edit) {
  const fresh = await call("twin", { twin_id: twin.id });
  const { is_public: _, widget_settings: __, deleted_at: ___, ...settings } = fresh.settings;
  const [changed] = await call("changeTwin", { twin_id: twin.id }, { settings: edit(settings) });
  return changed;
}
