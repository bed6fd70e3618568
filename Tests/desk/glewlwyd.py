#!/usr/bin/env python3
"""Signing in at a provider of OpenID Connect that others run: Debian's glewlwyd, on a folder of its own.

    TWIN=.build/debug/twin python3 Tests/desk/glewlwyd.py        (apt install glewlwyd sqlite3 openssl; pip install requests)
"""

import gzip
import os
import re
import socket
import subprocess
import sys
import tempfile
import time

import requests

from stage import Stage

failures = []


def check(name, holds, more=""):
    print("ok" if holds else "FAILED", name, more if not holds else "")
    if not holds:
        failures.append(name)


class Provider:
    """glewlwyd with one plugin (`oidc`), one client (`twin`) and one user (`ada`)."""

    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as found:
            port = found.getsockname()[1]
        self.url = f"http://localhost:{port}"
        self.issuer = f"{self.url}/api/oidc"
        tables = gzip.open("/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz").read()
        subprocess.run(["sqlite3", folder + "/glewlwyd.db"], input=tables, check=True)
        config = open("/etc/glewlwyd/glewlwyd.conf").read()
        config = re.sub(r'@include "/etc/glewlwyd/glewlwyd-db.conf"', f'database = {{ type = "sqlite3"; path = "{folder}/glewlwyd.db"; }};', config)
        for name, value in {"port": port, "external_url": f'"{self.url}/"', "log_mode": '"console"', "log_level": '"WARNING"'}.items():
            config = re.sub(rf"(?m)^{name}\s*=.*$", f"{name}={value}", config)
        open(folder + "/glewlwyd.conf", "w").write(config)
        self.process = subprocess.Popen(["glewlwyd", "--config-file=" + folder + "/glewlwyd.conf"], stdout=open(folder + "/glewlwyd.log", "w"), stderr=subprocess.STDOUT)
        for _ in range(100):
            try:
                requests.get(self.url + "/config")
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        key = subprocess.run(["openssl", "genrsa", "2048"], capture_output=True, text=True, check=True).stdout
        public = subprocess.run(["openssl", "rsa", "-pubout"], input=key, capture_output=True, text=True, check=True).stdout
        self.administrator = requests.Session()
        self.do(self.administrator.post(self.url + "/api/auth/", json={"username": "admin", "password": "password"}))
        self.do(self.administrator.post(self.url + "/api/mod/plugin/", json={
            "module": "oidc", "name": "oidc", "display_name": "OpenID Connect", "parameters": {
                "iss": self.issuer, "jwt-type": "rsa", "jwt-key-size": "256", "key": key, "cert": public, "access-token-duration": 3600,
                "refresh-token-duration": 86400, "code-duration": 60, "refresh-token-rolling": True, "allow-non-oidc": False,
                "auth-type-code-enabled": True, "auth-type-token-enabled": False, "auth-type-id-token-enabled": True,
                "auth-type-none-enabled": False, "auth-type-password-enabled": False, "auth-type-client-enabled": False,
                "auth-type-refresh-enabled": True, "scope": [], "pkce-allowed": True, "pkce-method-plain-allowed": False,
                "service-documentation": "", "op-policy-uri": "", "op-tos-uri": "", "jwks-show": True, "subject-type": "public",
                "name-claim": "on-demand", "email-claim": "mandatory", "allowed-scope": ["openid", "email", "profile"],
                "email-claim-scope": ["email"], "name-claim-scope": ["profile"],
                "claims": [{"name": "email_verified", "user-property": "email_verified", "type": "boolean", "boolean-value-true": "yes", "boolean-value-false": "no", "mandatory": True, "on-demand": False, "scope": []}],
            }}))
        for name in ("email", "profile"):
            self.do(self.administrator.post(self.url + "/api/scope/", json={"name": name, "display_name": name, "description": name, "password_required": False, "scheme": {}}))
        self.do(self.administrator.post(self.url + "/api/user/", json={
            "username": "ada", "name": "Ada", "email": "ada@example.org", "password": "correct horse", "enabled": True,
            "scope": ["g_profile", "openid", "email", "profile"]}))

    def client(self, redirect):
        self.do(self.administrator.post(self.url + "/api/client/", json={
            "client_id": "twin", "name": "twin", "confidential": True, "password": "a secret of the client", "client_secret": "a secret of the client",
            "enabled": True, "redirect_uri": [redirect], "authorization_type": ["code"], "scope": ["openid", "email", "profile"],
            "token_endpoint_auth_method": ["client_secret_basic", "client_secret_post"]}))

    @staticmethod
    def do(reply):
        if reply.status_code != 200:
            raise SystemExit(f"glewlwyd: {reply.request.method} {reply.url}: {reply.status_code} {reply.text[:400]}")

    def enter(self, location):
        """Says who one is and what the client may know, as the provider's page would, and answers where that sends the browser."""
        browser = requests.Session()
        self.do(browser.post(self.url + "/api/auth/", json={"username": "ada", "password": "correct horse"}))
        self.do(browser.put(self.url + "/api/auth/grant/twin", json={"scope": "openid email profile"}))
        reply = browser.get(location + "&g_continue", allow_redirects=False)
        if reply.status_code not in (302, 303):
            raise SystemExit(f"the provider answers {reply.status_code}: {reply.text[:300]}")
        return reply.headers["Location"]


