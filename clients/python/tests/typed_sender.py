"""A sender's code as `mypy --strict` reads it: what says `# refused` is a mistake, and nothing else
is."""

from datetime import timedelta

from courtesy_client import (
    AsyncClient,
    AsyncCustomers,
    AsyncFakeClient,
    AsyncFakeCustomers,
    AsyncSender,
    Client,
    Contact,
    Customers,
    Decision,
    FakeClient,
    FakeCustomers,
    MaybeSent,
    Outbox,
    ReasonCode,
    Sender,
)

ADA = Contact("ada", "email", "receipt")


def send(sender: Sender) -> int:
    with sender.permit(ADA, request_id="r", timeout=1.0) as permit:
        decision: Decision | None = permit.decision
        print(decision.allowed)  # refused
        customer: str = permit.contact.customer_id
        return permit.send(lambda: len(customer))


def campaign(sender: Sender) -> None:
    def tell(request_id: str, decision: Decision) -> None:
        if decision.reasons[0].code is ReasonCode.OPTED_OUT:
            print(request_id)

    for permit in sender.campaign([("r", ADA)], on_refused=tell):
        permit.send(lambda: None)


async def send_async(sender: AsyncSender) -> int:
    async def sending() -> int:
        return 5

    async for permit in sender.campaign([("r", ADA)]):
        await permit.send(sending)
    await sender.book(ADA, request_id="r")
    async with sender.booked(ADA, request_id="r") as permit:
        return await permit.send(sending)


def ahead(sender: Sender) -> Decision:
    decision = sender.book(ADA, request_id="r")
    with sender.booked(ADA, request_id="r", timeout=1.0) as permit:
        permit.send(lambda: 5)
    return decision


async def forget(customers: AsyncCustomers) -> bool:
    erased: bool = (await customers.erase("ada")).erased
    return erased


with Client("courtesy:50051", hold=timedelta(minutes=1), outbox=Outbox("unsent.jsonl")) as client:
    send(client)
    client.outbox.flush()  # refused
with FakeClient(when_unreachable={"receipt": "send"}) as fake:
    fake.refuse("ada", code=ReasonCode.PAUSED)
    fake.answer("ada", MaybeSent("another worker sends it"))
    fake.answer("ada", "no")  # refused
    campaign(fake)
    ahead(fake)


async def main() -> None:
    async with AsyncClient("courtesy:50051", on_unknown="hold") as client:
        await send_async(client)
    await send_async(AsyncFakeClient())
    await forget(AsyncFakeCustomers())


crm: Customers = FakeCustomers(timeout=3)
Customers("courtesy:50051", timeout=3)
Client("courtesy:50051", timeuot=3)  # refused
Client("courtesy:50051", on_unknown="maybe")  # refused
Client("courtesy:50051", on_held="refuse")
Client("courtesy:50051", on_held="maybe")  # refused
