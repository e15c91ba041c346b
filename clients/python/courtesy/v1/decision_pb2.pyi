from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Effect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EFFECT_UNSPECIFIED: _ClassVar[Effect]
    EFFECT_ALLOW: _ClassVar[Effect]
    EFFECT_DENY: _ClassVar[Effect]

class ReasonCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REASON_CODE_UNSPECIFIED: _ClassVar[ReasonCode]
    REASON_CODE_OPTED_OUT: _ClassVar[ReasonCode]
    REASON_CODE_NO_CONSENT: _ClassVar[ReasonCode]
    REASON_CODE_SUPPRESSED: _ClassVar[ReasonCode]
    REASON_CODE_BUDGET_SPENT: _ClassVar[ReasonCode]
    REASON_CODE_PERSONAL_CADENCE: _ClassVar[ReasonCode]
    REASON_CODE_TOO_SOON: _ClassVar[ReasonCode]
    REASON_CODE_BACKING_OFF: _ClassVar[ReasonCode]
    REASON_CODE_OUTSIDE_CONTACT_HOURS: _ClassVar[ReasonCode]
    REASON_CODE_QUIET_HOURS: _ClassVar[ReasonCode]
    REASON_CODE_QUIET_PERIOD: _ClassVar[ReasonCode]
    REASON_CODE_CONTENT_RULE: _ClassVar[ReasonCode]
    REASON_CODE_PAUSED: _ClassVar[ReasonCode]
    REASON_CODE_UNKNOWN_TIME_ZONE: _ClassVar[ReasonCode]
    REASON_CODE_STORE_UNAVAILABLE: _ClassVar[ReasonCode]
    REASON_CODE_RECORD_UNREADABLE: _ClassVar[ReasonCode]
    REASON_CODE_HISTORY_FULL: _ClassVar[ReasonCode]
    REASON_CODE_ALREADY_SENT: _ClassVar[ReasonCode]
    REASON_CODE_RESERVATION_ENDED: _ClassVar[ReasonCode]
    REASON_CODE_CUSTOMER_ERASED: _ClassVar[ReasonCode]

class DetailLevel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DETAIL_LEVEL_UNSPECIFIED: _ClassVar[DetailLevel]
    DETAIL_LEVEL_BRIEF: _ClassVar[DetailLevel]
    DETAIL_LEVEL_FULL: _ClassVar[DetailLevel]

