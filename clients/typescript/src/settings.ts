import { currentTrace } from "./trace.js";

/** How a client behaves where a sender has a choice. */
export interface Settings {
  /** Milliseconds for a whole call, repetitions and pauses included. */
  readonly timeout: number;
  /** Milliseconds for one attempt. */
  readonly attemptTimeout: number;
  /**
   * What an exception counts for that does not say whether the message went. "count": it is
   * confirmed as sent, so that no second message goes; the customer may get none. "hold": the
   * reservation stays until its hold ends, and a second attempt may send; the customer may get two.
   */
  readonly onUnknown: "count" | "hold";
  /**
   * What is done where the request id is reserved already, by an earlier attempt or by another
   * worker. "own": it is sent where a repetition of the same call finds it, whose first answer was
   * lost; otherwise MaybeSent is thrown. "send": it is sent. "refuse": MaybeSent is thrown in
   * either case, and nothing is given back that may be another's; give a hold. Unset is "own" where
   * onUnknown is "count", and "send" where it is "hold".
   */
  readonly onHeld?: "own" | "refuse" | "send";
  /** Milliseconds that a reservation waits to be confirmed; unset is for good. */
  readonly hold?: number;
  /**
   * By purpose, what is done when courtesy does not answer: "refuse" (the default) throws
   * Unreachable, "send" sends, and records it later.
   */
  readonly whenUnreachable: Readonly<Record<string, "refuse" | "send">>;
  /** Whether an exception is known to mean that nothing was sent. */
  readonly isNotSent: (error: unknown) => boolean;
  /** The tenant of every call; unset is `default`. */
  readonly tenant?: string;
  /** What is sent along with every call, beside the trace context: a key, say. */
  readonly headers: () => HeadersInit;
}

const DEFAULTS: Settings = {
  timeout: 5000,
  attemptTimeout: 1000,
  onUnknown: "count",
  whenUnreachable: {},
  isNotSent: () => false,
  headers: () => ({}),
};

/**
 * The settings that were given, and the defaults of the others. Throws RangeError where one means
 * nothing.
 */
export function settled(...given: readonly Partial<Settings>[]): Settings {
  const settings: Settings = Object.assign({}, DEFAULTS, ...given);
  if (!["count", "hold"].includes(settings.onUnknown)) {
    throw new RangeError('onUnknown is "count" or "hold"');
  }
  if (![undefined, "own", "refuse", "send"].includes(settings.onHeld)) {
    throw new RangeError('onHeld is "own", "refuse" or "send"');
  }
  for (const [purpose, answer] of Object.entries(settings.whenUnreachable)) {
    if (!["refuse", "send"].includes(answer)) {
      throw new RangeError(`whenUnreachable of "${purpose}" is "refuse" or "send"`);
    }
  }
  return settings;
}

/** The headers of a call: its own, and the trace context where that is not among them. */
export function along(settings: Settings): Headers {
  const headers = new Headers(currentTrace());
  new Headers(settings.headers()).forEach((value, name) => headers.set(name, value));
  return headers;
}

/** Whether a reservation that stood already is sent. */
export function takesHeld(settings: Settings, mayBeOwn: boolean): boolean {
  const held = settings.onHeld ?? (settings.onUnknown === "count" ? "own" : "send");
  return held === "send" || (held === "own" && mayBeOwn);
}
