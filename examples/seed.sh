#!/usr/bin/env bash
# A pipeline that seeds a twin from text files and lets it in only when it still answers well:  ./examples/seed.sh
#
#   TWIN=/usr/bin/twin ./examples/seed.sh [DIR]     with an installed twin; DIR is a folder as 'twin export' writes it
#
# TWIN_DB names the database, as always. The exit code is that of the step that failed.
set -euo pipefail
cd "$(dirname "$0")/.."
twin=${TWIN:-$PWD/.build/release/twin}
seed=${1:-examples/seed}
[ -x "$twin" ] || { echo "$twin cannot be run; build it with 'make'" >&2; exit 1; }

echo "== What would change"
"$twin" apply "$seed" --prune --dry-run

echo "== Applying"
"$twin" apply "$seed" --prune --yes

slug=$(sed -n 's/.*"slug": *"\([^"]*\)".*/\1/p' "$seed/twin.json")
if [ -f "$seed/questions.jsonl" ]; then
    echo "== Asking"
    "$twin" eval "$seed/questions.jsonl" --twin "$slug" --min containment=0.9 --min refusal_recall=0.9
fi
