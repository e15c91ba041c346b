"""What became of a message: told now, or later from the outbox."""

import hashlib
import logging
import math
import time
from dataclasses import replace
from datetime import datetime, timezone

from courtesy.v1 import contact_service_pb2 as pb

from .errors import CallFailed, Unreachable
from .flow import Flow, Grant, call
from .outbox import Entry, Outbox
from .settings import Settings
from .times import to_timestamp

log = logging.getLogger("courtesy_client")

ID_BYTES_MAX = 128

# These refusals are about the caller, or an operator has to act: the same entry may be recorded
# later.
_PASSING = {"UNAUTHENTICATED", "NOT_ALLOWED", "TENANT_NOT_FOUND", "STORE_FORMAT", "UNIMPLEMENTED"}


def sent(grant: Grant, settings: Settings, outbox: Outbox) -> Flow:
    """Tells that it was sent. What cannot be told now waits in the outbox, whatever the cause."""
    entry = Entry(grant.contact, grant.request_id, datetime.now(timezone.utc), grant.reserved)
    if not grant.reserved:
        outbox.put(entry)
        return
    try:
        yield from deliver(entry, settings, grant.fresh)
    except BaseException as error:
        outbox.put(entry)
        if not isinstance(error, Unreachable):
            raise


def release(grant: Grant, settings: Settings) -> Flow:
    """Gives back what was not sent. Where that cannot be told, the hold ends it, or it counts."""
    if not grant.reserved:
        return
    request = pb.ReleaseContactRequest(
        customer_id=grant.contact.customer_id, request_id=grant.request_id, tenant=settings.tenant
    )
    try:
        yield from call("ReleaseContact", request, settings)
    except Unreachable:
        return
    except CallFailed as failed:
        # Nothing is left to be given back.
        if failed.reason not in ("CUSTOMER_ERASED", "RESERVATION_NOT_FOUND"):
            raise


def deliver(entry: Entry, settings: Settings, at_once: bool = False) -> Flow:
    """Puts one sent message on record: as the reservation that it was, or else as a contact.

    at_once: it was reserved and sent just now, which courtesy's own clock knows better than ours.
    """
    try:
        if entry.reserved:
            yield from _confirm(entry, settings, at_once)
        else:
            yield from _record(entry, entry.request_id, settings)
    except CallFailed as failed:
        if failed.reason == "REQUEST_ID_REUSED" and not entry.reserved:
            # The reservation had landed after all, and only its answer was lost.
            yield from _confirm(entry, settings)
        elif failed.reason in ("ALREADY_RELEASED", "RESERVATION_NOT_FOUND") and entry.reserved:
            yield from _record(entry, _second_id(entry.request_id), settings)
        elif failed.reason != "CUSTOMER_ERASED":
            raise


def flush(outbox: Outbox, settings: Settings, seconds: float = math.inf) -> Flow:
    """Delivers what waits, oldest first, until courtesy does not answer. Returns how many it was.

    It takes that many seconds at most, and each entry no longer than the timeout. An entry that
    courtesy refuses for good is set aside. Where the caller is refused, all wait.
    """
    delivered, deadline = 0, time.monotonic() + seconds
    while (entry := outbox.first()) is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            yield from deliver(entry, replace(settings, timeout=min(left, settings.timeout)))
        except Unreachable:
            break
        except CallFailed as failed:
            if not failed.reason or failed.reason in _PASSING:
                log.warning("what was sent waits to be recorded: %s", failed)
                break
            log.error("what was sent cannot be recorded, and is set aside: %s", failed)
            outbox.set_aside(entry, failed)
        else:
            outbox.drop_first(entry)
            delivered += 1
    return delivered


def _second_id(request_id: str) -> str:
    """The id under which a sent message is recorded whose reservation has ended."""
    suffix = ":sent"
    if len(request_id.encode()) + len(suffix) > ID_BYTES_MAX:
        request_id = hashlib.sha256(request_id.encode()).hexdigest()
    return request_id + suffix


def _confirm(entry: Entry, settings: Settings, at_once: bool = False) -> Flow:
    request = pb.ConfirmContactRequest(
        customer_id=entry.contact.customer_id,
        request_id=entry.request_id,
        send_time=None if at_once else to_timestamp(entry.sent_at),
        tenant=settings.tenant,
    )
    return call("ConfirmContact", request, settings)


def _record(entry: Entry, request_id: str, settings: Settings) -> Flow:
    contact = entry.contact.to_proto()
    contact.contact_time.CopyFrom(to_timestamp(entry.sent_at))
    request = pb.RecordContactRequest(
        contact=contact, request_id=request_id, tenant=settings.tenant
    )
    return call("RecordContact", request, settings)
