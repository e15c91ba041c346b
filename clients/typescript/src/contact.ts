/** What is about to be sent. */

import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { ContactSchema, type Contact as ContactMessage } from "./gen/courtesy/v1/contact_pb.js";

/** One message or call to one customer. */
export interface Contact {
  /** The customer's opaque id, 1 to 256 bytes. */
  readonly customerId: string;
  /** How: a channel that the policy declares, such as "email". */
  readonly channel: string;
  /** Why: a purpose that the policy declares, such as "marketing". */
  readonly purpose: string;
  readonly topic?: string;
  readonly campaign?: string;
  readonly brand?: string;
  readonly occasions?: readonly string[];
  /** 0 to 100; unset is 50. */
  readonly priority?: number;
  readonly attributes?: Readonly<Record<string, string>>;
  /** When it will be sent; unset is now. */
  readonly at?: Date;
}

export function toMessage(contact: Contact, at: Date | undefined = contact.at): ContactMessage {
  const { topic, campaign, brand, priority } = contact;
  return create(ContactSchema, {
    customerId: contact.customerId,
    channel: contact.channel,
    purpose: contact.purpose,
    occasions: [...(contact.occasions ?? [])],
    attributes: { ...contact.attributes },
    ...(topic !== undefined && { topic }),
    ...(campaign !== undefined && { campaign }),
    ...(brand !== undefined && { brand }),
    ...(priority !== undefined && { priority }),
    ...(at && { contactTime: timestampFromDate(at) }),
  });
}
