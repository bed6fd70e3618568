#!/usr/bin/env bash
# Letters through real SMTP: aiosmtpd takes them, openssl makes its certificate, and people follow the links in them.
#
#   Tests/mail/run.sh [PATH/TO/twin]
#
# aiosmtpd and httpx come by name into a virtual environment (TWIN_MAIL_TOOLS if that is set, else a temporary folder).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
binary=$(realpath "${1:-$root/.build/debug/twin}")
[ -x "$binary" ] || { echo "error: there is no $binary; run swift build first" >&2; exit 1; }
"$root/.ci/need-packages" openssl python3 python3-venv >&2
tools=${TWIN_MAIL_TOOLS:-}
unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_MAIL@}" 2>/dev/null || true
folder=$(mktemp -d)
export PYTHONDONTWRITEBYTECODE=1
trap 'rm -rf "$folder"' EXIT
tools=${tools:-$folder/tools}
"$root/.ci/need-python" "$tools" aiosmtpd httpx
for script in letters faults; do
    "$tools/bin/python" "$here/$script.py" "$binary" "$folder"
done
