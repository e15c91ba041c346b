/** One call, with its repetitions. */

import { Code, ConnectError, type CallOptions } from "@connectrpc/connect";
import { callFailed, CourtesyError, retryAfter, Unreachable } from "./errors.js";
import { along, type Settings } from "./settings.js";

/**
 * What may be tried again with the same request id. Everything else would be answered the same.
 * Nothing is cancelled here: Canceled is a connection that went away under the call.
 */
export const RETRYABLE = new Set([
  Code.Aborted,
  Code.Canceled,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
  Code.Unavailable,
]);
/** After these it is unknown whether the call was carried out. */
const UNCERTAIN = new Set([Code.Canceled, Code.DeadlineExceeded, Code.Unavailable]);

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;

/** An answer, and whether an earlier attempt of this call may have been carried out as well. */
export interface Answer<T> {
  readonly message: T;
  readonly mayBeSecond: boolean;
}

/** Asks until there is an answer, within the timeout, and no more often than the server wants. */
export async function call<I, O>(
  method: (request: I, options: CallOptions) => Promise<O>,
  request: I,
  settings: Settings,
): Promise<Answer<O>> {
  const deadline = performance.now() + settings.timeout;
  let pause = FIRST_PAUSE;
  let mayBeSecond = false;
  for (;;) {
    const left = deadline - performance.now();
    // grpc-timeout takes whole milliseconds only.
    const timeoutMs = Math.max(Math.round(Math.min(left, settings.attemptTimeout)), 1);
    try {
      const headers = along(settings);
      return { message: await method(request, { timeoutMs, headers }), mayBeSecond };
    } catch (thrown) {
      // A fake's.
      if (thrown instanceof CourtesyError) throw thrown;
      const error = ConnectError.from(thrown);
      if (!RETRYABLE.has(error.code)) throw callFailed(error);
      // Aborted without a reason of courtesy's is a connection that was reset.
      mayBeSecond ||= UNCERTAIN.has(error.code) || callFailed(error).reason === "";
      // A part of the pause is chance, so that senders do not come back all at once.
      const wait = Math.max(retryAfter(error), pause) * (1 + Math.random() / 2);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      if (performance.now() + wait >= deadline) {
        throw new Unreachable("courtesy did not answer in time", { cause: error });
      }
      await new Promise((resume) => setTimeout(resume, wait));
    }
  }
}

/**
 * One attempt at a release. It is waited for, so that it cannot meet a later attempt with the same
 * id.
 */
export async function giveBack<I, O>(
  method: (request: I, options: CallOptions) => Promise<O>,
  request: I,
  settings: Settings,
): Promise<void> {
  // It may be another worker's.
  if (settings.onHeld === "refuse") return;
  const headers = along(settings);
  await method(request, { timeoutMs: settings.attemptTimeout, headers }).catch(() => undefined);
}
