#!/usr/bin/env bash
# Speaks three dialects by buf curl, which is built on the Go clients of Connect. Run by `run`,
# which sets API.
set -euo pipefail
source "$(dirname "$0")/checks.sh"

call() { # call ARGUMENT…: sets $code and $body
    code=0
    body=$(buf curl --connect-timeout 30 "$@" 2>&1) || code=$?
}

method="$API/courtesy.v1.ContactService/CheckContact"
question='{"contact": {"customer_id": "gus", "channel": "email", "purpose": "marketing"}}'
mistake='{"contact": {"channel": "email", "purpose": "marketing", "priority": 101}}'

both() { # both NAME ARGUMENT…: an answer, and an error with its details
    call "${@:2}" --data "$question" "$method"
    check "$1: status" 0 "$code"
    contains "$1" '"effect": "EFFECT_ALLOW"' "$body"
    call "${@:2}" --data "$mistake" "$method"
    # buf ends with 8 times the status, and that of INVALID_ARGUMENT is 3.
    check "$1: status of an error" 24 "$code"
    for fragment in '"code": "invalid_argument"' '"type": "google.rpc.ErrorInfo"' \
        '"type": "google.rpc.BadRequest"'; do
        contains "$1: an error" "$fragment" "$body"
    done
    for fragment in INVALID_REQUEST contact.customer_id contact.priority; do
        contains "$1: the details of an error" "$fragment" "$(details)"
    done
}

# What the details of the last error hold, which buf prints in base64 without its padding.
details() {
    local value
    sed -n 's/.*"value": "\(.*\)".*/\1/p' <<<"$body" | while read -r value; do
        base64 --decode 2>/dev/null <<<"$value" | tr -d '\0' || true
    done
}

for http in 1 2; do
    for protocol in grpc grpcweb connect; do
        arguments=(--protocol "$protocol")
        # buf speaks gRPC over HTTP/2 only.
        if [ "$http" = 2 ]; then
            arguments+=(--http2-prior-knowledge)
        elif [ "$protocol" = grpc ]; then
            continue
        fi
        both "$protocol over HTTP/$http, with a schema" "${arguments[@]}" --schema proto
    done
done

for protocol in grpc grpcweb; do
    for version in grpc-v1 grpc-v1alpha; do
        arguments=(--protocol "$protocol" --http2-prior-knowledge --reflect-protocol "$version")
        both "$protocol, with reflection by $version" "${arguments[@]}"
        call "${arguments[@]}" --list-services "$API"
        services=$(printf '%s\n' courtesy.v1.ContactService courtesy.v1.CustomerService \
            courtesy.v1.PolicyService grpc.health.v1.Health)
        check "$protocol, services by $version" "$services" "$(grep -v reflection <<<"$body")"
    done
    call --protocol "$protocol" --http2-prior-knowledge --list-methods "$API"
    contains "$protocol, methods" courtesy.v1.CustomerService/OptOut "$body"
    call --protocol "$protocol" --http2-prior-knowledge \
        --data '{"service": "courtesy.v1.ContactService"}' "$API/grpc.health.v1.Health/Check"
    contains "$protocol, health" '"status": "SERVING"' "$body"
done

# Reflection is a stream, and Connect's streams are refused in their own form.
call --protocol connect --http2-prior-knowledge --list-services "$API"
contains "a stream by Connect" unimplemented "$body"

finish "buf curl"
