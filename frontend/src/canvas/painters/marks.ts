/** Small signs at the corners of things: locked, and departing from its module. */
import { FLAG_LOCKED, FLAG_OWN, type Boxes } from "../scene";
import type { Palette } from "../palette";
import { screenX, screenY, type View } from "../view";
import type { Context } from "./shapes";

const LEAST_BOX_PX = 18;
const CORNER_PX = 7;
const LOCK_PX = 11;

export function paintMarks(
  ctx: Context,
  view: View,
  boxes: Boxes,
  palette: Palette,
  byKind: readonly (readonly number[])[],
): void {
  const least = LEAST_BOX_PX * view.ratio;
  for (const indices of byKind) {
    for (const index of indices) {
      const flags = (boxes.flags[index] ?? 0) & (FLAG_LOCKED | FLAG_OWN);
      if (flags === 0) continue;
      const right = screenX(view, boxes.maxX[index] ?? 0);
      const top = screenY(view, boxes.maxY[index] ?? 0);
      const bottom = screenY(view, boxes.minY[index] ?? 0);
      const width = ((boxes.maxX[index] ?? 0) - (boxes.minX[index] ?? 0)) * view.scale;
      if (Math.min(width, bottom - top) < least) continue;
      if ((flags & FLAG_OWN) !== 0) paintCorner(ctx, right, top, CORNER_PX * view.ratio, palette);
      if ((flags & FLAG_LOCKED) !== 0) paintLock(ctx, right, bottom, view.ratio, palette);
    }
  }
}

function paintCorner(
  ctx: Context,
  right: number,
  top: number,
  size: number,
  palette: Palette,
): void {
  ctx.beginPath();
  ctx.moveTo(right - size, top);
  ctx.lineTo(right, top);
  ctx.lineTo(right, top + size);
  ctx.closePath();
  ctx.fillStyle = palette.accent;
  ctx.fill();
}

function paintLock(
  ctx: Context,
  right: number,
  bottom: number,
  ratio: number,
  palette: Palette,
): void {
  const size = LOCK_PX * ratio;
  const [left, top] = [right - size - ratio, bottom - size - ratio];
  ctx.fillStyle = palette.surface;
  ctx.fillRect(left, top, size, size);
  ctx.beginPath();
  ctx.arc(left + size / 2, top + 4.5 * ratio, 2 * ratio, Math.PI, 0);
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = ratio;
  ctx.stroke();
  ctx.fillStyle = palette.text;
  ctx.fillRect(left + 2.5 * ratio, top + 4.5 * ratio, size - 5 * ratio, 4.5 * ratio);
}
