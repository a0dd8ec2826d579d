/** The building: floors, tiles, walls, doors and named zones. */
import { grown, touches, type Box } from "../../base/box";
import { add, middle, scale, type Vec2 } from "../../base/vec2";
import type { Scene, SceneDoor, SceneHall, SceneZone } from "../scene";
import { MONO, type Skin } from "../skin";
import { screenX, screenY, visibleBox, type View } from "../view";
import { traceHatch, tracePath, type Context } from "./shapes";

const WALL_MM = 300;
const LEAST_TILE_PX = 7;
const LEAST_DOTS_PX = 14;
const LABEL_SPACING_PX = 46;
/** Coarser and coarser tile steps, until the lines stand far enough apart. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500] as const;

export function stepFor(pitchPx: number, leastPx: number): number {
  return STEPS.find((step) => step * pitchPx >= leastPx) ?? 1000;
}

export function paintFloor(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  const seen = visibleBox(view);
  if (skin.gridMm > 0) paintGrid(ctx, view, skin, seen);
  const halls = scene.halls.filter((hall) => touches(grown(hall.box, WALL_MM * 12), seen));
  for (const hall of halls) {
    if (skin.tileGrid) paintTiles(ctx, view, hall, skin, seen);
  }
  for (const zone of scene.zones) {
    if (touches(zone.box, seen)) paintZone(ctx, view, zone, skin);
  }
  for (const hall of halls) {
    paintWall(ctx, view, hall, skin);
  }
  for (const door of scene.doors) paintDoor(ctx, view, door, skin);
}

/** The grid that things snap to, as dots: where lines would be taken for tiles. */
function paintGrid(ctx: Context, view: View, skin: Skin, seen: Box): void {
  const step = stepFor(skin.gridMm * view.scale, LEAST_DOTS_PX * view.ratio) * skin.gridMm;
  const size = Math.max(1, Math.round(view.ratio));
  ctx.fillStyle = skin.palette.lineStrong;
  for (let x = Math.ceil(seen.minX / step) * step; x <= seen.maxX; x += step) {
    const left = Math.round(screenX(view, x));
    for (let y = Math.ceil(seen.minY / step) * step; y <= seen.maxY; y += step) {
      ctx.fillRect(left, Math.round(screenY(view, y)), size, size);
    }
  }
}

function paintTiles(ctx: Context, view: View, hall: SceneHall, skin: Skin, seen: Box): void {
  const tiles = hall.tiles;
  if (tiles === null) return;
  const step = stepFor(tiles.pitch * view.scale, LEAST_TILE_PX * view.ratio) * tiles.pitch;
  const box: Box = {
    minX: Math.max(hall.box.minX, seen.minX),
    minY: Math.max(hall.box.minY, seen.minY),
    maxX: Math.min(hall.box.maxX, seen.maxX),
    maxY: Math.min(hall.box.maxY, seen.maxY),
  };
  ctx.save();
  ctx.beginPath();
  tracePath(ctx, view, hall.ring, true);
  ctx.clip();
  ctx.beginPath();
  const firstX = tiles.originX + Math.ceil((box.minX - tiles.originX) / step) * step;
  for (let x = firstX; x <= box.maxX; x += step) {
    const at = Math.round(screenX(view, x)) + 0.5;
    ctx.moveTo(at, screenY(view, box.minY));
    ctx.lineTo(at, screenY(view, box.maxY));
  }
  const firstY = tiles.originY + Math.ceil((box.minY - tiles.originY) / step) * step;
  for (let y = firstY; y <= box.maxY; y += step) {
    const at = Math.round(screenY(view, y)) + 0.5;
    ctx.moveTo(screenX(view, box.minX), at);
    ctx.lineTo(screenX(view, box.maxX), at);
  }
  ctx.strokeStyle = skin.palette.grid;
  ctx.lineWidth = view.ratio;
  ctx.stroke();
  ctx.restore();
}

