import { signal, type Readable } from "../base/signal";
import type { Push } from "../model/wire";

/** So many revisions of others, and what was made without seeing them is worth a second look. */
const MUCH_CHANGED = 50;

/** What was made while the server could not be reached, on top of which revision. */
export interface AwayWork {
  readonly base: number;
  readonly pushes: readonly Push[];
  /** Gestures that the server did not take, wholly or in part. */
  readonly refused: number;
  /** Revisions that others made meanwhile. */
  readonly behind: number;
}

/**
 * Remembers what was made away from the server. When not all of it was taken
 * on return, or much had changed meanwhile, it can still go on a copy.
 */
export class Away {
  private base: number | null = null;
  private readonly pushes = new Map<string, Push>();
  private readonly refused = new Set<string>();
  private readonly shown = signal<AwayWork | null>(null);

  /** Set once the user is back and there is something to decide. */
  get offer(): Readable<AwayWork | null> {
    return this.shown;
  }

  /** The server is out of reach at revision `base`, with work that has not arrived. */
  left(base: number, pushes: readonly Push[]): void {
    this.base = Math.min(this.base ?? base, base);
    for (const push of pushes) this.made(push);
  }

  /** One more gesture; counts only while away. */
  made(push: Push): void {
    if (this.base !== null) this.pushes.set(push.request_id, push);
  }

  takenBack(requestId: string): void {
    this.pushes.delete(requestId);
  }

  /** The server refused a gesture, or a part of it. */
  refuse(requestId: string): void {
    if (this.pushes.has(requestId)) this.refused.add(requestId);
  }

  /** Everything has been answered; the server is at `head`. */
  returned(head: number): void {
    if (this.base === null) return;
    const { base } = this;
    const pushes = [...this.pushes.values()];
    const refused = this.refused.size;
    const behind = Math.max(0, head - base - (pushes.length - refused));
    if (pushes.length > 0 && (refused > 0 || behind > MUCH_CHANGED)) {
      this.shown.set({ base, pushes, refused, behind });
    }
    this.base = null;
    this.pushes.clear();
    this.refused.clear();
  }

  /** The user has decided. */
  dismiss(): void {
    this.shown.set(null);
  }
}
