/** Copies of elements: the edits, their new ids and their tags. */
import type { Vec2 } from "../base/vec2";
import { copyOf } from "../model/batch";
import { displaced, isRefusal, type Edit } from "../model/edits";
import type { ElementId, PlanElement } from "../model/element";
import type { DocumentStore } from "../model/store";
import { slotOf } from "./arrange";

export interface Copies {
  readonly edits: readonly Edit[];
  readonly newIds: readonly ElementId[];
}

/** Copies of stored elements at several offsets, as one command, with tags counting on. */
export function arrayEdits(
  document: DocumentStore,
  ids: Iterable<ElementId>,
  offsets: readonly Vec2[],
  newId: () => ElementId,
): Copies {
  const sources = [...ids].filter((id) => isCopyable(document.get(id)) && slotOf(id) === null);
  if (sources.length === 0 || offsets.length === 0) return { edits: [], newIds: [] };
  const newIds = offsets.map(() => sources.map(newId));
  const array: Edit = {
    type: "command",
    name: "array",
    args: {
      ids: sources,
      offsets_mm: offsets.map(({ x, y }) => [x, y] as const),
      new_ids: newIds,
    },
  };
  const originals = sources.map((id) => document.get(id));
  const made = newIds.flatMap((perOffset) => perOffset.map((id, i) => ({ id, of: originals[i] })));
  return { edits: [array, ...tagEdits(document, made)], newIds: newIds.flat() };
}

/** Copies of elements that may not be in the design any more, shifted by one vector. */
export function pasteEdits(
  document: DocumentStore,
  elements: readonly PlanElement[],
  by: Vec2,
  newId: () => ElementId,
): Copies {
  const renamed = new Map(elements.map(({ id }) => [id, newId()]));
  const creates: Edit[] = [];
  const links: Edit[] = [];
  // Definitions come before the modules that refer to them.
  const ordered = [...elements].sort((a, b) => rankOf(a) - rankOf(b));
  for (const element of ordered) {
    const shifted = element.kind === "module_type" ? element : displaced(element, by.x, by.y);
    if (isRefusal(shifted)) continue;
    const { element: copy, inner } = copyOf(shifted, renamed);
    const type = copy.type && renamed.get(copy.type.type_id);
    creates.push({ type: "create", element: type ? { ...copy, type: { type_id: type } } : copy });
    links.push(...inner);
  }
  const made = elements.flatMap((element) => {
    const id = renamed.get(element.id);
    return id ? [{ id, of: element }] : [];
  });
  const newIds = made.filter(({ of }) => of.kind !== "module_type").map(({ id }) => id);
  return { edits: [...creates, ...links, ...tagEdits(document, made)], newIds };
}

const rankOf = ({ kind }: PlanElement): number => (kind === "module_type" ? 0 : 1);

const isCopyable = (element: PlanElement | undefined): element is PlanElement =>
  element !== undefined &&
  element.kind !== "site" &&
  element.kind !== "module_type" &&
  element.kind !== "waiver";

/** Tags of copies go on counting from the highest that the design has with the same words. */
function tagEdits(
  document: DocumentStore,
  made: readonly { readonly id: ElementId; readonly of: PlanElement | undefined }[],
): readonly Edit[] {
  const byPattern = new Map<string, ElementId[]>();
  for (const { id, of } of made) {
    const tag = of?.identity?.tag;
    if (tag === undefined) continue;
    const { pattern } = patternOf(tag);
    const ids = byPattern.get(pattern);
    if (ids) ids.push(id);
    else byPattern.set(pattern, [id]);
  }
  return [...byPattern].map(([pattern, ids]) => ({
    type: "command" as const,
    name: "renumber" as const,
    args: { ids, pattern, start: nextNumber(document, pattern) },
  }));
}

/** "R01-08" counts as "R01-{n:02}" from 8; a tag without a number gets one. */
export function patternOf(tag: string): { readonly pattern: string; readonly number: number } {
  const match = /^(.*?)(\d{1,9})(\D*)$/s.exec(tag);
  if (!match) return { pattern: `${tag}-{n}`, number: 1 };
  const [, head = "", digits = "0", tail = ""] = match;
  const field = digits.startsWith("0") && digits.length > 1 ? `{n:0${digits.length}}` : "{n}";
  return { pattern: `${head}${field}${tail}`, number: Number(digits) };
}

/** One more than the highest number in use under a pattern. */
export function nextNumber(document: DocumentStore, pattern: string): number {
  const [head = "", tail = ""] = pattern.toLowerCase().split(/\{n(?::0[1-9])?\}/);
  let highest = 0;
  for (const tag of document.allTags().keys()) {
    if (!tag.startsWith(head) || !tag.endsWith(tail) || tag.length <= head.length) continue;
    const digits = tag.slice(head.length, tag.length - tail.length);
    if (/^\d{1,9}$/.test(digits)) highest = Math.max(highest, Number(digits));
  }
  return highest + 1;
}
