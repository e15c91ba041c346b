"""Speaks gRPC with Python's grpcio, as an application does. Run by `run`, which makes the stubs and
sets API, API_ON_FULL_DISK and SERVER_ON_FULL_DISK."""

import os
import resource
import sys
import threading
import time
from datetime import datetime, timedelta, timezone

import grpc
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.duration_pb2 import Duration
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_status import rpc_status

from courtesy.v1 import contact_pb2, contact_service_pb2, contact_service_pb2_grpc
from courtesy.v1 import customer_pb2, customer_service_pb2, customer_service_pb2_grpc
from courtesy.v1 import decision_pb2, error_reason_pb2, policy_pb2
from courtesy.v1 import policy_service_pb2, policy_service_pb2_grpc

ALLOW = decision_pb2.EFFECT_ALLOW
DENY = decision_pb2.EFFECT_DENY
Contact = contact_pb2.Contact
asks = contact_service_pb2
tells = customer_service_pb2
rules = policy_service_pb2


class Checks:
    """Counts what is checked, and prints one line for each check that fails."""

    def __init__(self):
        self.checked = 0
        self.failed = 0

    def equal(self, name, expected, got):
        self.that(name, expected == got, expected, got)

    def that(self, name, holds, expected, got):
        self.checked += 1
        if not holds:
            self.failed += 1
            print(f"FAILED {name}: expected {expected}, got {str(got)[:600]!r}")

    def error(self, name, code, reason, call, *arguments, **options):
        """Makes a call that must fail, and returns the details of its error by their type."""
        try:
            answer = call(*arguments, timeout=30, **options)
        except grpc.RpcError as error:
            details = details_of(error)
            info = details.get("ErrorInfo")
            got = (error.code(), info and info.reason, info and info.domain)
            self.equal(name, (code, reason, "courtesy.v1"), got)
            return details
        self.that(name, False, (code, reason), answer)
        return {}


def details_of(error):
    status = rpc_status.from_call(error)
    found = {}
    for packed in status.details if status else []:
        kind = getattr(error_details_pb2, packed.TypeName().rsplit(".", 1)[-1])
        detail = kind()
        packed.Unpack(detail)
        found[kind.__name__] = detail
    return found


def fields_of(details):
    request = details.get("BadRequest", error_details_pb2.BadRequest())
    return {violation.field for violation in request.field_violations}


def codes_of(decision):
    return [decision_pb2.ReasonCode.Name(reason.code) for reason in decision.reasons]


def marketing(customer, channel="email", **more):
    return Contact(customer_id=customer, channel=channel, purpose="marketing", **more)


def at(moment):
    stamp = Timestamp()
    stamp.FromDatetime(moment)
    return stamp


