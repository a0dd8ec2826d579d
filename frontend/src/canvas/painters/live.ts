/** Selection, ghosts, guides, findings and peers, over the plan. */
import { boxAround, type Box } from "../../base/box";
import { middle, type Vec2 } from "../../base/vec2";
import type { LiveGuide, LiveLayer, LivePeer, LiveShape } from "../live";
import type { Palette } from "../palette";
import { MONO, SANS } from "../skin";
import { screenX, screenY, type View } from "../view";
import { paintFindings } from "./findings";
import type { MassPainter } from "./mass";
import { paintHatched, paintOutline } from "./outlines";
import { paintAssumed } from "./runs";
import { paintPill, tracePath, type Context } from "./shapes";

const HANDLE_PX = 6;
/** More outlines than this say no more than the box around them. */
const MOST_OUTLINES = 3000;
const MOST_GHOST_TAGS = 60;
/** Height of a guide's label and the room around it. */
const LABEL_PX = 22;

export function paintLive(
  ctx: Context,
  view: View,
  live: LiveLayer,
  palette: Palette,
  massPainter: MassPainter,
): void {
  ctx.clearRect(0, 0, view.width, view.height);
  paintFindings(ctx, view, live.findings, live.markers, palette);
  for (const peer of live.peers) paintPeer(ctx, view, peer);
  if (live.hover !== null) paintOutline(ctx, view, [live.hover], palette.accent, 1, []);
  for (const ring of live.clashes) paintHatched(ctx, view, ring, palette);
  if (live.mass === null) massPainter.forget();
  else massPainter.paint(ctx, view, live.mass, palette);
  paintGhosts(ctx, view, live.ghosts, palette);
  if (live.selected.length <= MOST_OUTLINES) {
    paintOutline(ctx, view, live.selected, palette.accent, 1.5, []);
  }
  paintAssumed(ctx, view, live.assumedFeeders, palette.power);
  paintAssumed(ctx, view, live.assumedWater, palette.water);
  if (live.frame !== null) paintFrame(ctx, view, live.frame, live.turnAt, palette);
  paintHandles(ctx, view, live.handles, palette);
  paintGuides(ctx, view, live.guides, palette);
  if (live.path !== null) paintPath(ctx, view, live.path, palette);
  if (live.brush !== null) paintBrush(ctx, view, live.brush, palette);
  for (const cursor of live.cursors) {
    paintCursor(ctx, view, cursor.at, cursor.initials, cursor.colour);
  }
}

function paintPeer(ctx: Context, view: View, { colour, selected, ghosts }: LivePeer): void {
  paintOutline(ctx, view, selected, colour, 2, [5, 3]);
  if (ghosts.length === 0) return;
  ctx.beginPath();
  for (const ring of ghosts) tracePath(ctx, view, ring, true);
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.2;
  ctx.fill();
  ctx.globalAlpha = 1;
  paintOutline(ctx, view, ghosts, colour, 1, []);
}

