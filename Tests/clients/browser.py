"""A page of this folder in headless Chromium: browser.py PAGE API TOKEN [SCREENSHOT], where TOKEN is what the page comes in by. Serves
the page from an origin of its own on the port in STUDIO_PORT, prints what the page tells of its steps, and ends with 1 if one of them
failed. The page reaches the model in TWIN_MODEL_URL, which is slow_model.py, through `/model/`."""

import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

name, api, token = sys.argv[1:4]
screenshot = sys.argv[4] if len(sys.argv) > 4 else None
here = pathlib.Path(__file__).parent
# The last step of each page: one that ends early has failed.
LAST = {"studio": "Revoke the link", "brain": "Read what was learned"}
report = []
reported = threading.Event()
# The conversation of the one EventSource, for when it comes back.
conversation = {}


class Page(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *arguments):
        super().__init__(*arguments, directory=str(here))

    def do_GET(self):
        if self.path.startswith("/events/"):
            self.events()
        elif self.path.startswith("/model/"):
            self.model()
        else:
            super().do_GET()

    def events(self):
        """Asks the API what an EventSource cannot ask itself, and passes on what comes."""
        parts = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(parts.query)
        last = self.headers.get("last-event-id")
        headers = {
            "authorization": "Bearer " + query["token"][0], "content-type": "application/json", "accept": "text/event-stream"}
        body = {"query": "When is the gear oil changed?"}
        if last:
            headers["last-event-id"] = last
            body["conversation_id"] = conversation["id"]
        request = urllib.request.Request(
            query["api"][0] + "/chat/" + parts.path.removeprefix("/events/"), json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=300) as answer:
            self.send_response(200)
            self.send_header("content-type", answer.headers["content-type"])
            self.end_headers()
            self.wfile.write(b"retry: 100\n\n")
            kind = None
            for line in answer:
                if line.startswith(b"event: "):
                    kind = line[7:].strip()
                if line.startswith(b"data: ") and kind == b"metadata":
                    conversation["id"] = json.loads(line[6:])["conversation_id"]
                self.wfile.write(line)
                self.wfile.flush()
                # The connection breaks after the first part of the answer.
                if not last and line == b"\n" and kind == b"content":
                    return

    def model(self):
        """Passes a word on to the scripted model, which is on another origin."""
        with urllib.request.urlopen(os.environ["TWIN_MODEL_URL"] + self.path.removeprefix("/model"), timeout=300) as answer:
            body = answer.read()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        report.extend(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        self.send_response(204)
        self.end_headers()
        reported.set()

    def log_message(self, *_):
        pass


def capture(profile):
    """Saves what the page looks like, through the DevTools protocol."""
    import base64

    import websocket

    port = (pathlib.Path(profile) / "DevToolsActivePort").read_text().split()[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
        page = next(target for target in json.load(answer) if target["type"] == "page")
    socket = websocket.create_connection(page["webSocketDebuggerUrl"], suppress_origin=True)
    socket.send(json.dumps({"id": 1, "method": "Page.captureScreenshot", "params": {"captureBeyondViewport": True}}))
    while (message := json.loads(socket.recv())).get("id") != 1:
        pass
    pathlib.Path(screenshot).write_bytes(base64.b64decode(message["result"]["data"]))
    socket.close()


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["STUDIO_PORT"])), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
page = f"http://127.0.0.1:{server.server_port}/{name}.html?" + urllib.parse.urlencode({"api": api, "token": token})
program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
if not program:
    sys.exit("error: there is no Chromium")
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    browser = subprocess.Popen(
        [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
         "--disable-background-networking", "--window-size=900,900", f"--user-data-dir={profile}", "--remote-debugging-port=0",
         page],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        finished = reported.wait(900)
        if finished and screenshot:
            capture(profile)
    finally:
        browser.terminate()
        # What matters is what the page has told: a browser that is slow to leave is sent away.
        try:
            browser.wait(20)
        except subprocess.TimeoutExpired:
            browser.kill()
            browser.wait()
for item in report:
    print("ok:" if item["ok"] else "failed:", item["name"], item.get("error", ""))
if not finished:
    sys.exit("error: the page did not report within a quarter of an hour")
if not report or not all(item["ok"] for item in report) or report[-1]["name"] != LAST[name]:
    sys.exit(1)
