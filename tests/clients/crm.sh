#!/usr/bin/env bash
# Runs what docs/crm.md shows, as it stands there, against a server of its own. Run by `run`, which
# sets API_FOR_CRM, COURTESY and TEMPORARY.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

# The blocks expect to be run in a checkout after a release build.
checkout=$TEMPORARY/checkout
mkdir -p "$checkout/target/release"
ln -s "$(realpath "$COURTESY")" "$checkout/target/release/courtesy"
ln -s "$(realpath "$(dirname "$0")/../../proto")" "$checkout/proto"
export COURTESY_SERVER=$API_FOR_CRM

section=$(cat "$(dirname "$0")/../../docs/crm.md")
count=0
# block LANGUAGE COMMAND…: runs the section's next block, which must be in LANGUAGE; sets $output.
block() {
    count=$((count + 1))
    local file=$TEMPORARY/block-$count code=0
    awk -v wanted="$count" '
        /^```./ && !inside { inside = 1; found++; language = substr($0, 4); next }
        /^```$/ { inside = 0 }
        inside && found == wanted { print }
        found == wanted && !named { named = 1; print language >"/dev/stderr" }
    ' <<<"$section" >"$file" 2>"$file.language"
    check "block $count: language" "$1" "$(cat "$file.language")"
    sed -i "s|127\.0\.0\.1:50051|${API_FOR_CRM#http://}|" "$file"
    output=$(cd "$checkout" && "${@:2}" "$file" 2>&1) || code=$?
    [ "$code" -eq 0 ] || fail "block $count of docs/crm.md: status" 0 "$code: $output"
}

line() { # line NUMBER NAME FRAGMENT…: of the last block's output
    local text fragment
    text=$(sed -n "$1p" <<<"$output")
    for fragment in "${@:3}"; do contains "docs/crm.md, $2" "$fragment" "$text"; done
}

ask() { # ask SERVICE/METHOD JSON: sets $answer
    answer=$(curl --silent --max-time 30 --header 'content-type: application/json' --data "$2" \
        "$API_FOR_CRM/courtesy.v1.$1")
}

email='"scope":{"channel":"email"}'
mothers_day='"scope":{"occasion":"mothers_day"}'

block sh bash -euo pipefail
line 1 "opt out" "$email" '"eventTime":"2026-03-09T16:20:00Z"' '"source":"crm"'
line 2 "opt out of an occasion" "$mothers_day" "$email"
line 3 "cadence" '"cadence":[{"channel":"email","limit":2,"sliding":"604800s"}]' "$mothers_day"
line 4 "holiday" '"quietTimes":[{"days":{"firstDate":"2026-12-20","lastDate":"2027-01-05"}}]' \
    '"cadence":[{"channel"'
line 5 "inbound" '"meaning":"INBOUND_MEANING_STOP"' '"optedOutScopes":[{"channel":"sms"}]' \
    '"reply":"INBOUND_REPLY_OPT_OUT_CONFIRMATION"' '"replyUntilTime":"20'
line 6 "link" '"url":"http://' '"listUnsubscribe":"<http://' \
    '"listUnsubscribePost":"List-Unsubscribe=One-Click"'
line 7 "export" '"customerId":"ada"' '"evidence":"asked by phone, call 4711"' \
    '"evidence":"STOP please!"' '"cadence"'
line 8 "erase" '{"erased":true,"changed":true}'
check "docs/crm.md, curl: lines" 8 "$(wc -l <<<"$output")"
ask CustomerService/GetCustomer '{"customer_id": "ada"}'
contains "docs/crm.md, what stays of the erased" "$email" "$answer"
lacks "docs/crm.md, what goes" '"timeZone"' "$answer"

link=$(sed -n '6s/.*"url":"\([^"]*\)".*/\1/p' <<<"$output")
check "docs/crm.md, the link works" 200 \
    "$(curl --silent --output /dev/null --write-out '%{http_code}' \
        --data List-Unsubscribe=One-Click "$link")"

block sh bash -euo pipefail
contains "docs/crm.md, import" "$(printf '%-35s 2' imported)" "$output"
check "docs/crm.md, export: customers" '"customerId":"ada" "customerId":"bob" "customerId":"cyd" ' \
    "$(grep --only-matching '"customerId":"[a-z]*"' "$checkout/customers.jsonl" | tr '\n' ' ')"
contains "docs/crm.md, export" "$mothers_day" "$(grep bob "$checkout/customers.jsonl")"

# What the page installs is taken from where it is.
clients=$(realpath "$(dirname "$0")/../../clients")
export PYTHONPATH=$clients/python
block python python3
line 1 "Python, inbound" 'INBOUND_MEANING_STOP INBOUND_REPLY_OPT_OUT_CONFIRMATION'
line 2 "Python, link" 'List-Unsubscribe: <http://'
line 3 "Python, link" 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'
line 4 "Python, wishes" "Scope(channel='email'," "occasion='mothers_day'" "Scope(channel='sms',"
line 5 "Python, erase" "erased: True"

block python python3
line 1 "Python, import" 'row 2 time_zone is not a zone of the time-zone database 20'
contains "docs/crm.md, Python, export" 'eli 1' "$output"
ask ContactService/CheckContact \
    '{"contact": {"customer_id": "eli", "channel": "email", "purpose": "marketing"}}'
contains "docs/crm.md, Python, an opt-out refuses" '"code":"REASON_CODE_OPTED_OUT"' "$answer"

"$clients/typescript/node_modules/.bin/tsc" --project "$clients/typescript"
node_module() { (cd "$clients/typescript" && node --input-type=module - <"$1"); }
block ts node_module
line 1 "TypeScript, inbound" '1 1'
line 2 "TypeScript, wishes" 'email' 'sms'
line 3 "TypeScript, import" '1n time_zone'

block python python3
check "docs/crm.md, tests" "told later" "$output"

# The audit trail says that a customer was erased, and not who; the log says neither.
audit=$("$COURTESY" audit list --limit 500 --json)
check "docs/crm.md, audit: erasures" 3 "$(grep --count '"action": *"EraseCustomer"' <<<"$audit")"
named='ada|bob|cyd|dee|eli|fay|gil|hal|ida'
check "docs/crm.md, audit: no customers" "" \
    "$(grep --extended-regexp --word-regexp "$named" <<<"$audit" || true)"
check "docs/crm.md, log: no customers" "" \
    "$(grep --extended-regexp --word-regexp "$named" "$TEMPORARY/crm.log" || true)"

check "every block of the page is run" "$(grep --count '^```.' <<<"$section")" "$count"
finish "docs/crm.md"
