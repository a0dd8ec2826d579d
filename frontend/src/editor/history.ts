import { signal, type Readable } from "../base/signal";
import type { Session } from "./session";

/**
 * Undo and redo of the user's own work. The server keeps the stack and works
 * out each step against the design as it stands; what was not sent yet is
 * taken back here.
 */
export class History {
  private readonly undoable = signal(true);
  /** The stack is the server's and outlives a reload: nobody knows before asking. */
  private readonly redoable = signal(true);

  constructor(
    private readonly session: Session,
    private readonly isWritable: () => boolean,
  ) {}

  /** False only when the last attempt found nothing. */
  get canUndo(): Readable<boolean> {
    return this.undoable;
  }

  get canRedo(): Readable<boolean> {
    return this.redoable;
  }

  undo(): void {
    if (!this.isWritable()) return;
    this.session.undo();
    this.redoable.set(true);
  }

  redo(): void {
    if (!this.isWritable()) return;
    this.session.redo();
    this.undoable.set(true);
  }

  /** A new gesture: nothing is left to redo. */
  committed(): void {
    this.undoable.set(true);
    this.redoable.set(false);
  }

  /** The server had nothing to take back, or to bring back. */
  exhausted(kind: "undo" | "redo"): void {
    if (kind === "undo") this.undoable.set(false);
    else this.redoable.set(false);
  }
}