def contacts(check, channel):
    contact = contact_service_pb2_grpc.ContactServiceStub(channel)
    answer = contact.CheckContact(asks.CheckContactRequest(contact=marketing("pia")), timeout=30)
    check.equal("check", ALLOW, answer.decision.effect)
    check.that("check: time zones", answer.decision.tzdb_version[:2] == "20", "20…", answer)
    check.that("check: no detail", not answer.decision.HasField("detail"), "none", answer)

    request = asks.ReserveContactRequest(
        contact=marketing("pia", campaign="spring"), request_id="r-1", hold=Duration(seconds=600)
    )
    first = contact.ReserveContact(request, timeout=30)
    check.equal("reserve", ALLOW, first.decision.effect)
    left = first.expire_time.ToDatetime(timezone.utc) - datetime.now(timezone.utc)
    check.that(
        "reserve: hold", timedelta(minutes=9) < left <= timedelta(minutes=10), "10 min", left
    )
    again = contact.ReserveContact(request, timeout=30)
    check.equal("a retry is allowed as long as it may be sent", ALLOW, again.decision.effect)
    check.equal("a retry says that it is one", (False, True), (first.replayed, again.replayed))
    check.equal("a retry names the same reservation", first.expire_time, again.expire_time)
    request.contact.campaign = "autumn"
    check.error(
        "another request with the same id",
        grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED", contact.ReserveContact, request,
    )

    detailed = asks.CheckContactRequest(
        contact=marketing("pia"),
        detail=decision_pb2.DETAIL_LEVEL_FULL,
        at_least_version=first.decision.record_version,
    )
    answer = contact.CheckContact(detailed, timeout=30)
    check.equal("a refusal is an answer", DENY, answer.decision.effect)
    check.equal("why", ["REASON_CODE_TOO_SOON"], codes_of(answer.decision))
    wait = answer.decision.next_allowed_time.ToDatetime(timezone.utc) - datetime.now(timezone.utc)
    check.that("until when", timedelta(hours=19) < wait <= timedelta(hours=20), "20 h", wait)
    evidence = [(it.rule, it.channel, it.purpose) for it in answer.decision.detail.evidence]
    check.that(
        "what spends a budget", ("marketing-weekly", "email", "marketing") in evidence,
        "the reserved contact", evidence,
    )

    named = {"customer_id": "pia", "request_id": "r-1"}
    sent = contact.ConfirmContact(asks.ConfirmContactRequest(**named), timeout=30)
    check.equal("confirm: in time", False, sent.late)
    again = contact.ConfirmContact(asks.ConfirmContactRequest(**named), timeout=30)
    check.equal("confirm again", sent, again)
    check.error(
        "release what was sent",
        grpc.StatusCode.FAILED_PRECONDITION, "ALREADY_CONFIRMED",
        contact.ReleaseContact, asks.ReleaseContactRequest(**named),
    )
    check.error(
        "confirm what was never reserved",
        grpc.StatusCode.NOT_FOUND, "RESERVATION_NOT_FOUND",
        contact.ConfirmContact, asks.ConfirmContactRequest(customer_id="pia", request_id="none"),
    )

    request = asks.ReserveContactRequest(contact=marketing("quin"), request_id="r-1")
    contact.ReserveContact(request, timeout=30)
    named["customer_id"] = "quin"
    given_back = contact.ReleaseContact(asks.ReleaseContactRequest(**named), timeout=30)
    check.equal("release: in time", False, given_back.expired)
    answer = contact.CheckContact(asks.CheckContactRequest(contact=marketing("quin")), timeout=30)
    check.equal("what was released is given back", ALLOW, answer.decision.effect)

    earlier = at(datetime.now(timezone.utc) - timedelta(hours=1))
    recorded = contact.RecordContact(
        asks.RecordContactRequest(
            contact=marketing("quin", contact_time=earlier), request_id="r-2"
        ),
        timeout=30,
    )
    check.equal("record", ALLOW, recorded.decision.effect)
    answer = contact.CheckContact(asks.CheckContactRequest(contact=marketing("quin")), timeout=30)
    check.equal("what was recorded counts", ["REASON_CODE_TOO_SOON"], codes_of(answer.decision))

    plan = contact.PlanContact(
        asks.PlanContactRequest(contact=marketing("quin"), channels=["sms", "email"]), timeout=30
    )
    check.equal("plan: best first", ["email", "sms"], [it.channel for it in plan.plans])
    check.equal(
        "plan: when", [True, False], [it.HasField("next_allowed_time") for it in plan.plans]
    )
    choice = contact.ChooseContact(
        asks.ChooseContactRequest(
            request_id="c-1",
            candidates=[
                asks.Candidate(contact=marketing("rae"), value=1),
                asks.Candidate(contact=marketing("rae", "sms"), value=9),
            ],
        ),
        timeout=30,
    )
    check.equal("choose", 0, choice.chosen_index)
    tried = [(it.index, it.decision.effect) for it in choice.decisions]
    check.equal("choose: what was tried", [(1, DENY), (0, ALLOW)], tried)
    contact.RecordEngagement(
        asks.RecordEngagementRequest(
            customer_id="rae", kind=contact_pb2.ENGAGEMENT_KIND_BOUNCED_HARD,
            contact_request_id="c-1", request_id="e-1",
        ),
        timeout=30,
    )
    answer = contact.CheckContact(asks.CheckContactRequest(contact=marketing("rae")), timeout=30)
    check.that(
        "a hard bounce suppresses its channel",
        "REASON_CODE_SUPPRESSED" in codes_of(answer.decision), "SUPPRESSED", answer,
    )


