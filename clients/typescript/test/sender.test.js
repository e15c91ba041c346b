import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http2";
import { createServer as createNetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { trace } from "@opentelemetry/api";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import {
  CallFailed,
  Client,
  CourtesyError,
  currentTrace,
  FakeClient,
  MaybeSent,
  Outbox,
  Refused,
  Unreachable,
} from "../dist/index.js";
import { Effect } from "../dist/gen/courtesy/v1/decision_pb.js";
import { ContactService } from "../dist/gen/courtesy/v1/contact_service_pb.js";

const NOON = new Date("2026-12-01T12:00:00Z");
const ADA = { customerId: "ada", channel: "email", purpose: "marketing" };

test("what is refused is not sent", async () => {
  const fake = new FakeClient();
  fake.refuse("ada", { channel: "email" });
  const mails = [];
  const sending = fake.permit(ADA, { requestId: "r" }, (it) => it.send(() => mails.push("hello")));
  await assert.rejects(
    sending,
    (error) => error instanceof Refused && error.decision.reasons[0].code === "OPTED_OUT",
  );
  assert.deepEqual(mails, []);
});

test("the fake tells what the sender did", async () => {
  const fake = new FakeClient({ isNotSent: (error) => error instanceof RangeError });
  await fake.permit(ADA, { requestId: "sent" }, async (permit) => {
    assert.equal(await permit.send(() => 5), 5);
    await assert.rejects(permit.send(() => 5), CourtesyError);
  });
  const left = await fake.permit(ADA, { requestId: "left" }, (permit) => permit);
  await assert.rejects(left.send(() => assert.fail("it was sent")), CourtesyError);
  const failing = (error) => (permit) => permit.send(() => Promise.reject(error));
  await assert.rejects(
    fake.permit(ADA, { requestId: "refused" }, failing(new RangeError())),
    RangeError,
  );
  await assert.rejects(
    fake.permit(ADA, { requestId: "unknown" }, failing(new TypeError())),
    TypeError,
  );
  assert.deepEqual(
    fake.sent.map((it) => it.requestId),
    ["sent", "unknown"],
  );
  assert.deepEqual(
    fake.released.map((it) => it.requestId),
    ["left", "refused"],
  );
  await assert.rejects(
    fake.permit(ADA, { requestId: "sent" }, () => undefined),
    Refused,
  );
});

test("out of reach is chosen by purpose", async () => {
  const fake = new FakeClient({ whenUnreachable: { receipt: "send" } });
  fake.reachable = false;
  await assert.rejects(fake.permit(ADA, { requestId: "r1" }, () => undefined), Unreachable);
  const receipt = { ...ADA, purpose: "receipt" };
  await fake.permit(receipt, { requestId: "r2" }, (permit) => permit.send(() => undefined));
  assert.equal(fake.sent.length, 1);
});

test("what is booked ahead is sent later", async () => {
  const fake = new FakeClient();
  const later = { ...ADA, at: NOON };
  assert.ok((await fake.book(later, { requestId: "r1" })).allowed);
  await fake.book(later, { requestId: "r2" });
  assert.equal(
    await fake.booked(later, { requestId: "r1" }, (permit) => permit.send(() => permit.requestId)),
    "r1",
  );
  const sent = (error) =>
    error instanceof Refused && error.decision.reasons[0].code === "ALREADY_SENT";
  await assert.rejects(
    fake.booked(later, { requestId: "r1" }, () => assert.fail("it was allowed")),
    sent,
  );
  fake.refuse("ada");
  await assert.rejects(
    fake.booked(later, { requestId: "r2" }, () => assert.fail("it was allowed")),
    Refused,
  );
  await assert.rejects(fake.book(later, { requestId: "r3" }), Refused);
  assert.deepEqual(fake.bookings.map((it) => it.requestId), ["r1", "r2"]);
  assert.deepEqual(fake.sent, [{ requestId: "r1", contact: later }]);
  assert.deepEqual(fake.released, [{ requestId: "r2", contact: later }]);
});

test("what was booked and must go is sent out of reach", async () => {
  const fake = new FakeClient({ whenUnreachable: { marketing: "send" } });
  fake.reachable = false;
  await assert.rejects(fake.book(ADA, { requestId: "r1" }), Unreachable);
  await fake.booked(ADA, { requestId: "r1" }, (permit) => permit.send(() => undefined));
  assert.deepEqual(fake.sent, [{ requestId: "r1", contact: ADA }]);
});

test("the test sets what the fake answers, and sees what it was asked", async () => {
  const fake = new FakeClient();
  const bob = { ...ADA, customerId: "bob" };
  fake.refuse("ada", { code: "QUIET_HOURS", nextAllowed: NOON });
  const decision = await fake.check(ADA);
  assert.deepEqual([decision.nextAllowed, decision.reasons[0].code], [NOON, "QUIET_HOURS"]);
  const allowed = {
    allowed: true,
    reasons: [],
    validUntil: NOON,
    degraded: false,
    policyRevision: 1n,
  };
  fake.answer("ada", allowed, { channel: "email" });
  assert.equal((await fake.check(ADA)).validUntil, NOON);
  assert.equal((await fake.check({ ...ADA, channel: "sms" })).allowed, false);
  fake.answer("bob", new MaybeSent("another worker sends it"));
  await assert.rejects(
    fake.permit(bob, { requestId: "r1" }, () => assert.fail("it was granted")),
    MaybeSent,
  );
  const recipients = [
    { requestId: "r2", contact: ADA },
    { requestId: "r3", contact: bob },
  ];
  let progress;
  for await (const permit of fake.campaign(recipients, { onProgress: (it) => (progress = it) })) {
    await permit.send(() => undefined);
  }
  assert.deepEqual([progress.permits, progress.maybeSent], [1, 1]);
  assert.deepEqual(
    fake.asked.slice(3).map((it) => [it.what, it.contact.customerId, it.requestId]),
    [
      ["permit", "bob", "r1"],
      ["campaign", "ada", "r2"],
      ["campaign", "bob", "r3"],
    ],
  );
});

test("settings that mean nothing are refused", () => {
  for (const make of [(it) => new Client("http://127.0.0.1:1", it), (it) => new FakeClient(it)]) {
    assert.throws(() => make({ onUnknown: "maybe" }), RangeError);
    assert.throws(() => make({ onHeld: "maybe" }), RangeError);
    assert.throws(() => make({ whenUnreachable: { receipt: "try" } }), RangeError);
  }
});

test("a courtesy that is not there is unreachable", async () => {
  const server = createNetServer((socket) => socket.destroy());
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const client = new Client(`http://127.0.0.1:${server.address().port}`, { timeout: 200 });
  // Each attempt loses its connection.
  await assert.rejects(client.check(ADA), Unreachable);
  server.close();
});

test("an outbox in a file outlives the process", () => {
  const folder = mkdtempSync(join(tmpdir(), "courtesy-"));
  const path = join(folder, "outbox.jsonl");
  const entry = (number) => ({
    contact: { ...ADA, at: new Date(1_800_000_000_000) },
    requestId: `r${number}`,
    sentAt: new Date(1_800_000_000_000 + number),
    reserved: true,
  });
  const first = new Outbox({ path });
  first.put(entry(1));
  assert.equal(statSync(path).mode & 0o777, 0o600);
  appendFileSync(path, '{"contact": {"cust');
  const second = new Outbox({ path });
  second.put(entry(2));
  const third = new Outbox({ path });
  assert.equal(third.size, 2);
  for (const number of [1, 2]) {
    assert.deepEqual(third.first(), entry(number));
    third.dropFirst(third.first());
  }
  assert.equal(new Outbox({ path }).size, 0);
  rmSync(folder, { recursive: true });
});

test("what cannot be recorded is set aside in a file beside", () => {
  const folder = mkdtempSync(join(tmpdir(), "courtesy-"));
  const path = join(folder, "outbox.jsonl");
  const entry = (requestId) => ({ contact: ADA, requestId, sentAt: new Date(), reserved: true });
  const outbox = new Outbox({ path });
  outbox.put(entry("r1"));
  outbox.put(entry("r2"));
  outbox.setAside(outbox.first(), new CourtesyError("no such channel"));
  assert.equal(outbox.first().requestId, "r2");
  assert.deepEqual(
    outbox.failed.map((it) => [it.entry.requestId, it.error.message]),
    [["r1", "no such channel"]],
  );
  const said = JSON.parse(readFileSync(`${path}.failed`, "utf8"));
  assert.deepEqual([said.requestId, said.error], ["r1", "no such channel"]);
  rmSync(folder, { recursive: true });
});

test("an outbox whose path cannot be written is refused at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "courtesy-"));
  assert.throws(() => new Outbox({ path: folder }));
  assert.throws(() => new Outbox({ path: join(folder, "missing", "outbox.jsonl") }));
  rmSync(folder, { recursive: true });
});

