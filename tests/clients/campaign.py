#!/usr/bin/env python3
"""Measures what follows a campaign: reserves many contacts, then says of all that they were sent.

Usage: campaign.py HOST:PORT [COUNT], with courtesy-client installed; see docs/performance.md.
"""

import collections
import itertools
import sys
import time

import grpc
from courtesy.v1 import contact_pb2, contact_service_pb2 as asks, contact_service_pb2_grpc

BATCH = 1_000
AHEAD = 4
# A connection is served by one core.
CONNECTIONS = 2


def say(calls, requests):
    """Sends requests, a few at a time, and yields the results of all."""
    ahead = collections.deque()
    for call, request in zip(itertools.cycle(calls), requests):
        ahead.append(call.future(request, timeout=60))
        if len(ahead) >= AHEAD:
            yield from ahead.popleft().result().results
    while ahead:
        yield from ahead.popleft().result().results


def batches(count):
    for first in range(0, count, BATCH):
        yield range(first, min(first + BATCH, count))


def reservations(numbers, run):
    contact = dict(channel="email", purpose="transactional")
    return asks.BatchReserveContactsRequest(reservations=[
        asks.BatchReservation(
            contact=contact_pb2.Contact(customer_id=f"{run}-customer-{number}", **contact),
            request_id=f"{run}-{number}",
        ) for number in numbers
    ])


def confirmations(numbers, run):
    return asks.BatchConfirmContactsRequest(confirmations=[
        asks.BatchConfirmation(customer_id=f"{run}-customer-{number}", request_id=f"{run}-{number}")
        for number in numbers
    ])


def timed(what, results, is_good):
    began = time.monotonic()
    good = sum(1 for result in results if is_good(result))
    seconds = time.monotonic() - began
    print(f"{what} {good:,} in {seconds:.2f} s, {good / seconds:,.0f}/s")
    return good


def main():
    address = sys.argv[1].removeprefix("http://")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    run = f"campaign-{time.time_ns()}"
    own = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.insecure_channel(address, options=own) for _ in range(CONNECTIONS)]
    stubs = [contact_service_pb2_grpc.ContactServiceStub(channel) for channel in channels]
    reserve = say(
        [it.BatchReserveContacts for it in stubs], (reservations(it, run) for it in batches(count))
    )
    reserved = timed("reserved", reserve, lambda it: it.HasField("reservation"))
    confirm = say(
        [it.BatchConfirmContacts for it in stubs], (confirmations(it, run) for it in batches(count))
    )
    confirmed = timed("confirmed", confirm, lambda it: it.HasField("confirmation"))
    if (reserved, confirmed) != (count, count):
        sys.exit(f"{count:,} were asked for")


if __name__ == "__main__":
    main()
