#!/usr/bin/env python3
"""Writes the table of settings in docs/operations.md from what the command says of itself.

Usage: tools/settings.py [--check] [COURTESY], by default the debug build. With --check nothing is written,
and a table that is not as it would be written is a failure.
"""

import pathlib
import re
import subprocess
import sys

PAGE = pathlib.Path(__file__).parent.parent / "docs/operations.md"
BEGIN, END = "<!-- settings: tools/settings.py -->\n", "<!-- end of settings -->\n"
# Not in the help, so that nobody writes it on a command line.
HIDDEN = {"redis_password": "The password for Redis itself; only for the environment, `COURTESY_REDIS_PASSWORD`"}


def say(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def meanings(text):
    found = {}
    for option in re.split(r"\n\n? {6}(?=--)", text)[1:]:
        name = re.match(r"--([a-z-]+)", option)[1].replace("-", "_")
        lines = [line.strip() for line in option.splitlines()[1:]]
        meaning = " ".join(lines[: next(n for n, line in enumerate(lines) if line.startswith("[env"))])
        meaning, _, levels = meaning.partition("Possible values:")
        names = re.findall(r"(?:^| )- ([a-z]+):", levels)
        found[name] = meaning.strip() + (": " + ", ".join(f"`{it}`" for it in names) if names else "")
    return found


def table(courtesy):
    known = meanings(say(courtesy, "serve", "--help")) | HIDDEN
    rows = ["| key | default | means |", "|---|---|---|"]
    for line in say(courtesy, "config").splitlines():
        key, default = re.match(r"(\w+) = (.*?) +# default$", line).groups()
        rows.append(f"| `{key}` | `{default}` | {known[key].replace('|', chr(92) + '|')} |")
    return "\n".join(rows) + "\n"


def main():
    arguments = [it for it in sys.argv[1:] if it != "--check"]
    courtesy = arguments[0] if arguments else "target/debug/courtesy"
    before = PAGE.read_text()
    head, rest = before.split(BEGIN)
    after = head + BEGIN + table(courtesy) + END + rest.split(END)[1]
    if "--check" not in sys.argv:
        PAGE.write_text(after)
    elif after != before:
        sys.exit("docs/operations.md does not list the settings as they are; run: tools/settings.py")


main()
