from courtesy.v1 import audit_pb2 as _audit_pb2
from courtesy.v1 import decision_pb2 as _decision_pb2
from courtesy.v1 import observed_decision_pb2 as _observed_decision_pb2
from courtesy.v1 import occasion_pb2 as _occasion_pb2
from courtesy.v1 import pause_pb2 as _pause_pb2
from courtesy.v1 import policy_pb2 as _policy_pb2
from courtesy.v1 import pressure_pb2 as _pressure_pb2
from courtesy.v1 import simulation_pb2 as _simulation_pb2
from courtesy.v1 import store_pb2 as _store_pb2
from courtesy.v1 import webhook_pb2 as _webhook_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ApplyPolicyRequest(_message.Message):
    __slots__ = ("documents", "remove_documents", "expected_revision", "validate_only", "tenant", "author", "note", "effective_time", "prune")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    REMOVE_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_TIME_FIELD_NUMBER: _ClassVar[int]
    PRUNE_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyDocument]
    remove_documents: _containers.RepeatedScalarFieldContainer[str]
    expected_revision: int
    validate_only: bool
    tenant: str
    author: str
    note: str
    effective_time: _timestamp_pb2.Timestamp
    prune: bool
    def __init__(self, documents: _Optional[_Iterable[_Union[_policy_pb2.PolicyDocument, _Mapping]]] = ..., remove_documents: _Optional[_Iterable[str]] = ..., expected_revision: _Optional[int] = ..., validate_only: bool = ..., tenant: _Optional[str] = ..., author: _Optional[str] = ..., note: _Optional[str] = ..., effective_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., prune: bool = ...) -> None: ...

class ApplyPolicyResponse(_message.Message):
    __slots__ = ("revision", "warnings", "changes")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    revision: int
    warnings: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyProblem]
    changes: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyChange]
    def __init__(self, revision: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[_policy_pb2.PolicyProblem, _Mapping]]] = ..., changes: _Optional[_Iterable[_Union[_policy_pb2.PolicyChange, _Mapping]]] = ...) -> None: ...

class ValidatePolicyRequest(_message.Message):
    __slots__ = ("documents", "remove_documents", "tenant", "prune")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    REMOVE_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    PRUNE_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyDocument]
    remove_documents: _containers.RepeatedScalarFieldContainer[str]
    tenant: str
    prune: bool
    def __init__(self, documents: _Optional[_Iterable[_Union[_policy_pb2.PolicyDocument, _Mapping]]] = ..., remove_documents: _Optional[_Iterable[str]] = ..., tenant: _Optional[str] = ..., prune: bool = ...) -> None: ...

