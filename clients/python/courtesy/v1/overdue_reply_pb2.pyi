from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OverdueReply(_message.Message):
    __slots__ = ("customer_id", "channel", "message_id", "event_time", "due_time")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    DUE_TIME_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    channel: str
    message_id: str
    event_time: _timestamp_pb2.Timestamp
    due_time: _timestamp_pb2.Timestamp
    def __init__(self, customer_id: _Optional[str] = ..., channel: _Optional[str] = ..., message_id: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., due_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListOverdueRepliesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "tenant")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    tenant: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ListOverdueRepliesResponse(_message.Message):
    __slots__ = ("replies", "next_page_token", "unreadable_customer_ids")
    REPLIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_CUSTOMER_IDS_FIELD_NUMBER: _ClassVar[int]
    replies: _containers.RepeatedCompositeFieldContainer[OverdueReply]
    next_page_token: str
    unreadable_customer_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, replies: _Optional[_Iterable[_Union[OverdueReply, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., unreadable_customer_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class MarkAnsweredRequest(_message.Message):
    __slots__ = ("customer_id", "channel", "request_id", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    channel: str
    request_id: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., channel: _Optional[str] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class MarkAnsweredResponse(_message.Message):
    __slots__ = ("answered", "version")
    ANSWERED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    answered: int
    version: str
    def __init__(self, answered: _Optional[int] = ..., version: _Optional[str] = ...) -> None: ...
