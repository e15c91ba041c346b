from courtesy.v1 import bulk_pb2 as _bulk_pb2
from courtesy.v1 import changed_customer_pb2 as _changed_customer_pb2
from courtesy.v1 import consent_pb2 as _consent_pb2
from courtesy.v1 import contact_pb2 as _contact_pb2
from courtesy.v1 import contact_import_pb2 as _contact_import_pb2
from courtesy.v1 import customer_pb2 as _customer_pb2
from courtesy.v1 import erasure_pb2 as _erasure_pb2
from courtesy.v1 import inbound_message_pb2 as _inbound_message_pb2
from courtesy.v1 import overdue_reply_pb2 as _overdue_reply_pb2
from courtesy.v1 import preference_pb2 as _preference_pb2
from courtesy.v1 import suppression_pb2 as _suppression_pb2
from courtesy.v1 import unclear_message_pb2 as _unclear_message_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCustomerRequest(_message.Message):
    __slots__ = ("customer_id", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class GetCustomerResponse(_message.Message):
    __slots__ = ("customer",)
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    customer: _customer_pb2.Customer
    def __init__(self, customer: _Optional[_Union[_customer_pb2.Customer, _Mapping]] = ...) -> None: ...

class UpdateCustomerRequest(_message.Message):
    __slots__ = ("customer", "update_mask", "expected_version", "tenant", "request_id")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    customer: _customer_pb2.Customer
    update_mask: _field_mask_pb2.FieldMask
    expected_version: str
    tenant: str
    request_id: str
    def __init__(self, customer: _Optional[_Union[_customer_pb2.Customer, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., expected_version: _Optional[str] = ..., tenant: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class UpdateCustomerResponse(_message.Message):
    __slots__ = ("customer", "changed")
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    customer: _customer_pb2.Customer
    changed: bool
    def __init__(self, customer: _Optional[_Union[_customer_pb2.Customer, _Mapping]] = ..., changed: bool = ...) -> None: ...

class OptOutRequest(_message.Message):
    __slots__ = ("customer_id", "scope", "event_time", "until_time", "source", "evidence", "request_id", "tenant", "snooze")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    SNOOZE_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    scope: _customer_pb2.Scope
    event_time: _timestamp_pb2.Timestamp
    until_time: _timestamp_pb2.Timestamp
    source: str
    evidence: str
    request_id: str
    tenant: str
    snooze: _duration_pb2.Duration
    def __init__(self, customer_id: _Optional[str] = ..., scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., evidence: _Optional[str] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ..., snooze: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class OptOutResponse(_message.Message):
    __slots__ = ("opt_outs", "version", "changed")
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    opt_outs: _containers.RepeatedCompositeFieldContainer[_customer_pb2.OptedOut]
    version: str
    changed: bool
    def __init__(self, opt_outs: _Optional[_Iterable[_Union[_customer_pb2.OptedOut, _Mapping]]] = ..., version: _Optional[str] = ..., changed: bool = ...) -> None: ...

class OptInRequest(_message.Message):
    __slots__ = ("customer_id", "scope", "event_time", "source", "evidence", "pending", "request_id", "tenant", "ground")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    PENDING_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    scope: _customer_pb2.Scope
    event_time: _timestamp_pb2.Timestamp
    source: str
    evidence: str
    pending: bool
    request_id: str
    tenant: str
    ground: str
    def __init__(self, customer_id: _Optional[str] = ..., scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., evidence: _Optional[str] = ..., pending: bool = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ..., ground: _Optional[str] = ...) -> None: ...

class OptInResponse(_message.Message):
    __slots__ = ("opt_outs", "consents", "version", "changed")
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    CONSENTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    opt_outs: _containers.RepeatedCompositeFieldContainer[_customer_pb2.OptedOut]
    consents: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Consent]
    version: str
    changed: bool
    def __init__(self, opt_outs: _Optional[_Iterable[_Union[_customer_pb2.OptedOut, _Mapping]]] = ..., consents: _Optional[_Iterable[_Union[_customer_pb2.Consent, _Mapping]]] = ..., version: _Optional[str] = ..., changed: bool = ...) -> None: ...

class ListContactsRequest(_message.Message):
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

class ListContactsResponse(_message.Message):
    __slots__ = ("contacts", "next_page_token")
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedCompositeFieldContainer[_contact_pb2.RecordedContact]
    next_page_token: str
    def __init__(self, contacts: _Optional[_Iterable[_Union[_contact_pb2.RecordedContact, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class IssueUnsubscribeLinkRequest(_message.Message):
    __slots__ = ("customer_id", "scope", "valid_for", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    VALID_FOR_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    scope: _customer_pb2.Scope
    valid_for: _duration_pb2.Duration
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., valid_for: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., tenant: _Optional[str] = ...) -> None: ...

class IssueUnsubscribeLinkResponse(_message.Message):
    __slots__ = ("url", "list_unsubscribe", "list_unsubscribe_post", "expire_time")
    URL_FIELD_NUMBER: _ClassVar[int]
    LIST_UNSUBSCRIBE_FIELD_NUMBER: _ClassVar[int]
    LIST_UNSUBSCRIBE_POST_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    url: str
    list_unsubscribe: str
    list_unsubscribe_post: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, url: _Optional[str] = ..., list_unsubscribe: _Optional[str] = ..., list_unsubscribe_post: _Optional[str] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...
