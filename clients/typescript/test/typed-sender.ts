/**
 * A sender's code as a strict tsc reads it: what stands below `@ts-expect-error` is a mistake, and
 * nothing else is.
 */

import {
  Client,
  Customers,
  FakeClient,
  FakeCustomers,
  MaybeSent,
  type Decision,
  type Sender,
} from "courtesy-client";

const ADA = { customerId: "ada", channel: "email", purpose: "receipt" };

export async function send(sender: Sender): Promise<number> {
  await sender.book(ADA, { requestId: "r" });
  await sender.booked(ADA, { requestId: "r", timeout: 1000 }, (permit) =>
    permit.send(() => undefined),
  );
  return sender.permit(ADA, { requestId: "r" }, async (permit) => {
    const decision: Decision | undefined = permit.decision;
    // @ts-expect-error It is unset where courtesy was out of reach.
    console.log(decision.allowed);
    return permit.send(async () => permit.requestId.length);
  });
}

const fake = new FakeClient({ whenUnreachable: { receipt: "send" }, onHeld: "refuse" });
fake.refuse("ada", { code: "PAUSED", nextAllowed: new Date() });
fake.answer("ada", new MaybeSent("another worker sends it"), { channel: "email" });
// @ts-expect-error
fake.answer("ada", "no");
await send(fake);

const crm = new FakeCustomers();
crm.answer("optOut", { changed: false });
crm.answer("getCustomer", ({ customerId }) => ({ customer: { customerId } }));
crm.answer("exportCustomers", [{ customers: [{ customerId: "ada" }] }]);
// @ts-expect-error
crm.answer("optOut", { changed: "no" });
// @ts-expect-error
crm.answer("optOut", [{ changed: false }]);
// @ts-expect-error
crm.answer("optAway", {});
const said: string | undefined = crm.requests("optOut")[0]?.scope?.channel;
const customers: Customers = crm;
await customers.optOut(said ?? "ada", { channel: "email" });

// @ts-expect-error
new Client("http://courtesy:50051", { timeuot: 3 });
// @ts-expect-error
new Client("http://courtesy:50051", { onHeld: "maybe" });
