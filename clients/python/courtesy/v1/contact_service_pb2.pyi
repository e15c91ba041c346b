from courtesy.v1 import contact_pb2 as _contact_pb2
from courtesy.v1 import decision_pb2 as _decision_pb2
from courtesy.v1 import error_reason_pb2 as _error_reason_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReservationState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESERVATION_STATE_UNSPECIFIED: _ClassVar[ReservationState]
    RESERVATION_STATE_HELD: _ClassVar[ReservationState]
    RESERVATION_STATE_SENT: _ClassVar[ReservationState]
    RESERVATION_STATE_BOUNCED: _ClassVar[ReservationState]
    RESERVATION_STATE_RELEASED: _ClassVar[ReservationState]
    RESERVATION_STATE_EXPIRED: _ClassVar[ReservationState]
    RESERVATION_STATE_UNKNOWN: _ClassVar[ReservationState]
RESERVATION_STATE_UNSPECIFIED: ReservationState
RESERVATION_STATE_HELD: ReservationState
RESERVATION_STATE_SENT: ReservationState
RESERVATION_STATE_BOUNCED: ReservationState
RESERVATION_STATE_RELEASED: ReservationState
RESERVATION_STATE_EXPIRED: ReservationState
RESERVATION_STATE_UNKNOWN: ReservationState

class CheckContactRequest(_message.Message):
    __slots__ = ("contact", "detail", "at_least_version", "tenant")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_VERSION_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    detail: _decision_pb2.DetailLevel
    at_least_version: str
    tenant: str
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., detail: _Optional[_Union[_decision_pb2.DetailLevel, str]] = ..., at_least_version: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class CheckContactResponse(_message.Message):
    __slots__ = ("decision",)
    DECISION_FIELD_NUMBER: _ClassVar[int]
    decision: _decision_pb2.Decision
    def __init__(self, decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ...) -> None: ...

class ReserveContactRequest(_message.Message):
    __slots__ = ("contact", "request_id", "hold", "detail", "tenant")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    request_id: str
    hold: _duration_pb2.Duration
    detail: _decision_pb2.DetailLevel
    tenant: str
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., request_id: _Optional[str] = ..., hold: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., detail: _Optional[_Union[_decision_pb2.DetailLevel, str]] = ..., tenant: _Optional[str] = ...) -> None: ...

class ReserveContactResponse(_message.Message):
    __slots__ = ("decision", "expire_time", "replayed", "reservation_state")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_STATE_FIELD_NUMBER: _ClassVar[int]
    decision: _decision_pb2.Decision
    expire_time: _timestamp_pb2.Timestamp
    replayed: bool
    reservation_state: ReservationState
    def __init__(self, decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., replayed: bool = ..., reservation_state: _Optional[_Union[ReservationState, str]] = ...) -> None: ...

class RecheckContactRequest(_message.Message):
    __slots__ = ("contact", "request_id", "release_if_denied", "detail", "tenant")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RELEASE_IF_DENIED_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    request_id: str
    release_if_denied: bool
    detail: _decision_pb2.DetailLevel
    tenant: str
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., request_id: _Optional[str] = ..., release_if_denied: bool = ..., detail: _Optional[_Union[_decision_pb2.DetailLevel, str]] = ..., tenant: _Optional[str] = ...) -> None: ...

class RecheckContactResponse(_message.Message):
    __slots__ = ("decision", "reservation_state", "expire_time")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_STATE_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    decision: _decision_pb2.Decision
    reservation_state: ReservationState
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., reservation_state: _Optional[_Union[ReservationState, str]] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class ConfirmContactRequest(_message.Message):
    __slots__ = ("customer_id", "request_id", "send_time", "tenant", "unanswered")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    request_id: str
    send_time: _timestamp_pb2.Timestamp
    tenant: str
    unanswered: bool
    def __init__(self, customer_id: _Optional[str] = ..., request_id: _Optional[str] = ..., send_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., tenant: _Optional[str] = ..., unanswered: bool = ...) -> None: ...

class ConfirmContactResponse(_message.Message):
    __slots__ = ("late", "send_time", "record_version")
    LATE_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    RECORD_VERSION_FIELD_NUMBER: _ClassVar[int]
    late: bool
    send_time: _timestamp_pb2.Timestamp
    record_version: str
    def __init__(self, late: bool = ..., send_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., record_version: _Optional[str] = ...) -> None: ...

