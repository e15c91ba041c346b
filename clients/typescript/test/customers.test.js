import assert from "node:assert/strict";
import { test } from "node:test";
import { CallFailed, Customers, FakeCustomers, Unreachable } from "../dist/index.js";
import { InboundMeaning } from "../dist/gen/courtesy/v1/inbound_message_pb.js";

const AT = new Date("2026-03-09T16:20:00Z");

test("the fake keeps what a CRM said", async () => {
  const fake = new FakeCustomers({ tenant: "shop" });
  assert.ok(fake instanceof Customers);
  await fake.optOut("ada", { channel: "email" }, { at: AT, source: "crm", requestId: "r1" });
  await fake.optIn("ada", { topic: "news" }, { evidence: "form" });
  await fake.stub.suppressCustomer({ customerId: "ada" });
  assert.deepEqual(fake.asked.map((it) => it.method), ["optOut", "optIn", "suppressCustomer"]);
  const [said] = fake.requests("optOut");
  assert.deepEqual(
    [said.customerId, said.requestId, said.tenant, said.scope.channel],
    ["ada", "r1", "shop", "email"],
  );
  assert.equal(Number(said.eventTime.seconds) * 1000, AT.getTime());
});

test("all goes well unless the test says otherwise", async () => {
  const fake = new FakeCustomers();
  assert.ok((await fake.optOut("ada")).changed);
  assert.equal((await fake.get("ada")).customerId, "ada");
  assert.equal(
    (await fake.update({ customerId: "ada", timeZone: "Europe/Rome" })).timeZone,
    "Europe/Rome",
  );
  assert.equal((await fake.optOutMany([{ customerId: "ada" }])).length, 1);
  assert.ok((await fake.unsubscribeLink("ada")).listUnsubscribe.startsWith("<https://"));
  assert.ok((await fake.erase("ada")).erased);
  assert.equal((await fake.export("ada")).customer, undefined);
  const rows = Array.from({ length: 501 }, (_, number) => ({ customerId: `c${number}` }));
  const imported = await fake.importRows(rows, { source: "crm" });
  assert.deepEqual([imported.counts.imported, imported.refused], [501n, []]);
});

test("the test sets what the fake answers", async () => {
  const fake = new FakeCustomers();
  fake.answer("handleInboundMessage", { meaning: InboundMeaning.STOP });
  assert.equal(
    (await fake.hear("ada", "sms", "STOP", { requestId: "r1" })).meaning,
    InboundMeaning.STOP,
  );
  fake.answer("getCustomer", ({ customerId }) => ({ customer: { customerId, locale: "de" } }));
  const bob = await fake.get("bob");
  assert.deepEqual([bob.customerId, bob.locale], ["bob", "de"]);
  fake.answer("optOut", new CallFailed(3, "UNDECLARED_NAME", "no Email"));
  const failing = (error) => error instanceof CallFailed && error.reason === "UNDECLARED_NAME";
  await assert.rejects(fake.optOut("ada", { channel: "Email" }), failing);
  fake.answer("optOut", { changed: false });
  assert.equal((await fake.optOut("ada")).changed, false);
  fake.answer("exportCustomers", [
    { customers: [{ customerId: "a" }] },
    { customers: [{ customerId: "b" }] },
  ]);
  const exported = [];
  for await (const page of fake.exportAll())
    exported.push(...page.customers.map((it) => it.customerId));
  assert.deepEqual(exported, ["a", "b"]);
  fake.answer("importCustomers", { refusedRows: [{ rowNumber: 1n }] });
  assert.equal((await fake.importRows([{ customerId: "" }])).refused.at(-1).rowNumber, 1n);
});

test("out of reach is told at once", async () => {
  const fake = new FakeCustomers();
  fake.reachable = false;
  await assert.rejects(fake.optOut("ada"), Unreachable);
  await assert.rejects(fake.exportAll().next(), Unreachable);
  await assert.rejects(fake.importRows([{ customerId: "ada" }]), Unreachable);
  fake.reachable = true;
  assert.ok((await fake.optOut("ada")).changed);
});
