#!/usr/bin/env bash
# Asks a twin every question of a file and writes one JSON object a line: question, status, answer, confidence, sources.
#
#   examples/ask.sh examples/questions.txt > answers.jsonl
#   examples/ask.sh questions.txt --twin amara | jq -r 'select(.status == "unanswerable").question'
#   grep -h '?' notes/*.md | examples/ask.sh - | jq -s 'map(.confidence) | add / length'
#
# Empty lines and lines that begin with # are left out. What follows the file is passed on to `twin chat`. A question that
# cannot be asked ends the script with the exit code of twin; a refusal is an answer like any other.
#
# Environment: TWIN (the program, default twin), TWIN_DB.
set -euo pipefail

if [ $# -lt 1 ]; then
    echo "usage: $0 FILE|- [OPTION of twin chat]..." >&2
    exit 2
fi
file=$1
shift
[ "$file" = - ] && file=/dev/stdin
twin=${TWIN:-twin}

while IFS= read -r question || [ -n "$question" ]; do
    case $question in '' | '#'*) continue ;; esac
    # The question goes in through standard input, so that one which begins with a dash is no option.
    answer=$(printf '%s' "$question" | "$twin" chat --json "$@" -)
    jq -c '{question, status, answer, confidence: .confidence_score,
            sources: [.citations[] | {title, locator, page, bytes: "\(.start)-\(.end)"}]}' <<<"$answer"
done <"$file"
