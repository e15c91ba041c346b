"""A sender's own unit tests, with the fake, and what the client does without a server."""

import asyncio
import socket
import threading
import time
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timezone

import grpc
from courtesy.v1.contact_service_pb2 import CheckContactResponse, ConfirmContactResponse
from courtesy.v1.contact_service_pb2_grpc import (
    ContactServiceServicer,
    add_ContactServiceServicer_to_server,
)
from courtesy_client import (
    AsyncClient,
    AsyncFakeClient,
    CallFailed,
    Client,
    Contact,
    CourtesyError,
    FakeClient,
    MaybeSent,
    Outbox,
    Reason,
    ReasonCode,
    Refused,
    Unreachable,
    asking,
)
from courtesy_client.decision import Decision
from courtesy_client.outbox import Entry
from courtesy_client.settings import Settings, current_trace

ADA = Contact("ada", "email", "marketing")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=timezone.utc)


class FakeTest(unittest.TestCase):
    def test_what_is_refused_is_not_sent(self):
        fake, mails = FakeClient(), []
        fake.refuse("ada", "email")
        with self.assertRaises(Refused) as caught:
            with fake.permit(ADA, request_id="r") as permit:
                permit.send(lambda: mails.append("hello"))
        self.assertEqual(mails, [])
        self.assertEqual(caught.exception.decision.reasons[0].code, ReasonCode.OPTED_OUT)

    def test_it_tells_what_the_sender_did(self):
        fake = FakeClient(not_sent=(ConnectionRefusedError,))
        with fake.permit(ADA, request_id="sent") as permit:
            self.assertEqual(permit.send(lambda: 5), 5)
            with self.assertRaises(CourtesyError):
                permit.send(lambda: 5)
        with fake.permit(ADA, request_id="left"):
            pass
        with self.assertRaises(ConnectionRefusedError):
            with fake.permit(ADA, request_id="refused") as permit:
                permit.send(raising(ConnectionRefusedError))
        with self.assertRaises(KeyboardInterrupt):
            with fake.permit(ADA, request_id="interrupted") as permit:
                permit.send(raising(KeyboardInterrupt))
        self.assertEqual([it for it, _ in fake.sent], ["sent", "interrupted"])
        self.assertEqual([it for it, _ in fake.released], ["left", "refused"])
        with self.assertRaises(Refused):
            with fake.permit(ADA, request_id="sent"):
                pass

    def test_out_of_reach_is_chosen_by_purpose(self):
        fake = FakeClient(when_unreachable={"receipt": "send"})
        fake.be_unreachable()
        with self.assertRaises(Unreachable):
            with fake.permit(ADA, request_id="r1"):
                pass
        with fake.permit(Contact("ada", "email", "receipt"), request_id="r2") as permit:
            self.assertIsNone(permit.decision)
            permit.send(lambda: None)
        self.assertEqual(len(fake.sent), 1)

    def test_what_is_booked_ahead_is_sent_later(self):
        fake, later = FakeClient(), replace(ADA, at=NOON)
        self.assertTrue(fake.book(later, request_id="r1").allowed)
        fake.book(later, request_id="r2")
        self.assertEqual(fake.bookings, [("r1", later), ("r2", later)])
        with fake.booked(later, request_id="r1") as permit:
            permit.send(lambda: None)
        with self.assertRaises(Refused) as again:
            with fake.booked(later, request_id="r1"):
                self.fail("it was allowed")
        self.assertEqual(again.exception.decision.reasons[0].code, ReasonCode.ALREADY_SENT)
        fake.refuse("ada")
        with self.assertRaises(Refused):
            with fake.booked(later, request_id="r2"):
                self.fail("it was allowed")
        with self.assertRaises(Refused):
            fake.book(later, request_id="r3")
        self.assertEqual((fake.sent, fake.released), ([("r1", later)], [("r2", later)]))

    def test_what_was_booked_and_must_go_is_sent_out_of_reach(self):
        fake = FakeClient(when_unreachable={"marketing": "send"})
        fake.be_unreachable()
        with self.assertRaises(Unreachable):
            fake.book(ADA, request_id="r1")
        with fake.booked(ADA, request_id="r1") as permit:
            permit.send(lambda: None)
        self.assertEqual(fake.sent, [("r1", ADA)])

    def test_the_test_sets_what_is_answered_and_sees_what_was_asked(self):
        fake, bob = FakeClient(), replace(ADA, customer_id="bob")
        fake.refuse("ada", code="QUIET_HOURS", next_allowed=NOON)
        decision = fake.check(ADA)
        self.assertEqual(
            (decision.next_allowed, decision.reasons[0].code), (NOON, ReasonCode.QUIET_HOURS)
        )
        fake.answer("ada", Decision(allowed=True, valid_until=NOON), "email")
        self.assertEqual(fake.check(ADA).valid_until, NOON)
        self.assertFalse(fake.check(replace(ADA, channel="sms")).allowed)
        fake.answer("bob", MaybeSent("another worker sends it"))
        with self.assertRaises(MaybeSent):
            with fake.permit(bob, request_id="r1"):
                self.fail("it was granted")
        seen = []
        for permit in fake.campaign([("r2", ADA), ("r3", bob)], on_progress=seen.append):
            permit.send(lambda: None)
        self.assertEqual((seen[0].permits, seen[0].maybe_sent), (1, 1))
        asked = [(it.what, it.contact.customer_id, it.request_id) for it in fake.asked[3:]]
        self.assertEqual(
            asked, [("permit", "bob", "r1"), ("campaign", "ada", "r2"), ("campaign", "bob", "r3")]
        )

    def test_a_campaign_adds_up(self):
        fake, seen = FakeClient(), []
        fake.refuse("c1")
        recipients = [(f"r{n}", Contact(f"c{n}", "email", "marketing")) for n in range(5)]
        for permit in fake.campaign(recipients, batch=2, on_progress=seen.append):
            permit.send(lambda: None)
        last = seen[-1]
        self.assertEqual((last.recipients, last.permits, last.refused), (5, 4, 1))
        self.assertEqual(len(fake.sent), 4)


    def test_a_campaign_tells_who_is_refused_and_sends_what_must_go(self):
        fake, refused = FakeClient(when_unreachable={"receipt": "send"}), []
        fake.refuse("c1")
        recipients = [(f"r{n}", Contact(f"c{n}", "email", "receipt")) for n in range(3)]
        tell = lambda name, decision: refused.append((name, decision.reasons[0].code))
        for permit in fake.campaign(recipients[:2], on_refused=tell):
            permit.send(lambda: None)
        self.assertEqual(refused, [("r1", ReasonCode.OPTED_OUT)])
        fake.be_unreachable()
        for permit in fake.campaign(recipients[2:]):
            self.assertIsNone(permit.decision)
            permit.send(lambda: None)
        self.assertEqual([it for it, _ in fake.sent], ["r0", "r2"])
        with self.assertRaises(Unreachable):
            next(fake.campaign([("r3", ADA)]))


