/** What the user may do with the design that is open, as the server last said. */
import { Emitter, signal, type Event, type Readable } from "../base/signal";
import type { Footing, Offer } from "../model/wire";

export class Rights {
  private readonly edit = signal(false);
  private readonly comment = signal(false);
  private readonly evaluate = signal(false);
  private readonly sentences = new Emitter<string>();

  constructor(may: readonly Offer[]) {
    this.take(may);
  }

  get mayEdit(): Readable<boolean> {
    return this.edit;
  }
  get mayComment(): Readable<boolean> {
    return this.comment;
  }
  /** Whether the user may have the engine run; without that, they see what others asked for. */
  get mayEvaluate(): Readable<boolean> {
    return this.evaluate;
  }
  /** Says in a sentence what the user may do from now on, where that is something else. */
  get changed(): Event<string> {
    return this.sentences;
  }

  set({ role, may, is_protected: isProtected }: Footing): void {
    const could = this.edit.get();
    this.take(may);
    const can = this.edit.get();
    if (could === can) return;
    if (can) this.sentences.emit("You can change this design now.");
    else if (isProtected) {
      this.sentences.emit("This design is protected now: it changes by approved proposals only.");
    } else {
      this.sentences.emit(
        `Your role here is ${role} now: you can look at this design, not change it.`,
      );
    }
  }

  /** The user has no rights here any more, or nobody knows who they are. */
  end(): void {
    this.take([]);
  }

  private take(may: readonly Offer[]): void {
    this.edit.set(may.includes("edit"));
    this.comment.set(may.includes("comment"));
    this.evaluate.set(may.includes("evaluate"));
  }
}
