"""The type hints say what the code does, and a type checker reads them."""

import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import typing
import unittest
from pathlib import Path

from courtesy.v1 import decision_pb2
from courtesy_client import ReasonCode, Settings
from courtesy_client.settings import SettingsGiven

HERE = Path(__file__).parent


class TypesTest(unittest.TestCase):
    def test_the_reason_codes_are_those_of_the_proto(self):
        names = {it.removeprefix("REASON_CODE_") for it in decision_pb2.ReasonCode.keys()}
        names = names - {"UNSPECIFIED"} | {"UNKNOWN"}
        self.assertEqual({code.name for code in ReasonCode}, names)
        self.assertEqual({code.value for code in ReasonCode}, names)

    def test_what_a_client_may_be_given_is_its_settings(self):
        self.assertEqual(typing.get_type_hints(SettingsGiven), typing.get_type_hints(Settings))

    @unittest.skipUnless(importlib.util.find_spec("mypy"), "mypy is with the newest only")
    def test_a_sender_is_checked_strictly(self):
        sender = HERE / "typed_sender.py"
        lines = sender.read_text("utf-8").splitlines()
        expected = [number for number, line in enumerate(lines, 1) if line.endswith("# refused")]
        with tempfile.TemporaryDirectory() as cache:
            command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent"]
            command += ["--python-version=3.10", "--cache-dir", cache, str(sender)]
            environment = {**os.environ, "MYPYPATH": str(HERE.parent)}
            said = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            ).stdout
        self.assertEqual([int(it) for it in re.findall(r":(\d+): error:", said)], expected, said)

    @unittest.skipUnless(importlib.util.find_spec("mypy"), "mypy is with the newest only")
    def test_the_code_is_checked_for_the_oldest_python(self):
        with tempfile.TemporaryDirectory() as cache:
            command = [sys.executable, "-m", "mypy", "--python-version=3.10", "--cache-dir", cache]
            command += ["--ignore-missing-imports", "--package", "courtesy_client"]
            environment = {**os.environ, "MYPYPATH": str(HERE.parent)}
            checked = subprocess.run(
                command, env=environment, capture_output=True, text=True, check=False
            )
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    unittest.main()
