import type { Primitive } from "../model/edits";
import type { LiveMessage, PushAnswer, Revision } from "../model/wire";

/** A revision that has come and waits for its turn. */
export interface Arrived {
  readonly number: number;
  readonly effective: readonly Primitive[];
  readonly state_hash: string;
  /** Request id of the gesture that it came from. */
  readonly key: string | null;
}

/**
 * Revisions by number, from the socket, from answers and from pulls. They
 * leave strictly one after the other, each once.
 */
export class Incoming {
  isPulling = false;
  private readonly held = new Map<number, Arrived>();
  private highest = 0;

  addLive(message: LiveMessage & { readonly type: "revision" }): void {
    this.sawHead(message.number);
    const { number, effective, state_hash, request_id } = message;
    if (effective === null) return;
    this.held.set(number, { number, effective, state_hash, key: request_id });
  }

  addAnswer({ number, effective, state_hash }: PushAnswer, key: string): void {
    this.sawHead(number);
    this.held.set(number, { number, effective, state_hash, key });
  }

  addPulled({ number, effective, state_hash, request_id }: Revision): void {
    this.sawHead(number);
    this.held.set(number, { number, effective, state_hash, key: request_id });
  }

  /** The server is known to be this far. */
  sawHead(number: number): void {
    this.highest = Math.max(this.highest, number);
  }

  /** The revision after `head`, when it is here. */
  take(head: number): Arrived | null {
    for (const number of this.held.keys()) if (number <= head) this.held.delete(number);
    const next = this.held.get(head + 1) ?? null;
    this.held.delete(head + 1);
    return next;
  }

  /** Whether the next revision exists and is not here. */
  hasGap(head: number): boolean {
    return this.highest > head && !this.held.has(head + 1);
  }
}
