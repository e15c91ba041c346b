/** What a client and its fake have in common. */

import type { CampaignOptions, Recipient } from "./campaign.js";
import type { Contact } from "./contact.js";
import type { Decision } from "./decision.js";
import type { Permit } from "./permit.js";

/** A Client or a FakeClient; the methods are described in Client. */
export interface Sender {
  permit<T>(
    contact: Contact,
    options: { requestId: string; timeout?: number },
    use: (permit: Permit) => Promise<T> | T,
  ): Promise<T>;
  book(contact: Contact, options: { requestId: string; timeout?: number }): Promise<Decision>;
  booked<T>(
    contact: Contact,
    options: { requestId: string; timeout?: number },
    use: (permit: Permit) => Promise<T> | T,
  ): Promise<T>;
  check(contact: Contact): Promise<Decision>;
  recheck(contact: Contact, options: { requestId: string }): Promise<Decision>;
  campaign(
    recipients: Iterable<Recipient>,
    options?: CampaignOptions,
  ): AsyncGenerator<Permit, void, undefined>;
  flush(): Promise<number>;
}
