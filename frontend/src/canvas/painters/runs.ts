/** Pipes, trays and feeders: what runs along lines, from the floor up. */
import { touches, type Box } from "../../base/box";
import { beside, segments } from "../../base/polyline";
import type { Vec2 } from "../../base/vec2";
import type { Scene, SceneRun } from "../scene";
import { MONO, MONO_ADVANCE, type Skin } from "../skin";
import { screenX, screenY, visibleBox, type View } from "../view";
import { tracePath, type Context } from "./shapes";

/** Pixels per millimetre below which runs say nothing: their rows are blocks there. */
const LEAST_SCALE = 0.012;
/** Supply and return stay apart on the screen however far away they are. */
const LEAST_APART_PX = 1.75;
const LEAST_TRAY_PX = 3;
const LEAST_MEMBER_TRAY_PX = 24;
const LEAST_HATCH_PX = 12;
const HATCH_PX = 7;
const CHEVRON_FROM_SCALE = 0.025;
const CHEVRON_PX = 90;
const TAG_PX = 10;
const FEEDER_TAGS_SCALE = 0.05;
const RETURN_DASH = [6, 2, 1.5, 2];
const SIDE_B_DASH = [7, 4];
const ASSUMED_DASH = [2, 4];

type Sight = (run: { readonly id: string; readonly box: Box }) => boolean;

function sightOf(view: View, skin: Skin): Sight {
  const seen = visibleBox(view);
  return ({ id, box }) => touches(box, seen) && !skin.leftOut.has(id);
}

const isFar = (view: View): boolean => view.scale / view.ratio < LEAST_SCALE;

/**
 * Bands between two rails, hatched once there is room: as wide as the trays are.
 * Those of modules stand back: they lie over every rack, and are where one expects them.
 */
