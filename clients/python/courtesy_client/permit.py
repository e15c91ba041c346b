"""The right to send one message, and what became of it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from .contact import Contact
from .decision import Decision
from .errors import CourtesyError
from .flow import Flow, Grant
from .outbox import Outbox
from .settings import Settings
from .telling import release, sent

T = TypeVar("T")


class State:
    """What became of a message.

    It begins as not sent; `send` makes it sent, or unknown where the sending raised.
    """

    NOT_SENT = "not sent"
    SENT = "sent"
    UNKNOWN = "unknown"


class Outcome:
    """One grant, what became of its message, and what courtesy is told in the end."""

    def __init__(self, grant: Grant, settings: Settings, outbox: Outbox):
        self.grant = grant
        self.state = State.NOT_SENT
        self._settings = settings
        self._outbox = outbox
        self._used = False

    @property
    def decision(self) -> Decision | None:
        """The answer; None where courtesy was out of reach and the purpose is sent all the same."""
        return self.grant.decision

    @property
    def contact(self) -> Contact:
        return self.grant.contact

    @property
    def request_id(self) -> str:
        return self.grant.request_id

    def begin(self) -> None:
        if self._used:
            raise CourtesyError(
                "a permit is for one message, and this one is used or over; ask for another"
            )
        self._used = True
        # Until it returns, the outcome is unknown: also where the process is interrupted in the
        # middle.
        self.state = State.UNKNOWN

    def end(self) -> None:
        """Nothing may be sent any more: it is told what became of it."""
        self._used = True

    def failed(self, error: BaseException) -> None:
        if isinstance(error, self._settings.not_sent):
            self.state = State.NOT_SENT

    def succeeded(self) -> None:
        self.state = State.SENT

    def counts(self) -> bool | None:
        """Whether it is confirmed (True), released (False), or left as it is (None)."""
        if self.state == State.UNKNOWN:
            return True if self._settings.on_unknown == "count" else None
        return self.state == State.SENT

    def settle(self) -> Flow:
        self.end()
        counts = self.counts()
        if counts is True:
            yield from sent(self.grant, self._settings, self._outbox)
        elif counts is False:
            yield from release(self.grant, self._settings)


class Permit(Outcome):
    """The right to send one message."""

    def send(self, function: Callable[[], T]) -> T:
        """Sends, and notes what became of it. The function is called once."""
        self.begin()
        try:
            result = function()
        except BaseException as error:
            self.failed(error)
            raise
        self.succeeded()
        return result


class AsyncPermit(Outcome):
    """The right to send one message, for asyncio."""

    async def send(self, function: Callable[[], Awaitable[T]]) -> T:
        """Awaits what the function returns, and notes what became of it. It is called once."""
        self.begin()
        try:
            result = await function()
        except BaseException as error:
            self.failed(error)
            raise
        self.succeeded()
        return result
