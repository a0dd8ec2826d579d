/** Batches of edits, and the commands that stand for many edits: creates and sets. */
import { groupReferences, LINK_GROUPS, ownerOf, type Draft } from "./draft";
import {
  applyPrimitive,
  displaced,
  isLocked,
  isRefusal,
  labelOf,
  locked,
  mapReferences,
  missing,
  unlinked,
  withGroup,
  type Applied,
  type ArrayCommand,
  type CommandEdit,
  type Edit,
  type Primitive,
  type Refusal,
  type Refused,
  type RenumberCommand,
  type SetEdit,
} from "./edits";
import { groupRule, type ElementId, type PlanElement } from "./element";

/** Applies edits in order; those that cannot be applied are refused, the rest stand. */
export function applyEdits(draft: Draft, edits: readonly Edit[]): Applied {
  const effective: Primitive[] = [];
  const refused: Refused[] = [];
  edits.forEach((edit, index) => {
    const outcome = applyEdit(draft, edit);
    if (isRefusal(outcome)) refused.push({ index, ...outcome });
    else for (const one of outcome) effective.push(one);
  });
  return { effective, refused };
}

function applyEdit(draft: Draft, edit: Edit): readonly Primitive[] | Refusal {
  if (edit.type !== "command") return applyPrimitive(draft, edit);
  const parts = expandCommand(draft, edit);
  if (isRefusal(parts)) return parts;
  return parts.flatMap((part) => {
    const outcome = applyPrimitive(draft, part);
    if (isRefusal(outcome)) throw new Error(`part of a command was refused: ${outcome.detail}`);
    return outcome;
  });
}

/** What a command stands for, or why it cannot be done. */
export function expandCommand(draft: Draft, command: CommandEdit): readonly Primitive[] | Refusal {
  return command.name === "array" ? expandArray(draft, command) : expandRenumber(draft, command);
}

function expandArray(draft: Draft, { args }: ArrayCommand): readonly Primitive[] | Refusal {
  const sources: PlanElement[] = [];
  for (const id of args.ids) {
    const element = draft.get(id);
    if (element === undefined) return missing(id);
    sources.push(element);
  }
  const seen = new Set<ElementId>();
  for (const id of args.new_ids.flat()) {
    if (draft.get(id) || seen.has(id)) {
      return { code: "duplicate-id", detail: `There is already an element ${id}.` };
    }
    seen.add(id);
  }
  const copies: Primitive[] = [];
  for (const [place, [dx, dy]] of args.offsets_mm.entries()) {
    const renamed = new Map(args.ids.map((id, i) => [id, args.new_ids[place]?.[i] ?? ""]));
    const links: SetEdit[] = [];
    for (const source of sources) {
      const shifted = displaced(source, dx, dy);
      if (isRefusal(shifted)) return shifted;
      const { element, inner } = copyOf(shifted, renamed);
      copies.push({ type: "create", element });
      links.push(...inner);
    }
    copies.push(...links);
  }
  return copies;
}

/** A copy under its new id, unlocked, and the links to set once its fellows exist. */
export function copyOf(
  element: PlanElement,
  renamed: ReadonlyMap<ElementId, ElementId>,
): { readonly element: PlanElement; readonly inner: readonly SetEdit[] } {
  const id = renamed.get(element.id) ?? element.id;
  let copy = withGroup({ ...element, id }, "state", null);
  const inner: SetEdit[] = [];
  for (const group of LINK_GROUPS) {
    const value = copy[group];
    const leadsInside = [...groupReferences(group, value)].some((one) => renamed.has(ownerOf(one)));
    if (!value || !leadsInside) continue;
    const led = mapReferences(group, value, (target) => {
      const owner = ownerOf(target);
      const next = renamed.get(owner);
      return next === undefined ? target : next + target.slice(owner.length);
    });
    inner.push({ type: "set", id, group, value: led });
    copy = unlinked(copy, group);
  }
  return { element: copy, inner };
}

function expandRenumber(draft: Draft, { args }: RenumberCommand): readonly Primitive[] | Refusal {
  const parts: Primitive[] = [];
  for (const [place, id] of args.ids.entries()) {
    const element = draft.get(id);
    if (element === undefined) return missing(id);
    if (isLocked(element)) return locked(element);
    if (groupRule(element.kind, "identity") === null) {
      return { code: "unknown-group", detail: `The ${labelOf(element)} can not carry a tag.` };
    }
    const identity = { ...element.identity, tag: numbered(args.pattern, args.start + place) };
    parts.push({ type: "set", id, group: "identity", value: identity });
  }
  return parts;
}

/** The pattern with `{n}` or `{n:02}` replaced by a number. */
export function numbered(pattern: string, number: number): string {
  return pattern.replace(/\{n(?::0([1-9]))?\}/g, (_all, digits: string | undefined) =>
    // Zeros go after the sign, as Python's zfill puts them.
    number < 0
      ? `-${String(-number).padStart(Number(digits ?? 1) - 1, "0")}`
      : String(number).padStart(Number(digits ?? 1), "0"),
  );
}
