from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PressureProgress(_message.Message):
    __slots__ = ("customers_seen",)
    CUSTOMERS_SEEN_FIELD_NUMBER: _ClassVar[int]
    customers_seen: int
    def __init__(self, customers_seen: _Optional[int] = ...) -> None: ...

class PressureReport(_message.Message):
    __slots__ = ("customers_seen", "customers_unreadable", "weeks", "contacts", "customer_weeks", "channels", "budgets", "opt_outs", "revision", "start_time")
    CUSTOMERS_SEEN_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_UNREADABLE_FIELD_NUMBER: _ClassVar[int]
    WEEKS_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_WEEKS_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    BUDGETS_FIELD_NUMBER: _ClassVar[int]
    OPT_OUTS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    customers_seen: int
    customers_unreadable: int
    weeks: int
    contacts: int
    customer_weeks: _containers.RepeatedCompositeFieldContainer[PressureBucket]
    channels: _containers.RepeatedCompositeFieldContainer[PressureChannel]
    budgets: _containers.RepeatedCompositeFieldContainer[PressureBudget]
    opt_outs: _containers.RepeatedCompositeFieldContainer[PressureBucket]
    revision: int
    start_time: _timestamp_pb2.Timestamp
    def __init__(self, customers_seen: _Optional[int] = ..., customers_unreadable: _Optional[int] = ..., weeks: _Optional[int] = ..., contacts: _Optional[int] = ..., customer_weeks: _Optional[_Iterable[_Union[PressureBucket, _Mapping]]] = ..., channels: _Optional[_Iterable[_Union[PressureChannel, _Mapping]]] = ..., budgets: _Optional[_Iterable[_Union[PressureBudget, _Mapping]]] = ..., opt_outs: _Optional[_Iterable[_Union[PressureBucket, _Mapping]]] = ..., revision: _Optional[int] = ..., start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class PressureBucket(_message.Message):
    __slots__ = ("contacts_min", "contacts_max", "count")
    CONTACTS_MIN_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_MAX_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    contacts_min: int
    contacts_max: int
    count: int
    def __init__(self, contacts_min: _Optional[int] = ..., contacts_max: _Optional[int] = ..., count: _Optional[int] = ...) -> None: ...

class PressureChannel(_message.Message):
    __slots__ = ("channel", "contacts", "customer_weeks")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_WEEKS_FIELD_NUMBER: _ClassVar[int]
    channel: str
    contacts: int
    customer_weeks: _containers.RepeatedCompositeFieldContainer[PressureBucket]
    def __init__(self, channel: _Optional[str] = ..., contacts: _Optional[int] = ..., customer_weeks: _Optional[_Iterable[_Union[PressureBucket, _Mapping]]] = ...) -> None: ...

class PressureBudget(_message.Message):
    __slots__ = ("rule", "customers", "customers_at_limit", "would_refuse")
    RULE_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_FIELD_NUMBER: _ClassVar[int]
    CUSTOMERS_AT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    WOULD_REFUSE_FIELD_NUMBER: _ClassVar[int]
    rule: str
    customers: int
    customers_at_limit: int
    would_refuse: int
    def __init__(self, rule: _Optional[str] = ..., customers: _Optional[int] = ..., customers_at_limit: _Optional[int] = ..., would_refuse: _Optional[int] = ...) -> None: ...
