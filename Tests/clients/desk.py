"""A support desk in headless Chromium: desk.py TWIN URL [PICTURES]. Prints a line for each thing that was tried, and ends with 1
when one failed."""

import json
import socket
import subprocess
import sys
import threading

from playwright.sync_api import sync_playwright

from pages import Host, begin, check, chromium, finish, sites, sizes, step, tab_to, until, watch

twin, server = sys.argv[1], sys.argv[2]


class Line:
    """A connection to the server that can be cut and mended: a relay on a port of its own."""

    def __init__(self, target):
        host, port = target.split("//")[1].split(":")
        self.target, self.open = (host, int(port)), set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return
            far = socket.create_connection(self.target)
            self.open |= {near, far}
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.copy, args=(one, other), daemon=True).start()

    def copy(self, one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            self.open.discard(end)
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in list(self.open):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def mend(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()


def run(*words):
    return subprocess.run([twin, *words], capture_output=True, text=True, check=True).stdout


def fits(page, name):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{name} is {wide} pixels too wide"


def sign_in(page, line, email):
    page.goto(line.url + "/console")
    page.wait_for_selector(".door")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_selector(".side")


def visit(browser, line, host, **options):
    """Somebody on a site, who opens the widget with the keyboard."""
    page = browser.new_page(**options)
    page.set_default_timeout(15_000)
    watch(page, (f"http://{host}.localhost:{sites.server_port}",))
    page.goto(f"http://{host}.localhost:{sites.server_port}/shop")
    until(page, "!!document.querySelector('twin-widget')")
    page.keyboard.press("Tab")
    for _ in range(5):
        if page.evaluate("document.activeElement.tagName") == "TWIN-WIDGET":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for _ in range(100):
        if len(page.frames) > 1 and "/widget/desk/" in page.frames[1].url:
            break
        page.wait_for_timeout(50)
    frame = page.frames[1]
    frame.wait_for_selector("textarea")
    until(frame, "document.activeElement.tagName === 'TEXTAREA'")
    return page, frame


def say(page, text):
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def hears(frame, text):
    frame.wait_for_selector(f".turns >> text={text}")


def focus(frame, text, most=40):
    """The Tab key inside of the widget's frame."""
    page = frame.page
    for back in (False, True):
        for _ in range(most):
            page.keyboard.press("Shift+Tab" if back else "Tab")
            if text in frame.evaluate("(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent || '').trim()"):
                return
    raise AssertionError(f"the Tab key does not come to '{text}'")


tenant = json.loads(run("users", "list", "--json"))[0]["tenant_id"]
front, back = Line(server), Line(server)
begin(front.url, *sys.argv[3:4])
begin(back.url)
Host.pages["/shop"] = (
    "<!doctype html><html lang='en'><title>Shop</title><main><h1>Shop</h1><p>Words.</p></main>"
    f"<script async src='{front.url}/widget.js' data-desk='{tenant}' data-label='Help'></script>",
    f"default-src 'none'; script-src {front.url}; frame-src {front.url}")

with sync_playwright() as playwright:
    browser = chromium(playwright)
    for scheme, size, question, answer in [
        ("light", "wide", "Do you sell beeswax candles by mail?", "No. Come to the market hall on Saturdays."),
        ("dark", "narrow", "Who painted the ceiling of the chapel?", "Brother Anselm did, in 1712."),
    ]:
        name = f"{size}-{scheme}"
        options = {"viewport": sizes[size], "color_scheme": scheme}

        @step(f"{name}: from a question that nothing answers to the twin that answers it")
        def _():
            context = browser.new_context(**options)
            staff = context.new_page()
            staff.set_default_timeout(15_000)
            watch(staff)
            sign_in(staff, back, "sam@example.org")
            until(staff, "location.hash.endsWith('/desk') || !!document.querySelector('.desk')")
            staff.wait_for_selector("text=Live")
            check(staff, f"desk-empty-{name}")
            # Somebody who is away is given nothing, and sees who waits.
            staff.locator(".desk-list select").focus()
            for key in ["Home", "ArrowDown", "ArrowDown", "ArrowDown"]:
                staff.keyboard.press(key)
            member = lambda: json.loads(run("desk", "staff", "--json"))[0]
            for _ in range(50):
                if member()["supporter_status"] == "away":
                    break
                staff.wait_for_timeout(100)
            assert member()["supporter_status"] == "away" and staff.locator(".desk-list select").input_value() == "away"

            page, frame = visit(browser, front, "one" if size == "wide" else "two", **options)
            check(page, f"visit-open-{name}")
            say(page, "When must autumn feeding be finished?")
            frame.wait_for_selector(".cites")
            say(page, question)
            frame.wait_for_selector("text=Nothing in the sources answers this")
            check(page, f"visit-unanswered-{name}", frame)
            focus(frame, "Talk to a person")
            page.keyboard.press("Enter")
            frame.wait_for_selector("input[type=email]")
            check(page, f"visit-nobody-{name}", frame)
            say(page, "visitor@example.com")
            frame.wait_for_selector("text=Somebody will write to you")

            staff.wait_for_selector("text=Waiting")
            check(staff, f"desk-waiting-{name}")
            fits(staff, "the queue")
            tab_to(staff, "Visitor")
            staff.keyboard.press("Enter")
            staff.wait_for_selector(".desk-head >> text=Take over")
            hears(staff, question)
            check(staff, f"desk-conversation-{name}")
            fits(staff, "a conversation")
            tab_to(staff, "Take over")
            staff.keyboard.press("Enter")
            until(staff, "document.activeElement.getAttribute('aria-label') === 'Your message'")
            frame.wait_for_selector("text=Somebody is with you")

            # Both see each other's words at once.
            say(staff, "Good day, this is Sam. What for?")
            hears(frame, "Good day, this is Sam")
            frame.locator("textarea").focus()
            say(page, "For a gift to my aunt.")
            hears(staff, "For a gift to my aunt.")
            assert frame.locator(".answer.waiting").count() == 0
            check(page, f"visit-person-{name}", frame)

            # The supporter's connection breaks, and what was missed is there when it is back; the same at the other end.
            back.cut()
            staff.wait_for_selector("text=The connection is lost") if size == "wide" else None
            frame.locator("textarea").focus()
            say(page, "Are you still there?")
            page.wait_for_timeout(700)
            assert staff.locator("text=Are you still there?").count() == 0
            check(staff, f"desk-broken-{name}")
            back.mend()
            hears(staff, "Are you still there?")
            front.cut()
            staff.locator("textarea[aria-label='Your message']").focus()
            say(staff, "Yes. " + answer)
            hears(staff, answer)
            page.wait_for_timeout(700)
            assert frame.locator(f".turns >> text={answer}").count() == 0
            front.mend()
            hears(frame, answer)
            assert frame.locator(f".turns >> text={answer}").count() == 1

            # A note, and the end of it with a verified answer.
            tab_to(staff, "Notes")
            staff.keyboard.press("Enter")
            tab_to(staff, "content")
            staff.keyboard.type("It is for an aunt.")
            tab_to(staff, "Add the note")
            staff.keyboard.press("Enter")
            staff.wait_for_selector(".desk-more >> text=It is for an aunt.")
            tab_to(staff, "Resolve…", back=True)
            staff.keyboard.press("Enter")
            staff.keyboard.type("A gift.")
            tab_to(staff, "publish")
            staff.keyboard.press("Space")
            assert staff.locator("input[name=question]").input_value() == question, staff.locator("input[name=question]").input_value()
            staff.keyboard.press("Tab")
            staff.keyboard.press("Tab")
            staff.keyboard.press("Control+A")
            staff.keyboard.type(answer)
            check(staff, f"desk-resolve-{name}")
            fits(staff, "the resolution")
            tab_to(staff, "Resolve")
            staff.keyboard.press("Enter")
            staff.wait_for_selector("text=The next who asks is answered so.")
            frame.wait_for_selector("text=The conversation with a person is over")
            check(staff, f"desk-resolved-{name}")
            page.close()
            staff.goto(back.url + "/console#/amara-lindqvist/desk")
            staff.locator(".desk-list select").select_option("automatic")
            until(staff, "document.querySelector('.desk-list select').value === 'automatic'")
            context.close()

            page, frame = visit(browser, front, "three" if size == "wide" else "four", **options)
            say(page, question)
            hears(frame, answer)
            assert frame.locator("text=Nothing in the sources").count() == 0
            check(page, f"visit-answered-{name}")
            page.close()

        @step(f"{name}: the owner sees the desk, gives what waits, and takes the code for a site")
        def _():
            context = browser.new_context(**options)
            owner = context.new_page()
            owner.set_default_timeout(15_000)
            watch(owner)
            sign_in(owner, back, "owner@example.org")
            owner.goto(back.url + "/console#/amara-lindqvist/desk")
            owner.wait_for_selector("text=Resolved")
            owner.wait_for_selector("text=Live")
            tab_to(owner, "Put the desk on a site")
            owner.keyboard.press("Enter")
            assert f'data-desk="{tenant}"' in owner.locator(".copyable textarea").input_value()
            check(owner, f"desk-owner-{name}")
            fits(owner, "the owner's desk")
            owner.locator(".desk-list a.item").first.focus()
            owner.keyboard.press("Enter")
            owner.wait_for_selector(".desk-head h1")
            hears(owner, question)
            check(owner, f"desk-owner-conversation-{name}")
            context.close()

    browser.close()
finish()
