/** A courtesy in the same process, for unit tests of senders. It decides nothing by itself. */

import { Campaign, chunks, type CampaignOptions, type Recipient } from "./campaign.js";
import type { Contact } from "./contact.js";
import type { Decision, ReasonCode } from "./decision.js";
import { Refused, Unreachable } from "./errors.js";
import { Outbox } from "./outbox.js";
import { Permit, unasked, type Grant } from "./permit.js";
import type { Sender } from "./sender.js";
import { settled, type Settings } from "./settings.js";

/**
 * Stands in for Client in unit tests: allows everything but what it was told to refuse. `sent` and
 * `released` tell what the sender did.
 */
export class FakeClient implements Sender {
  readonly sent: { requestId: string; contact: Contact }[] = [];
  readonly released: { requestId: string; contact: Contact }[] = [];
  readonly settings: Settings;
  readonly #refusals = new Map<string, ReasonCode>();
  readonly outbox = new Outbox();
  reachable = true;

  constructor(settings: Partial<Settings> = {}) {
    this.settings = settled(settings);
  }

  /** Refuses a customer, on one channel or on all. */
  refuse(customerId: string, options: { channel?: string; code?: ReasonCode } = {}): void {
    this.#refusals.set(key(customerId, options.channel), options.code ?? "OPTED_OUT");
  }

  async check(contact: Contact): Promise<Decision> {
    return this.#check(contact);
  }

  #check(contact: Contact): Decision {
    if (!this.reachable) throw new Unreachable("the fake is out of reach");
    const { customerId, channel } = contact;
    const code = this.#refusals.get(key(customerId, channel)) ?? this.#refusals.get(key(customerId));
    return decision(code);
  }

  async permit<T>(
    contact: Contact,
    options: { requestId: string; timeout?: number },
    use: (permit: Permit) => Promise<T> | T,
  ): Promise<T> {
    const permit = new Permit(this.#reserve(contact, options.requestId), this.settings);
    try {
      return await use(permit);
    } finally {
      this.#settle(permit);
    }
  }

  async recheck(contact: Contact, options: { requestId: string }): Promise<Decision> {
    const answer = await this.check(contact);
    if (answer.allowed) return answer;
    this.released.push({ requestId: options.requestId, contact });
    throw new Refused(answer);
  }

  async *campaign(
    recipients: Iterable<Recipient>,
    options: CampaignOptions = {},
  ): AsyncGenerator<Permit, void, undefined> {
    const campaign = new Campaign(this.settings, this.outbox);
    for (const chunk of chunks(recipients, options.batch ?? 1000)) {
      const permits = this.#grants(campaign, chunk).map((grant) => new Permit(grant, this.settings));
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

  #settle(permit: Permit): void {
    permit.end();
    const { contact, requestId } = permit.grant;
    if (permit.outcome() === "confirm") this.sent.push({ requestId, contact });
    if (permit.outcome() === "release") this.released.push({ requestId, contact });
  }

  #grants(campaign: Campaign, chunk: readonly Recipient[]): Grant[] {
    if (this.reachable) return campaign.take(chunk, (it) => this.#reserve(it.contact, it.requestId));
    const error = new Unreachable("the fake is out of reach");
    const grants = campaign.unasked(chunk, error);
    if (grants.length === 0) throw error;
    return grants;
  }

  #reserve(contact: Contact, requestId: string): Grant {
    if (this.sent.some((it) => it.requestId === requestId)) throw new Refused(decision("ALREADY_SENT"));
    try {
      const answer = this.#check(contact);
      if (!answer.allowed) throw new Refused(answer);
      return { contact, requestId, decision: answer, reserved: true };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const grant = unasked(contact, requestId, this.settings, this.outbox.room());
      if (!grant) throw error;
      return grant;
    }
  }
}

function key(customerId: string, channel?: string): string {
  return JSON.stringify([customerId, channel ?? null]);
}

function decision(code: ReasonCode | undefined): Decision {
  const reasons = code ? [{ code, cause: "the test refuses it" }] : [];
  return { allowed: !code, reasons, degraded: false, policyRevision: 0n };
}
