/** Path building shared by the painters. */
import type { Vec2 } from "../../base/vec2";
import { screenX, screenY, type View } from "../view";

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export function tracePath(ctx: Context, view: View, points: readonly Vec2[], close: boolean): void {
  points.forEach(({ x, y }, index) => {
    if (index === 0) ctx.moveTo(screenX(view, x), screenY(view, y));
    else ctx.lineTo(screenX(view, x), screenY(view, y));
  });
  if (close) ctx.closePath();
}

/** Corners of box `index` in the columns `corners`, as a closed path. */
export function traceCorners(ctx: Context, view: View, corners: Float64Array, index: number): void {
  const at = index * 8;
  for (let corner = 0; corner < 4; corner += 1) {
    const x = screenX(view, corners[at + corner * 2] ?? 0);
    const y = screenY(view, corners[at + corner * 2 + 1] ?? 0);
    if (corner === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  }
  ctx.closePath();
}

/** Lines at 45 degrees through the screen rectangle, clipped to the current path by the caller. */
export function traceHatch(
  ctx: Context,
  box: { left: number; top: number; right: number; bottom: number },
  step: number,
): void {
  const height = box.bottom - box.top;
  // Anchored to the screen's grid, so that neighbouring hatches meet.
  const from = Math.floor((box.left - height) / step) * step;
  for (let x = from; x < box.right; x += step) {
    ctx.moveTo(x, box.bottom);
    ctx.lineTo(x + height, box.top);
  }
}

const PILL_PAD = 5;

export interface PillStyle {
  readonly fill: string;
  readonly stroke: string;
  readonly ink: string;
}

/** A label with a background; returns its width. `x`, `y` name its left middle, or its middle when centred. */
export function paintPill(
  ctx: Context,
  text: string,
  x: number,
  y: number,
  style: PillStyle,
  ratio: number,
  centred = false,
): number {
  const width = ctx.measureText(text).width + 2 * PILL_PAD * ratio;
  const height = 18 * ratio;
  const left = Math.round(centred ? x - width / 2 : x) + 0.5;
  const top = Math.round(y - height / 2) + 0.5;
  ctx.beginPath();
  ctx.roundRect(left, top, Math.round(width), height, 2 * ratio);
  ctx.fillStyle = style.fill;
  ctx.fill();
  ctx.strokeStyle = style.stroke;
  ctx.lineWidth = ratio;
  ctx.stroke();
  ctx.fillStyle = style.ink;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  ctx.fillText(text, left + PILL_PAD * ratio, y + ratio);
  return width;
}
