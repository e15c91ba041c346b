from courtesy.v1 import decision_pb2 as _decision_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ObservedDecision(_message.Message):
    __slots__ = ("decide_time", "method", "customer_hash", "channel", "purpose", "effect", "reasons", "shadow_reasons", "policy_revision", "degraded")
    DECIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_HASH_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    SHADOW_REASONS_FIELD_NUMBER: _ClassVar[int]
    POLICY_REVISION_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    decide_time: _timestamp_pb2.Timestamp
    method: str
    customer_hash: str
    channel: str
    purpose: str
    effect: _decision_pb2.Effect
    reasons: _containers.RepeatedCompositeFieldContainer[ObservedReason]
    shadow_reasons: _containers.RepeatedCompositeFieldContainer[ObservedReason]
    policy_revision: int
    degraded: bool
    def __init__(self, decide_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., method: _Optional[str] = ..., customer_hash: _Optional[str] = ..., channel: _Optional[str] = ..., purpose: _Optional[str] = ..., effect: _Optional[_Union[_decision_pb2.Effect, str]] = ..., reasons: _Optional[_Iterable[_Union[ObservedReason, _Mapping]]] = ..., shadow_reasons: _Optional[_Iterable[_Union[ObservedReason, _Mapping]]] = ..., policy_revision: _Optional[int] = ..., degraded: bool = ...) -> None: ...

class ObservedReason(_message.Message):
    __slots__ = ("code", "rule")
    CODE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    code: _decision_pb2.ReasonCode
    rule: str
    def __init__(self, code: _Optional[_Union[_decision_pb2.ReasonCode, str]] = ..., rule: _Optional[str] = ...) -> None: ...

class HourOfDecisions(_message.Message):
    __slots__ = ("start_time", "allowed", "refused", "reasons")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    allowed: int
    refused: int
    reasons: _containers.RepeatedCompositeFieldContainer[ReasonCount]
    def __init__(self, start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., allowed: _Optional[int] = ..., refused: _Optional[int] = ..., reasons: _Optional[_Iterable[_Union[ReasonCount, _Mapping]]] = ...) -> None: ...

class ReasonCount(_message.Message):
    __slots__ = ("code", "count")
    CODE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    code: _decision_pb2.ReasonCode
    count: int
    def __init__(self, code: _Optional[_Union[_decision_pb2.ReasonCode, str]] = ..., count: _Optional[int] = ...) -> None: ...
