/** A courtesy in the same process, for unit tests of senders. It decides nothing by itself. */

import { Campaign, chunks, type CampaignOptions, type Recipient } from "./campaign.js";
import type { Contact } from "./contact.js";
import type { Decision, ReasonCode } from "./decision.js";
import { CourtesyError, Refused, Unreachable } from "./errors.js";
import { Outbox } from "./outbox.js";
import { Permit, unasked, type Grant } from "./permit.js";
import type { Sender } from "./sender.js";
import { settled, type Settings } from "./settings.js";

type Told = { requestId: string; contact: Contact };

/** What a sender asked a fake. */
export interface Asked {
  /** The method, such as "permit" or "campaign". */
  readonly what: string;
  readonly contact: Contact;
  readonly requestId?: string;
}

/**
 * Stands in for Client in unit tests: allows everything but what it was told to refuse. `refuse`,
 * `answer` and `reachable` set the scene; `asked`, `bookings`, `sent` and `released` tell what the
 * sender did.
 */
export class FakeClient implements Sender {
  readonly asked: Asked[] = [];
  readonly bookings: Told[] = [];
  readonly sent: Told[] = [];
  readonly released: Told[] = [];
  readonly settings: Settings;
  readonly #answers = new Map<string, Decision | CourtesyError>();
  readonly outbox = new Outbox();
  reachable = true;

  constructor(settings: Partial<Settings> = {}) {
    this.settings = settled(settings);
  }

  /** Refuses a customer, on one channel or on all. */
  refuse(
    customerId: string,
    options: { channel?: string; code?: ReasonCode; nextAllowed?: Date } = {},
  ): void {
    const { code = "OPTED_OUT", nextAllowed } = options;
    const refusal = {
      ...ALLOWED,
      allowed: false,
      reasons: [{ code, cause: "the test refuses it" }],
    };
    this.answer(customerId, { ...refusal, ...(nextAllowed && { nextAllowed }) }, options);
  }

  /** What is answered about a customer, on one channel or on all; an error is thrown. */
  answer(
    customerId: string,
    answer: Decision | CourtesyError,
    options: { channel?: string } = {},
  ): void {
    this.#answers.set(key(customerId, options.channel), answer);
  }

  async check(contact: Contact): Promise<Decision> {
    return this.#check("check", contact);
  }

  #check(what: string, contact: Contact, requestId?: string): Decision {
    this.asked.push({ what, contact, ...(requestId !== undefined && { requestId }) });
    if (!this.reachable) throw new Unreachable("the fake is out of reach");
    if (this.#isSent(requestId)) return SENT;
    const { customerId, channel } = contact;
    const answer =
      this.#answers.get(key(customerId, channel)) ?? this.#answers.get(key(customerId));
    if (answer instanceof CourtesyError) throw answer;
    return answer ?? ALLOWED;
  }

  async permit<T>(
    contact: Contact,
    options: { requestId: string; timeout?: number },
    use: (permit: Permit) => Promise<T> | T,
  ): Promise<T> {
    return this.#use(this.#reserve("permit", contact, options.requestId), use);
  }

  async book(
    contact: Contact,
    options: { requestId: string; timeout?: number },
  ): Promise<Decision> {
    const { requestId } = options;
    const answer = this.#check("book", contact, requestId);
    if (!answer.allowed) throw new Refused(answer);
    this.bookings.push({ requestId, contact });
    return answer;
  }

  async booked<T>(
    contact: Contact,
    options: { requestId: string; timeout?: number },
    use: (permit: Permit) => Promise<T> | T,
  ): Promise<T> {
    return this.#use(this.#booked(contact, options.requestId), use);
  }

  async recheck(contact: Contact, options: { requestId: string }): Promise<Decision> {
    return this.#recheck("recheck", contact, options.requestId);
  }

  async *campaign(
    recipients: Iterable<Recipient>,
    options: CampaignOptions = {},
  ): AsyncGenerator<Permit, void, undefined> {
    const campaign = new Campaign(this.settings, this.outbox);
    for (const chunk of chunks(recipients, options.batch ?? 1000)) {
      const permits = this.#grants(campaign, chunk).map(
        (grant) => new Permit(grant, this.settings),
      );
      try {
        campaign.report(options.onRefused);
        yield* permits;
      } finally {
        permits.forEach((permit) => this.#settle(permit));
      }
      options.onProgress?.(campaign.progress);
    }
  }

  async flush(): Promise<number> {
    return 0;
  }

  async #use<T>(grant: Grant, use: (permit: Permit) => Promise<T> | T): Promise<T> {
    const permit = new Permit(grant, this.settings);
    try {
      return await use(permit);
    } finally {
      this.#settle(permit);
    }
  }

  #settle(permit: Permit): void {
    permit.end();
    const { contact, requestId } = permit.grant;
    if (permit.outcome() === "confirm") this.sent.push({ requestId, contact });
    if (permit.outcome() === "release") this.released.push({ requestId, contact });
  }

  #grants(campaign: Campaign, chunk: readonly Recipient[]): Grant[] {
    if (this.reachable) {
      return campaign.take(chunk, (it) => this.#reserve("campaign", it.contact, it.requestId));
    }
    this.asked.push(...chunk.map((it) => ({ what: "campaign", ...it })));
    const error = new Unreachable("the fake is out of reach");
    const grants = campaign.unasked(chunk, error);
    if (grants.length === 0) throw error;
    return grants;
  }

  #reserve(what: string, contact: Contact, requestId: string): Grant {
    try {
      const answer = this.#check(what, contact, requestId);
      if (!answer.allowed) throw new Refused(answer);
      return { contact, requestId, decision: answer, reserved: true };
    } catch (error) {
      return this.#unasked(contact, requestId, error);
    }
  }

  #recheck(what: string, contact: Contact, requestId: string): Decision {
    const answer = this.#check(what, contact, requestId);
    if (answer.allowed) return answer;
    if (!this.#isSent(requestId)) this.released.push({ requestId, contact });
    throw new Refused(answer);
  }

  #isSent(requestId: string | undefined): boolean {
    return this.sent.some((it) => it.requestId === requestId);
  }

  #booked(contact: Contact, requestId: string): Grant {
    try {
      return {
        contact,
        requestId,
        decision: this.#recheck("booked", contact, requestId),
        reserved: true,
      };
    } catch (error) {
      return { ...this.#unasked(contact, requestId, error), reserved: true };
    }
  }

  #unasked(contact: Contact, requestId: string, error: unknown): Grant {
    if (!(error instanceof Unreachable)) throw error;
    const grant = unasked(contact, requestId, this.settings, this.outbox.room());
    if (!grant) throw error;
    return grant;
  }
}

function key(customerId: string, channel?: string): string {
  return JSON.stringify([customerId, channel ?? null]);
}

const ALLOWED: Decision = { allowed: true, reasons: [], degraded: false, policyRevision: 0n };
const SENT: Decision = {
  ...ALLOWED,
  allowed: false,
  reasons: [{ code: "ALREADY_SENT", cause: "it has been sent" }],
};
