"""What courtesy answered."""

from dataclasses import dataclass
from datetime import datetime

from courtesy.v1 import decision_pb2

from .reason_code import ReasonCode
from .times import to_datetime

_PREFIX = "REASON_CODE_"


@dataclass(frozen=True)
class Reason:
    """One cause of a refusal.

    rule: the rule of the policy that denies; None where a wish or the service does.
    cause, message: the cause in words, for people.
    until: when it stops denying; None where that is not known.
    """

    code: ReasonCode
    rule: str | None
    cause: str
    until: datetime | None
    message: str | None

    @classmethod
    def of(cls, reason: decision_pb2.Reason) -> "Reason":
        try:
            name = decision_pb2.ReasonCode.Name(reason.code).removeprefix(_PREFIX)
            code = ReasonCode(name)
        except ValueError:
            code = ReasonCode.UNKNOWN
        return cls(
            code=code,
            rule=reason.rule if reason.HasField("rule") else None,
            cause=reason.cause,
            until=to_datetime(reason, "until_time"),
            message=reason.message if reason.HasField("message") else None,
        )


@dataclass(frozen=True)
class Decision:
    """The answer. A refusal is an answer, and no error.

    allowed: whether the contact may be made.
    reasons: every cause that denies.
    next_allowed: of a refusal, when the same contact would be allowed if nothing else happened.
    valid_until: of an ALLOW, when it no longer holds if nothing else happens.
    degraded: the customer's record could not be read, and the policy's `on_store_failure` answered.
    """

    allowed: bool
    reasons: tuple[Reason, ...] = ()
    next_allowed: datetime | None = None
    valid_until: datetime | None = None
    degraded: bool = False
    policy_revision: int = 0

    @classmethod
    def of(cls, decision: decision_pb2.Decision) -> "Decision":
        return cls(
            allowed=decision.effect == decision_pb2.EFFECT_ALLOW,
            reasons=tuple(Reason.of(reason) for reason in decision.reasons),
            next_allowed=to_datetime(decision, "next_allowed_time"),
            valid_until=to_datetime(decision, "valid_until_time"),
            degraded=decision.degraded,
            policy_revision=decision.policy_revision,
        )

    def __str__(self) -> str:
        if self.allowed:
            return "allowed"
        causes = "; ".join(reason.message or reason.cause for reason in self.reasons)
        until = f"; allowed from {self.next_allowed.isoformat()}" if self.next_allowed else ""
        return f"refused: {causes}{until}"
