"""The blocking client."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import grpc
from courtesy.v1.contact_service_pb2_grpc import ContactServiceStub

from . import asking, flow, telling
from .caller import Caller
from .campaign import BATCH, Campaign, OnRefused, Progress, chunks
from .contact import Contact
from .decision import Decision
from .outbox import Outbox
from .permit import Permit
from .settings import Settings, SettingsGiven

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Client(Caller):
    """Asks one courtesy. It may be shared by threads; close it, or use it with `with`.

    Closing it ends what is open: permits and campaigns that were left early.
    target: "host:port"; or a grpc.Channel of your own.
    credentials: for TLS, such as grpc.ssl_channel_credentials(); without it there is none.
    outbox: where messages wait that were sent and could not be told; by default in memory.
    settings: see Settings, such as Client("localhost:50051", hold=timedelta(minutes=10)).
    """

    def __init__(
        self,
        target: str | grpc.Channel,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        outbox: Outbox | None = None,
        **settings: "Unpack[SettingsGiven]",
    ):
        super().__init__(target, ContactServiceStub, Settings(**settings), credentials)
        self.outbox = outbox if outbox is not None else Outbox()
        # What is still to be told, once.
        self._open: dict[object, Callable[[], flow.Flow]] = {}

    @contextmanager
    def permit(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Iterator[Permit]:
        """Reserves, lets you send, and tells what became of it.

        Raises Refused before anything is sent, MaybeSent where an earlier attempt may have sent it,
        Unreachable where courtesy does not answer and the purpose is not sent all the same.
        `timeout` is that of the settings, unless it is given: for all that is asked before you
        send, and again for what is told after it.
        """
        settings = self._within(timeout)
        grant = self._run(asking.reserve(contact, request_id, settings, self.outbox))
        permit = Permit(grant, settings, self.outbox)
        with self._settling(permit.settle):
            yield permit

    def book(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Decision:
        """Reserves what you send later, at `contact.at`; `booked` sends it. It may be repeated.

        Raises Refused, and Unreachable: then it may be booked all the same. A hold begins at
        `contact.at`.
        """
        return self._run(asking.book(contact, request_id, self._within(timeout), self.outbox))

    @contextmanager
    def booked(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Iterator[Permit]:
        """Asks again about what was booked, with the same contact, and lets you send it: when its
        time has come.

        Otherwise as `permit`: raises Refused, which gives the booking back; left without sending,
        it is given back too. Raises Unreachable where courtesy does not answer, and the booking
        stays.
        """
        settings = self._within(timeout)
        grant = self._run(asking.booked(contact, request_id, settings, self.outbox))
        permit = Permit(grant, settings, self.outbox)
        with self._settling(permit.settle):
            yield permit

    def check(self, contact: Contact) -> Decision:
        """Asks, and spends nothing."""
        return self._run(asking.check(contact, self.settings))

    def recheck(self, contact: Contact, *, request_id: str) -> Decision:
        """Asks again about what is reserved, as `booked` does, and no more. Raises Refused, and
        gives it back."""
        return self._run(asking.recheck(contact, request_id, self.settings))

    def campaign(
        self,
        recipients: Iterable[tuple[str, Contact]],
        *,
        batch: int = BATCH,
        on_progress: Callable[[Progress], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> Iterator[Permit]:
        """A permit for each recipient, a (request_id, contact), that may be contacted.

        They are reserved in batches of at most 1,000, and confirmed or released when the next batch
        is begun, when you stop, and at the end. `on_progress` is called after each batch,
        `on_refused` with the request_id and the decision of each recipient that is refused. Raises
        Unreachable where courtesy does not answer and no purpose in the batch is sent all the same.
        """
        campaign = Campaign(self.settings, self.outbox)
        for chunk in chunks(recipients, batch):
            permits = [
                Permit(grant, self.settings, self.outbox)
                for grant in self._run(campaign.reserve(chunk))
            ]
            with self._settling(lambda: campaign.settle(permits)):
                campaign.report(on_refused)
                yield from permits
            if on_progress:
                on_progress(campaign.progress)

    def close(self) -> None:
        for token in list(self._open):
            self._settle_quietly(token)
        super().close()

    def flush(self) -> int:
        """Tells what could not be told before. Returns how many messages it was.

        What courtesy refuses to record is set aside in `outbox.failed`, and logged.
        """
        return self._run(telling.flush(self.outbox, self.settings))

    def _within(self, timeout: float | None) -> Settings:
        return self.settings if timeout is None else replace(self.settings, timeout=timeout)

    @contextmanager
    def _settling(self, settle: Callable[[], flow.Flow]) -> Iterator[None]:
        """Tells what became of it: in the end, or when the client is closed before."""
        token = object()
        self._open[token] = settle
        try:
            yield
        except BaseException:
            self._settle_quietly(token)
            raise
        self._settle(token)

    def _settle(self, token: object) -> None:
        settle = self._open.pop(token, None)
        if settle is not None:
            self._run(settle())

    def _settle_quietly(self, token: object) -> None:
        """An exception in flight stays the one that is raised."""
        try:
            self._settle(token)
        except Exception as error:
            telling.log.warning("what became of a message could not be told: %s", error)
