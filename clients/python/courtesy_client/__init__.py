"""Ask courtesy before you send.

    with Client("localhost:50051").permit(contact, request_id="spring-ada") as permit:
        permit.send(lambda: mailer.send(message))

`permit` reserves, lets you send, and tells courtesy what became of it. A refusal raises Refused.
`Customers` is for CRM systems: it tells what customers want.
"""

from .aio import AsyncClient
from .campaign import Progress
from .client import Client
from .contact import Contact
from .customers import AsyncCustomers, Customers, Imported
from .decision import Decision, Reason
from .errors import CallFailed, CourtesyError, MaybeSent, Refused, Unreachable
from .fake import Asked, AsyncFakeClient, FakeClient
from .fake_customers import AsyncFakeCustomers, FakeCustomers
from .outbox import Outbox
from .permit import AsyncPermit, Permit
from .reason_code import ReasonCode
from .scope import Scope
from .sender import AsyncSender, Sender
from .settings import Settings

__all__ = [
    "Asked",
    "AsyncClient",
    "AsyncCustomers",
    "AsyncFakeClient",
    "AsyncFakeCustomers",
    "AsyncPermit",
    "AsyncSender",
    "CallFailed",
    "Client",
    "Contact",
    "CourtesyError",
    "Customers",
    "Decision",
    "FakeClient",
    "FakeCustomers",
    "Imported",
    "MaybeSent",
    "Outbox",
    "Permit",
    "Progress",
    "Reason",
    "ReasonCode",
    "Refused",
    "Scope",
    "Sender",
    "Settings",
    "Unreachable",
]