class AsyncFakeTest(unittest.IsolatedAsyncioTestCase):
    async def test_it_does_what_the_other_fake_does(self):
        fake = AsyncFakeClient(when_unreachable={"receipt": "send"})
        fake.refuse("bob")

        async def sending():
            return 5

        async def failing():
            raise TimeoutError

        async with fake.permit(ADA, request_id="sent") as permit:
            self.assertEqual(await permit.send(sending), 5)
        async with fake.permit(ADA, request_id="left"):
            pass
        with self.assertRaises(TimeoutError):
            async with fake.permit(ADA, request_id="unknown") as permit:
                await permit.send(failing)
        with self.assertRaises(Refused):
            async with fake.permit(Contact("bob", "email", "marketing"), request_id="refused"):
                self.fail("it was allowed")
        self.assertFalse((await fake.check(Contact("bob", "email", "marketing"))).allowed)
        self.assertEqual([it for it, _ in fake.sent], ["sent", "unknown"])
        self.assertEqual([it for it, _ in fake.released], ["left"])
        fake.be_unreachable()
        with self.assertRaises(Unreachable):
            await fake.recheck(ADA, request_id="later")
        async with fake.permit(Contact("ada", "email", "receipt"), request_id="r2") as permit:
            await permit.send(sending)
        self.assertEqual(fake.sent[-1][0], "r2")

    async def test_what_is_booked_ahead_is_sent_later(self):
        fake, later = AsyncFakeClient(), replace(ADA, at=NOON)

        async def sending():
            return 5

        await fake.book(later, request_id="r1")
        await fake.book(later, request_id="r2")
        async with fake.booked(later, request_id="r1") as permit:
            self.assertEqual(await permit.send(sending), 5)
        fake.refuse("ada")
        with self.assertRaises(Refused):
            async with fake.booked(later, request_id="r2"):
                self.fail("it was allowed")
        self.assertEqual((fake.sent, fake.released), ([("r1", later)], [("r2", later)]))
        self.assertEqual([it.what for it in fake.asked], ["book", "book", "booked", "booked"])

    async def test_a_campaign_adds_up(self):
        fake, seen = AsyncFakeClient(), []
        fake.refuse("c1")

        async def sending():
            return None

        recipients = [(f"r{n}", Contact(f"c{n}", "email", "marketing")) for n in range(5)]
        async with fake:
            async for permit in fake.campaign(recipients, batch=2, on_progress=seen.append):
                await permit.send(sending)
        self.assertEqual((seen[-1].recipients, seen[-1].permits, seen[-1].refused), (5, 4, 1))
        self.assertEqual([it for it, _ in fake.sent], ["r0", "r2", "r3", "r4"])


