/**
 * Equal gaps. Only the nearest neighbours in the row (or column) that the box
 * stands in are looked at: comparing all pairs would take 100 times as long.
 */
import type { Box } from "../base/box";
import type { Vec2 } from "../base/vec2";
import type { Item } from "../model/item";
import type { Guide } from "./preview";
import { RANK } from "./snap-targets";
import type { Candidate } from "./snapping";

type Axis = "x" | "y";

interface Span {
  readonly from: number;
  readonly to: number;
  /** Middle across, where the gap is drawn. */
  readonly at: number;
}

/** Gaps this many neighbours away still count. */
const REACH = 4;
/** Narrower gaps are joints. */
const LEAST_GAP_MM = 1;

/** Kinds between which gaps matter. */
const isSolid = (item: Item): boolean =>
  item.rect !== null &&
  item.kind !== "busway" &&
  item.kind !== "containment" &&
  item.kind !== "door";

/** Places at which the box has the same gap to its neighbours as they have to theirs. */
export function gapCandidates(
  axis: Axis,
  box: Box,
  targets: readonly Item[],
  near: number,
): readonly Candidate[] {
  const own = spanOf(axis, box);
  if (own.to - own.from <= 0) return [];
  const band = targets
    .filter((item) => isSolid(item) && overlapsAcross(axis, item.box, box))
    // Members stand for their module.
    .filter((item) => item.moduleId === null)
    .map((item) => spanOf(axis, item.box))
    .sort((a, b) => a.from - b.from);
  const left = band.filter((span) => span.to <= own.from + near).slice(-REACH);
  const right = band.filter((span) => span.from >= own.to - near).slice(0, REACH);
  return [
    ...after(axis, own, left, near),
    ...before(axis, own, right, near),
    ...between(axis, own, left.at(-1), right[0], near),
  ];
}

/** To the right of a neighbour, with the gap that is between it and the ones before it. */
function* after(axis: Axis, own: Span, row: readonly Span[], near: number): Generator<Candidate> {
  const last = row.at(-1);
  if (last === undefined) return;
  for (const { gap, pairs } of gapsIn(row)) {
    const by = last.to + gap - own.from;
    if (Math.abs(by) > near) continue;
    yield candidate(axis, by, gap, [...pairs, [last.to, last.to + gap, last.at]], "after");
  }
}

/** To the left of a neighbour, in the same way. */
function* before(axis: Axis, own: Span, row: readonly Span[], near: number): Generator<Candidate> {
  const first = row[0];
  if (first === undefined) return;
  for (const { gap, pairs } of gapsIn(row)) {
    const by = first.from - gap - own.to;
    if (Math.abs(by) > near) continue;
    yield candidate(axis, by, gap, [...pairs, [first.from - gap, first.from, first.at]], "before");
  }
}

/** In the middle between two neighbours. */
function* between(
  axis: Axis,
  own: Span,
  left: Span | undefined,
  right: Span | undefined,
  near: number,
): Generator<Candidate> {
  if (left === undefined || right === undefined) return;
  const gap = (right.from - left.to - (own.to - own.from)) / 2;
  if (gap < LEAST_GAP_MM) return;
  const by = left.to + gap - own.from;
  if (Math.abs(by) > near) return;
  const places: Place[] = [
    [left.to, left.to + gap, left.at],
    [right.from - gap, right.from, right.at],
  ];
  yield candidate(axis, by, gap, places, "between");
}

type Place = readonly [from: number, to: number, at: number];

/** The different gaps in a row, each with the places where it is. */
function gapsIn(row: readonly Span[]): readonly { gap: number; pairs: readonly Place[] }[] {
  const gaps: { gap: number; pairs: Place[] }[] = [];
  row.forEach((span, i) => {
    const next = row[i + 1];
    if (next === undefined) return;
    const gap = next.from - span.to;
    if (gap < LEAST_GAP_MM) return;
    const pair: Place = [span.to, next.from, (span.at + next.at) / 2];
    const known = gaps.find((one) => Math.abs(one.gap - gap) < 0.1);
    if (known) known.pairs.push(pair);
    else gaps.push({ gap, pairs: [pair] });
  });
  return gaps;
}

function candidate(
  axis: Axis,
  by: number,
  gap: number,
  places: readonly Place[],
  side: string,
): Candidate {
  const reason = `${round(gap)} mm gap ×${places.length}`;
  const point = (along: number, across: number): Vec2 =>
    axis === "x" ? { x: along, y: across } : { x: across, y: along };
  const guides: readonly Guide[] = places.map(([from, to, at]) => ({
    kind: "gap",
    from: point(from, at),
    to: point(to, at),
    label: `${round(gap)} mm`,
  }));
  return {
    by,
    rank: RANK.gap,
    key: `gap:${side}:${round(gap)}`,
    reason,
    kind: "gap",
    guides: () => guides,
  };
}

const round = (mm: number): number => Math.round(mm * 10) / 10;

const spanOf = (axis: Axis, box: Box): Span =>
  axis === "x"
    ? { from: box.minX, to: box.maxX, at: (box.minY + box.maxY) / 2 }
    : { from: box.minY, to: box.maxY, at: (box.minX + box.maxX) / 2 };

const overlapsAcross = (axis: Axis, a: Box, b: Box): boolean =>
  axis === "x" ? a.minY < b.maxY && b.minY < a.maxY : a.minX < b.maxX && b.minX < a.maxX;
