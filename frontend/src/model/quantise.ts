/**
 * Numbers are put on a grid on entry, rounded half up, so that equal means
 * equal on every machine: lengths 0.1 mm, angles 0.001 degrees in [0, 360),
 * others six decimals (three from 1e9 on, where doubles hold no more).
 */
export function quantiseLength(mm: number): number {
  return Math.floor(mm * 10 + 0.5) / 10;
}

export function quantiseAngle(degrees: number): number {
  const turn = 360_000;
  const thousandths = Math.floor(degrees * 1000 + 0.5) % turn;
  return (thousandths < 0 ? thousandths + turn : thousandths) / 1000;
}

export function quantiseNumber(value: number): number {
  const steps = Math.abs(value) < 1e9 ? 1_000_000 : 1_000;
  return Math.floor(value * steps + 0.5) / steps;
}

/** A copy of `value` with every number on the grid that its name asks for. */
export function quantised<T>(value: T): T {
  return walk(value, "") as T;
}

function walk(value: unknown, name: string): unknown {
  if (typeof value === "number") {
    if (name.endsWith("_mm")) return quantiseLength(value);
    if (name.endsWith("_deg")) return quantiseAngle(value);
    return quantiseNumber(value);
  }
  // Lists inherit the name: `points_mm` holds pairs of lengths.
  if (Array.isArray(value)) return value.map((item) => walk(item, name));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, key)]));
  }
  return value;
}
