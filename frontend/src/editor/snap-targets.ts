/** What a coordinate may line up with: sides, middles, corners, walls and grids. */
import type { Box } from "../base/box";
import { sides } from "../base/polygon";
import { segments } from "../base/polyline";
import { distance, middle, nearestOnSegment, type Vec2 } from "../base/vec2";
import type { Item } from "../model/item";
import type { Guide } from "./preview";
import type { Candidate } from "./snapping";

type Axis = "x" | "y";

/** Classes of targets; the lowest within reach wins. */
export const RANK = { edge: 1, centre: 2, gap: 2, tile: 3, grid: 4 } as const;

const min = (box: Box, axis: Axis): number => (axis === "x" ? box.minX : box.minY);
const max = (box: Box, axis: Axis): number => (axis === "x" ? box.maxX : box.maxY);
const mid = (box: Box, axis: Axis): number => (min(box, axis) + max(box, axis)) / 2;
const other = (axis: Axis): Axis => (axis === "x" ? "y" : "x");

/** A point by its coordinate on an axis and the one across. */
const onAxis = (axis: Axis, along: number, across: number): Vec2 =>
  axis === "x" ? { x: along, y: across } : { x: across, y: along };

/** Sides to sides and middle to middle of everything near, and the sides of outlines. */
export function* edgeCandidates(
  axis: Axis,
  box: Box,
  targets: readonly Item[],
  near: number,
): Generator<Candidate> {
  const isPoint = min(box, axis) === max(box, axis);
  const own = isPoint ? [min(box, axis)] : [min(box, axis), max(box, axis)];
  for (const item of targets) {
    if (item.rect === null) {
      yield* wallCandidates(axis, own, item, near);
      continue;
    }
    for (const place of [min(item.box, axis), max(item.box, axis)]) {
      for (const side of own) {
        const by = place - side;
        if (Math.abs(by) > near) continue;
        yield {
          by,
          rank: RANK.edge,
          key: `edge:${item.id}:${place}:${side === own[0] ? "low" : "high"}`,
          reason: `edge of ${nameOf(item)}`,
          kind: "align",
          guides: (after) => [alignGuide(axis, place, after, item.box, `edge of ${nameOf(item)}`)],
        };
      }
    }
    const by = mid(item.box, axis) - mid(box, axis);
    if (isPoint || Math.abs(by) > near) continue;
    yield {
      by,
      rank: RANK.centre,
      key: `centre:${item.id}`,
      reason: `centre of ${nameOf(item)}`,
      kind: "align",
      guides: (after) => [
        alignGuide(axis, mid(item.box, axis), after, item.box, `centre of ${nameOf(item)}`),
      ],
    };
  }
}

function* wallCandidates(
  axis: Axis,
  own: readonly number[],
  item: Item,
  near: number,
): Generator<Candidate> {
  for (const [a, b] of item.path ? segments(item.path) : sides(item.ring)) {
    const place = axis === "x" ? a.x : a.y;
    if (place !== (axis === "x" ? b.x : b.y)) continue;
    for (const side of own) {
      const by = place - side;
      if (Math.abs(by) > near) continue;
      const word = item.kind === "hall" ? "wall of" : item.path ? "in line with" : "edge of";
      const reason = `${word} ${nameOf(item)}`;
      yield {
        by,
        rank: RANK.edge,
        key: `wall:${item.id}:${place}:${side === own[0] ? "low" : "high"}`,
        reason,
        kind: "align",
        guides: (after) => [alignGuide(axis, place, after, after, reason)],
      };
    }
  }
}

function alignGuide(axis: Axis, place: number, after: Box, target: Box, label: string): Guide {
  const across = other(axis);
  const from = Math.min(min(after, across), min(target, across));
  const to = Math.max(max(after, across), max(target, across));
  return { kind: "align", from: onAxis(axis, place, from), to: onAxis(axis, place, to), label };
}

/** In line with a point of what is being drawn. */
export function* lineCandidates(
  axis: Axis,
  place: Vec2,
  box: Box,
  near: number,
): Generator<Candidate> {
  const by = place[axis] - min(box, axis);
  if (Math.abs(by) > near) return;
  const label = "in line with a corner";
  yield {
    by,
    rank: RANK.edge,
    key: `line:${place[axis]}`,
    reason: label,
    kind: "align",
    guides: (after) => {
      const to = onAxis(axis, place[axis], min(after, other(axis)));
      return [{ kind: "align", from: place, to, label }];
    },
  };
}

/** The nearest line of each grid. */
export function* gridCandidates(
  axis: Axis,
  anchor: Vec2,
  grids: readonly { kind: "grid" | "tile"; origin: Vec2; pitch: number }[],
  near: number,
): Generator<Candidate> {
  for (const { kind, origin, pitch } of grids) {
    const start = origin[axis];
    const line = start + Math.round((anchor[axis] - start) / pitch) * pitch;
    const by = line - anchor[axis];
    if (Math.abs(by) > near) continue;
    const reason = kind === "tile" ? "tile" : `grid ${pitch} mm`;
    yield { by, rank: RANK[kind], key: `${kind}:${line}`, reason, kind, guides: () => [] };
  }
}

/** Places that fix both coordinates: corners, middles of sides, middles, sides. */
export function pointCandidates(
  at: Vec2,
  targets: readonly Item[],
  near: number,
): readonly { place: Vec2; rank: number; reason: string }[] {
  const found: { place: Vec2; rank: number; reason: string }[] = [];
  const offer = (place: Vec2, rank: number, reason: string): void => {
    if (distance(place, at) <= near) found.push({ place, rank, reason });
  };
  for (const item of targets) {
    const name = nameOf(item);
    if (item.path !== null) {
      item.path.forEach((point, index) => {
        const isEnd = index === 0 || index + 1 === item.path?.length;
        offer(point, isEnd ? 0 : 1, `${isEnd ? "end" : "corner"} of ${name}`);
      });
      for (const [a, b] of segments(item.path)) {
        offer(middle(a, b), 2, `middle of ${name}`);
        offer(nearestOnSegment(at, a, b), 3, `on ${name}`);
      }
      continue;
    }
    for (const corner of item.ring) offer(corner, 0, `corner of ${name}`);
    for (const [a, b] of sides(item.ring)) {
      offer(middle(a, b), 1, `middle of a side of ${name}`);
      offer(nearestOnSegment(at, a, b), 3, `edge of ${name}`);
    }
    const [a, , c] = item.rect ? item.ring : [];
    if (a && c) offer(middle(a, c), 1, `centre of ${name}`);
  }
  return found;
}

export const nameOf = (item: Item): string => item.tag || item.kind.replaceAll("_", " ");
