"""Messages that were sent and are not yet on record, in memory or in a file."""

import json
import os
import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from .contact import Contact
from .errors import CourtesyError

CAPACITY = 10_000


@dataclass(frozen=True)
class Entry:
    """A message that was sent.

    reserved: whether it was reserved, so that it is confirmed; otherwise it is recorded.
    """

    contact: Contact
    request_id: str
    sent_at: datetime
    reserved: bool


class Outbox:
    """Messages that were sent and are not yet on record.

    It is bounded: while it is full, nothing is sent that courtesy was not asked about. With a path
    it survives the process: a file of JSON Lines, written through to the disk, for one process. A
    path that cannot be written is refused at once. `failed` has the last messages that courtesy
    refuses to record, each with its error; the file beside, with `.failed` at the end of its name,
    has them all.
    """

    def __init__(self, path: str | Path | None = None, capacity: int = CAPACITY):
        self._path = Path(path) if path else None
        self._capacity = capacity
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque()
        self.failed: deque[tuple[Entry, CourtesyError]] = deque(maxlen=capacity)
        if self._path:
            with _appending(self._path):
                self._entries.extend(_read(self._path))

    def __len__(self) -> int:
        return len(self._entries)

    def room(self) -> int:
        """For how many messages there is room."""
        return max(self._capacity - len(self._entries), 0)

    def is_full(self) -> bool:
        return self.room() == 0

    def first(self) -> Entry | None:
        with self._lock:
            return self._entries[0] if self._entries else None

    def put(self, entry: Entry) -> None:
        """Adds an entry: a message that was sent is kept even where the outbox is full."""
        with self._lock:
            self._entries.append(entry)
            if self._path:
                _append(self._path, _fields(entry))

    def drop_first(self, entry: Entry) -> None:
        with self._lock:
            self._drop_first(entry)

    def set_aside(self, entry: Entry, error: CourtesyError) -> None:
        """Takes out the first entry, which can never be recorded, so that it does not hold up the
        others."""
        with self._lock:
            if self._path:
                failed = self._path.with_name(self._path.name + ".failed")
                _append(failed, {**_fields(entry), "error": str(error)})
            if self._drop_first(entry):
                self.failed.append((entry, error))

    def _drop_first(self, entry: Entry) -> bool:
        """Whether it was still there; another thread may have told it as well."""
        if not self._entries or self._entries[0] != entry:
            return False
        self._entries.popleft()
        # The file is cut when all is told: until then its head is told twice, which does no harm.
        if self._path and not self._entries:
            self._path.write_text("", "utf-8")
        return True


def _append(path: Path, fields: dict[str, Any]) -> None:
    with _appending(path) as file:
        file.write(json.dumps(fields, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _appending(path: Path) -> TextIO:
    return open(path, "a", encoding="utf-8", opener=_owner_only)


def _owner_only(path: str, flags: int) -> int:
    """It holds customers' ids."""
    return os.open(path, flags, 0o600)


def _read(path: Path) -> list[Entry]:
    """The entries of a file. What follows the last end of line was cut short by a crash, and
    goes."""
    text = path.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        with open(path, "r+b") as file:
            file.truncate(len(whole))
    return [_entry(line) for line in whole.decode().split("\n")[:-1]]


def _fields(entry: Entry) -> dict[str, Any]:
    fields = asdict(entry)
    fields["sent_at"] = entry.sent_at.isoformat()
    at = entry.contact.at
    fields["contact"]["at"] = at.isoformat() if at else None
    return fields


def _entry(line: str) -> Entry:
    fields = json.loads(line)
    told = fields.pop("contact")
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    contact = Contact(**{**told, "occasions": tuple(told["occasions"]), "at": at})
    sent_at = datetime.fromisoformat(fields.pop("sent_at"))
    return Entry(contact=contact, sent_at=sent_at, **fields)
