// The console: who is signed in, which twin and which page. The address names both: /console#/TWIN/PAGE/REST.
import { h, icon, replace, root } from "./dom.js";
import { call, session, send, onSignedOut } from "./api.js";
import { page, form, field, submit, empty, toast } from "./parts.js";
import { askPage } from "./ask.js";
import { sourcesPage } from "./sources.js";
import { questionsPage, waiting } from "./questions.js";
import { answersPage } from "./answers.js";
import { accessPage } from "./access.js";
import { sharingPage } from "./sharing.js";
import { numbersPage, auditPage } from "./numbers.js";
import { settingsPage } from "./settings.js";
import { deskPage } from "./desk.js";

const pages = [
  { path: "ask", name: "Ask", shape: "ask", show: askPage }, { path: "sources", name: "Sources", shape: "file", show: sourcesPage },
  { path: "questions", name: "Questions", shape: "inbox", show: questionsPage, owner: true },
  { path: "answers", name: "Answers", shape: "seal", show: answersPage },
  { path: "access", name: "Access", shape: "people", show: accessPage, owner: true },
  { path: "sharing", name: "Sharing", shape: "share", show: sharingPage, owner: true },
  { path: "numbers", name: "Numbers", shape: "chart", show: numbersPage },
  { path: "audit", name: "Audit trail", shape: "clock", show: auditPage, owner: true },
  { path: "desk", name: "Desk", shape: "desk", show: deskPage, staff: true },
  { path: "settings", name: "Settings", shape: "gear", show: settingsPage, owner: true },
];

const app = document.getElementById("app");
const said = h("div.toasts", { id: "said", role: "status" });
let user = null;
let publicURL = "";
let servesDesk = false;
let twins = [];
let leave = null;

async function begin() {
  document.body.append(said);
  const link = /^#login=([\w-]+)$/.exec(location.hash);
  if (link) history.replaceState(null, "", `${root}/console`);
  try {
    const found = link ? await session({ login_token: link[1] }) : await session();
    if (found) return signedIn(found);
    showSignIn();
  } catch (error) {
    showSignIn(error.message);
  }
}

async function signedIn(found) {
  user = found.user;
  publicURL = found.public_url;
  servesDesk = found.serves_desk;
  onSignedOut(() => {
    if (!user) return;
    user = null;
    showSignIn("You have been signed out. Sign in to go on.");
  });
  twins = await call("twins");
  show();
}

