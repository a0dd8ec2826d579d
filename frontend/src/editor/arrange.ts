/** The edits that verbs such as move, turn and mirror stand for. Nothing here changes anything. */
import { add, rotateAbout, type Vec2 } from "../base/vec2";
import { isLocked, rangesOf, setGroup, type Edit, type SetEdit } from "../model/edits";
import type { ElementId, Line, Path, Placement, PlanElement, Point } from "../model/element";
import { moduleFramePath, moduleFramePlacement } from "../model/module-frame";
import { frameOf } from "../model/item";
import type { DocumentStore } from "../model/store";

/** One group to set on one element or module member; null takes it away. */
export interface Change {
  readonly id: ElementId;
  readonly group: string;
  readonly value: object | null;
}

/** What may not be changed now, and what may. */
export function unlocked(document: DocumentStore, ids: Iterable<ElementId>): readonly ElementId[] {
  return [...ids].filter((id) => {
    const element = document.get(id);
    const owner = document.get(ownerIdOf(id));
    return element !== undefined && !isLocked(element) && !(owner && isLocked(owner));
  });
}

export const ownerIdOf = (id: ElementId): ElementId => id.split("/", 1)[0] ?? id;
export const slotOf = (id: ElementId): string | null => {
  const slash = id.indexOf("/");
  return slash < 0 ? null : id.slice(slash + 1);
};

/**
 * Sets groups on elements. On a member of a module this writes the copy's own
 * override, several members of one module in one edit.
 */
export function changeEdits(document: DocumentStore, changes: Iterable<Change>): readonly Edit[] {
  const edits: SetEdit[] = [];
  const overrides = new Map<ElementId, Record<string, Record<string, object>>>();
  for (const { id, group, value } of changes) {
    const slot = slotOf(id);
    if (slot === null) {
      edits.push({ type: "set", id, group, value });
      continue;
    }
    const moduleId = ownerIdOf(id);
    let own = overrides.get(moduleId);
    if (own === undefined) {
      own = structuredClone(document.get(moduleId)?.overrides ?? {}) as Record<
        string,
        Record<string, object>
      >;
      overrides.set(moduleId, own);
    }
    const { [group]: _old, ...others } = own[slot] ?? {};
    const next = value === null ? others : { ...others, [group]: value };
    if (Object.keys(next).length > 0) own[slot] = next;
    else {
      const { [slot]: _gone, ...rest } = own;
      overrides.set(moduleId, rest);
    }
  }
  for (const [id, own] of overrides) {
    edits.push(setGroup(id, "overrides", Object.keys(own).length > 0 ? own : null));
  }
  return edits;
}

/** Shifts elements by one vector. */
export function moveEdits(
  document: DocumentStore,
  ids: Iterable<ElementId>,
  by: Vec2,
): readonly Edit[] {
  const stored: ElementId[] = [];
  const changes: Change[] = [];
  for (const id of ids) {
    if (slotOf(id) === null) stored.push(id);
    else
      changes.push(
        ...memberPlaced(document, id, {
          point: (p) => add(p, by),
          placement: (at) => ({ ...at, x_mm: at.x_mm + by.x, y_mm: at.y_mm + by.y }),
        }),
      );
  }
  const edits: Edit[] = [];
  if (stored.length > 0) {
    edits.push({
      type: "move",
      set: rangesOf(stored, document.sortedIds),
      dx_mm: by.x,
      dy_mm: by.y,
    });
  }
  return [...edits, ...changeEdits(document, changes)];
}

/** Turns elements counter-clockwise about a point. */
export function turnEdits(
  document: DocumentStore,
  ids: Iterable<ElementId>,
  degrees: number,
  about: Vec2,
): readonly Edit[] {
  return transformEdits(document, ids, {
    point: (p) => rotateAbout(p, degrees, about),
    placement: (at) => {
      const { x, y } = rotateAbout({ x: at.x_mm, y: at.y_mm }, degrees, about);
      return { ...at, x_mm: x, y_mm: y, rotation_deg: at.rotation_deg + degrees };
    },
  });
}

