from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PauseContactsRequest(_message.Message):
    __slots__ = ("name", "selector", "reason", "start_time", "end_time", "author", "tenant")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SELECTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    name: str
    selector: ContactSelector
    reason: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    author: str
    tenant: str
    def __init__(self, name: _Optional[str] = ..., selector: _Optional[_Union[ContactSelector, _Mapping]] = ..., reason: _Optional[str] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., author: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class PauseContactsResponse(_message.Message):
    __slots__ = ("pause",)
    PAUSE_FIELD_NUMBER: _ClassVar[int]
    pause: Pause
    def __init__(self, pause: _Optional[_Union[Pause, _Mapping]] = ...) -> None: ...

class ResumeContactsRequest(_message.Message):
    __slots__ = ("names", "author", "tenant")
    NAMES_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    names: _containers.RepeatedScalarFieldContainer[str]
    author: str
    tenant: str
    def __init__(self, names: _Optional[_Iterable[str]] = ..., author: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ResumeContactsResponse(_message.Message):
    __slots__ = ("ended", "pauses")
    ENDED_FIELD_NUMBER: _ClassVar[int]
    PAUSES_FIELD_NUMBER: _ClassVar[int]
    ended: _containers.RepeatedCompositeFieldContainer[Pause]
    pauses: _containers.RepeatedCompositeFieldContainer[Pause]
    def __init__(self, ended: _Optional[_Iterable[_Union[Pause, _Mapping]]] = ..., pauses: _Optional[_Iterable[_Union[Pause, _Mapping]]] = ...) -> None: ...

class ListPausesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "tenant")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    tenant: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ListPausesResponse(_message.Message):
    __slots__ = ("pauses", "next_page_token")
    PAUSES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    pauses: _containers.RepeatedCompositeFieldContainer[Pause]
    next_page_token: str
    def __init__(self, pauses: _Optional[_Iterable[_Union[Pause, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Pause(_message.Message):
    __slots__ = ("name", "selector", "reason", "start_time", "end_time", "author", "set_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SELECTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    SET_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    selector: ContactSelector
    reason: str
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    author: str
    set_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., selector: _Optional[_Union[ContactSelector, _Mapping]] = ..., reason: _Optional[str] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., author: _Optional[str] = ..., set_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ContactSelector(_message.Message):
    __slots__ = ("channels", "purposes", "topics", "campaigns", "brands", "occasions", "jurisdictions", "segments", "priority_at_least", "priority_below")
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    CAMPAIGNS_FIELD_NUMBER: _ClassVar[int]
    BRANDS_FIELD_NUMBER: _ClassVar[int]
    OCCASIONS_FIELD_NUMBER: _ClassVar[int]
    JURISDICTIONS_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    PRIORITY_BELOW_FIELD_NUMBER: _ClassVar[int]
    channels: _containers.RepeatedScalarFieldContainer[str]
    purposes: _containers.RepeatedScalarFieldContainer[str]
    topics: _containers.RepeatedScalarFieldContainer[str]
    campaigns: _containers.RepeatedScalarFieldContainer[str]
    brands: _containers.RepeatedScalarFieldContainer[str]
    occasions: _containers.RepeatedScalarFieldContainer[str]
    jurisdictions: _containers.RepeatedScalarFieldContainer[str]
    segments: _containers.RepeatedScalarFieldContainer[str]
    priority_at_least: int
    priority_below: int
    def __init__(self, channels: _Optional[_Iterable[str]] = ..., purposes: _Optional[_Iterable[str]] = ..., topics: _Optional[_Iterable[str]] = ..., campaigns: _Optional[_Iterable[str]] = ..., brands: _Optional[_Iterable[str]] = ..., occasions: _Optional[_Iterable[str]] = ..., jurisdictions: _Optional[_Iterable[str]] = ..., segments: _Optional[_Iterable[str]] = ..., priority_at_least: _Optional[int] = ..., priority_below: _Optional[int] = ...) -> None: ...
