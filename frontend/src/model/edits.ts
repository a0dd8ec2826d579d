/**
 * The edits of a design and what they do: the twin of the server's reducer.
 * Both replay the same golden cases and reach the same state hash.
 *
 * The types and `apply` are a stable surface for the layers above.
 */
import {
  groupReferences,
  LINK_GROUPS,
  ownerOf,
  position,
  REFERENCE_FIELDS,
  REFERRING_GROUPS,
  type Draft,
} from "./draft";
import {
  POWER_SOURCES,
  groupRule,
  type ElementId,
  type GroupName,
  type Groups,
  type Kind,
  type PlanElement,
  type Point,
} from "./element";
import { quantiseLength } from "./quantise";

export interface CreateEdit {
  readonly type: "create";
  readonly element: PlanElement;
}
export interface SetEdit {
  readonly type: "set";
  readonly id: ElementId;
  readonly group: string;
  /** null takes an optional group away. */
  readonly value: object | null;
}
export interface DeleteEdit {
  readonly type: "delete";
  readonly id: ElementId;
}
/** One id, or all ids from the first to the second as text, and how many those are. */
export type IdRange = ElementId | readonly [ElementId, ElementId, number];
export interface MoveEdit {
  readonly type: "move";
  readonly set: readonly IdRange[];
  readonly dx_mm: number;
  readonly dy_mm: number;
}
export interface ArrayCommand {
  readonly type: "command";
  readonly name: "array";
  readonly args: {
    readonly ids: readonly ElementId[];
    readonly offsets_mm: readonly (readonly [number, number])[];
    readonly new_ids: readonly (readonly ElementId[])[];
  };
}
export interface RenumberCommand {
  readonly type: "command";
  readonly name: "renumber";
  readonly args: {
    readonly ids: readonly ElementId[];
    readonly pattern: string;
    readonly start: number;
  };
}
export type CommandEdit = ArrayCommand | RenumberCommand;
/** Edits that do what they say; commands expand to these. */
export type Primitive = CreateEdit | SetEdit | DeleteEdit | MoveEdit;
export type Edit = Primitive | CommandEdit;

export type RefusalCode =
  | "duplicate-id"
  | "missing-element"
  | "missing-reference"
  | "circular-supply"
  | "in-use"
  | "locked"
  | "range-changed"
  | "unknown-group"
  | "out-of-range";
/** Why an edit was not applied, in a code and in words. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly detail: string;
}
/** A refusal with the place of the edit in its batch. */
export interface Refused extends Refusal {
  readonly index: number;
}

/** What became of a batch of edits. */
export interface Applied {
  /** What was really done; leads to the same state without any check. */
  readonly effective: readonly Primitive[];
  readonly refused: readonly Refused[];
}

const FARTHEST_MM = 1e10;

/** An edit that sets a group to a typed value. */
export function setGroup<G extends GroupName>(
  id: ElementId,
  group: G,
  value: Groups[G] | null,
): SetEdit {
  return { type: "set", id, group, value };
}

/** Applies one edit: the effective edits, or why nothing was done. */
export function applyPrimitive(draft: Draft, edit: Primitive): readonly Primitive[] | Refusal {
  switch (edit.type) {
    case "create":
      return create(draft, edit);
    case "set":
      return set(draft, edit);
    case "delete":
      return remove(draft, edit);
    case "move":
      return move(draft, edit);
    default:
      return edit satisfies never;
  }
}

/** Folds effective edits over a draft; they were checked when they were made. */
export function replay(draft: Draft, edits: readonly Primitive[]): void {
  for (const edit of edits) {
    switch (edit.type) {
      case "create":
        draft.put(edit.element);
        break;
      case "set": {
        const element = draft.get(edit.id);
        if (element) draft.put(withGroup(element, edit.group, edit.value));
        break;
      }
      case "delete":
        draft.drop(edit.id);
        break;
      case "move":
        for (const id of idsOf(draft, edit.set) ?? []) {
          const element = draft.get(id);
          const shifted = element && displaced(element, edit.dx_mm, edit.dy_mm);
          if (shifted && !isRefusal(shifted)) draft.put(shifted);
        }
        break;
      default:
        edit satisfies never;
    }
  }
}

export const isRefusal = (outcome: object): outcome is Refusal => "code" in outcome;

/** What people call an element: its tag or name, else its kind and the end of its id. */
export function labelOf(element: PlanElement): string {
  const words = element.kind.replaceAll("_", " ");
  const name = element.identity?.tag || element.identity?.name;
  return `${words} ${name || element.id.slice(-6)}`;
}

export const missing = (id: ElementId): Refusal => ({
  code: "missing-element",
  detail: `There is no element ${id} any more.`,
});

export const locked = (element: PlanElement): Refusal => ({
  code: "locked",
  detail: `The ${labelOf(element)} is locked.`,
});

export const isLocked = (element: PlanElement): boolean => element.state?.locked ?? false;

