#!/usr/bin/env bash
# Speaks with the service as a webhook, a shell script or a browser does: JSON by curl. Run by
# `run`, which sets API, API_WITH_CORS, OPERATIONS and TEMPORARY.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

ask() { # ask CURL-ARGUMENT…: sets $code, $head and $body
    code=$(curl --silent --max-time 30 --dump-header "$TEMPORARY/head" --output "$TEMPORARY/body" \
        --write-out '%{http_code}' "$@") || code="no answer (curl ended with $?)"
    head=$(tr -d '\r' <"$TEMPORARY/head" | tr '[:upper:]' '[:lower:]')
    body=$(tr -d '\0' <"$TEMPORARY/body")
}

post() { # post SERVICE/METHOD JSON CURL-ARGUMENT…
    ask "$API/courtesy.v1.$1" --header 'content-type: application/json' --data-binary "$2" "${@:3}"
}

expect() { # expect NAME CODE FRAGMENT…: of the last answer
    check "$1: status" "$2" "$code"
    local fragment
    for fragment in "${@:3}"; do contains "$1" "$fragment" "$body"; done
}

contact() { # contact CUSTOMER CHANNEL FIELD…: a marketing contact as JSON
    local more
    more=$(printf ', %s' "${@:3}")
    echo "{\"customer_id\": \"$1\", \"channel\": \"$2\", \"purpose\": \"marketing\"${3:+$more}}"
}

allow='"effect":"EFFECT_ALLOW"'
deny='"effect":"EFFECT_DENY"'

# ContactService.

post ContactService/CheckContact "{\"contact\": $(contact ada email)}"
expect "check" 200 "$allow" '"rule":"marketing-weekly"' '"tzdbVersion":"20'
contains "check: content type" "content-type: application/json" "$head"

post ContactService/CheckContact \
    "{\"contact\": $(contact ada email), \"detail\": \"DETAIL_LEVEL_FULL\"}"
expect "check with its findings" 200 "$allow" '"trace":[' '"result":"FINDING_RESULT_SATISFIED"'

reservation="{\"contact\": $(contact ada email '"topic": "news"'),
    \"requestId\": \"r-1\", \"hold\": \"600s\"}"
post ContactService/ReserveContact "$reservation"
expect "reserve" 200 "$allow" '"expireTime":"20' '"recordVersion":"'
post ContactService/ReserveContact "$reservation"
expect "reserve again" 200 "$allow" '"replayed":true' '"reservationState":"RESERVATION_STATE_HELD"'

post ContactService/ReserveContact "{\"contact\": $(contact ada voice), \"request_id\": \"r-1\"}"
expect "reserve with a used request id" 409 '"code":"already_exists"' '"reason":"REQUEST_ID_REUSED"'

post ContactService/CheckContact "{\"contact\": $(contact ada email)}"
expect "a refusal is an answer" 200 "$deny" '"code":"REASON_CODE_TOO_SOON"' \
    '"nextAllowedTime":"20' '"determiningRules":["breathing-room"]'
lacks "a refusal is not an error" '"details"' "$body"

post ContactService/ConfirmContact '{"customer_id": "ada", "request_id": "r-1"}'
expect "confirm" 200 '"sendTime":"20'
post ContactService/ReleaseContact '{"customer_id": "ada", "request_id": "r-1"}'
expect "release what was sent" 400 '"code":"failed_precondition"' '"reason":"ALREADY_CONFIRMED"'
post ContactService/ReleaseContact '{"customer_id": "ada", "request_id": "never"}'
expect "release what was not reserved" 404 '"code":"not_found"' '"reason":"RESERVATION_NOT_FOUND"'

post ContactService/RecordContact "{\"contact\": $(contact ada email), \"request_id\": \"r-2\"}"
expect "record" 200 "$deny"
post ContactService/BatchCheckContacts \
    "{\"contacts\": [$(contact ada email), $(contact bob fax), $(contact bob email)]}"
expect "batch of checks" 200 "$deny" \
    '"error":{"statusCode":3,"reason":"ERROR_REASON_UNDECLARED_NAME"' "$allow"
