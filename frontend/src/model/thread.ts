/** Comments as the server gives them, and where they stand in the document on screen. */
import type { Vec2 } from "../base/vec2";
import { add, distance, nearestOnSegment, rotate } from "../base/vec2";
import type { ElementId, PlanElement } from "./element";

/** What a comment is pinned to; `type` says which of the others are there. */
export interface Anchor {
  readonly type: "element" | "run" | "area" | "finding" | "change" | "result" | "point";
  readonly id?: ElementId;
  readonly dx_mm?: number;
  readonly dy_mm?: number;
  /** Share of the way along a run. */
  readonly t?: number;
  readonly points_mm?: readonly (readonly [number, number])[];
  readonly element_ids?: readonly ElementId[];
  /** An area is drawn as a revision cloud. */
  readonly cloud?: boolean;
  readonly finding_id?: string;
  readonly rule?: string;
  /** Where a figure stands in a result. */
  readonly path?: string;
  /** What a figure is called where it was read. */
  readonly label?: string;
}

/** A figure of a result: where it stands, what it is called, and what it is of. */
export interface FigureAt {
  readonly path: string;
  readonly label: string;
  /** Nothing where it is of the whole design. */
  readonly ids: readonly ElementId[];
}

export interface ThreadComment {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly at: string;
}

export interface Thread {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly state: "open" | "resolved";
  readonly anchor: Anchor;
  /** Where it stands in the newest revision, as the server knows it. */
  readonly x_mm: number;
  readonly y_mm: number;
  /** What it was pinned to is gone. */
  readonly is_lost: boolean;
  /** What it is pinned to, in words. */
  readonly where: string;
  readonly author: string;
  readonly assignee: string | null;
  readonly due_on: string | null;
  readonly comments: readonly ThreadComment[];
}

/** A comment to open. */
export interface NewThread {
  readonly anchor: Anchor;
  readonly text: string;
  readonly x_mm: number;
  readonly y_mm: number;
  readonly assignee: string | null;
  readonly due_on: string | null;
}

/** What of a comment is to be settled; what is left out stays, null takes it away. */
export interface Settled {
  readonly state?: Thread["state"];
  /** Id of a person. */
  readonly assignee?: string | null;
  readonly due_on?: string | null;
}

/** Somebody who can be asked. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** Whether a comment is about a figure. */
export function isAbout({ anchor }: Thread, { path, ids }: FigureAt): boolean {
  if (anchor.type !== "result" || anchor.path !== path) return false;
  const of = anchor.element_ids ?? [];
  return of.length === ids.length && of.every((id) => ids.includes(id));
}

type Lookup = (id: ElementId) => PlanElement | undefined;

/** A member of a module stands with its module. */
export const ownerOf = (id: ElementId): ElementId => id.split("/", 1)[0] ?? id;

/** Where a comment stands now: on its element wherever that is, else where the server has it. */
export function placeOf(thread: Thread, element: Lookup): Vec2 {
  const { anchor } = thread;
  const fallback = { x: thread.x_mm, y: thread.y_mm };
  const on = anchor.id === undefined ? undefined : element(ownerOf(anchor.id));
  switch (anchor.type) {
    case "element":
      return on === undefined ? fallback : (offset(on, anchor) ?? fallback);
    case "run":
      return on === undefined ? fallback : (along(on, anchor.t ?? 0) ?? fallback);
    case "finding":
    case "change":
    case "result": {
      const found = (anchor.element_ids ?? []).flatMap((id) => element(ownerOf(id)) ?? []);
      for (const each of found) {
        const place = originOf(each);
        if (place !== null) return place;
      }
      return fallback;
    }
    default:
      return fallback;
  }
}

/** The point of an element that moves with it; null for what has no place. */
function originOf(element: PlanElement): Vec2 | null {
  if (element.placement) return { x: element.placement.x_mm, y: element.placement.y_mm };
  const [corner] = element.outline?.points_mm ?? element.path?.points_mm ?? [];
  if (corner) return { x: corner[0], y: corner[1] };
  if (element.line) return { x: element.line.from_x_mm, y: element.line.from_y_mm };
  return null;
}

/** In the axes of the element, so that it turns along. */
function offset(element: PlanElement, { dx_mm = 0, dy_mm = 0 }: Anchor): Vec2 | null {
  const origin = originOf(element);
  if (origin === null) return null;
  return add(origin, rotate({ x: dx_mm, y: dy_mm }, element.placement?.rotation_deg ?? 0));
}

/** The share of the way along a dimension, pipe, tray or feeder that is nearest to a point. */
export function shareAlong(element: PlanElement, at: Vec2): number | null {
  if (!element.line && !element.path) return null;
  const steps = stepsOf(element);
  const whole = steps.reduce((sum, { start, end }) => sum + distance(start, end), 0);
  if (whole === 0) return null;
  let best = { gap: Infinity, way: 0 };
  let before = 0;
  for (const { start, end } of steps) {
    const near = nearestOnSegment(at, start, end);
    const gap = distance(at, near);
    if (gap < best.gap) best = { gap, way: before + distance(start, near) };
    before += distance(start, end);
  }
  return best.way / whole;
}

interface Step {
  readonly start: Vec2;
  readonly end: Vec2;
}

/** The straight pieces of a line, of a path, or of a closed outline. */
function stepsOf({ line, outline, path }: PlanElement): readonly Step[] {
  const points: Vec2[] = line
    ? [
        { x: line.from_x_mm, y: line.from_y_mm },
        { x: line.to_x_mm, y: line.to_y_mm },
      ]
    : (outline?.points_mm ?? path?.points_mm ?? []).map(([x, y]) => ({ x, y }));
  const [first] = points;
  if (first === undefined) return [];
  if (outline) points.push(first);
  return points.slice(1).map((end, index) => ({ start: points[index] ?? first, end }));
}

/** A share of the way along a line or path, around an outline, or along a piece with a length. */
function along(element: PlanElement, t: number): Vec2 | null {
  const { size } = element;
  const steps = stepsOf(element);
  if (steps.length === 0) {
    return offset(element, {
      type: "run",
      dx_mm: (size?.width_mm ?? 0) * t,
      dy_mm: (size?.depth_mm ?? 0) / 2,
    });
  }
  let left = t * steps.reduce((sum, { start, end }) => sum + distance(start, end), 0);
  for (const { start, end } of steps) {
    const length = distance(start, end);
    if (length > 0 && left <= length) {
      const share = left / length;
      return { x: start.x + share * (end.x - start.x), y: start.y + share * (end.y - start.y) };
    }
    left -= length;
  }
  return steps.at(-1)?.end ?? null;
}
