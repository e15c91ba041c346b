from courtesy.v1 import consent_pb2 as _consent_pb2
from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListChangedCustomersRequest(_message.Message):
    __slots__ = ("page_token", "wait", "page_size", "tenant")
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    WAIT_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    page_token: str
    wait: _duration_pb2.Duration
    page_size: int
    tenant: str
    def __init__(self, page_token: _Optional[str] = ..., wait: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., page_size: _Optional[int] = ..., tenant: _Optional[str] = ...) -> None: ...

class ListChangedCustomersResponse(_message.Message):
    __slots__ = ("customers", "next_page_token", "full")
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FULL_FIELD_NUMBER: _ClassVar[int]
    customers: _containers.RepeatedCompositeFieldContainer[ChangedCustomer]
    next_page_token: str
    full: bool
    def __init__(self, customers: _Optional[_Iterable[_Union[ChangedCustomer, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., full: bool = ...) -> None: ...

class ChangedCustomer(_message.Message):
    __slots__ = ("customer_id", "change_time", "customer", "erased", "last_consent_event", "unreadable")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANGE_TIME_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    LAST_CONSENT_EVENT_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    change_time: _timestamp_pb2.Timestamp
    customer: _customer_pb2.Customer
    erased: bool
    last_consent_event: _consent_pb2.ConsentEvent
    unreadable: bool
    def __init__(self, customer_id: _Optional[str] = ..., change_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., customer: _Optional[_Union[_customer_pb2.Customer, _Mapping]] = ..., erased: bool = ..., last_consent_event: _Optional[_Union[_consent_pb2.ConsentEvent, _Mapping]] = ..., unreadable: bool = ...) -> None: ...
