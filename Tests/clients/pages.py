"""What the scripts about pages share: other people's sites, a keyboard, axe-core, and what went wrong."""

import http.server
import pathlib
import shutil
import sys
import threading
import time

from axe_playwright_python.sync_playwright import Axe

failures, reports, foreign, violations = [], [], [], []
sizes = {"wide": {"width": 1280, "height": 800}, "narrow": {"width": 390, "height": 780}}
# Where pages may ask, and the folder that pictures are kept in.
origins, pictures = [], []


def begin(url, folder=None):
    origins.append(url)
    if folder:
        pictures.append(pathlib.Path(folder))


class Host(http.server.BaseHTTPRequestHandler):
    """Other people's sites: what stands at a path is what was put there."""

    pages = {}

    def do_GET(self):
        body, policy = self.pages.get(self.path, ("", None))
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        if policy:
            self.send_header("content-security-policy", policy)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_):
        pass


sites = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
threading.Thread(target=sites.serve_forever, daemon=True).start()


def watch(page, allowed=()):
    """Notes reports of the content security policy, errors of scripts, and requests that go elsewhere."""
    page.on("pageerror", lambda error: failures.append(f"{page.url}: {error}"))
    page.on("console", lambda message: reports.append(message.text) if "Content Security Policy" in message.text or "TrustedHTML" in message.text else None)
    page.on("request", lambda request: None if request.url.startswith((*origins, "data:", "about:", *allowed)) else foreign.append(request.url))


def check(page, name, frame=None):
    """axe-core's view of a state, and a picture of it."""
    page.wait_for_timeout(60)
    found = Axe().run(frame or page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).response["violations"]
    for violation in found:
        if "wcag" in " ".join(violation["tags"]):
            violations.append(f"{name}: {violation['id']}: {[node['html'][:140] for node in violation['nodes'][:2]]}")
    for folder in pictures:
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png")


def step(name):
    def decorate(work):
        began = time.monotonic()
        try:
            work()
            print(f"ok: {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception as error:
            trace, place = error.__traceback__, 0
            while trace:
                place = trace.tb_lineno if trace.tb_frame.f_code.co_filename == work.__code__.co_filename else place
                trace = trace.tb_next
            failures.append(f"{name}, line {place}: {str(error).strip()[:400]}")
            print(f"failed: {name}", flush=True)
        return work

    return decorate


def until(page, expression, seconds=30):
    """Waits for an expression of script. Playwright's own way would evaluate it in the page, whose policy forbids that."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {expression}")
        time.sleep(0.05)


def focused(page):
    return page.evaluate("(() => { let e = document.activeElement; return e === document.body ? '' : (e.getAttribute('aria-label') || e.textContent || e.name || e.tagName).trim() })()")


def tab_to(page, text, most=80, back=False):
    """Goes there with the Tab key, as somebody without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if text in focused(page):
            return
    raise AssertionError(f"the Tab key does not come to '{text}'; it ended at '{focused(page)}'")


def to(page, selector, most=150, back=False):
    """The same to what a selector fits, whatever it is called."""
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the Tab key does not come to {selector}; it ended at '{focused(page)}'")


def follow(page, *names):
    """Follows links by their names, one after the other, and opens the menu where a small window has one."""
    for name in names:
        menu = page.locator(".menu")
        is_shown = page.locator("a:visible").filter(has_text=name).count() > 0
        if not is_shown and menu.count() and menu.is_visible():
            tab_to(page, "Menu", most=150)
            page.keyboard.press("Enter")
        for _ in range(150):
            page.keyboard.press("Tab")
            if page.evaluate("(name) => document.activeElement.matches('a') && document.activeElement.textContent.startsWith(name)", name):
                break
        else:
            raise AssertionError(f"the Tab key does not come to the link '{name}'")
        page.keyboard.press("Enter")
        until(page, "!document.querySelector('main [aria-busy]')")


def chromium(playwright):
    program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
    return playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])


def finish():
    """Tells what went wrong, and ends with 1 where anything did."""
    for item, name in [(failures, "failures"), (violations, "violations of WCAG"), (reports, "reports of the content security policy"), (foreign, "requests to other origins")]:
        print(f"{name}: {len(item)}")
        for line in list(dict.fromkeys(item))[:25]:
            print("  ", line)
    sys.exit(1 if failures or violations or reports or foreign else 0)
