"""What is asked in which order, without asking: generators that yield calls and pauses.

The blocking client and the one for asyncio run the same generators, so that there is one place that
says when a call is repeated and what an answer means.
"""

import random
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple

import grpc

from .contact import Contact
from .decision import Decision
from .errors import Unreachable, call_failed, details_of
from .settings import Settings


class Call(NamedTuple):
    """One attempt at a method of ContactService."""

    method: str
    request: Any
    timeout: float


class Pause(NamedTuple):
    """Seconds to wait before the next attempt."""

    seconds: float


Flow = Generator[Call | Pause, Any, Any]

# What may be tried again with the same request_id. Everything else would be answered the same.
RETRYABLE = {
    grpc.StatusCode.ABORTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.UNAVAILABLE,
}
# After these it is unknown whether the call was carried out.
UNCERTAIN = {grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE}

FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0


@dataclass
class Answer:
    """An answer, and whether an earlier attempt of this call may have been carried out as well."""

    message: Any
    may_be_second: bool


def call(method: str, request: Any, settings: Settings) -> Flow:
    """Asks until there is an answer, within the timeout, and no more often than the server
    wants."""
    deadline = time.monotonic() + settings.timeout
    pause, may_be_second = FIRST_PAUSE, False
    while True:
        left = deadline - time.monotonic()
        try:
            message = yield Call(method, request, max(min(left, settings.attempt_timeout), 0.001))
            return Answer(message, may_be_second)
        except grpc.RpcError as error:
            if error.code() not in RETRYABLE:
                raise call_failed(error) from error
            may_be_second = may_be_second or error.code() in UNCERTAIN
            # Half of the pause is chance, so that senders do not come back all at once.
            wait = max(details_of(error).retry_after, pause) * random.uniform(1.0, 1.5)
            pause = min(pause * 2, LONGEST_PAUSE)
            if time.monotonic() + wait >= deadline:
                raise Unreachable(f"courtesy did not answer {method} in time") from error
        yield Pause(wait)


@dataclass
class Grant:
    """That a message may be sent: reserved, or (where courtesy was out of reach) to be recorded.

    fresh: it was reserved just now, for now, so that courtesy knows by its own clock when it is
        sent.
    """

    contact: Contact
    request_id: str
    decision: Decision | None
    reserved: bool
    fresh: bool = False
