/** The client of a CRM system or a preference centre. */

import { randomUUID } from "node:crypto";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { DurationSchema, timestampFromDate } from "@bufbuild/protobuf/wkt";
import {
  ConnectError,
  createClient,
  type CallOptions,
  type Client as Stub,
  type Transport,
} from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { call } from "./call.js";
import { callFailed, CourtesyError } from "./errors.js";
import {
  ImportCountsSchema,
  type CustomerRowSchema,
  type ExportCustomersResponse,
  type ImportCounts,
  type ImportCustomersRequestSchema,
  type RefusedRow,
} from "./gen/courtesy/v1/bulk_pb.js";
import type { BatchedOptOutSchema, BatchOptOutResult } from "./gen/courtesy/v1/consent_pb.js";
import { CustomerSchema, type Customer } from "./gen/courtesy/v1/customer_pb.js";
import {
  CustomerService,
  type IssueUnsubscribeLinkResponse,
  type OptInResponse,
  type OptOutResponse,
} from "./gen/courtesy/v1/customer_service_pb.js";
import type {
  EraseCustomerResponse,
  ExportCustomerResponse,
} from "./gen/courtesy/v1/erasure_pb.js";
import type { HandleInboundMessageResponse } from "./gen/courtesy/v1/inbound_message_pb.js";
import { along, settled, type Settings } from "./settings.js";

/** How many rows of an import are sent together. */
const CHUNK = 500;
/** A wish may wait longer than a message that is about to be sent. */
const PATIENCE = { timeout: 15_000, attemptTimeout: 5_000 };
/** What an update does not replace. */
const NOT_REPLACED = new Set(["customerId", "version", "optOuts", "consents", "suppressions"]);

/** What a wish is about. Each part narrows it; a scope without parts is everything. */
export interface Scope {
  readonly channel?: string;
  readonly purpose?: string;
  readonly topic?: string;
  readonly brand?: string;
  readonly occasion?: string;
  /** Only purposes that are marketing; not together with `purpose`. */
  readonly marketing?: boolean;
}

/** How a wish was said. */
export interface Said {
  /** When; unset is now. */
  readonly at?: Date;
  /** Where it came from. */
  readonly source?: string;
  /** What proves it. */
  readonly evidence?: string;
  /**
   * Names the call; without it, it gets a name of its own, so that its repetitions change nothing.
   */
  readonly requestId?: string;
}

/** What became of the rows of an import: their sums, and those that were refused. */
export interface Imported {
  readonly counts: ImportCounts;
  readonly refused: RefusedRow[];
}

type Row = MessageInitShape<typeof CustomerRowSchema>;

/**
 * Tells one courtesy what customers want. Calls are repeated as those of Client are; answers are
 * the messages of the generated code. Throws Unreachable, so that you tell it later, or CallFailed.
 */
export class Customers {
  readonly settings: Settings;
  /** The calls that are not here. */
  readonly stub: Stub<typeof CustomerService>;

  /**
   * @param target "http://host:port" or "https://host:port"; or a transport of your own.
   * @param settings see Settings; of them timeout, attemptTimeout, tenant and headers matter here.
   */
  constructor(target: string | Transport, settings: Partial<Settings> = {}) {
    const transport =
      typeof target === "string" ? createGrpcTransport({ baseUrl: target }) : target;
    this.stub = createClient(CustomerService, transport);
    this.settings = settled(PATIENCE, settings);
  }

  /** What is known of a customer, contacts aside. */
  async get(customerId: string): Promise<Customer> {
    const { customer } = await this.#ask(this.stub.getCustomer, { customerId, ...this.#tenant() });
    return customer ?? create(CustomerSchema, { customerId });
  }