def batches(check, channel):
    contact = contact_service_pb2_grpc.ContactServiceStub(channel)
    several = [marketing(f"batch-{number}") for number in range(998)]
    several += [marketing("batch-0", "fax"), marketing("batch-0")]
    answer = contact.BatchCheckContacts(
        asks.BatchCheckContactsRequest(contacts=several[-2:] + several[:3]), timeout=30
    )
    kinds = [it.WhichOneof("result") for it in answer.results]
    check.equal("batch: one answer each, in order", ["error"] + ["decision"] * 4, kinds)
    error = answer.results[0].error
    expected = (
        grpc.StatusCode.INVALID_ARGUMENT.value[0], error_reason_pb2.ERROR_REASON_UNDECLARED_NAME
    )
    check.equal("batch: the error of an item", expected, (error.status_code, error.reason))
    details = check.error(
        "batch: an item that breaks a bound",
        grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST", contact.BatchCheckContacts,
        asks.BatchCheckContactsRequest(contacts=[marketing("batch-0"), marketing("")]),
    )
    check.equal("batch: which it is", {"contacts[1].customer_id"}, fields_of(details))

    reservations = [
        asks.BatchReservation(contact=marketing("batch"), request_id=f"b-{number}")
        for number in (1, 2, 1)
    ]
    request = asks.BatchReserveContactsRequest(reservations=reservations)
    answer = contact.BatchReserveContacts(request, timeout=30)
    effects = [it.reservation.decision.effect for it in answer.results]
    check.equal("batch: as the sequence of its parts", [ALLOW, DENY, ALLOW], effects)
    check.error(
        "batch: too many",
        grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST",
        contact.BatchCheckContacts, asks.BatchCheckContactsRequest(contacts=several + several[:1]),
    )


def mistakes(check, channel):
    contact = contact_service_pb2_grpc.ContactServiceStub(channel)
    details = check.error(
        "every violation at once",
        grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST", contact.ReserveContact,
        asks.ReserveContactRequest(contact=Contact(priority=101), hold=Duration(seconds=-1)),
    )
    expected = {"contact.customer_id", "contact.channel", "contact.purpose", "contact.priority"}
    check.equal("every violation", expected | {"request_id", "hold"}, fields_of(details))
    details = check.error(
        "a channel that is not declared",
        grpc.StatusCode.INVALID_ARGUMENT, "UNDECLARED_NAME",
        contact.CheckContact, asks.CheckContactRequest(contact=marketing("pia", "fax")),
    )
    check.equal("where it is", {"contact.channel"}, fields_of(details))
    large = marketing("pia", attributes={str(number): "x" * 1000 for number in range(80)})
    try:
        contact.CheckContact(asks.CheckContactRequest(contact=large), timeout=30)
        check.that("a message that is too large", False, "an error", "an answer")
    except grpc.RpcError as error:
        code = error.code()
        check.equal("a message that is too large", grpc.StatusCode.OUT_OF_RANGE, code)
    try:
        channel.unary_unary("/courtesy.v1.ContactService/SpamContact")(b"", timeout=30)
        check.that("a method that does not exist", False, "an error", "an answer")
    except grpc.RpcError as error:
        check.equal("a method that does not exist", grpc.StatusCode.UNIMPLEMENTED, error.code())


