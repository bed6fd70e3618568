#!/usr/bin/env bash
# Asks `twin serve` everything that its own description allows, and much that it forbids: schemathesis over /openapi.json.
#
#   Tests/schemathesis.sh [PATH/TO/twin] [OPTIONS OF schemathesis run]
#
# Pictures are drawn by `Tests/personas/dots.py`. Every check is on. Two passes of TWIN_SCHEMATHESIS_SECONDS each (60 without it): one with identifiers of things that are
# there, so that requests get past "not found", and one with identifiers as they come, with chains of calls (make, read,
# delete, read again).
#
# schemathesis is installed by name into a virtual environment: TWIN_TEST_TOOLS if that is set, else a temporary folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
binary=$root/.build/debug/twin
if [ $# -gt 0 ] && [ "${1#-}" = "$1" ]; then
    binary=$(realpath "$1")
    shift
fi
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }

"$root/.ci/need-packages" curl jq python3 python3-venv >&2

unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_EMBED@}" 2>/dev/null || true
folder=$(mktemp -d)
server=
drawer=
finish() {
    status=$?
    if [ -n "$drawer" ]; then kill "$drawer" 2>/dev/null || true; fi
    if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

tools=${TWIN_TEST_TOOLS:-$folder/tools}
"$root/.ci/need-python" "$tools" schemathesis

# What is there to be asked about.
cd "$folder"
export TWIN_DB=$folder/twin.db TWIN_CONFIG=$folder/config.json
printf '# Gearboxes\n\nThe gear oil is changed every 500 hours.\n\n## Filters\n\nA filter lasts 200 hours.\n' >gearboxes.md
id() { jq -er '(if type == "array" then .[0] else . end).id'; }
"$binary" users add owner@example.org --role owner --no-password --json >/dev/null
member=$("$binary" users add member@example.org --role viewer --no-password --json | id)
twin=$("$binary" twins create amara --json | id)
printf '# Bolts\n\nA bolt is tightened with 40 newton metres.\n' >bolts.md
printf 'Linda Brandt, chief executive of Acme Foundation, met Peter Holm. I prefer short letters.\n' >people.md
printf 'A nut.\n' >nuts.md
"$binary" --quiet ingest --twin amara gearboxes.md bolts.md people.md nuts.md >/dev/null
"$binary" twins set amara --setting escalation.enabled=true >/dev/null
doomed=$("$binary" twins create doomed --json | id)
condemned=$("$binary" twins create condemned --json | id)
source=$("$binary" sources list --twin amara --match gearboxes --json | id)
other=$("$binary" sources list --twin amara --match bolts --json | id)
lost=$("$binary" sources list --twin amara --match nuts --json | id)
node=$("$binary" graph list --type person --twin amara --json | id)
organization=$("$binary" graph list --type organization --twin amara --json | id)
candidate=$("$binary" memory candidates --twin amara --json | id)
answer=$("$binary" qna add --twin amara "Who built it?" "Amara did." --json | id)
group=$("$binary" groups list --twin amara --json | id)
spare=$("$binary" groups create --twin amara Spare --json | id)
supporter=$("$binary" users add supporter@example.org --role supporter --no-password --json | id)
"$binary" desk init --twin amara >/dev/null
"$binary" users add leaver@example.org --role viewer --no-password --json >/dev/null
token=$("$binary" token create --user owner@example.org)
leaving=$("$binary" token create --user leaver@example.org)

python3 "$root/Tests/personas/dots.py" dots.port &
drawer=$!
for _ in $(seq 3000); do [ -s dots.port ] && break; sleep 0.1; done
export TWIN_IMAGES_SDAPI_URL=http://127.0.0.1:$(cat dots.port) TWIN_TRAINING_COG_URL=http://127.0.0.1:$(cat dots.port)
internal=$(head -c 24 /dev/urandom | base64)
# With a mail server, which takes nothing: letters are queued.
TWIN_MAIL_URL=smtp://127.0.0.1:9 TWIN_MAIL_FROM=twin@example.org TWIN_JOURNAL_INTERNAL_KEY=$internal "$binary" serve --contracts studio,brain,support,journal,persona --port 0 --ready-file ready.json --log text >server.log 2>&1 </dev/null &
server=$!
for _ in $(seq 3000); do
    [ -s ready.json ] && break
    kill -0 "$server" 2>/dev/null || { cat server.log >&2; exit 1; }
    sleep 0.1
done
url=$(jq -r .url ready.json)

call() { curl -sS --fail-with-body -H "authorization: Bearer $token" -H 'content-type: application/json' "$@"; }
conversation=$(call -H 'accept: application/json' -d '{"query":"When is the gear oil changed?"}' "$url/chat/$twin" | jq -er .conversation_id)
clarification=$(call -H 'accept: application/json' -d '{"query":"Do you like remote work?"}' "$url/chat/$twin" | jq -r .clarification.id)
call -H 'accept: application/json' -d '{"query":"Who painted the ceiling of the chapel?"}' "$url/chat/$twin" >/dev/null
escalation=$("$binary" escalations list --twin amara --json | id)
share=$(call -X POST "$url/twins/$twin/share-link" | jq -er .share_token)
call -X PATCH -d '{"is_public":true}' "$url/twins/$twin/sharing" >/dev/null
job=$(call -X POST "$url/sources/$source/re-extract" | jq -er .job_id)
invitation=$(call -d '{"email":"guest@example.org","role":"viewer"}' "$url/users/invite" | jq -er .invitation_token)
session=$(call -d "{\"user_id\":\"$member\",\"title\":\"Gears\"}" "$url/api/v1/chat_sessions" | jq -er .session_id)
prompt=$(call -d "{\"user_id\":\"$member\",\"session_id\":\"$session\",\"prompt_text\":\"When?\",\"llm_responses\":[\"In May.\"]}" \
    "$url/api/v1/prompts" | jq -er .prompt_id)
own=$(call -d "{\"user_id\":\"$member\",\"prompt_text\":\"Be brief.\"}" "$url/api/v1/user_prompts" | jq -er .prompt_id)
entry=$(call -d "{\"user_id\":\"$member\",\"action\":\"SEEN\"}" "$url/api/v1/audit_logs" | jq -er .log_id)

owner=$(call "$url/users" | jq -er '.[] | select(.email == "owner@example.org") | .id')
weights=$(call -d '{"name":"Weights","lora_weights_url":"https://weights.example.org/a.safetensors"}' \
    "$url/api/v1/loras/models?user_id=$owner" | jq -er .id)
unloved=$(call -d '{"name":"Others","lora_weights_url":"https://weights.example.org/a.safetensors"}' \
    "$url/api/v1/loras/models?user_id=$owner" | jq -er .id)
avatar=$(call -d "{\"name\":\"Mara\",\"niche\":\"trams\",\"aesthetic_style\":\"plain\",\"lora_model_id\":\"$weights\"}" \
    "$url/api/v1/identities/avatars/with-lora?user_id=$owner" | jq -er .id)
call -d "{\"avatar_id\":\"$avatar\",\"template_id\":\"FIT-001\"}" "$url/api/v1/content/generate" >/dev/null
dataset=$(call -d "{\"avatar_id\":\"$avatar\",\"num_images\":10}" "$url/api/v1/loras/dataset/generate" | jq -er .batch_id)
training=$(call -d "{\"avatar_id\":\"$avatar\",\"dataset_batch_id\":\"$dataset\"}" "$url/api/v1/loras/training/start" | jq -er .training_job_id)
# A desk: a contact whose session the supporter has, and one more of what is deleted.
tenant=$(call "$url/api/admin/tenants" | jq -er '.tenants[0].tenant_id')
call -X PUT -d '{"settings":{"rate_per_minute":100000,"rate_burst":100000,"staff_rate_per_minute":100000}}' "$url/api/admin/tenants/$tenant" >/dev/null
contact=$(call -d '{"email":"visitor@example.org"}' "$url/api/$tenant/chat-users" | jq -er .user_id)
claimed=$(call -d '{"message":"When is the gear oil changed?"}' "$url/api/public/widgets/$tenant/chat" | jq -er .session_id)
claimed=$(call "$url/api/$tenant/session/$claimed" | jq -er .user_id)
talk=$(call -d "{\"user_id\":\"$contact\"}" "$url/api/$tenant/session" | jq -er .session_id)
call -X PUT -d '{"status":"online"}' "$url/api/admin/escalation/staff/$supporter" >/dev/null
call -d '{"reason":"a person"}' "$url/api/admin/escalation/$talk/escalate" >/dev/null
rag=$(call "$url/api/admin/tools/base" | jq -er '.base_tools[] | select(.tool_type == "RAG").base_tool_id')
tool=$(call -d "{\"name\":\"search\",\"base_tool_id\":\"$rag\"}" "$url/api/admin/tools" | jq -er .tool_id)
scrap=$(call -d "{\"name\":\"scrap\",\"base_tool_id\":\"$rag\"}" "$url/api/admin/tools" | jq -er .tool_id)
agent=$(call -d '{"name":"Orders"}' "$url/api/admin/agents" | jq -er .agent_id)
spent=$(call -d '{"name":"Spent"}' "$url/api/admin/agents" | jq -er .agent_id)
hook=$(call -d '{"url":"https://hook.invalid/"}' "$url/api/admin/webhooks" | jq -er .webhook_id)
cut=$(call -d '{"url":"https://cut.invalid/"}' "$url/api/admin/webhooks" | jq -er .webhook_id)
call -d "{\"message\":\"Hello\",\"user_id\":\"$contact\",\"session_id\":\"$talk\"}" "$url/api/$tenant/chat" >/dev/null
delivery=$(call "$url/api/admin/webhooks/$hook/deliveries" | jq -er '.deliveries[0].delivery_id')

# All checks are on. Where a status other than the usual ones is right, it is named here with its reason.
cat >any.toml <<END
[auth.openapi.bearer]
bearer = "$token"

[auth.openapi.internalKey]
api_key = "$internal"

# 410: the twin was archived, perhaps by a call of this very run. It is the contract's 404 for what was there.
[checks]
positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 410, 429]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429]
END
# 400 is what the contract has for a request that is well-formed and that the state of things forbids.
state() {
    printf '\n# 400: %s\n[[operations]]\ninclude-name = "%s %s"\n' "$3" "$1" "$2"
    printf 'checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 409, 410, 413, 429]\n'
}
{
    state DELETE '/access-groups/{group_id}' 'the default group stays'
    state DELETE '/users/{user_id}' 'nobody removes themselves'
    state PATCH '/twins/{twin_id}' 'a twin that knows nothing is not published'
    state POST '/twins' 'a name that is taken'
    state POST '/twins/{twin_id}/access-groups' 'a name that is taken'
    state PATCH '/access-groups/{group_id}' 'a name that is taken'
    state POST '/api-keys' 'a twin of another workspace'
    state POST '/twins/{twin_id}/group-memberships' 'a group of another twin'
    state POST '/users/invite' 'somebody who is a user already'
    state POST '/twins/{twin_id}/clarifications/{clarification_id}/resolve' 'resolved already'
    state POST '/twins/{twin_id}/verified-qna' 'a question without a word in it'
    state POST '/api/v1/auth/register' 'an address that is registered'
    state POST '/api/v1/users' 'an address that is registered'
    state POST '/api/v1/audit_logs' 'details that are too long'
    state POST '/api/v1/loras/models/upload' 'metadata that is no JSON, a file that holds no weights'
    for route in 'POST /api/auth/register' 'POST /api/admin/escalation/staff' 'POST /api/{tenant_id}/chat-users' \
        'POST /api/{tenant_id}/session/{session_id}/escalate' 'POST /api/public/widgets/{tenant_id}/escalate'; do
        state ${route%% *} "${route#* }" 'an address that is none'
    done
    for what in assign resolve; do
        state POST "/api/admin/escalation/{session_id}/$what" 'a session that was not handed over'
    done
    state POST '/api/{tenant_id}/supporter/message' 'a session that somebody else has'
    for path in '/api/{tenant_id}/chat' '/api/public/widgets/{tenant_id}/chat'; do
        state POST "$path" 'an agent that does not answer at this desk'
    done
    state PUT '/api/admin/widgets/{tenant_id}' 'a domain that no site has'
    state POST '/api/admin/tools' 'a config that tools of this kind do not have'
    state PUT '/api/admin/tools/{tool_id}' 'the same'
    state POST '/api/admin/webhooks' 'no address that could be asked'
    state PUT '/api/admin/webhooks/{webhook_id}' 'the same'
    state POST '/api/admin/knowledge/upload' 'what is there cannot be read'
    for path in document 'file/{twin_id}' url 'url/{twin_id}' 'youtube/{twin_id}' 'podcast/{twin_id}' 'x/{twin_id}'; do
        state POST "/ingest/$path" 'what is there cannot be read'
    done
} >>any.toml
cat >>any.toml <<END