class ReleaseContactRequest(_message.Message):
    __slots__ = ("customer_id", "request_id", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    request_id: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ReleaseContactResponse(_message.Message):
    __slots__ = ("expired", "record_version")
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    RECORD_VERSION_FIELD_NUMBER: _ClassVar[int]
    expired: bool
    record_version: str
    def __init__(self, expired: bool = ..., record_version: _Optional[str] = ...) -> None: ...

class RecordContactRequest(_message.Message):
    __slots__ = ("contact", "request_id", "tenant", "unanswered")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    request_id: str
    tenant: str
    unanswered: bool
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ..., unanswered: bool = ...) -> None: ...

class RecordContactResponse(_message.Message):
    __slots__ = ("decision",)
    DECISION_FIELD_NUMBER: _ClassVar[int]
    decision: _decision_pb2.Decision
    def __init__(self, decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ...) -> None: ...

class BatchCheckContactsRequest(_message.Message):
    __slots__ = ("contacts", "detail", "tenant")
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_contact_pb2.Contact]
    detail: _decision_pb2.DetailLevel
    tenant: str
    def __init__(self, contacts: _Optional[_Iterable[_Union[_contact_pb2.Contact, _Mapping]]] = ..., detail: _Optional[_Union[_decision_pb2.DetailLevel, str]] = ..., tenant: _Optional[str] = ...) -> None: ...

class BatchCheckContactsResponse(_message.Message):
    __slots__ = ("results", "ignores_case")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    IGNORES_CASE_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchCheckResult]
    ignores_case: bool
    def __init__(self, results: _Optional[_Iterable[_Union[BatchCheckResult, _Mapping]]] = ..., ignores_case: bool = ...) -> None: ...

class BatchCheckResult(_message.Message):
    __slots__ = ("decision", "error")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    decision: _decision_pb2.Decision
    error: ItemError
    def __init__(self, decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class BatchReserveContactsRequest(_message.Message):
    __slots__ = ("reservations", "tenant")
    RESERVATIONS_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    reservations: _containers.RepeatedCompositeFieldContainer[BatchReservation]
    tenant: str
    def __init__(self, reservations: _Optional[_Iterable[_Union[BatchReservation, _Mapping]]] = ..., tenant: _Optional[str] = ...) -> None: ...

class BatchReservation(_message.Message):
    __slots__ = ("contact", "request_id", "hold")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    request_id: str
    hold: _duration_pb2.Duration
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., request_id: _Optional[str] = ..., hold: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class BatchReserveContactsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchReserveResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchReserveResult, _Mapping]]] = ...) -> None: ...

class BatchReserveResult(_message.Message):
    __slots__ = ("reservation", "error")
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    reservation: ReserveContactResponse
    error: ItemError
    def __init__(self, reservation: _Optional[_Union[ReserveContactResponse, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class BatchConfirmContactsRequest(_message.Message):
    __slots__ = ("confirmations", "tenant")
    CONFIRMATIONS_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    confirmations: _containers.RepeatedCompositeFieldContainer[BatchConfirmation]
    tenant: str
    def __init__(self, confirmations: _Optional[_Iterable[_Union[BatchConfirmation, _Mapping]]] = ..., tenant: _Optional[str] = ...) -> None: ...

class BatchConfirmation(_message.Message):
    __slots__ = ("customer_id", "request_id", "send_time", "unanswered")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SEND_TIME_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    request_id: str
    send_time: _timestamp_pb2.Timestamp
    unanswered: bool
    def __init__(self, customer_id: _Optional[str] = ..., request_id: _Optional[str] = ..., send_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., unanswered: bool = ...) -> None: ...

class BatchConfirmContactsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchConfirmResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchConfirmResult, _Mapping]]] = ...) -> None: ...

