"""Runs the senders that docs/senders.md and README.md show, as they stand there: senders.py
COURTESY PYTHON."""

import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "clients" / "conformance"), str(ROOT / "clients" / "python")]

from run import Server

# What a sender has of its own: its transport. It notes what it sends.
MAILER = """
class mailer:
    @staticmethod
    def send(message):
        print("sent", message)
"""
JS_MAILER = 'const mailer = { send: async (message) => console.log("sent", message) };\n'
LINES_MAX = 12


def main() -> int:
    courtesy, python = sys.argv[1:]
    failed = ran = 0
    for page in ("README.md", "docs/senders.md"):
        text = (ROOT / page).read_text("utf-8")
        for language, block in re.findall(r"```(python|ts)\n(.*?)```", text, re.DOTALL):
            ran += 1
            with tempfile.TemporaryDirectory() as store, Server(courtesy, store) as server:
                said = sender(language, block.replace("localhost:50051", server.address), python)
            # Some only show how a client is made.
            sends = "mailer.send(" in block
            if not said.startswith("sent") if sends else said:
                print(f"FAILED {page}: a sender in {language} says: {said}")
                failed += 1
            lines = block.count("\n")
            if language == "python" and lines > LINES_MAX:
                print(f"FAILED {page}: a sender has {lines} lines")
                failed += 1
    print(f"senders of the docs: {ran - failed} of {ran} run")
    return 1 if failed or ran == 0 else 0


def sender(language: str, block: str, python: str) -> str:
    """What a block says when it is run."""
    with tempfile.TemporaryDirectory() as folder:
        if language == "python":
            command, code = [python, "-"], MAILER + block
            at = pathlib.Path(folder)
            (at / "mailer.key").write_text("key\n", "utf-8")
        else:
            # Node takes the types away by itself from version 22 on; these blocks have none.
            command = ["node", "--input-type=module", "-"]
            code = JS_MAILER + block
            at = ROOT / "clients" / "typescript"
        ran = subprocess.run(
            command, input=code, capture_output=True, text=True, timeout=60, check=False, cwd=at
        )
    return ran.stdout + ran.stderr


if __name__ == "__main__":
    sys.exit(main())
