// Sources: what the twin has read, in what state, and giving it more.
import { h, icon, replace } from "./dom.js";
import { call, upload } from "./api.js";
import { page, action, form, field, submit, check, empty, loading, ago, number, plural, sure, toast } from "./parts.js";

const states = {
  live: ["Ready", "good", "check"], staged: ["Waiting", "", "clock"], processing: ["Being read", "", "clock"], queued: ["Waiting", "", "clock"],
  error: ["Could not be read", "bad", "warn"], failed: ["Could not be read", "bad", "warn"], needs_attention: ["Needs attention", "warn", "warn"],
};

export function state(source) {
  const [label, kind, shape] = states[source.status] ?? [source.status, "", "clock"];
  return h(`span.badge${kind && "." + kind}`, {}, icon(shape), label);
}

const title = (source) => source.title || source.filename;

export function sourcesPage(context) {
  return context.rest[0] ? onePage(context) : listPage(context);
}

function listPage(context) {
  const { twin, href, isOwner } = context;
  let timer = null;
  context.onLeave(() => clearTimeout(timer));
  const list = loading(async () => {
    const sources = await call("sources", { twin_id: twin.id });
    const isBusy = sources.some((source) => ["staged", "queued", "processing"].includes(source.status));
    // Jobs say how far they are; who only reads does not see them.
    const jobs = isBusy && isOwner ? await call("jobs", { twin_id: twin.id, status: "processing" }) : [];
    clearTimeout(timer);
    if (isBusy) timer = setTimeout(() => list.reload(), 2500);
    const progress = (source) => {
      const job = jobs.find((item) => item.source_id === source.id);
      return job && h("progress", { max: 1, value: job.progress, "aria-label": `Progress of ${title(source)}` });
    };
    if (!sources.length) return empty("Nothing to read yet", isOwner ? "Drop documents above: text, PDF, Word, slides, tables, mail, captions. A few pages are enough to begin." : "The owner has not given it anything that you may read.");
    return h("div", {}, h("p.hint", {}, plural(sources.length, "source")), h("ul.list", {}, sources.map((source) => h("li", {},
      h("a.item", { href: href("sources", source.id) },
        h("span.grow", {}, h("b", {}, title(source)), h("small", {}, [source.filename !== title(source) && source.filename, source.format].filter(Boolean).join(" · "))),
        h("small", {}, plural(source.chunk_count, "passage")), h("small", {}, ago(source.updated_at)), progress(source), state(source))))));
  });
  const content = page("Sources", `What ${twin.name} answers from.`, isOwner && dropZone(twin, list), list);
  return content;
}

function dropZone(twin, list) {
  const uploads = h("ul.uploads", { "aria-live": "polite" });
  const input = h("input.unseen", { type: "file", multiple: true, id: "files", onchange: (event) => take([...event.target.files]) });
  const zone = h("div.drop", {},
    icon("upload"), h("p", {}, h("label.button", { for: "files" }, "Choose files"), input, h("span", {}, "or drop them here")),
    h("p.hint", {}, "Text, Markdown, PDF, Word, PowerPoint, Excel, EPUB, HTML, CSV, mail, captions"));
  const over = (is) => (event) => {
    event.preventDefault();
    zone.classList.toggle("over", is);
  };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => {
    over(false)(event);
    take([...event.dataTransfer.files]);
  });

  /** One after the other: a slow one keeps no others waiting on the server. */
  async function take(files) {
    const rows = files.map((file) => {
      const bar = h("progress", { max: 1, value: 0, "aria-label": `Upload of ${file.name}` });
      const note = h("span.badge", {}, "Waiting");
      const row = h("li", {}, h("span.grow", {}, file.name), bar, note);
      uploads.append(row);
      return { file, bar, note, row };
    });
    for (const { file, bar, note, row } of rows) {
      try {
        note.textContent = "Sending";
        const result = await upload(twin.id, file, (share) => {
          bar.value = share;
          if (share === 1) note.textContent = "Being read";
        });
        bar.value = 1;
        replace(note, icon("check"), result.outcome === "unchanged" ? "Already known" : plural(result.chunk_count ?? 0, "passage"));
        note.classList.add("good");
      } catch (error) {
        bar.remove();
        replace(note, icon("warn"), error.message);
        note.classList.add("bad");
        row.classList.add("wide");
      }
    }
    input.value = "";
    // What went well is in the list below; what did not stays to be read.
    const well = rows.filter(({ note }) => note.classList.contains("good"));
    well.forEach(({ row }) => row.remove());
    uploads.querySelector(".summary")?.remove();
    if (well.length) uploads.prepend(h("li.summary", {}, h("span.badge.good", {}, icon("check"), `${plural(well.length, "file")} ${well.length === 1 ? "is" : "are"} read`)));
    list.reload();
  }

  const address = form("inline", async (values, element) => {
    const result = await call("fetchURL", { twin_id: twin.id }, { url: values.url.trim() });
    toast(result.status === "live" ? "It is read." : "It is on its way.");
    element.reset();
    list.reload();
  }, field("Address of a page", h("input", { name: "url", type: "url", required: true, placeholder: "https://", pattern: "https?://.+" })), submit("Read it"));
  return h("div.stack", {}, zone, uploads, address);
}

