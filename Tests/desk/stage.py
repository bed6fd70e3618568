"""A server of its own with an operator, a tenant, an admin and a supporter: what the scripts of this folder begin with."""

import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

TWIN = os.environ.get("TWIN", ".build/debug/twin")


class Stage:
    def __init__(self, environment=None, words=(), folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="twin-desk-")
        self.environment = dict(
            os.environ, HOME=self.folder, TWIN_DB=self.folder + "/twin.db", TWIN_CONFIG=self.folder + "/config.json",
            TWIN_SUPPORT_PRIVATE_ADDRESSES="127.0.0.1", **(environment or {}))
        self.words = list(words)
        self.process = None

    def twin(self, *words, text=""):
        done = subprocess.run([TWIN, *words], env=self.environment, input=text, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"twin {' '.join(words)}: {done.stderr}")
        return done.stdout

    def start(self):
        ready = self.folder + "/ready.json"
        if os.path.exists(ready):
            os.unlink(ready)
        self.process = subprocess.Popen(
            [TWIN, "serve", "--port", "0", "--ready-file", ready, "--contracts", "studio,support", "--log", "none", *self.words],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=open(self.folder + "/serve.log", "a"))
        for _ in range(1000):
            if os.path.exists(ready) and os.path.getsize(ready):
                break
            time.sleep(0.01)
        self.url = json.load(open(ready))["url"]
        return self

    def stop(self, kill=False):
        if self.process:
            self.process.kill() if kill else self.process.terminate()
            self.process.wait()
            self.process = None

    def send(self, method, path, body=None, token=None):
        headers = {"Authorization": "Bearer " + token} if token else {}
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(self.url + path, data=data, method=method, headers=headers)
        try:
            reply = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as error:
            reply = error
        text = reply.read().decode()
        return reply.status, json.loads(text) if text else None

    def furnish(self):
        """An operator, a tenant, its admin and a supporter, each with a token."""
        self.twin("users", "add", "operator@example.org", "--password-file", "-", text="correct horse\n")
        self.twin("users", "set", "operator@example.org", "--operator", "yes")
        self.start()
        self.operator = self.sign_in("operator@example.org")
        status, made = self.send("POST", "/api/admin/tenants", {"name": "Acme", "subdomain": "acme"}, self.operator)
        assert status == 201, made
        self.tenant = made["tenant_id"]
        for role, name in (("admin", "admin"), ("supporter", "sam")):
            status, made = self.send(
                "POST", "/api/auth/register",
                {"email": f"{name}@acme.example", "password": "correct horse", "role": role, "tenant_id": self.tenant},
                self.operator)
            assert status == 201, made
        self.admin = self.sign_in("admin@acme.example")
        self.supporter = self.sign_in("sam@acme.example")
        settings = {"rate_per_minute": 100000, "rate_burst": 100000}
        self.send("PUT", f"/api/admin/tenants/{self.tenant}", {"settings": settings}, self.admin)
        return self

    def sign_in(self, email):
        status, reply = self.send("POST", "/api/auth/login", {"email": email, "password": "correct horse"})
        assert status == 200, reply
        return reply["token"]

    def contact(self, name="visitor"):
        status, reply = self.send(
            "POST", f"/api/{self.tenant}/chat-users", {"email": f"{name}@visitors.example", "username": name}, self.admin)
        assert status == 201, reply
        return reply