function showSignIn(message) {
  document.title = "Sign in · twin";
  document.body.className = "";
  const email = h("input", { name: "email", type: "email", autocomplete: "username", required: true });
  replace(app, h("main.door", { id: "main" }, h("div", {}, h("h1", {}, "twin"), h("p.lead", {}, "Sign in to look after your twins.")),
    message && h("p.problem", { role: "alert" }, message),
    form("stack", async (values) => signedIn(await session(values)),
      field("E-mail address", email),
      field("Password", h("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
      h("div", {}, submit("Sign in"))),
    h("p.hint", {}, h("a", { href: `${root}/auth/new-password` }, "Forgot your password?")),
    h("p.hint", {}, "On the machine that runs the server, ", h("code", {}, "twin console"), " signs you in without a password.")));
  email.focus();
}

async function signOut() {
  await send("signOut").catch(() => {});
  user = null;
  location.hash = "";
  showSignIn();
}

const isOwner = () => user.role === "owner";
const isStaff = () => servesDesk && (isOwner() || user.role === "supporter");
const allowed = (item) => (item.staff ? isStaff() : isOwner() || !item.owner);

function show() {
  if (!user) return;
  leave?.();
  leave = null;
  const [slug, path = user.role === "supporter" && servesDesk ? "desk" : "ask", ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (slug === "new" || !twins.length) return shell(null, null, newTwin());
  const twin = twins.find((item) => item.slug === slug || item.id === slug);
  if (!twin) return location.replace(`#/${twins[0].slug}`);
  const found = pages.find((item) => item.path === path && allowed(item));
  if (!found) return location.replace(`#/${twin.slug}/ask`);
  const context = {
    twin, user, rest, isOwner: isOwner(), publicURL, base: `#/${twin.slug}`, href: (...parts) => `#/${[twin.slug, ...parts].map(encodeURIComponent).join("/")}`,
    changed: (next) => {
      twins = next ? twins.map((item) => (item.id === next.id ? next : item)) : twins.filter((item) => item.id !== twin.id);
      if (!next) location.hash = "#/";
    },
    onLeave: (work) => { leave = work; }, recount: () => count(twin),
  };
  document.title = `${found.name} · ${twin.name}`;
  let content;
  try {
    content = found.show(context);
  } catch (error) {
    content = page("That did not work", error.message);
  }
  shell(twin, found, content);
}

function shell(twin, current, content) {
  const isFirst = !app.querySelector(".side");
  document.body.className = current ? `at-${current.path}` : "";
  const links = twin ? pages.filter(allowed).map((item) => h("li", {}, h("a", {
    href: `#/${twin.slug}/${item.path}`, "aria-current": item === current && "page",
  }, icon(item.shape), h("span", {}, item.name), item.path === "questions" && h("span.count", { id: "waiting", hidden: true })))) : [];
  const chooser = twins.length > 1 || twin
    ? h("select", { "aria-label": "Twin", onchange: (event) => { location.hash = event.target.value ? `#/${event.target.value}/${current?.path ?? "ask"}` : "#/new"; } },
      twins.map((item) => h("option", { value: item.slug, selected: item === twin }, item.name)), isOwner() && h("option", { value: "", selected: !twin }, "New twin…"))
    : h("p.name", {}, "twin");
  const menu = h("button.quiet-button.menu", {
    type: "button", "aria-expanded": "false", "aria-controls": "side-links", onclick: () => toggle(),
  }, icon("menu"), "Menu");
  const side = h("header.side", {},
    h("div.top", {}, chooser, menu),
    h("div.links", { id: "side-links" }, h("nav", { "aria-label": "Pages" }, h("ul", {}, links)),
      h("div.me", {}, h("span", { title: user.email }, user.full_name || user.email),
        h("button.quiet-button", { type: "button", onclick: signOut }, icon("out"), "Sign out"))));
  function toggle(open = menu.getAttribute("aria-expanded") !== "true") {
    menu.setAttribute("aria-expanded", String(open));
    side.classList.toggle("open", open);
  }
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !side.classList.contains("open")) return;
    toggle(false);
    menu.focus();
  });
  const main = h("main", { id: "main", tabindex: -1 }, content);
  replace(app, h("a.skip", { href: "#main", onclick: (event) => { event.preventDefault(); main.focus(); } }, "Skip to the content"), side, main);
  scrollTo(0, 0);
  if (!isFirst) (main.querySelector("h1") ?? main).focus({ preventScroll: true });
  if (twin) count(twin);
}

/** How much waits for the owner, beside the page's name. */
async function count(twin) {
  if (!isOwner()) return;
  const total = await waiting(twin).catch(() => 0);
  const place = document.getElementById("waiting");
  if (!place) return;
  place.hidden = !total;
  replace(place, String(total), h("span.unseen", {}, " waiting"));
}

function newTwin() {
  if (!isOwner()) return page("No twins yet", null, empty("There is nothing to ask yet", "The owner of this workspace has not made a twin. Come back later."));
  return page(twins.length ? "New twin" : "Make your first twin",
    "A twin answers in somebody’s place, from documents that you give it, and shows where each answer stands.",
    form("stack.narrow", async (values) => {
      const made = await call("makeTwin", {}, {
        name: values.name.trim(), ...(values.description.trim() && { description: values.description.trim() }),
        settings: { escalation: { enabled: true } },
      });
      twins = [made, ...twins];
      toast("The twin is there. Give it something to read.");
      location.hash = `#/${made.slug}/sources`;
    },
      field("Name", h("input", { name: "name", required: true, maxlength: 200, autocomplete: "off" }), "Whom it answers for, such as Amara Lindqvist."),
      field("What it knows about", h("textarea", { name: "description", rows: 3, maxlength: 4000 }), "Shown to visitors under its name."),
      h("div", {}, submit("Make the twin"))));
}

addEventListener("hashchange", show);
begin();
