"""A courtesy in the same process, for unit tests of senders. It decides nothing by itself."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from .campaign import BATCH, Progress, chunks
from .contact import Contact
from .decision import Decision, Reason, ReasonCode
from .errors import Refused, Unreachable
from .flow import Grant
from .outbox import Outbox
from .permit import Permit
from .settings import Settings


class FakeClient:
    """Stands in for Client in unit tests: allows everything but what it was told to refuse.

    refuse(...) and be_unreachable() set the scene; `sent` and `released` tell what the sender did.
    """

    def __init__(self, **settings):
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

    @contextmanager
    def permit(self, contact: Contact, *, request_id: str) -> Iterator[Permit]:
        grant = self._reserve(contact, request_id)
        permit = Permit(grant, self.settings, self.outbox)
        try:
            yield permit
        finally:
            self._settle(permit)

    def check(self, contact: Contact) -> Decision:
        if not self._reachable:
            raise Unreachable("the fake is out of reach")
        for channel in (contact.channel, None):
            code = self._refusals.get((contact.customer_id, channel))
            if code is not None:
                reason = Reason(code, None, "the test refuses it", None, None)
                return Decision(allowed=False, reasons=(reason,))
        return Decision(allowed=True)

    def recheck(self, contact: Contact, *, request_id: str) -> Decision:
        decision = self.check(contact)
        if not decision.allowed:
            self.released.append((request_id, contact))
            raise Refused(decision)
        return decision

    def campaign(
        self,
        recipients: Iterable[tuple[str, Contact]],
        *,
        batch: int = BATCH,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Iterator[Permit]:
        progress = Progress()
        for chunk in chunks(recipients, batch):
            for request_id, contact in chunk:
                progress.recipients += 1
                try:
                    grant = self._reserve(contact, request_id)
                except Refused:
                    progress.refused += 1
                    continue
                progress.permits += 1
                permit = Permit(grant, self.settings, self.outbox)
                try:
                    yield permit
                finally:
                    self._settle(permit)
            if on_progress:
                on_progress(progress)

    def flush(self) -> int:
        return 0

    def close(self) -> None:
        pass

    def _reserve(self, contact: Contact, request_id: str) -> Grant:
        if any(known == request_id for known, _ in self.sent):
            reason = Reason(ReasonCode("ALREADY_SENT"), None, "it has been sent", None, None)
            raise Refused(Decision(allowed=False, reasons=(reason,)))
        try:
            decision = self.check(contact)
        except Unreachable:
            if self.settings.when_unreachable.get(contact.purpose) != "send":
                raise
            return Grant(contact, request_id, None, reserved=False)
        if not decision.allowed:
            raise Refused(decision)
        return Grant(contact, request_id, decision, reserved=True)

    def _settle(self, permit: Permit) -> None:
        counts = permit.counts()
        told = (permit.request_id, permit.contact)
        if counts is True:
            self.sent.append(told)
        elif counts is False:
            self.released.append(told)
