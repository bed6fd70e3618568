"""`twin serve` with the persona contract, for the scripts beside this."""

import json
import os
import signal
import subprocess
import time

import httpx


class Server:
    def __init__(self, binary, folder, *options, **environment):
        os.makedirs(folder, exist_ok=True)
        self.binary, self.folder = binary, folder
        self.options = options
        self.environment = dict(
            os.environ, TWIN_DB=f"{folder}/twin.db", TWIN_CONFIG=f"{folder}/config.json", HOME=folder, **environment
        )
        self.process = None

    def twin(self, *words):
        done = subprocess.run([self.binary, *words], env=self.environment, capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout.strip()

    def user(self, address):
        user = json.loads(self.twin("users", "add", address, "--role", "owner", "--no-password", "--json"))
        return user["id"], self.twin("token", "create", "--user", address)

    def start(self):
        ready = f"{self.folder}/ready.json"
        if os.path.exists(ready):
            os.remove(ready)
        with open(f"{self.folder}/serve.log", "a") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--port", "0", "--contracts", "studio,persona", "--ready-file", ready, *self.options],
                env=self.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            )
        for _ in range(6000):
            if os.path.exists(ready):
                with open(ready) as file:
                    return json.load(file)["url"]
            assert self.process.poll() is None, open(f"{self.folder}/serve.log").read()
            time.sleep(0.05)
        raise AssertionError("the server did not start")

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(300)

    def client(self, url, token):
        return httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=600)