# 422: the id of a path is a UUID or a user's, which need not be one. 400: an address that is registered.
[[operations]]
include-path-regex = "^/api/v1/.*user_id"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 409, 410, 422, 429]

# 422: a LoRA model that is not one of theirs, an address that is none or not on the public Internet.
[[operations]]
include-name = ["POST /api/v1/identities/avatars/with-lora", "POST /api/v1/loras/models", "POST /api/v1/loras/training/start"]
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 410, 422, 429]

# 500 is the contract's answer for each provider that is not set up, which is most of them: Tests/personas asks these two.
[[operations]]
include-name = ["POST /api/v1/identities/avatars", "POST /api/v1/identities/components/generate"]
enabled = false

# 400: neither a scene nor a prompt, or one that is refused; an avatar without weights.
[[operations]]
include-path-regex = "^/api/v1/content/(generate|batch)"
checks.positive_data_acceptance.expected-statuses = ["2xx", 400, 401, 403, 404, 409, 410, 429]

# 422: the avatar of a face that is only looked at is null.
[[operations]]
include-path-regex = "^/api/v1/.*avatar_id"
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 410, 422, 429]

# The id of an account is any text, and makes a user of that id.
[[operations]]
include-name = "GET /api/v1/internal/users/by-clerk-id/{account_id}"
enabled = false

