/** Racks, cooling units, power gear: the many boxes, batched by colour. */
import { CLASSES, NO_CLASS } from "../ramp";
import {
  BOX_KINDS,
  FLAG_COLD,
  FLAG_SIDE_B,
  FLAG_SQUARE,
  KIND_CODE,
  type Boxes,
  type BoxKind,
  type Scene,
} from "../scene";
import type { Palette } from "../palette";
import type { Skin } from "../skin";
import { screenX, screenY, visibleBox, type View } from "../view";
import { traceCorners, traceHatch, type Context } from "./shapes";

/** Below this width racks are drawn as row blocks: their gaps would be thinner than a pixel. */
const BLOCK_BELOW_PX = 4;
const OUTLINE_FROM_PX = 4;
const FRONT_FROM_PX = 12;
/** Pixels per millimetre above which lines have their full width. */
const FULL_LINES_SCALE = 0.012;
/** Pixels per millimetre below which busways would cut the racks under them into strips. */
const BUSWAYS_ABOVE_SCALE = 0.03;

const FRONT_INK = "rgb(0 0 0 / 45%)";

/** Indices of the visible boxes, by kind code. */
export function visibleByKind(view: View, boxes: Boxes, skin: Skin): number[][] {
  const seen = visibleBox(view);
  const byKind: number[][] = BOX_KINDS.map(() => []);
  const { minX, maxX, minY, maxY, kind } = boxes;
  const leaveOut = skin.leftOut.size > 0;
  for (let index = 0; index < boxes.count; index += 1) {
    if (
      (maxX[index] as number) < seen.minX ||
      (minX[index] as number) > seen.maxX ||
      (maxY[index] as number) < seen.minY ||
      (minY[index] as number) > seen.maxY
    ) {
      continue;
    }
    if (leaveOut && skin.leftOut.has(boxes.ids[index] ?? "")) continue;
    byKind[kind[index] as number]?.push(index);
  }
  return byKind;
}

/** What stands on the floor and what lies on it: pipes and trays run over these. */
export function paintFloorEquipment(
  ctx: Context,
  view: View,
  scene: Scene,
  skin: Skin,
  byKind: readonly (readonly number[])[],
): void {
  const of = (kind: BoxKind): readonly number[] => byKind[KIND_CODE[kind]] ?? [];
  paintContainment(ctx, view, scene.boxes, skin.palette, of("containment"));
  paintRacks(ctx, view, scene.boxes, skin, of("rack"));
  paintFilled(ctx, view, scene.boxes, of("column"), skin.palette.wall);
}

/** Boxes by the edge of which a line ends that runs to their middle. */
export function paintUnits(
  ctx: Context,
  view: View,
  scene: Scene,
  skin: Skin,
  byKind: readonly (readonly number[])[],
  kinds: readonly BoxKind[],
): void {
  for (const kind of kinds) {
    const indices = byKind[KIND_CODE[kind]] ?? [];
    paintOutlined(ctx, view, scene.boxes, skin, indices, strokeOf(kind, skin.palette));
  }
}

function strokeOf(kind: BoxKind, palette: Palette): string {
  if (kind === "cdu") return palette.supply;
  if (kind === "air_handler") return palette.air;
  return palette.lineStrong;
}

/** From afar what is grey anyway stands back behind the racks. */
function farFill(stroke: string, palette: Palette): string {
  return stroke === palette.lineStrong ? palette.line : stroke;
}

function typicalWidthPx(view: View, boxes: Boxes, indices: readonly number[]): number {
  const [first] = indices;
  if (first === undefined) return 0;
  const width = (boxes.maxX[first] ?? 0) - (boxes.minX[first] ?? 0);
  const depth = (boxes.maxY[first] ?? 0) - (boxes.minY[first] ?? 0);
  return (Math.min(width, depth) * view.scale) / view.ratio;
}

function paintRacks(
  ctx: Context,
  view: View,
  boxes: Boxes,
  skin: Skin,
  racks: readonly number[],
): void {
  const px = typicalWidthPx(view, boxes, racks);
  if (racks.length === 0) return;
  if (skin.field !== null) {
    if (px >= OUTLINE_FROM_PX) outlineAll(ctx, view, boxes, racks, skin.palette.canvas);
    return;
  }
  const leftOut = skin.leftOut.size > 0;
  if (px < BLOCK_BELOW_PX && !leftOut) {
    paintRuns(ctx, view, skin);
    const turned = racks.filter((index) => ((boxes.flags[index] ?? 0) & FLAG_SQUARE) === 0);
    paintRackFills(ctx, view, boxes, skin, turned, 0);
    return;
  }
  const gap = px >= BLOCK_BELOW_PX ? view.ratio : 0;
  paintRackFills(ctx, view, boxes, skin, racks, gap);
  if (px >= FRONT_FROM_PX) paintFronts(ctx, view, boxes, racks);
  if (skin.ramp === null && px >= OUTLINE_FROM_PX) {
    outlineAll(ctx, view, boxes, racks, skin.palette.lineStrong);
  }
}

