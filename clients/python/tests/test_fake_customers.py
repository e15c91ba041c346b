"""A CRM's own unit tests, with the fake."""

import unittest
from datetime import datetime, timezone

import grpc
from courtesy.v1.bulk_pb2 import (
    CustomerRow,
    ExportCustomersResponse,
    ImportCustomersResponse,
    RefusedRow,
)
from courtesy.v1.consent_pb2 import BatchedOptOut
from courtesy.v1.customer_pb2 import Customer
from courtesy.v1.customer_service_pb2 import GetCustomerResponse, OptOutResponse
from courtesy.v1.inbound_message_pb2 import (
    INBOUND_MEANING_STOP,
    HandleInboundMessageResponse,
)
from courtesy.v1.suppression_pb2 import SuppressCustomerRequest
from courtesy_client import (
    AsyncCustomers,
    AsyncFakeCustomers,
    CallFailed,
    Customers,
    FakeCustomers,
    Scope,
    Unreachable,
)

AT = datetime(2026, 3, 9, 16, 20, tzinfo=timezone.utc)
OPT_OUT = HandleInboundMessageResponse(meaning=INBOUND_MEANING_STOP)


class FakeCustomersTest(unittest.TestCase):
    def test_it_keeps_what_was_asked(self):
        with FakeCustomers(tenant="shop") as fake:
            self.assertIsInstance(fake, Customers)
            fake.opt_out("ada", Scope(channel="email"), at=AT, source="crm", request_id="r1")
            fake.opt_in("ada", Scope(topic="news"), evidence="form")
            fake.stub.SuppressCustomer(SuppressCustomerRequest(customer_id="ada"), timeout=1)
        self.assertEqual([it for it, _ in fake.asked], ["OptOut", "OptIn", "SuppressCustomer"])
        (said,) = fake.requests("OptOut")
        self.assertEqual((said.customer_id, said.request_id, said.tenant), ("ada", "r1", "shop"))
        self.assertEqual(
            (Scope.of(said.scope), said.event_time.ToDatetime(timezone.utc)),
            (Scope(channel="email"), AT),
        )

    def test_all_goes_well_unless_the_test_says_otherwise(self):
        fake = FakeCustomers()
        self.assertTrue(fake.opt_out("ada").changed)
        self.assertEqual(fake.get("ada").customer_id, "ada")
        self.assertEqual(
            fake.update(Customer(customer_id="ada", time_zone="Europe/Rome")).time_zone,
            "Europe/Rome",
        )
        self.assertEqual(len(fake.opt_out_many([BatchedOptOut(customer_id="ada")])), 1)
        self.assertTrue(fake.unsubscribe_link("ada").list_unsubscribe.startswith("<https://"))
        self.assertTrue(fake.erase("ada").erased)
        self.assertEqual(fake.export("ada").customer.customer_id, "")
        self.assertEqual(list(fake.export_all())[0].customers, [])
        rows = [CustomerRow(customer_id=f"c{number}") for number in range(501)]
        imported = fake.import_rows(rows, source="crm")
        self.assertEqual((imported.counts.imported, imported.refused), (501, []))

    def test_the_test_sets_what_is_answered(self):
        fake = FakeCustomers()
        fake.answer("HandleInboundMessage", OPT_OUT)
        self.assertEqual(
            fake.hear("ada", "sms", "STOP", request_id="r1").meaning, INBOUND_MEANING_STOP
        )
        fake.answer(
            "GetCustomer",
            lambda request: GetCustomerResponse(
                customer=Customer(customer_id=request.customer_id, locale="de")
            ),
        )
        self.assertEqual((fake.get("bob").customer_id, fake.get("bob").locale), ("bob", "de"))
        fake.answer(
            "OptOut", CallFailed(grpc.StatusCode.INVALID_ARGUMENT, "UNDECLARED_NAME", "no Email")
        )
        with self.assertRaises(CallFailed):
            fake.opt_out("ada", Scope(channel="Email"))
        fake.answer("OptOut", OptOutResponse(changed=False))
        self.assertFalse(fake.opt_out("ada").changed)
        pages = [ExportCustomersResponse(customers=[CustomerRow(customer_id=it)]) for it in "ab"]
        fake.answer("ExportCustomers", pages)
        self.assertEqual(
            [it.customer_id for page in fake.export_all() for it in page.customers], ["a", "b"]
        )
        refused = ImportCustomersResponse(refused_rows=[RefusedRow(row_number=1)])
        fake.answer("ImportCustomers", refused)
        self.assertEqual(fake.import_rows([CustomerRow()]).refused[-1].row_number, 1)

    def test_what_no_server_would_answer_is_a_mistake(self):
        fake = FakeCustomers()
        with self.assertRaises(ValueError):
            fake.answer("OptAway", OPT_OUT)
        with self.assertRaises(TypeError):
            fake.answer("OptOut", OPT_OUT)
        with self.assertRaises(AttributeError):
            fake.stub.OptAway

    def test_out_of_reach_is_told_at_once(self):
        fake = FakeCustomers()
        fake.be_unreachable()
        for attempt in (lambda: fake.opt_out("ada"), lambda: list(fake.export_all())):
            with self.assertRaises(Unreachable):
                attempt()
        fake.be_unreachable(False)
        self.assertTrue(fake.opt_out("ada").changed)


class AsyncFakeCustomersTest(unittest.IsolatedAsyncioTestCase):
    async def test_it_does_what_the_other_fake_does(self):
        async with AsyncFakeCustomers() as fake:
            self.assertIsInstance(fake, AsyncCustomers)
            fake.answer("HandleInboundMessage", OPT_OUT)
            heard = await fake.hear("ada", "sms", "STOP", request_id="r1")
            self.assertEqual(heard.meaning, INBOUND_MEANING_STOP)
            self.assertTrue((await fake.opt_out("ada", Scope(channel="email"))).changed)
            imported = await fake.import_rows([CustomerRow(customer_id="ada")])
            self.assertEqual(imported.counts.imported, 1)
            self.assertEqual([len(page.customers) async for page in fake.export_all()], [0])
            names = [it for it, _ in fake.asked]
            self.assertEqual(
                names,
                ["HandleInboundMessage", "OptOut", *["ImportCustomers"] * 2, "ExportCustomers"],
            )
            fake.be_unreachable()
            with self.assertRaises(Unreachable):
                await fake.opt_out("ada")
            with self.assertRaises(Unreachable):
                [page async for page in fake.export_all()]


if __name__ == "__main__":
    unittest.main()