# Nobody signs what is made up here.
[[operations]]
include-path-regex = "^/storage"
checks.positive_data_acceptance.expected-statuses = [404]

# DELETE of a twin archives it: it answers nobody any more, and what it knows can still be read, as the contract has it.
[[operations]]
include-path-regex = "^/twins|twin_id"
checks.use_after_free.enabled = false
END

cat >>any.toml <<END

# Whoever signs out is not heard any more, and the others are still to be asked: somebody else does, or nobody.
[[operations]]
include-name = "POST /auth/logout"
headers = { Authorization = "Bearer $leaving" }

[[operations]]
include-name = ["POST /api/auth/logout", "POST /api/auth/change-password"]
enabled = false

# 422: a day that no calendar has.
[[operations]]
include-name = "GET /api/{tenant_id}/session"
checks.positive_data_acceptance.expected-statuses = ["2xx", 401, 403, 404, 409, 410, 422, 429]

# There is no issuer here; Tests/desk has two.
[[operations]]
include-path-regex = "^/api/auth/oidc/"
enabled = false

# What is no UUID in its place is another contract's path, with errors in that one's form.
[[operations]]
include-path-regex = "^/api/[{]tenant_id"
parameters = { tenant_id = "$tenant" }

# They stay open for as long as somebody listens; Tests/desk asks them.
[[operations]]
include-path-regex = "^/api/.*/(stream|ws)$"
enabled = false
END

