/** Names of floor tiles: letters along x, numbers along y, as the labels on the floor say. */
import type { Vec2 } from "../base/vec2";
import { inside } from "../base/polygon";
import type { PlanElement, Tiles } from "./element";

const ALL_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** I and O read like digits. */
const CLEAR_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";

/** Column and row of the tile at a point, from 0, of a tile grid. */
export function tileIndexAt(
  tiles: Tiles,
  at: Vec2,
): { readonly column: number; readonly row: number } {
  return {
    column: Math.floor((at.x - tiles.origin_x_mm) / tiles.pitch_mm),
    row: Math.floor((at.y - tiles.origin_y_mm) / tiles.pitch_mm),
  };
}

/** Letters of a column counted from 0: AA, AB … AZ, BA …; AAA after ZZ. */
export function columnLetters(column: number, skipIO: boolean, first = "AA"): string {
  const letters = skipIO ? CLEAR_LETTERS : ALL_LETTERS;
  let width = first.length;
  let number = column;
  for (const letter of first) {
    const place = letters.indexOf(letter.toUpperCase());
    width -= 1;
    number += Math.max(place, 0) * letters.length ** width;
  }
  // Short names are all of one length; once they are used up, one letter more.
  let digits = first.length;
  while (number >= letters.length ** digits) {
    number -= letters.length ** digits;
    digits += 1;
  }
  let text = "";
  for (let i = 0; i < digits; i += 1) {
    text = (letters[number % letters.length] ?? "") + text;
    number = Math.floor(number / letters.length);
  }
  return text;
}

/** Label of one tile: "AA01". Rows count from 1. */
export const tileLabel = (column: number, row: number, skipIO: boolean, first?: string): string =>
  `${columnLetters(column, skipIO, first)}${String(row + 1).padStart(2, "0")}`;

/** Label of the tile of a hall at a point; null outside the hall or its grid. */
export function tileAt(hall: PlanElement, at: Vec2, skipIO: boolean): string | null {
  const { tiles, outline } = hall;
  if (!tiles || !outline) return null;
  const { column, row } = tileIndexAt(tiles, at);
  if (column < 0 || row < 0) return null;
  if (
    !inside(
      at,
      outline.points_mm.map(([x, y]) => ({ x, y })),
    )
  )
    return null;
  return tileLabel(column, row, skipIO, tiles.first_letter);
}
