from courtesy.v1 import decision_pb2 as _decision_pb2
from courtesy.v1 import policy_pb2 as _policy_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SimulationProgress(_message.Message):
    __slots__ = ("customers_seen",)
    CUSTOMERS_SEEN_FIELD_NUMBER: _ClassVar[int]
    customers_seen: int
    def __init__(self, customers_seen: _Optional[int] = ...) -> None: ...

class SimulationReport(_message.Message):
    __slots__ = ("customers_seen", "customers_simulated", "customers_unreadable", "customers_affected", "contacts", "effect", "causes", "channels", "days", "most_affected", "shadow_rules", "shadow_contacts", "revision", "changes", "warnings")
    CUSTOMERS_SEEN_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_SIMULATED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_UNREADABLE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_AFFECTED_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    CAUSES_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    MOST_AFFECTED_FIELD_NUMBER: _ClassVar[int]
    SHADOW_RULES_FIELD_NUMBER: _ClassVar[int]
    SHADOW_CONTACTS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    customers_seen: int
    customers_simulated: int
    customers_unreadable: int
    customers_affected: int
    contacts: int
    effect: SimulatedEffect
    causes: _containers.RepeatedCompositeFieldContainer[SimulatedCause]
    channels: _containers.RepeatedCompositeFieldContainer[SimulatedChannel]
    days: _containers.RepeatedCompositeFieldContainer[SimulatedDay]
    most_affected: _containers.RepeatedCompositeFieldContainer[AffectedCustomer]
    shadow_rules: _containers.RepeatedCompositeFieldContainer[ShadowRule]
    shadow_contacts: int
    revision: int
    changes: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyChange]
    warnings: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyProblem]
    def __init__(self, customers_seen: _Optional[int] = ..., customers_simulated: _Optional[int] = ..., customers_unreadable: _Optional[int] = ..., customers_affected: _Optional[int] = ..., contacts: _Optional[int] = ..., effect: _Optional[_Union[SimulatedEffect, _Mapping]] = ..., causes: _Optional[_Iterable[_Union[SimulatedCause, _Mapping]]] = ..., channels: _Optional[_Iterable[_Union[SimulatedChannel, _Mapping]]] = ..., days: _Optional[_Iterable[_Union[SimulatedDay, _Mapping]]] = ..., most_affected: _Optional[_Iterable[_Union[AffectedCustomer, _Mapping]]] = ..., shadow_rules: _Optional[_Iterable[_Union[ShadowRule, _Mapping]]] = ..., shadow_contacts: _Optional[int] = ..., revision: _Optional[int] = ..., changes: _Optional[_Iterable[_Union[_policy_pb2.PolicyChange, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_policy_pb2.PolicyProblem, _Mapping]]] = ...) -> None: ...

class SimulatedEffect(_message.Message):
    __slots__ = ("refused_now", "refused_then", "newly_refused", "newly_allowed")
    REFUSED_NOW_FIELD_NUMBER: _ClassVar[int]
    REFUSED_THEN_FIELD_NUMBER: _ClassVar[int]
    NEWLY_REFUSED_FIELD_NUMBER: _ClassVar[int]
    NEWLY_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    refused_now: int
    refused_then: int
    newly_refused: int
    newly_allowed: int
    def __init__(self, refused_now: _Optional[int] = ..., refused_then: _Optional[int] = ..., newly_refused: _Optional[int] = ..., newly_allowed: _Optional[int] = ...) -> None: ...

class SimulatedCause(_message.Message):
    __slots__ = ("code", "rule", "effect")
    CODE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    code: _decision_pb2.ReasonCode
    rule: str
    effect: SimulatedEffect
    def __init__(self, code: _Optional[_Union[_decision_pb2.ReasonCode, str]] = ..., rule: _Optional[str] = ..., effect: _Optional[_Union[SimulatedEffect, _Mapping]] = ...) -> None: ...

class SimulatedChannel(_message.Message):
    __slots__ = ("channel", "contacts", "effect")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    contacts: int
    effect: SimulatedEffect
    def __init__(self, channel: _Optional[str] = ..., contacts: _Optional[int] = ..., effect: _Optional[_Union[SimulatedEffect, _Mapping]] = ...) -> None: ...

class SimulatedDay(_message.Message):
    __slots__ = ("date", "contacts", "effect")
    DATE_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    date: str
    contacts: int
    effect: SimulatedEffect
    def __init__(self, date: _Optional[str] = ..., contacts: _Optional[int] = ..., effect: _Optional[_Union[SimulatedEffect, _Mapping]] = ...) -> None: ...

class AffectedCustomer(_message.Message):
    __slots__ = ("customer_id", "newly_refused")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    NEWLY_REFUSED_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    newly_refused: int
    def __init__(self, customer_id: _Optional[str] = ..., newly_refused: _Optional[int] = ...) -> None: ...

class ShadowRule(_message.Message):
    __slots__ = ("code", "rule", "contacts")
    CODE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    code: _decision_pb2.ReasonCode
    rule: str
    contacts: int
    def __init__(self, code: _Optional[_Union[_decision_pb2.ReasonCode, str]] = ..., rule: _Optional[str] = ..., contacts: _Optional[int] = ...) -> None: ...