function outlineAll(
  ctx: Context,
  view: View,
  boxes: Boxes,
  indices: readonly number[],
  colour: string,
): void {
  ctx.beginPath();
  for (const index of indices) traceOutline(ctx, view, boxes, index);
  ctx.strokeStyle = colour;
  ctx.lineWidth = view.ratio;
  ctx.stroke();
}

function fillOf(skin: Skin, cls: number): string {
  return (
    skin.ramp?.colours[cls] ?? (skin.ramp === null ? skin.palette.surfaceRaised : skin.palette.line)
  );
}

function bucketsOf(classes: Uint8Array, indices: Iterable<number>): number[][] {
  const buckets: number[][] = Array.from({ length: CLASSES + 1 }, () => []);
  for (const index of indices) {
    const cls = classes[index] ?? NO_CLASS;
    buckets[cls === NO_CLASS ? CLASSES : cls]?.push(index);
  }
  return buckets;
}

function paintRackFills(
  ctx: Context,
  view: View,
  boxes: Boxes,
  skin: Skin,
  racks: readonly number[],
  gap: number,
): void {
  bucketsOf(skin.classes, racks).forEach((bucket, cls) => {
    if (bucket.length === 0) return;
    ctx.fillStyle = fillOf(skin, cls === CLASSES ? NO_CLASS : cls);
    for (const index of bucket) fillBox(ctx, view, boxes, index, gap);
  });
}

/** One rectangle on whole pixels; a turned box as its polygon. */
function fillBox(ctx: Context, view: View, boxes: Boxes, index: number, gap: number): void {
  if ((boxes.flags[index] as number) & FLAG_SQUARE) {
    const left = Math.round(((boxes.minX[index] as number) - view.left) * view.scale);
    const right = Math.round(((boxes.maxX[index] as number) - view.left) * view.scale);
    const top = Math.round((view.top - (boxes.maxY[index] as number)) * view.scale);
    const bottom = Math.round((view.top - (boxes.minY[index] as number)) * view.scale);
    ctx.fillRect(left, top, Math.max(right - left - gap, 1), Math.max(bottom - top - gap, 1));
    return;
  }
  ctx.beginPath();
  traceCorners(ctx, view, boxes.corners, index);
  ctx.fill();
}

function paintRuns(ctx: Context, view: View, skin: Skin): void {
  const { runs } = skin;
  const seen = visibleBox(view);
  const buckets: number[][] = Array.from({ length: CLASSES + 1 }, () => []);
  for (let run = 0; run < runs.count; run += 1) {
    if (
      (runs.maxX[run] as number) < seen.minX ||
      (runs.minX[run] as number) > seen.maxX ||
      (runs.maxY[run] as number) < seen.minY ||
      (runs.minY[run] as number) > seen.maxY
    ) {
      continue;
    }
    const cls = skin.classes[runs.first[run] ?? 0] ?? NO_CLASS;
    buckets[cls === NO_CLASS ? CLASSES : cls]?.push(run);
  }
  buckets.forEach((bucket, cls) => {
    if (bucket.length === 0) return;
    ctx.fillStyle = fillOf(skin, cls === CLASSES ? NO_CLASS : cls);
    for (const run of bucket) {
      const left = Math.round(((runs.minX[run] as number) - view.left) * view.scale);
      const right = Math.round(((runs.maxX[run] as number) - view.left) * view.scale);
      const top = Math.round((view.top - (runs.maxY[run] as number)) * view.scale);
      const bottom = Math.round((view.top - (runs.minY[run] as number)) * view.scale);
      ctx.fillRect(left, top, Math.max(right - left, 1), Math.max(bottom - top, 1));
    }
  });
}

/** The front of each rack as a darker edge. */
function paintFronts(ctx: Context, view: View, boxes: Boxes, racks: readonly number[]): void {
  ctx.beginPath();
  const inset = 2 * view.ratio;
  for (const index of racks) {
    const at = index * 8;
    const x0 = screenX(view, boxes.corners[at] ?? 0);
    const y0 = screenY(view, boxes.corners[at + 1] ?? 0);
    const x1 = screenX(view, boxes.corners[at + 2] ?? 0);
    const y1 = screenY(view, boxes.corners[at + 3] ?? 0);
    const x3 = screenX(view, boxes.corners[at + 6] ?? 0);
    const y3 = screenY(view, boxes.corners[at + 7] ?? 0);
    const depth = Math.hypot(x3 - x0, y3 - y0) || 1;
    const [nx, ny] = [((x3 - x0) / depth) * inset, ((y3 - y0) / depth) * inset];
    const width = Math.hypot(x1 - x0, y1 - y0) || 1;
    const [wx, wy] = [((x1 - x0) / width) * inset, ((y1 - y0) / width) * inset];
    ctx.moveTo(x0 + nx + wx, y0 + ny + wy);
    ctx.lineTo(x1 + nx - wx, y1 + ny - wy);
  }
  ctx.strokeStyle = FRONT_INK;
  ctx.lineWidth = 1.5 * view.ratio;
  ctx.stroke();
}

