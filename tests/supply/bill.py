"""Writes a bill of materials (CycloneDX 1.5) of what the command is linked with, from `cargo
metadata` on standard input.

The same sources give the same bill: it has no time and no random number in it."""

import hashlib
import json
import pathlib
import re
import sys

about = json.load(sys.stdin)
packages = {it["id"]: it for it in about["packages"]}
nodes = {it["id"]: it for it in about["resolve"]["nodes"]}
root = about["resolve"]["root"]


def linked(node):
    """What a crate is linked with: neither what tests nor what build scripts take."""
    return [
        it["pkg"] for it in node["deps"] if any(kind["kind"] is None for kind in it["dep_kinds"])
    ]


found, waiting = set(), [root]
while waiting:
    at = waiting.pop()
    if at not in found:
        found.add(at)
        waiting += linked(nodes[at])

lock = pathlib.Path("Cargo.lock").read_text()
entry = re.compile(r'name = "(.+)"\nversion = "(.+)"\nsource = ".+"\nchecksum = "(.+)"')
checksums = {(name, version): checksum for name, version, checksum in entry.findall(lock)}


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def component(package):
    checksum = checksums.get((package["name"], package["version"]))
    shown = {
        "type": "application" if package["id"] == root else "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(package),
    }
    if package.get("license"):
        # Crates of before 2018 have a slash where SPDX says OR.
        shown["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
    if checksum:
        shown["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return shown


parts = sorted(
    (packages[it] for it in found if it != root), key=lambda it: (it["name"], it["version"])
)
serial = hashlib.sha256(lock.encode()).hexdigest()
bill = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "serialNumber": f"urn:uuid:{serial[:8]}-{serial[8:12]}-5{serial[13:16]}"
    f"-8{serial[17:20]}-{serial[20:32]}",
    "version": 1,
    "metadata": {"component": component(packages[root])},
    "components": [component(it) for it in parts],
    "dependencies": [
        {
            "ref": reference(packages[it]),
            "dependsOn": sorted(reference(packages[on]) for on in linked(nodes[it]) if on in found),
        }
        for it in sorted(found, key=lambda it: reference(packages[it]))
    ],
}
json.dump(bill, sys.stdout, indent=1)
sys.stdout.write("\n")
