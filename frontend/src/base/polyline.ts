/** Open lines through points: how long they are, what is near them, the band that they take. */
import { add, distance, dot, length, nearestOnSegment, scale, subtract, type Vec2 } from "./vec2";

/** The parts of a line from point to point. */
export function* segments(points: readonly Vec2[]): Generator<readonly [Vec2, Vec2]> {
  let from: Vec2 | undefined;
  for (const to of points) {
    if (from !== undefined) yield [from, to];
    from = to;
  }
}

export function pathLength(points: readonly Vec2[]): number {
  let total = 0;
  for (const [from, to] of segments(points)) total += distance(from, to);
  return total;
}

/** Distance from `p` to the nearest point of the line. */
export function distanceToPath(p: Vec2, points: readonly Vec2[]): number {
  let least = Infinity;
  for (const [a, b] of segments(points)) {
    least = Math.min(least, distance(p, nearestOnSegment(p, a, b)));
  }
  return least;
}

/** Beyond this cosine of the turn a mitre would reach too far: the corner is cut. */
const SHARPEST = -0.7;

/** The line moved sideways, to the left of its own direction for positive `by`. */
export function beside(points: readonly Vec2[], by: number): readonly Vec2[] {
  const normals = [...segments(points)].map(([a, b]) => {
    const along = subtract(b, a);
    const reach = length(along) || 1;
    return { x: -along.y / reach, y: along.x / reach };
  });
  return points.flatMap((point, index) => {
    const before = normals[index - 1] ?? normals[index];
    const after = normals[index] ?? before;
    if (before === undefined || after === undefined) return [point];
    const turn = dot(before, after);
    if (turn < SHARPEST) return [add(point, scale(before, by)), add(point, scale(after, by))];
    return [add(point, scale(add(before, after), by / (1 + turn)))];
  });
}

/** The ring around everything within `half` of the line; of width 0 the line there and back. */
export function bandAround(points: readonly Vec2[], half: number): readonly Vec2[] {
  return [...beside(points, half), ...[...beside(points, -half)].reverse()];
}

/** Points closer than this are one: lengths are kept to 0.1 mm. */
const SAME_MM = 0.05;

/** The line without points that repeat the one before, or lie straight between their neighbours. */
export function straightened(points: readonly Vec2[]): readonly Vec2[] {
  const kept: Vec2[] = [];
  for (const point of points) {
    const last = kept.at(-1);
    if (last !== undefined && distance(last, point) < SAME_MM) continue;
    const former = kept.at(-2);
    if (
      former !== undefined &&
      last !== undefined &&
      dot(subtract(last, former), subtract(point, last)) > 0 &&
      distance(last, nearestOnSegment(last, former, point)) < SAME_MM
    )
      kept.pop();
    kept.push(point);
  }
  return kept;
}
