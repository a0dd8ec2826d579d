import type { Box } from "./box";
import { cross, nearestOnSegment, distance, subtract, type Vec2 } from "./vec2";

/** Sides of a closed ring, the last one back to the start. */
export function* sides(ring: readonly Vec2[]): Generator<readonly [Vec2, Vec2]> {
  let from = ring.at(-1);
  for (const to of ring) {
    if (from !== undefined) yield [from, to];
    from = to;
  }
}

/** Whether `p` lies in the ring, by counting crossings; a point on a side may fall either way. */
export function inside(p: Vec2, ring: readonly Vec2[]): boolean {
  let within = false;
  for (const [a, b] of sides(ring)) {
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) {
      within = !within;
    }
  }
  return within;
}

/** Distance from `p` to the nearest side. */
export function distanceToRing(p: Vec2, ring: readonly Vec2[]): number {
  let least = Infinity;
  for (const [a, b] of sides(ring)) least = Math.min(least, distance(p, nearestOnSegment(p, a, b)));
  return least;
}

function segmentsCross(a: Vec2, b: Vec2, c: Vec2, d: Vec2): boolean {
  const ab = subtract(b, a);
  const cd = subtract(d, c);
  const s = cross(ab, subtract(c, a)) * cross(ab, subtract(d, a));
  const t = cross(cd, subtract(a, c)) * cross(cd, subtract(b, c));
  return s <= 0 && t <= 0 && (s < 0 || t < 0);
}

/** Whether the ring has any point in common with the box. */
export function ringTouchesBox(ring: readonly Vec2[], box: Box): boolean {
  for (const { x, y } of ring) {
    if (x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY) return true;
  }
  const corners = boxCorners(box);
  if (corners.some((corner) => inside(corner, ring))) return true;
  for (const [a, b] of sides(ring)) {
    for (const [c, d] of sides(corners)) if (segmentsCross(a, b, c, d)) return true;
  }
  return false;
}

/** Whether a path of points meets a side of the ring. */
export function pathCrosses(path: readonly Vec2[], ring: readonly Vec2[]): boolean {
  return path.some((from, i) => {
    const to = path[i + 1];
    if (to === undefined) return false;
    for (const [a, b] of sides(ring)) if (segmentsCross(from, to, a, b)) return true;
    return false;
  });
}

/** Whether a path of points has any point in common with the ring. */
export const pathTouchesRing = (path: readonly Vec2[], ring: readonly Vec2[]): boolean =>
  path.some((point) => inside(point, ring)) || pathCrosses(path, ring);

/** Whether two rings have any point in common. */
export function ringsTouch(one: readonly Vec2[], other: readonly Vec2[]): boolean {
  return pathTouchesRing(closed(one), other) || other.some((point) => inside(point, one));
}

/** Whether all of `inner` lies in `outer`. */
export const ringHolds = (outer: readonly Vec2[], inner: readonly Vec2[]): boolean =>
  inner.every((point) => inside(point, outer)) && !pathCrosses(closed(inner), outer);

/** The corners of a ring as a path that comes back to its start. */
export const closed = (ring: readonly Vec2[]): readonly Vec2[] => [...ring, ...ring.slice(0, 1)];

/** Whether no two sides that are not neighbours cross, and the ring has an area. */
export function isSimple(ring: readonly Vec2[]): boolean {
  const all = [...sides(ring)];
  if (all.length < 3 || Math.abs(areaOf(ring)) < 1e-6) return false;
  for (let i = 0; i < all.length; i += 1) {
    for (let j = i + 2; j < all.length; j += 1) {
      if (i === 0 && j === all.length - 1) continue;
      const [a, b] = all[i] as readonly [Vec2, Vec2];
      const [c, d] = all[j] as readonly [Vec2, Vec2];
      if (segmentsCross(a, b, c, d)) return false;
    }
  }
  return true;
}

/** Signed area: positive when the ring runs counter-clockwise. */
export function areaOf(ring: readonly Vec2[]): number {
  let twice = 0;
  for (const [a, b] of sides(ring)) twice += cross(a, b);
  return twice / 2;
}

export const boxCorners = (box: Box): readonly Vec2[] => [
  { x: box.minX, y: box.minY },
  { x: box.maxX, y: box.minY },
  { x: box.maxX, y: box.maxY },
  { x: box.minX, y: box.maxY },
];
