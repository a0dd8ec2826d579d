/** Dimension lines with what they measure. */
import { add, direction, angleOf, scale, subtract, middle } from "../../base/vec2";
import type { Scene, SceneDimension } from "../scene";
import { SANS, type Skin } from "../skin";
import { formatMm } from "../numbers";
import { screenX, screenY, type View } from "../view";
import { paintPill, tracePath, type Context } from "./shapes";

export function paintDimensions(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  for (const dimension of scene.dimensions) paintDimension(ctx, view, dimension, skin);
}

function paintDimension(ctx: Context, view: View, dimension: SceneDimension, skin: Skin): void {
  const along = subtract(dimension.to, dimension.from);
  const length = Math.hypot(along.x, along.y);
  if (length * view.scale < 8 * view.ratio) return;
  const normal = direction(angleOf(along) + 90);
  const shift = scale(normal, dimension.offset);
  const from = add(dimension.from, shift);
  const to = add(dimension.to, shift);
  const tick = scale(normal, (5 * view.ratio) / view.scale);
  ctx.beginPath();
  tracePath(ctx, view, [from, to], false);
  for (const end of [from, to]) tracePath(ctx, view, [subtract(end, tick), add(end, tick)], false);
  if (dimension.offset !== 0) {
    tracePath(ctx, view, [dimension.from, from], false);
    tracePath(ctx, view, [dimension.to, to], false);
  }
  ctx.strokeStyle = skin.palette.lineStrong;
  ctx.lineWidth = view.ratio;
  ctx.stroke();
  ctx.font = `400 ${11 * view.ratio}px ${SANS}`;
  const centre = middle(from, to);
  paintPill(
    ctx,
    formatMm(length),
    screenX(view, centre.x),
    screenY(view, centre.y),
    { fill: skin.palette.canvas, stroke: skin.palette.canvas, ink: skin.palette.textSecond },
    view.ratio,
    true,
  );
}
