"""Holds a client to the cases in this folder.

    run.py COURTESY DRIVER…

COURTESY is the server's program. DRIVER is a command that speaks for one client: it gets the
proxy's address as its last argument, a case as JSON on each line of its input, and writes for each
a line of JSON: {"outcomes": […]}, one outcome and its seconds for each call.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import grpc
import yaml

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "python"))

from courtesy.v1 import contact_pb2, customer_pb2, decision_pb2
from courtesy.v1 import contact_service_pb2 as contacts
from courtesy.v1 import customer_service_pb2 as customers
from courtesy.v1.contact_service_pb2_grpc import ContactServiceStub
from courtesy.v1.customer_service_pb2_grpc import CustomerServiceStub
from proxy import Proxy


def main() -> int:
    courtesy, *driver = sys.argv[1:]
    failed = passed = 0
    for file in sorted(HERE.glob("*.yaml")):
        with tempfile.TemporaryDirectory() as store, Server(courtesy, store) as server:
            proxy = Proxy(server.address)
            with Driver([*driver, f"127.0.0.1:{proxy.port}"]) as client:
                for case in yaml.safe_load(file.read_text("utf-8")):
                    wrong = judge(case, server, proxy, client)
                    failed, passed = failed + bool(wrong), passed + (not wrong)
                    for line in wrong:
                        print(f"{file.name}: {case['name']}: {line}")
            proxy.close()
    print(f"{passed} cases passed, {failed} failed")
    return 1 if failed or not passed else 0


def judge(case: dict, server: "Server", proxy: Proxy, client: "Driver") -> list[str]:
    for step in case.get("before", []):
        server.prepare(step)
    proxy.script(case.get("faults", {}))
    calls = case["calls"]
    outcomes = []
    for call in calls:
        for step in call.get("before", []):
            server.prepare(step)
        if "flush" in call or call.get("faults_over"):
            proxy.stop_faults()
        said = client.ask(
            {"settings": case.get("settings", {}), "call": call, "first": call is calls[0]}
        )
        outcomes.append((said["outcome"], said["seconds"]))
    wrong = []
    for call, (outcome, seconds) in zip(calls, outcomes, strict=True):
        if outcome != call["outcome"]:
            wrong.append(f"expected {call['outcome']!r}, got {outcome!r}")
        if seconds < call.get("least_seconds", 0):
            wrong.append(f"asked again after {seconds:.3f} s")
    if "server" in case and proxy.seen() != case["server"]:
        wrong.append(f"courtesy heard {proxy.seen()}")
    for customer, states in case.get("record", {}).items():
        found = server.states(customer)
        if found != states:
            wrong.append(f"on record of {customer}: {found}")
    return wrong


class Server:
    """A real courtesy with an empty store."""

    def __init__(self, program: str, store: str):
        command = [program, "serve", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0"]
        command += ["--console", "off", "--pages", "127.0.0.1:0", "--store", store]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.address = next(
            line.split()[1].removeprefix("http://")
            for line in self._process.stdout
            if line.strip().startswith("API")
        )
        channel = grpc.insecure_channel(self.address)
        grpc.channel_ready_future(channel).result(timeout=60)
        self._contacts, self._customers = ContactServiceStub(channel), CustomerServiceStub(channel)

    def prepare(self, step: dict) -> None:
        ((what, fields),) = step.items()
        if what == "opt_out":
            scope = customer_pb2.Scope(channel="email")
            request = customers.OptOutRequest(customer_id=fields["customer"], scope=scope)
            self._customers.OptOut(request, timeout=10)
        else:
            contact = contact_pb2.Contact(
                customer_id=fields["customer"],
                channel="email",
                purpose=fields.get("purpose", "transactional"),
            )
            request = contacts.ReserveContactRequest(
                contact=contact, request_id=fields["request_id"]
            )
            answer = self._contacts.ReserveContact(request, timeout=10)
            assert answer.decision.effect == decision_pb2.EFFECT_ALLOW, answer

    def states(self, customer: str) -> list[str]:
        request = customers.ListContactsRequest(customer_id=customer)
        listed = self._customers.ListContacts(request, timeout=10).contacts
        names = [contact_pb2.ContactState.Name(it.state) for it in listed]
        return [name.removeprefix("CONTACT_STATE_") for name in names]

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._process.stdout.close()


class Driver:
    """A client, behind a pipe."""

    def __init__(self, command: list[str]):
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, case: dict) -> dict:
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the driver ended"
        return json.loads(line)

    def __enter__(self) -> "Driver":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


if __name__ == "__main__":
    sys.exit(main())