with tempfile.TemporaryDirectory() as folder:
    provider = Provider(folder)
    stage = None
    try:
        stage = Stage({
            "TWIN_OIDC_ISSUER": provider.issuer, "TWIN_OIDC_CLIENT_ID": "twin", "TWIN_OIDC_CLIENT_SECRET": "a secret of the client",
            "TWIN_OIDC_ROLE": "supporter"}).furnish()
        stage.stop()
        stage.environment["TWIN_OIDC_TENANT"] = stage.tenant
        stage.start()
        provider.client(stage.url + "/api/auth/oidc/callback")

        def begin():
            browser = requests.Session()
            reply = browser.get(stage.url + "/api/auth/oidc/login", allow_redirects=False)
            assert reply.status_code == 302, reply.text
            return browser, reply.headers["Location"]

        browser, location = begin()
        back = provider.enter(location)
        reply = browser.get(back)
        check("signs in", reply.status_code == 200 and reply.json()["role"] == "supporter", f"{back} {reply.text[:300]}")
        if reply.status_code == 200:
            me = requests.get(stage.url + "/api/auth/me", headers={"Authorization": "Bearer " + reply.json()["token"]})
            check("the token is good", me.status_code == 200, me.text)
        check("a code and a state are good once", browser.get(back).status_code == 401)
        for name, change in [
            ("a wrong state", lambda text: re.sub(r"state=[^&]+", "state=wrong", text)),
            ("a wrong code", lambda text: re.sub(r"code=[^&]+", "code=wrong", text)),
        ]:
            browser, location = begin()
            check(name, browser.get(change(provider.enter(location))).status_code == 401)
        browser, location = begin()
        check("a wrong nonce", browser.get(provider.enter(re.sub(r"nonce=[^&]+", "nonce=other", location))).status_code == 401)
        # This provider looks whether the verifier fits.
        browser, location = begin()
        check("a wrong challenge", browser.get(provider.enter(re.sub(r"code_challenge=[^&]+", "code_challenge=" + "A" * 43, location))).status_code == 401)
        browser, location = begin()
        back = provider.enter(location)
        check("another browser cannot end it", requests.get(back).status_code == 401)
        browser, location = begin()
        back = provider.enter(location)
        database = folder + "/glewlwyd.db"
        subprocess.run(["sqlite3", database, "UPDATE gpo_code SET gpoc_expires_at = 1"], check=True)
        check("an expired code", browser.get(back).status_code == 401)
        stage.stop()
        stage.environment["TWIN_OIDC_ISSUER"] = provider.issuer + "/"
        stage.start()
        check("an issuer that calls itself otherwise", requests.get(stage.url + "/api/auth/oidc/login", allow_redirects=False).status_code == 502)
    finally:
        if stage:
            stage.stop()
        provider.process.terminate()
        provider.process.wait()
        if failures:
            print(open(folder + "/glewlwyd.log").read()[-1500:], file=sys.stderr)
print(f"{len(failures)} failures")
sys.exit(1 if failures else 0)
