/** Letters of a row of floor tiles: AA, AB … AZ, BA …, from the hall's first letter. */
import { inside } from "../base/polygon";
import type { Vec2 } from "../base/vec2";
import type { Tiles } from "../model/element";
import type { DocumentStore } from "../model/store";

const ALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const WITHOUT_I_O = "ABCDEFGHJKLMNPQRSTUVWXYZ";

export function tileRowLabel(tiles: Tiles | undefined, row: number, skipIO: boolean): string {
  const letters = skipIO ? WITHOUT_I_O : ALL;
  const first = (tiles?.first_letter ?? "AA").toUpperCase().padEnd(2, "A");
  const [high = "A", low = "A"] = first;
  const start =
    Math.max(letters.indexOf(high), 0) * letters.length + Math.max(letters.indexOf(low), 0);
  const at = start + row;
  const index = Math.floor(at / letters.length) % letters.length;
  return `${letters[index] ?? ""}${letters[at % letters.length] ?? ""}`;
}

/** Label of the tile under a point, such as AF13; null outside of every tiled hall. */
export function tileAt(document: DocumentStore, at: Vec2, skipIO: boolean): string | null {
  for (const id of document.ofKind("hall")) {
    const hall = document.item(id);
    const tiles = hall?.element.tiles;
    if (hall === undefined || tiles === undefined || !inside(at, hall.ring)) continue;
    const column = Math.floor((at.x - tiles.origin_x_mm) / tiles.pitch_mm);
    const row = Math.floor((at.y - tiles.origin_y_mm) / tiles.pitch_mm);
    if (column < 0 || row < 0) return null;
    return `${tileRowLabel(tiles, row, skipIO)}${String(column + 1).padStart(2, "0")}`;
  }
  return null;
}
