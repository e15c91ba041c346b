/** What courtesy answered. */

import { timestampDate, type Timestamp } from "@bufbuild/protobuf/wkt";
import {
  Effect,
  ReasonCode as Code,
  type Decision as DecisionMessage,
} from "./gen/courtesy/v1/decision_pb.js";

/** The sorts of causes for a refusal; a code of a newer server is "UNKNOWN". */
export type ReasonCode = Exclude<keyof typeof Code, "UNSPECIFIED"> | "UNKNOWN";

/** One cause of a refusal. */
export interface Reason {
  readonly code: ReasonCode;
  /** The rule of the policy that denies; unset where a wish or the service does. */
  readonly rule?: string;
  /** The cause in words, for people. */
  readonly cause: string;
  /** When it stops denying; unset where that is not known. */
  readonly until?: Date;
  readonly message?: string;
}

/** The answer. A refusal is an answer, and no error. */
export interface Decision {
  readonly allowed: boolean;
  /** Every cause that denies. */
  readonly reasons: readonly Reason[];
  /** Of a refusal, when the same contact would be allowed if nothing else happened. */
  readonly nextAllowed?: Date;
  /** Of an ALLOW, when it no longer holds if nothing else happens. */
  readonly validUntil?: Date;
  /** The customer's record could not be read, and the policy's `on_store_failure` answered. */
  readonly degraded: boolean;
  readonly policyRevision: bigint;
}

export function toDecision(message: DecisionMessage | undefined): Decision {
  if (!message) throw new TypeError("an answer without a decision");
  const reasons = message.reasons.map(
    (reason): Reason => ({
      code: (Code[reason.code] ?? "UNKNOWN") as ReasonCode,
      cause: reason.cause,
      ...(reason.rule !== undefined && { rule: reason.rule }),
      ...date("until", reason.untilTime),
      ...(reason.message !== undefined && { message: reason.message }),
    }),
  );
  return {
    allowed: message.effect === Effect.ALLOW,
    reasons,
    ...date("nextAllowed", message.nextAllowedTime),
    ...date("validUntil", message.validUntilTime),
    degraded: message.degraded,
    policyRevision: message.policyRevision,
  };
}

export function describe(decision: Decision): string {
  if (decision.allowed) return "allowed";
  const causes = decision.reasons.map((reason) => reason.message ?? reason.cause).join("; ");
  const until = decision.nextAllowed ? `; allowed from ${decision.nextAllowed.toISOString()}` : "";
  return `refused: ${causes}${until}`;
}

function date<K extends string>(name: K, time: Timestamp | undefined): { [P in K]?: Date } {
  return (time ? { [name]: timestampDate(time) } : {}) as { [P in K]?: Date };
}
