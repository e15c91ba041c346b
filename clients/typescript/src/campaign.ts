/** Many recipients: reserved and told in batches. */

import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { call } from "./call.js";
import type { Client } from "./client.js";
import { toMessage, type Contact } from "./contact.js";
import { CallFailed, CourtesyError, MaybeSent, Refused, Unreachable } from "./errors.js";
import type { BatchReserveResult } from "./gen/courtesy/v1/contact_service_pb.js";
import { ErrorReason } from "./gen/courtesy/v1/error_reason_pb.js";
import type { Entry } from "./outbox.js";
import { Permit, type Grant } from "./permit.js";
import { deliver, toEntry } from "./telling.js";

const BATCH = 1000;

export interface Recipient {
  readonly requestId: string;
  readonly contact: Contact;
}

/** How far a campaign is. The four last add up to `recipients`, once it is over. */
export interface Progress {
  recipients: number;
  permits: number;
  refused: number;
  /** An earlier attempt may have sent it, so it was left out. */
  maybeSent: number;
  /** courtesy had no answer for this one, such as a channel that the policy does not declare. */
  failed: number;
  readonly failures: { requestId: string; error: CallFailed }[];
}

export function emptyProgress(): Progress {
  return { recipients: 0, permits: 0, refused: 0, maybeSent: 0, failed: 0, failures: [] };
}

export function* chunks(recipients: Iterable<Recipient>, size: number): Generator<Recipient[]> {
  if (!(size >= 1 && size <= BATCH)) throw new RangeError(`a batch has 1 to ${BATCH} recipients`);
  let chunk: Recipient[] = [];
  for (const recipient of recipients) {
    chunk.push(recipient);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

/** Reserves and settles batches, and counts. */
export class Campaign {
  readonly progress = emptyProgress();

  constructor(private readonly client: Client) {}

  /** The permits of a batch. Throws Unreachable where the whole batch has no answer. */
  async reserve(chunk: readonly Recipient[]): Promise<Permit[]> {
    const { stub, settings } = this.client;
    const reservations = chunk.map(({ requestId, contact }) => ({
      contact: toMessage(contact),
      requestId,
      ...this.client.hold(),
    }));
    const request = { reservations, ...this.client.tenant() };
    const answer = await call(stub.batchReserveContacts, request, settings);
    const results = answer.message.results;
    return chunk.flatMap((recipient, index) => {
      const grant = this.#grant(recipient, results[index], answer.mayBeSecond);
      return grant ? [new Permit(grant, settings)] : [];
    });
  }

  /** Confirms what was sent and releases what was not; what cannot be told now is told later. */
  async settle(permits: readonly Permit[]): Promise<void> {
    const now = new Date();
    const of = (outcome: string) =>
      permits.filter((it) => it.outcome() === outcome).map((it) => it.grant);
    const entries = of("confirm").map((grant) => toEntry(grant, now));
    entries.filter((it) => !it.reserved).forEach((it) => this.client.outbox.put(it));
    try {
      await this.#confirm(entries.filter((it) => it.reserved));
    } finally {
      await this.#release(of("release").filter((it) => it.reserved));
    }
  }

  #grant(recipient: Recipient, answered: BatchReserveResult | undefined, mayBeSecond: boolean) {
    const { requestId, contact } = recipient;
    const result = answered?.result;
    this.progress.recipients += 1;
    if (result?.case !== "reservation") {
      const error = result?.value;
      const reason = ErrorReason[error?.reason ?? 0] ?? "UNKNOWN";
      const failed = new CallFailed(error?.statusCode ?? 2, reason, error?.message ?? "no answer");
      this.progress.failures.push({ requestId, error: failed });
      this.progress.failed += 1;
      return undefined;
    }
    try {
      const grant = this.client.granted(contact, requestId, result.value, mayBeSecond);
      this.progress.permits += 1;
      return grant;
    } catch (error) {
      if (error instanceof Refused) this.progress.refused += 1;
      else if (error instanceof MaybeSent) this.progress.maybeSent += 1;
      else throw error;
      return undefined;
    }
  }

  async #confirm(entries: readonly Entry[]): Promise<void> {
    if (entries.length === 0) return;
    const confirmations = entries.map((it) => ({
      customerId: it.contact.customerId,
      requestId: it.requestId,
      sendTime: timestampFromDate(it.sentAt),
    }));
    const request = { confirmations, ...this.client.tenant() };
    const { stub, settings, outbox } = this.client;
    const answer = await call(stub.batchConfirmContacts, request, settings).catch((error) => {
      entries.forEach((it) => outbox.put(it));
      if (!(error instanceof Unreachable)) throw error;
    });
    if (!answer) return;
    for (const [index, entry] of entries.entries()) {
      if (answer.message.results[index]?.result.case === "confirmation") continue;
      // The single call knows what to do about each error; a flush, about those that stay.
      await deliver(this.client, entry, settings).catch((error) => {
        if (!(error instanceof CourtesyError)) throw error;
        outbox.put(entry);
      });
    }
  }

  async #release(grants: readonly Grant[]): Promise<void> {
    if (grants.length === 0) return;
    const releases = grants.map((it) => ({
      customerId: it.contact.customerId,
      requestId: it.requestId,
    }));
    const request = { releases, ...this.client.tenant() };
    await call(this.client.stub.batchReleaseContacts, request, this.client.settings).catch((error) => {
      if (!(error instanceof Unreachable)) throw error;
    });
  }
}
