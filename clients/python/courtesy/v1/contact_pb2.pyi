from courtesy.v1 import decision_pb2 as _decision_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ContactState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTACT_STATE_UNSPECIFIED: _ClassVar[ContactState]
    CONTACT_STATE_RESERVED: _ClassVar[ContactState]
    CONTACT_STATE_SENT: _ClassVar[ContactState]
    CONTACT_STATE_RELEASED: _ClassVar[ContactState]
    CONTACT_STATE_EXPIRED: _ClassVar[ContactState]
    CONTACT_STATE_BOUNCED: _ClassVar[ContactState]

class EngagementKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENGAGEMENT_KIND_UNSPECIFIED: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_OPENED: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_CLICKED: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_REPLIED: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_CONVERTED: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_BOUNCED_HARD: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_BOUNCED_SOFT: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_COMPLAINED: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_INBOUND: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_CONVERSATION: _ClassVar[EngagementKind]
    ENGAGEMENT_KIND_REFUSED: _ClassVar[EngagementKind]
CONTACT_STATE_UNSPECIFIED: ContactState
CONTACT_STATE_RESERVED: ContactState
CONTACT_STATE_SENT: ContactState
CONTACT_STATE_RELEASED: ContactState
CONTACT_STATE_EXPIRED: ContactState
CONTACT_STATE_BOUNCED: ContactState
ENGAGEMENT_KIND_UNSPECIFIED: EngagementKind
ENGAGEMENT_KIND_OPENED: EngagementKind
ENGAGEMENT_KIND_CLICKED: EngagementKind
ENGAGEMENT_KIND_REPLIED: EngagementKind
ENGAGEMENT_KIND_CONVERTED: EngagementKind
ENGAGEMENT_KIND_BOUNCED_HARD: EngagementKind
ENGAGEMENT_KIND_BOUNCED_SOFT: EngagementKind
ENGAGEMENT_KIND_COMPLAINED: EngagementKind
ENGAGEMENT_KIND_INBOUND: EngagementKind
ENGAGEMENT_KIND_CONVERSATION: EngagementKind
ENGAGEMENT_KIND_REFUSED: EngagementKind

class Contact(_message.Message):
    __slots__ = ("customer_id", "channel", "purpose", "topic", "campaign", "brand", "occasions", "priority", "attributes", "contact_time")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    OCCASIONS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    CONTACT_TIME_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    channel: str
    purpose: str
    topic: str
    campaign: str
    brand: str
    occasions: _containers.RepeatedScalarFieldContainer[str]
    priority: int
    attributes: _containers.ScalarMap[str, str]
    contact_time: _timestamp_pb2.Timestamp
    def __init__(self, customer_id: _Optional[str] = ..., channel: _Optional[str] = ..., purpose: _Optional[str] = ..., topic: _Optional[str] = ..., campaign: _Optional[str] = ..., brand: _Optional[str] = ..., occasions: _Optional[_Iterable[str]] = ..., priority: _Optional[int] = ..., attributes: _Optional[_Mapping[str, str]] = ..., contact_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RecordedContact(_message.Message):
    __slots__ = ("contact_time", "channel", "purpose", "topic", "campaign", "brand", "occasions", "priority", "state", "request_id", "unanswered", "expire_reasons")
    CONTACT_TIME_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    CAMPAIGN_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    OCCASIONS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_REASONS_FIELD_NUMBER: _ClassVar[int]
    contact_time: _timestamp_pb2.Timestamp
    channel: str
    purpose: str
    topic: str
    campaign: str
    brand: str
    occasions: _containers.RepeatedScalarFieldContainer[str]
    priority: int
    state: ContactState
    request_id: str
    unanswered: bool
    expire_reasons: _containers.RepeatedCompositeFieldContainer[_decision_pb2.Reason]
    def __init__(self, contact_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., channel: _Optional[str] = ..., purpose: _Optional[str] = ..., topic: _Optional[str] = ..., campaign: _Optional[str] = ..., brand: _Optional[str] = ..., occasions: _Optional[_Iterable[str]] = ..., priority: _Optional[int] = ..., state: _Optional[_Union[ContactState, str]] = ..., request_id: _Optional[str] = ..., unanswered: bool = ..., expire_reasons: _Optional[_Iterable[_Union[_decision_pb2.Reason, _Mapping]]] = ...) -> None: ...