class ValuesTest(unittest.TestCase):
    def test_settings_that_mean_nothing_are_refused(self):
        with self.assertRaises(ValueError):
            Settings(on_unknown="maybe")
        with self.assertRaises(ValueError):
            Settings(on_held="maybe")
        with self.assertRaises(ValueError):
            Settings(when_unreachable={"receipt": "try"})
        with self.assertRaises(ValueError):
            Contact("a", "b", "c", at=datetime(2026, 1, 1)).to_proto()

    def test_a_refusal_reads_as_it_stands(self):
        until = datetime(2026, 11, 29, 8, 0, tzinfo=timezone.utc)
        reason = Reason(ReasonCode.OPTED_OUT, None, "an opt-out of channel email", None, None)
        said = str(Refused(Decision(allowed=False, reasons=(reason,), next_allowed=until)))
        self.assertEqual(
            said, "refused: an opt-out of channel email; allowed from 2026-11-29T08:00:00+00:00"
        )

    def test_the_open_trace_is_passed_on(self):
        try:
            from opentelemetry.sdk.trace import TracerProvider
        except ImportError:
            self.assertEqual(dict(current_trace()), {})
            return
        self.assertEqual(dict(current_trace()), {})
        with TracerProvider().get_tracer("test").start_as_current_span("send") as span:
            traced = format(span.get_span_context().trace_id, "032x")
            self.assertIn(traced, dict(current_trace())["traceparent"])

    def test_the_open_trace_reaches_the_server(self):
        try:
            from opentelemetry.sdk.trace import TracerProvider
        except ImportError:
            self.skipTest("there is no OpenTelemetry here")
        seen = []

        class Seeing(ContactServiceServicer):
            def CheckContact(self, request, context):
                told = dict(context.invocation_metadata())
                seen.append((told.get("traceparent"), told.get("authorization")))
                return CheckContactResponse()

        address = serve(self, Seeing())
        with Client(address, metadata=lambda: [("authorization", "Bearer k")]) as client:
            with TracerProvider().get_tracer("test").start_as_current_span("send") as span:
                client.check(ADA)
            client.check(ADA)
        traced = format(span.get_span_context().trace_id, "032x")
        self.assertEqual((seen[0][0].split("-")[1], seen[1][0]), (traced, None))
        self.assertEqual({key for _, key in seen}, {"Bearer k"})
        own = Settings(metadata=lambda: [("traceparent", "mine")])
        with TracerProvider().get_tracer("test").start_as_current_span("send"):
            self.assertEqual(dict(own.along())["traceparent"], "mine")

    def test_a_courtesy_that_is_not_there_is_unreachable(self):
        # A port that is taken, and where nothing listens.
        taken = socket.socket()
        self.addCleanup(taken.close)
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with Client(address, timeout=0.2) as client:
            with self.assertRaises(Unreachable):
                client.check(ADA)

        async def attempt() -> None:
            async with AsyncClient(address, timeout=0.2) as client:
                await client.check(ADA)

        with self.assertRaises(Unreachable):
            asyncio.run(attempt())


