// A button on somebody's page that opens a chat with a twin:
//   <script async src="https://twin.example/widget.js" data-twin="ID" data-key="KEY"></script>
// or with a tenant's support desk, which takes data-desk="ID" in their place.
// It stands in a shadow root, so that neither page nor widget changes how the other looks, and needs no more of the page's
// policy than script-src and frame-src of twin's origin. Nothing is loaded and nothing is kept until it is opened.
(() => {
  const script = document.currentScript;
  const { twin, key, desk, color = "#2f5d50", label = "Ask a question", position = "right" } = script?.dataset ?? {};
  if (!desk && (!twin || !key)) return console.error("twin: the widget's script needs data-twin and data-key, or data-desk");
  const home = new URL(".", script.src).href;
  const { origin } = new URL(home);
  const fill = /^#[0-9a-f]{6}$/i.test(color) ? color : "#2f5d50";
  const part = (at) => {
    const value = parseInt(fill.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const text = 1.05 / (0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) + 0.05) >= 4.5 ? "#fff" : "#000";
  const side = position === "left" ? "left" : "right";

  const host = document.createElement("twin-widget");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial !important; }
    * { box-sizing: border-box; }
    button { all: unset; box-sizing: border-box; position: fixed; ${side}: 20px; bottom: 20px; z-index: 2147483646; display: flex; align-items: center;
      gap: 9px; max-width: calc(100vw - 40px); min-height: 48px; padding: 10px 18px 10px 15px; border-radius: 24px; background: ${fill}; color: ${text};
      font: 500 16px/1.3 system-ui, sans-serif; cursor: pointer; box-shadow: 0 1px 3px rgba(0,0,0,.25), 0 6px 18px rgba(0,0,0,.16); }
    button:focus-visible { outline: 3px solid ${fill}; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    svg { width: 21px; height: 21px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linejoin: round; }
    .panel { position: fixed; ${side}: 20px; bottom: 20px; z-index: 2147483647; width: 400px; height: min(640px, calc(100dvh - 40px)); border-radius: 12px;
      overflow: hidden; background: Canvas; border: 1px solid rgba(127,127,127,.35); box-shadow: 0 8px 40px rgba(0,0,0,.25); transition: opacity .15s, transform .15s; }
    .panel[inert] { visibility: hidden; opacity: 0; transform: translateY(8px); }
    iframe { width: 100%; height: 100%; border: 0; display: block; color-scheme: light dark; }
    @media (max-width: 640px) { .panel { inset: 0; width: 100%; height: 100%; border: 0; border-radius: 0; } }
    @media (prefers-reduced-motion: reduce) { .panel { transition: none; } }`);
  root.adoptedStyleSheets = [sheet];

  const make = (name, attributes, ...children) => {
    const element = name === "svg" || name === "path" ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    element.append(...children);
    return element;
  };
  const button = make("button", { type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" },
    make("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, make("path", { d: "M5 5h14v11H10l-5 4z" })), label);
  const panel = make("div", { class: "panel", role: "dialog", "aria-label": label, inert: "" });
  let frame = null;
  let isReady = false;

  const open = () => {
    if (!frame) {
      frame = make("iframe", { title: label, src: `${home}widget/${desk ? "desk" : encodeURIComponent(twin)}/${encodeURIComponent(desk ?? key)}`, referrerpolicy: "origin" });
      panel.append(frame);
    }
    panel.removeAttribute("inert");
    button.setAttribute("aria-expanded", "true");
    button.style.visibility = "hidden";
    frame.focus();
    if (isReady) frame.contentWindow.postMessage({ twin: "open" }, origin);
  };
  const close = () => {
    panel.setAttribute("inert", "");
    button.setAttribute("aria-expanded", "false");
    button.style.visibility = "";
    button.focus();
  };
  button.addEventListener("click", open);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
    if (event.data?.twin === "close") close();
    if (event.data?.twin !== "ready") return;
    isReady = true;
    if (!panel.hasAttribute("inert")) frame.contentWindow.postMessage({ twin: "open" }, origin);
  });
  root.append(button, panel);
  const place = () => document.body.append(host);
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