/**
 * Mirrors elements at a vertical or a horizontal line. Equipment keeps its
 * handedness: its footprint is mirrored, its front stays a front. A module
 * is mirrored as a whole.
 */
export function mirrorEdits(
  document: DocumentStore,
  ids: Iterable<ElementId>,
  line: "vertical" | "horizontal",
  at: number,
): readonly Edit[] {
  const isVertical = line === "vertical";
  const point = ({ x, y }: Vec2): Vec2 =>
    isVertical ? { x: 2 * at - x, y } : { x, y: 2 * at - y };
  return transformEdits(document, ids, {
    point,
    placement: (place, id) => {
      const rotation_deg = isVertical ? -place.rotation_deg : 180 - place.rotation_deg;
      const item = document.item(id);
      const isModule = item?.kind === "module";
      const corner = isModule ? undefined : item?.ring[1];
      const { x, y } = point(corner ?? { x: place.x_mm, y: place.y_mm });
      const mirrored = isModule ? { mirrored: !(place.mirrored ?? false) } : {};
      return { ...place, x_mm: x, y_mm: y, rotation_deg, ...mirrored };
    },
  });
}

interface Transform {
  readonly point: (p: Vec2) => Vec2;
  readonly placement: (at: Placement, id: ElementId) => Placement;
}

function transformEdits(
  document: DocumentStore,
  ids: Iterable<ElementId>,
  transform: Transform,
): readonly Edit[] {
  const changes: Change[] = [];
  for (const id of ids) {
    const element = document.get(id);
    if (element === undefined) continue;
    if (slotOf(id) !== null) {
      changes.push(...memberPlaced(document, id, transform));
    } else if (element.placement) {
      changes.push({ id, group: "placement", value: transform.placement(element.placement, id) });
    } else if (element.outline) {
      const points_mm = element.outline.points_mm.map(([x, y]) => pair(transform.point({ x, y })));
      changes.push({ id, group: "outline", value: { points_mm } });
    } else if (element.path) {
      changes.push({ id, group: "path", value: pathMoved(element.path, transform.point) });
    } else if (element.line) {
      changes.push({ id, group: "line", value: lineMoved(element.line, transform.point) });
    }
  }
  return changeEdits(document, changes);
}

function lineMoved(line: Line, point: (p: Vec2) => Vec2): Line {
  const from = point({ x: line.from_x_mm, y: line.from_y_mm });
  const to = point({ x: line.to_x_mm, y: line.to_y_mm });
  return { ...line, from_x_mm: from.x, from_y_mm: from.y, to_x_mm: to.x, to_y_mm: to.y };
}

function pathMoved(path: Path, point: (p: Vec2) => Vec2): Path {
  return { ...path, points_mm: path.points_mm.map(([x, y]) => pair(point({ x, y }))) };
}

/** A member's place in the world, changed and written in the frame of its module. */
function memberPlaced(
  document: DocumentStore,
  id: ElementId,
  transform: Transform,
): readonly Change[] {
  const module = document.get(ownerIdOf(id))?.placement;
  const item = document.item(id);
  if (!module || !item) return [];
  const { placement, path } = item.element;
  if (path) return pathChanges(document, id, pathMoved(path, transform.point));
  if (!item.rect || !placement) return [];
  const value = moduleFramePlacement(module, transform.placement(placement, id), item.rect.width);
  return [{ id, group: "placement", value }];
}

/** A line in the world for an element, or in the frame of its module for a member. */
export function pathChanges(document: DocumentStore, id: ElementId, path: Path): readonly Change[] {
  if (slotOf(id) === null) return [{ id, group: "path", value: path }];
  const module = document.get(ownerIdOf(id))?.placement;
  return module ? [{ id, group: "path", value: moduleFramePath(module, path) }] : [];
}

/** Deletes elements; a member of a module has no existence of its own to delete. */
export function deleteEdits(ids: Iterable<ElementId>): readonly Edit[] {
  return [...ids].filter((id) => slotOf(id) === null).map((id) => ({ type: "delete", id }));
}

const pair = ({ x, y }: Vec2): Point => [x, y];

