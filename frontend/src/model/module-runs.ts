/** The pipes and trays that a module lays along its rows. */
import type { ModuleRacks, Point } from "./element";
import type { Part, Row } from "./module-row";
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
    const units = (own.length > 0 ? own : cdus.slice(0, 1)).map((cdu) => middleOf(cdu, cduDepth));
    const ends = [rack.width_mm / 2, (racks.per_row - 1) * racks.pitch_mm + rack.width_mm / 2];
    const line = pipeLine(units, ends, row.behind(rack.depth_mm + PIPE_BEHIND_MM));
    if (line === null) continue;
    yield {
      ...RUN,
      slot: `pipe-${row.number}`,
      kind: "pipe",
      tag: `P${row.number}`,
      line,
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

/** From the outermost unit where the first one stands to the far end of the row, or the units there. */
function pipeLine(
  units: readonly Point[],
  [leftEnd = 0, rightEnd = 0]: readonly number[],
  y: number,
): readonly Point[] | null {
  // What stands left of the racks stands at negative places along the row.
  const byPlace = [...units].sort((a, b) => a[0] - b[0]);
  const leftmost = byPlace.find(([x]) => x < 0);
  const rightmost = byPlace.reverse().find(([x]) => x >= 0);
  const isLeft = (units[0]?.[0] ?? 0) < 0;
  const [start, other] = isLeft ? [leftmost, rightmost] : [rightmost, leftmost];
  if (start === undefined) return null;
  const far = other?.[0] ?? (isLeft ? rightEnd : leftEnd);
  const points: readonly Point[] = [start, [start[0], y], [far, y], ...(other ? [other] : [])];
  return points.filter(([x, at], index) => {
    const before = points[index - 1];
    return before?.[0] !== x || before[1] !== at;
  });
}

function middleOf({ spot, width }: Part, depth: number): Point {
  const { x_mm, y_mm, rotation_deg } = spot ?? { x_mm: 0, y_mm: 0, rotation_deg: 0 };
  const turned = rotation_deg === 180 ? -1 : 1;
  return [x_mm + (turned * width) / 2, y_mm + (turned * depth) / 2];
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
