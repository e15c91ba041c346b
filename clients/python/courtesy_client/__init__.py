"""Ask courtesy before you send.

    with Client("localhost:50051").permit(contact, request_id="spring-ada") as permit:
        permit.send(lambda: mailer.send(message))

`permit` reserves, lets you send, and tells courtesy what became of it. A refusal raises Refused.
"""

from .aio import AsyncClient
from .campaign import Progress
from .client import Client
from .contact import Contact
from .decision import Decision, Reason, ReasonCode
from .errors import CallFailed, CourtesyError, MaybeSent, Refused, Unreachable
from .fake import FakeClient
from .outbox import Outbox
from .permit import AsyncPermit, Permit
from .settings import Settings

__all__ = [
    "AsyncClient",
    "AsyncPermit",
    "CallFailed",
    "Client",
    "Contact",
    "CourtesyError",
    "Decision",
    "FakeClient",
    "MaybeSent",
    "Outbox",
    "Permit",
    "Progress",
    "Reason",
    "ReasonCode",
    "Refused",
    "Settings",
    "Unreachable",
]
