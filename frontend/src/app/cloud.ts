/** Outlines of comments as paths of SVG: a plain line, or a revision cloud. */
import { areaOf } from "../base/polygon";
import { distance, type Vec2 } from "../base/vec2";

const ARC_PX = 14;
const MOST_ARCS = 80;

/** A closed line around some corners. [px] */
export function outlinePath(corners: readonly Vec2[]): string {
  return `M${corners.map(({ x, y }) => `${rounded(x)} ${rounded(y)}`).join("L")}Z`;
}

/** Arcs that bulge outwards, whichever way the corners go around. [px] */
export function cloudPath(corners: readonly Vec2[]): string {
  const [first] = corners;
  if (first === undefined) return "";
  const sweep = areaOf(corners) > 0 ? "1" : "0";
  const arcs = corners.flatMap((start, index) => {
    const end = corners[(index + 1) % corners.length] ?? first;
    const length = distance(start, end);
    const count = Math.min(MOST_ARCS, Math.max(1, Math.round(length / ARC_PX)));
    const radius = rounded((length / count) * 0.6);
    return Array.from({ length: count }, (_, at) => {
      const share = (at + 1) / count;
      const x = rounded(start.x + (end.x - start.x) * share);
      const y = rounded(start.y + (end.y - start.y) * share);
      return `A${radius} ${radius} 0 0 ${sweep} ${x} ${y}`;
    });
  });
  return `M${rounded(first.x)} ${rounded(first.y)}${arcs.join("")}Z`;
}

const rounded = (value: number): string => String(Math.round(value * 10) / 10);
