"""What courtesy tells others: webhooks, whose signatures the specification's own packages for
Python and Node check, and the small CRM of clients/crm, which hears of an opt-out by one click and
goes on where it stopped. Run by `run`, which sets COURTESY and TEMPORARY."""

import base64
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

HERE = pathlib.Path(__file__).parent
COURTESY = os.environ["COURTESY"]
PLACE = pathlib.Path(os.environ["TEMPORARY"]) / "events"
PATIENCE = 60
SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
POLICY = """
name: base
channels: {sms: {}, email: {}}
purposes: {marketing: {}, answer: {replies: true}}
conversations: {window: 24h, reply_within: 1s}
"""
TYPES = ["wishes", "pauses", "policy", "overdue_replies", "unclear_messages"]


def until(what, condition):
    """Waits for a condition, and returns what it found."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    sys.exit(f"FAILED events.py: {what} did not happen in {PATIENCE} s")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def call(base, method, body):
    """One call of the API, in JSON."""
    request = urllib.request.Request(
        f"{base}/courtesy.v1.{method}",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.load(answer)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes events whose signature the package for Python accepts."""

    events = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        headers = dict(self.headers)
        Webhook(SECRET).verify(body, headers)
        try:
            Webhook(SECRET).verify(body + " ", headers)
            sys.exit("FAILED events.py: a body that was changed is accepted")
        except WebhookVerificationError:
            pass
        self.events.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server:
    """`courtesy serve`, on the same ports whenever it is started again."""

    def __init__(self, webhooks):
        self.ports = [free_port() for _ in range(3)]
        self.webhooks = webhooks
        self.start()

    def start(self):
        api, operations, pages = (f"127.0.0.1:{port}" for port in self.ports)
        command = [
            COURTESY,
            "serve",
            "--store",
            str(PLACE / "store"),
            "--webhooks-file",
            str(self.webhooks),
        ]
        command += [
            "--listen",
            api,
            "--operations",
            operations,
            "--console",
            "off",
            "--pages",
            pages,
        ]
        self.api, self.operations = f"http://{api}", f"http://{operations}"
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=(PLACE / "log").open("a")
        )
        until("the start", lambda: status(f"{self.operations}/readyz") == 200)

    def stop(self):
        self.process.terminate()
        if self.process.wait(PATIENCE) != 0:
            sys.exit("FAILED events.py: courtesy did not end in good order")


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def start_crm(port):
    program = HERE / "../../clients/crm/crm.py"
    words = [sys.executable, program, str(port), str(PLACE / "secret"), str(PLACE / "crm.db")]
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    until("the CRM's start", lambda: status(f"http://127.0.0.1:{port}/customers/absent") == 404)
    return process


def in_crm(port, customer):
    """How the CRM says that a customer stands."""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/customers/{customer}", timeout=5
        ) as answer:
            return json.load(answer)
    except OSError:
        return None


def opt_out(server, customer):
    """One click, and how long it takes until its answer is there."""
    link = call(
        server.api,
        "CustomerService/IssueUnsubscribeLink",
        {"customerId": customer, "scope": {"channel": "email"}},
    )
    request = urllib.request.Request(link["url"], b"List-Unsubscribe=One-Click")
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == 200, answer.status


def refuses(port, customer):
    found = in_crm(port, customer) or {}
    return any(
        it["scope"].get("channel") == "email" for it in found.get("customer", {}).get("optOuts", [])
    )


def webhooks(**ports):
    """The operator's file."""
    entries = [
        f'[[webhook]]\nname = "{name}"\nurl = "http://127.0.0.1:{port}/hook"\n'
        'secret_file = "secret"\n'
        for name, port in ports.items()
    ]
    (PLACE / "webhooks.toml").write_text("\n".join(entries))


def main():
    PLACE.mkdir()
    (PLACE / "secret").write_text(SECRET + "\n")
    python = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=python.serve_forever, daemon=True).start()
    told = PLACE / "told"
    told.touch()
    node = subprocess.Popen(
        ["node", str(HERE / "receiver.js"), SECRET, str(told)], stdout=subprocess.PIPE, text=True
    )
    crm_port = free_port()
    # The one in Node is added while the server runs.
    webhooks(crm=crm_port, python=python.server_port)
    server = Server(PLACE / "webhooks.toml")
    crm = start_crm(crm_port)
    try:
        check(server, crm, crm_port, (told, int(node.stdout.readline()), python.server_port))
    finally:
        for process in (node, crm, server.process):
            process.kill()


def check(server, crm, crm_port, receivers):
    told, node_port, python_port = receivers
    until("the file", lambda: "python" in str(call(server.api, "PolicyService/ListWebhooks", {})))
    webhooks(crm=crm_port, python=python_port, node=node_port)
    until("the new file", lambda: "node" in str(call(server.api, "PolicyService/ListWebhooks", {})))
    test = call(server.api, "PolicyService/TestWebhook", {"name": "node"})
    assert test.get("status") == 204 and not test.get("problem"), test
    until(
        "the first look", lambda: all(has_begun(server, name) for name in ("crm", "python", "node"))
    )
    document = {"documents": [{"text": POLICY}], "expectedRevision": 0}
    call(server.api, "PolicyService/ApplyPolicy", document)
    call(server.api, "PolicyService/PauseContacts", {"name": "storm", "reason": "a test"})
    for number, text in enumerate(["wrong number", "where is my order?"]):
        message = {
            "customerId": f"writer-{number}",
            "channel": "sms",
            "text": text,
            "requestId": f"sms-{number}",
        }
        call(server.api, "CustomerService/HandleInboundMessage", message)
    begun = time.monotonic()
    opt_out(server, "ada")
    until("the opt-out's arrival", lambda: refuses(crm_port, "ada"))
    print(f"events.py: the CRM has the opt-out {time.monotonic() - begun:.3f} s after the click")

    lines = lambda: [json.loads(line) for line in told.read_text().splitlines()]
    for kind in TYPES:
        wanted = f"courtesy.{kind}.v1"
        for events in (lambda: Receiver.events, lines):
            until(wanted, lambda: any(event["type"] == wanted for event in events()))
    assert all(event["type"] != "refused" for event in lines()), lines()
    event = next(event for event in Receiver.events if event["type"] == "courtesy.wishes.v1")
    assert event["specversion"] == "1.0" and event["data"]["customerId"], event

    # The CRM is away, and so is courtesy; nothing is lost by either.
    crm.kill()
    crm.wait()
    opt_out(server, "bob")
    server.stop()
    server.start()
    crm = start_crm(crm_port)
    try:
        assert refuses(crm_port, "ada"), "the CRM has kept what it knew"
        until("what was said meanwhile", lambda: refuses(crm_port, "bob"))
        call(server.api, "CustomerService/EraseCustomer", {"customerId": "ada"})
        until("the erasure", lambda: in_crm(crm_port, "ada") is None)
        server.stop()
    finally:
        crm.kill()


def has_begun(server, name):
    """Whether the webhook is looked after: what changes from then on is told to it."""
    with urllib.request.urlopen(f"{server.operations}/metrics", timeout=PATIENCE) as answer:
        return f'courtesy_webhook_off{{webhook="{name}"}} 0' in answer.read().decode()


main()
print("events.py: passed")
