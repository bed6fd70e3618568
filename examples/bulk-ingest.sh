#!/usr/bin/env bash
# Keeps a twin in step with folders; made for cron and systemd timers.
#
#   examples/bulk-ingest.sh TWIN PATH...
#   17 * * * *  /path/to/examples/bulk-ingest.sh amara /srv/amara/documents
#
# New files are added, changed ones replaced, and sources whose file is gone removed. Nothing is printed when all went well
# (cron then sends no mail). Files that cannot be read are named on standard error, are tried again when they change, and do
# not make the run fail, unless STRICT=1. Two runs never overlap.
#
# Environment: TWIN (the program, default twin), TWIN_DB, STRICT.
# Exit codes: 0 in step (also when a previous run is still busy), 9 some files failed and STRICT=1, else those of twin.
set -euo pipefail

if [ $# -lt 2 ]; then
    echo "usage: $0 TWIN PATH..." >&2
    exit 2
fi
twin=${TWIN:-twin}
slug=$1
shift
command -v "$twin" jq >/dev/null || { echo "error: '$twin' and 'jq' are needed" >&2; exit 3; }

# --prune takes a missing folder for an empty one, and an unmounted disk must not empty the twin.
for path in "$@"; do
    [ -e "$path" ] || { echo "error: $path is not there; is its disk mounted?" >&2; exit 5; }
    if [ -d "$path" ] && [ -z "$(ls -A -- "$path")" ]; then
        echo "error: $path is empty; remove its sources yourself if that is right: twin ingest --prune" >&2
        exit 5
    fi
done

report=$(mktemp)
trap 'rm -f "$report"' EXIT

# The lock is one for each twin and user; flock leaves the lock file behind on purpose, since removing it would be a race.
lock=${XDG_RUNTIME_DIR:-${TMPDIR:-/tmp}}/twin-ingest-$(id -u)-$slug.lock
exec 9>"$lock"
flock --nonblock 9 || exit 0

status=0
"$twin" ingest --twin "$slug" --prune --jsonl "$@" >"$report" || status=$?

case $status in
    0) ;;
    9)
        jq -r 'select(.status == "failed") | "failed: \(.path): \(.reason // .error // "see twin sources logs")"' "$report" >&2
        [ "${STRICT:-0}" = 1 ] || status=0
        ;;
    7) echo "the database is busy; the next run goes on" >&2 ;;
    *) echo "error: twin ingest ended with $status (twin help exit-codes)" >&2 ;;
esac
exit "$status"
