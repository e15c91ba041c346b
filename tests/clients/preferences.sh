#!/usr/bin/env bash
# Runs the page that docs/preferences.md shows, as it stands there, and uses it. Run by `run`, which
# sets API and TEMPORARY.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

awk '/^```python/ { inside = 1; next } /^```$/ { inside = 0 } inside' \
    "$(dirname "$0")/../../docs/preferences.md" \
    | sed "s|\"ada\"|\"own-page\"|; s|127\.0\.0\.1:50051|${API#http://}|" >"$TEMPORARY/page.py"
# What is measured is what a reader copies.
lines=$(wc -l <"$TEMPORARY/page.py")
check "docs/preferences.md: a page of some 60 lines" yes \
    "$([ "$lines" -le 65 ] && echo yes || echo "$lines")"

port=$(python3 -c '
import socket
free = socket.socket()
free.bind(("127.0.0.1", 0))
print(free.getsockname()[1])')
python3 "$TEMPORARY/page.py" "$port" >"$TEMPORARY/page.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
own=http://127.0.0.1:$port/
tries=0
until page=$(curl --silent --fail --max-time 5 "$own") || [ $((tries += 1)) -gt 200 ]; do
    sleep 0.1
done

call() { # call METHOD JSON
    curl --silent --max-time 30 --header 'content-type: application/json' --data "$2" \
        "$API/courtesy.v1.$1"
}

contains "docs/preferences.md: it shows the form" "<legend>channels</legend>" "$page"
contains "docs/preferences.md: what is wanted is ticked" \
    "name=channels value='email' checked" "$page"
page=$(curl --silent --max-time 10 --data 'version=&was_channels=email&do=save' "$own")
contains "docs/preferences.md: saved" "Saved." "$page"
lacks "docs/preferences.md: not ticked any more" "value='email' checked" "$page"
contact='{"contact": {"customer_id": "own-page", "channel": "email", "purpose": "marketing"}}'
contains "docs/preferences.md: senders are refused" EFFECT_DENY \
    "$(call ContactService/CheckContact "$contact")"
page=$(curl --silent --max-time 10 --data 'version=&channels=email&do=save' "$own")
contains "docs/preferences.md: on another record it is shown again" "Please look again." "$page"
version=$(sed -n "s/.*name=version value='\([^']*\)'.*/\1/p" <<<"$page")
page=$(curl --silent --max-time 10 --data "version=$version&channels=email&do=save" "$own")
contains "docs/preferences.md: wanted again" "value='email' checked" "$page"
contains "docs/preferences.md: senders are allowed" EFFECT_ALLOW \
    "$(call ContactService/CheckContact "$contact")"
page=$(curl --silent --max-time 10 --data 'do=stop' "$own")
contains "docs/preferences.md: all is stopped" EFFECT_DENY \
    "$(call ContactService/CheckContact "$contact")"
link=$(call CustomerService/IssuePreferenceLink '{"customer_id": "own-page"}' |
    sed -n 's/.*"url":"\([^"]*\)".*/\1/p')
contains "docs/preferences.md: courtesy's own page says so too" "You have stopped all of it." \
    "$(curl --silent --max-time 10 "$link")"

finish "a preference page of one's own"