# The stream of a job that waits stays open for as long as the job waits.
cat >>any.toml <<END

[[operations]]
include-name = "GET /jobs/{job_id}/events"
enabled = false
END

cat any.toml - >there.toml <<END

[parameters]
twin_id = "$twin"
source_id = "$source"
qna_id = "$answer"
group_id = "$group"
conversation_id = "$conversation"
clarification_id = "$clarification"
job_id = "$job"
user_id = "$member"
session_id = "$session"
prompt_id = "$prompt"
log_id = "$entry"
avatar_id = "$avatar"
lora_model_id = "$weights"
batch_id = "$dataset"
training_job_id = "$training"
template_id = "FIT-001"
document_id = "$source"
node_id = "$node"
into = "$organization"
candidate_id = "$candidate"
escalation_id = "$escalation"
content_type = "source"
content_id = "$source"

[[operations]]
include-path-regex = "user_prompts|user-prompts"
parameters = { prompt_id = "$own" }

[[operations]]
include-path-regex = "^/api/(admin|auth|public|[{]tenant_id)"
parameters = { tenant_id = "$tenant", session_id = "$talk", user_id = "$contact", agent_id = "$agent", tool_id = "$tool", webhook_id = "$hook", delivery_id = "$delivery", secret_name = "shop" }

