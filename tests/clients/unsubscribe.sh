#!/usr/bin/env bash
# Uses unsubscribe links as mail programs, scanners of mail and forgers do (RFC 8058), with curl.
# Run by `run`, which sets API and TEMPORARY.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

cookies=$TEMPORARY/cookies
ask() { # ask CURL-ARGUMENT…: sets $code, $head and $body; follows no redirect
    code=$(curl --silent --max-time 30 --cookie-jar "$cookies" --dump-header "$TEMPORARY/head" \
        --output "$TEMPORARY/body" --write-out '%{http_code}' "$@") ||
        code="no answer (curl ended with $?)"
    head=$(tr -d '\r' <"$TEMPORARY/head" | tr '[:upper:]' '[:lower:]')
    body=$(cat "$TEMPORARY/body")
}

call() { # call METHOD JSON: sets $body
    ask "$API/courtesy.v1.CustomerService/$1" --header 'content-type: application/json' --data "$2"
}

issue() { # issue CUSTOMER [FIELD]: sets $link
    call IssueUnsubscribeLink "{\"customer_id\": \"$1\",
        \"scope\": {\"channel\": \"email\", \"topic\": \"news\"}${2:+, $2}}"
    link=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' <<<"$body")
}

record() { # record CUSTOMER: sets $body to what is on record
    call GetCustomer "{\"customer_id\": \"$1\"}"
}

timeless() { # what is on record, but for when it was said and written
    sed -E 's/"(eventTime|version)":"[^"]*"/"\1"/g'
}

is_page() { # is_page NAME CODE TITLE: whether the last answer is one of the pages for customers
    check "$1: status" "$2" "$code"
    contains "$1: content type" "content-type: text/html; charset=utf-8" "$head"
    contains "$1: kept nowhere" "cache-control: no-store" "$head"
    contains "$1: title" "<title>$3</title>" "$body"
    lacks "$1: no cookie" "set-cookie" "$head"
    lacks "$1: no redirect" "location:" "$head"
    lacks "$1: no hint at a customer" "kim-1234" "$head$body"
}

one_click=List-Unsubscribe=One-Click

# A scanner looks, and a program posts something else.
issue kim-1234
contains "the headers" \
    "\"listUnsubscribe\":\"<$link>\",\"listUnsubscribePost\":\"$one_click\"" "$body"
lacks "a link is opaque" kim "$link"
for attempt in first second; do
    ask "$link"
    is_page "look, $attempt time" 200 "Unsubscribe?"
    contains "look, $attempt time: the button" '<button type="submit">Unsubscribe</button>' "$body"
done
ask "$link" --head
check "look at the head: status" 200 "$code"
ask "$link" --data 'List-Unsubscribe=Two-Clicks'
is_page "post something else" 400 "Unsubscribe?"
ask "$link" --request PUT --data "$one_click"
check "another method: status" 405 "$code"
record kim-1234
check "looking changes nothing" '{"customer":{"customerId":"kim-1234"}}' "$body"

# A mail program opts out, in either encoding, and again because it heard no answer.
for encoding in --data --form; do
    name="one click by ${encoding#--}"
    issue "kim-1234$encoding"
    ask "$link" "$encoding" "$one_click"
    is_page "$name" 200 "You are unsubscribed"
    record "kim-1234$encoding"
    contains "$name" \
        '"optOuts":[{"scope":{"channel":"email","topic":"news","marketing":true},"eventTime":"20' \
        "$body"
    contains "$name: where it came from" '"source":"one-click"}]' "$body"
    before=$(timeless <<<"$body")
    for again in --data --form; do
        ask "$link" "$again" "$one_click"
        is_page "$name, again by ${again#--}" 200 "You are unsubscribed"
    done
    record "kim-1234$encoding"
    check "$name: again is one opt-out, as new as the last click" "$before" "$(timeless <<<"$body")"
done
check "cookies" "" "$(grep -v '^#' "$cookies" | tr -d '[:space:]')"

# All wrong links look the same, whichever customer they might be about.
issue kim-1234
token=${link##*/} base=${link%/*}
middle=$((${#token} / 2))
letter=${token:middle:1}
[ "$letter" = A ] && other=B || other=A
none=""
for forged in "${token:0:middle}$other${token:middle+1}" "${token:0:middle}" "${token:1}" \
    "${token}A" x kim-1234; do
    for way in get post; do
        arguments=()
        [ "$way" = get ] || arguments=(--data "$one_click")
        ask "$base/$forged" "${arguments[@]}"
        is_page "forged, $way" 404 "This link does not work"
        none=${none:-$body}
        check "forged, $way: all look the same" "$none" "$body"
    done
done
ask "${base%/*}/"
is_page "no link at all" 404 "This link does not work"
issue kim-1234 '"valid_for": "1s"'
tries=0
until ask "$link" && [ "$code" != 200 ] || [ $((tries += 1)) -gt 100 ]; do sleep 0.1; done
is_page "expired" 410 "This link has expired"
lacks "expired: nothing to press" "<button" "$body"
ask "$link" --data "$one_click"
is_page "expired, post" 410 "This link has expired"
record kim-1234
check "links that are none change nothing" '{"customer":{"customerId":"kim-1234"}}' "$body"

finish "unsubscribe links"
