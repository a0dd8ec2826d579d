/** How large a hall, area or keep-out is, and the outline that has another size. */
import { boxAround } from "../../base/box";
import { areaOf } from "../../base/polygon";
import type { PlanElement } from "../../model/element";

type Points = readonly (readonly [number, number])[];

export interface OutlineSize {
  /** Over all, along the axes of the plan. */
  readonly width_mm: number;
  readonly depth_mm: number;
  readonly area_m2: number;
  readonly isRectangle: boolean;
}

const vec = ([x, y]: readonly [number, number]): { x: number; y: number } => ({ x, y });
const tenth = (value: number): number => Math.round(value * 10) / 10;

/** The size of an element's outline; null for what has none. */
export function outlineSize(element: PlanElement): OutlineSize | null {
  const ring = element.outline?.points_mm.map(vec) ?? [];
  const box = boxAround(ring);
  if (box === null) return null;
  const width = box.maxX - box.minX;
  const depth = box.maxY - box.minY;
  const area = Math.abs(areaOf(ring));
  return {
    width_mm: width,
    depth_mm: depth,
    area_m2: area / 1e6,
    isRectangle: Math.abs(area - width * depth) < 1,
  };
}

/** The outline pulled to a new width and depth; its lower left corner stays. */
export function resized(points: Points, width_mm: number, depth_mm: number): Points {
  const box = boxAround(points.map(vec));
  if (box === null) return points;
  const across = width_mm / (box.maxX - box.minX);
  const along = depth_mm / (box.maxY - box.minY);
  return points.map(([x, y]) => [
    tenth(box.minX + (x - box.minX) * across),
    tenth(box.minY + (y - box.minY) * along),
  ]);
}
