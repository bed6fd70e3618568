// What the front ends of this folder share: steps that are shown and reported, and requests to an API of another origin.
"use strict";

const settings = new URLSearchParams(location.search);
const api = settings.get("api");
const steps = [];
let token = null;

function expect(condition, message) {
  if (!condition) throw new Error(message);
}

async function step(name, work) {
  const item = document.getElementById("steps").appendChild(document.createElement("li"));
  item.textContent = name;
  try {
    const result = await work();
    steps.push({ name, ok: true });
    item.textContent += " ✓";
    return result;
  } catch (error) {
    steps.push({ name, ok: false, error: String(error.stack || error) });
    item.className = "failed";
    item.textContent += ": " + error;
    throw error;
  }
}

function send(method, path, body, headers = {}) {
  const options = { method, headers: { ...headers } };
  if (token) options.headers.Authorization = "Bearer " + token;
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  return fetch(api + path, options);
}

async function call(method, path, body) {
  const response = await send(method, path, body);
  const text = await response.text();
  expect(response.ok, `${method} ${path} answered ${response.status}: ${text}`);
  expect(response.headers.get("x-correlation-id"), "x-correlation-id is not readable");
  return JSON.parse(text);
}

// Tells the server of this page how it went.
function report(run) {
  run.catch(() => {}).finally(() => fetch("/report", { method: "POST", body: JSON.stringify(steps) }));
}
