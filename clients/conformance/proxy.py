"""A gRPC proxy that passes calls on as bytes, keeps what it saw, and does what a case scripts."""

import threading
from collections.abc import Iterator
from concurrent import futures
from itertools import repeat

import grpc
from google.protobuf import any_pb2, duration_pb2
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2

RETRY_AFTER_SECONDS = 0.3
REFUSALS = {
    "unauthenticated": code_pb2.UNAUTHENTICATED,
    "reservation_not_found": code_pb2.NOT_FOUND,
}
CODES = {code.value[0]: code for code in grpc.StatusCode}


class Proxy(grpc.GenericRpcHandler):
    def __init__(self, target: str):
        self._channel = grpc.insecure_channel(target)
        self._lock = threading.Lock()
        self._seen: list[str] = []
        self._faults: dict[str, Iterator[str]] = {}
        self._over = threading.Event()
        self._server = grpc.server(futures.ThreadPoolExecutor(16), handlers=(self,))
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def script(self, faults: dict[str, str | list[str]]) -> None:
        """Forgets what it saw, and takes the faults of the next case."""
        with self._lock:
            self._seen = []
            self._faults = {
                method: repeat(listed) if isinstance(listed, str) else iter(listed)
                for method, listed in faults.items()
            }

    def seen(self) -> list[str]:
        with self._lock:
            return list(self._seen)

    def stop_faults(self) -> None:
        with self._lock:
            self._faults = {}

    def close(self) -> None:
        self._over.set()
        self._server.stop(None)
        self._channel.close()

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        return grpc.unary_unary_rpc_method_handler(
            lambda request, context: self._pass(details.method, request, context)
        )

    def _pass(self, path: str, request: bytes, context: grpc.ServicerContext) -> bytes:
        method = path.rsplit("/", 1)[-1]
        with self._lock:
            self._seen.append(method)
            fault = next(self._faults.get(method, iter(())), None)
        if fault == "refuse":
            context.abort(grpc.StatusCode.UNAVAILABLE, "the proxy refuses")
        if fault == "overloaded":
            delay = duration_pb2.Duration(nanos=int(RETRY_AFTER_SECONDS * 1e9))
            _abort(
                context, code_pb2.RESOURCE_EXHAUSTED, error_details_pb2.RetryInfo(retry_delay=delay)
            )
        if fault in REFUSALS:
            info = error_details_pb2.ErrorInfo(reason=fault.upper(), domain="courtesy.v1")
            _abort(context, REFUSALS[fault], info)
        if fault == "hang":
            context.add_callback(self._over.set)
            self._over.wait(30)
            self._over.clear()
            context.abort(grpc.StatusCode.CANCELLED, "the caller gave up")
        try:
            answer = self._channel.unary_unary(path)(request, timeout=10)
        except grpc.RpcError as error:
            context.set_trailing_metadata(error.trailing_metadata() or ())
            context.abort(error.code(), error.details())
        if fault == "lose_answer":
            context.abort(grpc.StatusCode.UNAVAILABLE, "the proxy lost the answer")
        return answer


def _abort(context: grpc.ServicerContext, code: int, detail: Message) -> None:
    packed = any_pb2.Any()
    packed.Pack(detail)
    message = "the proxy says so"
    status = status_pb2.Status(code=code, message=message, details=[packed])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(CODES[code], message)
