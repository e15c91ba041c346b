"""The client of a CRM system or a preference centre."""

import itertools
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import grpc
from courtesy.v1 import bulk_pb2, consent_pb2, customer_pb2, erasure_pb2, inbound_message_pb2
from courtesy.v1 import customer_service_pb2 as pb
from courtesy.v1.customer_service_pb2_grpc import CustomerServiceStub

from . import crm
from .caller import AsyncCaller, Caller
from .errors import call_failed
from .scope import Scope
from .settings import Settings, SettingsGiven

if TYPE_CHECKING:
    from typing_extensions import Unpack

EVERYTHING = Scope()
# A wish may wait longer than a message that is about to be sent.
PATIENCE: SettingsGiven = {"timeout": 15.0, "attempt_timeout": 5.0}


def patient(given: SettingsGiven) -> Settings:
    settings: SettingsGiven = {**PATIENCE, **given}
    return Settings(**settings)


@dataclass
class Imported:
    """What became of the rows of an import: their sums, and those that were refused."""

    counts: bulk_pb2.ImportCounts = field(default_factory=bulk_pb2.ImportCounts)
    refused: list[bulk_pb2.RefusedRow] = field(default_factory=list)

    def add(self, answers: list[bulk_pb2.ImportCustomersResponse]) -> None:
        for answer in answers:
            for known, count in answer.counts.ListFields():
                setattr(self.counts, known.name, getattr(self.counts, known.name) + count)
            self.refused.extend(answer.refused_rows)


class Customers(Caller):
    """Tells one courtesy what customers want. It may be shared by threads; close it, or use it with
    `with`.

    target: "host:port"; or a grpc.Channel of your own.
    credentials: for TLS, such as grpc.ssl_channel_credentials(); without it there is none.
    settings: see Settings; of them timeout, attempt_timeout, tenant and metadata matter here.

    Calls are repeated as those of Client are; answers are the messages of `courtesy.v1`. Raises
    Unreachable, so that you tell it later, or CallFailed. `stub` has the calls that are not here.
    """

    def __init__(
        self,
        target: str | grpc.Channel,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        **settings: "Unpack[SettingsGiven]",
    ):
        super().__init__(target, CustomerServiceStub, patient(settings), credentials)

    def get(self, customer_id: str) -> customer_pb2.Customer:
        """What is known of a customer, contacts aside."""
        return self._run(crm.get(customer_id, self.settings))

    def update(
        self,
        customer: customer_pb2.Customer,
        *,
        clear: Iterable[str] = (),
        expected_version: str | None = None,
        request_id: str | None = None,
    ) -> customer_pb2.Customer:
        """Replaces the fields that are set in `customer`, and clears those that `clear` names."""
        steps = crm.update(customer, clear, expected_version, request_id, self.settings)
        return self._run(steps)

    def opt_out(
        self,
        customer_id: str,
        scope: Scope = EVERYTHING,
        *,
        at: datetime | None = None,
        until: datetime | None = None,
        source: str | None = None,
        evidence: str | None = None,
        request_id: str | None = None,
    ) -> pb.OptOutResponse:
        """Records that the customer does not want to be contacted. It counts from the answer on.

        at: when it was said; None is now. until: when it ends; None is never.
        source: where it came from. evidence: what proves it.
        """
        steps = crm.opt_out(
            customer_id,
            scope,
            self.settings,
            at=at,
            until=until,
            source=source,
            evidence=evidence,
            request_id=request_id,
        )
        return self._run(steps)

    def opt_in(
        self,
        customer_id: str,
        scope: Scope = EVERYTHING,
        *,
        evidence: str,
        at: datetime | None = None,
        source: str | None = None,
        pending: bool = False,
        ground: str | None = None,
        request_id: str | None = None,
    ) -> pb.OptInResponse:
        """Records that the customer wants to be contacted; `evidence` proves it.

        pending: a double opt-in is not complete yet. ground: of the consent; None is `express`.
        """
        steps = crm.opt_in(
            customer_id,
            scope,
            self.settings,
            evidence=evidence,
            at=at,
            source=source,
            pending=pending,
            ground=ground,
            request_id=request_id,
        )
        return self._run(steps)

    def opt_out_many(
        self, opt_outs: Iterable[consent_pb2.BatchedOptOut]
    ) -> list[consent_pb2.BatchOptOutResult]:
        """Records at most 1,000 opt-outs, each with an answer of its own."""
        return list(self._run(crm.opt_out_many(opt_outs, self.settings)))

    def hear(
        self,
        customer_id: str,
        channel: str,
        text: str,
        *,
        request_id: str,
        at: datetime | None = None,
        asked_for_opt_in: bool = False,
        brand: str | None = None,
        topic: str | None = None,
    ) -> inbound_message_pb2.HandleInboundMessageResponse:
        """What a message of the customer means, what was recorded, and which one reply may be
        sent."""
        steps = crm.hear(
            customer_id,
            channel,
            text,
            request_id,
            self.settings,
            at=at,
            asked_for_opt_in=asked_for_opt_in,
            brand=brand,
            topic=topic,
        )
        return self._run(steps)

    def unsubscribe_link(
        self, customer_id: str, scope: Scope = EVERYTHING, *, valid_for: timedelta | None = None
    ) -> pb.IssueUnsubscribeLinkResponse:
        """A link that opts out with one click, and the two headers that offer it to mail
        programs."""
        return self._run(crm.unsubscribe_link(customer_id, scope, valid_for, self.settings))

    def export(self, customer_id: str) -> erasure_pb2.ExportCustomerResponse:
        """All that is known of a customer, for a customer who asks."""
        return self._run(crm.export(customer_id, self.settings))

    def erase(
        self, customer_id: str, *, request_id: str | None = None
    ) -> erasure_pb2.EraseCustomerResponse:
        """Forgets a customer; the opt-outs go on refusing, under a hash of the id."""
        return self._run(crm.erase(customer_id, request_id, self.settings))

    def import_rows(
        self,
        rows: Iterable[bulk_pb2.CustomerRow],
        *,
        source: str | None = None,
        evidence: str | None = None,
        at: datetime | None = None,
        allow_opt_in: bool = False,
        dry_run: bool = False,
    ) -> Imported:
        """Imports rows; one that is wrong is refused, by its number from 1, and the others land.

        source, evidence, at: of wishes that do not say it. allow_opt_in: a yes may end an older no.
        Where Unreachable is raised, import again: what has landed changes nothing.
        """
        imported = Imported()
        for chunk in _chunks(rows):
            steps = crm.import_chunk(
                chunk,
                self.settings,
                source=source,
                evidence=evidence,
                at=at,
                allow_opt_in=allow_opt_in,
                dry_run=dry_run,
            )
            imported.add(self._run(steps))
        return imported

    def export_all(
        self, *, include_contacts: bool = False
    ) -> Iterator[bulk_pb2.ExportCustomersResponse]:
        """All customers, page by page; a page also names those whose records cannot be read."""
        request = _export_request(include_contacts, self.settings)
        try:
            yield from self.stub.ExportCustomers(request, metadata=self.settings.along())
        except grpc.RpcError as error:
            raise call_failed(error) from error