[[operations]]
include-path-regex = "escalation/staff/"
parameters = { user_id = "$supporter" }

[[operations]]
include-path-regex = "/merge$"
parameters = { tenant_id = "$tenant", user_id = "$claimed" }

# What is deleted must not be what the others need.
[[operations]]
include-name = "DELETE /api/admin/tools/{tool_id}"
parameters = { tool_id = "$scrap" }

[[operations]]
include-name = "DELETE /api/admin/agents/{agent_id}"
parameters = { agent_id = "$spent" }

[[operations]]
include-name = "DELETE /api/admin/webhooks/{webhook_id}"
parameters = { webhook_id = "$cut" }

[[operations]]
include-name = ["DELETE /twins/{twin_id}", "POST /twins/{twin_id}/archive"]
parameters = { twin_id = "$doomed" }

[[operations]]
include-name = "DELETE /api/twins/{twin_id}"
parameters = { twin_id = "$condemned" }

[[operations]]
include-name = "DELETE /api/twins/{twin_id}/documents/{document_id}"
parameters = { document_id = "$lost" }

[[operations]]
include-name = ["DELETE /sources/{twin_id}/{source_id}", "DELETE /access-groups/{group_id}/permissions/{content_type}/{content_id}"]
parameters = { source_id = "$other", content_id = "$other" }

[[operations]]
include-path-regex = "^/api/v1/(identities|content|loras)"
parameters = { user_id = "$owner" }

[[operations]]
include-name = ["DELETE /api/v1/loras/models/{lora_model_id}"]
parameters = { user_id = "$owner", lora_model_id = "$unloved" }

[[operations]]
include-name = ["DELETE /access-groups/{group_id}"]
parameters = { group_id = "$spare" }

[[operations]]
include-name = ["GET /public/validate-share/{twin_id}/{token}", "POST /public/chat/{twin_id}/{token}"]
parameters = { token = "$share" }

[[operations]]
include-name = "GET /auth/invitation/{token}"
parameters = { token = "$invitation" }
END

# Each request comes from another address: what is limited by address would be answered 429 to whoever asks fast enough.
cat >hooks.py <<END
import itertools

import requests

numbers = itertools.count(1)
send = requests.Session.send


def from_elsewhere(session, request, **options):
    number = next(numbers)
    request.headers["X-Forwarded-For"] = f"198.{18 + number // 62500 % 2}.{number // 250 % 250}.{number % 250 + 1}"
    return send(session, request, **options)


requests.Session.send = from_elsewhere
END
export SCHEMATHESIS_HOOKS=$folder/hooks.py

code=0
run() {
    local name=$1 config=$2
    shift 2
    echo "== $name"
    timeout 1200 "$tools/bin/schemathesis" --config-file "$config" run --url "$url" --checks all \
        --max-time "${TWIN_SCHEMATHESIS_SECONDS:-60}" --max-examples 30 --generation-database none --continue-on-failure --request-timeout 120 \
        --workers 1 --no-color "$@" "$url/openapi.json" || code=1
}
run "What is there" there.toml --phases examples,coverage,fuzzing "$@"
run "Whatever comes" any.toml --phases examples,coverage,fuzzing,stateful "$@"

kill -0 "$server" 2>/dev/null || { echo "error: the server has ended" >&2; tail -20 server.log >&2; code=1; }
if grep -E 'Z 5[0-9][0-9] ' server.log | grep -Ev ' 500 POST /api/v1/identities/(avatars|components/generate) ' | head -5 | grep .; then
    echo "error: the server answered with 5xx" >&2
    code=1
fi
exit $code