function create(draft: Draft, edit: CreateEdit): readonly Primitive[] | Refusal {
  const { id, kind } = edit.element;
  if (draft.get(id)) {
    return { code: "duplicate-id", detail: `There is already an element ${id}.` };
  }
  if (kind === "site" && [...draft.elements.values()].some((other) => other.kind === "site")) {
    return { code: "duplicate-id", detail: "A design has one site, and it is there." };
  }
  const refusal = refuseReferences(draft, id, edit.element);
  if (refusal) return refusal;
  draft.put(edit.element);
  return [edit];
}

function set(draft: Draft, edit: SetEdit): readonly Primitive[] | Refusal {
  const element = draft.get(edit.id);
  if (element === undefined) return missing(edit.id);
  const rule = groupRule(element.kind, edit.group);
  if (rule === null || (edit.value === null && rule === "required")) {
    return {
      code: "unknown-group",
      detail: `The ${labelOf(element)} can not take this change of ${edit.group}.`,
    };
  }
  if (isLocked(element) && edit.group !== "state") return locked(element);
  const refusal = refuseReferences(draft, edit.id, { [edit.group]: edit.value });
  if (refusal) return refusal;
  draft.put(withGroup(element, edit.group, edit.value));
  return [edit];
}

function remove(draft: Draft, edit: DeleteEdit): readonly Primitive[] | Refusal {
  const element = draft.get(edit.id);
  if (element === undefined) return missing(edit.id);
  if (isLocked(element)) return locked(element);
  const referrers = [...draft.referrersOf(edit.id)].sort();
  if (element.kind === "module_type" && referrers.length > 0) {
    return {
      code: "in-use",
      detail: `The ${labelOf(element)} has ${referrers.length} copies; delete them first.`,
    };
  }
  const amended: Primitive[] = [];
  for (const id of referrers) {
    const referrer = draft.get(id);
    if (referrer === undefined) continue;
    for (const change of released(referrer, edit.id)) {
      draft.put(withGroup(draft.get(id) ?? referrer, change.group, change.value));
      amended.push(change);
    }
  }
  draft.drop(edit.id);
  return [...amended, edit];
}

function move(draft: Draft, edit: MoveEdit): readonly Primitive[] | Refusal {
  const ids = idsOf(draft, edit.set);
  if (ids === null) {
    return {
      code: "range-changed",
      detail: "Elements were added or removed in the moved range.",
    };
  }
  const moved: PlanElement[] = [];
  for (const id of ids) {
    const element = draft.get(id);
    if (element === undefined) return missing(id);
    if (isLocked(element)) return locked(element);
    const shifted = displaced(element, edit.dx_mm, edit.dy_mm);
    if (isRefusal(shifted)) return shifted;
    moved.push(shifted);
  }
  for (const element of moved) draft.put(element);
  return [edit];
}

/** The ids of a set in order, each once; null if a range is not what it was. */
export function idsOf(draft: Draft, items: readonly IdRange[]): ReadonlySet<ElementId> | null {
  const found = new Set<ElementId>();
  for (const item of items) {
    if (typeof item === "string") {
      found.add(item);
      continue;
    }
    const [first, last, count] = item;
    const sorted = draft.sortedIds();
    const from = position(sorted, first);
    let to = position(sorted, last);
    if (sorted[to] === last) to += 1;
    if (to - from !== count) return null;
    for (let i = from; i < to; i += 1) found.add(sorted[i] ?? "");
  }
  return found;
}

/** Ids as a move's set: neighbours in text order become ranges. */
export function rangesOf(ids: Iterable<ElementId>, sorted: readonly ElementId[]): IdRange[] {
  const mine = [...new Set(ids)].sort();
  const ranges: IdRange[] = [];
  for (let i = 0; i < mine.length;) {
    const first = mine[i] ?? "";
    const at = position(sorted, first);
    let count = 1;
    while (i + count < mine.length && sorted[at + count] === mine[i + count]) count += 1;
    const last = mine[i + count - 1] ?? first;
    if (count > 2) ranges.push([first, last, count]);
    else ranges.push(...mine.slice(i, i + count));
    i += count;
  }
  return ranges;
}

/** The element with one group replaced or, for null, removed. */
export function withGroup(element: PlanElement, group: string, value: object | null): PlanElement {
  if (value !== null) return { ...element, [group]: value };
  const { [group as GroupName]: _gone, ...rest } = element;
  return rest;
}

/** The element before the links of a group are set: without it, or with null for each link. */
export function unlinked(element: PlanElement, group: GroupName): PlanElement {
  if (groupRule(element.kind, group) !== "required") return withGroup(element, group, null);
  return withGroup(
    element,
    group,
    mapReferences(group, element[group] ?? {}, () => null),
  );
}

