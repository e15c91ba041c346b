from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InboundMeaning(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INBOUND_MEANING_UNSPECIFIED: _ClassVar[InboundMeaning]
    INBOUND_MEANING_STOP: _ClassVar[InboundMeaning]
    INBOUND_MEANING_START: _ClassVar[InboundMeaning]
    INBOUND_MEANING_YES: _ClassVar[InboundMeaning]
    INBOUND_MEANING_HELP: _ClassVar[InboundMeaning]
    INBOUND_MEANING_UNCLEAR: _ClassVar[InboundMeaning]
    INBOUND_MEANING_PREFERENCE: _ClassVar[InboundMeaning]
    INBOUND_MEANING_OTHER: _ClassVar[InboundMeaning]

class InboundReply(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INBOUND_REPLY_UNSPECIFIED: _ClassVar[InboundReply]
    INBOUND_REPLY_OPT_OUT_CONFIRMATION: _ClassVar[InboundReply]
    INBOUND_REPLY_OPT_IN_CONFIRMATION: _ClassVar[InboundReply]
    INBOUND_REPLY_HELP: _ClassVar[InboundReply]
INBOUND_MEANING_UNSPECIFIED: InboundMeaning
INBOUND_MEANING_STOP: InboundMeaning
INBOUND_MEANING_START: InboundMeaning
INBOUND_MEANING_YES: InboundMeaning
INBOUND_MEANING_HELP: InboundMeaning
INBOUND_MEANING_UNCLEAR: InboundMeaning
INBOUND_MEANING_PREFERENCE: InboundMeaning
INBOUND_MEANING_OTHER: InboundMeaning
INBOUND_REPLY_UNSPECIFIED: InboundReply
INBOUND_REPLY_OPT_OUT_CONFIRMATION: InboundReply
INBOUND_REPLY_OPT_IN_CONFIRMATION: InboundReply
INBOUND_REPLY_HELP: InboundReply

class HandleInboundMessageRequest(_message.Message):
    __slots__ = ("customer_id", "channel", "text", "event_time", "request_id", "asked_for_opt_in", "tenant", "brand", "topic", "provider_meaning")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ASKED_FOR_OPT_IN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_MEANING_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    channel: str
    text: str
    event_time: _timestamp_pb2.Timestamp
    request_id: str
    asked_for_opt_in: bool
    tenant: str
    brand: str
    topic: str
    provider_meaning: str
    def __init__(self, customer_id: _Optional[str] = ..., channel: _Optional[str] = ..., text: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., asked_for_opt_in: bool = ..., tenant: _Optional[str] = ..., brand: _Optional[str] = ..., topic: _Optional[str] = ..., provider_meaning: _Optional[str] = ...) -> None: ...

class HandleInboundMessageResponse(_message.Message):
    __slots__ = ("meaning", "phrase", "language", "opted_out_scopes", "opted_in", "reply", "reply_until_time", "conversation_until_time", "suppressed_until_time", "record_version", "changed", "opt_outs", "superseded", "doubt", "preference")
    MEANING_FIELD_NUMBER: _ClassVar[int]
    PHRASE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    OPTED_OUT_SCOPES_FIELD_NUMBER: _ClassVar[int]
    OPTED_IN_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    REPLY_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    CONVERSATION_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSED_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    RECORD_VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_FIELD_NUMBER: _ClassVar[int]
    DOUBT_FIELD_NUMBER: _ClassVar[int]
    PREFERENCE_FIELD_NUMBER: _ClassVar[int]
    meaning: InboundMeaning
    phrase: str
    language: str
    opted_out_scopes: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Scope]
    opted_in: bool
    reply: InboundReply
    reply_until_time: _timestamp_pb2.Timestamp
    conversation_until_time: _timestamp_pb2.Timestamp
    suppressed_until_time: _timestamp_pb2.Timestamp
    record_version: str
    changed: bool
    opt_outs: _containers.RepeatedCompositeFieldContainer[_customer_pb2.OptedOut]
    superseded: bool
    doubt: str
    preference: InboundPreference
    def __init__(self, meaning: _Optional[_Union[InboundMeaning, str]] = ..., phrase: _Optional[str] = ..., language: _Optional[str] = ..., opted_out_scopes: _Optional[_Iterable[_Union[_customer_pb2.Scope, _Mapping]]] = ..., opted_in: bool = ..., reply: _Optional[_Union[InboundReply, str]] = ..., reply_until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., conversation_until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., suppressed_until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., record_version: _Optional[str] = ..., changed: bool = ..., opt_outs: _Optional[_Iterable[_Union[_customer_pb2.OptedOut, _Mapping]]] = ..., superseded: bool = ..., doubt: _Optional[str] = ..., preference: _Optional[_Union[InboundPreference, _Mapping]] = ...) -> None: ...

class InboundPreference(_message.Message):
    __slots__ = ("cadence", "fewer", "opt_out_scope", "quiet_time", "recorded")
    CADENCE_FIELD_NUMBER: _ClassVar[int]
    FEWER_FIELD_NUMBER: _ClassVar[int]
    OPT_OUT_SCOPE_FIELD_NUMBER: _ClassVar[int]
    QUIET_TIME_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    cadence: _customer_pb2.Cadence
    fewer: bool
    opt_out_scope: _customer_pb2.Scope
    quiet_time: _customer_pb2.QuietTime
    recorded: bool
    def __init__(self, cadence: _Optional[_Union[_customer_pb2.Cadence, _Mapping]] = ..., fewer: bool = ..., opt_out_scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., quiet_time: _Optional[_Union[_customer_pb2.QuietTime, _Mapping]] = ..., recorded: bool = ...) -> None: ...
