from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class UnclearMessage(_message.Message):
    __slots__ = ("customer_id", "message_id", "channel", "brand", "topic", "doubt", "text", "event_time", "hear_time", "suppressed_until_time")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    DOUBT_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    HEAR_TIME_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    message_id: str
    channel: str
    brand: str
    topic: str
    doubt: str
    text: str
    event_time: _timestamp_pb2.Timestamp
    hear_time: _timestamp_pb2.Timestamp
    suppressed_until_time: _timestamp_pb2.Timestamp
    def __init__(self, customer_id: _Optional[str] = ..., message_id: _Optional[str] = ..., channel: _Optional[str] = ..., brand: _Optional[str] = ..., topic: _Optional[str] = ..., doubt: _Optional[str] = ..., text: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., hear_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., suppressed_until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ListUnclearMessagesRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "tenant")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    tenant: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ListUnclearMessagesResponse(_message.Message):
    __slots__ = ("messages", "next_page_token", "unreadable_customer_ids")
    MESSAGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_CUSTOMER_IDS_FIELD_NUMBER: _ClassVar[int]
    messages: _containers.RepeatedCompositeFieldContainer[UnclearMessage]
    next_page_token: str
    unreadable_customer_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, messages: _Optional[_Iterable[_Union[UnclearMessage, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., unreadable_customer_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ResolveUnclearMessageRequest(_message.Message):
    __slots__ = ("customer_id", "message_id", "request_id", "tenant", "author")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    message_id: str
    request_id: str
    tenant: str
    author: str
    def __init__(self, customer_id: _Optional[str] = ..., message_id: _Optional[str] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ..., author: _Optional[str] = ...) -> None: ...

class ResolveUnclearMessageResponse(_message.Message):
    __slots__ = ("resolved", "lifted", "version")
    RESOLVED_FIELD_NUMBER: _ClassVar[int]
    LIFTED_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    resolved: int
    lifted: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Suppression]
    version: str
    def __init__(self, resolved: _Optional[int] = ..., lifted: _Optional[_Iterable[_Union[_customer_pb2.Suppression, _Mapping]]] = ..., version: _Optional[str] = ...) -> None: ...
