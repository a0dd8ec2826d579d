/** Rings as lines, plain or hatched. */
import { boxAround } from "../../base/box";
import type { Vec2 } from "../../base/vec2";
import type { Palette } from "../palette";
import { screenX, screenY, type View } from "../view";
import { traceHatch, tracePath, type Context } from "./shapes";

const LEAST_HATCH_PX = 10;

export function paintOutline(
  ctx: Context,
  view: View,
  rings: readonly (readonly Vec2[])[],
  colour: string,
  width: number,
  dash: readonly number[],
): void {
  if (rings.length === 0) return;
  ctx.beginPath();
  for (const ring of rings) tracePath(ctx, view, ring, true);
  ctx.setLineDash(dash.map((length) => length * view.ratio));
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * view.ratio;
  ctx.stroke();
  ctx.setLineDash([]);
}

export function paintHatched(
  ctx: Context,
  view: View,
  ring: readonly Vec2[],
  palette: Palette,
): void {
  const box = boxAround(ring);
  if (box === null) return;
  const screen = {
    left: screenX(view, box.minX),
    right: screenX(view, box.maxX),
    top: screenY(view, box.maxY),
    bottom: screenY(view, box.minY),
  };
  const least = LEAST_HATCH_PX * view.ratio;
  ctx.save();
  ctx.beginPath();
  tracePath(ctx, view, ring, true);
  if (screen.right - screen.left > least || screen.bottom - screen.top > least) {
    ctx.clip();
    ctx.beginPath();
    traceHatch(ctx, screen, 6 * view.ratio);
    ctx.strokeStyle = palette.violation;
    ctx.lineWidth = 1.2 * view.ratio;
    ctx.stroke();
  }
  ctx.restore();
  paintOutline(ctx, view, [ring], palette.violation, 2, []);
}
