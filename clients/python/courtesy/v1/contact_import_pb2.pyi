from courtesy.v1 import bulk_pb2 as _bulk_pb2
from courtesy.v1 import contact_pb2 as _contact_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ImportContactsRequest(_message.Message):
    __slots__ = ("options", "chunk")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    options: ImportContactsOptions
    chunk: ImportContactsChunk
    def __init__(self, options: _Optional[_Union[ImportContactsOptions, _Mapping]] = ..., chunk: _Optional[_Union[ImportContactsChunk, _Mapping]] = ...) -> None: ...

class ImportContactsOptions(_message.Message):
    __slots__ = ("dry_run", "tenant")
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    dry_run: bool
    tenant: str
    def __init__(self, dry_run: bool = ..., tenant: _Optional[str] = ...) -> None: ...

class ImportContactsChunk(_message.Message):
    __slots__ = ("rows",)
    ROWS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[ContactRow]
    def __init__(self, rows: _Optional[_Iterable[_Union[ContactRow, _Mapping]]] = ...) -> None: ...

class ContactRow(_message.Message):
    __slots__ = ("row_number", "contact", "unanswered")
    ROW_NUMBER_FIELD_NUMBER: _ClassVar[int]
    CONTACT_FIELD_NUMBER: _ClassVar[int]
    UNANSWERED_FIELD_NUMBER: _ClassVar[int]
    row_number: int
    contact: _contact_pb2.Contact
    unanswered: bool
    def __init__(self, row_number: _Optional[int] = ..., contact: _Optional[_Union[_contact_pb2.Contact, _Mapping]] = ..., unanswered: bool = ...) -> None: ...

class ImportContactsResponse(_message.Message):
    __slots__ = ("counts", "refused_rows", "reached_limits")
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    REFUSED_ROWS_FIELD_NUMBER: _ClassVar[int]
    REACHED_LIMITS_FIELD_NUMBER: _ClassVar[int]
    counts: ImportContactsCounts
    refused_rows: _containers.RepeatedCompositeFieldContainer[_bulk_pb2.RefusedRow]
    reached_limits: _containers.RepeatedCompositeFieldContainer[ReachedLimit]
    def __init__(self, counts: _Optional[_Union[ImportContactsCounts, _Mapping]] = ..., refused_rows: _Optional[_Iterable[_Union[_bulk_pb2.RefusedRow, _Mapping]]] = ..., reached_limits: _Optional[_Iterable[_Union[ReachedLimit, _Mapping]]] = ...) -> None: ...

class ImportContactsCounts(_message.Message):
    __slots__ = ("recorded", "unchanged", "refused", "too_old", "erased", "customers", "customers_at_limit")
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    TOO_OLD_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_AT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    recorded: int
    unchanged: int
    refused: int
    too_old: int
    erased: int
    customers: int
    customers_at_limit: int
    def __init__(self, recorded: _Optional[int] = ..., unchanged: _Optional[int] = ..., refused: _Optional[int] = ..., too_old: _Optional[int] = ..., erased: _Optional[int] = ..., customers: _Optional[int] = ..., customers_at_limit: _Optional[int] = ...) -> None: ...

class ReachedLimit(_message.Message):
    __slots__ = ("rule", "customers")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    rule: str
    customers: int
    def __init__(self, rule: _Optional[str] = ..., customers: _Optional[int] = ...) -> None: ...
