/** The right to send one message, and what became of it. */

import type { Contact } from "./contact.js";
import type { Decision } from "./decision.js";
import { CourtesyError } from "./errors.js";
import type { Settings } from "./settings.js";

/** That a message may be sent. */
export interface Grant {
  readonly contact: Contact;
  readonly requestId: string;
  /** Unset where courtesy was out of reach and the purpose is sent all the same. */
  readonly decision?: Decision;
  readonly reserved: boolean;
  /** It was reserved just now, for now, so that courtesy knows by its own clock when it is sent. */
  readonly fresh?: boolean;
}

/**
 * What is granted while courtesy is out of reach: as the purpose says, and as the outbox has room.
 */
export function unasked(
  contact: Contact,
  requestId: string,
  settings: Settings,
  room: number,
): Grant | undefined {
  const maySend = settings.whenUnreachable[contact.purpose] === "send";
  return maySend && room > 0 ? { contact, requestId, reserved: false } : undefined;
}

/** The right to send one message. */
export class Permit {
  #state: "not sent" | "sent" | "unknown" = "not sent";
  #used = false;

  constructor(
    readonly grant: Grant,
    private readonly settings: Settings,
  ) {}

  get contact(): Contact {
    return this.grant.contact;
  }

  get requestId(): string {
    return this.grant.requestId;
  }

  get decision(): Decision | undefined {
    return this.grant.decision;
  }

  /** Sends, and notes what became of it. The function is called once. */
  async send<T>(sending: () => Promise<T> | T): Promise<T> {
    if (this.#used)
      throw new CourtesyError(
        "a permit is for one message, and this one is used or over; ask for another",
      );
    this.#used = true;
    this.#state = "unknown";
    try {
      const result = await sending();
      this.#state = "sent";
      return result;
    } catch (error) {
      if (this.settings.isNotSent(error)) this.#state = "not sent";
      throw error;
    }
  }

  /** Nothing may be sent any more: it is told what became of it. */
  end(): void {
    this.#used = true;
  }

  /** Whether it is confirmed, released, or left as it is. */
  outcome(): "confirm" | "release" | "leave" {
    if (this.#state === "unknown") return this.settings.onUnknown === "count" ? "confirm" : "leave";
    return this.#state === "sent" ? "confirm" : "release";
  }
}
