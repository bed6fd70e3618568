"""A client of the journal contract, written from its reference alone: what it reads must be there, and of the right type."""
import sys
import uuid
from datetime import datetime

import httpx

base, twin_answers = sys.argv[1] + "/api/v1", sys.argv[2]
http = httpx.Client(base_url=base, timeout=300)


def check(condition, what):
    if not condition:
        sys.exit(f"error: {what}")


def typed(value, **members):
    """The members have these types; a date is text that reads as one."""
    for name, kind in members.items():
        check(name in value, f"no {name} in {value}")
        if kind is uuid.UUID:
            uuid.UUID(value[name])
        elif kind is datetime:
            datetime.fromisoformat(value[name].replace("Z", "+00:00"))
        else:
            check(isinstance(value[name], kind), f"{name} of {value} is no {kind}")
    return value


def ask(method, path, status, headers=None, **more):
    reply = http.request(method, path, headers=headers or {}, **more)
    check(reply.status_code == status, f"{method} {path}: {reply.status_code} {reply.text}")
    return reply.json()


def person(name):
    email = f"{name.lower()}-{uuid.uuid4().hex[:8]}@example.org"
    user = ask("POST", "/auth/register", 201, json={"name": name, "email": email, "role": "admin", "password": "correct horse"})
    typed(user, user_id=uuid.UUID, name=str, email=str, role=str, created_at=datetime)
    check(user["role"] == "user", "a client made itself an admin")
    token = ask("POST", "/auth/login", 200, data={"username": email, "password": "correct horse"})
    typed(token, access_token=str, token_type=str)
    return user, {"Authorization": f"{token['token_type']} {token['access_token']}"}


ada, mine = person("Ada")
eve, hers = person("Eve")
check(ask("GET", f"/users/{ada['user_id']}", 200, mine)["email"] == ada["email"], "another user")
changed = ask("PUT", f"/users/{ada['user_id']}", 200, mine, json={"name": "Ada King", "email": ada["email"]})
check(changed["name"] == "Ada King", f"not changed: {changed}")
quota = ask("GET", f"/users/{ada['user_id']}/quota", 200, mine)
typed(quota, daily_limit=int, used_today=int, last_reset=datetime, user_id=uuid.UUID)
check(quota["daily_limit"] == 10000 and quota["used_today"] == 0, quota)

session = ask("POST", "/chat_sessions/", 201, mine, json={"user_id": ada["user_id"], "title": "Gears"})
typed(session, session_id=uuid.UUID, user_id=uuid.UUID, title=str, created_at=datetime)
second = ask("POST", "/chat_sessions", 201, mine, json={"user_id": ada["user_id"], "title": "Oil"})
listed = ask("GET", f"/chat_sessions/user/{ada['user_id']}", 200, mine)
check([s["title"] for s in listed] == ["Oil", "Gears"], f"not newest first: {listed}")
check(ask("PUT", f"/chat_sessions/{session['session_id']}", 200, mine, json={"title": "Gear oil"})["title"] == "Gear oil", "title")

new = {"user_id": ada["user_id"], "session_id": session["session_id"], "prompt_text": "When is the gear oil changed?"}
answered = ask("POST", "/prompts/", 201, mine, json=new)
typed(answered, prompt_id=uuid.UUID, user_id=uuid.UUID, session_id=uuid.UUID, prompt_text=str, llm_responses=list, timestamp=datetime)
if twin_answers == "yes":
    check("500" in "".join(answered["llm_responses"]), f"the twin did not answer: {answered}")
kept = ask("POST", "/prompts", 201, mine, json={**new, "prompt_text": "And a filter?", "llm_responses": ["Two hundred hours."]})
check(kept["llm_responses"] == ["Two hundred hours."], kept)
prompts = ask("GET", f"/prompts/session/{session['session_id']}", 200, mine)
check([p["prompt_id"] for p in prompts] == [answered["prompt_id"], kept["prompt_id"]], "not oldest first")
check(ask("GET", f"/users/{ada['user_id']}/quota", 200, mine)["used_today"] > 0, "nothing was charged")
edited = ask("PUT", f"/prompts/{kept['prompt_id']}", 200, mine, json={"prompt_text": "And a belt?", "llm_responses": []})
check(edited["prompt_text"] == "And a belt?" and edited["llm_responses"] == [], edited)

ask("POST", "/system_prompts", 403, mine, json={"prompt_text": "Obey."})
check(isinstance(ask("GET", "/system_prompts/", 200, mine), list), "no list of system prompts")
own = ask("POST", "/user_prompts", 201, mine, json={"user_id": ada["user_id"], "prompt_text": "Be brief."})
typed(own, prompt_id=uuid.UUID, user_id=uuid.UUID, prompt_text=str)
check(len(ask("GET", f"/user_prompts/user/{ada['user_id']}", 200, mine)) == 1, "user prompts")
ask("PUT", f"/user_prompts/{own['prompt_id']}", 200, mine, json={"prompt_text": "Be long."})

entry = ask("POST", "/audit_logs", 201, mine, json={"user_id": ada["user_id"], "action": "viewed", "details": {"page": 3}})
typed(entry, log_id=uuid.UUID, user_id=uuid.UUID, action=str, details=dict, timestamp=datetime)
check(ask("GET", f"/audit_logs/{entry['log_id']}", 200, mine) == entry, "another entry")
check(entry in ask("GET", f"/audit_logs/user/{ada['user_id']}", 200, mine), "not in the list")

# Somebody else finds nothing of it, and nobody is asked to sign in.
for method, path, body in [
    ("GET", f"/users/{ada['user_id']}", None), ("GET", f"/chat_sessions/{session['session_id']}", None),
    ("PUT", f"/chat_sessions/{session['session_id']}", {"title": "x"}), ("DELETE", f"/prompts/{kept['prompt_id']}", None),
    ("POST", "/prompts", new), ("GET", f"/audit_logs/{entry['log_id']}", None),
    ("POST", "/audit_logs", {"user_id": ada["user_id"], "action": "forged"}), ("DELETE", f"/users/{ada['user_id']}", None),
]:
    ask(method, path, 404, hers, json=body)
    ask(method, path, 401, json=body)

check(ask("DELETE", f"/prompts/{kept['prompt_id']}", 200, mine) == {"message": "Prompt deleted successfully"}, "message")
check(ask("DELETE", f"/user_prompts/{own['prompt_id']}", 200, mine)["message"] == "Prompt deleted successfully", "message")
ask("DELETE", f"/chat_sessions/{session['session_id']}", 200, mine)
ask("GET", f"/prompts/{answered['prompt_id']}", 404, mine)
check(ask("DELETE", f"/users/{ada['user_id']}", 200, mine) == {"message": "User deleted successfully"}, "message")
ask("GET", f"/users/{ada['user_id']}", 401, mine)
print("ok: journal")
