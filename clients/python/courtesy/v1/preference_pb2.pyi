from courtesy.v1 import customer_pb2 as _customer_pb2
from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChoiceState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHOICE_STATE_UNSPECIFIED: _ClassVar[ChoiceState]
    CHOICE_STATE_WANTED: _ClassVar[ChoiceState]
    CHOICE_STATE_REFUSED: _ClassVar[ChoiceState]
    CHOICE_STATE_REFUSED_BY_WIDER: _ClassVar[ChoiceState]
    CHOICE_STATE_NEEDS_CONSENT: _ClassVar[ChoiceState]
    CHOICE_STATE_PENDING: _ClassVar[ChoiceState]
CHOICE_STATE_UNSPECIFIED: ChoiceState
CHOICE_STATE_WANTED: ChoiceState
CHOICE_STATE_REFUSED: ChoiceState
CHOICE_STATE_REFUSED_BY_WIDER: ChoiceState
CHOICE_STATE_NEEDS_CONSENT: ChoiceState
CHOICE_STATE_PENDING: ChoiceState

class IssuePreferenceLinkRequest(_message.Message):
    __slots__ = ("customer_id", "channel", "valid_for", "tenant", "brand")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    VALID_FOR_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    channel: str
    valid_for: _duration_pb2.Duration
    tenant: str
    brand: str
    def __init__(self, customer_id: _Optional[str] = ..., channel: _Optional[str] = ..., valid_for: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., tenant: _Optional[str] = ..., brand: _Optional[str] = ...) -> None: ...

class IssuePreferenceLinkResponse(_message.Message):
    __slots__ = ("url", "expire_time")
    URL_FIELD_NUMBER: _ClassVar[int]
    EXPIRE_TIME_FIELD_NUMBER: _ClassVar[int]
    url: str
    expire_time: _timestamp_pb2.Timestamp
    def __init__(self, url: _Optional[str] = ..., expire_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class GetPreferencesRequest(_message.Message):
    __slots__ = ("customer_id", "tenant", "language", "brand")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    tenant: str
    language: str
    brand: str
    def __init__(self, customer_id: _Optional[str] = ..., tenant: _Optional[str] = ..., language: _Optional[str] = ..., brand: _Optional[str] = ...) -> None: ...

class GetPreferencesResponse(_message.Message):
    __slots__ = ("form", "version")
    FORM_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    form: PreferenceForm
    version: str
    def __init__(self, form: _Optional[_Union[PreferenceForm, _Mapping]] = ..., version: _Optional[str] = ...) -> None: ...

class PreferenceForm(_message.Message):
    __slots__ = ("topics", "purposes", "channels", "cadences", "break_until_time", "occasions", "always_sent_purposes", "own_dates", "own_date_offered", "breaks", "most", "sender", "always_sent_titles")
    TOPICS_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    CADENCES_FIELD_NUMBER: _ClassVar[int]
    BREAK_UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    OCCASIONS_FIELD_NUMBER: _ClassVar[int]
    ALWAYS_SENT_PURPOSES_FIELD_NUMBER: _ClassVar[int]
    OWN_DATES_FIELD_NUMBER: _ClassVar[int]
    OWN_DATE_OFFERED_FIELD_NUMBER: _ClassVar[int]
    BREAKS_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    SENDER_FIELD_NUMBER: _ClassVar[int]
    ALWAYS_SENT_TITLES_FIELD_NUMBER: _ClassVar[int]
    topics: _containers.RepeatedCompositeFieldContainer[Choice]
    purposes: _containers.RepeatedCompositeFieldContainer[Choice]
    channels: _containers.RepeatedCompositeFieldContainer[Choice]
    cadences: _containers.RepeatedCompositeFieldContainer[CadenceChoice]
    break_until_time: _timestamp_pb2.Timestamp
    occasions: _containers.RepeatedCompositeFieldContainer[OccasionChoice]
    always_sent_purposes: _containers.RepeatedScalarFieldContainer[str]
    own_dates: _containers.RepeatedCompositeFieldContainer[_customer_pb2.QuietDate]
    own_date_offered: bool
    breaks: _containers.RepeatedCompositeFieldContainer[_duration_pb2.Duration]
    most: CadenceChoice
    sender: PreferenceSender
    always_sent_titles: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, topics: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ..., purposes: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ..., channels: _Optional[_Iterable[_Union[Choice, _Mapping]]] = ..., cadences: _Optional[_Iterable[_Union[CadenceChoice, _Mapping]]] = ..., break_until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., occasions: _Optional[_Iterable[_Union[OccasionChoice, _Mapping]]] = ..., always_sent_purposes: _Optional[_Iterable[str]] = ..., own_dates: _Optional[_Iterable[_Union[_customer_pb2.QuietDate, _Mapping]]] = ..., own_date_offered: bool = ..., breaks: _Optional[_Iterable[_Union[_duration_pb2.Duration, _Mapping]]] = ..., most: _Optional[_Union[CadenceChoice, _Mapping]] = ..., sender: _Optional[_Union[PreferenceSender, _Mapping]] = ..., always_sent_titles: _Optional[_Iterable[str]] = ...) -> None: ...

