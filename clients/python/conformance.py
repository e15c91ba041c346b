"""Speaks for the Python clients in the conformance cases: conformance.py sync|asyncio ADDRESS."""

import asyncio
import json
import sys
import time
from datetime import datetime, timedelta, timezone

from courtesy_client import (
    AsyncClient,
    CallFailed,
    Client,
    Contact,
    MaybeSent,
    Outbox,
    Refused,
    Unreachable,
)


VERBS = ("permit", "book", "booked", "check", "recheck", "campaign", "flush", "set_aside")
STARTED = datetime.now(timezone.utc)


class NotSent(Exception):
    """Is known to mean that nothing was sent."""


def main() -> None:
    kind, address = sys.argv[1:]
    drive = Sync(address) if kind == "sync" else Async(address)
    for line in sys.stdin:
        case = json.loads(line)
        if case["first"]:
            drive.begin(settings(case["settings"]))
        began = time.monotonic()
        outcome = attempt(drive, case["call"])
        print(json.dumps({"outcome": outcome, "seconds": time.monotonic() - began}), flush=True)


def settings(asked: dict) -> dict:
    made = {"not_sent": (NotSent,), "attempt_timeout": 0.4, "timeout": 10.0}
    for name, value in asked.items():
        if name == "hold_seconds":
            made["hold"] = timedelta(seconds=value)
        elif name == "timeout_seconds":
            made["timeout"] = value
        elif name == "attempt_seconds":
            made["attempt_timeout"] = value
        else:
            made[name] = value
    return made


def attempt(drive, call: dict) -> str:
    try:
        for what in VERBS:
            if what in call:
                return getattr(drive, what)(call[what])
    except Refused as refused:
        return f"refused {refused.decision.reasons[0].code.value}"
    except MaybeSent:
        return "maybe_sent"
    except Unreachable:
        return "unreachable"
    except CallFailed as failed:
        return f"failed {failed.reason}"
    except (NotSent, ZeroDivisionError):
        return "raised"
    raise ValueError(call)


def contact(fields: dict) -> Contact:
    channel, purpose = fields.get("channel", "email"), fields.get("purpose", "transactional")
    ahead = fields.get("in_seconds")
    at = None if ahead is None else STARTED + timedelta(seconds=ahead)
    return Contact(fields["customer"], channel, purpose, at=at)


def recipients(fields: dict):
    prefix, purpose, channel = fields["prefix"], fields["purpose"], fields.get("channel", "email")
    return [(f"{prefix}-{it}", Contact(it, channel, purpose)) for it in fields["customers"]]


def message(fields: dict):
    def sending():
        if fields["send"] == "not_sent":
            raise NotSent
        if fields["send"].startswith("raises"):
            raise ZeroDivisionError

    return sending


class Heard:
    """What a campaign says while it goes on."""

    def __init__(self, fields: dict):
        self._fields = fields
        self._refused: list[str] = []
        self.options = {
            "batch": fields["batch"], "on_progress": self._progressed, "on_refused": self._refuse
        }

    def _progressed(self, progress) -> None:
        self._progress = progress

    def _refuse(self, request_id, decision) -> None:
        self._refused.append(f", refused {request_id} {decision.reasons[0].code.value}")

    def outcome(self) -> str:
        if self._fields.get("report"):
            failed = [f", failed {name} {it.reason}" for name, it in self._progress.failures]
            return "".join([f"permits {self._progress.permits}", *self._refused, *failed])
        names = ("permits", "refused", "maybe_sent", "failed")
        return " ".join(f"{name} {getattr(self._progress, name)}" for name in names)


class Sync:
    def __init__(self, address: str):
        self._address = address

    def begin(self, made: dict) -> None:
        self._client = Client(self._address, outbox=Outbox(), **made)

    def permit(self, fields: dict) -> str:
        return self._use(fields, self._client.permit)

    def booked(self, fields: dict) -> str:
        return self._use(fields, self._client.booked)

    def _use(self, fields: dict, permitting) -> str:
        with permitting(contact(fields), request_id=fields["request_id"]) as permit:
            if fields["send"] == "none":
                return "left"
            permit.send(message(fields))
        return "sent"

    def book(self, fields: dict) -> str:
        self._client.book(contact(fields), request_id=fields["request_id"])
        return "booked"

    def check(self, fields: dict) -> str:
        return "allowed" if self._client.check(contact(fields)).allowed else "refused"

    def recheck(self, fields: dict) -> str:
        self._client.recheck(contact(fields), request_id=fields["request_id"])
        return "allowed"

    def campaign(self, fields: dict) -> str:
        heard = Heard(fields)
        permits = self._client.campaign(recipients(fields), **heard.options)
        if fields["send"].endswith("then_close"):
            # The generator outlives the client.
            with self._client:
                next(permits).send(message(fields))
            return "closed"
        for permit in permits:
            if fields["send"] != "none":
                permit.send(message(fields))
        return heard.outcome()

    def flush(self, _fields: dict) -> str:
        return f"flushed {self._client.flush()}"

    def set_aside(self, _fields: dict) -> str:
        return f"set aside {len(self._client.outbox.failed)}"


class Async:
    """The same, each call in the one event loop."""

    def __init__(self, address: str):
        self._address = address
        self._loop = asyncio.new_event_loop()

    def begin(self, made: dict) -> None:
        async def begun() -> AsyncClient:
            return AsyncClient(self._address, outbox=Outbox(), **made)

        self._client = self._run(begun())

    def _run(self, what):
        return self._loop.run_until_complete(what)

    def permit(self, fields: dict) -> str:
        return self._use(fields, self._client.permit)

    def booked(self, fields: dict) -> str:
        return self._use(fields, self._client.booked)

    def book(self, fields: dict) -> str:
        self._run(self._client.book(contact(fields), request_id=fields["request_id"]))
        return "booked"

    def _use(self, fields: dict, permitting) -> str:
        async def sending():
            message(fields)()

        async def attempt() -> str:
            async with permitting(contact(fields), request_id=fields["request_id"]) as permit:
                if fields["send"] == "none":
                    return "left"
                await permit.send(sending)
            return "sent"

        return self._run(attempt())

    def check(self, fields: dict) -> str:
        return "allowed" if self._run(self._client.check(contact(fields))).allowed else "refused"

    def recheck(self, fields: dict) -> str:
        self._run(self._client.recheck(contact(fields), request_id=fields["request_id"]))
        return "allowed"

    def campaign(self, fields: dict) -> str:
        async def attempt() -> str:
            heard = Heard(fields)
            permits = self._client.campaign(recipients(fields), **heard.options)

            async def sending():
                message(fields)()

            if fields["send"].endswith("then_close"):
                async with self._client:
                    async for permit in permits:
                        await permit.send(sending)
                        break
                return "closed"
            async for permit in permits:
                if fields["send"] != "none":
                    await permit.send(sending)
            return heard.outcome()

        return self._run(attempt())

    def flush(self, _fields: dict) -> str:
        return f"flushed {self._run(self._client.flush())}"

    def set_aside(self, _fields: dict) -> str:
        return f"set aside {len(self._client.outbox.failed)}"


if __name__ == "__main__":
    main()
