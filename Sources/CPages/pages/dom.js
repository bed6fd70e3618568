// Building what pages show. Text never becomes markup: there is no innerHTML here, and the pages' policy would not have it.

/** Where twin is on this host: empty, or the path below which a proxy has it. */
export const root = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** An element: `h("p.note", {id: "x", onclick: f}, "text", child)`. A property that is false or null is left out. */
export function h(tag, properties, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  set(element, properties);
  element.append(...flat(children));
  return element;
}

/** The same in SVG. */
export function s(tag, properties, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, properties);
  element.append(...flat(children));
  return element;
}

function set(element, properties) {
  for (const [key, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "selected") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
}

const flat = (children) => children.flat(4).filter((child) => child !== null && child !== undefined && child !== false && child !== "");

const shapes = {
  send: "M4 12h15M13 6l6 6-6 6", up: "M7 11v9H4v-9zM7 11l4-7c1.5 0 2.5 1 2.2 2.6L12.5 10H18c1.3 0 2.2 1.2 1.9 2.4l-1.5 6A2 2 0 0 1 16.5 20H7",
  down: "M7 13V4H4v9zM7 13l4 7c1.5 0 2.5-1 2.2-2.6L12.5 14H18c1.3 0 2.2-1.2 1.9-2.4l-1.5-6A2 2 0 0 0 16.5 4H7",
  check: "M5 12.5l4.5 4.5L19 7", close: "M6 6l12 12M18 6L6 18", menu: "M4 7h16M4 12h16M4 17h16", plus: "M12 5v14M5 12h14",
  ask: "M5 5h14v11H10l-5 4z", file: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5", inbox: "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
  seal: "M12 3l2.3 1.9 3-.2.9 2.9 2.5 1.7-1 2.8 1 2.8-2.5 1.7-.9 2.9-3-.2L12 21.2l-2.3-1.9-3 .2-.9-2.9-2.5-1.7 1-2.8-1-2.8 2.5-1.7.9-2.9 3 .2zM8.8 12l2.3 2.3 4.2-4.4",
  people: "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3 20c0-3.6 2.6-6 6-6s6 2.4 6 6M16 5.2a3 3 0 0 1 0 5.6M17.5 14.4c2.1.8 3.5 2.8 3.5 5.6",
  share: "M12 15V4M8 7.5L12 4l4 3.5M5 12v8h14v-8", chart: "M4 20h16M7 20v-7M12 20V5M17 20v-10", clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  gear: "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5v-5M9 19.5v-5", out: "M14 4h5v16h-5M4 12h10M10 8l4 4-4 4", warn: "M12 4l9 16H3zM12 10v4M12 17v.2",
  desk: "M5 13v-1a7 7 0 0 1 14 0v1M5 13h3v6H6a1 1 0 0 1-1-1zM19 13h-3v6h2a1 1 0 0 0 1-1zM16 19c0 1.4-1.6 2-4 2",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13", copy: "M9 9h10v11H9zM6 15H5V4h10v2", back: "M19 12H5M11 6l-6 6 6 6", upload: "M12 16V5M7.5 9L12 4.5 16.5 9M4 19.5h16",
};

export const icon = (name) => s("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, s("path", { d: shapes[name] ?? "" }));

export const replace = (element, ...children) => element.replaceChildren(...flat(children));

/** A colour that text on `color` can be read in: of black and white one always has 4.5:1 (WCAG 2.2, 1.4.3). */
export function readableOn(color) {
  const part = (at) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const light = 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
  return 1.05 / (light + 0.05) >= 4.5 ? "#ffffff" : "#000000";
}

export const isColor = (text) => /^#[0-9a-f]{6}$/i.test(text ?? "");

/** Gives a page for visitors the colour that the owner chose. */
export function dress(color) {
  if (!isColor(color)) return;
  document.documentElement.style.setProperty("--accent", color);
  document.documentElement.style.setProperty("--on-accent", readableOn(color));
}

/** What went wrong, in words: the server's own where it has some. */
export async function problem(response) {
  let detail;
  try {
    detail = (await response.json()).detail;
  } catch {
    // Not every error has a body.
  }
  if (Array.isArray(detail)) detail = detail.map((item) => `${item.loc?.slice(1).join(".") || "input"}: ${item.msg}`).join("; ");
  else if (detail && typeof detail === "object") detail = detail.message ?? JSON.stringify(detail);
  const error = new Error(sentence(detail || `The server answered ${response.status}`));
  error.status = response.status;
  return error;
}

export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".");

/** The events of a stream of JSON Lines. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    rest += value ?? "";
    const lines = rest.split("\n");
    rest = done ? "" : lines.pop();
    for (const line of lines) if (line.trim()) yield JSON.parse(line);
    if (done) return;
  }
}