test("the fake's campaign adds up", async () => {
  const fake = new FakeClient();
  fake.refuse("c1");
  const recipients = [0, 1, 2, 3, 4].map((n) => ({
    requestId: `r${n}`,
    contact: { ...ADA, customerId: `c${n}` },
  }));
  let progress;
  for await (const permit of fake.campaign(recipients, {
    batch: 2,
    onProgress: (it) => (progress = it),
  })) {
    await permit.send(() => undefined);
  }
  assert.deepEqual([progress.recipients, progress.permits, progress.refused], [5, 4, 1]);
  assert.deepEqual(fake.sent.map((it) => it.requestId), ["r0", "r2", "r3", "r4"]);
  await assert.rejects(fake.recheck(recipients[1].contact, { requestId: "r1" }), Refused);
  assert.deepEqual(fake.released.map((it) => it.requestId), ["r1"]);
});

test("the fake's campaign tells who is refused, and sends what must go", async () => {
  const fake = new FakeClient({ whenUnreachable: { receipt: "send" } });
  fake.refuse("c1");
  const recipients = [0, 1, 2].map((n) => ({
    requestId: `r${n}`,
    contact: { customerId: `c${n}`, channel: "email", purpose: "receipt" },
  }));
  const refused = [];
  const onRefused = (requestId, decision) => refused.push([requestId, decision.reasons[0].code]);
  for await (const permit of fake.campaign(recipients.slice(0, 2), { onRefused }))
    await permit.send(() => undefined);
  assert.deepEqual(refused, [["r1", "OPTED_OUT"]]);
  fake.reachable = false;
  for await (const permit of fake.campaign(recipients.slice(2))) await permit.send(() => undefined);
  assert.deepEqual(fake.sent.map((it) => it.requestId), ["r0", "r2"]);
  await assert.rejects(fake.campaign([{ requestId: "r3", contact: ADA }]).next(), Unreachable);
});

