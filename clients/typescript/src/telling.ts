/** What became of a message: told now, or later from the outbox. */

import { createHash } from "node:crypto";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { call } from "./call.js";
import type { Client } from "./client.js";
import { toMessage } from "./contact.js";
import { CallFailed, Unreachable } from "./errors.js";
import type { Entry, Outbox } from "./outbox.js";
import type { Grant, Permit } from "./permit.js";
import type { Settings } from "./settings.js";

const ID_BYTES_MAX = 128;
/** Of the timeout, what is spent at most on telling what waits, before the question itself. */
const FLUSH_PART = 0.25;

/**
 * These refusals are about the caller, or an operator has to act: the same entry may be recorded
 * later.
 */
const PASSING = new Set([
  "UNAUTHENTICATED",
  "NOT_ALLOWED",
  "TENANT_NOT_FOUND",
  "STORE_FORMAT",
  "UNIMPLEMENTED",
]);

/** What the outbox keeps of a message that was sent. */
export function toEntry(grant: Grant, sentAt: Date): Entry {
  const { contact, requestId, reserved } = grant;
  return { contact, requestId, sentAt, reserved };
}

/** Tells what became of one message. */
export async function settle(client: Client, permit: Permit, settings: Settings): Promise<void> {
  permit.end();
  const outcome = permit.outcome();
  if (outcome === "confirm") await sent(client, permit.grant, settings);
  if (outcome === "release") await release(client, permit.grant, settings);
}

/** Tells while an exception is in flight, which stays the one that is thrown. */
export async function quietly(telling: Promise<void>): Promise<void> {
  await telling.catch((error) => warn("what became of a message could not be told", error));
}

/** Runs `use`, and tells in the end what became of it. */
export async function settling<T>(use: () => Promise<T>, tell: () => Promise<void>): Promise<T> {
  let result: T;
  try {
    result = await use();
  } catch (error) {
    await quietly(tell());
    throw error;
  }
  await tell();
  return result;
}

/**
 * Puts one sent message on record: as the reservation that it was, or else as a contact. `atOnce`:
 * it was reserved and sent just now, which courtesy's own clock knows better than ours.
 */
export async function deliver(
  client: Client,
  entry: Entry,
  settings: Settings,
  atOnce = false,
): Promise<void> {
  const { requestId, reserved } = entry;
  try {
    await (reserved
      ? confirm(client, entry, settings, atOnce)
      : record(client, entry, requestId, settings));
  } catch (error) {
    const reason = error instanceof CallFailed ? error.reason : "";
    if (reason === "REQUEST_ID_REUSED" && !reserved) {
      // The reservation had landed after all, and only its answer was lost.
      await confirm(client, entry, settings);
    } else if (reserved && ["ALREADY_RELEASED", "RESERVATION_NOT_FOUND"].includes(reason)) {
      await record(client, entry, secondId(requestId), settings);
    } else if (reason !== "CUSTOMER_ERASED") {
      throw error;
    }
  }
}

/**
 * Delivers what waits, oldest first, until courtesy does not answer. Returns how many it was. An
 * entry that courtesy refuses for good is set aside. Where the caller is refused, all wait. It
 * takes that many milliseconds at most, and each entry no longer than the timeout.
 */
export async function flush(
  client: Client,
  settings: Settings,
  milliseconds = Infinity,
): Promise<number> {
  const outbox: Outbox = client.outbox;
  const deadline = performance.now() + milliseconds;
  let delivered = 0;
  for (let entry = outbox.first(); entry; entry = outbox.first()) {
    const left = deadline - performance.now();
    if (left <= 0) break;
    try {
      await deliver(client, entry, { ...settings, timeout: Math.min(left, settings.timeout) });
      outbox.dropFirst(entry);
      delivered += 1;
    } catch (error) {
      if (error instanceof Unreachable) break;
      if (!(error instanceof CallFailed)) throw error;
      if (error.reason === "" || PASSING.has(error.reason)) {
        warn("what was sent waits to be recorded", error);
        break;
      }
      warn("what was sent cannot be recorded, and is set aside", error);
      outbox.setAside(entry, error);
    }
  }
  return delivered;
}

/** Tells what waits, for a part of the timeout. Returns settings with what is left of it. */
export async function flushed(client: Client, settings: Settings): Promise<Settings> {
  const began = performance.now();
  await flush(client, settings, settings.timeout * FLUSH_PART);
  return { ...settings, timeout: settings.timeout - (performance.now() - began) };
}

/** What cannot be told now waits in the outbox, whatever the cause. */
async function sent(client: Client, grant: Grant, settings: Settings): Promise<void> {
  const entry = toEntry(grant, new Date());
  if (!entry.reserved) return client.outbox.put(entry);
  await deliver(client, entry, settings, grant.fresh).catch((error) => {
    client.outbox.put(entry);
    if (!(error instanceof Unreachable)) throw error;
  });
}

/** Gives back what was not sent. Where that cannot be told, the hold ends it, or it counts. */
async function release(client: Client, grant: Grant, settings: Settings): Promise<void> {
  if (!grant.reserved) return;
  const { contact, requestId } = grant;
  const request = { customerId: contact.customerId, requestId, ...client.tenant() };
  await call(client.stub.releaseContact, request, settings).catch((error) => {
    if (error instanceof Unreachable) return;
    // Nothing is left to be given back.
    const over = ["CUSTOMER_ERASED", "RESERVATION_NOT_FOUND"];
    if (!(error instanceof CallFailed) || !over.includes(error.reason)) throw error;
  });
}

/** The id under which a sent message is recorded whose reservation has ended. */
function secondId(requestId: string): string {
  const suffix = ":sent";
  const fits = Buffer.byteLength(requestId) + suffix.length <= ID_BYTES_MAX;
  return (fits ? requestId : createHash("sha256").update(requestId).digest("hex")) + suffix;
}

async function confirm(
  client: Client,
  entry: Entry,
  settings: Settings,
  atOnce = false,
): Promise<void> {
  const { contact, requestId } = entry;
  const sendTime = atOnce ? {} : { sendTime: timestampFromDate(entry.sentAt) };
  const request = { customerId: contact.customerId, requestId, ...sendTime, ...client.tenant() };
  await call(client.stub.confirmContact, request, settings);
}

async function record(
  client: Client,
  entry: Entry,
  requestId: string,
  settings: Settings,
): Promise<void> {
  const contact = toMessage(entry.contact, entry.sentAt);
  const request = { contact, requestId, ...client.tenant() };
  await call(client.stub.recordContact, request, settings);
}

/** It is seen on standard error, and by process.on("warning"). */
function warn(message: string, error: unknown): void {
  process.emitWarning(`${message}: ${error}`, "CourtesyWarning");
}
