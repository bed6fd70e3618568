#!/usr/bin/env bash
# From a clone to a cited answer in one command:  ./examples/quickstart.sh
#
# On a fresh Debian machine with a Swift toolchain it installs the missing system libraries, builds the release binary, makes
# a twin from examples/corpus and asks it. All it writes is in the build folder and in a temporary folder that is removed
# at the end. It ends with 1 when something that it shows is not as it should be.
#
#   TWIN=/usr/bin/twin ./examples/quickstart.sh     with an installed twin, without building
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; else bold='' dim='' plain=''; fi
heading() { printf '\n%s== %s%s\n' "$bold" "$*" "$plain"; }
fail() { printf '\nerror: %s\n' "$*" >&2; exit 1; }

# Prints a command as one would type it, then runs it.
run() {
    printf '%s$' "$dim"
    local word
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_./=:-]*) printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '%s\n' "$plain"
    "$@"
}

# ask QUESTION PATTERN: shows the answer, which must contain the extended regular expression.
ask() {
    local answer
    answer=$(run twin chat "$1") || fail "twin chat ended with $?"
    printf '%s\n\n' "$answer"
    grep -Eiq -- "$2" <<<"$answer" || fail "the answer to '$1' should contain '$2'"
}

heading "Getting ready"
packages=(pkg-config libsqlite3-dev libcurl4-openssl-dev ca-certificates poppler-utils jq)
if [ -n "${TWIN:-}" ]; then
    # Nothing is compiled, so no headers are needed.
    packages=(poppler-utils jq)
fi
.ci/need-packages "${packages[@]}"

if [ -z "${TWIN:-}" ]; then
    command -v swift >/dev/null ||
        fail "there is no 'swift'; install a Swift 6 toolchain (https://www.swift.org/install) and run this again"
    # The compiler keeps its caches in the home folder unless it is told another place.
    XDG_CACHE_HOME=$PWD/.build/home/cache XDG_CONFIG_HOME=$PWD/.build/home/config XDG_DATA_HOME=$PWD/.build/home/data \
        run swift build -c release --static-swift-stdlib --product twin
    TWIN=$PWD/.build/release/twin
fi
[ -x "$TWIN" ] || fail "$TWIN cannot be run"

work=$(mktemp -d "${TMPDIR:-/tmp}/twin-quickstart.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
# Whatever settings and data this user has stay out of it.
unset "${!TWIN_@}"
export TWIN_DB=$work/twin.db TWIN_CONFIG=$work/config.json
export XDG_DATA_HOME=$work/data XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache
twin() { command "$TWIN" "$@"; }

heading "A twin of Dr. Amara Lindqvist, who keeps bees on roofs"
run twin twins create amara --name "Amara Lindqvist"
run twin ingest examples/corpus --twin amara
run twin sources list --limit 8

heading "Questions, answered with quotations"
ask "When must autumn feeding be finished?" "15 September"
ask "Who checks every roof before a hive goes up?" "Petra Holm"
ask "What is the matchstick test for foulbrood?" "matchstick"
ask "When were the hives on the Kviberg school roof blown over?" "17 January 2022"
ask "How much does a luggage scale cost?" "149"

heading "A question that the documents do not answer"
ask "How do I brew mead?" "know"
status=0
run twin chat --exit-on-refusal "How do I brew mead?" >/dev/null 2>&1 || status=$?
echo "With --exit-on-refusal the exit code is $status, which a script can act on."
[ "$status" -eq 10 ] || fail "the exit code of a refusal should be 10, not $status"

heading "Passages instead of an answer"
run twin search "formic acid black roof" --limit 3

heading "JSON for other programs"
question="What does a site visit cost?"
filter='{status, answer, citations: [.citations[] | {title, bytes: "\(.start)-\(.end)", quote}]}'
echo "$dim\$ twin chat --json '$question' | jq '$filter'$plain"
twin chat --json "$question" >"$work/answer.json"
jq "$filter" "$work/answer.json"
jq -e '.status == "grounded" and (.answer | test("2[,.]?400")) and (.citations | length > 0)' "$work/answer.json" >/dev/null ||
    fail "the price of a site visit should be answered and cited"
[ "$(twin chat --json "How do I brew mead?" | jq -r .status)" = unanswerable ] || fail "a refusal should say so in its status"

heading "A second run reads nothing again"
echo "$dim\$ twin ingest --json examples/corpus --twin amara | jq -c .summary$plain"
twin ingest --json examples/corpus --twin amara >"$work/again.json"
jq -c .summary "$work/again.json"
jq -e '.summary | .added == 0 and .updated == 0 and .removed == 0 and .failed == 0 and .unchanged >= 20' \
    "$work/again.json" >/dev/null || fail "the second run should find every file unchanged"

heading "Now with your own documents"
cat <<END
  sudo make install                                   put twin, its manual and completions in /usr/local
  twin twins create me --name "My Name"
  twin ingest ~/Documents --twin me                   again whenever they change
  twin chat                                           a conversation
  twin doctor                                         what is missing, and the command that mends it
  twin help                                           everything else
END
