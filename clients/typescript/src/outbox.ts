/** Messages that were sent and are not yet on record, in memory or in a file. */

import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import type { Contact } from "./contact.js";
import type { CourtesyError } from "./errors.js";

const CAPACITY = 10_000;

/** A message that was sent. */
export interface Entry {
  readonly contact: Contact;
  readonly requestId: string;
  readonly sentAt: Date;
  /** Whether it was reserved, so that it is confirmed; otherwise it is recorded. */
  readonly reserved: boolean;
}

/**
 * Messages that were sent and are not yet on record. It is bounded: while it is full, nothing is
 * sent that courtesy was not asked about. With a path it survives the process: a file of JSON
 * Lines, written through to the disk, for one process. A path that cannot be written is refused at
 * once.
 */
export class Outbox {
  readonly #path: string | undefined;
  readonly #capacity: number;
  readonly #entries: Entry[] = [];
  /**
   * The last messages that courtesy refuses to record. The file beside, with `.failed` at the end
   * of its name, has them all.
   */
  readonly failed: { readonly entry: Entry; readonly error: CourtesyError }[] = [];

  constructor(options: { path?: string; capacity?: number } = {}) {
    this.#path = options.path;
    this.#capacity = options.capacity ?? CAPACITY;
    if (this.#path === undefined) return;
    closeSync(open(this.#path));
    this.#entries.push(...read(this.#path));
  }

  get size(): number {
    return this.#entries.length;
  }

  /** For how many messages there is room. */
  room(): number {
    return Math.max(this.#capacity - this.#entries.length, 0);
  }

  isFull(): boolean {
    return this.room() === 0;
  }

  first(): Entry | undefined {
    return this.#entries[0];
  }

  /** Adds an entry: a message that was sent is kept even where the outbox is full. */
  put(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#path !== undefined) append(this.#path, entry);
  }

  dropFirst(entry: Entry): void {
    if (this.#entries[0] !== entry) return;
    this.#entries.shift();
    // The file is cut when all is told: until then its head is told twice, which does no harm.
    if (this.#path !== undefined && this.#entries.length === 0) writeFileSync(this.#path, "");
  }

  /**
   * Takes out the first entry, which can never be recorded, so that it does not hold up the others.
   */
  setAside(entry: Entry, error: CourtesyError): void {
    if (this.#entries[0] !== entry) return;
    if (this.#path !== undefined)
      append(`${this.#path}.failed`, { ...entry, error: error.message });
    this.failed.push({ entry, error });
    if (this.failed.length > this.#capacity) this.failed.shift();
    this.dropFirst(entry);
  }
}

/** Opens a file to append to it. It holds customers' ids. */
function open(path: string): number {
  return openSync(path, "a", 0o600);
}

function append(path: string, line: object): void {
  const file = open(path);
  try {
    writeSync(file, JSON.stringify(line) + "\n");
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The entries of a file. What follows the last end of line was cut short by a crash, and goes. */
function read(path: string): Entry[] {
  const bytes = readFileSync(path);
  const whole = bytes.subarray(0, bytes.lastIndexOf("\n") + 1);
  if (whole.length < bytes.length) truncateSync(path, whole.length);
  return whole.toString("utf8").split("\n").slice(0, -1).map(toEntry);
}

function toEntry(line: string): Entry {
  const { contact, sentAt, ...entry } = JSON.parse(line);
  const at = contact.at === undefined ? {} : { at: new Date(contact.at) };
  return { ...entry, contact: { ...contact, ...at }, sentAt: new Date(sentAt) };
}
