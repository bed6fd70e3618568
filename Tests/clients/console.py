"""The pages of `twin serve` in headless Chromium: console.py TWIN URL CORPUS FOLDER [PICTURES]. Prints a line for each thing that
was tried, and ends with 1 when one failed."""

import json
import pathlib
import subprocess
import sys

from playwright.sync_api import sync_playwright

from pages import Host, begin, check, chromium, finish, sites, sizes, step, tab_to, to, follow, until, watch, focused

twin, url, corpus, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
begin(url, *sys.argv[5:6])


def run(*words):
    return subprocess.run([twin, *words], capture_output=True, text=True, check=True).stdout


def sign_in(page):
    page.goto("about:blank")
    page.goto(run("console", "--url", url, "--no-open").strip())
    page.wait_for_selector(".side, .stack")


with sync_playwright() as playwright:
    browser = chromium(playwright)

    for scheme, size in [("light", "wide"), ("dark", "narrow")]:
        context = browser.new_context(viewport=sizes[size], color_scheme=scheme, accept_downloads=False)
        page = context.new_page()
        watch(page)
        page.set_default_timeout(15_000)
        name = f"{size}-{scheme}"
        first = scheme == "light"

        @step(f"{name}: sign in with an address and a password")
        def _():
            if first:
                (folder / "password").write_text("correct horse battery")
                run("users", "add", "amara@example.org", "--name", "Amara Lindqvist", "--password-file", str(folder / "password"))
            page.goto(url + "/console")
            page.wait_for_selector(".door")
            check(page, f"signin-{name}")
            page.keyboard.type("amara@example.org")
            page.keyboard.press("Tab")
            page.keyboard.type("wrong horse")
            page.keyboard.press("Enter")
            page.wait_for_selector(".problem:not(:empty)")
            check(page, f"signin-error-{name}")
            page.keyboard.press("Control+A")
            page.keyboard.type("correct horse battery")
            page.keyboard.press("Enter")
            page.wait_for_selector(".side")

        if first:

            @step("make a twin and give it its first documents")
            def _():
                page.wait_for_selector("text=Make your first twin")
                check(page, "first-twin")
                to(page, "input[name=name]")
                page.keyboard.type("Amara Lindqvist")
                page.keyboard.press("Enter")
                page.wait_for_selector(".drop")
                page.wait_for_selector("text=Nothing to read yet")
                check(page, "sources-empty")
                files = sorted(str(path) for path in corpus.rglob("*") if path.is_file())
                to(page, "#files")
                with page.expect_file_chooser() as chooser:
                    page.keyboard.press("Space")
                chooser.value.set_files(files)
                until(page, f"document.querySelector('.uploads .summary')?.textContent.startsWith('{len(files)} ')", 120)
                assert page.locator(".uploads .badge.bad").count() == 0, page.locator(".uploads").inner_text()
                page.wait_for_selector(".list .item")
                check(page, "first-upload")
                # A file by dropping it, and one that cannot be read.
                page.evaluate("""() => {
                    const data = new DataTransfer();
                    data.items.add(new File(["Mead is not for sale."], "mead.txt", {type: "text/plain"}));
                    data.items.add(new File([new Uint8Array([0, 1, 2, 255, 254])], "noise.bin"));
                    document.querySelector(".drop").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
                }""")
                page.wait_for_selector(".uploads .badge.bad")
                check(page, "upload-error")

        @step(f"{name}: ask, and open a citation at its place in the source")
        def _():
            follow(page, "Ask")
            page.wait_for_selector("twin-chat textarea")
            check(page, f"ask-empty-{name}")
            to(page, "twin-chat textarea")
            page.keyboard.type("When must autumn feeding be finished?")
            page.keyboard.press("Enter")
            page.wait_for_selector(".meta")
            said = page.locator("twin-chat > .unseen[role=status]").inner_text()
            assert "15" in said, said
            page.keyboard.press("Shift+Tab")
            tab_to(page, "Source 1", back=True)
            page.keyboard.press("Enter")
            page.wait_for_selector(".reader mark")
            quote = page.locator(".reader mark").inner_text()
            assert quote in page.locator(".answer").inner_text(), quote
            box, view = page.locator(".reader mark").bounding_box(), page.viewport_size
            assert 0 <= box["y"] < view["height"], box
            check(page, f"chat-{name}")
            page.keyboard.press("Escape")
            assert page.locator(".reader").is_hidden() and "Source 1" in focused(page)
            # A thumb with a word of why.
            tab_to(page, "Good answer")
            page.keyboard.press("Enter")
            page.wait_for_selector(".why input")
            page.keyboard.type("short and right")
            page.keyboard.press("Enter")
            page.wait_for_selector("text=Thank you.")

        if first:

            @step("answer what was not answered, and see it asked again")
            def _():
                to(page, "twin-chat textarea")
                page.keyboard.type("Do you sell beeswax candles by mail?")
                page.keyboard.press("Enter")
                page.wait_for_selector("text=Passed on to")
                follow(page, "Questions")
                page.wait_for_selector(".card")
                check(page, "unanswered")
                to(page, "textarea[name=answer]")
                page.keyboard.type("No. Come to the market hall on Saturdays.")
                tab_to(page, "Answer")
                page.keyboard.press("Enter")
                page.wait_for_selector("text=Asked again, and answered")
                assert "market hall" in page.locator(".again").inner_text()
                check(page, "answered")

            @step("settle what only the owner can say, and what is to be remembered")
            def _():
                follow(page, "Ask")
                to(page, "twin-chat textarea")
                page.keyboard.type("What do you think of plastic hives?")
                page.keyboard.press("Enter")
                page.wait_for_selector("text=Waiting for")
                follow(page, "Questions", "Your view")
                page.wait_for_selector(".card textarea")
                check(page, "clarifications")
                to(page, ".card textarea")
                page.keyboard.type("I am against them.")
                tab_to(page, "Remember it")
                page.keyboard.press("Enter")
                page.wait_for_selector("text=Remembered.")
                follow(page, "To remember")
                page.wait_for_selector(".card")
                check(page, "memory")
                tab_to(page, "Remember: ")
                page.keyboard.press("Enter")
                page.wait_for_selector("text=Remembered")

            @step("make a group, let it read one thing, and invite somebody")
            def _():
                follow(page, "Access")
                page.wait_for_selector(".list .item")
                tab_to(page, "New group")
                page.keyboard.press("Enter")
                page.keyboard.press("Tab")
                page.keyboard.type("Customers")
                page.keyboard.press("Enter")
                page.wait_for_selector("text=May read")
                check(page, "group")
                to(page, "fieldset.checks input")
                page.keyboard.press("Space")
                page.wait_for_timeout(300)
                follow(page, "Groups")
                page.wait_for_selector("text=reads 1 thing")
                follow(page, "People")
                page.wait_for_selector("input[name=email]")
                to(page, "input[name=email]")
                page.keyboard.type("grace@example.org")
                page.keyboard.press("Enter")
                page.wait_for_selector(".copyable input")
                Host.invitation = page.locator(".copyable input").input_value()
                check(page, "people")

            @step("turn on the share link, dress the widget and make its code")
            def _():
                follow(page, "Sharing")
                page.wait_for_selector("text=Turn the share link on")
                check(page, "sharing-off")
                tab_to(page, "Turn the share link on")
                page.keyboard.press("Enter")
                page.wait_for_selector(".copyable input")
                Host.share = page.locator(".copyable input").input_value()
                check(page, "sharing-on")
                follow(page, "Widget")
                page.wait_for_selector("textarea[name=suggestions]")
                to(page, "textarea[name=suggestions]")
                page.keyboard.type("When must autumn feeding be finished?\nWhat does hosting a hive cost?")
                tab_to(page, "Save")
                page.keyboard.press("Enter")
                page.wait_for_selector("text=Saved.")
                to(page, "input[name=domains]")
                page.keyboard.type("*.localhost")
                page.keyboard.press("Enter")
                page.wait_for_selector(".copyable textarea")
                Host.code = page.locator(".copyable textarea").input_value()
                check(page, "widget-settings")
                follow(page, "Keys")
                page.wait_for_selector("input[name=days]")
                check(page, "keys")
                to(page, "input[name=name]")
                page.keyboard.type("Till")
                page.keyboard.press("Enter")
                page.wait_for_selector("main .copyable input")
                # What cannot be taken back asks first, and Escape takes nothing.
                tab_to(page, "Revoke Till")
                page.keyboard.press("Enter")
                page.wait_for_selector("dialog")
                check(page, "keys-sure")
                page.keyboard.press("Escape")
                until(page, "!document.querySelector('dialog')")
                tab_to(page, "Revoke Till")
                page.keyboard.press("Enter")
                page.wait_for_selector("dialog")
                tab_to(page, "Revoke", most=6)
                page.keyboard.press("Enter")
                page.wait_for_selector("text=The key is revoked")

            @step("look at a document and its log, keep an answer of one's own, look at numbers and the audit trail, and sign out")
            def _():
                follow(page, "Sources")
                page.wait_for_selector(".list .item")
                to(page, ".list .item")
                page.keyboard.press("Enter")
                page.wait_for_selector(".facts")
                follow(page, "Answers")
                tab_to(page, "Add an answer")
                page.keyboard.press("Enter")
                to(page, "[name=question]")
                page.keyboard.type("Where is the shop?")
                to(page, "[name=answer]")
                page.keyboard.type("In the market hall.")
                to(page, "details.add [type=submit]")
                page.keyboard.press("Enter")
                page.wait_for_selector("h2:text('Where is the shop?')")
                follow(page, "Numbers")
                page.wait_for_selector("main svg, main table")
                follow(page, "Audit trail")
                page.wait_for_selector("main .list, main table")
                tab_to(page, "Sign out")
                page.keyboard.press("Enter")
                page.wait_for_selector(".door")
                page.keyboard.type("amara@example.org")
                page.keyboard.press("Tab")
                page.keyboard.type("correct horse battery")
                page.keyboard.press("Enter")
                page.wait_for_selector(".side")

        @step(f"{name}: every other page")
        def _():
            for path in ["sources", "questions", "questions/clarifications", "questions/memory", "questions/ratings", "answers", "access", "access/people",
                         "sharing", "sharing/widget", "sharing/keys", "numbers", "audit", "settings"]:
                page.goto(f"{url}/console#/amara-lindqvist/{path}")
                until(page, "!document.querySelector('main [aria-busy]')")
                check(page, f"{path.replace('/', '-')}-{name}")
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, f"{path} is {wide} pixels too wide"
            page.goto(f"{url}/console#/amara-lindqvist/sources")
            page.wait_for_selector(".list .item")
            to(page, ".list .item")
            page.keyboard.press("Enter")
            page.wait_for_selector(".facts")
            check(page, f"source-{name}")

        @step(f"{name}: the server is gone, and the session is over")
        def _():
            page.route("**/api-keys", lambda route: route.abort())
            page.goto(url + "/console#/amara-lindqvist/sharing/keys")
            page.wait_for_selector("text=cannot be reached")
            check(page, f"unreachable-{name}")
            page.unroute("**/api-keys")
            context.clear_cookies()
            page.goto(url + "/console#/amara-lindqvist/numbers")
            page.wait_for_selector(".door")
            check(page, f"signed-out-{name}")

        context.close()

    for scheme, size in [("light", "wide"), ("dark", "narrow")]:
        name = f"{size}-{scheme}"

        @step(f"{name}: the page of a share link, offline and back, and a link that is gone")
        def _():
            context = browser.new_context(viewport=sizes[size], color_scheme=scheme)
            page = context.new_page()
            watch(page)
            page.goto(Host.share)
            page.wait_for_selector("twin-chat textarea")
            paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
            print(f"   first paint {paint:.0f} ms")
            assert page.evaluate("document.cookie + JSON.stringify({...sessionStorage, ...localStorage})") == "{}"
            check(page, f"share-{name}")
            tab_to(page, "When must autumn feeding")
            page.keyboard.press("Enter")
            page.wait_for_selector(".meta")
            to(page, ".cite summary")
            page.keyboard.press("Enter")
            check(page, f"share-chat-{name}")
            context.set_offline(True)
            to(page, "textarea")
            page.keyboard.type("What does hosting a hive cost?")
            page.keyboard.press("Enter")
            page.wait_for_selector("text=The connection is lost")
            check(page, f"share-offline-{name}")
            context.set_offline(False)
            page.keyboard.press("Enter")
            until(page, "document.querySelectorAll('.meta').length === 2")
            page.goto(Host.share[:-3] + "000")
            page.wait_for_selector(".notice")
            check(page, f"share-gone-{name}")
            context.close()

    @step("accept an invitation")
    def _():
        page = browser.new_page()
        watch(page)
        page.goto(Host.invitation)
        page.wait_for_selector("input[type=password]")
        check(page, "invitation")
        to(page, "input[autocomplete=name]")
        page.keyboard.type("Grace")
        page.keyboard.press("Tab")
        page.keyboard.type("correct horse battery")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=You can sign in as")
        page.goto(Host.invitation)
        page.wait_for_selector("text=Already accepted")
        check(page, "invitation-used")
        page.close()

    port = sites.server_port
    body = "<!doctype html><html lang='en'><title>Shop</title><main><h1>Shop</h1><p>Words.</p><a href='#x'>A link</a></main>"
    hostile = "<style>* { all: unset !important; display: none !important; color: #700 !important; position: static !important } html, body, main, h1 { display: block !important }</style>"

    def widget(page, path, host):
        page.goto(f"http://{host}.localhost:{port}{path}")
        until(page, "!!document.querySelector('twin-widget')")

    def talk(page):
        """Opens the widget with the keyboard, asks, and closes it again."""
        for _ in range(6):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.tagName") == "TWIN-WIDGET":
                break
        page.keyboard.press("Enter")
        # A frame in a shadow root is none of `window.frames`.
        for _ in range(100):
            if len(page.frames) > 1 and "/widget/" in page.frames[1].url:
                break
            page.wait_for_timeout(50)
        frame = page.frames[1]
        frame.wait_for_selector("textarea")
        until(frame, "document.activeElement.tagName === 'TEXTAREA'")
        # Chromium gives frames of other sites no storage, or one of their own: in neither is anything before the first question.
        assert frame.evaluate("(() => { try { return JSON.stringify({...sessionStorage}) } catch { return '{}' } })()") == "{}"
        page.keyboard.type("When must autumn feeding be finished?")
        page.keyboard.press("Enter")
        frame.wait_for_selector(".meta")
        return frame

    @step("the widget on a site with a strict policy, on one with hostile styles, and at 320 pixels")
    def _():
        policy = f"default-src 'none'; script-src {url}; frame-src {url}"
        Host.pages["/strict"] = (body + Host.code, policy)
        Host.pages["/hostile"] = (hostile + body + Host.code, None)
        for path, host, width in [("/strict", "one", 1280), ("/hostile", "two", 1280), ("/strict", "three", 320)]:
            page = browser.new_page(viewport={"width": width, "height": 640})
            watch(page, (f"http://{host}.localhost:{port}",))
            widget(page, path, host)
            check(page, f"widget{path.replace('/', '-')}-{width}")
            frame = talk(page)
            check(page, f"widget-open{path.replace('/', '-')}-{width}")
            check(page, f"widget-inside{path.replace('/', '-')}-{width}", frame)
            box = frame.frame_element().bounding_box()
            assert box["width"] <= width and (width > 640 or box["width"] == width), box
            page.keyboard.press("Escape")
            until(page, "document.activeElement.tagName === 'TWIN-WIDGET'")
            # What was said is still there when it is opened again.
            page.keyboard.press("Enter")
            assert frame.locator(".turn").count() == 1
            page.close()

    @step("twenty widgets on twenty sites, each with a key for its own; elsewhere the browser shows none")
    def _():
        id = json.loads(run("twins", "show", "amara-lindqvist", "--json"))["id"]
        for number in range(20):
            key = json.loads(run("keys", "create", f"site {number}", "--domain", f"w{number}.localhost", "--json"))["key"]
            Host.pages[f"/w{number}"] = (body + f'<script async src="{url}/widget.js" data-twin="{id}" data-key="{key}"></script>', None)
        for number in range(20):
            page = browser.new_page()
            widget(page, f"/w{number}", f"w{number}")
            talk(page)
            page.close()
        page = browser.new_page()
        widget(page, "/w3", "w4")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_timeout(1000)
        assert not any(frame.url.startswith(url) and frame.locator("textarea").count() for frame in page.frames[1:])
        page.close()

    browser.close()

finish()
