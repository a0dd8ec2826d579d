import { signal, type Readable } from "../base/signal";
import type { Item } from "../model/item";
import { LAYERS, type Layer } from "../model/layers";

export interface LayerState {
  readonly visible: boolean;
  readonly locked: boolean;
}

const USUAL: LayerState = { visible: true, locked: false };

/** Which layers this user sees and may change, and what is isolated. */
export class Layers {
  private readonly states = signal<ReadonlyMap<Layer, LayerState>>(new Map());
  private readonly isolatedIds = signal<ReadonlySet<string> | null>(null);

  get state(): Readable<ReadonlyMap<Layer, LayerState>> {
    return this.states;
  }

  /** Only these are shown; null: everything is. */
  get isolated(): Readable<ReadonlySet<string> | null> {
    return this.isolatedIds;
  }

  /** The usual layers and those that the design names. */
  names(items: Iterable<Item>): readonly Layer[] {
    const more = new Set<Layer>();
    for (const { layer } of items) more.add(layer);
    for (const layer of LAYERS) more.delete(layer);
    return [...LAYERS, ...[...more].sort()];
  }

  of(layer: Layer): LayerState {
    return this.states.get().get(layer) ?? USUAL;
  }

  set(layer: Layer, change: Partial<LayerState>): void {
    this.states.update((all) => new Map(all).set(layer, { ...this.of(layer), ...change }));
  }

  isolate(ids: Iterable<string> | null): void {
    this.isolatedIds.set(ids === null ? null : new Set(ids));
  }

  /** Whether an item is drawn. */
  isVisible(item: Item): boolean {
    const isolated = this.isolatedIds.get();
    if (isolated && !isolated.has(item.id) && !(item.moduleId && isolated.has(item.moduleId))) {
      return false;
    }
    return !item.hidden && this.of(item.layer).visible;
  }

  /** Whether a click or a box may take an item. Locked elements can be looked at, so they can. */
  isPickable(item: Item): boolean {
    return this.isVisible(item) && !this.of(item.layer).locked;
  }
}
