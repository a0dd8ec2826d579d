/** A point or a vector in the plane. Values, never changed in place. */
export interface Vec2 {
  readonly x: number;
  readonly y: number;
}

export const ORIGIN: Vec2 = { x: 0, y: 0 };

export const add = (a: Vec2, b: Vec2): Vec2 => ({ x: a.x + b.x, y: a.y + b.y });
export const subtract = (a: Vec2, b: Vec2): Vec2 => ({ x: a.x - b.x, y: a.y - b.y });
export const scale = (a: Vec2, by: number): Vec2 => ({ x: a.x * by, y: a.y * by });
export const dot = (a: Vec2, b: Vec2): number => a.x * b.x + a.y * b.y;
export const cross = (a: Vec2, b: Vec2): number => a.x * b.y - a.y * b.x;
export const length = (a: Vec2): number => Math.hypot(a.x, a.y);
export const distance = (a: Vec2, b: Vec2): number => Math.hypot(a.x - b.x, a.y - b.y);
export const middle = (a: Vec2, b: Vec2): Vec2 => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/** Cosine and sine of degrees, exact at every quarter turn. */
export function direction(degrees: number): Vec2 {
  const turn = ((degrees % 360) + 360) % 360;
  switch (turn) {
    case 0:
      return { x: 1, y: 0 };
    case 90:
      return { x: 0, y: 1 };
    case 180:
      return { x: -1, y: 0 };
    case 270:
      return { x: 0, y: -1 };
    default: {
      const radians = (turn * Math.PI) / 180;
      return { x: Math.cos(radians), y: Math.sin(radians) };
    }
  }
}

/** `a` turned counter-clockwise about the origin. */
export function rotate(a: Vec2, degrees: number): Vec2 {
  const { x: cos, y: sin } = direction(degrees);
  return { x: a.x * cos - a.y * sin, y: a.x * sin + a.y * cos };
}

/** `a` turned counter-clockwise about `centre`. */
export function rotateAbout(a: Vec2, degrees: number, centre: Vec2): Vec2 {
  return add(rotate(subtract(a, centre), degrees), centre);
}

/** Direction of a vector in degrees, 0 along +x, in [0, 360). */
export function angleOf(a: Vec2): number {
  const degrees = (Math.atan2(a.y, a.x) * 180) / Math.PI;
  return degrees < 0 ? degrees + 360 : degrees;
}

/** The point of the segment `a`-`b` nearest to `p`. */
export function nearestOnSegment(p: Vec2, a: Vec2, b: Vec2): Vec2 {
  const along = subtract(b, a);
  const squared = dot(along, along);
  if (squared === 0) return a;
  const t = Math.max(0, Math.min(1, dot(subtract(p, a), along) / squared));
  return add(a, scale(along, t));
}