class BatchConfirmResult(_message.Message):
    __slots__ = ("confirmation", "error")
    CONFIRMATION_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    confirmation: ConfirmContactResponse
    error: ItemError
    def __init__(self, confirmation: _Optional[_Union[ConfirmContactResponse, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class BatchReleaseContactsRequest(_message.Message):
    __slots__ = ("releases", "tenant")
    RELEASES_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    releases: _containers.RepeatedCompositeFieldContainer[BatchRelease]
    tenant: str
    def __init__(self, releases: _Optional[_Iterable[_Union[BatchRelease, _Mapping]]] = ..., tenant: _Optional[str] = ...) -> None: ...

class BatchRelease(_message.Message):
    __slots__ = ("customer_id", "request_id")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    request_id: str
    def __init__(self, customer_id: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchReleaseContactsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchReleaseResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchReleaseResult, _Mapping]]] = ...) -> None: ...

class BatchReleaseResult(_message.Message):
    __slots__ = ("release", "error")
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    release: ReleaseContactResponse
    error: ItemError
    def __init__(self, release: _Optional[_Union[ReleaseContactResponse, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class BatchRecordContactsRequest(_message.Message):
    __slots__ = ("records", "tenant")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[BatchRecord]
    tenant: str
    def __init__(self, records: _Optional[_Iterable[_Union[BatchRecord, _Mapping]]] = ..., tenant: _Optional[str] = ...) -> None: ...

class BatchRecord(_message.Message):
    __slots__ = ("contact", "request_id", "unanswered")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    request_id: str
    unanswered: bool
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., request_id: _Optional[str] = ..., unanswered: bool = ...) -> None: ...

class BatchRecordContactsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchRecordResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchRecordResult, _Mapping]]] = ...) -> None: ...

