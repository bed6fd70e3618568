// Verified answers: what is said word for word.
import { h, icon, replace } from "./dom.js";
import { call } from "./api.js";
import { page, action, form, field, submit, empty, loading, ago, plural, sure, toast } from "./parts.js";
import { permissions } from "./sources.js";

export function answersPage(context) {
  const { twin, isOwner } = context;
  const list = loading(async () => {
    const found = (await call("answers", { twin_id: twin.id })).filter((item) => item.is_active);
    if (!found.length) return empty("No answers yet", "Answer a question once, and whoever asks it again is told exactly that, before any document.");
    return h("div", {}, h("p.hint", {}, plural(found.length, "answer")), h("ul.cards", {}, found.map((item) => card(item))));
  });

  function card(item) {
    const place = h("li.card.slim");
    const view = () => replace(place, h("h2", {}, item.question), h("div.answer", {}, h("p", {}, item.answer)),
      h("div.meta", {}, h("span.badge", {}, icon("clock"), "Changed ", ago(item.updated_at)), item.patches.length > 0 && h("span", {}, plural(item.patches.length, "earlier version"))),
      isOwner && h("div.row", {}, action("Change", edit, { describe: `Change the answer to: ${item.question}` }), action("Who may read it", async () => {
        place.append(h("div.inset", {}, await permissions(context, "verified_qna", item.id)));
      }, { describe: `Who may read the answer to: ${item.question}` }), action("Remove", async () => {
        if (!await sure("Remove this answer?", "The twin answers from the sources again.", "Remove")) return;
        await call("removeAnswer", { qna_id: item.id });
        place.remove();
        toast("The answer is removed.");
      }, { kind: "bad", describe: `Remove the answer to: ${item.question}` })));
    const edit = () => {
      const box = h("textarea", { name: "answer", rows: 4, required: true, maxlength: 8000, value: item.answer });
      replace(place, h("h2", {}, item.question), form("stack", async (values) => {
        await call("changeAnswer", { qna_id: item.id }, { answer: values.answer, reason: values.reason.trim() || "changed" });
        toast("The answer is changed; the one before is in its history.");
        list.reload();
      }, field("Answer", box), field("Why", h("input", { name: "reason", maxlength: 500 }), "Kept in the history."),
      h("div.row", {}, submit("Save"), action("Cancel", view))));
      box.focus();
    };
    view();
    return place;
  }

  const add = h("details.add", {}, h("summary.button", {}, icon("plus"), "Add an answer"), form("stack.inset", async (values, element) => {
    await call("addAnswer", { twin_id: twin.id }, { question: values.question, answer: values.answer, visibility: "shared" });
    element.reset();
    add.open = false;
    toast("Whoever asks this is told so from now on.");
    list.reload();
  }, field("Question", h("input", { name: "question", required: true, maxlength: 2000 })),
  field("Answer", h("textarea", { name: "answer", rows: 4, required: true, maxlength: 8000 })), h("div", {}, submit("Add"))));
  return page("Answers", "Your own words, given before anything that the sources say.", isOwner && add, list);
}