class AsyncCustomers(AsyncCaller):
    """Tells one courtesy what customers want, from asyncio. It does what Customers does; see
    there."""

    def __init__(
        self,
        target: str | grpc.aio.Channel,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        **settings: "Unpack[SettingsGiven]",
    ):
        super().__init__(target, CustomerServiceStub, patient(settings), credentials)

    async def get(self, customer_id: str) -> customer_pb2.Customer:
        return await self._run(crm.get(customer_id, self.settings))

    async def update(
        self,
        customer: customer_pb2.Customer,
        *,
        clear: Iterable[str] = (),
        expected_version: str | None = None,
        request_id: str | None = None,
    ) -> customer_pb2.Customer:
        steps = crm.update(customer, clear, expected_version, request_id, self.settings)
        return await self._run(steps)

    async def opt_out(
        self, customer_id: str, scope: Scope = EVERYTHING, **said: "Unpack[crm.OptOutSaid]"
    ) -> pb.OptOutResponse:
        return await self._run(crm.opt_out(customer_id, scope, self.settings, **said))

    async def opt_in(
        self, customer_id: str, scope: Scope = EVERYTHING, **said: "Unpack[crm.OptInSaid]"
    ) -> pb.OptInResponse:
        return await self._run(crm.opt_in(customer_id, scope, self.settings, **said))

    async def opt_out_many(
        self, opt_outs: Iterable[consent_pb2.BatchedOptOut]
    ) -> list[consent_pb2.BatchOptOutResult]:
        return list(await self._run(crm.opt_out_many(opt_outs, self.settings)))

    async def hear(
        self,
        customer_id: str,
        channel: str,
        text: str,
        *,
        request_id: str,
        **said: "Unpack[crm.MessageSaid]",
    ) -> inbound_message_pb2.HandleInboundMessageResponse:
        steps = crm.hear(customer_id, channel, text, request_id, self.settings, **said)
        return await self._run(steps)

    async def unsubscribe_link(
        self, customer_id: str, scope: Scope = EVERYTHING, *, valid_for: timedelta | None = None
    ) -> pb.IssueUnsubscribeLinkResponse:
        return await self._run(crm.unsubscribe_link(customer_id, scope, valid_for, self.settings))

    async def export(self, customer_id: str) -> erasure_pb2.ExportCustomerResponse:
        return await self._run(crm.export(customer_id, self.settings))

    async def erase(
        self, customer_id: str, *, request_id: str | None = None
    ) -> erasure_pb2.EraseCustomerResponse:
        return await self._run(crm.erase(customer_id, request_id, self.settings))

    async def import_rows(
        self, rows: Iterable[bulk_pb2.CustomerRow], **said: "Unpack[crm.ImportSaid]"
    ) -> Imported:
        imported = Imported()
        for chunk in _chunks(rows):
            imported.add(await self._run(crm.import_chunk(chunk, self.settings, **said)))
        return imported

    async def export_all(
        self, *, include_contacts: bool = False
    ) -> AsyncIterator[bulk_pb2.ExportCustomersResponse]:
        request = _export_request(include_contacts, self.settings)
        pages = self.stub.ExportCustomers(request, metadata=self.settings.along())
        try:
            async for page in pages:
                yield page
        except grpc.RpcError as error:
            raise call_failed(error) from error


def _chunks(
    rows: Iterable[bulk_pb2.CustomerRow],
) -> Iterator[list[tuple[int, bulk_pb2.CustomerRow]]]:
    numbered = enumerate(rows, 1)
    while chunk := list(itertools.islice(numbered, crm.CHUNK)):
        yield chunk


def _export_request(include_contacts: bool, settings: Settings) -> bulk_pb2.ExportCustomersRequest:
    return bulk_pb2.ExportCustomersRequest(
        include_contacts=include_contacts, tenant=settings.tenant
    )
