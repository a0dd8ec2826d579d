import type { Clock } from "../base/clock";
import type { DocumentStore } from "../model/store";
import {
  Problem,
  Unreachable,
  type DocumentState,
  type LiveMessage,
  type PushAnswer,
  type Transport,
} from "../model/wire";
import { Incoming } from "./incoming";

const HASH_STEP = 500;
const HASH_AFTER_MS = 50;

export interface FollowingPorts {
  readonly transport: Transport;
  readonly clock: Clock;
  /** A newer revision is confirmed. */
  readonly advanced: (head: number) => void;
  /** A revision is missing and could not be had: ask again later. */
  readonly failed: () => void;
  /** Nothing of the user's is on its way: the document may be compared and taken anew. */
  readonly isIdle: () => boolean;
  /** The document here was not the server's and was taken anew. */
  readonly reloaded: () => void;
}

/**
 * Takes the server's revisions strictly in order, whatever way they come; asks
 * for those that are missing, and compares states while nothing else happens.
 */
export class Following {
  private readonly incoming = new Incoming();
  private stopHashing: (() => void) | null = null;
  private isStopped = false;
  private expectedHash = "";

  constructor(
    private readonly document: DocumentStore,
    private readonly ports: FollowingPorts,
  ) {}

  stop(): void {
    this.isStopped = true;
    this.stopHashing?.();
  }

  load(state: DocumentState): void {
    this.document.load(state);
    this.expectedHash = state.state_hash;
    this.ports.advanced(state.number);
  }

  hear(message: LiveMessage & { readonly type: "revision" }): void {
    this.incoming.addLive(message);
    this.drain();
  }

  /** The server is known to be this far. */
  sawHead(head: number): void {
    this.incoming.sawHead(head);
    this.drain();
  }

  addAnswer(answer: PushAnswer, key: string): void {
    this.incoming.addAnswer(answer, key);
  }

  /** Takes revisions that have come, in order; asks for those that are missing. */
  drain(): void {
    for (;;) {
      const next = this.incoming.take(this.document.head.get());
      if (next === null) break;
      this.document.confirm(next.number, next.effective, next.key);
      this.expectedHash = next.state_hash;
      this.ports.advanced(next.number);
    }
    this.checkHash();
    if (this.incoming.hasGap(this.document.head.get())) this.pull();
  }

  private pull(): void {
    if (this.incoming.isPulling || this.isStopped) return;
    this.incoming.isPulling = true;
    this.ports.transport.revisionsAfter(this.document.head.get()).then(
      (revisions) => {
        this.incoming.isPulling = false;
        for (const revision of revisions) this.incoming.addPulled(revision);
        if (revisions.length > 0) this.drain();
        else this.ports.failed();
      },
      (error: unknown) => {
        this.incoming.isPulling = false;
        passing(error);
        this.ports.failed();
      },
    );
  }

  private checkHash(): void {
    if (this.stopHashing) return;
    this.stopHashing = this.ports.clock.after(HASH_AFTER_MS, () => {
      this.stopHashing = null;
      if (!this.document.hashSome(HASH_STEP)) {
        if (this.ports.isIdle()) this.checkHash();
        return;
      }
      const hash = this.document.stateHash;
      if (hash !== null && hash !== this.expectedHash) this.reload();
    });
  }

  /** The document here is not the server's: takes it anew. */
  private reload(): void {
    if (!this.ports.isIdle()) return;
    this.ports.reloaded();
    this.ports.transport.document().then((state) => {
      if (state.number >= this.document.head.get()) this.load(state);
    }, passing);
  }
}

/** The network's errors pass; any other is a mistake in the program. */
function passing(error: unknown): void {
  if (!(error instanceof Unreachable) && !(error instanceof Problem)) throw error;
}
