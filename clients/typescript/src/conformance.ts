/** Speaks for this client in the conformance cases: node dist/conformance.js ADDRESS. */

import { createInterface } from "node:readline";
import {
  CallFailed,
  Client,
  MaybeSent,
  Refused,
  Unreachable,
  type Contact,
  type Decision,
  type Progress,
} from "./index.js";

class NotSent extends Error {}
class Broken extends Error {}

interface Fields {
  customer: string;
  request_id: string;
  channel?: string;
  purpose?: string;
  in_seconds?: number;
  send: "ok" | "none" | "not_sent" | "raises" | "first_then_close" | "raises_then_close";
  customers: string[];
  prefix: string;
  batch: number;
  report?: boolean;
}

const VERBS = [
  "permit",
  "book",
  "booked",
  "check",
  "recheck",
  "campaign",
  "flush",
  "set_aside",
] as const;
type Verb = (typeof VERBS)[number];

const STARTED = Date.now();

function contact(fields: Fields): Contact {
  const { channel = "email", purpose = "transactional", in_seconds: ahead } = fields;
  const at = ahead === undefined ? {} : { at: new Date(STARTED + ahead * 1000) };
  return { customerId: fields.customer, channel, purpose, ...at };
}

function message(fields: Fields): () => void {
  return () => {
    if (fields.send === "not_sent") throw new NotSent();
    if (fields.send.startsWith("raises")) throw new Broken();
  };
}

function begin(address: string, asked: Record<string, unknown>): Client {
  const made: Record<string, unknown> = {
    isNotSent: (error: unknown) => error instanceof NotSent,
    attemptTimeout: 400,
    timeout: 10_000,
  };
  const names: Record<string, [string, number]> = {
    hold_seconds: ["hold", 1000],
    timeout_seconds: ["timeout", 1000],
    attempt_seconds: ["attemptTimeout", 1000],
  };
  for (const [name, value] of Object.entries(asked)) {
    const [made_name, factor] = names[name] ?? [
      name.replace(/_(.)/g, (_, it) => it.toUpperCase()),
      0,
    ];
    made[made_name] = factor === 0 ? value : (value as number) * factor;
  }
  return new Client(`http://${address}`, made);
}

async function attempt(client: Client, verb: Verb, fields: Fields): Promise<string> {
  const options = { requestId: fields.request_id };
  switch (verb) {
    case "permit":
    case "booked":
      return client[verb](contact(fields), options, async (permit) => {
        if (fields.send === "none") return "left";
        await permit.send(message(fields));
        return "sent";
      });
    case "book":
      await client.book(contact(fields), options);
      return "booked";
    case "check":
      return (await client.check(contact(fields))).allowed ? "allowed" : "refused";
    case "recheck":
      await client.recheck(contact(fields), options);
      return "allowed";
    case "flush":
      return `flushed ${await client.flush()}`;
    case "set_aside":
      return `set aside ${client.outbox.failed.length}`;
    case "campaign": {
      const { prefix, purpose = "transactional" } = fields;
      const recipients = fields.customers.map((customerId) => ({
        requestId: `${prefix}-${customerId}`,
        contact: { customerId, channel: fields.channel ?? "email", purpose },
      }));
      let last: Progress | undefined;
      const refused: string[] = [];
      const options = {
        batch: fields.batch,
        onProgress: (progress: Progress) => void (last = progress),
        onRefused: (requestId: string, decision: Decision) =>
          void refused.push(`, refused ${requestId} ${decision.reasons[0]?.code}`),
      };
      for await (const permit of client.campaign(recipients, options)) {
        if (fields.send !== "none") await permit.send(message(fields));
        if (fields.send === "first_then_close") return "closed";
      }
      if (!last) throw new Error("no progress");
      if (fields.report) {
        const failed = last.failures.map(
          ({ requestId, error }) => `, failed ${requestId} ${(error as CallFailed).reason}`,
        );
        return [`permits ${last.permits}`, ...refused, ...failed].join("");
      }
      return (
        `permits ${last.permits} refused ${last.refused} ` +
        `maybe_sent ${last.maybeSent} failed ${last.failed}`
      );
    }
  }
}

function outcome(error: unknown): string {
  if (error instanceof Refused) return `refused ${error.decision.reasons[0]?.code}`;
  if (error instanceof MaybeSent) return "maybe_sent";
  if (error instanceof Unreachable) return "unreachable";
  if (error instanceof CallFailed) return `failed ${error.reason}`;
  if (error instanceof NotSent || error instanceof Broken) return "raised";
  throw error;
}

const address = process.argv[2] ?? "";
let client = new Client(`http://${address}`);
for await (const line of createInterface({ input: process.stdin })) {
  const { settings, call, first } = JSON.parse(line);
  if (first) client = begin(address, settings);
  const verb = VERBS.find((it) => it in call);
  if (!verb) throw new Error(line);
  const began = performance.now();
  const said = await attempt(client, verb, call[verb]).catch(outcome);
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(JSON.stringify({ outcome: said, seconds }) + "\n");
}
process.exit(0);
