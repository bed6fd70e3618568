// The desk: who waits for a person, what is said with them as it happens, and what remains of it.
import { h, icon, replace } from "./dom.js";
import { call, listen } from "./api.js";
import { action, form, field, submit, check, empty, ago, toast, copyable } from "./parts.js";

/** Milliseconds between two signs of life; after three of them missing one counts as gone. */
const pingInterval = 30_000;
/** Sessions in which something was said that was not looked at. */
const unread = new Set();

export function deskPage(context) {
  const { user, href, rest, isOwner } = context;
  const tenant = user.tenant_id;
  const works = user.role === "supporter";
  const open = rest[0] ?? null;
  let escalations = [];
  let asked = 0;
  let wanted = null;
  let changes = Promise.resolve();
  unread.delete(open);

  const line = h("p.hint", { role: "status" }, "Connecting…");
  const list = h("div.stack");
  const presence = works && h("select", { "aria-label": "Your status", onchange: () => setPresence(presence.value) },
    [["automatic", "Here while this page is open"], ["online", "Available"], ["busy", "Busy"], ["away", "Away"], ["offline", "Not here"]]
      .map(([value, name]) => h("option", { value }, name)));
  const talk = open ? conversation(context, open, () => escalations.find((item) => item.session_id === open), load) : null;
  const layout = h(`div.desk${open ? ".reading" : ""}`, {},
    h("div.desk-list", {}, h(open ? "h2" : "h1", { tabindex: -1 }, "Desk"), line, presence && h("div.field", {}, presence), list),
    talk?.element ?? h("div.desk-talk.none", {}, h("p.hint", {}, "Choose somebody from the list.")));

  /** Shows what a change or a ping answers, unless another was sent meanwhile. */
  async function present(request) {
    if (!works) return;
    asked += 1;
    const mine = asked;
    try {
      const member = await request;
      if (mine === asked) presence.value = member.status_set_by_hand ? member.supporter_status : "automatic";
    } catch (error) {
      toast(error.message, true);
    }
  }

  // One after the other, and of those that wait the last: whoever goes through the list with the arrow keys means none between.
  function setPresence(status) {
    wanted = status;
    changes = changes.then(() => (wanted === status ? present(call("setPresence", { user_id: user.id }, { status })) : null));
  }

  // The connection says for itself when it is lost.
  const ping = () => present(call("ping", { tenant_id: tenant }).catch(() => new Promise(() => {})));

  async function load() {
    try {
      escalations = (await call("queue", { limit: 200 })).escalations;
      draw();
      talk?.refresh();
    } catch (error) {
      replace(list, h("div.empty", { role: "alert" }, h("h2", {}, "That did not work"), h("p", {}, error.message), action("Try again", load)));
    }
  }

  function draw() {
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const state = (status) => escalations.filter((item) => item.escalation_status === status);
    const groups = [
      ["Waiting", state("pending").reverse()], ["Yours", state("assigned").filter((item) => item.assigned_supporter_id === user.id)],
      [works ? "With others" : "With somebody", state("assigned").filter((item) => item.assigned_supporter_id !== user.id)], ["Resolved", state("resolved").slice(0, 10)],
    ].filter(([, items]) => items.length);
    replace(list, groups.length ? groups.map(([name, items]) => h("section", {}, h("h3", {}, name), h("ul.list", {}, items.map(row))))
      : empty("Nobody waits", "Whoever asks for a person comes here."), isOwner && code());
    if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  }

  function row(item) {
    return h("li", {}, h("a.item", { href: href("desk", item.session_id), "aria-current": item.session_id === open && "true" },
      h("span.grow", {}, h("b", {}, item.user_name || "Visitor"), h("small", {}, item.topic || item.escalation_reason)),
      unread.has(item.session_id) && h("span.count", {}, "new"), h("small", {}, ago(item.escalation_requested_at))));
  }

  function code() {
    return h("details.add", {}, h("summary.quiet-button", {}, icon("share"), "Put the desk on a site"), h("div.inset", {},
      copyable("Code of the widget", `<script async src="${context.publicURL}/widget.js" data-desk="${tenant}"></script>`, { rows: 3 })));
  }

  let isFirst = true;
  const stop = listen((event) => {
    switch (event.type) {
      case "connected":
        if (!isFirst) talk?.reload();
        isFirst = false;
        return load();
      case "new_message":
        if (event.session_id === open) return talk.add(event.message, true);
        if (event.message.role === "user") {
          unread.add(event.session_id);
          draw();
        }
        return;
      case "escalation_status_update": return load();
      case "presence_update": return event.user_id === user.id && works ? ping() : undefined;
    }
  }, (isConnected) => { line.textContent = isConnected ? "Live" : "The connection is lost; it comes back by itself."; });
  if (works) ping();
  const timer = setInterval(() => { if (works) ping(); }, pingInterval);
  context.onLeave(() => {
    clearInterval(timer);
    stop();
  });
  return layout;
}