post ContactService/BatchReserveContacts "{\"reservations\": [
    {\"contact\": $(contact cyd email), \"request_id\": \"b-1\"},
    {\"contact\": $(contact cyd email), \"request_id\": \"b-2\"}]}"
expect "batch of reservations" 200 "$allow" "$deny"
post ContactService/BatchConfirmContacts '{"confirmations": [
    {"customer_id": "cyd", "request_id": "b-1"}, {"customer_id": "cyd", "request_id": "b-2"},
    {"customer_id": ""}]}'
expect "batch of confirmations" 200 '{"confirmation":{"sendTime":"20' \
    '"error":{"statusCode":5,"reason":"ERROR_REASON_RESERVATION_NOT_FOUND"' \
    '"message":"confirmations[2].customer_id: '
post ContactService/BatchReleaseContacts \
    '{"releases": [{"customer_id": "cyd", "request_id": "b-1"}]}'
expect "batch of releases" 200 '"error":{"statusCode":9,"reason":"ERROR_REASON_ALREADY_CONFIRMED"'
post ContactService/BatchRecordContacts \
    "{\"records\": [{\"contact\": $(contact cyd email), \"request_id\": \"b-3\"}]}"
expect "batch of records" 200 "$deny"
post ContactService/BatchRecordEngagements '{"engagements": [
    {"customer_id": "cyd", "kind": "ENGAGEMENT_KIND_OPENED", "request_id": "b-4"}]}'
expect "batch of engagements" 200 '{"engagement":{"recordVersion":"'
post ContactService/PlanContact \
    "{\"contact\": $(contact bob email), \"channels\": [\"sms\", \"email\"]}"
expect "plan" 200 '{"plans":[{"channel":"email","nextAllowedTime":"20' '{"channel":"sms"' \
    '"REASON_CODE_NO_CONSENT"'
post ContactService/ChooseContact "{\"request_id\": \"c-1\", \"candidates\": [
    {\"contact\": $(contact bob sms), \"value\": \"9\"},
    {\"contact\": $(contact bob email), \"value\": \"1\"}]}"
expect "choose" 200 '"chosenIndex":1' "$deny" "$allow"
post ContactService/RecordEngagement '{"customer_id": "bob", "kind": "ENGAGEMENT_KIND_COMPLAINED",
    "channel": "email", "request_id": "e-1"}'
expect "engagement" 200 '"recordVersion":"'
post ContactService/CheckContact "{\"contact\": $(contact bob email)}"
expect "a complaint suppresses marketing" 200 "$deny" '"code":"REASON_CODE_SUPPRESSED"'

# CustomerService.

post CustomerService/OptOut '{"customer_id": "dee", "scope": {"channel": "email"},
    "source": "crm", "evidence": "STOP"}'
expect "opt out" 200 '"optOuts":[{"scope":{"channel":"email"}' '"source":"crm"' '"version":"'
post ContactService/CheckContact "{\"contact\": $(contact dee email)}"
expect "an opt-out refuses" 200 "$deny" '"code":"REASON_CODE_OPTED_OUT"'
post CustomerService/OptIn '{"customer_id": "dee"}'
expect "opt in without evidence" 400 '"code":"invalid_argument"' '"field":"evidence"'
post CustomerService/OptIn \
    '{"customer_id": "dee", "scope": {"channel": "email"}, "evidence": "form 7"}'
expect "opt in" 200 '"consents":[{"channel":"email"' '"confirmed":true'
lacks "opt in ends the opt-out" '"optOuts"' "$body"
post CustomerService/UpdateCustomer '{"customer": {"customer_id": "dee",
    "time_zone": "Europe/Paris", "segments": ["vip"], "locale": "fr"},
    "update_mask": "timeZone,segments"}'
expect "update" 200 '"timeZone":"Europe/Paris"' '"segments":["vip"]'
lacks "update only what the mask names" '"locale"' "$body"
post CustomerService/UpdateCustomer '{"customer": {"customer_id": "dee",
    "time_zone": "Europe/Atlantis"}, "expected_version": "1-2"}'
