"""What a CRM system asks: the requests of CustomerService, as flows. A call that names no request
gets a name of its own, so that its repetitions change nothing."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TypedDict

from courtesy.v1 import bulk_pb2, consent_pb2, customer_pb2, erasure_pb2, inbound_message_pb2
from courtesy.v1 import customer_service_pb2 as pb
from google.protobuf.field_mask_pb2 import FieldMask

from .flow import Flow, call
from .scope import Scope
from .settings import Settings
from .times import to_duration, to_timestamp

# How many rows of an import are sent together.
CHUNK = 500


class OptOutSaid(TypedDict, total=False):
    """How an opt-out was said; see Customers.opt_out."""

    at: datetime | None
    until: datetime | None
    source: str | None
    evidence: str | None
    request_id: str | None


class OptInSaid(TypedDict, total=False):
    """How an opt-in was said; see Customers.opt_in."""

    evidence: str
    at: datetime | None
    source: str | None
    pending: bool
    ground: str | None
    request_id: str | None


class MessageSaid(TypedDict, total=False):
    """How a message came; see Customers.hear."""

    at: datetime | None
    asked_for_opt_in: bool
    brand: str | None
    topic: str | None


class ImportSaid(TypedDict, total=False):
    """What holds for all rows of an import; see Customers.import_rows."""

    source: str | None
    evidence: str | None
    at: datetime | None
    allow_opt_in: bool
    dry_run: bool


def _name(request_id: str | None) -> str:
    return request_id if request_id is not None else uuid.uuid4().hex


def _answer(method: str, request, settings: Settings) -> Flow:
    answer = yield from call(method, request, settings)
    return answer.message


def get(customer_id: str, settings: Settings) -> Flow:
    request = pb.GetCustomerRequest(customer_id=customer_id, tenant=settings.tenant)
    return (yield from _answer("GetCustomer", request, settings)).customer


def update(
    customer: customer_pb2.Customer,
    clear: Iterable[str],
    expected_version: str | None,
    request_id: str | None,
    settings: Settings,
) -> Flow:
    other = {"version", "customer_id", "opt_outs", "consents", "suppressions"}
    told = [field.name for field, _ in customer.ListFields() if field.name not in other]
    request = pb.UpdateCustomerRequest(
        customer=customer,
        update_mask=FieldMask(paths=[*told, *clear]),
        expected_version=expected_version,
        request_id=_name(request_id),
        tenant=settings.tenant,
    )
    return (yield from _answer("UpdateCustomer", request, settings)).customer


def opt_out(
    customer_id: str,
    scope: Scope,
    settings: Settings,
    *,
    at: datetime | None = None,
    until: datetime | None = None,
    source: str | None = None,
    evidence: str | None = None,
    request_id: str | None = None,
) -> Flow:
    request = pb.OptOutRequest(
        customer_id=customer_id,
        scope=scope.to_proto(),
        event_time=to_timestamp(at),
        until_time=to_timestamp(until),
        source=source,
        evidence=evidence,
        request_id=_name(request_id),
        tenant=settings.tenant,
    )
    return _answer("OptOut", request, settings)


def opt_in(
    customer_id: str,
    scope: Scope,
    settings: Settings,
    *,
    evidence: str,
    at: datetime | None = None,
    source: str | None = None,
    pending: bool = False,
    ground: str | None = None,
    request_id: str | None = None,
) -> Flow:
    request = pb.OptInRequest(
        customer_id=customer_id,
        scope=scope.to_proto(),
        event_time=to_timestamp(at),
        source=source,
        evidence=evidence,
        pending=pending,
        ground=ground,
        request_id=_name(request_id),
        tenant=settings.tenant,
    )
    return _answer("OptIn", request, settings)


def opt_out_many(
    opt_outs: Iterable[consent_pb2.BatchedOptOut], settings: Settings
) -> Flow:
    request = consent_pb2.BatchOptOutRequest(opt_outs=opt_outs, tenant=settings.tenant)
    return (yield from _answer("BatchOptOut", request, settings)).results


def hear(
    customer_id: str,
    channel: str,
    text: str,
    request_id: str,
    settings: Settings,
    *,
    at: datetime | None = None,
    asked_for_opt_in: bool = False,
    brand: str | None = None,
    topic: str | None = None,
) -> Flow:
    request = inbound_message_pb2.HandleInboundMessageRequest(
        customer_id=customer_id,
        channel=channel,
        text=text,
        event_time=to_timestamp(at),
        request_id=request_id,
        asked_for_opt_in=asked_for_opt_in,
        brand=brand,
        topic=topic,
        tenant=settings.tenant,
    )
    return _answer("HandleInboundMessage", request, settings)


def unsubscribe_link(
    customer_id: str, scope: Scope, valid_for: timedelta | None, settings: Settings
) -> Flow:
    request = pb.IssueUnsubscribeLinkRequest(
        customer_id=customer_id,
        scope=scope.to_proto(),
        valid_for=to_duration(valid_for),
        tenant=settings.tenant,
    )
    return _answer("IssueUnsubscribeLink", request, settings)


def export(customer_id: str, settings: Settings) -> Flow:
    request = erasure_pb2.ExportCustomerRequest(customer_id=customer_id, tenant=settings.tenant)
    return _answer("ExportCustomer", request, settings)


def erase(customer_id: str, request_id: str | None, settings: Settings) -> Flow:
    request = erasure_pb2.EraseCustomerRequest(
        customer_id=customer_id, request_id=_name(request_id), tenant=settings.tenant
    )
    return _answer("EraseCustomer", request, settings)


def import_chunk(
    rows: list[tuple[int, bulk_pb2.CustomerRow]],
    settings: Settings,
    *,
    source: str | None = None,
    evidence: str | None = None,
    at: datetime | None = None,
    allow_opt_in: bool = False,
    dry_run: bool = False,
) -> Flow:
    """Some rows with their numbers. Saying them again changes nothing, so it is repeated like any
    call."""
    options = bulk_pb2.ImportOptions(
        source=source,
        evidence=evidence,
        event_time=to_timestamp(at),
        allow_opt_in=allow_opt_in,
        dry_run=dry_run,
        tenant=settings.tenant,
    )
    numbered = [bulk_pb2.ImportRow(row_number=number, customer=row) for number, row in rows]
    parts = [
        bulk_pb2.ImportCustomersRequest(options=options),
        bulk_pb2.ImportCustomersRequest(chunk=bulk_pb2.ImportChunk(rows=numbered)),
    ]
    return _answer("ImportCustomers", parts, settings)
