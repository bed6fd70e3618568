// What is set for a twin, and putting it away.
import { h } from "./dom.js";
import { call } from "./api.js";
import { page, action, form, field, submit, check, sure, toast } from "./parts.js";
import { change } from "./questions.js";

export function settingsPage(context) {
  const { twin, changed } = context;
  const { settings } = twin;
  const set = (family, name) => async (event) => {
    const box = event.target;
    try {
      changed(await change(twin, (all) => ({ ...all, [family]: { ...all[family], [name]: box.checked } })));
      toast("Saved.");
    } catch (error) {
      box.checked = !box.checked;
      toast(error.message, true);
    }
  };
  return page("Settings", null,
    form("stack.narrow", async (values) => {
      const [next] = await call("changeTwin", { twin_id: twin.id }, { name: values.name.trim(), description: values.description });
      changed(next);
      toast("Saved.");
    }, field("Name", h("input", { name: "name", required: true, maxlength: 200, value: twin.name })),
    field("What it knows about", h("textarea", { name: "description", rows: 3, maxlength: 4000, value: twin.description }), "Shown to visitors under its name."),
    h("div", {}, submit("Save"))),
    h("section.stack", {}, h("h2", {}, "When it does not know"), h("fieldset.checks", {}, h("legend.unseen", {}, "When it does not know"),
      check("Collect questions that nothing answers, so that you can answer them", { checked: settings.escalation?.enabled ?? false, onchange: set("escalation", "enabled") }),
      check("Ask you about your own view before it says anything of it", { checked: settings.clarifications?.enabled ?? true, onchange: set("clarifications", "enabled") }))),
    h("section.stack", {}, h("h2", {}, "Put it away"), h("p.hint", {}, "An archived twin answers nobody and keeps what it knows. The command line brings it back."),
      h("div", {}, action("Archive this twin", async () => {
        if (!await sure(`Archive ${twin.name}?`, "It stops answering, and its share link and widgets stop working.", "Archive")) return;
        await call("archiveTwin", { twin_id: twin.id });
        changed(null);
        toast("The twin is archived.");
      }, { kind: "bad" }))));
}