expect "update to a zone that is none" 400 '"field":"customer.time_zone"'
post CustomerService/GetCustomer '{"customer_id": "dee"}'
expect "get" 200 '"customerId":"dee"' '"timeZone":"Europe/Paris"'
post CustomerService/ListContacts '{"customer_id": "ada", "page_size": 1}'
expect "list contacts" 200 '"contacts":[{"contactTime":"20' '"nextPageToken":"'

# PolicyService.

post PolicyService/GetPolicy '{}'
expect "get the policy" 200 '"name":"starter"' '"text":"# The policy that runs until'
lacks "the starter policy is revision 0" '"revision"' "$body"
post PolicyService/ApplyPolicy \
    '{"documents": [{"text": "name: base\nchanels: {}"}], "expected_revision": "0"}'
expect "apply a policy with a mistake" 400 '"reason":"INVALID_POLICY"' '"field":"base:2:1"' \
    'channels'
base='{"text": "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}"}'
post PolicyService/ApplyPolicy "{\"documents\": [$base], \"expected_revision\": \"7\"}"
expect "apply to another revision" 409 '"code":"aborted"' '"reason":"REVISION_MOVED"' \
    '"metadata":{"revision":"0"}'
post PolicyService/ApplyPolicy \
    "{\"documents\": [$base], \"expected_revision\": \"0\", \"validate_only\": true}"
expect "validate a policy" 200 '"revision":"1"'

# Requests that are wrong.

post ContactService/ReserveContact '{"contact": {"channel": "", "priority": 101}, "hold": "0s"}'
expect "every violation at once" 400 '"code":"invalid_argument"' '"type":"google.rpc.ErrorInfo"' \
    '"debug":{"reason":"INVALID_REQUEST","domain":"courtesy.v1"}' '"type":"google.rpc.BadRequest"' \
    '"field":"contact.customer_id"' '"field":"contact.channel"' '"field":"contact.purpose"' \
    '"field":"contact.priority"' '"field":"request_id"' '"field":"hold"'
contains "errors: content type" "content-type: application/json" "$head"
post ContactService/CheckContact "{\"contact\": $(contact ada email '"colour": "red"')}"
expect "a field that does not exist" 400 '"code":"invalid_argument"' "'colour'"
post ContactService/CheckContact "{\"contact\": $(contact ada fax)}"
expect "a channel that is not declared" 400 '"reason":"UNDECLARED_NAME"' \
    '"field":"contact.channel"' '`direct_mail`'
post ContactService/CheckContact '{"contact": '
expect "half a body" 400 '"code":"invalid_argument"'
post ContactService/CheckContact '{}' --header 'connect-protocol-version: 2'
expect "another version of Connect" 400 '"field":"connect-protocol-version"'
post ContactService/CheckContact "{\"contact\": $(contact ada email)}" \
    --header 'connect-timeout-ms: 0'
expect "no time left" 504 '"code":"deadline_exceeded"' '"reason":"DEADLINE_EXCEEDED"'
post ContactService/CheckContact '{}' --header 'content-encoding: gzip'
expect "a compressed body" 501 '"code":"unimplemented"'

spaces() { head --bytes="$1" /dev/zero | tr '\0' ' '; }
{ echo "{\"contact\": $(contact ada email)"; spaces $((64 << 10)); echo '}'; } >"$TEMPORARY/large"
post ContactService/CheckContact "@$TEMPORARY/large"
expect "a body that is too large" 400 '"code":"out_of_range"' '65536 bytes'
{ echo "{\"contacts\": [$(contact ada email)"; spaces $((64 << 10)); echo ']}'; } \
    >"$TEMPORARY/large"
post ContactService/BatchCheckContacts "@$TEMPORARY/large"
expect "the same body where batches go" 200 "$deny"

post ContactService/SpamContact '{}'
expect "a method that does not exist" 404 '"code":"unimplemented"'
ask "$API/courtesy.v1.ContactService/CheckContact" \
    --header 'content-type: text/xml' --data '<contact/>'
expect "another content type" 415 'application/json'
contains "another content type: what is accepted" "accept-post: application/json" "$head"
ask "$API/courtesy.v1.ContactService/CheckContact"
expect "GET" 405 'POST'
contains "GET: what is allowed" "allow: post" "$head"
ask "$API/"
expect "somewhere else" 404 'courtesy answers gRPC'
ask "$API/courtesy.v1.ContactService/CheckContact" --http1.1 \
    --header 'content-type: application/grpc' --data x
