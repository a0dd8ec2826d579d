/** Lines as text: `0,0; 6000,0; @0,3000`, for the inspector and for tables. */
import { distance, type Vec2 } from "../base/vec2";
import type { Path, Point } from "../model/element";
import { quantiseLength } from "../model/quantise";
import { parseEntry, resolvePoint, type Parsed } from "./entry";
import type { UnitSystem } from "./settings";

export const MOST_POINTS = 500;

export const pointsText = ({ points_mm }: Path): string =>
  points_mm.map(([x, y]) => `${String(x)},${String(y)}`).join("; ");

/** The points of a typed line; `@dx,dy` and `length<angle` go on from the point before. */
export function parsePoints(text: string, units: UnitSystem): Parsed<readonly Point[]> {
  const points: Vec2[] = [];
  for (const part of text.split(";")) {
    if (part.trim() === "") continue;
    const entry = parseEntry(part, "length", units);
    if (!entry.ok) return entry;
    const last = points.at(-1) ?? null;
    const point =
      entry.value.kind === "value"
        ? ({ ok: false, error: "Type points, such as 0,0; 6000,0; @0,3000." } as const)
        : resolvePoint(entry.value, last, { x: 0, y: 0 });
    if (!point.ok) return point;
    const at = { x: quantiseLength(point.value.x), y: quantiseLength(point.value.y) };
    if (last === null || distance(last, at) > 0) points.push(at);
  }
  if (points.length < 2) return { ok: false, error: "A line needs at least two points." };
  if (points.length > MOST_POINTS) {
    return { ok: false, error: `A line has at most ${MOST_POINTS} points.` };
  }
  return { ok: true, value: points.map(({ x, y }): Point => [x, y]) };
}
