import { add, direction, type Vec2 } from "./vec2";

/** A rectangle with its front-left corner at `origin`, turned counter-clockwise. */
export interface OrientedBox {
  readonly origin: Vec2;
  readonly width: number;
  readonly depth: number;
  readonly rotationDeg: number;
}

/** Corners counter-clockwise from the origin: front-left, front-right, back-right, back-left. */
export function cornersOf(box: OrientedBox): readonly [Vec2, Vec2, Vec2, Vec2] {
  const { x: cos, y: sin } = direction(box.rotationDeg);
  const across = { x: box.width * cos, y: box.width * sin };
  const back = { x: -box.depth * sin, y: box.depth * cos };
  const right = add(box.origin, across);
  return [box.origin, right, add(right, back), add(box.origin, back)];
}

/**
 * How deep two convex rings overlap: the least shift that would part them, by
 * separating axes. Zero or less when they only touch or stand apart.
 */
export function overlapDepth(a: readonly Vec2[], b: readonly Vec2[]): number {
  let least = Infinity;
  for (const ring of [a, b]) {
    for (let i = 0; i < ring.length; i += 1) {
      const from = ring[i] as Vec2;
      const to = ring[(i + 1) % ring.length] as Vec2;
      const side = Math.hypot(to.x - from.x, to.y - from.y);
      if (side === 0) continue;
      const nx = (to.y - from.y) / side;
      const ny = (from.x - to.x) / side;
      const [minA, maxA] = extent(a, nx, ny);
      const [minB, maxB] = extent(b, nx, ny);
      least = Math.min(least, maxA - minB, maxB - minA);
      if (least <= 0) return least;
    }
  }
  return least;
}

/** Overlaps under this depth are touching, not overlapping: lengths are kept to 0.1 mm. */
export const TOUCH_MM = 0.05;

export const overlaps = (a: readonly Vec2[], b: readonly Vec2[]): boolean =>
  overlapDepth(a, b) > TOUCH_MM;

function extent(ring: readonly Vec2[], nx: number, ny: number): readonly [number, number] {
  let min = Infinity;
  let max = -Infinity;
  for (const { x, y } of ring) {
    const at = x * nx + y * ny;
    if (at < min) min = at;
    if (at > max) max = at;
  }
  return [min, max];
}
