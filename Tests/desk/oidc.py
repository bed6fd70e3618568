#!/usr/bin/env python3
"""Signing in at a real provider (PyPI's oidc-provider-mock): it works once, and not with a wrong state, code, nonce or issuer.

    TWIN=.build/debug/twin python3 Tests/desk/oidc.py        (pip install oidc-provider-mock requests)
"""

import re
import sys
import threading
from urllib.parse import parse_qs, urlsplit

import oidc_provider_mock
import requests

from stage import Stage

failures = []


def check(name, holds, more=""):
    print("ok" if holds else "FAILED", name, more if not holds else "")
    if not holds:
        failures.append(name)


def at_provider(location, subject="ada"):
    """Says who one is at the provider, and answers where that sends the browser."""
    browser = requests.Session()
    page = browser.get(location)
    reply = browser.post(page.url, data={"sub": subject}, allow_redirects=False)
    if reply.status_code not in (302, 303):
        raise SystemExit(f"the provider answers {reply.status_code}: {reply.text[:300]}")
    return reply.headers["Location"]


with oidc_provider_mock.run_server_in_thread() as server:
    issuer = f"http://localhost:{server.server_port}"
    requests.put(f"{issuer}/users/ada", json={"email": "ada@example.org", "email_verified": True, "name": "Ada"})
    requests.put(f"{issuer}/users/eve", json={"email": "eve@example.org"})
    stage = Stage({"TWIN_OIDC_ISSUER": issuer, "TWIN_OIDC_CLIENT_ID": "twin", "TWIN_OIDC_CLIENT_SECRET": "anything", "TWIN_OIDC_ROLE": "supporter"}).furnish()
    stage.stop()
    stage.environment["TWIN_OIDC_TENANT"] = stage.tenant
    stage.start()
    try:
        def begin():
            browser = requests.Session()
            reply = browser.get(stage.url + "/api/auth/oidc/login", allow_redirects=False)
            assert reply.status_code == 302, reply.text
            return browser, reply.headers["Location"]

        browser, location = begin()
        asked = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        check("PKCE, state and nonce are sent", asked["code_challenge_method"] == "S256" and len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43)
        back = at_provider(location)
        reply = browser.get(back)
        check("signs in", reply.status_code == 200 and reply.json()["role"] == "supporter" and reply.json()["tenant_id"] == stage.tenant, reply.text[:300])
        me = requests.get(stage.url + "/api/auth/me", headers={"Authorization": "Bearer " + reply.json()["token"]})
        check("the token is good", me.json().get("email") == "ada@example.org", me.text)
        check("a code and a state are good once", browser.get(back).status_code == 401)

        browser, location = begin()
        back = at_provider(location)
        check("another browser cannot end it", requests.get(back).status_code == 401)
        browser, location = begin()
        back = at_provider(location)
        check("a wrong state", browser.get(re.sub(r"state=[^&]+", "state=wrong", back)).status_code == 401)
        browser, location = begin()
        back = at_provider(location)
        check("a wrong code", browser.get(re.sub(r"code=[^&]+", "code=wrong", back)).status_code == 401)
        # The nonce of the token is not the one that was kept.
        browser, location = begin()
        back = at_provider(re.sub(r"nonce=[^&]+", "nonce=other", location))
        check("a wrong nonce", browser.get(back).status_code == 401)
        # Whether the verifier fits the challenge is for the provider to check, and this one does not.
        browser, location = begin()
        reply = browser.get(at_provider(location, "ada"))
        check("the same account is the same user", reply.json()["email"] == "ada@example.org")
        first = reply.json()["user_id"]
        browser, location = begin()
        reply = browser.get(at_provider(location, "eve"))
        check("another account is another user", reply.status_code == 200 and reply.json()["user_id"] != first, reply.text[:200])
        stage.stop()
        stage.environment["TWIN_OIDC_ISSUER"] = issuer + "/"
        stage.start()
        check("an issuer that calls itself otherwise", requests.get(stage.url + "/api/auth/oidc/login", allow_redirects=False).status_code == 502)
    finally:
        stage.stop()
sys.exit(1 if failures else 0)
