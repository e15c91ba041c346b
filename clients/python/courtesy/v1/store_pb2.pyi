from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional

DESCRIPTOR: _descriptor.FileDescriptor

class CreateTenantRequest(_message.Message):
    __slots__ = ("tenant", "author")
    TENANT_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    tenant: str
    author: str
    def __init__(self, tenant: _Optional[str] = ..., author: _Optional[str] = ...) -> None: ...

class CreateTenantResponse(_message.Message):
    __slots__ = ("created",)
    CREATED_FIELD_NUMBER: _ClassVar[int]
    created: bool
    def __init__(self, created: bool = ...) -> None: ...

class AcceptStoreRequest(_message.Message):
    __slots__ = ("reason", "author")
    REASON_FIELD_NUMBER: _ClassVar[int]
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    reason: str
    author: str
    def __init__(self, reason: _Optional[str] = ..., author: _Optional[str] = ...) -> None: ...

class AcceptStoreResponse(_message.Message):
    __slots__ = ("lost", "policies_put_back")
    LOST_FIELD_NUMBER: _ClassVar[int]
    POLICIES_PUT_BACK_FIELD_NUMBER: _ClassVar[int]
    lost: str
    policies_put_back: int
    def __init__(self, lost: _Optional[str] = ..., policies_put_back: _Optional[int] = ...) -> None: ...

class UpgradeStoreRequest(_message.Message):
    __slots__ = ("author",)
    AUTHOR_FIELD_NUMBER: _ClassVar[int]
    author: str
    def __init__(self, author: _Optional[str] = ...) -> None: ...

class UpgradeStoreResponse(_message.Message):
    __slots__ = ("previous_format", "format")
    PREVIOUS_FORMAT_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    previous_format: int
    format: int
    def __init__(self, previous_format: _Optional[int] = ..., format: _Optional[int] = ...) -> None: ...
