from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ListOccasionsRequest(_message.Message):
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

class ListOccasionsResponse(_message.Message):
    __slots__ = ("occasions", "next_page_token")
    OCCASIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    occasions: _containers.RepeatedCompositeFieldContainer[OfferedOccasion]
    next_page_token: str
    def __init__(self, occasions: _Optional[_Iterable[_Union[OfferedOccasion, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class OfferedOccasion(_message.Message):
    __slots__ = ("name", "title", "next_days", "opted_out", "opt_outs", "keeps_days_quiet")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    NEXT_DAYS_FIELD_NUMBER: _ClassVar[int]
    OPTED_OUT_FIELD_NUMBER: _ClassVar[int]
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    KEEPS_DAYS_QUIET_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    next_days: _containers.RepeatedCompositeFieldContainer[OccasionDays]
    opted_out: bool
    opt_outs: _containers.RepeatedCompositeFieldContainer[_customer_pb2.OptedOut]
    keeps_days_quiet: bool
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., next_days: _Optional[_Iterable[_Union[OccasionDays, _Mapping]]] = ..., opted_out: bool = ..., opt_outs: _Optional[_Iterable[_Union[_customer_pb2.OptedOut, _Mapping]]] = ..., keeps_days_quiet: bool = ...) -> None: ...

class OccasionDays(_message.Message):
    __slots__ = ("first_date", "last_date", "countries")
    FIRST_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_DATE_FIELD_NUMBER: _ClassVar[int]
    COUNTRIES_FIELD_NUMBER: _ClassVar[int]
    first_date: str
    last_date: str
    countries: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, first_date: _Optional[str] = ..., last_date: _Optional[str] = ..., countries: _Optional[_Iterable[str]] = ...) -> None: ...
