// Pieces that the console's pages are made of.
import { h, icon, replace } from "./dom.js";

/** A button that does something which takes a while: it cannot be pressed twice, and says what went wrong. */
export function action(label, work, { kind = "", shape, describe } = {}) {
  const button = h(`button.button${kind ? "." + kind : ""}`, { type: "button", "aria-label": describe }, shape && icon(shape), label);
  button.addEventListener("click", () => busy(button, work));
  return button;
}

export async function busy(button, work) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } catch (error) {
    toast(error.message, true);
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/** A form whose submission is `work`, with the fields' values by their names. */
export function form(className, work, ...children) {
  const wrong = h("p.problem", { role: "alert" });
  const element = h(`form.${className}`, {}, ...children, wrong);
  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter ?? element.querySelector("[type=submit]");
    if (button.getAttribute("aria-disabled") === "true") return;
    wrong.textContent = "";
    button.setAttribute("aria-disabled", "true");
    try {
      await work(Object.fromEntries(new FormData(element)), element);
    } catch (error) {
      wrong.textContent = error.message;
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  return element;
}

export const field = (label, control, hint) => h("label.field", {}, h("span", {}, label), control, hint && h("small", {}, hint));
export const submit = (label) => h("button.button.main", { type: "submit" }, label);
export const check = (label, properties) => h("label.check", {}, h("input", { type: "checkbox", ...properties }), h("span", {}, label));

/** Says something for a moment, to eyes and to screen readers. */
export function toast(text, isProblem = false) {
  const area = document.getElementById("said");
  const note = h(`p.toast${isProblem ? ".problem" : ""}`, {}, text);
  area.append(note);
  setTimeout(() => note.remove(), isProblem ? 9000 : 4500);
}

/** Asks before what cannot be taken back. */
export function sure(question, detail, label) {
  return new Promise((resolve) => {
    const box = h("dialog.box", { "aria-labelledby": "box-title" },
      h("form", { method: "dialog" }, h("h2", { id: "box-title" }, question), h("p", {}, detail),
        h("div.row.end", {}, h("button.button", { value: "" }, "Cancel"), h("button.button.bad", { value: "yes" }, label))));
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "yes");
    });
    document.body.append(box);
    box.showModal();
  });
}

/** Text that is to be taken elsewhere. */
export function copyable(label, text, { rows } = {}) {
  const control = rows ? h("textarea.code", { readonly: true, rows, value: text }) : h("input.code", { readonly: true, value: text });
  control.addEventListener("focus", () => control.select());
  return h("div.copyable", {}, field(label, control), action("Copy", async () => {
    control.select();
    await navigator.clipboard?.writeText(text).catch(() => document.execCommand("copy"));
    toast("Copied.");
  }, { shape: "copy", describe: `Copy ${label.toLowerCase()}` }));
}

export const empty = (title, text, ...more) => h("div.empty", {}, h("h2", {}, title), h("p", {}, text), ...more);

export function tabs(label, items, current) {
  return h("nav.tabs", { "aria-label": label }, items.map(({ name, href, count }) =>
    h("a", { href, "aria-current": href === current && "page" }, name, count ? h("span.count", {}, count) : null)));
}

export function page(title, lead, ...children) {
  return h("div.content", {}, h("div.head", {}, h("h1", { tabindex: -1 }, title), lead && h("p.lead", {}, lead)), ...children);
}

const units = [["year", 31_536_000], ["month", 2_592_000], ["day", 86_400], ["hour", 3_600], ["minute", 60]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

export function ago(time) {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  const text = unit === "second" ? "just now" : words.format(Math.round(seconds / size), unit);
  return h("time", { datetime: time, title: new Date(time).toLocaleString() }, text);
}

export const number = (value) => new Intl.NumberFormat("en").format(value);
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** Loads a part of a page: what `work` answers, and an error with a way to try again in its place. */
export function loading(work) {
  const place = h("div.loading", { "aria-busy": "true" });
  const load = async () => {
    try {
      replace(place, await work());
    } catch (error) {
      replace(place, h("div.empty", { role: "alert" }, h("h2", {}, "That did not work"), h("p", {}, error.message), action("Try again", load)));
    }
    place.removeAttribute("aria-busy");
  };
  place.reload = load;
  load();
  return place;
}