/** Tile numbers along the top and letters along the left of each hall. */
export function paintRulers(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  if (!skin.tileGrid) return;
  ctx.font = `400 ${11 * view.ratio}px ${MONO}`;
  ctx.fillStyle = skin.palette.textThird;
  ctx.textBaseline = "middle";
  const seen = visibleBox(view);
  const wall = Math.max(WALL_MM * view.scale, 3 * view.ratio);
  for (const { tiles, box } of scene.halls) {
    if (tiles === null || !touches(grown(box, WALL_MM * 4), seen)) continue;
    const pitchPx = tiles.pitch * view.scale;
    if ((box.maxX - box.minX) * view.scale < 2 * LABEL_SPACING_PX * view.ratio) continue;
    const step = stepFor(pitchPx, LABEL_SPACING_PX * view.ratio);
    const columns = Math.ceil((box.maxX - tiles.originX) / tiles.pitch);
    const rows = Math.ceil((box.maxY - tiles.originY) / tiles.pitch);
    ctx.textAlign = "center";
    const top = screenY(view, box.maxY) - wall - 9 * view.ratio;
    for (let column = 0; column < columns; column += step) {
      const x = tiles.originX + (column + 0.5) * tiles.pitch;
      if (x < box.minX) continue;
      ctx.fillText(String(column + 1).padStart(2, "0"), screenX(view, x), top);
    }
    ctx.textAlign = "right";
    const left = screenX(view, box.minX) - wall - 6 * view.ratio;
    for (let row = 0; row < rows; row += step) {
      const y = tiles.originY + (row + 0.5) * tiles.pitch;
      if (y < box.minY) continue;
      ctx.fillText(tiles.rowLabel(row), left, screenY(view, y));
    }
  }
}

function paintWall(ctx: Context, view: View, hall: SceneHall, skin: Skin): void {
  const px = Math.max(WALL_MM * view.scale, 2 * view.ratio);
  ctx.beginPath();
  tracePath(ctx, view, hall.ring, true);
  ctx.strokeStyle = skin.palette.wall;
  ctx.lineWidth = Math.min(px, 6 * view.ratio);
  ctx.lineJoin = "miter";
  ctx.stroke();
}

function paintZone(ctx: Context, view: View, zone: SceneZone, skin: Skin): void {
  const { ratio } = view;
  const screen = {
    left: screenX(view, zone.box.minX),
    right: screenX(view, zone.box.maxX),
    top: screenY(view, zone.box.maxY),
    bottom: screenY(view, zone.box.minY),
  };
  ctx.beginPath();
  tracePath(ctx, view, zone.ring, true);
  if (zone.kind === "keepout") {
    ctx.save();
    ctx.clip();
    ctx.beginPath();
    traceHatch(ctx, screen, 8 * ratio);
    ctx.strokeStyle = skin.palette.line;
    ctx.lineWidth = ratio;
    ctx.stroke();
    ctx.restore();
    ctx.beginPath();
    tracePath(ctx, view, zone.ring, true);
  }
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  ctx.strokeStyle = zone.kind === "keepout" ? skin.palette.lineStrong : skin.palette.line;
  ctx.lineWidth = ratio;
  ctx.stroke();
  ctx.setLineDash([]);
}

function paintDoor(ctx: Context, view: View, door: SceneDoor, skin: Skin): void {
  const { ratio } = view;
  const widthPx = door.width * view.scale;
  if (widthPx < 4 * ratio) return;
  const end = add(door.at, scale(door.along, door.width));
  // The opening: the wall is painted over before the leaf is drawn.
  ctx.beginPath();
  tracePath(ctx, view, [door.at, end], false);
  ctx.strokeStyle = skin.palette.canvas;
  ctx.lineWidth = Math.min(Math.max(WALL_MM * view.scale, 2 * ratio), 6 * ratio) + ratio;
  ctx.stroke();
  ctx.beginPath();
  const leaves: { hinge: Vec2; free: Vec2; length: number }[] =
    door.swing === "double"
      ? [
          { hinge: door.at, free: middle(door.at, end), length: door.width / 2 },
          { hinge: end, free: middle(door.at, end), length: door.width / 2 },
        ]
      : door.swing === "right"
        ? [{ hinge: end, free: door.at, length: door.width }]
        : [{ hinge: door.at, free: end, length: door.width }];
  if (door.swing === "sliding") {
    const inset = scale(door.into, WALL_MM / 2);
    tracePath(ctx, view, [add(door.at, inset), add(end, inset)], false);
  } else {
    for (const { hinge, free, length } of leaves) {
      const open = add(hinge, scale(door.into, length));
      tracePath(ctx, view, [hinge, open], false);
      const [from, to] = [angle(view, hinge, open), angle(view, hinge, free)];
      const turn = ((to - from + 3 * Math.PI) % (2 * Math.PI)) - Math.PI;
      ctx.moveTo(screenX(view, open.x), screenY(view, open.y));
      ctx.arc(
        screenX(view, hinge.x),
        screenY(view, hinge.y),
        length * view.scale,
        from,
        to,
        turn < 0,
      );
    }
  }
  ctx.strokeStyle = skin.palette.wall;
  ctx.lineWidth = ratio;
  ctx.stroke();
}

function angle(view: View, from: Vec2, to: Vec2): number {
  return Math.atan2(
    screenY(view, to.y) - screenY(view, from.y),
    screenX(view, to.x) - screenX(view, from.x),
  );
}
