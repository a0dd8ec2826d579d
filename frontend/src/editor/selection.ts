import { signal, type Readable } from "../base/signal";
import type { ElementId } from "../model/element";

const NONE: ReadonlySet<ElementId> = new Set();

/** What is selected, what the pointer is over, and which module is entered. */
export class Selection {
  private readonly chosen = signal<ReadonlySet<ElementId>>(NONE);
  private readonly last = signal<ElementId | null>(null);
  private former: ReadonlySet<ElementId> = NONE;

  /** The element under the pointer. */
  readonly hover = signal<ElementId | null>(null);
  /** The module whose members are picked one by one. */
  readonly entered = signal<ElementId | null>(null);

  get ids(): Readable<ReadonlySet<ElementId>> {
    return this.chosen;
  }

  /** The one chosen last: what the others align to. */
  get key(): Readable<ElementId | null> {
    return this.last;
  }

  get size(): number {
    return this.chosen.get().size;
  }

  has(id: ElementId): boolean {
    return this.chosen.get().has(id);
  }

  set(ids: Iterable<ElementId>): void {
    this.replace(new Set(ids));
  }

  add(ids: Iterable<ElementId>): void {
    this.replace(new Set([...this.chosen.get(), ...ids]));
  }

  remove(ids: Iterable<ElementId>): void {
    const next = new Set(this.chosen.get());
    for (const id of ids) next.delete(id);
    if (next.size !== this.chosen.get().size) this.replace(next);
  }

  toggle(id: ElementId): void {
    if (this.has(id)) this.remove([id]);
    else this.add([id]);
  }

  clear(): void {
    this.replace(NONE);
  }

  /** Back to what was selected before. */
  previous(): void {
    this.replace(this.former);
  }

  private replace(next: ReadonlySet<ElementId>): void {
    const old = this.chosen.get();
    if (old.size === 0 && next.size === 0) return;
    if (old.size > 0) this.former = old;
    let key: ElementId | null = null;
    for (const id of next) key = id;
    this.last.set(key);
    this.chosen.set(next);
  }
}