  /** Replaces the fields that are set in `customer`, and clears those that `clear` names. */
  async update(
    customer: MessageInitShape<typeof CustomerSchema>,
    options: { clear?: readonly string[]; expectedVersion?: string; requestId?: string } = {},
  ): Promise<Customer> {
    const { clear = [], expectedVersion, requestId = randomUUID() } = options;
    const told = Object.entries(customer).filter(
      ([name, value]) => !name.startsWith("$") && !NOT_REPLACED.has(name) && isSet(value),
    );
    const paths = [...told.map(([name]) => snake(name)), ...clear.map(snake)];
    const answer = await this.#ask(this.stub.updateCustomer, {
      customer,
      updateMask: { paths },
      requestId,
      ...(expectedVersion !== undefined && { expectedVersion }),
      ...this.#tenant(),
    });
    return answer.customer ?? create(CustomerSchema, customer);
  }

  /**
   * Records that the customer does not want to be contacted. It counts from the answer on. `until`
   * is when it ends; unset is never.
   */
  async optOut(
    customerId: string,
    scope: Scope = {},
    said: Said & { until?: Date } = {},
  ): Promise<OptOutResponse> {
    const { until } = said;
    return this.#ask(this.stub.optOut, {
      customerId,
      scope: { ...scope },
      ...how(said),
      ...(until && { untilTime: timestampFromDate(until) }),
      ...this.#tenant(),
    });
  }

  /**
   * Records that the customer wants to be contacted; `evidence` proves it. `pending`: a double
   * opt-in is not complete yet. `ground` of the consent; unset is `express`.
   */
  async optIn(
    customerId: string,
    scope: Scope,
    said: Said & { evidence: string; pending?: boolean; ground?: string },
  ): Promise<OptInResponse> {
    const { pending, ground } = said;
    return this.#ask(this.stub.optIn, {
      customerId,
      scope: { ...scope },
      ...how(said),
      evidence: said.evidence,
      ...(pending !== undefined && { pending }),
      ...(ground !== undefined && { ground }),
      ...this.#tenant(),
    });
  }

  /** Records at most 1,000 opt-outs, each with an answer of its own. */
  async optOutMany(
    optOuts: readonly MessageInitShape<typeof BatchedOptOutSchema>[],
  ): Promise<BatchOptOutResult[]> {
    const request = { optOuts: [...optOuts], ...this.#tenant() };
    return (await this.#ask(this.stub.batchOptOut, request)).results;
  }

  /** What a message of the customer means, what was recorded, and which one reply may be sent. */
  async hear(
    customerId: string,
    channel: string,
    text: string,
    options: {
      requestId: string;
      at?: Date;
      askedForOptIn?: boolean;
      brand?: string;
      topic?: string;
    },
  ): Promise<HandleInboundMessageResponse> {
    const { at, ...rest } = options;
    const eventTime = at ? { eventTime: timestampFromDate(at) } : {};
    const request = { customerId, channel, text, ...rest, ...eventTime, ...this.#tenant() };
    return this.#ask(this.stub.handleInboundMessage, request);
  }

  /** A link that opts out with one click, and the two headers that offer it to mail programs. */
  async unsubscribeLink(
    customerId: string,
    scope: Scope = {},
    options: { validForSeconds?: number } = {},
  ): Promise<IssueUnsubscribeLinkResponse> {
    const { validForSeconds: length } = options;
    const validFor =
      length === undefined ? {} : { validFor: create(DurationSchema, { seconds: BigInt(length) }) };
    const request = { customerId, scope: { ...scope }, ...validFor, ...this.#tenant() };
    return this.#ask(this.stub.issueUnsubscribeLink, request);
  }

  /** All that is known of a customer, for a customer who asks. */
  async export(customerId: string): Promise<ExportCustomerResponse> {
    return this.#ask(this.stub.exportCustomer, { customerId, ...this.#tenant() });
  }

  /** Forgets a customer; the opt-outs go on refusing, under a hash of the id. */
  async erase(
    customerId: string,
    options: { requestId?: string } = {},
  ): Promise<EraseCustomerResponse> {
    const { requestId = randomUUID() } = options;
    return this.#ask(this.stub.eraseCustomer, { customerId, requestId, ...this.#tenant() });
  }

  /**
   * Imports rows; one that is wrong is refused, by its number from 1, and the others land. Where
   * Unreachable is thrown, import again: what has landed changes nothing.
   */
  async importRows(
    rows: Iterable<Row>,
    said: Said & { allowOptIn?: boolean; dryRun?: boolean } = {},
  ): Promise<Imported> {
    const { requestId: _unused, ...told } = how(said);
    const { allowOptIn = false, dryRun = false } = said;
    const options = { ...told, allowOptIn, dryRun, ...this.#tenant() };
    const imported: Imported = { counts: create(ImportCountsSchema), refused: [] };
    let chunk: { rowNumber: bigint; customer: Row }[] = [];
    let number = 0n;
    const send = async () => {
      const { message } = await call((parts, it) => this.#importOnce(parts, it), [
        { part: { case: "options" as const, value: options } },
        { part: { case: "chunk" as const, value: { rows: chunk } } },
      ], this.settings);
      for (const answer of message) {
        add(imported.counts, answer.counts);
        imported.refused.push(...answer.refusedRows);
      }
      chunk = [];
    };
    for (const customer of rows) {
      number += 1n;
      chunk.push({ rowNumber: number, customer });
      if (chunk.length === CHUNK) await send();
    }
    if (chunk.length > 0) await send();
    return imported;
  }

  /** All customers, page by page; a page also names those whose records cannot be read. */
  async *exportAll(
    options: { includeContacts?: boolean } = {},
  ): AsyncGenerator<ExportCustomersResponse, void, undefined> {
    const { includeContacts = false } = options;
    const headers = along(this.settings);
    try {
      yield* this.stub.exportCustomers({ includeContacts, ...this.#tenant() }, { headers });
    } catch (error) {
      if (error instanceof CourtesyError) throw error;
      throw callFailed(ConnectError.from(error));
    }
  }

  async #ask<I, O>(
    method: (request: I, options: CallOptions) => Promise<O>,
    request: I,
  ): Promise<O> {
    return (await call(method, request, this.settings)).message;
  }

  async #importOnce(
    parts: MessageInitShape<typeof ImportCustomersRequestSchema>[],
    options: CallOptions,
  ) {
    const answers = [];
    for await (const answer of this.stub.importCustomers(each(parts), options))
      answers.push(answer);
    return answers;
  }

  #tenant(): { tenant?: string } {
    return this.settings.tenant === undefined ? {} : { tenant: this.settings.tenant };
  }
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all;
}

/** How a wish was said, as requests have it. */
function how(said: Said) {
  const { at, source, evidence, requestId = randomUUID() } = said;
  return {
    requestId,
    ...(at && { eventTime: timestampFromDate(at) }),
    ...(source !== undefined && { source }),
    ...(evidence !== undefined && { evidence }),
  };
}

function add(sum: ImportCounts, counts: ImportCounts | undefined): void {
  for (const { localName } of ImportCountsSchema.fields) {
    const name = localName as "imported";
    sum[name] += counts?.[name] ?? 0n;
  }
}

function isSet(value: unknown): boolean {
  if (value === undefined) return false;
  return typeof value !== "object" || value === null || Object.keys(value).length > 0;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
