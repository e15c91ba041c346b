/**
 * Ask courtesy before you send.
 *
 * `permit` reserves, lets you send, and tells courtesy what became of it. A refusal throws Refused.
 * `Customers` is for CRM systems: it tells what customers want.
 */

export type { CampaignOptions, Progress, Recipient } from "./campaign.js";
export { Client } from "./client.js";
export type { Contact } from "./contact.js";
export { Customers, type Imported, type Said, type Scope } from "./customers.js";
export type { Decision, Reason, ReasonCode } from "./decision.js";
export { CallFailed, CourtesyError, MaybeSent, Refused, Unreachable } from "./errors.js";
export { FakeClient, type Asked } from "./fake.js";
export { FakeCustomers, type FakeAnswer } from "./fake-customers.js";
export { Outbox } from "./outbox.js";
export { Permit } from "./permit.js";
export type { Sender } from "./sender.js";
export type { Settings } from "./settings.js";
export { currentTrace } from "./trace.js";
