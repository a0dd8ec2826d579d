/** A field map under the equipment: one colour per cell, none where the field is zero. */
import { CLASSES, NO_CLASS, type Ramp } from "../ramp";
import type { Field } from "../skin";
import { screenX, screenY, visibleBox, type View } from "../view";
import type { Context } from "./shapes";

const OPACITY = 0.85;

/** Cells of one class side by side: from a column up to another, in one row. */
interface Strip {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

export function paintField(ctx: Context, view: View, field: Field, ramp: Ramp): void {
  // From afar every so many cells stand for those between them.
  const step = Math.max(1, Math.floor(1 / (field.cell * view.scale)));
  ctx.globalAlpha = OPACITY;
  stripsIn(view, field, step).forEach((strips, cls) => {
    ctx.fillStyle = ramp.colours[cls] ?? "";
    for (const { row, from, to } of strips) {
      const left = Math.round(screenX(view, field.x0 + from * field.cell));
      const right = Math.round(screenX(view, field.x0 + to * field.cell));
      const top = Math.round(screenY(view, field.y0 + (row + step) * field.cell));
      const bottom = Math.round(screenY(view, field.y0 + row * field.cell));
      ctx.fillRect(left, top, Math.max(right - left, 1), Math.max(bottom - top, 1));
    }
  });
  ctx.globalAlpha = 1;
}

function stripsIn(view: View, field: Field, step: number): readonly (readonly Strip[])[] {
  const seen = visibleBox(view);
  const at = (world: number, zero: number, most: number): number =>
    Math.min(Math.max(Math.floor((world - zero) / field.cell), 0), most);
  const [first, last] = [
    at(seen.minX, field.x0, field.columns),
    at(seen.maxX, field.x0, field.columns - 1) + 1,
  ];
  const [low, high] = [
    at(seen.minY, field.y0, field.rows),
    at(seen.maxY, field.y0, field.rows - 1) + 1,
  ];
  const strips: Strip[][] = Array.from({ length: CLASSES }, () => []);
  for (let row = low - (low % step); row < high; row += step) {
    let start = first;
    let cls = NO_CLASS;
    for (let column = first; column <= last; column += step) {
      const next =
        column < last ? (field.classes[row * field.columns + column] ?? NO_CLASS) : NO_CLASS;
      if (next === cls) continue;
      strips[cls]?.push({ row, from: start, to: column });
      start = column;
      cls = next;
    }
    strips[cls]?.push({ row, from: start, to: last });
  }
  return strips;
}