function paintGhosts(
  ctx: Context,
  view: View,
  ghosts: readonly LiveShape[],
  palette: Palette,
): void {
  if (ghosts.length === 0) return;
  for (const clashes of [false, true]) {
    const shapes = ghosts.filter((ghost) => ghost.clashes === clashes);
    if (shapes.length === 0) continue;
    const colour = clashes ? palette.violation : palette.accent;
    ctx.fillStyle = colour;
    ctx.beginPath();
    for (const { ring } of shapes) tracePath(ctx, view, ring, true);
    ctx.globalAlpha = 0.16;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colour;
    ctx.lineWidth = view.ratio;
    ctx.stroke();
  }
  if (ghosts.length > MOST_GHOST_TAGS) return;
  ctx.font = `500 ${10 * view.ratio}px ${MONO}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = palette.text;
  for (const { ring, tag } of ghosts) {
    const box = boxAround(ring);
    if (box === null || tag === "") continue;
    if ((box.maxX - box.minX) * view.scale < (tag.length * 6 + 4) * view.ratio) continue;
    ctx.fillText(
      tag,
      screenX(view, (box.minX + box.maxX) / 2),
      screenY(view, (box.minY + box.maxY) / 2),
    );
  }
}

function paintFrame(
  ctx: Context,
  view: View,
  box: Box,
  turnAt: Vec2 | null,
  palette: Palette,
): void {
  const { ratio } = view;
  const left = Math.round(screenX(view, box.minX) - 3 * ratio) + 0.5;
  const right = Math.round(screenX(view, box.maxX) + 3 * ratio) + 0.5;
  const top = Math.round(screenY(view, box.maxY) - 3 * ratio) + 0.5;
  const bottom = Math.round(screenY(view, box.minY) + 3 * ratio) + 0.5;
  ctx.strokeStyle = palette.accent;
  ctx.lineWidth = 1.5 * ratio;
  ctx.strokeRect(left, top, right - left, bottom - top);
  if (turnAt === null) return;
  const x = screenX(view, turnAt.x);
  const y = screenY(view, turnAt.y);
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, y + 5 * ratio);
  ctx.moveTo(x + 5 * ratio, y);
  ctx.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = palette.canvas;
  ctx.fill();
  ctx.stroke();
}

/** Squares on the points of a run, small discs where a point can be put in. */
function paintHandles(
  ctx: Context,
  view: View,
  handles: LiveLayer["handles"],
  palette: Palette,
): void {
  if (handles.length === 0) return;
  const size = HANDLE_PX * view.ratio;
  ctx.fillStyle = palette.canvas;
  ctx.strokeStyle = palette.accent;
  ctx.lineWidth = 1.5 * view.ratio;
  for (const { at, isNew } of handles) {
    const [x, y] = [screenX(view, at.x), screenY(view, at.y)];
    ctx.beginPath();
    if (isNew) ctx.arc(x, y, size / 3, 0, 2 * Math.PI);
    else ctx.rect(x - size / 2, y - size / 2, size, size);
    ctx.fill();
    ctx.stroke();
  }
}

/** Lines of all guides, and as many of their labels as fit beside each other, measures first. */
function paintGuides(
  ctx: Context,
  view: View,
  guides: readonly LiveGuide[],
  palette: Palette,
): void {
  const { ratio } = view;
  for (const guide of guides) paintGuideLine(ctx, view, guide, palette);
  ctx.font = `500 ${11 * ratio}px ${SANS}`;
  const taken: { x: number; y: number; half: number }[] = [];
  const inOrder = [...guides].sort((a, b) => Number(isMeasured(b)) - Number(isMeasured(a)));
  for (const guide of inOrder) {
    if (guide.label === "") continue;
    const half = ctx.measureText(guide.label).width / 2 + 8 * ratio;
    const centre = middle(guide.from, guide.to);
    const x = clamp(screenX(view, centre.x), half, view.width - half);
    const y = clamp(screenY(view, centre.y) + 14 * ratio, 14 * ratio, view.height - 14 * ratio);
    const meets = taken.some(
      (other) =>
        Math.abs(other.x - x) < other.half + half && Math.abs(other.y - y) < LABEL_PX * ratio,
    );
    if (meets) continue;
    taken.push({ x, y, half });
    paintPill(
      ctx,
      guide.label,
      x,
      y,
      { fill: palette.surface, stroke: palette.line, ink: palette.text },
      ratio,
      true,
    );
  }
}

const isMeasured = ({ kind }: LiveGuide): boolean => kind === "gap" || kind === "measure";
const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, least), Math.max(least, most));

function paintGuideLine(ctx: Context, view: View, guide: LiveGuide, palette: Palette): void {
  const { ratio } = view;
  const from = { x: screenX(view, guide.from.x), y: screenY(view, guide.from.y) };
  const to = { x: screenX(view, guide.to.x), y: screenY(view, guide.to.y) };
  const measured = isMeasured(guide);
  ctx.beginPath();
  ctx.moveTo(from.x, from.y);
  ctx.lineTo(to.x, to.y);
  if (measured) {
    arrowHead(ctx, from, to, 5 * ratio);
    arrowHead(ctx, to, from, 5 * ratio);
  }
  ctx.setLineDash(measured ? [] : [3 * ratio, 3 * ratio]);
  ctx.strokeStyle = palette.accent;
  ctx.lineWidth = ratio;
  ctx.stroke();
  ctx.setLineDash([]);
}

function arrowHead(ctx: Context, at: Vec2, away: Vec2, size: number): void {
  const length = Math.hypot(away.x - at.x, away.y - at.y) || 1;
  const [ux, uy] = [(away.x - at.x) / length, (away.y - at.y) / length];
  ctx.moveTo(at.x + (ux - uy * 0.6) * size, at.y + (uy + ux * 0.6) * size);
  ctx.lineTo(at.x, at.y);
  ctx.lineTo(at.x + (ux + uy * 0.6) * size, at.y + (uy - ux * 0.6) * size);
}

function paintPath(
  ctx: Context,
  view: View,
  path: NonNullable<LiveLayer["path"]>,
  palette: Palette,
): void {
  const { ratio } = view;
  const touches = path.mode === "crossing" || path.mode === "fence";
  const colour = touches ? palette.ok : palette.accent;
  ctx.beginPath();
  tracePath(ctx, view, path.points, path.closed);
  if (path.closed) {
    ctx.globalAlpha = 0.1;
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  ctx.setLineDash(touches ? [5 * ratio, 3 * ratio] : []);
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * ratio;
  ctx.stroke();
  ctx.setLineDash([]);
  // A line that selects has as many corners as the hand made: they would hide it.
  if (path.mode !== undefined) return;
  const size = HANDLE_PX * ratio;
  ctx.fillStyle = palette.canvas;
  for (const { x, y } of path.points) {
    const [left, top] = [screenX(view, x) - size / 2, screenY(view, y) - size / 2];
    ctx.fillRect(left, top, size, size);
    ctx.strokeRect(left, top, size, size);
  }
}

function paintBrush(
  ctx: Context,
  view: View,
  brush: NonNullable<LiveLayer["brush"]>,
  palette: Palette,
): void {
  const { ratio } = view;
  const left = screenX(view, brush.box.minX);
  const top = screenY(view, brush.box.maxY);
  const width = screenX(view, brush.box.maxX) - left;
  const height = screenY(view, brush.box.minY) - top;
  const colour = brush.mode === "crossing" ? palette.ok : palette.accent;
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.1;
  ctx.fillRect(left, top, width, height);
  ctx.globalAlpha = 1;
  ctx.setLineDash(brush.mode === "crossing" ? [5 * ratio, 3 * ratio] : []);
  ctx.strokeStyle = colour;
  ctx.lineWidth = ratio;
  ctx.strokeRect(left, top, width, height);
  ctx.setLineDash([]);
}

function paintCursor(ctx: Context, view: View, at: Vec2, initials: string, colour: string): void {
  const { ratio } = view;
  const x = screenX(view, at.x);
  const y = screenY(view, at.y);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x + 11 * ratio, y + 4 * ratio);
  ctx.lineTo(x + 5 * ratio, y + 6 * ratio);
  ctx.lineTo(x + 3 * ratio, y + 11 * ratio);
  ctx.closePath();
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.font = `600 ${10 * ratio}px ${SANS}`;
  paintPill(
    ctx,
    initials,
    x + 9 * ratio,
    y + 18 * ratio,
    { fill: colour, stroke: colour, ink: "#0e1116" },
    ratio,
  );
}
