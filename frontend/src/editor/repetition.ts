/** Where the copies of an array stand: a row, or rows of rows. Nothing here changes anything. */
import { boxAround, centreOf } from "../base/box";
import { add, dot, length, rotate, scale, subtract, type Vec2 } from "../base/vec2";
import { quantiseLength } from "../model/quantise";
import { MOST_COPIES, type Run } from "./entry";

/** Between rows that nobody typed a pitch for: an aisle. */
const AISLE_MM = 1200;

/** What is repeated, seen along its own width. */
export interface Subject {
  readonly points: readonly Vec2[];
  readonly middle: Vec2;
  /** Unit vectors: along a row, and from row to row. */
  readonly across: Vec2;
  readonly along: Vec2;
}

export interface TypedRun extends Run {
  /** The pointer no longer changes it. */
  readonly isTyped: boolean;
}

/** How often in which directions; one row when `rows.count` is 1. */
export interface Repetition {
  readonly row: TypedRun;
  readonly rows: TypedRun;
  readonly rowWay: Vec2;
  readonly rowsWay: Vec2;
}

export function subjectOf(points: readonly Vec2[], rotationDeg: number): Subject | null {
  const box = boxAround(points);
  if (box === null) return null;
  return {
    points,
    middle: centreOf(box),
    across: rotate({ x: 1, y: 0 }, rotationDeg),
    along: rotate({ x: 0, y: 1 }, rotationDeg),
  };
}

/** Two in a row, until the pointer or the keyboard says more. */
export const firstRepetition = (subject: Subject): Repetition => ({
  row: { count: 2, pitch: null, isTyped: false },
  rows: { count: 1, pitch: null, isTyped: false },
  rowWay: subject.across,
  rowsWay: subject.along,
});

/** From one place to the next: as typed, else side by side, and an aisle from row to row. */
export function pitchOf(subject: Subject, run: Run, way: Vec2): number {
  if (run.pitch !== null) return run.pitch;
  const reaches = subject.points.map((point) => dot(point, way));
  const extent =
    reaches.reduce((a, b) => Math.max(a, b)) - reaches.reduce((a, b) => Math.min(a, b));
  const isFromRowToRow = Math.abs(dot(way, subject.along)) > 1 - 1e-9;
  return Math.max(quantiseLength(extent + (isFromRowToRow ? AISLE_MM : 0)), 1);
}

/**
 * The repetition that a pointer at `at` asks for: beside the subject a row,
 * diagonally rows of rows. A typed row turns to where the pointer is; `isFree`
 * lets a row go in any direction.
 */
export function pointedAt(
  subject: Subject,
  { row, rows, ...ways }: Repetition,
  at: Vec2,
  isFree: boolean,
): Repetition {
  const away = subtract(at, subject.middle);
  const reach = length(away);
  if (reach === 0) return { row, rows, ...ways };
  const [x, y] = [dot(away, subject.across), dot(away, subject.along)];
  const across = scale(subject.across, x < 0 ? -1 : 1);
  const along = scale(subject.along, y < 0 ? -1 : 1);
  const pointed = (run: TypedRun, way: Vec2, distance: number, least: number): TypedRun =>
    run.isTyped ? run : { ...run, count: counted(distance / pitchOf(subject, run, way), least) };
  const single: TypedRun = { count: 1, pitch: rows.pitch, isTyped: false };

  if (rows.isTyped) {
    return {
      row: pointed(row, across, Math.abs(x), 1),
      rows,
      rowWay: across,
      rowsWay: along,
    };
  }
  if (isFree) {
    const way = scale(away, 1 / reach);
    const rowsWay = rotate(way, 90);
    return { row: pointed(row, way, reach, 2), rows: single, rowWay: way, rowsWay };
  }
  const isAcross = Math.abs(x) >= Math.abs(y);
  const inLine = isAcross ? across : along;
  if (row.isTyped) {
    return { row, rows: single, rowWay: inLine, rowsWay: isAcross ? along : across };
  }
  const byColumn = pointed(row, across, Math.abs(x), 1);
  const byRow = pointed(rows, along, Math.abs(y), 1);
  if (byColumn.count > 1 && byRow.count > 1) {
    return capped({ row: byColumn, rows: byRow, rowWay: across, rowsWay: along });
  }
  return {
    row: pointed(row, inLine, Math.abs(isAcross ? x : y), 2),
    rows: single,
    rowWay: inLine,
    rowsWay: isAcross ? along : across,
  };
}

/** Every place but the one where the subject stands, row by row. */
export function offsetsOf(subject: Subject, { row, rows, rowWay, rowsWay }: Repetition): Vec2[] {
  const step = scale(rowWay, pitchOf(subject, row, rowWay));
  const rowStep = scale(rowsWay, pitchOf(subject, rows, rowsWay));
  const offsets: Vec2[] = [];
  for (let r = 0; r < rows.count; r += 1) {
    for (let c = r === 0 ? 1 : 0; c < row.count; c += 1) {
      const by = add(scale(step, c), scale(rowStep, r));
      offsets.push({ x: quantiseLength(by.x), y: quantiseLength(by.y) });
    }
  }
  return offsets;
}

/** Why a repetition cannot be; empty when it can. */
export function problemWith({ row, rows }: Repetition): string {
  const places = row.count * rows.count;
  if (places < 2 || places > MOST_COPIES) {
    return `An array has from 2 to ${MOST_COPIES.toLocaleString("en")} places.`;
  }
  const isFlat = [row, rows].some(({ pitch }) => pitch !== null && pitch <= 0);
  return isFlat ? "The pitch must be more than 0." : "";
}

const counted = (pitches: number, least: number): number =>
  Math.min(MOST_COPIES, Math.max(least, Math.round(pitches) + 1));

function capped(repetition: Repetition): Repetition {
  const most = Math.max(1, Math.floor(MOST_COPIES / repetition.row.count));
  const count = Math.min(repetition.rows.count, most);
  return { ...repetition, rows: { ...repetition.rows, count } };
}
