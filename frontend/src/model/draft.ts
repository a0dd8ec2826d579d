import type { ElementId, Kind, PlanElement } from "./element";

/** The element a reference hangs on: of `module/slot`, the module. */
export const ownerOf = (reference: string): ElementId => reference.split("/", 1)[0] ?? reference;

type Fields = Readonly<Record<string, unknown>>;

/** Where references stand in a property group. */
export const REFERENCE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  feeds: ["a", "b"],
  upstream: ["source"],
  feeder: ["to"],
  type: ["type_id"],
};

/** Every reference written in one property group. */
export function* groupReferences(
  group: string,
  value: object | null | undefined,
): Generator<string> {
  if (!value) return;
  if (group === "overrides") {
    for (const slot of Object.values(value) as object[]) {
      for (const [name, inner] of Object.entries(slot))
        yield* groupReferences(name, inner as object);
    }
    return;
  }
  for (const field of REFERENCE_FIELDS[group] ?? []) {
    const target = (value as Fields)[field];
    if (typeof target === "string" && target !== "") yield target;
  }
}

/** Groups whose references become null when what they lead to is deleted. */
export const LINK_GROUPS = ["feeds", "upstream", "feeder", "overrides"] as const;
export const REFERRING_GROUPS = [...LINK_GROUPS, "type"] as const;

const NOBODY: ReadonlySet<ElementId> = new Set();

/** Ids of the elements that an element refers to. */
export function referencesOf(element: PlanElement): ReadonlySet<ElementId> {
  if (!REFERRING_GROUPS.some((group) => element[group])) return NOBODY;
  const owners = new Set<ElementId>();
  for (const group of REFERRING_GROUPS) {
    for (const target of groupReferences(group, element[group])) owners.add(ownerOf(target));
  }
  return owners;
}

/** What elements were before a change; undefined: they were not there. */
export type Before = ReadonlyMap<ElementId, PlanElement | undefined>;

/** A design being changed in place, which remembers enough to go back. */
export class Draft {
  private readonly all = new Map<ElementId, PlanElement>();
  private readonly referrers = new Map<ElementId, Set<ElementId>>();
  private sorted: ElementId[] | null = null;
  private log: Map<ElementId, PlanElement | undefined> | null = null;

  static of(elements: Iterable<PlanElement>): Draft {
    const draft = new Draft();
    for (const element of elements) draft.put(element);
    return draft;
  }

  get elements(): ReadonlyMap<ElementId, PlanElement> {
    return this.all;
  }

  get(id: ElementId): PlanElement | undefined {
    return this.all.get(id);
  }

  kindOf(id: ElementId): Kind | undefined {
    return this.all.get(id)?.kind;
  }

  referrersOf(id: ElementId): ReadonlySet<ElementId> {
    return this.referrers.get(id) ?? NOBODY;
  }

  /** All ids in the order of their text. */
  sortedIds(): readonly ElementId[] {
    this.sorted ??= [...this.all.keys()].sort();
    return this.sorted;
  }

  put(element: PlanElement): void {
    const { id } = element;
    const former = this.all.get(id);
    this.note(id, former);
    if (former === undefined) this.sortIn(id);
    this.relink(id, former, element);
    this.all.set(id, element);
  }

  drop(id: ElementId): void {
    const former = this.all.get(id);
    if (former === undefined) return;
    this.note(id, former);
    this.relink(id, former, undefined);
    this.all.delete(id);
    if (this.sorted) this.sorted.splice(position(this.sorted, id), 1);
  }

  /** Runs a change and gives back its result and what was there before. */
  recorded<T>(change: () => T): { readonly result: T; readonly before: Before } {
    const before = new Map<ElementId, PlanElement | undefined>();
    this.log = before;
    try {
      return { result: change(), before };
    } finally {
      this.log = null;
    }
  }

  /** Puts back what was there before a recorded change; changes after it must be put back first. */
  putBack(before: Before): void {
    for (const [id, element] of before) {
      if (element === undefined) this.drop(id);
      else this.put(element);
    }
  }

  private note(id: ElementId, former: PlanElement | undefined): void {
    if (this.log && !this.log.has(id)) this.log.set(id, former);
  }

  private sortIn(id: ElementId): void {
    if (this.sorted === null) return;
    // New ids carry the time and so mostly come last; a late start costs one sort.
    const last = this.sorted.at(-1);
    if (last === undefined || last < id) this.sorted.push(id);
    else this.sorted.splice(position(this.sorted, id), 0, id);
  }

  private relink(
    id: ElementId,
    former: PlanElement | undefined,
    next: PlanElement | undefined,
  ): void {
    const before = former ? referencesOf(former) : NOBODY;
    const after = next ? referencesOf(next) : NOBODY;
    for (const target of before) {
      if (after.has(target)) continue;
      const who = this.referrers.get(target);
      who?.delete(id);
      if (who?.size === 0) this.referrers.delete(target);
    }
    for (const target of after) {
      const who = this.referrers.get(target);
      if (who) who.add(id);
      else this.referrers.set(target, new Set([id]));
    }
  }
}

/** Index of `id` in sorted ids, or where it would stand. */
export function position(sorted: readonly ElementId[], id: ElementId): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if ((sorted[half] ?? "") < id) low = half + 1;
    else high = half;
  }
  return low;
}
