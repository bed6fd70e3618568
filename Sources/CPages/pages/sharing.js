// Doors for visitors: the share link, the widget with a picture of it, and keys.
import { h, icon, replace, readableOn, isColor } from "./dom.js";
import { call } from "./api.js";
import { page, action, form, field, submit, check, empty, loading, ago, tabs, sure, toast, copyable } from "./parts.js";
import { change } from "./questions.js";

const plain = "#2f5d50";

export function sharingPage(context) {
  const { href, rest } = context;
  const kinds = [{ path: "", name: "Share link", show: link }, { path: "widget", name: "Widget", show: widget }, { path: "keys", name: "Keys", show: keys }];
  const current = kinds.find((kind) => kind.path === (rest[0] ?? "")) ?? kinds[0];
  const address = (kind) => (kind.path ? href("sharing", kind.path) : href("sharing"));
  return page("Sharing", null, tabs("Sharing", kinds.map((kind) => ({ name: kind.name, href: address(kind) })), address(current)), current.show(context));
}

function link({ twin }) {
  const part = loading(async () => {
    const found = await call("shareLink", { twin_id: twin.id });
    const set = (isOn) => async () => {
      if (isOn && !found.share_token) await call("newShareLink", { twin_id: twin.id });
      await call("sharing", { twin_id: twin.id }, { is_public: isOn });
      toast(isOn ? "Whoever has the link may ask." : "The link no longer works.");
      part.reload();
    };
    if (!found.public_share_enabled || !found.share_url) {
      return empty("Only people with an account can ask", "With a share link anybody who has it can ask, and sees what visitors may read.", action("Turn the share link on", set(true), { kind: "main" }));
    }
    return h("div.stack", {}, h("p.lead", {}, "Whoever has this link can ask, without an account."), copyable("Share link", found.share_url),
      h("div.row", {}, h("a.button", { href: found.share_url, target: "_blank", rel: "noopener" }, "Open it"), action("Make a new link", async () => {
        if (!await sure("Make a new link?", "The link that you have given away stops working at once.", "Make a new link")) return;
        await call("newShareLink", { twin_id: twin.id });
        part.reload();
      }), action("Turn it off", set(false), { kind: "bad" })));
  });
  return part;
}

function widget(context) {
  let { twin } = context;
  const words = () => twin.settings.page ?? {};
  const snippet = h("div.stack");
  const picture = h("figure.picture");
  const color = h("input", { name: "color", type: "color", value: isColor(words().color) ? words().color : plain });
  const welcome = h("textarea", { name: "welcome", rows: 2, maxlength: 1000, value: words().welcome ?? "" });
  const suggestions = h("textarea", { name: "suggestions", rows: 3, maxlength: 2000, value: words().suggestions ?? "" });
  const label = h("input", { name: "label", maxlength: 60, value: "Ask a question" });
  const side = h("select", { name: "position" }, h("option", { value: "right" }, "Right"), h("option", { value: "left" }, "Left"));

  const draw = () => replace(picture, mock({
    name: twin.name, color: color.value, label: label.value || "Ask a question", side: side.value,
    welcome: welcome.value || `I answer from what ${twin.name} has written and said, and show where it stands.`,
    suggestions: suggestions.value.split("\n").map((line) => line.trim()).filter(Boolean).slice(0, 3),
  }), h("figcaption.hint", {}, "What visitors see"));
  const edit = form("stack", async (values) => {
    const changed = await change(twin, (settings) => ({
      ...settings, page: { ...settings.page, color: values.color, welcome: values.welcome.trim() || undefined, suggestions: values.suggestions.trim() || undefined },
    }));
    twin = changed;
    context.changed(changed);
    toast("Saved. The page of the share link looks like it too.");
  }, field("Welcome", welcome, "What visitors read first."), field("Questions to begin with", suggestions, "One a line."),
  h("div.row.top", {}, field("Colour", color), field("Button", label), field("Side", side)), h("div", {}, submit("Save")));
  edit.addEventListener("input", draw);
  draw();

  const embed = form("stack", async (values) => {
    const domains = values.domains.split(/[\s,]+/).filter(Boolean);
    const key = await call("makeKey", {}, { name: `widget ${domains[0]}`.slice(0, 200), scopes: ["chat"], allowed_domains: domains, allowed_twin_ids: [twin.id] });
    const quote = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;");
    const code = `<script async src="${context.publicURL}/widget.js" data-twin="${twin.id}"\n  data-key="${key.key}" data-color="${color.value}"\n  data-label="${quote(label.value)}"${side.value === "left" ? ' data-position="left"' : ""}></script>`;
    replace(snippet, h("div.inset.stack", { role: "status" }, h("p", {}, "Put this before the end of your pages. The key is shown only now; it may only ask."), copyable("For your pages", code, { rows: 4 })));
  }, field("Sites that may show it", h("input", { name: "domains", required: true, placeholder: "example.org, *.example.org" }), "Hosts, with commas between them; * for every site."),
  h("div", {}, submit("Make the code")));
  return h("div.stack.wide", {}, h("div.beside", {}, edit, picture), h("section.stack", {}, h("h2", {}, "Put it on a site"), embed, snippet));
}

