"""A courtesy in the same process, for unit tests of senders. It decides nothing by itself."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from .asking import unasked
from .campaign import BATCH, Campaign, OnRefused, Progress, chunks
from .contact import Contact
from .decision import Decision, Reason, ReasonCode
from .errors import Refused, Unreachable
from .flow import Grant
from .outbox import Outbox
from .permit import AsyncPermit, Outcome, Permit
from .settings import Settings, SettingsGiven

if TYPE_CHECKING:
    from typing_extensions import Unpack


class _Fake:
    """What both fakes are: refusals that a test sets, and what the sender did."""

    def __init__(self, **settings: "Unpack[SettingsGiven]"):
        self.settings = Settings(**settings)
        self.outbox = Outbox()
        self.sent: list[tuple[str, Contact]] = []
        self.released: list[tuple[str, Contact]] = []
        self._refusals: dict[tuple[str, str | None], ReasonCode] = {}
        self._reachable = True

    def refuse(
        self, customer_id: str, channel: str | None = None, code: str = "OPTED_OUT"
    ) -> None:
        """Refuses a customer, on one channel or on all."""
        self._refusals[customer_id, channel] = ReasonCode(code)

    def be_unreachable(self, unreachable: bool = True) -> None:
        self._reachable = not unreachable

    def _check(self, contact: Contact) -> Decision:
        if not self._reachable:
            raise Unreachable("the fake is out of reach")
        for channel in (contact.channel, None):
            code = self._refusals.get((contact.customer_id, channel))
            if code is not None:
                reason = Reason(code, None, "the test refuses it", None, None)
                return Decision(allowed=False, reasons=(reason,))
        return Decision(allowed=True)

    def _recheck(self, contact: Contact, request_id: str) -> Decision:
        decision = self._check(contact)
        if not decision.allowed:
            self.released.append((request_id, contact))
            raise Refused(decision)
        return decision

    def _reserve(self, contact: Contact, request_id: str) -> Grant:
        if any(known == request_id for known, _ in self.sent):
            reason = Reason(ReasonCode("ALREADY_SENT"), None, "it has been sent", None, None)
            raise Refused(Decision(allowed=False, reasons=(reason,)))
        try:
            decision = self._check(contact)
        except Unreachable:
            grant = unasked(contact, request_id, self.settings, self.outbox.room())
            if grant is None:
                raise
            return grant
        if not decision.allowed:
            raise Refused(decision)
        return Grant(contact, request_id, decision, reserved=True)

    def _grants(self, campaign: Campaign, chunk: list[tuple[str, Contact]]) -> list[Grant]:
        if not self._reachable:
            error = Unreachable("the fake is out of reach")
            grants = campaign.unasked(chunk, error)
            if not grants:
                raise error
            return grants
        return campaign.take(
            (request_id, contact, partial(self._reserve, contact, request_id))
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


class FakeClient(_Fake):
    """Stands in for Client in unit tests: allows everything but what it was told to refuse.

    refuse(...) and be_unreachable() set the scene; `sent` and `released` tell what the sender did.
    """

    @contextmanager
    def permit(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Iterator[Permit]:
        permit = Permit(self._reserve(contact, request_id), self.settings, self.outbox)
        try:
            yield permit
        finally:
            self._settle(permit)

    def check(self, contact: Contact) -> Decision:
        return self._check(contact)

    def recheck(self, contact: Contact, *, request_id: str) -> Decision:
        return self._recheck(contact, request_id)

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
        permit = AsyncPermit(self._reserve(contact, request_id), self.settings, self.outbox)
        try:
            yield permit
        finally:
            self._settle(permit)

    async def check(self, contact: Contact) -> Decision:
        return self._check(contact)

    async def recheck(self, contact: Contact, *, request_id: str) -> Decision:
        return self._recheck(contact, request_id)

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
