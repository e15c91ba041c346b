"""Many recipients: reserved and told in batches."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import partial
from typing import NoReturn

import grpc
from courtesy.v1 import contact_service_pb2 as pb
from courtesy.v1 import error_reason_pb2

from .asking import flushed, give_back, granted, unasked
from .contact import Contact
from .decision import Decision
from .errors import CallFailed, CourtesyError, MaybeSent, Refused, Unreachable
from .flow import RETRYABLE, Flow, Grant, call
from .outbox import Entry, Outbox
from .permit import Outcome
from .settings import Settings
from .telling import deliver
from .times import to_duration, to_timestamp

BATCH = 1_000

Recipient = tuple[str, Contact]
OnRefused = Callable[[str, Decision], None]


@dataclass
class Progress:
    """How far a campaign is. The four last add up to `recipients`, once it is over.

    maybe_sent: an earlier attempt may have sent it, so it was left out.
    failed: courtesy had no answer for this one, such as a channel that the policy does not declare.
    failures: of those that failed, the request_id and why.
    """

    recipients: int = 0
    permits: int = 0
    refused: int = 0
    maybe_sent: int = 0
    failed: int = 0
    failures: list[tuple[str, CourtesyError]] = field(default_factory=list)


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
        self._settings = settings
        self._outbox = outbox
        self._refused: list[tuple[str, Decision]] = []

    def reserve(self, chunk: list[Recipient]) -> Flow:
        """Tells what waits, and reserves a batch. Raises Unreachable if none got an answer."""
        hold = to_duration(self._settings.hold)
        request = pb.BatchReserveContactsRequest(
            reservations=[
                pb.BatchReservation(contact=contact.to_proto(), request_id=request_id, hold=hold)
                for request_id, contact in chunk
            ],
            tenant=self._settings.tenant,
        )
        settings = yield from flushed(self._outbox, self._settings)
        try:
            answer = yield from call("BatchReserveContacts", request, settings)
        except Unreachable as error:
            grants = self.unasked(chunk, error)
            going = {grant.request_id for grant in grants}
            others = [(it.customer_id, name) for name, it in chunk if name not in going]
            # Only the answers may have been lost: then they are reserved, and would be for good.
            release = _release_request(others, settings)
            yield from give_back("BatchReleaseContacts", release, settings)
            if not grants:
                raise
            return grants
        may_be_second = answer.may_be_second
        results = zip(chunk, answer.message.results, strict=True)
        return self.take(
            (request_id, contact, partial(self._granted, contact, request_id, it, may_be_second))
            for (request_id, contact), it in results
        )

    def unasked(self, chunk: list[Recipient], error: Unreachable) -> list[Grant]:
        """The grants of a batch while courtesy is out of reach. If none, no one is counted."""
        chosen = self._settings.when_unreachable
        if self._outbox.is_full() or all(chosen.get(it.purpose) != "send" for _, it in chunk):
            return []
        return self.take(
            (request_id, contact, partial(_raise, error)) for request_id, contact in chunk
        )

    def take(self, asked: Iterable[tuple[str, Contact, Callable[[], Grant]]]) -> list[Grant]:
        """The grants among answers, each counted as what it is."""
        grants, progress, room = [], self.progress, self._outbox.room()
        for request_id, contact, answer in asked:
            progress.recipients += 1
            try:
                grant = answer()
            except Refused as refused:
                progress.refused += 1
                self._refused.append((request_id, refused.decision))
                continue
            except MaybeSent:
                progress.maybe_sent += 1
                continue
            except (CallFailed, Unreachable) as error:
                away = isinstance(error, Unreachable) or error.code in RETRYABLE
                instead = unasked(contact, request_id, self._settings, room) if away else None
                if instead is None:
                    progress.failed += 1
                    progress.failures.append((request_id, error))
                    continue
                grant, room = instead, room - 1
            progress.permits += 1
            grants.append(grant)
        return grants

    def report(self, on_refused: OnRefused | None) -> None:
        """Hands on who was refused in this batch."""
        refused, self._refused = self._refused, []
        if on_refused is not None:
            for request_id, decision in refused:
                on_refused(request_id, decision)

    def _granted(self, contact: Contact, request_id: str, result, may_be_second: bool) -> Grant:
        if result.WhichOneof("result") == "error":
            raise _failure(result.error)
        return granted(contact, request_id, result.reservation, may_be_second, self._settings)

    def settle(self, outcomes: Sequence[Outcome]) -> Flow:
        """Confirms what was sent and releases what was not; what cannot be told now is told
        later."""
        for outcome in outcomes:
            outcome.end()
        now = datetime.now(timezone.utc)
        counted = [it for it in outcomes if it.counts() is True]
        sent = [Entry(it.contact, it.request_id, now, it.grant.reserved) for it in counted]
        fresh = {it.request_id for it in counted if it.grant.fresh}
        reserved = [entry for entry in sent if entry.reserved]
        for entry in sent:
            if not entry.reserved:
                self._outbox.put(entry)
        try:
            yield from self._confirm(reserved, fresh)
        finally:
            yield from self._release([it.grant for it in outcomes if it.counts() is False])

    def _confirm(self, entries: list[Entry], fresh: set[str]) -> Flow:
        if not entries:
            return
        request = pb.BatchConfirmContactsRequest(
            confirmations=[
                pb.BatchConfirmation(
                    customer_id=entry.contact.customer_id,
                    request_id=entry.request_id,
                    send_time=None if entry.request_id in fresh else to_timestamp(entry.sent_at),
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
        reserved = [(it.contact.customer_id, it.request_id) for it in grants if it.reserved]
        if not reserved:
            return
        request = _release_request(reserved, self._settings)
        try:
            yield from call("BatchReleaseContacts", request, self._settings)
        except Unreachable:
            return


def _raise(error: Exception) -> NoReturn:
    raise error


def _release_request(
    reserved: list[tuple[str, str]], settings: Settings
) -> pb.BatchReleaseContactsRequest:
    releases = [pb.BatchRelease(customer_id=customer, request_id=it) for customer, it in reserved]
    return pb.BatchReleaseContactsRequest(releases=releases, tenant=settings.tenant)


_CODES = {code.value[0]: code for code in grpc.StatusCode}


def _failure(error: pb.ItemError) -> CallFailed:
    name = error_reason_pb2.ErrorReason.Name(error.reason).removeprefix("ERROR_REASON_")
    return CallFailed(_CODES.get(error.status_code, grpc.StatusCode.UNKNOWN), name, error.message)
