"""Why a message was not sent, or a call not answered."""

from dataclasses import dataclass, field

import grpc
from google.rpc import error_details_pb2, status_pb2

from .decision import Decision


class CourtesyError(Exception):
    """Everything that this package raises."""


class Refused(CourtesyError):
    """The contact is not allowed. Nothing was sent, and nothing was spent."""

    def __init__(self, decision: Decision):
        super().__init__(str(decision))
        self.decision = decision


class MaybeSent(CourtesyError):
    """Another attempt reserved this `request_id` and has not said whether it sent the message.

    It is raised as `on_held` says, so that no second message goes.
    """


class Unreachable(CourtesyError):
    """courtesy did not answer in time, and the purpose is not one that is sent all the same."""


@dataclass
class CallFailed(CourtesyError):
    """courtesy refused the call itself; calling again would be refused again.

    code: the gRPC status. reason: the `ErrorReason` without its prefix, such as "UNDECLARED_NAME".
    violations: (field, description), of a request that breaks a bound.
    """

    code: grpc.StatusCode
    reason: str
    message: str
    violations: list[tuple[str, str]] = field(default_factory=list)

    def __str__(self) -> str:
        shown = "".join(f"\n  {name}: {text}" for name, text in self.violations)
        return f"{self.code.name} {self.reason}: {self.message}{shown}"


@dataclass(frozen=True)
class Details:
    """What a gRPC error carries beside its code."""

    reason: str = ""
    retry_after: float = 0.0
    violations: tuple[tuple[str, str], ...] = ()


def details_of(error: grpc.RpcError) -> Details:
    """The `google.rpc` details of an error; empty where another than courtesy made it."""
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin":
            status.ParseFromString(value)
    reason, retry_after, violations = "", 0.0, []
    for detail in status.details:
        info, retry = error_details_pb2.ErrorInfo(), error_details_pb2.RetryInfo()
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(info):
            reason = info.reason
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.ToTimedelta().total_seconds()
        elif detail.Unpack(bad):
            violations = [(it.field, it.description) for it in bad.field_violations]
    return Details(reason, retry_after, tuple(violations))


def call_failed(error: grpc.RpcError) -> CallFailed:
    details = details_of(error)
    return CallFailed(error.code(), details.reason, error.details() or "", list(details.violations))
