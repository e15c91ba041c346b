"""Many recipients: reserved and told in batches."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

import grpc
from courtesy.v1 import contact_service_pb2 as pb
from courtesy.v1 import error_reason_pb2

from .asking import granted
from .contact import Contact
from .errors import CallFailed, MaybeSent, Refused, Unreachable
from .flow import Flow, Grant, call
from .outbox import Entry, Outbox
from .permit import Outcome
from .settings import Settings
from .telling import deliver
from .times import to_duration, to_timestamp

BATCH = 1_000

Recipient = tuple[str, Contact]


@dataclass
class Progress:
    """How far a campaign is. The four last add up to `recipients`, once it is over.

    maybe_sent: an earlier attempt may have sent it, so it was left out.
    failed: courtesy had no answer for this one, such as a channel that the policy does not declare.
    """

    recipients: int = 0
    permits: int = 0
    refused: int = 0
    maybe_sent: int = 0
    failed: int = 0


def chunks(recipients: Iterable[Recipient], size: int) -> Iterator[list[Recipient]]:
    if not 1 <= size <= BATCH:
        raise ValueError(f"a batch has 1 to {BATCH:,} recipients")
    iterator = iter(recipients)
    while chunk := list(itertools.islice(iterator, size)):
        yield chunk


class Campaign:
    """Reserves and settles batches, and counts."""

    def __init__(self, settings: Settings, outbox: Outbox):
        self.progress = Progress()
        self.failures: list[tuple[str, CallFailed]] = []
        self._settings = settings
        self._outbox = outbox

    def reserve(self, chunk: list[Recipient]) -> Flow:
        """The grants of a batch. Raises Unreachable where the whole batch has no answer."""
        hold = to_duration(self._settings.hold)
        request = pb.BatchReserveContactsRequest(
            reservations=[
                pb.BatchReservation(contact=contact.to_proto(), request_id=request_id, hold=hold)
                for request_id, contact in chunk
            ],
            tenant=self._settings.tenant,
        )
        answer = yield from call("BatchReserveContacts", request, self._settings)
        grants = []
        for (request_id, contact), result in zip(chunk, answer.message.results, strict=True):
            grant = self._grant(contact, request_id, result, answer.may_be_second)
            grants += [grant] if grant else []
        return grants

    def _grant(self, contact: Contact, request_id: str, result, may_be_second: bool) -> Grant | None:
        progress = self.progress
        progress.recipients += 1
        if result.WhichOneof("result") == "error":
            progress.failed += 1
            self.failures.append((request_id, _failure(result.error)))
            return None
        try:
            grant = granted(contact, request_id, result.reservation, may_be_second, self._settings)
        except Refused:
            progress.refused += 1
            return None
        except MaybeSent:
            progress.maybe_sent += 1
            return None
        progress.permits += 1
        return grant

    def settle(self, outcomes: list[Outcome]) -> Flow:
        """Confirms what was sent and releases what was not; what cannot be told now is told later."""
        for outcome in outcomes:
            outcome.end()
        now = datetime.now(timezone.utc)
        counted = [it for it in outcomes if it.counts() is True]
        sent = [Entry(it.contact, it.request_id, now, it.grant.reserved) for it in counted]
        reserved = [entry for entry in sent if entry.reserved]
        for entry in sent:
            if not entry.reserved:
                self._outbox.put(entry)
        try:
            yield from self._confirm(reserved)
        finally:
            yield from self._release([it.grant for it in outcomes if it.counts() is False])

    def _confirm(self, entries: list[Entry]) -> Flow:
        if not entries:
            return
        request = pb.BatchConfirmContactsRequest(
            confirmations=[
                pb.BatchConfirmation(
                    customer_id=entry.contact.customer_id,
                    request_id=entry.request_id,
                    send_time=to_timestamp(entry.sent_at),
                )
                for entry in entries
            ],
            tenant=self._settings.tenant,
        )
        try:
            answer = yield from call("BatchConfirmContacts", request, self._settings)
        except BaseException as error:
            for entry in entries:
                self._outbox.put(entry)
            if isinstance(error, Unreachable):
                return
            raise
        for entry, result in zip(entries, answer.message.results, strict=True):
            if result.WhichOneof("result") == "error":
                # The single call knows what to do about each error; a flush, about those that stay.
                try:
                    yield from deliver(entry, self._settings)
                except (CallFailed, Unreachable):
                    self._outbox.put(entry)

    def _release(self, grants: list[Grant]) -> Flow:
        reserved = [grant for grant in grants if grant.reserved]
        if not reserved:
            return
        request = pb.BatchReleaseContactsRequest(
            releases=[
                pb.BatchRelease(customer_id=it.contact.customer_id, request_id=it.request_id)
                for it in reserved
            ],
            tenant=self._settings.tenant,
        )
        try:
            yield from call("BatchReleaseContacts", request, self._settings)
        except Unreachable:
            return


_CODES = {code.value[0]: code for code in grpc.StatusCode}


def _failure(error: pb.ItemError) -> CallFailed:
    name = error_reason_pb2.ErrorReason.Name(error.reason).removeprefix("ERROR_REASON_")
    return CallFailed(_CODES.get(error.status_code, grpc.StatusCode.UNKNOWN), name, error.message)
