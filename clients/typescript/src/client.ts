/** The client. */

import { create } from "@bufbuild/protobuf";
import { DurationSchema } from "@bufbuild/protobuf/wkt";
import { createClient, type Client as Stub, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { reserve, settleAll } from "./batch.js";
import { call, giveBack } from "./call.js";
import { Campaign, chunks, type CampaignOptions, type Recipient } from "./campaign.js";
import { toMessage, type Contact } from "./contact.js";
import { toDecision, type Decision } from "./decision.js";
import { MaybeSent, Refused, Unreachable } from "./errors.js";
import {
  ContactService,
  type ReserveContactResponse,
} from "./gen/courtesy/v1/contact_service_pb.js";
import { Outbox } from "./outbox.js";
import { Permit, unasked, type Grant } from "./permit.js";
import type { Sender } from "./sender.js";
import { settled, takesHeld, type Settings } from "./settings.js";
import { flush, flushed, quietly, settle, settling } from "./telling.js";

/** Asks one courtesy. */
export class Client implements Sender {
  readonly outbox: Outbox;
  readonly settings: Settings;
  readonly stub: Stub<typeof ContactService>;

  /**
   * @param target "http://host:port" or "https://host:port"; or a transport of your own.
   * @param settings see Settings; `outbox` is where messages wait that were sent and could not be
   * told.
   */
  constructor(target: string | Transport, settings: Partial<Settings> & { outbox?: Outbox } = {}) {
    const { outbox, ...rest } = settings;
    const transport =
      typeof target === "string" ? createGrpcTransport({ baseUrl: target }) : target;
    this.stub = createClient(ContactService, transport);
    this.outbox = outbox ?? new Outbox();
    this.settings = settled(rest);
  }

  /**
   * Reserves, lets you send, and tells what became of it. Throws Refused before anything is sent,
   * MaybeSent where an earlier attempt may have sent it, Unreachable where courtesy does not answer
   * and the purpose is not sent all the same. `timeout` (milliseconds) is that of the settings,
   * unless it is given: for all that is asked before you send, and again for what is told after it.
   */
  async permit<T>(
    contact: Contact,
    options: { requestId: string; timeout?: number },
    use: (permit: Permit) => Promise<T> | T,
  ): Promise<T> {
    const settings = this.#within(options.timeout);
    return this.#use(await this.#reserve(contact, options.requestId, settings), settings, use);
  }

  /**
   * Reserves what you send later, at `contact.at`; `booked` sends it. It may be repeated. Throws
   * Refused, and Unreachable: then it may be booked all the same. A hold begins at `contact.at`.
   */
  async book(
    contact: Contact,
    options: { requestId: string; timeout?: number },
  ): Promise<Decision> {
    const request = this.#reservation(contact, options.requestId);
    const settings = await flushed(this, this.#within(options.timeout));
    const { message } = await call(this.stub.reserveContact, request, settings);
    const decision = toDecision(message.decision);
    if (!decision.allowed) throw new Refused(decision);
    if (decision.degraded) {
      throw new Unreachable("courtesy could not read the customer's record, and booked nothing");
    }
    return decision;
  }

  /**
   * Asks again about what was booked, with the same contact, and lets you send it: when its time
   * has come. Otherwise as `permit`: throws Refused, which gives the booking back; left without
   * sending, it is given back too. Throws Unreachable where courtesy does not answer, and the
   * booking stays.
   */
  async booked<T>(
    contact: Contact,
    options: { requestId: string; timeout?: number },
    use: (permit: Permit) => Promise<T> | T,
  ): Promise<T> {
    const settings = this.#within(options.timeout);
    return this.#use(await this.#booked(contact, options.requestId, settings), settings, use);
  }

  /** Asks, and spends nothing. */
  async check(contact: Contact): Promise<Decision> {
    const request = { contact: toMessage(contact), ...this.tenant() };
    const { message } = await call(this.stub.checkContact, request, this.settings);
    return toDecision(message.decision);
  }

  /**
   * Asks again about what is reserved, as `booked` does, and no more. Throws Refused, and gives it
   * back.
   */
  async recheck(contact: Contact, options: { requestId: string }): Promise<Decision> {
    return this.#recheck(contact, options.requestId, this.settings);
  }

  /**
   * A permit for each recipient that may be contacted. They are reserved in batches of at most
   * 1,000, and confirmed or released when the next batch is begun, when you stop, and at the end.
   * `onRefused` is told of each recipient that is refused. Throws Unreachable where courtesy does
   * not answer and no purpose in the batch is sent all the same.
   */
  async *campaign(
    recipients: Iterable<Recipient>,
    options: CampaignOptions = {},
  ): AsyncGenerator<Permit, void, undefined> {
    const campaign = new Campaign(this.settings, this.outbox);
    for (const chunk of chunks(recipients, options.batch ?? 1000)) {
      const permits = await reserve(this, campaign, chunk);
      let complete = false;
      try {
        campaign.report(options.onRefused);
        yield* permits;
        complete = true;
      } finally {
        const telling = settleAll(this, permits);
        await (complete ? telling : quietly(telling));
      }
      options.onProgress?.(campaign.progress);
    }
  }

  /**
   * Tells what could not be told before. Returns how many messages it was. What courtesy refuses to
   * record is set aside in `outbox.failed`, with a warning of the process.
   */
  async flush(): Promise<number> {
    return flush(this, this.settings);
  }

  /** What a reservation means for the sender; throws where nothing may be sent. */
  granted(
    contact: Contact,
    requestId: string,
    message: ReserveContactResponse,
    mayBeSecond: boolean,
  ): Grant {
    const decision = toDecision(message.decision);
    if (!decision.allowed) throw new Refused(decision);
    // A repetition of ours finds what our own first attempt reserved. Any other may have been sent.
    if (message.replayed && !takesHeld(this.settings, mayBeSecond)) {
      throw new MaybeSent(`an earlier attempt reserved "${requestId}" and may have sent it`);
    }
    const fresh = !message.replayed && contact.at === undefined;
    return { contact, requestId, decision, reserved: !decision.degraded, fresh };
  }

  tenant(): { tenant?: string } {
    return this.settings.tenant === undefined ? {} : { tenant: this.settings.tenant };
  }

  hold() {
    const { hold } = this.settings;
    if (hold === undefined) return {};
    const seconds = BigInt(Math.floor(hold / 1000));
    return { hold: create(DurationSchema, { seconds, nanos: Math.round((hold % 1000) * 1e6) }) };
  }

  #within(timeout = this.settings.timeout): Settings {
    return { ...this.settings, timeout };
  }

  #use<T>(grant: Grant, settings: Settings, use: (permit: Permit) => Promise<T> | T): Promise<T> {
    const permit = new Permit(grant, settings);
    return settling(
      async () => use(permit),
      () => settle(this, permit, settings),
    );
  }

  #reservation(contact: Contact, requestId: string) {
    return { contact: toMessage(contact), requestId, ...this.hold(), ...this.tenant() };
  }

  async #recheck(contact: Contact, requestId: string, settings: Settings): Promise<Decision> {
    const request = {
      contact: toMessage(contact),
      requestId,
      releaseIfDenied: true,
      ...this.tenant(),
    };
    const { message } = await call(this.stub.recheckContact, request, settings);
    const decision = toDecision(message.decision);
    if (!decision.allowed) throw new Refused(decision);
    return decision;
  }

  /** Tells what waits and asks again, both within the one timeout. */
  async #booked(contact: Contact, requestId: string, settings: Settings): Promise<Grant> {
    const left = await flushed(this, settings);
    try {
      const decision = await this.#recheck(contact, requestId, left);
      return { contact, requestId, decision, reserved: true };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      // It is booked whether courtesy answers or not, so nothing is given back.
      const grant = unasked(contact, requestId, settings, this.outbox.room());
      if (!grant) throw error;
      return { ...grant, reserved: true };
    }
  }

  /** Tells what waits and reserves, both within the one timeout. */
  async #reserve(contact: Contact, requestId: string, settings: Settings): Promise<Grant> {
    const request = this.#reservation(contact, requestId);
    const left = await flushed(this, settings);
    try {
      const answer = await call(this.stub.reserveContact, request, left);
      return this.granted(contact, requestId, answer.message, answer.mayBeSecond);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const grant = unasked(contact, requestId, settings, this.outbox.room());
      if (grant) return grant;
      // Only the answers may have been lost: then it is reserved, and would be for good.
      const release = { customerId: contact.customerId, requestId, ...this.tenant() };
      await giveBack(this.stub.releaseContact, release, settings);
      throw error;
    }
  }
}
