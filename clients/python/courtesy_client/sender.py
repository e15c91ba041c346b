"""What a client and its fake have in common, for the type hints of a sender."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Protocol

from .campaign import OnRefused, Progress
from .contact import Contact
from .decision import Decision
from .permit import AsyncPermit, Permit


class Sender(Protocol):
    """A Client or a FakeClient; the methods are described in Client."""

    def permit(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AbstractContextManager[Permit]: ...

    def book(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Decision: ...

    def booked(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AbstractContextManager[Permit]: ...

    def check(self, contact: Contact) -> Decision: ...

    def recheck(self, contact: Contact, *, request_id: str) -> Decision: ...

    def campaign(
        self,
        recipients: Iterable[tuple[str, Contact]],
        *,
        batch: int = ...,
        on_progress: Callable[[Progress], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> Iterator[Permit]: ...

    def flush(self) -> int: ...

    def close(self) -> None: ...


class AsyncSender(Protocol):
    """An AsyncClient or an AsyncFakeClient."""

    def permit(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AbstractAsyncContextManager[AsyncPermit]: ...

    async def book(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> Decision: ...

    def booked(
        self, contact: Contact, *, request_id: str, timeout: float | None = None
    ) -> AbstractAsyncContextManager[AsyncPermit]: ...

    async def check(self, contact: Contact) -> Decision: ...

    async def recheck(self, contact: Contact, *, request_id: str) -> Decision: ...

    def campaign(
        self,
        recipients: Iterable[tuple[str, Contact]],
        *,
        batch: int = ...,
        on_progress: Callable[[Progress], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> AsyncIterator[AsyncPermit]: ...

    async def flush(self) -> int: ...

    async def close(self) -> None: ...
