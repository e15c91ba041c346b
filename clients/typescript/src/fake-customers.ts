/** A CustomerService in the same process, for unit tests of CRM systems. It keeps no customers. */

import {
  create,
  type DescMessage,
  type DescMethodStreaming,
  type DescMethodUnary,
  type MessageInitShape,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { StreamResponse, Transport, UnaryResponse } from "@connectrpc/connect";
import { Customers } from "./customers.js";
import { CourtesyError, Unreachable } from "./errors.js";
import { CustomerService } from "./gen/courtesy/v1/customer_service_pb.js";
import type { Settings } from "./settings.js";

type Methods = typeof CustomerService.method;
type Message = MessageShape<DescMessage>;

/**
 * What a call is answered: a message, an error that is thrown, a function; with a stream, a list
 * too.
 */
export type FakeAnswer<M extends keyof Methods> =
  | MessageInitShape<Methods[M]["output"]>
  | CourtesyError
  | ((request: MessageShape<Methods[M]["input"]>) => MessageInitShape<Methods[M]["output"]>)
  | (Methods[M]["methodKind"] extends "unary" ? never : MessageInitShape<Methods[M]["output"]>[]);

const LINK = "https://courtesy.invalid/unsubscribe";

/**
 * What is answered unless the test says otherwise: as if all went well. Other calls get an empty
 * answer.
 */
const DEFAULTS: { [M in keyof Methods]?: FakeAnswer<M> } = {
  getCustomer: ({ customerId }) => ({ customer: { customerId } }),
  updateCustomer: ({ customer }) => ({ changed: true, ...(customer && { customer }) }),
  optOut: { changed: true },
  optIn: { changed: true },
  batchOptOut: ({ optOuts }) => ({
    results: optOuts.map(() => ({ result: { case: "version", value: "1" }, changed: true })),
  }),
  issueUnsubscribeLink: {
    url: LINK,
    listUnsubscribe: `<${LINK}>`,
    listUnsubscribePost: "List-Unsubscribe=One-Click",
  },
  eraseCustomer: { erased: true, changed: true },
  importCustomers: ({ part }) =>
    part.case === "chunk" ? { counts: { imported: BigInt(part.value.rows.length) } } : {},
};

/** The calls that a test sets and looks at. */
class Scene implements Transport {
  readonly asked: { method: keyof Methods; request: Message }[] = [];
  readonly answers = new Map<string, unknown>(Object.entries(DEFAULTS));
  reachable = true;

  async unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    _signal: AbortSignal | undefined,
    _timeoutMs: number | undefined,
    _header: HeadersInit | undefined,
    input: MessageInitShape<I>,
  ): Promise<UnaryResponse<I, O>> {
    const [message] = this.#answered(method, create(method.input, input));
    return { stream: false, ...about(method), message: message as MessageShape<O> };
  }

  async stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodStreaming<I, O>,
    _signal: AbortSignal | undefined,
    _timeoutMs: number | undefined,
    _header: HeadersInit | undefined,
    input: AsyncIterable<MessageInitShape<I>>,
  ): Promise<StreamResponse<I, O>> {
    const messages: MessageShape<O>[] = [];
    for await (const part of input)
      messages.push(...this.#answered(method, create(method.input, part)));
    const each = async function* () {
      yield* messages;
    };
    return { stream: true, ...about(method), message: each() };
  }

  #answered<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O> | DescMethodStreaming<I, O>,
    request: MessageShape<I>,
  ): MessageShape<O>[] {
    if (!this.reachable) throw new Unreachable("the fake is out of reach");
    this.asked.push({ method: method.localName as keyof Methods, request });
    const set = this.answers.get(method.localName);
    if (set instanceof CourtesyError) throw set;
    const answer = typeof set === "function" ? set(request) : (set ?? {});
    return (Array.isArray(answer) ? answer : [answer]).map((it) => create(method.output, it));
  }
}

/**
 * Stands in for Customers in unit tests. `answer` and `reachable` set the scene; unless they do,
 * all goes well. `asked` and `requests` have what your CRM said.
 */
export class FakeCustomers extends Customers {
  readonly #scene: Scene;

  constructor(settings: Partial<Settings> = {}) {
    const scene = new Scene();
    super(scene, settings);
    this.#scene = scene;
  }

  /** What a call of CustomerService, such as "optOut", is answered from now on. */
  answer<M extends keyof Methods>(method: M, answer: FakeAnswer<M>): void {
    this.#scene.answers.set(method, answer);
  }

  set reachable(reachable: boolean) {
    this.#scene.reachable = reachable;
  }

  /** Every request, with the name of its call, in their order. */
  get asked(): readonly { readonly method: keyof Methods; readonly request: Message }[] {
    return this.#scene.asked;
  }

  /** The requests of one call, such as "optOut", in their order. */
  requests<M extends keyof Methods>(method: M): MessageShape<Methods[M]["input"]>[] {
    const found = this.asked.filter((it) => it.method === method);
    return found.map((it) => it.request as MessageShape<Methods[M]["input"]>);
  }
}

function about<M extends DescMethodUnary | DescMethodStreaming>(method: M) {
  return { service: method.parent, method, header: new Headers(), trailer: new Headers() };
}
