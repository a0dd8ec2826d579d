/** What runs along a line: its points, and the width that it takes on the plan. */
import { pathLength } from "../base/polyline";
import type { Vec2 } from "../base/vec2";
import type { Path, Placement, PlanElement } from "./element";

/** From the middle of a run to each of its two pipes, where nothing says how wide they are. */
const APART_MM = 75;
/** Insulation and brackets beside a pipe, as a share of how far it is from the middle. */
const BESIDE = 0.6;

export const pathPoints = ({ points_mm }: Path): readonly Vec2[] =>
  points_mm.map(([x, y]) => ({ x, y }));

/** From the middle of a run to the middle of its supply, and as far to that of its return. */
export const pipeOffsetMm = (element: PlanElement): number =>
  Math.max(APART_MM, (element.pipe?.bore_mm ?? 0) * 0.75);

/** Half of what a run takes on the plan; 0 for a line. */
export function halfWidthMm(element: PlanElement): number {
  if (element.tray) return element.tray.width_mm / 2;
  return element.pipe ? pipeOffsetMm(element) * (1 + BESIDE) : 0;
}

export const runLengthMm = (element: PlanElement): number =>
  element.path ? pathLength(pathPoints(element.path)) : 0;

/** By what an element is held when it is moved: its placement, or the first point of its line. */
export function heldAt(element: PlanElement): Placement | undefined {
  const [first] = element.path?.points_mm ?? [];
  return first ? { x_mm: first[0], y_mm: first[1], rotation_deg: 0 } : element.placement;
}