test("the open span of OpenTelemetry reaches the server", async () => {
  assert.deepEqual(currentTrace(), {});
  const telemetry = new NodeTracerProvider();
  telemetry.register();
  const seen = [];
  const server = createServer();
  const sessions = [];
  server.on("session", (session) => sessions.push(session));
  server.on("stream", (stream, headers) => {
    seen.push(headers);
    // UNIMPLEMENTED, which is not tried again.
    stream.respond(
      { ":status": 200, "content-type": "application/grpc", "grpc-status": "12" },
      { endStream: true },
    );
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const headers = () => ({ authorization: "Bearer k" });
  const client = new Client(`http://127.0.0.1:${server.address().port}`, { headers });
  const traceId = await trace.getTracer("test").startActiveSpan("send", async (span) => {
    await assert.rejects(client.check(ADA), CallFailed);
    span.end();
    return span.spanContext().traceId;
  });
  await assert.rejects(client.check(ADA), CallFailed);
  assert.equal(seen.length, 2);
  assert.ok(seen[0].traceparent.startsWith(`00-${traceId}-`), seen[0].traceparent);
  assert.equal(seen[1].traceparent, undefined);
  assert.deepEqual(seen.map((it) => it.authorization), ["Bearer k", "Bearer k"]);
  server.close();
  sessions.forEach((session) => session.destroy());
  await telemetry.shutdown();
});

test("what waits gets a part of the time of a permit, which may be its own", async () => {
  const seen = [];
  const transport = createRouterTransport(({ service }) => {
    const see = (method) => (_request, context) => {
      seen.push([method, context.timeoutMs()]);
      throw new ConnectError("enough", Code.Internal);
    };
    service(ContactService, { confirmContact: see("confirm"), reserveContact: see("reserve") });
  });
  const outbox = new Outbox();
  outbox.put({ contact: ADA, requestId: "r1", sentAt: new Date(), reserved: true });
  const client = new Client(transport, { outbox, attemptTimeout: 5000 });
  await assert.rejects(
    client.permit(ADA, { requestId: "r2", timeout: 800 }, () => undefined),
    CallFailed,
  );
  assert.deepEqual(
    seen.map(([method]) => method),
    ["confirm", "reserve"],
  );
  assert.ok(seen[0][1] < 400, `${seen[0][1]}`);
  assert.ok(seen[1][1] < 900, `${seen[1][1]}`);
});

test("what a campaign sent and could not tell is kept in a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "courtesy-"));
  const path = join(folder, "outbox.jsonl");
  const transport = createRouterTransport(({ service }) => {
    service(ContactService, {
      batchReserveContacts: ({ reservations }) => ({
        results: reservations.map(() => ({
          result: {
            case: "reservation",
            value: { decision: { effect: Effect.ALLOW, policyRevision: 1n } },
          },
        })),
      }),
      batchConfirmContacts: () => {
        throw new ConnectError("away", Code.Unavailable);
      },
    });
  });
  const client = new Client(transport, { outbox: new Outbox({ path }), timeout: 100 });
  for await (const permit of client.campaign([{ requestId: "r1", contact: ADA }])) {
    await permit.send(() => undefined);
  }
  const kept = new Outbox({ path }).first();
  assert.deepEqual([kept.requestId, kept.contact, kept.reserved], ["r1", ADA, true]);
  rmSync(folder, { recursive: true });
});
