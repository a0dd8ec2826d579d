import { Emitter, signal, type Event, type Readable } from "../base/signal";
import { StateHash } from "./canonical";
import { applyEdits } from "./batch";
import { Draft, type Before } from "./draft";
import { replay, type Applied, type Edit, type Primitive } from "./edits";
import type { ElementId, Kind, PlanElement } from "./element";
import { itemOf, moduleItem, type Item } from "./item";
import { membersOf, planModule, type ModulePlan } from "./modules";
import type { Products } from "./products";
import type { DocumentState } from "./wire";

/** What changed on the plan. After a `reset` everything may have. */
export interface DocumentChange {
  /** Ids of elements and of module members that came, went or changed. */
  readonly touched: ReadonlySet<ElementId>;
  readonly reset: boolean;
}

/** Edits that the server has not confirmed, and what they covered. */
interface Layer {
  readonly key: string;
  readonly edits: readonly Edit[];
  applied: Applied;
  before: Before;
}

/** The outcome of edits that were applied on top, before the server says its word. */
export type LocalOutcome = Applied;

const NONE: ReadonlySet<ElementId> = new Set();

/**
 * The design as the user sees it: what the server confirmed, with the user's
 * own unconfirmed edits applied over it, and modules expanded to members.
 */
export class DocumentStore {
  private draft = new Draft();
  private layers: Layer[] = [];
  private hash = StateHash.of([]);
  /** Confirmed changes not yet in the hash: what they were, by id. */
  private unhashed = new Map<ElementId, PlanElement | undefined>();
  private readonly headNumber = signal(0);
  private readonly emitter = new Emitter<DocumentChange>();

  private readonly itemsById = new Map<ElementId, Item>();
  private readonly kinds = new Map<Kind, Set<ElementId>>();
  private readonly tags = new Map<string, Set<ElementId>>();
  private readonly membersById = new Map<ElementId, readonly Item[]>();
  private readonly plans = new Map<ElementId, ModulePlan | null>();

  constructor(readonly products: Products) {}

  /** Tells after each change, once the whole of it is in place. */
  get changed(): Event<DocumentChange> {
    return this.emitter;
  }

  /** Number of the newest confirmed revision. */
  get head(): Readable<number> {
    return this.headNumber;
  }

  /** Stored elements, module definitions included, members not. */
  get elements(): ReadonlyMap<ElementId, PlanElement> {
    return this.draft.elements;
  }

  /** All ids of stored elements in the order of their text. */
  get sortedIds(): readonly ElementId[] {
    return this.draft.sortedIds();
  }

  /** A stored element or a module's member. */
  get(id: ElementId): PlanElement | undefined {
    return this.draft.get(id) ?? this.itemsById.get(id)?.element;
  }

  item(id: ElementId): Item | undefined {
    return this.itemsById.get(id);
  }

  /** Everything on the plan, members of modules included. */
  items(): IterableIterator<Item> {
    return this.itemsById.values();
  }

  get itemCount(): number {
    return this.itemsById.size;
  }

  /** Ids of one kind, members of modules included. */
  ofKind(kind: Kind): ReadonlySet<ElementId> {
    return this.kinds.get(kind) ?? NONE;
  }

  /** Ids that carry a tag. */
  withTag(tag: string): ReadonlySet<ElementId> {
    return this.tags.get(tag.toLowerCase()) ?? NONE;
  }

  /** Tags in use, lower-case, with their ids. */
  allTags(): ReadonlyMap<string, ReadonlySet<ElementId>> {
    return this.tags;
  }

  /** The members of a module; empty for anything else. */
  membersOf(moduleId: ElementId): readonly Item[] {
    return this.membersById.get(moduleId) ?? [];
  }

  /** The module type's members and room, by the parameters as they stand. */
  planOf(typeId: ElementId): ModulePlan | null {
    let plan = this.plans.get(typeId);
    if (plan === undefined) {
      const type = this.draft.get(typeId);
      plan = type ? planModule(type, (id) => this.productSize(id)) : null;
      this.plans.set(typeId, plan);
    }
    return plan;
  }

  /** Ids of stored elements that refer to one. */
  referrersOf(id: ElementId): ReadonlySet<ElementId> {
    return this.draft.referrersOf(id);
  }

  /** The site element, when there is one. */
  site(): PlanElement | undefined {
    for (const element of this.draft.elements.values()) if (element.kind === "site") return element;
    return undefined;
  }

  /** Takes a whole document; unconfirmed edits are applied over it again. */
  load(state: DocumentState): void {
    const { layers } = this;
    this.draft = Draft.of(state.elements);
    this.hash = StateHash.from(state.state_hash);
    this.unhashed.clear();
    this.layers = [];
    for (const layer of layers) this.pushLayer(layer.key, layer.edits);
    this.rebuild();
    this.headNumber.set(state.number);
    this.emitter.emit({ touched: new Set(this.itemsById.keys()), reset: true });
  }

  /** Applies edits over everything, under a key by which they are confirmed or dropped. */
  applyPending(key: string, edits: readonly Edit[]): LocalOutcome {
    const layer = this.pushLayer(key, edits);
    this.emit(new Set(layer.before.keys()));
    return layer.applied;
  }

  /** Takes unconfirmed edits back. */
  dropPending(key: string): void {
    if (!this.layers.some((layer) => layer.key === key)) return;
    this.rebase(key, () => undefined);
  }