class ValidatePolicyResponse(_message.Message):
    __slots__ = ("errors", "warnings", "changes", "revision")
    ERRORS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    errors: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyProblem]
    warnings: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyProblem]
    changes: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyChange]
    revision: int
    def __init__(self, errors: _Optional[_Iterable[_Union[_policy_pb2.PolicyProblem, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[_policy_pb2.PolicyProblem, _Mapping]]] = ..., changes: _Optional[_Iterable[_Union[_policy_pb2.PolicyChange, _Mapping]]] = ..., revision: _Optional[int] = ...) -> None: ...

class CancelPolicyRequest(_message.Message):
    __slots__ = ("revision", "author", "note", "tenant")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    revision: int
    author: str
    note: str
    tenant: str
    def __init__(self, revision: _Optional[int] = ..., author: _Optional[str] = ..., note: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class CancelPolicyResponse(_message.Message):
    __slots__ = ("revision",)
    REVISION_FIELD_NUMBER: _ClassVar[int]
    revision: int
    def __init__(self, revision: _Optional[int] = ...) -> None: ...

class SimulatePolicyRequest(_message.Message):
    __slots__ = ("documents", "remove_documents", "days", "sample_size", "tenant", "prune")
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    REMOVE_DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_SIZE_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    PRUNE_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyDocument]
    remove_documents: _containers.RepeatedScalarFieldContainer[str]
    days: int
    sample_size: int
    tenant: str
    prune: bool
    def __init__(self, documents: _Optional[_Iterable[_Union[_policy_pb2.PolicyDocument, _Mapping]]] = ..., remove_documents: _Optional[_Iterable[str]] = ..., days: _Optional[int] = ..., sample_size: _Optional[int] = ..., tenant: _Optional[str] = ..., prune: bool = ...) -> None: ...

class SimulatePolicyResponse(_message.Message):
    __slots__ = ("progress", "report")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    progress: _simulation_pb2.SimulationProgress
    report: _simulation_pb2.SimulationReport
    def __init__(self, progress: _Optional[_Union[_simulation_pb2.SimulationProgress, _Mapping]] = ..., report: _Optional[_Union[_simulation_pb2.SimulationReport, _Mapping]] = ...) -> None: ...

class DescribePressureRequest(_message.Message):
    __slots__ = ("days", "tenant")
    DAYS_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    days: int
    tenant: str
    def __init__(self, days: _Optional[int] = ..., tenant: _Optional[str] = ...) -> None: ...

class DescribePressureResponse(_message.Message):
    __slots__ = ("progress", "report")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    progress: _pressure_pb2.PressureProgress
    report: _pressure_pb2.PressureReport
    def __init__(self, progress: _Optional[_Union[_pressure_pb2.PressureProgress, _Mapping]] = ..., report: _Optional[_Union[_pressure_pb2.PressureReport, _Mapping]] = ...) -> None: ...

class WatchDecisionsRequest(_message.Message):
    __slots__ = ("tenant", "effect", "channel", "purpose", "rule", "reason", "backlog")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    EFFECT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PURPOSE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    BACKLOG_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    effect: _decision_pb2.Effect
    channel: str
    purpose: str
    rule: str
    reason: _decision_pb2.ReasonCode
    backlog: int
    def __init__(self, tenant: _Optional[str] = ..., effect: _Optional[_Union[_decision_pb2.Effect, str]] = ..., channel: _Optional[str] = ..., purpose: _Optional[str] = ..., rule: _Optional[str] = ..., reason: _Optional[_Union[_decision_pb2.ReasonCode, str]] = ..., backlog: _Optional[int] = ...) -> None: ...

class WatchDecisionsResponse(_message.Message):
    __slots__ = ("decisions", "missed")
    DECISIONS_FIELD_NUMBER: _ClassVar[int]
    MISSED_FIELD_NUMBER: _ClassVar[int]
    decisions: _containers.RepeatedCompositeFieldContainer[_observed_decision_pb2.ObservedDecision]
    missed: int
    def __init__(self, decisions: _Optional[_Iterable[_Union[_observed_decision_pb2.ObservedDecision, _Mapping]]] = ..., missed: _Optional[int] = ...) -> None: ...

class DescribeDecisionsRequest(_message.Message):
    __slots__ = ("tenant",)
    TENANT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    def __init__(self, tenant: _Optional[str] = ...) -> None: ...

class DescribeDecisionsResponse(_message.Message):
    __slots__ = ("start_time", "hours")
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    start_time: _timestamp_pb2.Timestamp
    hours: _containers.RepeatedCompositeFieldContainer[_observed_decision_pb2.HourOfDecisions]
    def __init__(self, start_time: _Optional[_Union[_timestamp_pb2.Timestamp, _Mapping]] = ..., hours: _Optional[_Iterable[_Union[_observed_decision_pb2.HourOfDecisions, _Mapping]]] = ...) -> None: ...

class GetPolicyRequest(_message.Message):
    __slots__ = ("tenant", "revision")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    revision: int
    def __init__(self, tenant: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class GetPolicyResponse(_message.Message):
    __slots__ = ("policy",)
    POLICY_FIELD_NUMBER: _ClassVar[int]
    policy: _policy_pb2.Policy
    def __init__(self, policy: _Optional[_Union[_policy_pb2.Policy, _Mapping]] = ...) -> None: ...

class ListPolicyRevisionsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "tenant")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    tenant: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class ListPolicyRevisionsResponse(_message.Message):
    __slots__ = ("revisions", "next_page_token")
    REVISIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    revisions: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyRevision]
    next_page_token: str
    def __init__(self, revisions: _Optional[_Iterable[_Union[_policy_pb2.PolicyRevision, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RollbackPolicyRequest(_message.Message):
    __slots__ = ("revision", "expected_revision", "validate_only", "author", "note", "tenant")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_ONLY_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    TENANT_FIELD_NUMBER: _ClassVar[int]
    revision: int
    expected_revision: int
    validate_only: bool
    author: str
    note: str
    tenant: str
    def __init__(self, revision: _Optional[int] = ..., expected_revision: _Optional[int] = ..., validate_only: bool = ..., author: _Optional[str] = ..., note: _Optional[str] = ..., tenant: _Optional[str] = ...) -> None: ...

class RollbackPolicyResponse(_message.Message):
    __slots__ = ("revision", "warnings", "changes")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    revision: int
    warnings: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyProblem]
    changes: _containers.RepeatedCompositeFieldContainer[_policy_pb2.PolicyChange]
    def __init__(self, revision: _Optional[int] = ..., warnings: _Optional[_Iterable[_Union[_policy_pb2.PolicyProblem, _Mapping]]] = ..., changes: _Optional[_Iterable[_Union[_policy_pb2.PolicyChange, _Mapping]]] = ...) -> None: ...

class ListPresetsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPresetsResponse(_message.Message):
    __slots__ = ("presets", "next_page_token")
    PRESETS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    presets: _containers.RepeatedCompositeFieldContainer[Preset]
    next_page_token: str
    def __init__(self, presets: _Optional[_Iterable[_Union[Preset, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Preset(_message.Message):
    __slots__ = ("name", "description", "text", "reviewed_date", "confidence", "sources", "leaves_out")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    REVIEWED_DATE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SOURCES_FIELD_NUMBER: _ClassVar[int]
    LEAVES_OUT_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    text: str
    reviewed_date: str
    confidence: str
    sources: _containers.RepeatedCompositeFieldContainer[PresetSource]
    leaves_out: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., text: _Optional[str] = ..., reviewed_date: _Optional[str] = ..., confidence: _Optional[str] = ..., sources: _Optional[_Iterable[_Union[PresetSource, _Mapping]]] = ..., leaves_out: _Optional[_Iterable[str]] = ...) -> None: ...

class PresetSource(_message.Message):
    __slots__ = ("what", "seen_date")
    WHAT_FIELD_NUMBER: _ClassVar[int]
    SEEN_DATE_FIELD_NUMBER: _ClassVar[int]
    what: str
    seen_date: str
    def __init__(self, what: _Optional[str] = ..., seen_date: _Optional[str] = ...) -> None: ...

class DescribePolicyRequest(_message.Message):
    __slots__ = ("tenant",)
    TENANT_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    def __init__(self, tenant: _Optional[str] = ...) -> None: ...

class DescribePolicyResponse(_message.Message):
    __slots__ = ("revision", "channels", "purposes", "rules")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    PURPOSES_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    revision: int
    channels: _containers.RepeatedCompositeFieldContainer[DeclaredChannel]
    purposes: _containers.RepeatedCompositeFieldContainer[DeclaredPurpose]
    rules: _containers.RepeatedCompositeFieldContainer[DeclaredRule]
    def __init__(self, revision: _Optional[int] = ..., channels: _Optional[_Iterable[_Union[DeclaredChannel, _Mapping]]] = ..., purposes: _Optional[_Iterable[_Union[DeclaredPurpose, _Mapping]]] = ..., rules: _Optional[_Iterable[_Union[DeclaredRule, _Mapping]]] = ...) -> None: ...

class DeclaredChannel(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class DeclaredPurpose(_message.Message):
    __slots__ = ("name", "marketing")
    NAME_FIELD_NUMBER: _ClassVar[int]
    MARKETING_FIELD_NUMBER: _ClassVar[int]
    name: str
    marketing: bool
    def __init__(self, name: _Optional[str] = ..., marketing: bool = ...) -> None: ...

class DeclaredRule(_message.Message):
    __slots__ = ("name", "family", "shadow", "source", "quiet_days")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FAMILY_FIELD_NUMBER: _ClassVar[int]
    SHADOW_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    QUIET_DAYS_FIELD_NUMBER: _ClassVar[int]
    name: str
    family: str
    shadow: bool
    source: str
    quiet_days: _containers.RepeatedCompositeFieldContainer[_occasion_pb2.OccasionDays]
    def __init__(self, name: _Optional[str] = ..., family: _Optional[str] = ..., shadow: bool = ..., source: _Optional[str] = ..., quiet_days: _Optional[_Iterable[_Union[_occasion_pb2.OccasionDays, _Mapping]]] = ...) -> None: ...
