"""The client for asyncio."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import grpc
from courtesy.v1.contact_service_pb2_grpc import ContactServiceStub

from . import asking, flow, telling
from .caller import AsyncCaller
from .campaign import BATCH, Campaign, OnRefused, Progress, chunks
from .contact import Contact
from .decision import Decision
from .outbox import Outbox
from .permit import AsyncPermit
from .settings import Settings, SettingsGiven

if TYPE_CHECKING:
    from typing_extensions import Unpack


class AsyncClient(AsyncCaller):
    """Asks one courtesy, from asyncio. It does what Client does; see there."""

    def __init__(
        self,
        target: str | grpc.aio.Channel,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        outbox: Outbox | None = None,
        **settings: "Unpack[SettingsGiven]",
    ):
        super().__init__(target, ContactServiceStub, Settings(**settings), credentials)
        self.outbox = outbox if outbox is not None else Outbox()
        # What is still to be told, once; and the tasks that tell.
        self._open: dict[object, Callable[[], flow.Flow]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def permit(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AsyncIterator[AsyncPermit]:
        settings = self._within(timeout)
        grant = await self._run(asking.reserve(contact, request_id, settings, self.outbox))
        permit = AsyncPermit(grant, settings, self.outbox)
        async with self._settling(permit.settle):
            yield permit

    async def book(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Decision:
        return await self._run(
            asking.book(contact, request_id, self._within(timeout), self.outbox)
        )

    @asynccontextmanager
    async def booked(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AsyncIterator[AsyncPermit]:
        settings = self._within(timeout)
        grant = await self._run(asking.booked(contact, request_id, settings, self.outbox))
        permit = AsyncPermit(grant, settings, self.outbox)
        async with self._settling(permit.settle):
            yield permit

    async def check(self, contact: Contact) -> Decision:
        return await self._run(asking.check(contact, self.settings))

    async def recheck(self, contact: Contact, *, request_id: str) -> Decision:
        return await self._run(asking.recheck(contact, request_id, self.settings))

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
            permits = [
                AsyncPermit(grant, self.settings, self.outbox)
                for grant in await self._run(campaign.reserve(chunk))
            ]
            async with self._settling(lambda: campaign.settle(permits)):
                campaign.report(on_refused)
                for permit in permits:
                    yield permit
            if on_progress:
                on_progress(campaign.progress)

    async def close(self) -> None:
        for token in list(self._open):
            await self._settle_quietly(token)
        # What a generator that was left early has begun to tell is told before the channel goes.
        if self._tasks:
            await asyncio.wait(self._tasks)
        await super().close()

    async def flush(self) -> int:
        return await self._run(telling.flush(self.outbox, self.settings))

    def _within(self, timeout: float | None) -> Settings:
        return self.settings if timeout is None else replace(self.settings, timeout=timeout)

    @asynccontextmanager
    async def _settling(self, settle: Callable[[], flow.Flow]) -> AsyncIterator[None]:
        """Tells what became of it: in the end, or when the client is closed before."""
        token = object()
        self._open[token] = settle
        try:
            yield
        except BaseException:
            await self._settle_quietly(token)
            raise
        await self._settle(token)

    async def _settle(self, token: object) -> None:
        settle = self._open.pop(token, None)
        if settle is not None:
            # A task that is cancelled while it sends has to tell it all the same.
            await asyncio.shield(self._begin(settle()))

    async def _settle_quietly(self, token: object) -> None:
        """An exception in flight stays the one that is raised."""
        try:
            await self._settle(token)
        except Exception as error:
            telling.log.warning("what became of a message could not be told: %s", error)

    def _begin(self, steps: flow.Flow) -> "asyncio.Task[Any]":
        task = asyncio.ensure_future(self._run(steps))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
