"""What is asked before a message is sent."""

import time
from dataclasses import replace

import grpc
from courtesy.v1 import contact_service_pb2 as pb
from google.protobuf.message import Message

from .contact import Contact
from .decision import Decision
from .errors import MaybeSent, Refused, Unreachable
from .flow import Call, Flow, Grant, call
from .outbox import Outbox
from .settings import Settings
from .telling import flush
from .times import to_duration

# Of the timeout, what is spent at most on telling what waits, before the question itself.
FLUSH_PART = 0.25


def reserve(contact: Contact, request_id: str, settings: Settings, outbox: Outbox) -> Flow:
    """Tells what waits and reserves, both within the one timeout."""
    request = _reservation(contact, request_id, settings)
    settings = yield from flushed(outbox, settings)
    try:
        answer = yield from call("ReserveContact", request, settings)
    except Unreachable:
        grant = unasked(contact, request_id, settings, outbox.room())
        if grant is not None:
            return grant
        # Only the answers may have been lost: then it is reserved, and would be for good.
        release = pb.ReleaseContactRequest(
            customer_id=contact.customer_id, request_id=request_id, tenant=settings.tenant
        )
        yield from give_back("ReleaseContact", release, settings)
        raise
    return granted(contact, request_id, answer.message, answer.may_be_second, settings)


def _reservation(contact: Contact, request_id: str, settings: Settings) -> pb.ReserveContactRequest:
    return pb.ReserveContactRequest(
        contact=contact.to_proto(),
        request_id=request_id,
        hold=to_duration(settings.hold),
        tenant=settings.tenant,
    )


def book(contact: Contact, request_id: str, settings: Settings, outbox: Outbox) -> Flow:
    """Reserves what is sent later. Nothing is sent here, so it may be reserved already, and stays
    so."""
    request = _reservation(contact, request_id, settings)
    settings = yield from flushed(outbox, settings)
    answer = yield from call("ReserveContact", request, settings)
    decision = Decision.of(answer.message.decision)
    if not decision.allowed:
        raise Refused(decision)
    if decision.degraded:
        raise Unreachable("courtesy could not read the customer's record, and booked nothing")
    return decision


def booked(contact: Contact, request_id: str, settings: Settings, outbox: Outbox) -> Flow:
    """Tells what waits and asks again, both within the one timeout."""
    settings = yield from flushed(outbox, settings)
    try:
        decision = yield from recheck(contact, request_id, settings)
    except Unreachable:
        # It is booked whether courtesy answers or not, so nothing is given back.
        grant = unasked(contact, request_id, settings, outbox.room())
        if grant is None:
            raise
        return replace(grant, reserved=True)
    return Grant(contact, request_id, decision, reserved=True)


def unasked(contact: Contact, request_id: str, settings: Settings, room: int) -> Grant | None:
    """What is granted while courtesy is out of reach: as the purpose says, and as the outbox has
    room."""
    may_send = settings.when_unreachable.get(contact.purpose) == "send"
    return Grant(contact, request_id, None, reserved=False) if may_send and room > 0 else None


def flushed(outbox: Outbox, settings: Settings) -> Flow:
    """Tells what waits, for a part of the timeout. Returns settings with what is left of it."""
    began = time.monotonic()
    yield from flush(outbox, settings, settings.timeout * FLUSH_PART)
    return replace(settings, timeout=settings.timeout - (time.monotonic() - began))


def give_back(method: str, request: Message, settings: Settings) -> Flow:
    """One attempt at a release. It is waited for, so that it cannot meet a later attempt with the
    same id."""
    if settings.on_held == "refuse":
        # It may be another worker's.
        return
    try:
        yield Call(method, request, settings.attempt_timeout)
    except grpc.RpcError:
        return


def granted(
    contact: Contact,
    request_id: str,
    message: pb.ReserveContactResponse,
    may_be_second: bool,
    settings: Settings,
) -> Grant:
    """What a reservation means for the sender; raises where nothing may be sent."""
    decision = Decision.of(message.decision)
    if not decision.allowed:
        raise Refused(decision)
    # A repetition of ours finds what our own first attempt reserved. Any other may have been sent.
    if message.replayed and not settings.takes_held(may_be_second):
        raise MaybeSent(f"an earlier attempt reserved {request_id!r} and may have sent it")
    fresh = not message.replayed and contact.at is None
    return Grant(contact, request_id, decision, reserved=not decision.degraded, fresh=fresh)


def recheck(contact: Contact, request_id: str, settings: Settings) -> Flow:
    """Asks again about what was booked ahead, and gives it back if it is refused."""
    request = pb.RecheckContactRequest(
        contact=contact.to_proto(),
        request_id=request_id,
        release_if_denied=True,
        tenant=settings.tenant,
    )
    answer = yield from call("RecheckContact", request, settings)
    decision = Decision.of(answer.message.decision)
    if not decision.allowed:
        raise Refused(decision)
    return decision


def check(contact: Contact, settings: Settings) -> Flow:
    request = pb.CheckContactRequest(contact=contact.to_proto(), tenant=settings.tenant)
    answer = yield from call("CheckContact", request, settings)
    return Decision.of(answer.message.decision)
