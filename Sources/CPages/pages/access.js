// Who may read what: groups with their members, and the people of the workspace.
import { h, icon, replace } from "./dom.js";
import { call } from "./api.js";
import { page, action, form, field, submit, check, loading, ago, plural, tabs, sure, toast, copyable } from "./parts.js";

export function accessPage(context) {
  const { href, rest } = context;
  const isPeople = rest[0] === "people";
  const current = isPeople ? href("access", "people") : href("access");
  return page("Access", null,
    tabs("Access", [{ name: "Groups", href: href("access") }, { name: "People", href: href("access", "people") }], current),
    isPeople ? people(context) : rest[0] ? one(context, rest[0]) : groups(context));
}

function groups({ twin, href }) {
  const part = loading(async () => {
    const found = await call("groups", { twin_id: twin.id });
    const details = await Promise.all(found.map(async (group) => [await call("members", { group_id: group.id }), await call("permissions", { group_id: group.id })]));
    return h("ul.list", {}, found.map((group, index) => h("li", {}, h("a.item", { href: href("access", group.id) },
      h("span.grow", {}, h("b", {}, group.name), h("small", {}, group.is_default ? "Everybody without a group of their own" : group.is_public ? "Visitors without an account" : group.description ?? "")),
      !group.is_default && h("small", {}, plural(details[index][0].length, "member")), h("small", {}, `reads ${plural(details[index][1].length, "thing")}`)))));
  });
  return h("div.stack", {}, h("p.lead", {}, "A group sees what it was granted, and nothing else; so do the answers that its members get."), part,
    h("details.add", {}, h("summary.button", {}, icon("plus"), "New group"), form("stack.inset", async (values) => {
      const made = await call("makeGroup", { twin_id: twin.id }, { name: values.name.trim(), is_public: Boolean(values.public) });
      location.hash = href("access", made.id);
    }, field("Name", h("input", { name: "name", required: true, maxlength: 200 })),
    check("For visitors without an account: share link and widget", { name: "public" }), h("div", {}, submit("Make the group")))));
}

function one({ twin, href }, id) {
  const part = loading(async () => {
    const [all, members, granted, users, sources, answers] = await Promise.all([
      call("groups", { twin_id: twin.id }), call("members", { group_id: id }), call("permissions", { group_id: id }), call("users"),
      call("sources", { twin_id: twin.id }), call("answers", { twin_id: twin.id }),
    ]);
    const group = all.find((item) => item.id === id);
    if (!group) throw new Error("This group no longer exists.");
    const has = (type, content) => granted.some((item) => item.content_type === type && item.content_id === content);
    const boxes = (type, items, label) => h("fieldset.checks", {}, h("legend.label", {}, type === "source" ? "Sources" : "Answers"),
      items.length ? items.map((item) => check(label(item), { checked: has(type, item.id), onchange: (event) => set(event.target, type, item.id) })) : h("p.hint", {}, "There are none."));
    const set = async (box, type, content) => {
      try {
        if (box.checked) await call("grant", { group_id: id }, { content_type: type, content_ids: [content] });
        else await call("revoke", { group_id: id, content_type: type, content_id: content });
      } catch (error) {
        box.checked = !box.checked;
        toast(error.message, true);
      }
    };
    const name = (member) => users.find((user) => user.id === member.user_id)?.email ?? member.email ?? member.user_id ?? "Invited";
    const missing = sources.filter((source) => !has("source", source.id)).map((source) => source.id);
    return h("div.stack.wide", {},
      h("div.row.between", {}, h("h2", {}, group.name), !group.is_default && action("Delete the group", async () => {
        if (!await sure(`Delete ${group.name}?`, "Its members fall back to the default group.", "Delete")) return;
        await call("removeGroup", { group_id: id });
        location.hash = href("access");
      }, { kind: "bad" })),
      group.is_default ? h("p.hint", {}, "Everybody without a group of their own is in this one.") : h("section.stack", {}, h("h3", {}, "Members"),
        members.length ? h("ul.list", {}, members.map((member) => h("li", {}, h("div.item", {}, h("span.grow", {}, name(member)),
          action("Remove", async () => {
            await call("removeMember", { membership_id: member.id });
            part.reload();
          }, { describe: `Remove ${name(member)}` }))))) : h("p.hint", {}, "Nobody yet."),
        form("inline", async (values) => {
          await call("addMember", { twin_id: twin.id }, { user_id: values.user.trim(), group_id: id });
          part.reload();
        }, field("Add somebody", h("input", { name: "user", required: true, list: "users", placeholder: "E-mail address" })),
        h("datalist", { id: "users" }, users.map((user) => h("option", { value: user.email }))), submit("Add"))),
      h("section.stack", {}, h("div.row.between", {}, h("h3", {}, "May read"), missing.length > 0 && action("All sources", async () => {
        await call("grant", { group_id: id }, { content_type: "source", content_ids: missing.slice(0, 1000) });
        part.reload();
      })),
      boxes("source", sources, (item) => item.title || item.filename), boxes("verified_qna", answers.filter((item) => item.is_active), (item) => item.question)));
  });
  return h("div.stack", {}, h("a.back", { href: href("access") }, icon("back"), "Groups"), part);
}

function people({ user }) {
  const made = h("div");
  const part = loading(async () => h("ul.list", {}, (await call("users")).map((item) => h("li", {}, h("div.item", {},
    h("span.grow", {}, h("b", {}, item.full_name || item.email), h("small", {}, item.full_name ? item.email : "")), h("small", {}, item.role),
    h("small", {}, item.last_active_at ? ["seen ", ago(item.last_active_at)] : "not seen yet"),
    item.id !== user.id && action("Remove", async () => {
      if (!await sure(`Remove ${item.email}?`, "They can no longer sign in, and the keys that they made stop working.", "Remove")) return;
      await call("removeUser", { user_id: item.id });
      part.reload();
    }, { kind: "bad", describe: `Remove ${item.email}` }))))));
  const roles = h("select", { name: "role" }, h("option", { value: "viewer" }, "Viewer: reads and asks"), h("option", { value: "supporter" }, "Supporter: also talks with those who ask"), h("option", { value: "owner" }, "Owner: everything"));
  return h("div.stack", {}, part, form("inline", async (values, element) => {
    const invitation = await call("invite", {}, { email: values.email.trim(), role: values.role });
    replace(made, h("div.inset.stack", { role: "status" }, h("p", {}, `Give this link to ${invitation.email}. It is good once, for seven days, and shown only now.`), copyable("Link", invitation.invitation_url)));
    element.reset();
  }, field("Invite by e-mail address", h("input", { name: "email", type: "email", required: true })), field("Role", roles), submit("Invite")), made);
}
