"""What people are told when something ends in the middle of an answer, in headless Chromium: a twin that is archived, a link
that is replaced, a key that is revoked, a model that is down. On the page of a share link, in the widget and
in the console.

    told.py BINARY [PICTURES]

Needs `playwright` and `axe-playwright-python`; `console.sh` runs it.
"""
import atexit
import json
import pathlib
import subprocess
import sys
import urllib.parse

from playwright.sync_api import sync_playwright

from pages import Host, begin, check, chromium, finish, sites, step, tab_to, until, watch
from served import QUESTION, Served

binary = sys.argv[1]
here = pathlib.Path(__file__).parent
# What no visitor should have to read: how the machine says it, and what only its operator can do.
JARGON = ("HTTP", "JSON", "status", "undefined", "[object", "TypeError", "'twin ", "{", "Unprocessable")


class Model:
    """The scripted model, which takes its time and can be down."""

    def __init__(self):
        self.process = subprocess.Popen([sys.executable, here / "slow_model.py"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.stop)
        self.url = self.process.stdout.readline().strip()

    def stop(self):
        self.process.kill()
        self.process.wait()


def said(place):
    """The last thing that the page says, to be read and, in the live region, to be heard."""
    text = place.locator(".turn").last.inner_text()
    heard = place.locator("twin-chat > .unseen[role=status]").inner_text()
    return text, heard


def ends(page, place, name, words, end):
    """Asks with the keyboard, ends it with `end` once the answer has begun, and looks at what is said then."""
    place.locator("twin-chat textarea").focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    place.wait_for_selector(".turn:last-child .answer p")
    end()
    place.wait_for_selector(".turn:last-child [role=alert], .turn:last-child .failed, .turn:last-child .error, .turn:last-child .problem")
    text, heard = said(place)
    told(text, name, words)
    assert any(word in heard for word in words), f"{name}: a screen reader hears '{heard}'"
    # The question is there to be asked again.
    assert place.locator("twin-chat textarea").input_value() == QUESTION
    check(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")


def told(text, name, words):
    print(f"   {name}: {' / '.join(text.split(chr(10))[-3:])}")
    assert any(word in text for word in words), f"{name}: {text}"
    assert not any(word in text for word in JARGON), f"{name}: {text}"


def quoted(page, place, name):
    """With the model down the answer is what the documents say, and says so."""
    place.locator("twin-chat textarea").focus()
    page.keyboard.type("How long does a filter last?")
    page.keyboard.press("Enter")
    place.wait_for_selector(".turn:last-child .meta")
    text, _ = said(place)
    assert "200 hours" in text and "The model did not answer" in text, f"{name}: {text}"
    check(page, name)


model = Model()
with Served(
    binary, "--log", "none", contracts="studio,console,openai,mcp", variables={"TWIN_MODEL": "scripted", "TWIN_MODEL_URL": model.url}
) as served, sync_playwright() as playwright:
    begin(served.url, *sys.argv[2:3])
    browser = chromium(playwright)

    def site():
        """A key for a shop, which has the widget on its page with it."""
        key = json.loads(served.run("keys", "create", "site", "--domain", "shop.localhost", "--json"))
        Host.pages["/"] = (
            f"<!doctype html><html lang='en'><title>Shop</title><main><h1>Shop</h1></main>"
            f"<script async src='{served.url}/widget.js' data-twin='{served.twin}' data-key='{key['key']}'></script>", None)
        return key["id"]

    key = site()
    (served.folder / "password").write_text("correct horse battery")
    served.run("users", "add", "owner@example.org", "--role", "owner", "--password-file", str(served.folder / "password"))
    archive = lambda: served.run("twins", "archive", "amara")

    def restore():
        served.run("twins", "unarchive", "amara")

    def shared():
        page = browser.new_page()
        watch(page)
        # The link of an archived twin is off, and stays so until somebody turns it on again.
        link = json.loads(served.run("share", "on", "--twin", "amara", "--json"))["share_url"]
        page.goto(served.url + urllib.parse.urlsplit(link).path)
        page.wait_for_selector("twin-chat textarea, .notice")
        assert page.locator("textarea").count(), page.inner_text("main")
        return page

    def widget(expecting="textarea"):
        page = browser.new_page()
        watch(page, (f"http://shop.localhost:{sites.server_port}",))
        page.goto(f"http://shop.localhost:{sites.server_port}/")
        until(page, "!!document.querySelector('twin-widget')")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        for _ in range(100):
            if len(page.frames) > 1 and "/widget/" in page.frames[1].url:
                break
            page.wait_for_timeout(50)
        frame = page.frames[1]
        frame.wait_for_selector(expecting)
        return page, frame

    def console():
        page = browser.new_page()
        watch(page)
        page.goto(served.run("console", "--url", served.url, "--no-open").strip())
        page.wait_for_selector(".side, .stack")
        page.goto(served.url + "/console#/amara/ask")
        page.wait_for_selector("twin-chat textarea")
        return page

    @step("the twin is archived in the middle of an answer")
    def _():
        page = shared()
        ends(page, page, "told-share-archived", ["archived"], archive)
        restore()
        page.close()
        page, frame = widget()
        ends(page, frame, "told-widget-archived", ["archived"], archive)
        restore()
        page.close()
        page = console()
        ends(page, page, "told-console-archived", ["archived"], archive)
        restore()
        page.close()

    @step("a link is replaced and a key revoked in the middle of an answer")
    def _():
        page = shared()
        ends(page, page, "told-share-replaced", ["link"], lambda: served.run("share", "rotate", "--twin", "amara"))
        # The page that was left open says the same of the next question.
        page.locator("textarea").focus()
        page.keyboard.type("And now?")
        page.keyboard.press("Enter")
        page.wait_for_selector(".turn:nth-child(2) [role=alert], .turn:nth-child(2) .problem")
        told(page.locator(".turn").last.inner_text(), "told-share-replaced-later", ["link"])
        page.close()
        page, frame = widget()
        ends(page, frame, "told-widget-revoked", ["no longer available"], lambda: served.run("keys", "revoke", key))
        page.close()
        page, frame = widget(expecting=".notice")
        told(frame.inner_text("main"), "told-widget-revoked-later", ["not available"])
        page.close()

    @step("the model is down: what the documents say is quoted, and the page says so")
    def _():
        model.stop()
        page = shared()
        quoted(page, page, "told-share-model")
        page.close()
        site()
        page, frame = widget()
        quoted(page, frame, "told-widget-model")
        page.close()
        page = console()
        quoted(page, page, "told-console-model")
        page.close()

    browser.close()
model.stop()
finish()
