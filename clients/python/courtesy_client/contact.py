"""What is about to be sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from courtesy.v1 import contact_pb2

from .times import to_timestamp


@dataclass(frozen=True)
class Contact:
    """One message or call to one customer.

    customer_id: the customer's opaque id, 1 to 256 bytes.
    channel, purpose: names that the policy declares, such as "email" and "marketing".
    topic, campaign, brand, occasions, priority, attributes: what rules and wishes may be about.
    at: when it will be sent; None is now. A naive datetime is refused.
    """

    customer_id: str
    channel: str
    purpose: str
    topic: str | None = None
    campaign: str | None = None
    brand: str | None = None
    occasions: Sequence[str] = ()
    priority: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    at: datetime | None = None

    def to_proto(self) -> contact_pb2.Contact:
        return contact_pb2.Contact(
            customer_id=self.customer_id,
            channel=self.channel,
            purpose=self.purpose,
            topic=self.topic,
            campaign=self.campaign,
            brand=self.brand,
            occasions=self.occasions,
            priority=self.priority,
            attributes=self.attributes,
            contact_time=to_timestamp(self.at),
        )
