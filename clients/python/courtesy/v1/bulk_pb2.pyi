from courtesy.v1 import contact_pb2 as _contact_pb2
from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CustomerRow(_message.Message):
    __slots__ = ("customer_id", "time_zone", "time_zones", "jurisdictions", "locale", "segments", "attributes", "cadence", "quiet_times", "opt_outs", "consents", "suppressions", "contacts", "events")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONES_FIELD_NUMBER: _ClassVar[int]
    JURISDICTIONS_FIELD_NUMBER: _ClassVar[int]
    LOCALE_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    CADENCE_FIELD_NUMBER: _ClassVar[int]
    QUIET_TIMES_FIELD_NUMBER: _ClassVar[int]
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    CONSENTS_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    time_zone: str
    time_zones: _containers.RepeatedScalarFieldContainer[str]
    jurisdictions: _containers.RepeatedScalarFieldContainer[str]
    locale: str
    segments: _containers.RepeatedScalarFieldContainer[str]
    attributes: _containers.ScalarMap[str, str]
    cadence: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Cadence]
    quiet_times: _containers.RepeatedCompositeFieldContainer[_customer_pb2.QuietTime]
    opt_outs: _containers.RepeatedCompositeFieldContainer[RowOptOut]
    consents: _containers.RepeatedCompositeFieldContainer[RowConsent]
    suppressions: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Suppression]
    contacts: _containers.RepeatedCompositeFieldContainer[_contact_pb2.RecordedContact]
    events: _containers.RepeatedCompositeFieldContainer[RowEvent]
    def __init__(self, customer_id: _Optional[str] = ..., time_zone: _Optional[str] = ..., time_zones: _Optional[_Iterable[str]] = ..., jurisdictions: _Optional[_Iterable[str]] = ..., locale: _Optional[str] = ..., segments: _Optional[_Iterable[str]] = ..., attributes: _Optional[_Mapping[str, str]] = ..., cadence: _Optional[_Iterable[_Union[_customer_pb2.Cadence, _Mapping]]] = ..., quiet_times: _Optional[_Iterable[_Union[_customer_pb2.QuietTime, _Mapping]]] = ..., opt_outs: _Optional[_Iterable[_Union[RowOptOut, _Mapping]]] = ..., consents: _Optional[_Iterable[_Union[RowConsent, _Mapping]]] = ..., suppressions: _Optional[_Iterable[_Union[_customer_pb2.Suppression, _Mapping]]] = ..., contacts: _Optional[_Iterable[_Union[_contact_pb2.RecordedContact, _Mapping]]] = ..., events: _Optional[_Iterable[_Union[RowEvent, _Mapping]]] = ...) -> None: ...

class RowEvent(_message.Message):
    __slots__ = ("kind", "channel", "event_time")
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    kind: _contact_pb2.EngagementKind
    channel: str
    event_time: _timestamp_pb2.Timestamp
    def __init__(self, kind: _Optional[_Union[_contact_pb2.EngagementKind, str]] = ..., channel: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class RowOptOut(_message.Message):
    __slots__ = ("scope", "event_time", "until_time", "source", "evidence", "stop")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    STOP_FIELD_NUMBER: _ClassVar[int]
    scope: _customer_pb2.Scope
    event_time: _timestamp_pb2.Timestamp
    until_time: _timestamp_pb2.Timestamp
    source: str
    evidence: str
    stop: RowStop
    def __init__(self, scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., evidence: _Optional[str] = ..., stop: _Optional[_Union[RowStop, _Mapping]] = ...) -> None: ...

class RowStop(_message.Message):
    __slots__ = ("channel", "reach_in_words", "except_scopes")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REACH_IN_WORDS_FIELD_NUMBER: _ClassVar[int]
    EXCEPT_SCOPES_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reach_in_words: bool
    except_scopes: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Scope]
    def __init__(self, channel: _Optional[str] = ..., reach_in_words: bool = ..., except_scopes: _Optional[_Iterable[_Union[_customer_pb2.Scope, _Mapping]]] = ...) -> None: ...

class RowConsent(_message.Message):
    __slots__ = ("channel", "purpose", "event_time", "confirmed", "source", "evidence", "ground", "topic", "brand")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    channel: str
    purpose: str
    event_time: _timestamp_pb2.Timestamp
    confirmed: bool
    source: str
    evidence: str
    ground: str
    topic: str
    brand: str
    def __init__(self, channel: _Optional[str] = ..., purpose: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., confirmed: bool = ..., source: _Optional[str] = ..., evidence: _Optional[str] = ..., ground: _Optional[str] = ..., topic: _Optional[str] = ..., brand: _Optional[str] = ...) -> None: ...

