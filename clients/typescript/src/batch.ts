/** The calls of a campaign: a batch is reserved, confirmed and released whole. */

import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { call, giveBack } from "./call.js";
import type { Campaign, Recipient } from "./campaign.js";
import type { Client } from "./client.js";
import { toMessage } from "./contact.js";
import { CallFailed, CourtesyError, Unreachable } from "./errors.js";
import type { BatchReserveResult } from "./gen/courtesy/v1/contact_service_pb.js";
import { ErrorReason } from "./gen/courtesy/v1/error_reason_pb.js";
import type { Entry } from "./outbox.js";
import { Permit, type Grant } from "./permit.js";
import { deliver, flushed, toEntry } from "./telling.js";

/** Tells what waits, and reserves a batch. Throws Unreachable if no recipient got an answer. */
export async function reserve(
  client: Client,
  campaign: Campaign,
  chunk: readonly Recipient[],
): Promise<Permit[]> {
  const reservations = chunk.map(({ requestId, contact }) => ({
    contact: toMessage(contact),
    requestId,
    ...client.hold(),
  }));
  const request = { reservations, ...client.tenant() };
  const settings = await flushed(client, client.settings);
  const grants = await call(client.stub.batchReserveContacts, request, settings).then(
    ({ message, mayBeSecond }) =>
      campaign.take(chunk, ({ contact, requestId }, index) => {
        const answered = reservation(message.results[index]);
        return client.granted(contact, requestId, answered, mayBeSecond);
      }),
    async (error) => {
      if (!(error instanceof Unreachable)) throw error;
      const instead = campaign.unasked(chunk, error);
      const going = new Set(instead.map((it) => it.requestId));
      // Only the answers may have been lost: then they are reserved, and would be for good.
      const others = chunk.filter((it) => !going.has(it.requestId));
      await giveBack(client.stub.batchReleaseContacts, releaseRequest(client, others), settings);
      if (instead.length === 0) throw error;
      return instead;
    },
  );
  return grants.map((grant) => new Permit(grant, client.settings));
}

/** Confirms what was sent and releases what was not; what cannot be told now is told later. */
export async function settleAll(client: Client, permits: readonly Permit[]): Promise<void> {
  permits.forEach((permit) => permit.end());
  const now = new Date();
  const of = (outcome: string) =>
    permits.filter((it) => it.outcome() === outcome).map((it) => it.grant);
  const entries = of("confirm").map((grant) => toEntry(grant, now));
  entries.filter((it) => !it.reserved).forEach((it) => client.outbox.put(it));
  try {
    const fresh = new Set(of("confirm").filter((it) => it.fresh).map((it) => it.requestId));
    await confirm(client, entries.filter((it) => it.reserved), fresh);
  } finally {
    await release(client, of("release").filter((it) => it.reserved));
  }
}

function reservation(answered: BatchReserveResult | undefined) {
  const result = answered?.result;
  if (result?.case === "reservation") return result.value;
  const error = result?.value;
  const reason = ErrorReason[error?.reason ?? 0] ?? "UNKNOWN";
  throw new CallFailed(error?.statusCode ?? 2, reason, error?.message ?? "no answer");
}

async function confirm(
  client: Client,
  entries: readonly Entry[],
  fresh: Set<string>,
): Promise<void> {
  if (entries.length === 0) return;
  const confirmations = entries.map((it) => ({
    customerId: it.contact.customerId,
    requestId: it.requestId,
    ...(!fresh.has(it.requestId) && { sendTime: timestampFromDate(it.sentAt) }),
  }));
  const request = { confirmations, ...client.tenant() };
  const { stub, settings, outbox } = client;
  const answer = await call(stub.batchConfirmContacts, request, settings).catch((error) => {
    entries.forEach((it) => outbox.put(it));
    if (!(error instanceof Unreachable)) throw error;
  });
  if (!answer) return;
  for (const [index, entry] of entries.entries()) {
    if (answer.message.results[index]?.result.case === "confirmation") continue;
    // The single call knows what to do about each error; a flush, about those that stay.
    await deliver(client, entry, settings).catch((error) => {
      if (!(error instanceof CourtesyError)) throw error;
      outbox.put(entry);
    });
  }
}

async function release(client: Client, grants: readonly Grant[]): Promise<void> {
  if (grants.length === 0) return;
  const { stub, settings } = client;
  await call(stub.batchReleaseContacts, releaseRequest(client, grants), settings).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
  });
}

function releaseRequest(client: Client, reserved: readonly Recipient[]) {
  const releases = reserved.map((it) => ({
    customerId: it.contact.customerId,
    requestId: it.requestId,
  }));
  return { releases, ...client.tenant() };
}
