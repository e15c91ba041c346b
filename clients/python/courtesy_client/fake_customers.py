"""A CustomerService in the same process, for unit tests of CRM systems. It keeps no customers."""

from collections.abc import AsyncIterator, Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from courtesy.v1 import bulk_pb2, consent_pb2, customer_pb2, erasure_pb2
from courtesy.v1 import customer_service_pb2 as pb
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from .customers import AsyncCustomers, Customers, patient
from .errors import CourtesyError, Unreachable
from .settings import SettingsGiven

if TYPE_CHECKING:
    from typing_extensions import Unpack

Answer: TypeAlias = "Message | list[Message] | CourtesyError | Callable[[Any], Message]"

_METHODS = pb.DESCRIPTOR.services_by_name["CustomerService"].methods_by_name
_LINK = "https://courtesy.invalid/unsubscribe"


def _imported(request: bulk_pb2.ImportCustomersRequest) -> bulk_pb2.ImportCustomersResponse:
    rows = request.chunk.rows
    counts = bulk_pb2.ImportCounts(imported=len(rows)) if rows else None
    return bulk_pb2.ImportCustomersResponse(counts=counts)


# What is answered unless the test says otherwise: as if all went well. Other calls get an empty
# answer.
_DEFAULTS: dict[str, Callable[[Any], Message]] = {
    "GetCustomer": lambda request: pb.GetCustomerResponse(
        customer=customer_pb2.Customer(customer_id=request.customer_id)
    ),
    "UpdateCustomer": lambda request: pb.UpdateCustomerResponse(
        customer=request.customer, changed=True
    ),
    "OptOut": lambda _: pb.OptOutResponse(changed=True),
    "OptIn": lambda _: pb.OptInResponse(changed=True),
    "BatchOptOut": lambda request: consent_pb2.BatchOptOutResponse(
        results=[consent_pb2.BatchOptOutResult(version="1", changed=True) for _ in request.opt_outs]
    ),
    "IssueUnsubscribeLink": lambda _: pb.IssueUnsubscribeLinkResponse(
        url=_LINK,
        list_unsubscribe=f"<{_LINK}>",
        list_unsubscribe_post="List-Unsubscribe=One-Click",
    ),
    "EraseCustomer": lambda _: erasure_pb2.EraseCustomerResponse(erased=True, changed=True),
    "ImportCustomers": _imported,
}


class _Scene:
    """What a test sets, and what was asked."""

    def __init__(self, settings: SettingsGiven):
        self.settings = patient(settings)
        self.asked: list[tuple[str, Message]] = []
        self._answers: dict[str, Answer] = {}
        self._reachable = True

    def answer(self, method: str, answer: Answer) -> None:
        """What a call of CustomerService, such as "OptOut", is answered from now on.

        A message, or a list of them where the call answers with a stream; an error, which is
        raised; or a function of the request.
        """
        if method not in _METHODS:
            raise ValueError(f"CustomerService has no {method}")
        expected = GetMessageClass(_METHODS[method].output_type)
        for it in answer if isinstance(answer, list) else [answer]:
            if isinstance(it, Message) and not isinstance(it, expected):
                raise TypeError(f"{method} is answered with {expected.__name__}")
        self._answers[method] = answer

    def be_unreachable(self, unreachable: bool = True) -> None:
        self._reachable = not unreachable

    def requests(self, method: str) -> list[Any]:
        """The requests of one call, such as "OptOut", in their order. `asked` has all."""
        return [request for name, request in self.asked if name == method]

    def _answered(self, method: str, request: Message | Iterable[Message]) -> list[Message]:
        if not self._reachable:
            raise Unreachable("the fake is out of reach")
        answers: list[Message] = []
        for it in [request] if isinstance(request, Message) else request:
            self.asked.append((method, it))
            answer = self._answers.get(method) or _DEFAULTS.get(method)
            if isinstance(answer, CourtesyError):
                raise answer
            if answer is None:
                answers.append(GetMessageClass(_METHODS[method].output_type)())
            elif isinstance(answer, list):
                answers.extend(answer)
            else:
                answers.append(answer if isinstance(answer, Message) else answer(it))
        return answers


class _Stub:
    """Every call of CustomerService, as a generated stub has it."""

    def __init__(self, scene: _Scene):
        self._scene = scene

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method not in _METHODS:
            raise AttributeError(method)

        def call(request: Any, **_: Any) -> Any:
            return self._call(method, request)

        return call

    def _call(self, method: str, request: Any) -> Any:
        answers = self._scene._answered(method, request)
        return iter(answers) if _METHODS[method].server_streaming else answers[0]


class _AsyncStub(_Stub):
    def _call(self, method: str, request: Any) -> Any:
        if _METHODS[method].server_streaming:
            return self._each(method, request)
        return self._one(method, request)

    async def _one(self, method: str, request: Any) -> Message:
        return self._scene._answered(method, request)[0]

    async def _each(self, method: str, request: Any) -> AsyncIterator[Message]:
        for answer in self._scene._answered(method, request):
            yield answer


class FakeCustomers(_Scene, Customers):
    """Stands in for Customers in unit tests. `asked` and `requests(...)` have what your CRM said.

    answer(...) and be_unreachable() set the scene; unless they do, all goes well.
    """

    def __init__(self, **settings: "Unpack[SettingsGiven]"):
        _Scene.__init__(self, settings)
        self.stub = _Stub(self)

    def close(self) -> None:
        pass


class AsyncFakeCustomers(_Scene, AsyncCustomers):
    """Stands in for AsyncCustomers, as FakeCustomers does for Customers."""

    def __init__(self, **settings: "Unpack[SettingsGiven]"):
        _Scene.__init__(self, settings)
        self.stub = _AsyncStub(self)

    async def close(self) -> None:
        pass
