import { Emitter, signal, type Event, type Readable } from "../base/signal";
import type { Edit, Refused } from "../model/edits";
import type { ElementId } from "../model/element";
import type { Problem, PushAnswer } from "../model/wire";

/** A gesture, or a part of one, that the server did not take. */
export interface RefusedWork {
  readonly label: string;
  readonly edits: readonly Edit[];
  readonly reasons: readonly string[];
}

/** Something the user should hear about. */
export interface Notice {
  readonly kind: "info" | "warning" | "error";
  readonly text: string;
}

const ID = / ?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Keeps what was not taken until the user has read it, and says so in words. */
export class Refusals {
  private readonly list = signal<readonly RefusedWork[]>([]);
  private readonly noticeEvents = new Emitter<Notice>();

  constructor(private readonly tagOf: (id: ElementId) => string | undefined) {}

  get work(): Readable<readonly RefusedWork[]> {
    return this.list;
  }

  get notices(): Event<Notice> {
    return this.noticeEvents;
  }

  get count(): number {
    return this.list.get().length;
  }

  clear(): void {
    this.list.set([]);
  }

  say(kind: Notice["kind"], text: string): void {
    this.noticeEvents.emit({ kind, text });
  }

  /** Single edits that were refused while the rest of the gesture stands. */
  parts(label: string, edits: readonly Edit[], refused: readonly Refused[]): void {
    if (refused.length === 0) return;
    const parts = refused.flatMap(({ index }) => edits.slice(index, index + 1));
    this.add(label, parts, [...new Set(refused.map(({ detail }) => detail))]);
  }

  /** A whole gesture that the server answered with a problem. */
  whole(label: string, edits: readonly Edit[], problem: Problem): void {
    const reasons = problem.body.errors?.map(({ path, message }) => `${path} ${message}`);
    this.add(label, edits, reasons ?? [problem.message]);
  }

  /** What an undo or a redo left as others had made it. */
  skipped(verb: "undone" | "redone", answer: PushAnswer): void {
    const skipped = answer.skipped?.length ?? 0;
    if (skipped === 0) return;
    const done = answer.effective.length;
    this.say("info", `${done} of ${done + skipped} ${verb}; the others were changed since.`);
  }

  private add(label: string, edits: readonly Edit[], given: readonly string[]): void {
    const reasons = given.map((reason) => this.named(reason));
    this.list.update((work) => [...work, { label, edits, reasons }]);
    const more = reasons.length > 1 ? ` (and ${reasons.length - 1} more)` : "";
    this.say("error", `“${label}” was not taken: ${reasons[0] ?? "no reason given"}${more}`);
  }

  /** People know elements by their tags; what is gone has none any more. */
  private named(reason: string): string {
    return reason.replace(ID, (id) => {
      const tag = this.tagOf(id.trim());
      return tag === undefined || tag === "" ? "" : ` ${tag}`;
    });
  }
}