expect "gRPC over HTTP/1.1" 400 'HTTP/2'

# The dialects in their other forms.

post ContactService/CheckContact "{\"contact\": $(contact eve-4711 email)}" --http2-prior-knowledge
expect "JSON over HTTP/2" 200 "$allow"
printf '\n\x1c\n\x08eve-4711\x12\x05email\x1a\tmarketing' >"$TEMPORARY/message"
ask "$API/courtesy.v1.ContactService/CheckContact" --header 'content-type: application/proto' \
    --data-binary "@$TEMPORARY/message"
check "protobuf by Connect: status" 200 "$code"
contains "protobuf by Connect: content type" "content-type: application/proto" "$head"
contains "protobuf by Connect" marketing-weekly "$body"
{ printf '\0\0\0\0\x1e'; cat "$TEMPORARY/message"; } | base64 --wrap=0 >"$TEMPORARY/frame"
ask "$API/courtesy.v1.ContactService/CheckContact" \
    --header 'content-type: application/grpc-web-text' \
    --header 'accept: application/grpc-web-text' --data-binary "@$TEMPORARY/frame"
check "gRPC-Web as text: status" 200 "$code"
contains "gRPC-Web as text: content type" "content-type: application/grpc-web-text" "$head"
contains "gRPC-Web as text" "grpc-status:0" "$(base64 --decode <<<"$body" | tr -d '\0')"

# Web pages of other origins.

preflight() { # preflight API ORIGIN
    ask "$1/courtesy.v1.ContactService/CheckContact" --request OPTIONS --header "origin: $2" \
        --header 'access-control-request-method: POST' \
        --header 'access-control-request-headers: content-type'
}
preflight "$API" https://example.com
expect "preflight, no origins configured" 403 'cors_origins'
lacks "preflight, no origins configured" "access-control-allow-origin" "$head"
post CustomerService/OptOut '{"customer_id": "eve-4711"}' --header 'origin: https://example.com'
expect "a page's call, no origins configured" 403
post CustomerService/GetCustomer '{"customer_id": "eve-4711"}'
lacks "a page's call, no origins configured: nothing happens" '"optOuts"' "$body"
preflight "$API_WITH_CORS" https://example.com
expect "preflight" 204
contains "preflight: origin" "access-control-allow-origin: https://example.com" "$head"
contains "preflight: method" "access-control-allow-methods: post" "$head"
contains "preflight: headers" "content-type" "$(grep access-control-allow-headers <<<"$head")"
preflight "$API_WITH_CORS" https://example.com.evil.example
expect "preflight from another origin" 403
ask "$API_WITH_CORS/courtesy.v1.ContactService/CheckContact" \
    --header 'content-type: application/json' --header 'origin: https://example.com' \
    --data "{\"contact\": $(contact eve-4711 email)}"
expect "a page's call" 200 "$allow"
contains "a page's call: origin" "access-control-allow-origin: https://example.com" "$head"

# The operations port.

ask "$OPERATIONS/livez"
expect "livez" 200 alive
ask "$OPERATIONS/readyz"
expect "readyz" 200 ready
ask "$OPERATIONS/version"
expect "version" 200 '"version":"' '"tzdb_version":"20'
ask "$OPERATIONS/metrics"
expect "metrics" 200 \
    'courtesy_decisions_total{channel="email",purpose="marketing",decision="ALLOW",reason=""}' \
    'courtesy_decisions_total{channel="email",purpose="marketing",decision="DENY",reason="OPTED_OUT"} 1' \
    'grpc_server_handled_total{grpc_service="courtesy.v1.ContactService",grpc_method="CheckContact",grpc_code="OK"}' \
    'grpc_server_handling_seconds_bucket{' '# EOF'
contains "metrics: content type" "content-type: application/openmetrics-text" "$head"
lacks "metrics name no customer" eve-4711 "$body"
ask "$OPERATIONS/courtesy.v1.ContactService/CheckContact" \
    --header 'content-type: application/json' --data '{}'
expect "the API is not on the operations port" 404

finish "curl"