class BatchRecordResult(_message.Message):
    __slots__ = ("decision", "error")
    DECISION_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    decision: _decision_pb2.Decision
    error: ItemError
    def __init__(self, decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class BatchRecordEngagementsRequest(_message.Message):
    __slots__ = ("engagements", "tenant")
    ENGAGEMENTS_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    engagements: _containers.RepeatedCompositeFieldContainer[BatchEngagement]
    tenant: str
    def __init__(self, engagements: _Optional[_Iterable[_Union[BatchEngagement, _Mapping]]] = ..., tenant: _Optional[str] = ...) -> None: ...

class BatchEngagement(_message.Message):
    __slots__ = ("customer_id", "kind", "channel", "contact_request_id", "event_time", "request_id")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTACT_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    kind: _contact_pb2.EngagementKind
    channel: str
    contact_request_id: str
    event_time: _timestamp_pb2.Timestamp
    request_id: str
    def __init__(self, customer_id: _Optional[str] = ..., kind: _Optional[_Union[_contact_pb2.EngagementKind, str]] = ..., channel: _Optional[str] = ..., contact_request_id: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class BatchRecordEngagementsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[BatchEngagementResult]
    def __init__(self, results: _Optional[_Iterable[_Union[BatchEngagementResult, _Mapping]]] = ...) -> None: ...

class BatchEngagementResult(_message.Message):
    __slots__ = ("engagement", "error")
    ENGAGEMENT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    engagement: RecordEngagementResponse
    error: ItemError
    def __init__(self, engagement: _Optional[_Union[RecordEngagementResponse, _Mapping]] = ..., error: _Optional[_Union[ItemError, _Mapping]] = ...) -> None: ...

class PlanContactRequest(_message.Message):
    __slots__ = ("contact", "channels", "horizon", "tenant", "all_stretches")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    HORIZON_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    ALL_STRETCHES_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    channels: _containers.RepeatedScalarFieldContainer[str]
    horizon: _duration_pb2.Duration
    tenant: str
    all_stretches: bool
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., channels: _Optional[_Iterable[str]] = ..., horizon: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., tenant: _Optional[str] = ..., all_stretches: bool = ...) -> None: ...

class PlanContactResponse(_message.Message):
    __slots__ = ("plans",)
    PLANS_FIELD_NUMBER: _ClassVar[int]
    plans: _containers.RepeatedCompositeFieldContainer[ChannelPlan]
    def __init__(self, plans: _Optional[_Iterable[_Union[ChannelPlan, _Mapping]]] = ...) -> None: ...

class ChannelPlan(_message.Message):
    __slots__ = ("channel", "next_allowed_time", "valid_until_time", "decision", "stretches", "stretches_truncated")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NEXT_ALLOWED_TIME_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    STRETCHES_FIELD_NUMBER: _ClassVar[int]
    STRETCHES_TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    channel: str
    next_allowed_time: _timestamp_pb2.Timestamp
    valid_until_time: _timestamp_pb2.Timestamp
    decision: _decision_pb2.Decision
    stretches: _containers.RepeatedCompositeFieldContainer[Stretch]
    stretches_truncated: bool
    def __init__(self, channel: _Optional[str] = ..., next_allowed_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., valid_until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ..., stretches: _Optional[_Iterable[_Union[Stretch, _Mapping]]] = ..., stretches_truncated: bool = ...) -> None: ...

class Stretch(_message.Message):
    __slots__ = ("start_time", "end_time", "effect", "reasons")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    effect: _decision_pb2.Effect
    reasons: _containers.RepeatedCompositeFieldContainer[StretchReason]
    def __init__(self, start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., effect: _Optional[_Union[_decision_pb2.Effect, str]] = ..., reasons: _Optional[_Iterable[_Union[StretchReason, _Mapping]]] = ...) -> None: ...

class StretchReason(_message.Message):
    __slots__ = ("code", "rule", "cause")
    CODE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    code: _decision_pb2.ReasonCode
    rule: str
    cause: str
    def __init__(self, code: _Optional[_Union[_decision_pb2.ReasonCode, str]] = ..., rule: _Optional[str] = ..., cause: _Optional[str] = ...) -> None: ...

class ChooseContactRequest(_message.Message):
    __slots__ = ("candidates", "request_id", "hold", "tenant")
    CANDIDATES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    HOLD_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    candidates: _containers.RepeatedCompositeFieldContainer[Candidate]
    request_id: str
    hold: _duration_pb2.Duration
    tenant: str
    def __init__(self, candidates: _Optional[_Iterable[_Union[Candidate, _Mapping]]] = ..., request_id: _Optional[str] = ..., hold: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., tenant: _Optional[str] = ...) -> None: ...

class Candidate(_message.Message):
    __slots__ = ("contact", "value")
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    contact: _contact_pb2.Contact
    value: int
    def __init__(self, contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., value: _Optional[int] = ...) -> None: ...

class ChooseContactResponse(_message.Message):
    __slots__ = ("chosen_index", "decisions", "expire_time", "replayed", "reservation_state")
    CHOSEN_INDEX_FIELD_NUMBER: _ClassVar[int]
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_STATE_FIELD_NUMBER: _ClassVar[int]
    chosen_index: int
    decisions: _containers.RepeatedCompositeFieldContainer[CandidateDecision]
    expire_time: _timestamp_pb2.Timestamp
    replayed: bool
    reservation_state: ReservationState
    def __init__(self, chosen_index: _Optional[int] = ..., decisions: _Optional[_Iterable[_Union[CandidateDecision, _Mapping]]] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., replayed: bool = ..., reservation_state: _Optional[_Union[ReservationState, str]] = ...) -> None: ...

class CandidateDecision(_message.Message):
    __slots__ = ("index", "decision")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    index: int
    decision: _decision_pb2.Decision
    def __init__(self, index: _Optional[int] = ..., decision: _Optional[_Union[_decision_pb2.Decision, _Mapping]] = ...) -> None: ...

class RecordEngagementRequest(_message.Message):
    __slots__ = ("customer_id", "kind", "channel", "contact_request_id", "event_time", "request_id", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTACT_REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    kind: _contact_pb2.EngagementKind
    channel: str
    contact_request_id: str
    event_time: _timestamp_pb2.Timestamp
    request_id: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., kind: _Optional[_Union[_contact_pb2.EngagementKind, str]] = ..., channel: _Optional[str] = ..., contact_request_id: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class RecordEngagementResponse(_message.Message):
    __slots__ = ("record_version", "changed")
    RECORD_VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    record_version: str
    changed: bool
    def __init__(self, record_version: _Optional[str] = ..., changed: bool = ...) -> None: ...

class ItemError(_message.Message):
    __slots__ = ("status_code", "reason", "message")
    STATUS_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    status_code: int
    reason: _error_reason_pb2.ErrorReason
    message: str
    def __init__(self, status_code: _Optional[int] = ..., reason: _Optional[_Union[_error_reason_pb2.ErrorReason, str]] = ..., message: _Optional[str] = ...) -> None: ...
