"""What a wish is about."""

from dataclasses import asdict, dataclass

from courtesy.v1 import customer_pb2


@dataclass(frozen=True)
class Scope:
    """What a wish is about. Each part narrows it; a scope without parts is everything.

    channel, purpose, topic, brand, occasion: names, as the policy writes them.
    marketing: only purposes that are marketing; not together with `purpose`.
    """

    channel: str | None = None
    purpose: str | None = None
    topic: str | None = None
    brand: str | None = None
    occasion: str | None = None
    marketing: bool | None = None

    def to_proto(self) -> customer_pb2.Scope:
        return customer_pb2.Scope(**asdict(self))

    @classmethod
    def of(cls, scope: customer_pb2.Scope) -> "Scope":
        return cls(**{field.name: value for field, value in scope.ListFields()})