function onePage(context) {
  const { twin, rest, href, isOwner } = context;
  const id = rest[0];
  const back = h("a.back", { href: href("sources") }, icon("back"), "Sources");
  const content = loading(async () => {
    const [source, logs] = await Promise.all([call("source", { twin_id: twin.id, source_id: id }), isOwner ? call("sourceLogs", { source_id: id }) : []]);
    document.title = `${title(source)} · ${twin.name}`;
    const facts = [["File", source.filename], ["Where from", source.locator !== source.filename && source.locator], ["Author", source.author], ["Format", source.format],
      ["Text", `${number(source.extracted_text_length)} bytes in ${plural(source.chunk_count, "passage")}`], ["Version", source.version]];
    const group = isOwner && h("section.stack", {}, h("h2", {}, "Who may read it"), loading(() => permissions(context, "source", id)));
    return h("div.stack", {},
      h("div.head", {}, h("h1", { tabindex: -1 }, title(source)), h("p.row", {}, state(source), h("span.hint", {}, "Changed ", ago(source.updated_at)))),
      source.error && h("p.problem", {}, source.error),
      h("dl.facts", {}, facts.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      isOwner && h("div.row", {}, action("Read again", async () => {
        await call("readAgain", { source_id: id });
        toast("It is read again; its log says when it is done.");
        setTimeout(() => content.reload(), 1500);
      }), action("Delete", async () => {
        if (!await sure("Delete this source?", `${title(source)} and its text are deleted. Answers do not quote it any more.`, "Delete")) return;
        await call("removeSource", { twin_id: twin.id, source_id: id });
        toast("The source is deleted.");
        location.hash = href("sources");
      }, { kind: "bad" })),
      group,
      isOwner && h("section.stack", {}, h("h2", {}, "Log"), logs.length ? h("ol.log", {}, logs.map((entry) => h("li", {},
        h(`span.badge${entry.log_level === "error" ? ".bad" : entry.log_level === "warning" ? ".warn" : ""}`, {}, entry.log_level === "info" ? "" : icon("warn"), entry.message),
        h("small", {}, ago(entry.created_at))))) : h("p.hint", {}, "Nothing was written down.")),
      h("details.whole", {}, h("summary", {}, "The text"), h("div.text", { tabindex: 0, role: "region", "aria-label": "The text" }, source.content_text ?? "There is none.")));
  });
  return h("div.content", {}, back, content);
}

/** Check boxes for the groups of a twin: who may read one thing. */
export async function permissions({ twin }, type, id) {
  const groups = await call("groups", { twin_id: twin.id });
  const granted = await Promise.all(groups.map((group) => call("permissions", { group_id: group.id })));
  return h("fieldset.checks", {}, h("legend.unseen", {}, "Groups"), groups.map((group, index) => check(group.name, {
    checked: granted[index].some((item) => item.content_id === id && item.content_type === type),
    onchange: async (event) => {
      const box = event.target;
      try {
        if (box.checked) await call("grant", { group_id: group.id }, { content_type: type, content_ids: [id] });
        else await call("revoke", { group_id: group.id, content_type: type, content_id: id });
        toast(box.checked ? `${group.name} may read it.` : `${group.name} may not read it any more.`);
      } catch (error) {
        box.checked = !box.checked;
        toast(error.message, true);
      }
    },
  })));
}
