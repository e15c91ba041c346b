"""A courtesy in the same process, for unit tests of senders. It decides nothing by itself."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from .asking import unasked
from .campaign import BATCH, Campaign, OnRefused, Progress, chunks
from .contact import Contact
from .decision import Decision, Reason
from .errors import CourtesyError, Refused, Unreachable
from .flow import Grant
from .outbox import Outbox
from .permit import AsyncPermit, Outcome, Permit
from .reason_code import ReasonCode
from .settings import Settings, SettingsGiven

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Asked(NamedTuple):
    """What a sender asked a fake. what: the method, such as "permit" or "campaign"."""

    what: str
    contact: Contact
    request_id: str | None


class _Fake:
    """What both fakes are: answers that a test sets, and what the sender asked and did."""

    def __init__(self, **settings: "Unpack[SettingsGiven]"):
        self.settings = Settings(**settings)
        self.outbox = Outbox()
        self.asked: list[Asked] = []
        self.bookings: list[tuple[str, Contact]] = []
        self.sent: list[tuple[str, Contact]] = []
        self.released: list[tuple[str, Contact]] = []
        self._answers: dict[tuple[str, str | None], Decision | CourtesyError] = {}
        self._reachable = True

    def refuse(
        self,
        customer_id: str,
        channel: str | None = None,
        code: str = "OPTED_OUT",
        *,
        next_allowed: datetime | None = None,
    ) -> None:
        """Refuses a customer, on one channel or on all."""
        self.answer(customer_id, _refusal(code, "the test refuses it", next_allowed), channel)

    def answer(
        self, customer_id: str, answer: Decision | CourtesyError, channel: str | None = None
    ) -> None:
        """What is answered about a customer, on one channel or on all; an error is raised."""
        self._answers[customer_id, channel] = answer

    def be_unreachable(self, unreachable: bool = True) -> None:
        self._reachable = not unreachable

    def _check(self, what: str, contact: Contact, request_id: str | None = None) -> Decision:
        self.asked.append(Asked(what, contact, request_id))
        if not self._reachable:
            raise Unreachable("the fake is out of reach")
        if self._is_sent(request_id):
            return _refusal("ALREADY_SENT", "it has been sent")
        for channel in (contact.channel, None):
            answer = self._answers.get((contact.customer_id, channel))
            if isinstance(answer, CourtesyError):
                raise answer
            if answer is not None:
                return answer
        return Decision(allowed=True)

    def _book(self, contact: Contact, request_id: str) -> Decision:
        decision = self._check("book", contact, request_id)
        if not decision.allowed:
            raise Refused(decision)
        self.bookings.append((request_id, contact))
        return decision

    def _recheck(self, what: str, contact: Contact, request_id: str) -> Decision:
        decision = self._check(what, contact, request_id)
        if not decision.allowed:
            if not self._is_sent(request_id):
                self.released.append((request_id, contact))
            raise Refused(decision)
        return decision

    def _is_sent(self, request_id: str | None) -> bool:
        return any(known == request_id for known, _ in self.sent)

    def _booked(self, contact: Contact, request_id: str) -> Grant:
        try:
            decision = self._recheck("booked", contact, request_id)
        except Unreachable:
            return replace(self._unasked(contact, request_id), reserved=True)
        return Grant(contact, request_id, decision, reserved=True)

    def _reserve(self, what: str, contact: Contact, request_id: str) -> Grant:
        try:
            decision = self._check(what, contact, request_id)
        except Unreachable:
            return self._unasked(contact, request_id)
        if not decision.allowed:
            raise Refused(decision)
        return Grant(contact, request_id, decision, reserved=True)

    def _unasked(self, contact: Contact, request_id: str) -> Grant:
        grant = unasked(contact, request_id, self.settings, self.outbox.room())
        if grant is None:
            raise Unreachable("the fake is out of reach")
        return grant

    def _grants(self, campaign: Campaign, chunk: list[tuple[str, Contact]]) -> list[Grant]:
        if not self._reachable:
            error = Unreachable("the fake is out of reach")
            self.asked += [Asked("campaign", contact, request_id) for request_id, contact in chunk]
            grants = campaign.unasked(chunk, error)
            if not grants:
                raise error
            return grants
        return campaign.take(
            (request_id, contact, partial(self._reserve, "campaign", contact, request_id))
            for request_id, contact in chunk
        )

    def _settle(self, permit: Outcome) -> None:
        permit.end()
        counts = permit.counts()
        told = (permit.request_id, permit.contact)
        if counts is True:
            self.sent.append(told)
        elif counts is False:
            self.released.append(told)


def _refusal(code: str, cause: str, next_allowed: datetime | None = None) -> Decision:
    reason = Reason(ReasonCode(code), None, cause, next_allowed, None)
    return Decision(allowed=False, reasons=(reason,), next_allowed=next_allowed)


class FakeClient(_Fake):
    """Stands in for Client in unit tests: allows everything but what it was told to refuse.

    refuse(...), answer(...) and be_unreachable() set the scene; `asked`, `bookings`, `sent` and
    `released` tell what the sender did.
    """

    @contextmanager
    def permit(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Iterator[Permit]:
        permit = Permit(self._reserve("permit", contact, request_id), self.settings, self.outbox)
        try:
            yield permit
        finally:
            self._settle(permit)

    def book(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Decision:
        return self._book(contact, request_id)

    @contextmanager
    def booked(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Iterator[Permit]:
        permit = Permit(self._booked(contact, request_id), self.settings, self.outbox)
        try:
            yield permit
        finally:
            self._settle(permit)

    def check(self, contact: Contact) -> Decision:
        return self._check("check", contact)

    def recheck(self, contact: Contact, *, request_id: str) -> Decision:
        return self._recheck("recheck", contact, request_id)

    def campaign(
        self,
        recipients: Iterable[tuple[str, Contact]],
        *,
        batch: int = BATCH,
        on_progress: Callable[[Progress], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> Iterator[Permit]:
        campaign = Campaign(self.settings, self.outbox)
        for chunk in chunks(recipients, batch):
            grants = self._grants(campaign, chunk)
            permits = [Permit(grant, self.settings, self.outbox) for grant in grants]
            try:
                campaign.report(on_refused)
                for permit in permits:
                    yield permit
            finally:
                for permit in permits:
                    self._settle(permit)
            if on_progress:
                on_progress(campaign.progress)

    def flush(self) -> int:
        return 0

    def close(self) -> None:
        pass

    def __enter__(self) -> "FakeClient":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncFakeClient(_Fake):
    """Stands in for AsyncClient, as FakeClient does for Client."""

    @asynccontextmanager
    async def permit(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AsyncIterator[AsyncPermit]:
        permit = AsyncPermit(
            self._reserve("permit", contact, request_id), self.settings, self.outbox
        )
        try:
            yield permit
        finally:
            self._settle(permit)

    async def book(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Decision:
        return self._book(contact, request_id)

    @asynccontextmanager
    async def booked(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AsyncIterator[AsyncPermit]:
        permit = AsyncPermit(self._booked(contact, request_id), self.settings, self.outbox)
        try:
            yield permit
        finally:
            self._settle(permit)

    async def check(self, contact: Contact) -> Decision:
        return self._check("check", contact)

    async def recheck(self, contact: Contact, *, request_id: str) -> Decision:
        return self._recheck("recheck", contact, request_id)

    async def campaign(
        self,
        recipients: Iterable[tuple[str, Contact]],
        *,
        batch: int = BATCH,
        on_progress: Callable[[Progress], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> AsyncIterator[AsyncPermit]:
        campaign = Campaign(self.settings, self.outbox)
        for chunk in chunks(recipients, batch):
            grants = self._grants(campaign, chunk)
            permits = [AsyncPermit(grant, self.settings, self.outbox) for grant in grants]
            try:
                campaign.report(on_refused)
                for permit in permits:
                    yield permit
            finally:
                for permit in permits:
                    self._settle(permit)
            if on_progress:
                on_progress(campaign.progress)

    async def flush(self) -> int:
        return 0

    async def close(self) -> None:
        pass

    async def __aenter__(self) -> "AsyncFakeClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