def customers(check, channel):
    customer = customer_service_pb2_grpc.CustomerServiceStub(channel)
    contact = contact_service_pb2_grpc.ContactServiceStub(channel)
    email = customer_pb2.Scope(channel="email")
    said = at(datetime.now(timezone.utc) - timedelta(days=1))
    out = customer.OptOut(
        tells.OptOutRequest(
            customer_id="sam", scope=email, event_time=said, source="crm", request_id="o-1"
        ),
        timeout=30,
    )
    check.equal("opt out", [email], [it.scope for it in out.opt_outs])
    question = asks.CheckContactRequest(contact=marketing("sam"), at_least_version=out.version)
    answer = contact.CheckContact(question, timeout=30)
    check.equal("an opt-out refuses", ["REASON_CODE_OPTED_OUT"], codes_of(answer.decision))
    stale = tells.OptInRequest(customer_id="sam", scope=email, event_time=said, evidence="form 7")
    check.equal("a tie goes to the opt-out", 1, len(customer.OptIn(stale, timeout=30).opt_outs))
    fresh = tells.OptInRequest(customer_id="sam", scope=email, evidence="form 8")
    yes = customer.OptIn(fresh, timeout=30)
    check.equal("opt in", (0, ["email"]), (len(yes.opt_outs), [it.channel for it in yes.consents]))
    details = check.error(
        "opt in without evidence",
        grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST",
        customer.OptIn, tells.OptInRequest(customer_id="sam"),
    )
    check.equal("opt in without evidence: where", {"evidence"}, fields_of(details))

    known = customer_pb2.Customer(customer_id="sam", time_zone="Asia/Tokyo", segments=["vip"])
    mask = FieldMask(paths=["time_zone"])
    request = tells.UpdateCustomerRequest(
        customer=known, update_mask=mask, expected_version=yes.version
    )
    updated = customer.UpdateCustomer(request, timeout=30).customer
    got = (updated.time_zone, list(updated.segments))
    check.equal("update what the mask names", ("Asia/Tokyo", []), got)
    check.error(
        "update another version",
        grpc.StatusCode.ABORTED, "VERSION_MOVED", customer.UpdateCustomer, request,
    )
    got = customer.GetCustomer(tells.GetCustomerRequest(customer_id="sam"), timeout=30).customer
    check.equal("get", updated, got)

    listed, token = [], None
    for _ in range(2):
        request = tells.ListContactsRequest(customer_id="quin", page_size=1, page_token=token)
        page = customer.ListContacts(request, timeout=30)
        listed += [(it.request_id, it.state) for it in page.contacts]
        token = page.next_page_token
    expected = [
        ("r-1", contact_pb2.CONTACT_STATE_RELEASED),
        ("r-2", contact_pb2.CONTACT_STATE_SENT),
    ]
    check.equal("list contacts, page by page", expected, sorted(listed))
    check.equal("the last page", "", token)


def policies(check, channel):
    policy = policy_service_pb2_grpc.PolicyServiceStub(channel)
    shown = policy.GetPolicy(rules.GetPolicyRequest(), timeout=30).policy
    check.equal("the starter policy", (0, "starter"), (shown.revision, shown.documents[0].name))
    text = "name: base\nchannels: {email: {}}\npurposes: {marketing: {}}\nbudjets: []"
    details = check.error(
        "a policy with a mistake",
        grpc.StatusCode.INVALID_ARGUMENT, "INVALID_POLICY", policy.ApplyPolicy,
        rules.ApplyPolicyRequest(
            documents=[policy_pb2.PolicyDocument(text=text)], expected_revision=0
        ),
    )
    where = {field.rsplit(":", 1)[0] for field in fields_of(details)}
    check.equal("a mistake: its document and line", {"base:4"}, where)
    text = text.replace("budjets: []", "budgets: [{name: all, limit: 1, per: 7d}]")
    request = rules.ApplyPolicyRequest(
        documents=[policy_pb2.PolicyDocument(text=text)], expected_revision=0
    )
    check.equal("apply a policy", 1, policy.ApplyPolicy(request, timeout=30).revision)
    shown = policy.GetPolicy(rules.GetPolicyRequest(), timeout=30).policy
    got = (shown.revision, [it.text for it in shown.documents])
    check.equal("the policy is kept verbatim", (1, [text]), got)
    details = check.error(
        "apply to the revision before",
        grpc.StatusCode.ABORTED, "REVISION_MOVED", policy.ApplyPolicy, request,
    )
    check.equal("which is in force", "1", details["ErrorInfo"].metadata["revision"])
    contact = contact_service_pb2_grpc.ContactServiceStub(channel)
    answer = contact.CheckContact(asks.CheckContactRequest(contact=marketing("tom")), timeout=30)
    check.equal("the new policy decides", 1, answer.decision.policy_revision)