function traceOutline(ctx: Context, view: View, boxes: Boxes, index: number): void {
  if ((boxes.flags[index] as number) & FLAG_SQUARE) {
    const left = Math.round(screenX(view, boxes.minX[index] ?? 0)) + 0.5;
    const right = Math.round(screenX(view, boxes.maxX[index] ?? 0)) - 0.5;
    const top = Math.round(screenY(view, boxes.maxY[index] ?? 0)) + 0.5;
    const bottom = Math.round(screenY(view, boxes.minY[index] ?? 0)) - 0.5;
    ctx.rect(left, top, right - left, bottom - top);
    return;
  }
  traceCorners(ctx, view, boxes.corners, index);
}

function paintFilled(
  ctx: Context,
  view: View,
  boxes: Boxes,
  indices: readonly number[],
  colour: string,
): void {
  ctx.fillStyle = colour;
  for (const index of indices) fillBox(ctx, view, boxes, index, 0);
}

function paintOutlined(
  ctx: Context,
  view: View,
  boxes: Boxes,
  skin: Skin,
  indices: readonly number[],
  stroke: string,
): void {
  if (indices.length === 0) return;
  const px = typicalWidthPx(view, boxes, indices);
  bucketsOf(skin.classes, indices).forEach((bucket, cls) => {
    if (bucket.length === 0) return;
    const classed = cls < CLASSES && skin.ramp !== null;
    ctx.fillStyle = classed
      ? fillOf(skin, cls)
      : px < OUTLINE_FROM_PX
        ? farFill(stroke, skin.palette)
        : skin.palette.surface;
    for (const index of bucket) fillBox(ctx, view, boxes, index, 0);
  });
  if (px < OUTLINE_FROM_PX) return;
  ctx.beginPath();
  for (const index of indices) traceOutline(ctx, view, boxes, index);
  ctx.strokeStyle = stroke;
  ctx.lineWidth = view.ratio;
  ctx.stroke();
}

/** Whether racks are large enough on the screen to be seen under the busways that hang over them. */
export const buswaysLieAbove = (view: View): boolean =>
  view.scale / view.ratio >= BUSWAYS_ABOVE_SCALE;

/** Feed A is a solid line, feed B a long dash; the middle of the box is the line. */
export function paintBusways(
  ctx: Context,
  view: View,
  { boxes }: Scene,
  { palette }: Skin,
  byKind: readonly (readonly number[])[],
): void {
  const indices = byKind[KIND_CODE.busway] ?? [];
  const far = view.scale / view.ratio < FULL_LINES_SCALE;
  const lineWidth = (far ? 1 : 1.5) * view.ratio;
  for (const side of [0, FLAG_SIDE_B]) {
    ctx.beginPath();
    for (const index of indices) {
      if (((boxes.flags[index] ?? 0) & FLAG_SIDE_B) !== side) continue;
      const at = index * 8;
      const c = boxes.corners;
      const fromX = ((c[at] ?? 0) + (c[at + 6] ?? 0)) / 2;
      const fromY = ((c[at + 1] ?? 0) + (c[at + 7] ?? 0)) / 2;
      const toX = ((c[at + 2] ?? 0) + (c[at + 4] ?? 0)) / 2;
      const toY = ((c[at + 3] ?? 0) + (c[at + 5] ?? 0)) / 2;
      ctx.moveTo(screenX(view, fromX), Math.round(screenY(view, fromY)));
      ctx.lineTo(screenX(view, toX), Math.round(screenY(view, toY)));
    }
    ctx.setLineDash([]);
    if (buswaysLieAbove(view)) {
      // A mark over a heat map keeps its contrast by a halo.
      ctx.strokeStyle = palette.canvas;
      ctx.lineWidth = 3.5 * view.ratio;
      ctx.stroke();
    }
    ctx.setLineDash(side === 0 ? [] : [7 * view.ratio, 4 * view.ratio]);
    ctx.strokeStyle = palette.power;
    ctx.lineWidth = lineWidth;
    ctx.stroke();
  }
  ctx.setLineDash([]);
}

function paintContainment(
  ctx: Context,
  view: View,
  boxes: Boxes,
  palette: Palette,
  indices: readonly number[],
): void {
  for (const cold of [0, FLAG_COLD]) {
    const colour = cold === 0 ? palette.return : palette.supply;
    ctx.lineWidth = view.ratio;
    for (const index of indices) {
      if (((boxes.flags[index] ?? 0) & FLAG_COLD) !== cold) continue;
      const screen = {
        left: screenX(view, boxes.minX[index] ?? 0),
        right: screenX(view, boxes.maxX[index] ?? 0),
        top: screenY(view, boxes.maxY[index] ?? 0),
        bottom: screenY(view, boxes.minY[index] ?? 0),
      };
      if (screen.bottom - screen.top < 3 * view.ratio) continue;
      ctx.save();
      ctx.beginPath();
      traceCorners(ctx, view, boxes.corners, index);
      ctx.clip();
      ctx.beginPath();
      traceHatch(ctx, screen, 6 * view.ratio);
      ctx.strokeStyle = palette.line;
      ctx.stroke();
      ctx.restore();
      ctx.beginPath();
      traceCorners(ctx, view, boxes.corners, index);
      ctx.globalAlpha = 0.55;
      ctx.strokeStyle = colour;
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
  }
}
