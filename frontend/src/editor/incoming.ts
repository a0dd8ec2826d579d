import type { Primitive } from "../model/edits";
import type { LiveMessage, PushAnswer, Revision } from "../model/wire";

/** A revision that has come and waits for its turn. */
export interface Arrived {
  readonly number: number;
  readonly effective: readonly Primitive[];
  readonly state_hash: string;
  /** Request id of the gesture it came from, when that is one of ours. */
  readonly key: string | null;
}

interface Held extends Arrived {
  /** Ours by its author, but from which gesture is not known. */
  readonly isUnclaimed: boolean;
}

/**
 * Revisions by number, from the socket, from answers and from pulls. They
 * leave strictly one after the other, each once.
 */
export class Incoming {
  isPulling = false;
  private readonly held = new Map<number, Held>();
  private highest = 0;

  constructor(private readonly userId: string) {}

  addLive(message: LiveMessage & { readonly type: "revision" }): void {
    this.sawHead(message.number);
    if (message.effective === null) return;
    const { number, effective, state_hash, request_id, author_id } = message;
    const key = author_id === this.userId ? request_id : null;
    this.held.set(number, { number, effective, state_hash, key, isUnclaimed: false });
  }

  addAnswer(answer: PushAnswer, key: string | null): void {
    this.sawHead(answer.number);
    const { number, effective, state_hash } = answer;
    this.held.set(number, { number, effective, state_hash, key, isUnclaimed: false });
  }

  addPulled(revision: Revision): void {
    this.sawHead(revision.number);
    if (this.held.has(revision.number)) return;
    const { number, effective, state_hash, author_id } = revision;
    const isUnclaimed = author_id === this.userId;
    this.held.set(number, { number, effective, state_hash, key: null, isUnclaimed });
  }

  /** The server is known to be this far. */
  sawHead(number: number): void {
    this.highest = Math.max(this.highest, number);
  }

  /**
   * The revision after `head`, when it is here. While one of our gestures is
   * unanswered, a revision that may be that gesture waits for the answer:
   * taken as a stranger's, it would be applied twice.
   */
  take(head: number, isUnanswered: boolean): Arrived | null {
    for (const number of this.held.keys()) if (number <= head) this.held.delete(number);
    const next = this.held.get(head + 1);
    if (next === undefined || (next.isUnclaimed && isUnanswered)) return null;
    this.held.delete(next.number);
    return next;
  }

  /** Whether the next revision exists, and is neither here nor waiting for an answer. */
  hasGap(head: number, isUnanswered: boolean): boolean {
    if (this.highest <= head) return false;
    const next = this.held.get(head + 1);
    return next === undefined || (next.isUnclaimed && !isUnanswered);
  }
}