/** One session: what was said, what can be said, and what staff note. */
function conversation(context, id, entry, changed) {
  const { user, twin, isOwner, href } = context;
  const tenant = user.tenant_id;
  const turns = h("ol.turns.lines", { "aria-label": "Conversation" });
  const scroller = h("div.scroller", { tabindex: 0, role: "region", "aria-label": "What was said" }, turns);
  const spoken = h("div.unseen", { role: "status" });
  const title = h("h1", { tabindex: -1 }, "Conversation");
  const state = h("p.hint");
  const actions = h("div.row");
  const input = h("textarea", {
    rows: 1, "aria-label": "Your message", placeholder: "Your message…", maxlength: 2000,
    onkeydown: (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        composer.requestSubmit();
      }
    },
  });
  const composer = form("ask-form", async () => {
    const text = input.value.trim();
    if (!text) return;
    add(await call("say", { tenant_id: tenant }, { session_id: id, message: text }));
    input.value = "";
  }, input, h("button.button.main", { type: "submit" }, h("span.unseen", {}, "Send"), icon("send")));
  composer.hidden = true;
  const resolution = h("div");
  const element = h("section.desk-talk", {},
    h("div.desk-head", {}, h("a.back", { href: href("desk") }, icon("back"), "All"), h("div", {}, title, state), actions),
    resolution, scroller, spoken, composer, beside());
  const known = new Set();
  const said = [];
  let session = null;
  let shape = "";

  function add(message, isLive = false) {
    if (known.has(message.message_id)) return;
    known.add(message.message_id);
    said.push(message);
    const who = message.role === "user" ? session?.user_name || "Visitor" : message.role === "supporter"
      ? (message.sender_user_id === user.id ? "You" : message.supporter_name || "A supporter") : twin.name;
    turns.append(h(`li.line.${message.role}`, {}, h("p.who", {}, who, " · ", ago(message.created_at)), h("p.said-text", {}, message.content)));
    scroller.scrollTop = scroller.scrollHeight;
    if (isLive && message.role === "user") spoken.textContent = `${who}: ${message.content}`;
  }

  async function reload() {
    try {
      session = await call("deskSession", { tenant_id: tenant, session_id: id });
      title.textContent = session.user_name || "Visitor";
      for (const message of (await call("deskMessages", { tenant_id: tenant, session_id: id, limit: 200 })).messages) add(message);
      refresh();
    } catch (error) {
      replace(turns, h("li", { role: "alert" }, h("p.problem", {}, error.message)));
    }
  }

  /** Shows what can be done now. */
  function refresh() {
    if (entry()) session = entry();
    if (!session) return;
    const status = session.escalation_status;
    const isMine = status === "assigned" && session.assigned_supporter_id === user.id;
    state.textContent = [session.user_email, {
      pending: "waits for somebody", assigned: isMine ? "is yours" : "is with somebody", resolved: "is resolved", none: "talks with the agents",
    }[status], session.topic || session.escalation_reason].filter(Boolean).join(" · ");
    composer.hidden = !isMine;
    if (shape === status + isMine) return;
    shape = status + isMine;
    replace(resolution);
    const canTake = status === "pending" && !isOwner;
    const canResolve = isMine || isOwner && (status === "pending" || status === "assigned");
    const next = [
      canTake && action("Take over", takeOver, { kind: "main" }), isOwner && canResolve && give(),
      canResolve && action("Resolve…", async () => resolve(), { shape: "check" }),
    ];
    const had = actions.contains(document.activeElement);
    replace(actions, next);
    if (had || isMine && document.activeElement === title) (isMine ? input : title).focus();
  }

  async function takeOver() {
    const member = await call("ping", { tenant_id: tenant });
    // Somebody who is away is given nothing; whoever takes something is here.
    if (member.supporter_status !== "online") await call("setPresence", { user_id: user.id }, { status: "automatic" });
    const now = await call("deskSession", { tenant_id: tenant, session_id: id });
    if (now.assigned_supporter_id !== user.id) await call("assign", { session_id: id }, { supporter_id: user.id });
    await changed();
  }

  function give() {
    const choice = h("select", {
      "aria-label": "Give to", onchange: async () => {
        try {
          await call("assign", { session_id: id }, { supporter_id: choice.value });
        } catch (error) {
          toast(error.message, true);
        }
        changed();
      },
    }, h("option", { value: "" }, "Give to…"));
    call("staff").then(({ staff }) => {
      for (const item of staff) {
        choice.append(h("option", { value: item.user_id, disabled: item.supporter_status !== "online" },
          `${item.display_name || item.email} (${item.supporter_status}, ${item.current_sessions_count} of ${item.max_concurrent_sessions})`));
      }
    }).catch(() => {});
    return choice;
  }

  function resolve() {
    if (resolution.firstChild) return replace(resolution);
    const last = (role) => said.findLast((message) => message.role === role)?.content ?? "";
    // What the person was asked for is what nothing else had answered: the visitor's last words before the first of them.
    const first = said.findIndex((message) => message.role === "supporter");
    const before = said.slice(0, first < 0 ? said.length : first).findLast((message) => message.role === "user");
    const question = h("input", { name: "question", value: before?.content ?? "", maxlength: 2000 });
    const answer = h("textarea", { name: "answer", rows: 3, value: last("supporter"), maxlength: 16000 });
    const verified = h("div.stack", { hidden: true }, field("Question", question), field("Answer", answer, `${twin.name} gives it word for word to the next who asks.`));
    const box = check("Make this a verified answer", {
      name: "publish", onchange: (event) => {
        verified.hidden = !event.target.checked;
        question.required = answer.required = event.target.checked;
      },
    });
    const notes = h("textarea", { name: "notes", rows: 2, maxlength: 4000 });
    replace(resolution, form("stack.inset", async (values) => {
      await call("resolve", { session_id: id }, {
        ...(values.notes.trim() && { notes: values.notes.trim() }),
        ...(values.publish && { verified_answer: { question: values.question.trim(), answer: values.answer.trim() } }),
      });
      replace(resolution);
      toast(values.publish ? "Resolved. The next who asks is answered so." : "Resolved. The agents answer again.");
      title.focus();
      await changed();
    }, field("Note for the desk", notes), box, verified, h("div.row", {}, submit("Resolve"), action("Cancel", async () => replace(resolution)))));
    notes.focus();
  }

  /** Notes, and the calls of tools. */
  function beside() {
    const notes = h("ul.list");
    const text = h("textarea", { name: "content", rows: 2, required: true, maxlength: 4000 });
    const show = (items) => replace(notes, items.map((item) => h("li", {}, h("div.item", {}, h("span.grow", {}, h("span", {}, item.content)), h("small", {}, ago(item.created_at))))));
    const load = async () => show((await call("notes", { tenant_id: tenant, session_id: id })).notes);
    const calls = h("ul.list");
    const opened = (work) => (event) => { if (event.target.open) work().catch((error) => toast(error.message, true)); };
    return h("div.desk-more", {},
      h("details", { ontoggle: opened(load) }, h("summary", {}, "Notes"), notes, form("stack", async (values, element) => {
        await call("addNote", { tenant_id: tenant, session_id: id }, { content: values.content });
        element.reset();
        await load();
      }, field("A note that only staff see", text), h("div", {}, submit("Add the note")))),
      h("details", {
        ontoggle: opened(async () => {
          const found = (await call("toolCalls", { tenant_id: tenant, session_id: id })).tool_calls;
          replace(calls, found.length ? found.map((item) => h("li", {}, h("div.item", {}, h("span.grow", {},
            h("b", {}, item.tool_name), h("code", {}, JSON.stringify(item.tool_args)), h("code", {}, JSON.stringify(item.output))), h("small", {}, item.status, " · ", ago(item.created_at)))))
            : h("li", {}, h("p.hint", {}, "No tool was called.")));
        }),
      }, h("summary", {}, "Tool calls"), calls));
  }

  reload();
  return { element, add, refresh, reload };
}