class PreferenceSender(_message.Message):
    __slots__ = ("name", "address", "privacy_url", "colour")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PRIVACY_URL_FIELD_NUMBER: _ClassVar[int]
    COLOUR_FIELD_NUMBER: _ClassVar[int]
    name: str
    address: str
    privacy_url: str
    colour: str
    def __init__(self, name: _Optional[str] = ..., address: _Optional[str] = ..., privacy_url: _Optional[str] = ..., colour: _Optional[str] = ...) -> None: ...

class Choice(_message.Message):
    __slots__ = ("name", "title", "state", "until_time")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_TIME_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    state: ChoiceState
    until_time: _timestamp_pb2.Timestamp
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., state: _Optional[_Union[ChoiceState, str]] = ..., until_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class CadenceChoice(_message.Message):
    __slots__ = ("limit", "per", "calendar", "chosen")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    CALENDAR_FIELD_NUMBER: _ClassVar[int]
    CHOSEN_FIELD_NUMBER: _ClassVar[int]
    limit: int
    per: _duration_pb2.Duration
    calendar: _customer_pb2.CalendarUnit
    chosen: bool
    def __init__(self, limit: _Optional[int] = ..., per: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., calendar: _Optional[_Union[_customer_pb2.CalendarUnit, str]] = ..., chosen: bool = ...) -> None: ...

class OccasionChoice(_message.Message):
    __slots__ = ("name", "title", "state", "next_date", "keeps_days_quiet", "first")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    NEXT_DATE_FIELD_NUMBER: _ClassVar[int]
    KEEPS_DAYS_QUIET_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    name: str
    title: str
    state: ChoiceState
    next_date: str
    keeps_days_quiet: bool
    first: bool
    def __init__(self, name: _Optional[str] = ..., title: _Optional[str] = ..., state: _Optional[_Union[ChoiceState, str]] = ..., next_date: _Optional[str] = ..., keeps_days_quiet: bool = ..., first: bool = ...) -> None: ...