/** The element moved by a vector, or why it cannot be there. */
export function displaced(element: PlanElement, dx: number, dy: number): PlanElement | Refusal {
  const { placement, outline, path, line } = element;
  const x = (value: number): number => quantiseLength(value + dx);
  const y = (value: number): number => quantiseLength(value + dy);
  const each = (points: readonly Point[]): readonly Point[] =>
    points.map(([px, py]) => [x(px), y(py)] as const);
  let shifted: PlanElement;
  let reached: readonly number[];
  if (placement) {
    const place = { ...placement, x_mm: x(placement.x_mm), y_mm: y(placement.y_mm) };
    shifted = { ...element, placement: place };
    reached = [place.x_mm, place.y_mm];
  } else if (outline) {
    const points = each(outline.points_mm);
    shifted = { ...element, outline: { points_mm: points } };
    reached = points.flat();
  } else if (path) {
    const points = each(path.points_mm);
    shifted = { ...element, path: { ...path, points_mm: points } };
    reached = points.flat();
  } else if (line) {
    const ends = {
      from_x_mm: x(line.from_x_mm),
      from_y_mm: y(line.from_y_mm),
      to_x_mm: x(line.to_x_mm),
      to_y_mm: y(line.to_y_mm),
    };
    shifted = { ...element, line: { ...line, ...ends } };
    reached = Object.values(ends);
  } else {
    return {
      code: "unknown-group",
      detail: `The ${labelOf(element)} has no place of its own.`,
    };
  }
  if (reached.some((value) => Math.abs(value) > FARTHEST_MM)) {
    return { code: "out-of-range", detail: `The ${labelOf(element)} would leave the map.` };
  }
  return shifted;
}

/** The refusal of property groups that refer to something that is not there. */
export function refuseReferences(
  draft: Draft,
  id: ElementId,
  groups: Partial<Record<string, unknown>>,
): Refusal | null {
  for (const group of REFERRING_GROUPS) {
    for (const target of groupReferences(group, groups[group] as object | undefined)) {
      const fault =
        target === id
          ? "refers to itself"
          : referenceFault(group, target, draft.kindOf(ownerOf(target)));
      if (fault) return { code: "missing-reference", detail: `The ${group} ${fault}.` };
    }
  }
  const hasSupply = "upstream" in groups || "overrides" in groups;
  if (
    hasSupply &&
    closesCircle(draft, id, { ...(draft.get(id) as AnyGroups | undefined), ...groups })
  )
    return {
      code: "circular-supply",
      detail: "Power would run in a circle: this feeds its own source.",
    };
  return null;
}

type AnyGroups = Partial<Record<string, unknown>>;

interface Fed {
  readonly upstream?: { readonly source?: string | null } | null;
  readonly overrides?: Readonly<Record<string, Fed>> | null;
}

/** Whether an element, as it would be, feeds itself through what it is fed from. */
function closesCircle(draft: Draft, id: ElementId, changed: AnyGroups): boolean {
  const sourceOf = (node: string): string | null => {
    const [owner = "", slot] = node.split("/");
    const element = (owner === id ? changed : draft.get(owner)) as Fed | undefined;
    const fed = slot === undefined ? element : element?.overrides?.[slot];
    return fed?.upstream?.source ?? null;
  };
  const slots = Object.keys((changed as Fed).overrides ?? {}).map((slot) => `${id}/${slot}`);
  return [id, ...slots].some((start) => {
    const seen = new Set<string>();
    for (let at = sourceOf(start); at !== null && !seen.has(at); at = sourceOf(at)) {
      if (at === start) return true;
      seen.add(at);
    }
    return false;
  });
}

function referenceFault(group: string, target: string, kind: Kind | undefined): string | null {
  if (kind === undefined) return `refers to ${target}, which does not exist`;
  if (group === "type") {
    return kind === "module_type" ? null : `refers to ${target}, which is no module type`;
  }
  if (target.includes("/")) {
    const isTap = kind === "module" && target.slice(target.indexOf("/") + 1).startsWith("busway-");
    return isTap ? null : `refers to ${target}, which is no busway of a module`;
  }
  return POWER_SOURCES.has(kind) ? null : `refers to ${target}, which feeds nothing`;
}

/** The changes that free an element of its references to another. */
function released(element: PlanElement, gone: ElementId): readonly SetEdit[] {
  return LINK_GROUPS.flatMap((group) => {
    const value = element[group];
    for (const target of groupReferences(group, value)) {
      if (ownerOf(target) === gone && value) {
        const freed = mapReferences(group, value, (one) => (ownerOf(one) === gone ? null : one));
        return [{ type: "set" as const, id: element.id, group, value: freed }];
      }
    }
    return [];
  });
}

/** A group with every reference in it replaced. */
export function mapReferences(
  group: string,
  value: object,
  change: (target: string) => string | null,
): object {
  const fields = Object.entries(value);
  if (group === "overrides") {
    return Object.fromEntries(
      fields.map(([slot, groups]) => [
        slot,
        Object.fromEntries(
          Object.entries(groups as object).map(([name, inner]) => [
            name,
            mapReferences(name, inner as object, change),
          ]),
        ),
      ]),
    );
  }
  const links = REFERENCE_FIELDS[group] ?? [];
  return Object.fromEntries(
    fields.map(([field, inner]) => [
      field,
      links.includes(field) && typeof inner === "string" ? change(inner) : inner,
    ]),
  );
}
