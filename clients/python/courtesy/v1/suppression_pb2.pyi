from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class SuppressCustomerRequest(_message.Message):
    __slots__ = ("customer_id", "scope", "reason_code", "until_time", "source", "request_id", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    scope: _customer_pb2.Scope
    reason_code: str
    until_time: _timestamp_pb2.Timestamp
    source: str
    request_id: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., reason_code: _Optional[str] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class SuppressCustomerResponse(_message.Message):
    __slots__ = ("suppressions", "version", "changed")
    SUPPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    suppressions: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Suppression]
    version: str
    changed: bool
    def __init__(self, suppressions: _Optional[_Iterable[_Union[_customer_pb2.Suppression, _Mapping]]] = ..., version: _Optional[str] = ..., changed: bool = ...) -> None: ...

class UnsuppressCustomerRequest(_message.Message):
    __slots__ = ("customer_id", "scope", "reason_code", "request_id", "tenant")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    scope: _customer_pb2.Scope
    reason_code: str
    request_id: str
    tenant: str
    def __init__(self, customer_id: _Optional[str] = ..., scope: _Optional[_Union[_customer_pb2.Scope, _Mapping]] = ..., reason_code: _Optional[str] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class UnsuppressCustomerResponse(_message.Message):
    __slots__ = ("lifted", "suppressions", "version", "changed")
    LIFTED_FIELD_NUMBER: _ClassVar[int]
    SUPPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    lifted: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Suppression]
    suppressions: _containers.RepeatedCompositeFieldContainer[_customer_pb2.Suppression]
    version: str
    changed: bool
    def __init__(self, lifted: _Optional[_Iterable[_Union[_customer_pb2.Suppression, _Mapping]]] = ..., suppressions: _Optional[_Iterable[_Union[_customer_pb2.Suppression, _Mapping]]] = ..., version: _Optional[str] = ..., changed: bool = ...) -> None: ...