class ImportCustomersRequest(_message.Message):
    __slots__ = ("options", "chunk")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    options: ImportOptions
    chunk: ImportChunk
    def __init__(self, options: _Optional[_Union[ImportOptions, _Mapping]] = ..., chunk: _Optional[_Union[ImportChunk, _Mapping]] = ...) -> None: ...

class ImportOptions(_message.Message):
    __slots__ = ("dry_run", "allow_opt_in", "source", "event_time", "evidence", "tenant")
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    ALLOW_OPT_IN_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    dry_run: bool
    allow_opt_in: bool
    source: str
    event_time: _timestamp_pb2.Timestamp
    evidence: str
    tenant: str
    def __init__(self, dry_run: bool = ..., allow_opt_in: bool = ..., source: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., evidence: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ImportChunk(_message.Message):
    __slots__ = ("rows",)
    ROWS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[ImportRow]
    def __init__(self, rows: _Optional[_Iterable[_Union[ImportRow, _Mapping]]] = ...) -> None: ...

class ImportRow(_message.Message):
    __slots__ = ("row_number", "customer")
    ROW_NUMBER_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    row_number: int
    customer: CustomerRow
    def __init__(self, row_number: _Optional[int] = ..., customer: _Optional[_Union[CustomerRow, _Mapping]] = ...) -> None: ...

class ImportCustomersResponse(_message.Message):
    __slots__ = ("acknowledged_row_number", "counts", "refused_rows")
    ACKNOWLEDGED_ROW_NUMBER_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    REFUSED_ROWS_FIELD_NUMBER: _ClassVar[int]
    acknowledged_row_number: int
    counts: ImportCounts
    refused_rows: _containers.RepeatedCompositeFieldContainer[RefusedRow]
    def __init__(self, acknowledged_row_number: _Optional[int] = ..., counts: _Optional[_Union[ImportCounts, _Mapping]] = ..., refused_rows: _Optional[_Iterable[_Union[RefusedRow, _Mapping]]] = ...) -> None: ...

class ImportCounts(_message.Message):
    __slots__ = ("imported", "unchanged", "refused", "opt_outs", "opt_ins", "opt_ins_withheld", "opt_outs_ended", "events")
    IMPORTED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    OPT_INS_FIELD_NUMBER: _ClassVar[int]
    OPT_INS_WITHHELD_FIELD_NUMBER: _ClassVar[int]
    OPT_OUTS_ENDED_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    imported: int
    unchanged: int
    refused: int
    opt_outs: int
    opt_ins: int
    opt_ins_withheld: int
    opt_outs_ended: int
    events: int
    def __init__(self, imported: _Optional[int] = ..., unchanged: _Optional[int] = ..., refused: _Optional[int] = ..., opt_outs: _Optional[int] = ..., opt_ins: _Optional[int] = ..., opt_ins_withheld: _Optional[int] = ..., opt_outs_ended: _Optional[int] = ..., events: _Optional[int] = ...) -> None: ...

class RefusedRow(_message.Message):
    __slots__ = ("row_number", "violations")
    ROW_NUMBER_FIELD_NUMBER: _ClassVar[int]
    VIOLATIONS_FIELD_NUMBER: _ClassVar[int]
    row_number: int
    violations: _containers.RepeatedCompositeFieldContainer[RowViolation]
    def __init__(self, row_number: _Optional[int] = ..., violations: _Optional[_Iterable[_Union[RowViolation, _Mapping]]] = ...) -> None: ...

class RowViolation(_message.Message):
    __slots__ = ("field", "description")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    field: str
    description: str
    def __init__(self, field: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class ExportCustomersRequest(_message.Message):
    __slots__ = ("tenant", "include_contacts", "resume_token")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_CONTACTS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    include_contacts: bool
    resume_token: str
    def __init__(self, tenant: _Optional[str] = ..., include_contacts: bool = ..., resume_token: _Optional[str] = ...) -> None: ...

class ExportCustomersResponse(_message.Message):
    __slots__ = ("customers", "unreadable_customer_ids", "resume_token")
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_CUSTOMER_IDS_FIELD_NUMBER: _ClassVar[int]
    RESUME_TOKEN_FIELD_NUMBER: _ClassVar[int]
    customers: _containers.RepeatedCompositeFieldContainer[CustomerRow]
    unreadable_customer_ids: _containers.RepeatedScalarFieldContainer[str]
    resume_token: str
    def __init__(self, customers: _Optional[_Iterable[_Union[CustomerRow, _Mapping]]] = ..., unreadable_customer_ids: _Optional[_Iterable[str]] = ..., resume_token: _Optional[str] = ...) -> None: ...
