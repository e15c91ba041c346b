from courtesy.v1 import contact_service_pb2 as _contact_service_pb2
from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConsentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSENT_KIND_UNSPECIFIED: _ClassVar[ConsentKind]
    CONSENT_KIND_OPT_OUT: _ClassVar[ConsentKind]
    CONSENT_KIND_OPT_IN: _ClassVar[ConsentKind]
    CONSENT_KIND_PENDING_OPT_IN: _ClassVar[ConsentKind]
    CONSENT_KIND_UNCLEAR: _ClassVar[ConsentKind]
CONSENT_KIND_UNSPECIFIED: ConsentKind
CONSENT_KIND_OPT_OUT: ConsentKind
CONSENT_KIND_OPT_IN: ConsentKind
CONSENT_KIND_PENDING_OPT_IN: ConsentKind
CONSENT_KIND_UNCLEAR: ConsentKind

class ConsentEvent(_message.Message):
    __slots__ = ("kind", "scope", "event_time", "hear_time", "until_time", "source", "evidence", "ground", "doubt", "resolve_time")
    KIND_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    HEAR_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    DOUBT_FIELD_NUMBER: _ClassVar[int]
    RESOLVE_TIME_FIELD_NUMBER: _ClassVar[int]
    kind: ConsentKind
    scope: _customer_pb2.Scope
    event_time: _timestamp_pb2.Timestamp
    hear_time: _timestamp_pb2.Timestamp
    until_time: _timestamp_pb2.Timestamp
    source: str
    evidence: str
    ground: str
    doubt: str
    resolve_time: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[_Union[ConsentKind, str]] = ..., scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., hear_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., evidence: _Optional[str] = ..., ground: _Optional[str] = ..., doubt: _Optional[str] = ..., resolve_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListConsentEventsRequest(_message.Message):
    __slots__ = ("customer_id", "page_size", "page_token", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    page_size: int
    page_token: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ListConsentEventsResponse(_message.Message):
    __slots__ = ("consent_events", "next_page_token")
    CONSENT_EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    consent_events: _containers.RepeatedCompositeFieldContainer[ConsentEvent]
    next_page_token: str
    def __init__(self, consent_events: _Optional[_Iterable[_Union[ConsentEvent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class BatchOptOutRequest(_message.Message):
    __slots__ = ("opt_outs", "tenant")
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    opt_outs: _containers.RepeatedCompositeFieldContainer[BatchedOptOut]
    tenant: str
    def __init__(self, opt_outs: _Optional[_Iterable[_Union[BatchedOptOut, _Mapping]]] = ..., tenant: _Optional[str] = ...) -> None: ...

class BatchedOptOut(_message.Message):
    __slots__ = ("customer_id", "scope", "event_time", "until_time", "snooze", "source", "evidence", "request_id")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SNOOZE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    scope: _customer_pb2.Scope
    event_time: _timestamp_pb2.Timestamp
    until_time: _timestamp_pb2.Timestamp
    snooze: _duration_pb2.Duration
    source: str
    evidence: str
    request_id: str
    def __init__(self, customer_id: _Optional[str] = ..., scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., snooze: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., source: _Optional[str] = ..., evidence: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchOptOutResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchOptOutResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchOptOutResult, _Mapping]]] = ...) -> None: ...

class BatchOptOutResult(_message.Message):
    __slots__ = ("version", "error", "changed", "opt_outs")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    version: str
    error: _contact_service_pb2.ItemError
    changed: bool
    opt_outs: _containers.RepeatedCompositeFieldContainer[_customer_pb2.OptedOut]
    def __init__(self, version: _Optional[str] = ..., error: _Optional[_Union[_contact_service_pb2.ItemError, _Mapping]] = ..., changed: bool = ..., opt_outs: _Optional[_Iterable[_Union[_customer_pb2.OptedOut, _Mapping]]] = ...) -> None: ...
