// How the twin is used, and who changed what.
import { h, s } from "./dom.js";
import { call } from "./api.js";
import { page, empty, loading, ago, number, plural, field } from "./parts.js";

export function numbersPage({ twin, href, isOwner }) {
  return page("Numbers", "The last 30 days.", loading(async () => {
    const [sum, days, top, people] = await Promise.all([
      call("dashboard", { twin_id: twin.id, days: 30 }), call("daily", { twin_id: twin.id, days: 30 }), call("topQuestions", { twin_id: twin.id, limit: 10 }),
      isOwner ? call("audience", { twin_id: twin.id, limit: 1 }) : null,
    ]);
    if (!sum.messages) return empty("Nobody has asked yet", "Ask something yourself, or share the twin; numbers come by themselves.");
    const rated = sum.rated_up + sum.rated_down;
    const figures = [
      [number(sum.user_messages), sum.user_messages === 1 ? "question" : "questions"], [number(sum.conversations), sum.conversations === 1 ? "conversation" : "conversations"],
      people && [number(people.total_visitors), people.total_visitors === 1 ? "visitor" : "visitors"], [`${Math.round(sum.answered_rate)} %`, "answered"],
      [rated ? `${Math.round((sum.rated_up / rated) * 100)} %` : "–", rated ? `good, of ${plural(rated, "rating")}` : "no ratings yet"],
    ].filter(Boolean);
    return h("div.stack.wide", {},
      h("dl.figures", {}, figures.map(([value, label]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
      h("section.stack", {}, h("h2", {}, "Questions a day"), chart(days.map((day) => [day.date, Math.ceil(day.messages / 2)]))),
      top.length > 0 && h("section.stack", {}, h("h2", {}, "Asked most"), h("ol.ranks", {}, top.map((item) => h("li", {},
        h("span.grow", {}, item.question), bar(item.count, top[0].count), h("small", {}, plural(item.count, "time")),
        h("small", {}, item.answered_rate >= 99.5 ? "answered" : `${Math.round(item.answered_rate)} % answered`))))));
  }));
}

function bar(value, most) {
  return s("svg", { class: "bar-of", viewBox: "0 0 100 6", preserveAspectRatio: "none", "aria-hidden": "true" }, s("rect", { width: Math.max(2, (value / most) * 100), height: 6, rx: 1 }));
}

/** Bars by day; the same as a table for whoever does not see them. */
function chart(points) {
  const most = Math.max(1, ...points.map(([, value]) => value));
  const [width, height] = [600, 120];
  const step = width / points.length;
  const day = (date) => new Date(date).toLocaleDateString("en", { day: "numeric", month: "short", timeZone: "UTC" });
  return h("figure.chart", {},
    s("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img", "aria-label": `Questions a day from ${day(points[0][0])} to ${day(points.at(-1)[0])}; at most ${most}` },
      points.map(([date, value], index) => s("rect", {
        x: index * step + step * 0.15, width: step * 0.7, y: height - (value ? Math.max(3, (value / most) * (height - 4)) : 1), height: value ? Math.max(3, (value / most) * (height - 4)) : 1, rx: 1.5,
      }, s("title", {}, `${day(date)}: ${plural(value, "question")}`)))),
    h("figcaption", {}, h("span", {}, day(points[0][0])), h("span", {}, `most: ${number(most)}`), h("span", {}, day(points.at(-1)[0]))),
    h("table.unseen", {}, h("caption", {}, "Questions a day"), h("tbody", {}, points.map(([date, value]) => h("tr", {}, h("th", { scope: "row" }, day(date)), h("td", {}, value))))));
}

const kinds = { CONFIGURATION_CHANGE: "Settings", KNOWLEDGE_UPDATE: "Knowledge", SECURITY: "Security", ACCOUNT_ACTION: "Accounts", DATA_EXPORT: "Exports" };

export function auditPage({ twin }) {
  let kind = null;
  const part = loading(async () => {
    const [entries, users] = await Promise.all([call("audit", { twin_id: twin.id, event_type: kind }), call("users")]);
    if (!entries.length) return empty("Nothing was changed yet", "Who changes something of this twin stands here.");
    const name = (id) => (id === "local" ? "command line" : id === "front-end" ? "front end" : users.find((user) => user.id === id)?.email ?? (id ? `${id.slice(0, 8)}…` : "nobody known"));
    const detail = (metadata) => Object.entries(metadata).filter(([key, value]) => !/_ids?$/.test(key) && value !== null)
      .map(([key, value]) => `${key.replaceAll("_", " ")}: ${Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");
    return h("ul.list.audit", {}, entries.slice(0, 300).map((entry) => h("li", {}, h("div.item", {},
      h("span.grow", {}, h("b", {}, words(entry.action)), h("small", {}, detail(entry.metadata))), h("small", {}, name(entry.actor_id)), h("small", {}, ago(entry.created_at))))));
  });
  const choice = h("select", {
    onchange: (event) => {
      kind = event.target.value || null;
      part.reload();
    },
  }, h("option", { value: "" }, "Everything"), Object.entries(kinds).map(([value, label]) => h("option", { value }, label)));
  return page("Audit trail", "Who changed what, newest first.", h("div.narrow", {}, field("Show", choice)), part);
}

const words = (action) => {
  const text = action.replace("TENANT_", "").replaceAll("_", " ").toLowerCase().replace("api key", "API key").replace("qna", "answer");
  return text.charAt(0).toUpperCase() + text.slice(1);
};
