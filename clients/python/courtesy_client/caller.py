"""Carries out flows: one loop that waits for calls and pauses, and one for asyncio."""

import asyncio
import time
from typing import Any, TypeVar

import grpc

from . import flow
from .settings import Settings


C = TypeVar("C", bound="Caller")
A = TypeVar("A", bound="AsyncCaller")


def _options(settings: Settings) -> list[tuple[str, int]]:
    """After an outage a channel comes back within a second or so; by itself it would wait up to two
    minutes.

    The pool is its own, so that another channel to the same address does not bring its waiting
    along.
    """
    return [
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1_000),
        # It is also how long connecting may take.
        ("grpc.min_reconnect_backoff_ms", max(1_000, int(settings.attempt_timeout * 1_000))),
        ("grpc.use_local_subchannel_pool", 1),
    ]


class Caller:
    """A channel to one courtesy. It may be shared by threads; close it, or use it with `with`."""

    def __init__(
        self,
        target: str | grpc.Channel,
        stub: type,
        settings: Settings,
        credentials: grpc.ChannelCredentials | None,
    ):
        options = _options(settings)
        if not isinstance(target, str):
            self._channel = target
        elif credentials is None:
            self._channel = grpc.insecure_channel(target, options)
        else:
            self._channel = grpc.secure_channel(target, credentials, options)
        self.stub = stub(self._channel)
        self.settings = settings

    def close(self) -> None:
        self._channel.close()

    def __enter__(self: C) -> C:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, steps: flow.Flow) -> Any:
        answer, error = None, None
        while True:
            try:
                step = steps.send(answer) if error is None else steps.throw(error)
            except StopIteration as done:
                return done.value
            answer, error = None, None
            if isinstance(step, flow.Pause):
                time.sleep(step.seconds)
                continue
            try:
                answer = self._ask(step)
            except grpc.RpcError as failed:
                error = failed

    def _ask(self, step: flow.Call) -> Any:
        method = getattr(self.stub, step.method)
        options = {"timeout": step.timeout, "metadata": self.settings.along()}
        if isinstance(step.request, list):
            return list(method(iter(step.request), **options))
        return method(step.request, **options)


class AsyncCaller:
    """A channel to one courtesy, for asyncio. Close it, or use it with `async with`."""

    def __init__(
        self,
        target: str | grpc.aio.Channel,
        stub: type,
        settings: Settings,
        credentials: grpc.ChannelCredentials | None,
    ):
        options = _options(settings)
        if not isinstance(target, str):
            self._channel = target
        elif credentials is None:
            self._channel = grpc.aio.insecure_channel(target, options)
        else:
            self._channel = grpc.aio.secure_channel(target, credentials, options)
        self.stub = stub(self._channel)
        self.settings = settings

    async def close(self) -> None:
        await self._channel.close()

    async def __aenter__(self: A) -> A:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _run(self, steps: flow.Flow) -> Any:
        answer, error = None, None
        while True:
            try:
                step = steps.send(answer) if error is None else steps.throw(error)
            except StopIteration as done:
                return done.value
            answer, error = None, None
            if isinstance(step, flow.Pause):
                await asyncio.sleep(step.seconds)
                continue
            try:
                answer = await self._ask(step)
            except grpc.RpcError as failed:
                error = failed

    async def _ask(self, step: flow.Call) -> Any:
        method = getattr(self.stub, step.method)
        options = {"timeout": step.timeout, "metadata": self.settings.along()}
        if isinstance(step.request, list):
            return [answer async for answer in method(iter(step.request), **options)]
        return await method(step.request, **options)
