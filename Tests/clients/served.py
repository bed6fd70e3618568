"""A `twin serve` of its own for a script: a folder, a database with one twin in it, a key, a server on a free port.

    with Served(binary) as served:
        requests.get(served.url + "/health")
"""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

DOCUMENT = """# Gearboxes

The gear oil is changed every 500 hours. A filter lasts 200 hours.
Both are written into the log. The log is kept for ten years.
"""
QUESTION = "When is the gear oil changed?"


class Served:
    def __init__(self, binary, *options, contracts="studio,openai,mcp", variables=None):
        self.binary = os.path.abspath(binary)
        self.folder = pathlib.Path(tempfile.mkdtemp())
        # What is set for this machine's own twin is not meant for this one.
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("TWIN_")}
        self.environment |= {
            "TWIN_DB": str(self.folder / "twin.db"), "TWIN_CONFIG": str(self.folder / "config.json"), **(variables or {})}
        self.options = ["--contracts", contracts, "--port", "0", "--ready-file", str(self.folder / "ready.json"), *options]
        self.process = None

    def __enter__(self):
        try:
            (self.folder / "gearboxes.md").write_text(DOCUMENT)
            self.twin = json.loads(self.run("twins", "create", "amara", "--json"))["id"]
            self.run("--quiet", "ingest", str(self.folder / "gearboxes.md"))
            self.key = self.make_key("read", "write", "chat")["key"]
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait(300)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.log = open(self.folder / "serve.log", "ab")
        self.process = subprocess.Popen(
            [self.binary, "serve", *self.options], env=self.environment, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        ready = self.folder / "ready.json"
        for _ in range(6000):
            if ready.exists() and ready.stat().st_size:
                self.url = json.loads(ready.read_text())["url"]
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"error: twin serve did not start: {(self.folder / 'serve.log').read_text()}")

    def run(self, *words):
        """What a command prints."""
        done = subprocess.run([self.binary, *words], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"error: twin {' '.join(words)}: {done.stderr}")
        return done.stdout

    def make_key(self, *scopes):
        """A new key, with its `id` and its text as `key`."""
        words = [word for scope in scopes for word in ("--scope", scope)]
        return json.loads(self.run("keys", "create", f"client {time.monotonic_ns()}", *words, "--json"))

    @property
    def is_alive(self):
        return self.process.poll() is None


def check(condition, what):
    if not condition:
        raise SystemExit(f"error: {what}")
