/** The pipes and trays that a module lays along its rows. */
import { direction } from "../base/vec2";
import type { ModuleRacks, Point } from "./element";
import type { Leads, Part, Row, Spot } from "./module-row";
import type { Dimensions } from "./products";

/** Pipes run clear of the racks' rear doors, trays over the front of the racks. */
const PIPE_BEHIND_MM = 150;
const TRAY_BEHIND_MM = 200;
const TRAY = { width_mm: 600, depth_mm: 100 } as const;

const RUN = {
  spot: null,
  width: 0,
  isFed: false,
  isOnLoop: false,
  side: null,
} as const;

/**
 * Along the rear of each row, from the cooling units that stand in it or from the first one; a
 * header across the middle of the aisle joins rows that each have their own.
 */
export function* pipeParts(
  racks: ModuleRacks,
  rows: readonly Row[],
  cdus: readonly Part[],
  rack: Dimensions,
  cduDepth: number,
): Generator<Part> {
  for (const row of rows) {
    const own = cdus.filter((cdu) => cdu.row === row.number);
    const units = (own.length > 0 ? own : cdus.slice(0, 1)).map(({ slot, spot, width }) => ({
      slot,
      at: spot ? middleAt(spot, width, cduDepth) : ORIGIN,
    }));
    const span = [
      rack.width_mm / 2,
      (racks.per_row - 1) * racks.pitch_mm + rack.width_mm / 2,
    ] as const;
    const y = row.behind(rack.depth_mm + PIPE_BEHIND_MM);
    const [start, other] = endsOf(units);
    if (start === undefined) continue;
    const isLeft = (units[0]?.at[0] ?? 0) < 0;
    const far: Point = [isLeft ? span[1] : span[0], y];
    const leads = { y, span, start: start.slot, end: other?.slot ?? "" };
    const line = ledLine(leads, start.at, other?.at ?? far);
    yield {
      ...RUN,
      slot: `pipe-${row.number}`,
      kind: "pipe",
      tag: `P${row.number}`,
      line,
      leads,
      groups: {},
      row: row.number,
    };
  }
  yield* header(rows, cdus, rack.depth_mm);
}

function header(rows: readonly Row[], cdus: readonly Part[], depth: number): readonly Part[] {
  const served = rows.filter(({ number }) => cdus.some(({ row }) => row === number));
  if (served.length < 2) return [];
  const line = served.map((row): Point => [row.length / 2, row.behind(depth + PIPE_BEHIND_MM)]);
  return [{ ...RUN, slot: "pipe-header", kind: "pipe", tag: "PH", line, groups: {}, row: 0 }];
}

interface Unit {
  readonly slot: string;
  readonly at: Point;
}
const ORIGIN: Point = [0, 0];

/** The outermost unit where the first one stands, and the one at the far end of the row. */
function endsOf(units: readonly Unit[]): readonly [Unit | undefined, Unit | undefined] {
  // What stands left of the racks stands at negative places along the row.
  const byPlace = [...units].sort((a, b) => a.at[0] - b.at[0]);
  const leftmost = byPlace.find(({ at }) => at[0] < 0);
  const rightmost = byPlace.reverse().find(({ at }) => at[0] >= 0);
  return (units[0]?.at[0] ?? 0) < 0 ? [leftmost, rightmost] : [rightmost, leftmost];
}

/** From the first unit to the line along the racks, and on to the far end or the unit there. */
function ledLine({ y, end }: Leads, from: Point, to: Point): readonly Point[] {
  const points: readonly Point[] = [from, [from[0], y], [to[0], y], ...(end === "" ? [] : [to])];
  return points.filter(([x, at], index) => {
    const before = points[index - 1];
    return before?.[0] !== x || before[1] !== at;
  });
}

/**
 * The line of a pipe whose CDUs may have been moved. It follows a CDU that stays beyond the racks
 * on its side; one that is taken elsewhere needs a pipe of its own.
 */
export function followed(
  line: readonly Point[],
  leads: Leads,
  moved: ReadonlyMap<string, Point>,
): readonly Point[] {
  const [low, high] = leads.span;
  const of = (slot: string, planned: Point): Point => {
    const at = moved.get(slot);
    if (at === undefined) return planned;
    return (planned[0] <= low ? at[0] <= low : at[0] >= high) ? at : planned;
  };
  const [first, last] = [line[0], line.at(-1)];
  if (!first || !last) return line;
  const [from, to] = [of(leads.start, first), of(leads.end, last)];
  return from === first && to === last ? line : ledLine(leads, from, to);
}

/** The middle of a thing of this size that stands at a spot. */
export function middleAt({ x_mm, y_mm, rotation_deg }: Spot, width: number, depth: number): Point {
  const { x: cos, y: sin } = direction(rotation_deg);
  const [x, y] = [width / 2, depth / 2];
  return [x_mm + cos * x - sin * y, y_mm + sin * x + cos * y];
}

/** Over the front of each row, from its first to its last rack. */
export function* trayParts(
  racks: ModuleRacks,
  rows: readonly Row[],
  rack: Dimensions,
): Generator<Part> {
  const half = racks.per_row > 1 ? rack.width_mm / 2 : 0;
  for (const row of rows) {
    const y = row.behind(TRAY_BEHIND_MM);
    yield {
      ...RUN,
      slot: `tray-${row.number}`,
      kind: "tray",
      tag: `T${row.number}`,
      line: [
        [half, y],
        [row.length - half, y],
      ],
      groups: { tray: TRAY },
      row: row.number,
    };
  }
}