class FindingResult(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FINDING_RESULT_UNSPECIFIED: _ClassVar[FindingResult]
    FINDING_RESULT_NOT_CONCERNED: _ClassVar[FindingResult]
    FINDING_RESULT_OFF: _ClassVar[FindingResult]
    FINDING_RESULT_EXEMPT: _ClassVar[FindingResult]
    FINDING_RESULT_SATISFIED: _ClassVar[FindingResult]
    FINDING_RESULT_DENIES: _ClassVar[FindingResult]
    FINDING_RESULT_WOULD_DENY: _ClassVar[FindingResult]
    FINDING_RESULT_NOT_IN_FORCE: _ClassVar[FindingResult]
EFFECT_UNSPECIFIED: Effect
EFFECT_ALLOW: Effect
EFFECT_DENY: Effect
REASON_CODE_UNSPECIFIED: ReasonCode
REASON_CODE_OPTED_OUT: ReasonCode
REASON_CODE_NO_CONSENT: ReasonCode
REASON_CODE_SUPPRESSED: ReasonCode
REASON_CODE_BUDGET_SPENT: ReasonCode
REASON_CODE_PERSONAL_CADENCE: ReasonCode
REASON_CODE_TOO_SOON: ReasonCode
REASON_CODE_BACKING_OFF: ReasonCode
REASON_CODE_OUTSIDE_CONTACT_HOURS: ReasonCode
REASON_CODE_QUIET_HOURS: ReasonCode
REASON_CODE_QUIET_PERIOD: ReasonCode
REASON_CODE_CONTENT_RULE: ReasonCode
REASON_CODE_PAUSED: ReasonCode
REASON_CODE_UNKNOWN_TIME_ZONE: ReasonCode
REASON_CODE_STORE_UNAVAILABLE: ReasonCode
REASON_CODE_RECORD_UNREADABLE: ReasonCode
REASON_CODE_HISTORY_FULL: ReasonCode
REASON_CODE_ALREADY_SENT: ReasonCode
REASON_CODE_RESERVATION_ENDED: ReasonCode
REASON_CODE_CUSTOMER_ERASED: ReasonCode
DETAIL_LEVEL_UNSPECIFIED: DetailLevel
DETAIL_LEVEL_BRIEF: DetailLevel
DETAIL_LEVEL_FULL: DetailLevel
FINDING_RESULT_UNSPECIFIED: FindingResult
FINDING_RESULT_NOT_CONCERNED: FindingResult
FINDING_RESULT_OFF: FindingResult
FINDING_RESULT_EXEMPT: FindingResult
FINDING_RESULT_SATISFIED: FindingResult
FINDING_RESULT_DENIES: FindingResult
FINDING_RESULT_WOULD_DENY: FindingResult
FINDING_RESULT_NOT_IN_FORCE: FindingResult

class Decision(_message.Message):
    __slots__ = ("effect", "reasons", "shadow_reasons", "determining_rules", "next_allowed_time", "valid_until_time", "remaining", "policy_revision", "tzdb_version", "degraded", "record_version", "detail")
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    SHADOW_REASONS_FIELD_NUMBER: _ClassVar[int]
    DETERMINING_RULES_FIELD_NUMBER: _ClassVar[int]
    NEXT_ALLOWED_TIME_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    REMAINING_FIELD_NUMBER: _ClassVar[int]
    POLICY_REVISION_FIELD_NUMBER: _ClassVar[int]
    TZDB_VERSION_FIELD_NUMBER: _ClassVar[int]
    DEGRADED_FIELD_NUMBER: _ClassVar[int]
    RECORD_VERSION_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    effect: Effect
    reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    shadow_reasons: _containers.RepeatedCompositeFieldContainer[Reason]
    determining_rules: _containers.RepeatedScalarFieldContainer[str]
    next_allowed_time: _timestamp_pb2.Timestamp
    valid_until_time: _timestamp_pb2.Timestamp
    remaining: _containers.RepeatedCompositeFieldContainer[RemainingBudget]
    policy_revision: int
    tzdb_version: str
    degraded: bool
    record_version: str
    detail: DecisionDetail
    def __init__(self, effect: _Optional[_Union[Effect, str]] = ..., reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ..., shadow_reasons: _Optional[_Iterable[_Union[Reason, _Mapping]]] = ..., determining_rules: _Optional[_Iterable[str]] = ..., next_allowed_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., remaining: _Optional[_Iterable[_Union[RemainingBudget, _Mapping]]] = ..., policy_revision: _Optional[int] = ..., tzdb_version: _Optional[str] = ..., degraded: bool = ..., record_version: _Optional[str] = ..., detail: _Optional[_Union[DecisionDetail, _Mapping]] = ...) -> None: ...

class Reason(_message.Message):
    __slots__ = ("code", "rule", "cause", "until_time", "message")
    CODE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    code: ReasonCode
    rule: str
    cause: str
    until_time: _timestamp_pb2.Timestamp
    message: str
    def __init__(self, code: _Optional[_Union[ReasonCode, str]] = ..., rule: _Optional[str] = ..., cause: _Optional[str] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., message: _Optional[str] = ...) -> None: ...

class RemainingBudget(_message.Message):
    __slots__ = ("rule", "units")
    RULE_FIELD_NUMBER: _ClassVar[int]
    UNITS_FIELD_NUMBER: _ClassVar[int]
    rule: str
    units: int
    def __init__(self, rule: _Optional[str] = ..., units: _Optional[int] = ...) -> None: ...

class DecisionDetail(_message.Message):
    __slots__ = ("trace", "evidence", "time_zones")
    TRACE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONES_FIELD_NUMBER: _ClassVar[int]
    trace: _containers.RepeatedCompositeFieldContainer[Finding]
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    time_zones: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, trace: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., time_zones: _Optional[_Iterable[str]] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ("rule", "cause", "family", "result", "code", "until_time", "note")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    rule: str
    cause: str
    family: str
    result: FindingResult
    code: ReasonCode
    until_time: _timestamp_pb2.Timestamp
    note: str
    def __init__(self, rule: _Optional[str] = ..., cause: _Optional[str] = ..., family: _Optional[str] = ..., result: _Optional[_Union[FindingResult, str]] = ..., code: _Optional[_Union[ReasonCode, str]] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., note: _Optional[str] = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("rule", "cause", "contact_time", "channel", "purpose", "cost", "age_out_time")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CONTACT_TIME_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    COST_FIELD_NUMBER: _ClassVar[int]
    AGE_OUT_TIME_FIELD_NUMBER: _ClassVar[int]
    rule: str
    cause: str
    contact_time: _timestamp_pb2.Timestamp
    channel: str
    purpose: str
    cost: int
    age_out_time: _timestamp_pb2.Timestamp
    def __init__(self, rule: _Optional[str] = ..., cause: _Optional[str] = ..., contact_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., channel: _Optional[str] = ..., purpose: _Optional[str] = ..., cost: _Optional[int] = ..., age_out_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
