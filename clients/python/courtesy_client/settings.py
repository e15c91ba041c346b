"""How a client behaves where a sender has a choice."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, TypedDict

Metadata = Iterable[tuple[str, str]]


def current_trace() -> Metadata:
    """The trace context of OpenTelemetry, where it is installed and a span is open."""
    try:
        from opentelemetry.propagate import inject
    except ImportError:
        return ()
    carrier: dict[str, str] = {}
    inject(carrier)
    return carrier.items()


class SettingsGiven(TypedDict, total=False):
    """What a client may be given of the Settings; see there."""

    timeout: float
    attempt_timeout: float
    on_unknown: Literal["count", "hold"]
    on_held: Literal["own", "refuse", "send"] | None
    hold: timedelta | None
    when_unreachable: Mapping[str, Literal["refuse", "send"]]
    not_sent: tuple[type[BaseException], ...]
    tenant: str | None
    metadata: Callable[[], Metadata]


@dataclass(frozen=True)
class Settings:
    """How a client behaves where a sender has a choice.

    timeout: seconds for a whole call, repetitions and pauses included.
    attempt_timeout: seconds for one attempt.
    on_unknown: what an exception counts for that does not say whether the message went. "count": it
        is confirmed as sent, so that no second message goes; the customer may get none. "hold": the
        reservation stays until its hold ends, and a second attempt may send; the customer may get
        two.
    on_held: what is done where the request_id is reserved already, by an earlier attempt or by
        another worker. "own": it is sent where a repetition of the same call finds it, whose first
        answer was lost; otherwise MaybeSent is raised. "send": it is sent. "refuse": MaybeSent is
        raised in either case, and nothing is given back that may be another's; give a hold. None is
        "own" where on_unknown is "count", and "send" where it is "hold".
    hold: how long a reservation waits to be confirmed; None is for good.
    when_unreachable: by purpose, what is done when courtesy does not answer: "refuse" (the default)
        raises Unreachable, "send" sends, and records it later.
    not_sent: exceptions that are known to mean that nothing was sent.
    tenant: the tenant of every call; None is `default`.
    metadata: what is sent along with every call, beside the trace context: a key, say.
    """

    timeout: float = 5.0
    attempt_timeout: float = 1.0
    on_unknown: Literal["count", "hold"] = "count"
    on_held: Literal["own", "refuse", "send"] | None = None
    hold: timedelta | None = None
    when_unreachable: Mapping[str, Literal["refuse", "send"]] = field(default_factory=dict)
    not_sent: tuple[type[BaseException], ...] = ()
    tenant: str | None = None
    metadata: Callable[[], Metadata] = lambda: ()

    def __post_init__(self) -> None:
        if self.on_unknown not in ("count", "hold"):
            raise ValueError("on_unknown is 'count' or 'hold'")
        if self.on_held not in (None, "own", "refuse", "send"):
            raise ValueError("on_held is 'own', 'refuse' or 'send'")
        for purpose, answer in self.when_unreachable.items():
            if answer not in ("refuse", "send"):
                raise ValueError(f"when_unreachable of {purpose!r} is 'refuse' or 'send'")

    def along(self) -> tuple[tuple[str, str], ...]:
        """The metadata of a call: its own, and the trace context where that is not among it."""
        given = tuple(self.metadata())
        names = {name for name, _ in given}
        return (*given, *(it for it in current_trace() if it[0] not in names))

    def takes_held(self, may_be_own: bool) -> bool:
        """Whether a reservation that stood already is sent."""
        held = self.on_held or ("own" if self.on_unknown == "count" else "send")
        return held == "send" or (held == "own" and may_be_own)
