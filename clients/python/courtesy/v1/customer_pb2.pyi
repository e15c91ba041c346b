from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CalendarUnit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CALENDAR_UNIT_UNSPECIFIED: _ClassVar[CalendarUnit]
    CALENDAR_UNIT_DAY: _ClassVar[CalendarUnit]
    CALENDAR_UNIT_WEEK: _ClassVar[CalendarUnit]
    CALENDAR_UNIT_MONTH: _ClassVar[CalendarUnit]
    CALENDAR_UNIT_QUARTER: _ClassVar[CalendarUnit]
    CALENDAR_UNIT_YEAR: _ClassVar[CalendarUnit]
CALENDAR_UNIT_UNSPECIFIED: CalendarUnit
CALENDAR_UNIT_DAY: CalendarUnit
CALENDAR_UNIT_WEEK: CalendarUnit
CALENDAR_UNIT_MONTH: CalendarUnit
CALENDAR_UNIT_QUARTER: CalendarUnit
CALENDAR_UNIT_YEAR: CalendarUnit

class Customer(_message.Message):
    __slots__ = ("customer_id", "time_zone", "time_zones", "jurisdictions", "locale", "segments", "attributes", "cadence", "quiet_times", "opt_outs", "consents", "suppressions", "version")
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
    VERSION_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    time_zone: str
    time_zones: _containers.RepeatedScalarFieldContainer[str]
    jurisdictions: _containers.RepeatedScalarFieldContainer[str]
    locale: str
    segments: _containers.RepeatedScalarFieldContainer[str]
    attributes: _containers.ScalarMap[str, str]
    cadence: _containers.RepeatedCompositeFieldContainer[Cadence]
    quiet_times: _containers.RepeatedCompositeFieldContainer[QuietTime]
    opt_outs: _containers.RepeatedCompositeFieldContainer[OptedOut]
    consents: _containers.RepeatedCompositeFieldContainer[Consent]
    suppressions: _containers.RepeatedCompositeFieldContainer[Suppression]
    version: str
    def __init__(self, customer_id: _Optional[str] = ..., time_zone: _Optional[str] = ..., time_zones: _Optional[_Iterable[str]] = ..., jurisdictions: _Optional[_Iterable[str]] = ..., locale: _Optional[str] = ..., segments: _Optional[_Iterable[str]] = ..., attributes: _Optional[_Mapping[str, str]] = ..., cadence: _Optional[_Iterable[_Union[Cadence, _Mapping]]] = ..., quiet_times: _Optional[_Iterable[_Union[QuietTime, _Mapping]]] = ..., opt_outs: _Optional[_Iterable[_Union[OptedOut, _Mapping]]] = ..., consents: _Optional[_Iterable[_Union[Consent, _Mapping]]] = ..., suppressions: _Optional[_Iterable[_Union[Suppression, _Mapping]]] = ..., version: _Optional[str] = ...) -> None: ...

class Scope(_message.Message):
    __slots__ = ("channel", "purpose", "topic", "brand", "occasion", "marketing")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    OCCASION_FIELD_NUMBER: _ClassVar[int]
    MARKETING_FIELD_NUMBER: _ClassVar[int]
    channel: str
    purpose: str
    topic: str
    brand: str
    occasion: str
    marketing: bool
    def __init__(self, channel: _Optional[str] = ..., purpose: _Optional[str] = ..., topic: _Optional[str] = ..., brand: _Optional[str] = ..., occasion: _Optional[str] = ..., marketing: bool = ...) -> None: ...

class OptedOut(_message.Message):
    __slots__ = ("scope", "event_time", "until_time", "source", "except_scopes")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    EXCEPT_SCOPES_FIELD_NUMBER: _ClassVar[int]
    scope: Scope
    event_time: _timestamp_pb2.Timestamp
    until_time: _timestamp_pb2.Timestamp
    source: str
    except_scopes: _containers.RepeatedCompositeFieldContainer[Scope]
    def __init__(self, scope: _Optional[_Union[Scope, _Mapping]] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ..., except_scopes: _Optional[_Iterable[_Union[Scope, _Mapping]]] = ...) -> None: ...

class Consent(_message.Message):
    __slots__ = ("channel", "purpose", "event_time", "confirmed", "ground", "topic", "brand")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_FIELD_NUMBER: _ClassVar[int]
    GROUND_FIELD_NUMBER: _ClassVar[int]
    TOPIC_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    channel: str
    purpose: str
    event_time: _timestamp_pb2.Timestamp
    confirmed: bool
    ground: str
    topic: str
    brand: str
    def __init__(self, channel: _Optional[str] = ..., purpose: _Optional[str] = ..., event_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., confirmed: bool = ..., ground: _Optional[str] = ..., topic: _Optional[str] = ..., brand: _Optional[str] = ...) -> None: ...

class Suppression(_message.Message):
    __slots__ = ("scope", "reason_code", "until_time", "set_time", "source")
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    SET_TIME_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    scope: Scope
    reason_code: str
    until_time: _timestamp_pb2.Timestamp
    set_time: _timestamp_pb2.Timestamp
    source: str
    def __init__(self, scope: _Optional[_Union[Scope, _Mapping]] = ..., reason_code: _Optional[str] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., set_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ...) -> None: ...

class Cadence(_message.Message):
    __slots__ = ("channel", "limit", "sliding", "calendar", "purposes", "topics")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    SLIDING_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    channel: str
    limit: int
    sliding: _duration_pb2.Duration
    calendar: CalendarUnit
    purposes: _containers.RepeatedScalarFieldContainer[str]
    topics: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, channel: _Optional[str] = ..., limit: _Optional[int] = ..., sliding: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., calendar: _Optional[_Union[CalendarUnit, str]] = ..., purposes: _Optional[_Iterable[str]] = ..., topics: _Optional[_Iterable[str]] = ...) -> None: ...

class QuietTime(_message.Message):
    __slots__ = ("days", "yearly", "hours")
    DAYS_FIELD_NUMBER: _ClassVar[int]
    YEARLY_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    days: QuietDays
    yearly: QuietDate
    hours: QuietHours
    def __init__(self, days: _Optional[_Union[QuietDays, _Mapping]] = ..., yearly: _Optional[_Union[QuietDate, _Mapping]] = ..., hours: _Optional[_Union[QuietHours, _Mapping]] = ...) -> None: ...

class QuietDays(_message.Message):
    __slots__ = ("first_date", "last_date")
    FIRST_DATE_FIELD_NUMBER: _ClassVar[int]
    LAST_DATE_FIELD_NUMBER: _ClassVar[int]
    first_date: str
    last_date: str
    def __init__(self, first_date: _Optional[str] = ..., last_date: _Optional[str] = ...) -> None: ...

class QuietDate(_message.Message):
    __slots__ = ("date", "days_around")
    DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_AROUND_FIELD_NUMBER: _ClassVar[int]
    date: str
    days_around: int
    def __init__(self, date: _Optional[str] = ..., days_around: _Optional[int] = ...) -> None: ...

class QuietHours(_message.Message):
    __slots__ = ("to", "days", "channels")
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    to: str
    days: _containers.RepeatedScalarFieldContainer[str]
    channels: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, to: _Optional[str] = ..., days: _Optional[_Iterable[str]] = ..., channels: _Optional[_Iterable[str]] = ..., **kwargs) -> None: ...
