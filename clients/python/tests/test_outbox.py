"""What waits to be told is bounded, and outlives the process in a file."""

import json
import os
import stat
import tempfile
import unittest
from datetime import datetime, timezone
from pathlib import Path

from courtesy_client import Contact, CourtesyError, Outbox
from courtesy_client.outbox import Entry

AT = datetime(2026, 11, 28, 12, 0, tzinfo=timezone.utc)


def entry(number: int) -> Entry:
    contact = Contact(f"c{number}", "email", "receipt", attributes={"a": "ü"}, at=AT)
    return Entry(contact, f"r{number}", AT, reserved=number % 2 == 0)


class OutboxTest(unittest.TestCase):
    def test_a_file_outlives_the_process(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "outbox.jsonl")
            first = Outbox(path)
            for number in range(3):
                first.put(entry(number))
            self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
            second = Outbox(path)
            self.assertEqual(len(second), 3)
            for number in range(3):
                self.assertEqual(second.first(), entry(number))
                second.drop_first(entry(number))
            self.assertIsNone(second.first())
            self.assertEqual(len(Outbox(path)), 0)

    def test_a_line_that_a_crash_cut_short_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "outbox.jsonl")
            Outbox(path).put(entry(1))
            with open(path, "a") as file:
                file.write('{"contact": {"cust')
            self.assertEqual(len(Outbox(path)), 1)
            # What is put after it is a line of its own.
            Outbox(path).put(entry(2))
            self.assertEqual(Outbox(path).first(), entry(1))
            self.assertEqual(len(Outbox(path)), 2)

    def test_what_cannot_be_recorded_is_set_aside(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "outbox.jsonl")
            outbox = Outbox(path)
            outbox.put(entry(1))
            outbox.put(entry(2))
            outbox.set_aside(entry(1), CourtesyError("no such channel"))
            self.assertEqual(outbox.first(), entry(2))
            ((failed, error),) = outbox.failed
            self.assertEqual((failed, str(error)), (entry(1), "no such channel"))
            beside = Path(folder, "outbox.jsonl.failed")
            self.assertEqual(stat.S_IMODE(os.stat(beside).st_mode), 0o600)
            said = json.loads(beside.read_text("utf-8"))
            self.assertEqual((said["request_id"], said["error"]), ("r1", "no such channel"))

    def test_a_path_that_cannot_be_written_is_refused_at_once(self):
        with tempfile.TemporaryDirectory() as folder:
            for path in (folder, Path(folder, "missing", "outbox.jsonl")):
                with self.assertRaises(OSError):
                    Outbox(path)

    def test_it_is_full_at_its_capacity_and_loses_nothing_beyond(self):
        outbox = Outbox(capacity=2)
        for number in range(3):
            self.assertEqual(outbox.is_full(), number >= 2)
            outbox.put(entry(number))
        self.assertEqual(len(outbox), 3)


if __name__ == "__main__":
    unittest.main()