/** Middle of the box around the elements: what they turn and mirror about. */
export function middleOf(document: DocumentStore, ids: Iterable<ElementId>): Vec2 | null {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const id of ids) {
    const item = document.item(id);
    if (!item) continue;
    const box = frameOf(item);
    minX = Math.min(minX, box.minX);
    minY = Math.min(minY, box.minY);
    maxX = Math.max(maxX, box.maxX);
    maxY = Math.max(maxY, box.maxY);
  }
  return minX > maxX ? null : { x: (minX + maxX) / 2, y: (minY + maxY) / 2 };
}

export type AlignTo = "left" | "right" | "top" | "bottom" | "middle-x" | "middle-y";

/** Lines elements up with the key element, or with the outermost of them. */
export function alignEdits(
  document: DocumentStore,
  ids: readonly ElementId[],
  to: AlignTo,
  key: ElementId | null,
): readonly Edit[] {
  const boxes = ids.flatMap((id) => {
    const item = document.item(id);
    return item ? [{ id, box: frameOf(item) }] : [];
  });
  const place = (box: { minX: number; maxX: number; minY: number; maxY: number }): number => {
    switch (to) {
      case "left":
        return box.minX;
      case "right":
        return box.maxX;
      case "top":
        return box.maxY;
      case "bottom":
        return box.minY;
      case "middle-x":
        return (box.minX + box.maxX) / 2;
      case "middle-y":
        return (box.minY + box.maxY) / 2;
    }
  };
  const places = boxes.map(({ box }) => place(box));
  const keyBox = boxes.find(({ id }) => id === key)?.box;
  const isUpper = to === "right" || to === "top";
  const outermost = isUpper ? Math.max(...places) : Math.min(...places);
  const middle = (Math.min(...places) + Math.max(...places)) / 2;
  const target = keyBox ? place(keyBox) : to.startsWith("middle") ? middle : outermost;
  const isX = to === "left" || to === "right" || to === "middle-x";
  return boxes.flatMap(({ id, box }) => {
    const by = target - place(box);
    return by === 0 ? [] : moveEdits(document, [id], isX ? { x: by, y: 0 } : { x: 0, y: by });
  });
}

/** Moves elements so that the gaps between them are equal; the outermost stay. */
export function distributeEdits(
  document: DocumentStore,
  ids: readonly ElementId[],
  axis: "x" | "y",
): readonly Edit[] {
  const low = axis === "x" ? "minX" : "minY";
  const high = axis === "x" ? "maxX" : "maxY";
  const boxes = ids
    .flatMap((id) => {
      const item = document.item(id);
      return item ? [{ id, box: frameOf(item) }] : [];
    })
    .sort((a, b) => a.box[low] - b.box[low]);
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!first || !last || boxes.length < 3) return [];
  const taken = boxes.reduce((sum, { box }) => sum + box[high] - box[low], 0);
  const gap = (last.box[high] - first.box[low] - taken) / (boxes.length - 1);
  let at = first.box[low];
  return boxes.flatMap(({ id, box }) => {
    const by = at - box[low];
    at += box[high] - box[low] + gap;
    if (Math.abs(by) < 0.05) return [];
    return moveEdits(document, [id], axis === "x" ? { x: by, y: 0 } : { x: 0, y: by });
  });
}

/** Locks, unlocks, hides or shows; an empty state is taken away. */
export function stateEdits(
  document: DocumentStore,
  ids: Iterable<ElementId>,
  change: { readonly locked?: boolean; readonly hidden?: boolean },
): readonly Edit[] {
  const seen = new Set<ElementId>();
  for (const id of ids) seen.add(ownerIdOf(id));
  return [...seen].flatMap((id) => {
    const element: PlanElement | undefined = document.get(id);
    if (element === undefined) return [];
    const locked = change.locked ?? element.state?.locked ?? false;
    const hidden = change.hidden ?? element.state?.hidden ?? false;
    const value = locked || hidden ? { locked, hidden } : null;
    if (value === null && element.state === undefined) return [];
    return [setGroup(id, "state", value)];
  });
}