/** The widget as it will look. Colours are set by script, which the page's policy allows where it does not allow attributes. */
function mock({ name, color, label, side, welcome, suggestions }) {
  const head = h("div.mock-head", {}, name, icon("close"));
  const button = h("div.mock-button", {}, icon("ask"), label);
  for (const part of [head, button]) {
    part.style.backgroundColor = color;
    part.style.color = readableOn(color);
  }
  return h(`div.mock.${side}`, { "aria-hidden": "true" }, h("div.mock-panel", {}, head,
    h("div.mock-body", {}, h("p", {}, welcome), suggestions.map((text) => h("span.mock-chip", {}, text))), h("div.mock-input", {}, `Ask ${name}…`)), button);
}

function keys({ twin }) {
  const made = h("div");
  const part = loading(async () => {
    const found = (await call("keys")).filter((key) => key.is_active);
    if (!found.length) return empty("No keys", "Scripts, widgets and other programs ask with a key.");
    return h("ul.list", {}, found.map((key) => h("li", {}, h("div.item", {},
      h("span.grow", {}, h("b", {}, key.name), h("small", {}, h("code", {}, key.key_prefix))),
      h("small", {}, key.scopes.join(", ") || "everything"), h("small", {}, key.allowed_domains.join(", ") || "from everywhere"),
      h("small", {}, key.last_used_at ? ["used ", ago(key.last_used_at)] : "not used yet"),
      action("Revoke", async () => {
        if (!await sure(`Revoke ${key.name}?`, "Whatever uses it stops working at once.", "Revoke")) return;
        await call("revokeKey", { key_id: key.id });
        toast("The key is revoked.");
        part.reload();
      }, { kind: "bad", describe: `Revoke ${key.name}` })))));
  });
  return h("div.stack", {}, part, form("stack.inset", async (values, element) => {
    const scopes = ["read", "write", "chat"].filter((scope) => values[scope]);
    const key = await call("makeKey", {}, {
      name: values.name.trim(), scopes, allowed_twin_ids: values.all ? [] : [twin.id], ...(values.days && { expires_days: Number(values.days) }),
    });
    replace(made, h("div.inset.stack", { role: "status" }, h("p", {}, "This is the key. It is shown only now; keep it where secrets are kept."), copyable("Key", key.key)));
    element.reset();
    part.reload();
  }, h("h2", {}, "New key"), field("Name", h("input", { name: "name", required: true, maxlength: 200 }), "What uses it."),
  h("fieldset.checks.across", {}, h("legend.label", {}, "It may"), check("ask", { name: "chat", checked: true }), check("read sources", { name: "read" }), check("change what the twin knows", { name: "write" })),
  field("Days until it expires", h("input", { name: "days", type: "number", min: 1, max: 36500, placeholder: "never" })),
  check("For all twins of the workspace", { name: "all" }), h("div", {}, submit("Make the key"))), made);
}
