/** Why a message was not sent, or a call not answered. */

import { Code, ConnectError } from "@connectrpc/connect";
import { describe, type Decision } from "./decision.js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "./gen/google/rpc/error_details_pb.js";

/** Everything that this package throws. */
export class CourtesyError extends Error {
  override readonly name: string = this.constructor.name;
}

/** The contact is not allowed. Nothing was sent, and nothing was spent. */
export class Refused extends CourtesyError {
  constructor(readonly decision: Decision) {
    super(describe(decision));
  }
}

/**
 * Another attempt reserved this `requestId` and has not said whether it sent the message. It is
 * thrown as `onHeld` says, so that no second message goes.
 */
export class MaybeSent extends CourtesyError {}

/** courtesy did not answer in time, and the purpose is not one that is sent all the same. */
export class Unreachable extends CourtesyError {}

/** courtesy refused the call itself; calling again would be refused again. */
export class CallFailed extends CourtesyError {
  constructor(
    readonly code: Code,
    /** The `ErrorReason` without its prefix, such as "UNDECLARED_NAME". */
    readonly reason: string,
    message: string,
    /** Of a request that breaks a bound. */
    readonly violations: readonly { field: string; description: string }[] = [],
  ) {
    const shown = violations.map((it) => `\n  ${it.field}: ${it.description}`).join("");
    super(`${Code[code]} ${reason}: ${message}${shown}`);
  }
}

export function callFailed(error: ConnectError): CallFailed {
  const reason = error.findDetails(ErrorInfoSchema)[0]?.reason ?? "";
  const violations = error.findDetails(BadRequestSchema).flatMap((bad) => bad.fieldViolations);
  return new CallFailed(error.code, reason, error.rawMessage, violations);
}

/** How long the server wants to be left alone, in milliseconds. */
export function retryAfter(error: ConnectError): number {
  const delay = error.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return delay ? Number(delay.seconds) * 1000 + delay.nanos / 1e6 : 0;
}