  /**
   * Takes the next revision. The edits sent under `key` are thereby confirmed
   * and leave; other unconfirmed ones are applied again over the result.
   */
  confirm(number: number, effective: readonly Primitive[], key: string | null): void {
    const [first] = this.layers;
    if (first !== undefined && first.key === key && this.layers.length === 1) {
      if (sameEdits(first.applied.effective, effective)) {
        this.noteConfirmed(first.before);
        this.layers = [];
        this.headNumber.set(number);
        return;
      }
    }
    this.rebase(key, () => {
      const { before } = this.draft.recorded(() => {
        replay(this.draft, effective);
      });
      this.noteConfirmed(before);
      return before;
    });
    this.headNumber.set(number);
  }

  /** Products became known: sizes and modules may differ. */
  refreshProducts(): void {
    this.rebuild();
    this.emitter.emit({ touched: new Set(this.itemsById.keys()), reset: true });
  }

  /** Brings up to `most` changes into the hash; true when it is complete. */
  hashSome(most: number): boolean {
    if (this.layers.length > 0) return this.unhashed.size === 0;
    let left = most;
    for (const [id, before] of this.unhashed) {
      if (left <= 0) return false;
      left -= 1;
      this.hash.replace(before, this.draft.get(id));
      this.unhashed.delete(id);
    }
    return true;
  }

  /** Hash of the confirmed state; null while unconfirmed edits or sums are outstanding. */
  get stateHash(): string | null {
    return this.layers.length === 0 && this.unhashed.size === 0 ? this.hash.text : null;
  }

  private pushLayer(key: string, edits: readonly Edit[]): Layer {
    const { result, before } = this.draft.recorded(() => applyEdits(this.draft, edits));
    const layer: Layer = { key, edits, applied: result, before };
    this.layers.push(layer);
    return layer;
  }

  /** Takes all unconfirmed edits off, changes what is under them, and applies them again. */
  private rebase(dropKey: string | null, change: () => Before | undefined): void {
    const touched = new Set<ElementId>();
    const note = (before: Before): void => {
      for (const id of before.keys()) touched.add(id);
    };
    const { layers } = this;
    for (const layer of [...layers].reverse()) {
      this.draft.putBack(layer.before);
      note(layer.before);
    }
    this.layers = [];
    const before = change();
    if (before) note(before);
    for (const layer of layers) {
      if (layer.key === dropKey) continue;
      note(this.pushLayer(layer.key, layer.edits).before);
    }
    this.emit(touched);
  }

  private noteConfirmed(before: Before): void {
    for (const [id, element] of before) {
      if (!this.unhashed.has(id)) this.unhashed.set(id, element);
    }
  }

  private emit(changed: ReadonlySet<ElementId>): void {
    const touched = new Set<ElementId>();
    const types = new Set<ElementId>();
    for (const id of changed) {
      const known = this.itemsById.get(id);
      if (this.draft.kindOf(id) === "module_type" || this.plans.has(id)) {
        this.plans.delete(id);
        types.add(id);
      }
      touched.add(id);
      if (known || this.draft.get(id)) this.refresh(id, touched);
    }
    for (const type of types) {
      for (const id of this.draft.referrersOf(type)) {
        if (!changed.has(id)) this.refresh(id, touched);
      }
    }
    this.emitter.emit({ touched, reset: false });
  }

  private rebuild(): void {
    this.itemsById.clear();
    this.kinds.clear();
    this.tags.clear();
    this.membersById.clear();
    this.plans.clear();
    const touched = new Set<ElementId>();
    for (const id of this.draft.elements.keys()) this.refresh(id, touched);
  }

  /** Makes the items of one stored element anew. */
  private refresh(id: ElementId, touched: Set<ElementId>): void {
    touched.add(id);
    const element = this.draft.get(id);
    for (const member of this.membersById.get(id) ?? []) {
      touched.add(member.id);
      this.remove(member.id);
    }
    this.membersById.delete(id);
    if (element === undefined) {
      this.remove(id);
      return;
    }
    if (element.kind !== "module") {
      this.place(id, itemOf(element, this.products));
      return;
    }
    const plan = element.type ? this.planOf(element.type.type_id) : null;
    const members = (plan ? membersOf(element, plan) : []).flatMap((member) => {
      const item = itemOf(member, this.products, id);
      return item ? [item] : [];
    });
    this.membersById.set(id, members);
    for (const member of members) {
      touched.add(member.id);
      this.place(member.id, member);
    }
    this.place(id, moduleItem(element, members));
  }

  private place(id: ElementId, item: Item | null): void {
    const old = this.itemsById.get(id);
    if (item && old && old.kind === item.kind && old.tag === item.tag) {
      this.itemsById.set(id, item);
      return;
    }
    this.remove(id);
    if (item === null) return;
    this.itemsById.set(id, item);
    addTo(this.kinds, item.kind, id);
    if (item.tag !== "") addTo(this.tags, item.tag.toLowerCase(), id);
  }

  private remove(id: ElementId): void {
    const item = this.itemsById.get(id);
    if (item === undefined) return;
    this.itemsById.delete(id);
    this.kinds.get(item.kind)?.delete(id);
    const tagged = this.tags.get(item.tag.toLowerCase());
    tagged?.delete(id);
    if (tagged?.size === 0) this.tags.delete(item.tag.toLowerCase());
  }

  private productSize(id: string): ReturnType<Products["sizeOf"]> {
    return this.products.sizeOf(id);
  }
}

function addTo<K>(index: Map<K, Set<ElementId>>, key: K, id: ElementId): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function sameEdits(a: readonly Edit[], b: readonly Edit[]): boolean {
  return a === b || (a.length === b.length && JSON.stringify(a) === JSON.stringify(b));
}