class ChannelTest(unittest.TestCase):
    def test_a_channel_is_secure_and_calls_have_a_key(self):
        seen = []

        class Seeing(ContactServiceServicer):
            def CheckContact(self, request, context):
                seen.append((context.auth_context(), dict(context.invocation_metadata())))
                return CheckContactResponse()

        address = serve(self, Seeing(), grpc.local_server_credentials())
        key = lambda: [("authorization", "Bearer k")]
        with Client(address, credentials=grpc.local_channel_credentials(), metadata=key) as client:
            client.check(ADA)

        async def attempt() -> None:
            credentials = grpc.local_channel_credentials()
            async with AsyncClient(address, credentials=credentials, metadata=key) as client:
                await client.check(ADA)

        asyncio.run(attempt())
        for security, metadata in seen:
            self.assertIn("security_level", security)
            self.assertEqual(metadata["authorization"], "Bearer k")
        self.assertEqual(len(seen), 2)


class TimeTest(unittest.TestCase):
    def test_what_waits_gets_a_part_of_the_time_of_a_permit(self):
        outbox = Outbox()
        outbox.put(Entry(ADA, "r1", datetime.now(timezone.utc), reserved=True))
        steps = asking.reserve(ADA, "r2", Settings(timeout=0.8, attempt_timeout=5.0), outbox)
        first = next(steps)
        self.assertEqual(first.method, "ConfirmContact")
        self.assertLess(first.timeout, 0.4)
        second = steps.send(ConfirmContactResponse())
        self.assertEqual(second.method, "ReserveContact")
        self.assertLess(second.timeout, 0.9)

    def test_a_permit_may_have_a_timeout_of_its_own(self):
        seen = []

        class Seeing(ContactServiceServicer):
            def ReserveContact(self, request, context):
                seen.append(context.time_remaining())
                context.abort(grpc.StatusCode.INTERNAL, "enough")

        with Client(serve(self, Seeing()), attempt_timeout=5.0) as client:
            with self.assertRaises(CallFailed):
                with client.permit(ADA, request_id="r", timeout=0.5):
                    self.fail("it was granted")
        self.assertLess(seen[0], 0.9)

    def test_a_channel_comes_back_soon_after_an_outage(self):
        with ThreadPoolExecutor(2) as pool:
            for tried in (pool.submit(tries, attempt), pool.submit(tries, attempt_async)):
                # By itself gRPC takes 34 seconds and more for it.
                self.assertTrue(tried.result(), "it was tried less than eight times in 30 seconds")


def tries(target: Callable[[str, threading.Event], None]) -> bool:
    """Whether a client tries eight times to connect. It is given 30 seconds, and takes about 5."""
    enough, deadline = threading.Event(), time.monotonic() + 30
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        trying = threading.Thread(target=target, args=(address, enough))
        trying.start()
        try:
            for _ in range(8):
                listener.settimeout(max(deadline - time.monotonic(), 0.01))
                listener.accept()[0].close()
        except TimeoutError:
            return False
        finally:
            enough.set()
            # Nothing is accepted any more, and the last attempt ends by itself.
            trying.join()
    return True


def attempt(address: str, enough: threading.Event) -> None:
    with Client(address, timeout=1) as client:
        while not enough.is_set():
            with suppress(Unreachable):
                client.check(ADA)


def attempt_async(address: str, enough: threading.Event) -> None:
    async def attempt() -> None:
        async with AsyncClient(address, timeout=1) as client:
            while not enough.is_set():
                with suppress(Unreachable):
                    await client.check(ADA)

    asyncio.run(attempt())


def serve(
    test: unittest.TestCase,
    servicer: ContactServiceServicer,
    credentials: grpc.ServerCredentials | None = None,
) -> str:
    """The address of a server for one test."""
    server = grpc.server(ThreadPoolExecutor(1))
    add_ContactServiceServicer_to_server(servicer, server)
    if credentials is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    test.addCleanup(lambda: server.stop(None).wait())
    return f"127.0.0.1:{port}"


def raising(kind: type[BaseException]):
    def function():
        raise kind

    return function


if __name__ == "__main__":
    unittest.main()
