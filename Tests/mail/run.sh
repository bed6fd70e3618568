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
unset "${!TWIN_DB@}" "${!TWIN_JWT@}" "${!TWIN_MODEL@}" "${!TWIN_MAIL@}" 2>/dev/null || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tools=${TWIN_MAIL_TOOLS:-$folder/tools}
if ! "$tools/bin/python" -c 'import aiosmtpd, httpx' 2>/dev/null; then
    [ -x "$tools/bin/python" ] || python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check aiosmtpd httpx
fi
"$tools/bin/python" "$here/letters.py" "$binary" "$folder"
