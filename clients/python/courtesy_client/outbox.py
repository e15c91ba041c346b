"""Messages that were sent and are not yet on record, in memory or in a file."""

import json
import os
import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from .contact import Contact

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

    It is bounded: while it is full, nothing is sent that courtesy was not asked about. With a path it
    survives the process: a file of JSON Lines, written through to the disk, for one process.
    """

    def __init__(self, path: str | Path | None = None, capacity: int = CAPACITY):
        self._path = Path(path) if path else None
        self._capacity = capacity
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque()
        if self._path and self._path.exists():
            self._entries.extend(_read(self._path))

    def __len__(self) -> int:
        return len(self._entries)

    def is_full(self) -> bool:
        return len(self._entries) >= self._capacity

    def first(self) -> Entry | None:
        with self._lock:
            return self._entries[0] if self._entries else None

    def put(self, entry: Entry) -> None:
        """Adds an entry: a message that was sent is kept even where the outbox is full."""
        with self._lock:
            self._entries.append(entry)
            if self._path:
                self._append(entry)

    def drop_first(self, entry: Entry) -> None:
        with self._lock:
            if self._entries and self._entries[0] == entry:
                self._entries.popleft()
                # The file is cut when all is told: until then its head is told twice, which does no harm.
                if self._path and not self._entries:
                    self._path.write_text("", "utf-8")

    def _append(self, entry: Entry) -> None:
        with open(self._path, "a", encoding="utf-8", opener=_owner_only) as file:
            file.write(_line(entry))
            file.flush()
            os.fsync(file.fileno())


def _owner_only(path: str, flags: int) -> int:
    """It holds customers' ids."""
    return os.open(path, flags, 0o600)


def _read(path: Path) -> list[Entry]:
    """The entries of a file. What follows the last end of line was cut short by a crash, and goes."""
    text = path.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        with open(path, "r+b") as file:
            file.truncate(len(whole))
    return [_entry(line) for line in whole.decode().split("\n")[:-1]]


def _line(entry: Entry) -> str:
    fields = asdict(entry)
    fields["sent_at"] = entry.sent_at.isoformat()
    at = entry.contact.at
    fields["contact"]["at"] = at.isoformat() if at else None
    return json.dumps(fields, ensure_ascii=False) + "\n"


def _entry(line: str) -> Entry:
    fields = json.loads(line)
    told = fields.pop("contact")
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    contact = Contact(**{**told, "occasions": tuple(told["occasions"]), "at": at})
    sent_at = datetime.fromisoformat(fields.pop("sent_at"))
    return Entry(contact=contact, sent_at=sent_at, **fields)
