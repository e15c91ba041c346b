from courtesy.v1 import consent_pb2 as _consent_pb2
from courtesy.v1 import contact_pb2 as _contact_pb2
from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ExportCustomerRequest(_message.Message):
    __slots__ = ("customer_id", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ExportCustomerResponse(_message.Message):
    __slots__ = ("customer", "consent_events", "contacts", "engagements", "requests", "erase_time")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    CONSENT_EVENTS_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    ENGAGEMENTS_FIELD_NUMBER: _ClassVar[int]
    REQUESTS_FIELD_NUMBER: _ClassVar[int]
    ERASE_TIME_FIELD_NUMBER: _ClassVar[int]
    customer: _customer_pb2.Customer
    consent_events: _containers.RepeatedCompositeFieldContainer[_consent_pb2.ConsentEvent]
    contacts: _containers.RepeatedCompositeFieldContainer[_contact_pb2.RecordedContact]
    engagements: _containers.RepeatedCompositeFieldContainer[RecordedEngagement]
    requests: _containers.RepeatedCompositeFieldContainer[RememberedRequest]
    erase_time: _timestamp_pb2.Timestamp
    def __init__(self, customer: _Optional[_Union[_customer_pb2.Customer, _Mapping]] = ..., consent_events: _Optional[_Iterable[_Union[_consent_pb2.ConsentEvent, _Mapping]]] = ..., contacts: _Optional[_Iterable[_Union[_contact_pb2.RecordedContact, _Mapping]]] = ..., engagements: _Optional[_Iterable[_Union[RecordedEngagement, _Mapping]]] = ..., requests: _Optional[_Iterable[_Union[RememberedRequest, _Mapping]]] = ..., erase_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RecordedEngagement(_message.Message):
    __slots__ = ("kind", "event_time", "channel")
    KIND_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    kind: _contact_pb2.EngagementKind
    event_time: _timestamp_pb2.Timestamp
    channel: str
    def __init__(self, kind: _Optional[_Union[_contact_pb2.EngagementKind, str]] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., channel: _Optional[str] = ...) -> None: ...

class RememberedRequest(_message.Message):
    __slots__ = ("request_id", "answer_time")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ANSWER_TIME_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    answer_time: _timestamp_pb2.Timestamp
    def __init__(self, request_id: _Optional[str] = ..., answer_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class EraseCustomerRequest(_message.Message):
    __slots__ = ("customer_id", "tenant", "request_id")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    tenant: str
    request_id: str
    def __init__(self, customer_id: _Optional[str] = ..., tenant: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class EraseCustomerResponse(_message.Message):
    __slots__ = ("erased", "changed", "is_on_record")
    ERASED_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    IS_ON_RECORD_FIELD_NUMBER: _ClassVar[int]
    erased: bool
    changed: bool
    is_on_record: bool
    def __init__(self, erased: bool = ..., changed: bool = ..., is_on_record: bool = ...) -> None: ...
