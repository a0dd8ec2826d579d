import type { Clock } from "../base/clock";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;
const WAIT_GROWTH = 1.5;

/** Waits longer after each failure, and not at all once something worked. */
export class Backoff {
  private waitMs = FIRST_WAIT_MS;
  private stop: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly again: () => void,
  ) {}

  get isWaiting(): boolean {
    return this.stop !== null;
  }

  wait(): void {
    this.stop?.();
    this.stop = this.clock.after(this.waitMs, () => {
      this.stop = null;
      this.again();
    });
    this.waitMs = Math.min(this.waitMs * WAIT_GROWTH, LONGEST_WAIT_MS);
  }

  /** Something worked: the next failure is a first one. */
  reset(): void {
    this.waitMs = FIRST_WAIT_MS;
  }

  /** Ends a wait that is on. */
  cancel(): void {
    this.stop?.();
    this.stop = null;
    this.reset();
  }
}
