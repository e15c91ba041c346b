/** Many recipients, in batches. */

import { RETRYABLE } from "./call.js";
import type { Contact } from "./contact.js";
import type { Decision } from "./decision.js";
import { CallFailed, MaybeSent, Refused, Unreachable, type CourtesyError } from "./errors.js";
import type { Outbox } from "./outbox.js";
import { unasked, type Grant } from "./permit.js";
import type { Settings } from "./settings.js";

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
  /** Of those that failed, the request id and why. */
  readonly failures: { requestId: string; error: CourtesyError }[];
}

export interface CampaignOptions {
  /** How many are reserved and told together, at most 1,000, which is the default. */
  readonly batch?: number;
  /** Is called after each batch. */
  readonly onProgress?: (progress: Progress) => void;
  /** Is called for each recipient that is refused. */
  readonly onRefused?: (requestId: string, decision: Decision) => void;
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

/** Counts the answers of a campaign. */
export class Campaign {
  readonly progress = emptyProgress();
  #refused: { requestId: string; decision: Decision }[] = [];

  constructor(
    private readonly settings: Settings,
    private readonly outbox: Outbox,
  ) {}

  /** The grants of a batch while courtesy is out of reach; without any, no recipient is counted. */
  unasked(chunk: readonly Recipient[], error: Unreachable): Grant[] {
    const chosen = this.settings.whenUnreachable;
    const some = chunk.some((it) => chosen[it.contact.purpose] === "send");
    if (this.outbox.isFull() || !some) return [];
    return this.take(chunk, () => {
      throw error;
    });
  }

  /** The grants among answers, each counted as what it is. */
  take(
    chunk: readonly Recipient[],
    answer: (recipient: Recipient, index: number) => Grant,
  ): Grant[] {
    let room = this.outbox.room();
    return chunk.flatMap((recipient, index) => {
      this.progress.recipients += 1;
      try {
        const grant = answer(recipient, index);
        this.progress.permits += 1;
        return [grant];
      } catch (error) {
        const instead = this.#left(recipient, error, room);
        if (!instead) return [];
        room -= 1;
        this.progress.permits += 1;
        return [instead];
      }
    });
  }

  /** Hands on who was refused in this batch. */
  report(onRefused: CampaignOptions["onRefused"]): void {
    const refused = this.#refused;
    this.#refused = [];
    for (const { requestId, decision } of refused) onRefused?.(requestId, decision);
  }

  /** Counts who gets no grant; a grant where the purpose is sent all the same. */
  #left({ requestId, contact }: Recipient, error: unknown, room: number): Grant | undefined {
    if (error instanceof Refused) {
      this.progress.refused += 1;
      this.#refused.push({ requestId, decision: error.decision });
    } else if (error instanceof MaybeSent) {
      this.progress.maybeSent += 1;
    } else if (error instanceof CallFailed || error instanceof Unreachable) {
      const away = error instanceof Unreachable || RETRYABLE.has(error.code);
      const grant = away ? unasked(contact, requestId, this.settings, room) : undefined;
      if (grant) return grant;
      this.progress.failed += 1;
      this.progress.failures.push({ requestId, error });
    } else {
      throw error;
    }
    return undefined;
  }
}
