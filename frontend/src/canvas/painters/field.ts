/** A field map under the equipment: one colour per cell, none where the field is zero. */
import { NO_CLASS, type Ramp } from "../ramp";
import type { Field } from "../skin";
import { screenX, screenY, type View } from "../view";
import type { Context } from "./shapes";

const OPACITY = 0.85;

export function paintField(ctx: Context, view: View, field: Field, ramp: Ramp): void {
  const size = field.cell * view.scale;
  ctx.globalAlpha = OPACITY;
  ramp.colours.forEach((colour, cls) => {
    ctx.fillStyle = colour;
    for (let row = 0; row < field.rows; row += 1) {
      let start = -1;
      // Neighbouring cells of one class are one rectangle.
      for (let column = 0; column <= field.columns; column += 1) {
        const value =
          column < field.columns
            ? (field.classes[row * field.columns + column] ?? NO_CLASS)
            : NO_CLASS;
        if (value === cls && start < 0) start = column;
        if (value !== cls && start >= 0) {
          const left = Math.round(screenX(view, field.x0 + start * field.cell));
          const right = Math.round(screenX(view, field.x0 + column * field.cell));
          const top = Math.round(screenY(view, field.y0 + (row + 1) * field.cell));
          if (right > 0 && left < view.width && top < view.height && top + size > 0) {
            const bottom = Math.round(screenY(view, field.y0 + row * field.cell));
            ctx.fillRect(left, top, Math.max(right - left, 1), Math.max(bottom - top, 1));
          }
          start = -1;
        }
      }
    }
  });
  ctx.globalAlpha = 1;
}