export function paintTrays(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  if (isFar(view)) return;
  const widthPx = (tray: SceneRun): number => (2 * tray.half * view.scale) / view.ratio;
  const trays = scene.runs.filter(({ kind }) => kind === "tray").filter(sightOf(view, skin));
  ctx.lineWidth = view.ratio;
  for (const isMember of [true, false]) {
    const own = trays.filter(
      (tray) =>
        tray.isMember === isMember &&
        widthPx(tray) >= (isMember ? LEAST_MEMBER_TRAY_PX : LEAST_TRAY_PX),
    );
    ctx.strokeStyle = isMember ? skin.palette.textThird : skin.palette.textSecond;
    ctx.beginPath();
    for (const { points, half } of own) {
      for (const by of [half, -half]) tracePath(ctx, view, beside(points, by), false);
    }
    ctx.globalAlpha = isMember ? 0.5 : 0.85;
    ctx.stroke();
    ctx.beginPath();
    for (const tray of own) {
      if (widthPx(tray) >= LEAST_HATCH_PX) traceRungs(ctx, view, tray.points, tray.half);
    }
    ctx.globalAlpha = isMember ? 0.3 : 0.45;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** Strokes at 45 degrees across a band, at even steps of the screen, cut off at its ends. */
function traceRungs(ctx: Context, view: View, points: readonly Vec2[], half: number): void {
  const step = HATCH_PX * view.ratio;
  const across = half * view.scale;
  for (const [from, to] of segments(points)) {
    const [x, y] = [screenX(view, from.x), screenY(view, from.y)];
    const [dx, dy] = [screenX(view, to.x) - x, screenY(view, to.y) - y];
    const reach = Math.hypot(dx, dy);
    if (reach === 0) continue;
    const [ux, uy] = [dx / reach, dy / reach];
    for (let at = step - across; at < reach + across; at += step) {
      const low = Math.max(-across, -at);
      const high = Math.min(across, reach - at);
      if (low >= high) continue;
      ctx.moveTo(x + ux * (at + low) - uy * low, y + uy * (at + low) + ux * low);
      ctx.lineTo(x + ux * (at + high) - uy * high, y + uy * (at + high) + ux * high);
    }
  }
}

/** Supply and return side by side, with chevrons the way that the coolant goes. */
export function paintPipes(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  paintAssumed(ctx, view, skin.assumedWater, skin.palette.water);
  // Facility water crosses the site: it is seen from afar, as feeders are.
  const seen = scene.runs
    .filter(({ kind, isWater }) => kind === "pipe" && (isWater || !isFar(view)))
    .filter(sightOf(view, skin));
  paintPairs(ctx, view, seen.filter(({ isWater }) => isWater), [skin.palette.water, skin.palette.water]); // prettier-ignore
  paintPairs(ctx, view, seen.filter(({ isWater }) => !isWater), [skin.palette.supply, skin.palette.return]); // prettier-ignore
}

function paintPairs(
  ctx: Context,
  view: View,
  pipes: readonly SceneRun[],
  colours: readonly [supply: string, back: string],
): void {
  if (pipes.length === 0) return;
  const isNear = view.scale / view.ratio >= CHEVRON_FROM_SCALE;
  const least = (LEAST_APART_PX * view.ratio) / view.scale;
  for (const service of ["supply", "return"] as const) {
    const lines = pipes.map(({ points, half, flow }) => ({
      points: beside(points, Math.max(half, least) * (service === "supply" ? 1 : -1)),
      flow: service === "supply" ? flow : -flow,
    }));
    ctx.beginPath();
    for (const { points } of lines) tracePath(ctx, view, points, false);
    ctx.setLineDash(service === "supply" ? [] : RETURN_DASH.map((part) => part * view.ratio));
    ctx.strokeStyle = colours[service === "supply" ? 0 : 1];
    ctx.lineWidth = 1.5 * view.ratio;
    ctx.stroke();
    ctx.setLineDash([]);
    if (!isNear) continue;
    ctx.beginPath();
    for (const { points, flow } of lines) {
      if (flow !== 0) traceChevrons(ctx, view, flow > 0 ? points : [...points].reverse());
    }
    ctx.stroke();
  }
}

function traceChevrons(ctx: Context, view: View, points: readonly Vec2[]): void {
  const step = CHEVRON_PX * view.ratio;
  const size = 3 * view.ratio;
  for (const [from, to] of segments(points)) {
    const [x, y] = [screenX(view, from.x), screenY(view, from.y)];
    const [dx, dy] = [screenX(view, to.x) - x, screenY(view, to.y) - y];
    const reach = Math.hypot(dx, dy);
    const [ux, uy] = [dx / reach, dy / reach];
    for (let at = step / 2; at < reach; at += step) {
      const [px, py] = [x + ux * at, y + uy * at];
      ctx.moveTo(px - (ux - uy) * size, py - (uy + ux) * size);
      ctx.lineTo(px, py);
      ctx.lineTo(px - (ux + uy) * size, py - (uy - ux) * size);
    }
  }
}

/** Feeders by side, as busways are: A solid, B a long dash. Those that nobody drew are dotted. */
export function paintFeeders(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  const feeders = scene.runs.filter(({ kind }) => kind === "feeder").filter(sightOf(view, skin));
  for (const isB of [false, true]) {
    ctx.beginPath();
    for (const { points, side } of feeders) {
      if ((side === "B") === isB) tracePath(ctx, view, points, false);
    }
    ctx.setLineDash(isB ? SIDE_B_DASH.map((part) => part * view.ratio) : []);
    ctx.strokeStyle = skin.palette.power;
    ctx.lineWidth = view.ratio;
    ctx.stroke();
  }
  ctx.setLineDash([]);
  paintAssumed(ctx, view, skin.assumedFeeders, skin.palette.power);
}

export function paintAssumed(
  ctx: Context,
  view: View,
  lines: readonly (readonly Vec2[])[],
  colour: string,
): void {
  if (lines.length === 0) return;
  ctx.beginPath();
  for (const points of lines) tracePath(ctx, view, points, false);
  ctx.setLineDash(ASSUMED_DASH.map((part) => part * view.ratio));
  ctx.strokeStyle = colour;
  ctx.lineWidth = view.ratio;
  ctx.stroke();
  ctx.setLineDash([]);
}

/** Tags of runs that stand on their own, on the longest part of each where there is room. */
export function paintRunTags(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  if (isFar(view)) return;
  const sees = sightOf(view, skin);
  const advance = TAG_PX * MONO_ADVANCE * view.ratio;
  const height = (TAG_PX + 3) * view.ratio;
  ctx.font = `500 ${TAG_PX * view.ratio}px ${MONO}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const isNear = view.scale / view.ratio >= FEEDER_TAGS_SCALE;
  const taken: Box[] = [];
  for (const run of scene.runs) {
    if (run.isMember || run.tag === "" || !sees(run)) continue;
    // From afar feeders lie on top of each other: a tag would name one of many.
    if (run.kind === "feeder" && !isNear) continue;
    const part = longestOf(run);
    if (part === null) continue;
    const [from, to] = part;
    const width = run.tag.length * advance;
    const [dx, dy] = [(to.x - from.x) * view.scale, (to.y - from.y) * view.scale];
    if (Math.hypot(dx, dy) < width + 24 * view.ratio) continue;
    const x = screenX(view, (from.x + to.x) / 2);
    const y = screenY(view, (from.y + to.y) / 2);
    const isUpright = Math.abs(dy) > Math.abs(dx);
    const [across, along] = isUpright ? [height, width] : [width, height];
    const box: Box = {
      minX: x - across / 2,
      minY: y - along / 2,
      maxX: x + across / 2,
      maxY: y + along / 2,
    };
    if (taken.some((other) => touches(other, box))) continue;
    taken.push(box);
    ctx.save();
    ctx.translate(x, y);
    if (isUpright) ctx.rotate(-Math.PI / 2);
    ctx.fillStyle = skin.palette.canvas;
    ctx.fillRect(-width / 2 - 3 * view.ratio, -height / 2, width + 6 * view.ratio, height);
    ctx.fillStyle = skin.palette.textSecond;
    ctx.fillText(run.tag, 0, view.ratio * 0.5);
    ctx.restore();
  }
}

function longestOf({ points }: SceneRun): readonly [Vec2, Vec2] | null {
  let longest: readonly [Vec2, Vec2] | null = null;
  let most = 0;
  for (const part of segments(points)) {
    const [a, b] = part;
    const reach = Math.hypot(b.x - a.x, b.y - a.y);
    if (reach > most) [longest, most] = [part, reach];
  }
  return longest;
}