def deadlines(check, channel):
    """A request that never ends: the server gives up before a patient client does."""
    ended = threading.Event()

    def silence():
        ended.wait()
        yield from ()

    call = channel.stream_unary("/courtesy.v1.ContactService/CheckContact")
    started = time.monotonic()
    check.error(
        "the longest that a call may take",
        grpc.StatusCode.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", call, silence(),
    )
    took = time.monotonic() - started
    check.that("the server's own deadline", 1.5 < took < 20, "2 s", took)
    try:
        call(silence(), timeout=0.3)
        check.that("the client's own deadline", False, "an error", "an answer")
    except grpc.RpcError as error:
        check.equal("the client's own deadline", grpc.StatusCode.DEADLINE_EXCEEDED, error.code())
    ended.set()


def standard(check, channel):
    health = health_pb2_grpc.HealthStub(channel)
    names = ["ContactService", "CustomerService", "PolicyService"]
    for name in [""] + [f"courtesy.v1.{name}" for name in names]:
        answer = health.Check(health_pb2.HealthCheckRequest(service=name), timeout=30)
        serving = health_pb2.HealthCheckResponse.SERVING
        check.equal(f"health of {name or 'all'}", serving, answer.status)
    watched = health.Watch(health_pb2.HealthCheckRequest(), timeout=30)
    check.equal("watching health", serving, next(watched).status)
    watched.cancel()
    try:
        health.Check(health_pb2.HealthCheckRequest(service="none"), timeout=30)
        check.that("health of none", False, "an error", "an answer")
    except grpc.RpcError as error:
        check.equal("health of none", grpc.StatusCode.NOT_FOUND, error.code())

    reflected = ProtoReflectionDescriptorDatabase(channel)
    listed = [name for name in reflected.get_services() if name.startswith("courtesy.")]
    check.equal("reflection", [f"courtesy.v1.{name}" for name in names], sorted(listed))
    service = DescriptorPool(reflected).FindServiceByName("courtesy.v1.ContactService")
    own = asks.DESCRIPTOR.services_by_name["ContactService"]
    check.equal("reflected methods", list(own.methods_by_name), list(service.methods_by_name))


def full_disk(check, channel, server):
    """A wish that cannot be kept is not acknowledged, and the client is told when to try again."""
    customer = customer_service_pb2_grpc.CustomerServiceStub(channel)
    contact = contact_service_pb2_grpc.ContactServiceStub(channel)
    customer.OptOut(tells.OptOutRequest(customer_id="una"), timeout=30)
    _, most = resource.prlimit(server, resource.RLIMIT_FSIZE)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (1, most))
    for attempt in ("first", "second"):
        details = check.error(
            f"an opt-out on a full disk, {attempt} attempt",
            grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE",
            customer.OptOut, tells.OptOutRequest(customer_id="vic"),
        )
        delay = details.get("RetryInfo", error_details_pb2.RetryInfo()).retry_delay
        check.that("when to try again", 0 < delay.ToMilliseconds() <= 1000, "a while", details)
    answer = contact.CheckContact(asks.CheckContactRequest(contact=marketing("una")), timeout=30)
    check.that(
        "an opt-out from before still refuses",
        "REASON_CODE_OPTED_OUT" in codes_of(answer.decision), "OPTED_OUT", answer,
    )


def main():
    check = Checks()
    with grpc.insecure_channel(os.environ["API"].removeprefix("http://")) as channel:
        for part in (contacts, batches, mistakes, customers, deadlines, standard, policies):
            attempt(check, part, channel)
    with grpc.insecure_channel(os.environ["API_ON_FULL_DISK"].removeprefix("http://")) as channel:
        attempt(check, full_disk, channel, int(os.environ["SERVER_ON_FULL_DISK"]))
    print(f"grpcio: {check.checked} checks, {check.failed} failed")
    sys.exit(check.failed > 0)


def attempt(check, part, *arguments):
    """A part that cannot go on fails, and the others are still asked."""
    try:
        part(check, *arguments)
    except grpc.RpcError as error:
        check.that(part.__name__, False, "an answer", f"{error.code()}: {error.details()}")


main()