class SetPreferencesRequest(_message.Message):
    __slots__ = ("customer_id", "expected_version", "refused_topics", "wanted_topics", "refused_purposes", "wanted_purposes", "refused_channels", "wanted_channels", "cadence", "break_for", "stop_all", "evidence", "source", "request_id", "tenant", "refused_occasions", "wanted_occasions", "added_dates", "removed_dates", "end_break", "brand", "proven_channel")
    CUSTOMER_ID_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_VERSION_FIELD_NUMBER: _ClassVar[int]
    REFUSED_TOPICS_FIELD_NUMBER: _ClassVar[int]
    WANTED_TOPICS_FIELD_NUMBER: _ClassVar[int]
    REFUSED_PURPOSES_FIELD_NUMBER: _ClassVar[int]
    WANTED_PURPOSES_FIELD_NUMBER: _ClassVar[int]
    REFUSED_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    WANTED_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    CADENCE_FIELD_NUMBER: _ClassVar[int]
    BREAK_FOR_FIELD_NUMBER: _ClassVar[int]
    STOP_ALL_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_OCCASIONS_FIELD_NUMBER: _ClassVar[int]
    WANTED_OCCASIONS_FIELD_NUMBER: _ClassVar[int]
    ADDED_DATES_FIELD_NUMBER: _ClassVar[int]
    REMOVED_DATES_FIELD_NUMBER: _ClassVar[int]
    END_BREAK_FIELD_NUMBER: _ClassVar[int]
    BRAND_FIELD_NUMBER: _ClassVar[int]
    PROVEN_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    customer_id: str
    expected_version: str
    refused_topics: _containers.RepeatedScalarFieldContainer[str]
    wanted_topics: _containers.RepeatedScalarFieldContainer[str]
    refused_purposes: _containers.RepeatedScalarFieldContainer[str]
    wanted_purposes: _containers.RepeatedScalarFieldContainer[str]
    refused_channels: _containers.RepeatedScalarFieldContainer[str]
    wanted_channels: _containers.RepeatedScalarFieldContainer[str]
    cadence: CadenceWish
    break_for: _duration_pb2.Duration
    stop_all: bool
    evidence: str
    source: str
    request_id: str
    tenant: str
    refused_occasions: _containers.RepeatedScalarFieldContainer[str]
    wanted_occasions: _containers.RepeatedScalarFieldContainer[str]
    added_dates: _containers.RepeatedCompositeFieldContainer[_customer_pb2.QuietDate]
    removed_dates: _containers.RepeatedCompositeFieldContainer[_customer_pb2.QuietDate]
    end_break: bool
    brand: str
    proven_channel: str
    def __init__(self, customer_id: _Optional[str] = ..., expected_version: _Optional[str] = ..., refused_topics: _Optional[_Iterable[str]] = ..., wanted_topics: _Optional[_Iterable[str]] = ..., refused_purposes: _Optional[_Iterable[str]] = ..., wanted_purposes: _Optional[_Iterable[str]] = ..., refused_channels: _Optional[_Iterable[str]] = ..., wanted_channels: _Optional[_Iterable[str]] = ..., cadence: _Optional[_Union[CadenceWish, _Mapping]] = ..., break_for: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., stop_all: bool = ..., evidence: _Optional[str] = ..., source: _Optional[str] = ..., request_id: _Optional[str] = ..., tenant: _Optional[str] = ..., refused_occasions: _Optional[_Iterable[str]] = ..., wanted_occasions: _Optional[_Iterable[str]] = ..., added_dates: _Optional[_Iterable[_Union[_customer_pb2.QuietDate, _Mapping]]] = ..., removed_dates: _Optional[_Iterable[_Union[_customer_pb2.QuietDate, _Mapping]]] = ..., end_break: bool = ..., brand: _Optional[str] = ..., proven_channel: _Optional[str] = ...) -> None: ...

class CadenceWish(_message.Message):
    __slots__ = ("limit", "per")
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    PER_FIELD_NUMBER: _ClassVar[int]
    limit: int
    per: _duration_pb2.Duration
    def __init__(self, limit: _Optional[int] = ..., per: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class SetPreferencesResponse(_message.Message):
    __slots__ = ("form", "version", "changed", "pending_channels", "outdated")
    FORM_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    CHANGED_FIELD_NUMBER: _ClassVar[int]
    PENDING_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    OUTDATED_FIELD_NUMBER: _ClassVar[int]
    form: PreferenceForm
    version: str
    changed: bool
    pending_channels: _containers.RepeatedScalarFieldContainer[str]
    outdated: bool
    def __init__(self, form: _Optional[_Union[PreferenceForm, _Mapping]] = ..., version: _Optional[str] = ..., changed: bool = ..., pending_channels: _Optional[_Iterable[str]] = ..., outdated: bool = ...) -> None: ...
