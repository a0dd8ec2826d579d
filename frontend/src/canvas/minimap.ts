/** The whole plan in a corner, with a frame around what the window shows. */
import type { Box } from "../base/box";
import type { Vec2 } from "../base/vec2";
import type { Palette } from "./palette";
import { KIND_CODE, type Scene } from "./scene";

const PAD = 4;

export interface MinimapFrame {
  readonly scale: number;
  readonly toScreen: (x: number, y: number) => Vec2;
  readonly toWorld: (x: number, y: number) => Vec2;
}

export function minimapFrame(scene: Scene, width: number, height: number): MinimapFrame {
  const extent = scene.extent ?? { minX: 0, minY: 0, maxX: 1, maxY: 1 };
  const scale = Math.min(
    (width - 2 * PAD) / Math.max(extent.maxX - extent.minX, 1),
    (height - 2 * PAD) / Math.max(extent.maxY - extent.minY, 1),
  );
  const left = (width - (extent.maxX - extent.minX) * scale) / 2;
  const top = (height - (extent.maxY - extent.minY) * scale) / 2;
  return {
    scale,
    toScreen: (x, y) => ({
      x: left + (x - extent.minX) * scale,
      y: top + (extent.maxY - y) * scale,
    }),
    toWorld: (x, y) => ({
      x: extent.minX + (x - left) / scale,
      y: extent.maxY - (y - top) / scale,
    }),
  };
}

let cached: { scene: Scene; palette: Palette; picture: OffscreenCanvas } | null = null;

export function paintMinimap(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  seen: Box,
  palette: Palette,
  width: number,
  height: number,
): void {
  const frame = minimapFrame(scene, width, height);
  if (cached?.scene !== scene || cached.palette !== palette) {
    cached = { scene, palette, picture: pictureOf(scene, frame, palette, width, height) };
  }
  ctx.clearRect(0, 0, width, height);
  ctx.drawImage(cached.picture, 0, 0);
  const from = frame.toScreen(seen.minX, seen.maxY);
  const to = frame.toScreen(seen.maxX, seen.minY);
  ctx.strokeStyle = palette.accent;
  ctx.lineWidth = 2;
  ctx.strokeRect(
    Math.max(from.x, 1),
    Math.max(from.y, 1),
    Math.min(to.x, width - 1) - Math.max(from.x, 1),
    Math.min(to.y, height - 1) - Math.max(from.y, 1),
  );
}

function pictureOf(
  scene: Scene,
  frame: MinimapFrame,
  palette: Palette,
  width: number,
  height: number,
): OffscreenCanvas {
  const picture = new OffscreenCanvas(width, height);
  const ctx = picture.getContext("2d");
  if (ctx === null) return picture;
  ctx.strokeStyle = palette.wall;
  ctx.lineWidth = 1.5;
  for (const hall of scene.halls) {
    ctx.beginPath();
    hall.ring.forEach(({ x, y }, index) => {
      const at = frame.toScreen(x, y);
      if (index === 0) ctx.moveTo(at.x, at.y);
      else ctx.lineTo(at.x, at.y);
    });
    ctx.closePath();
    ctx.stroke();
  }
  const { boxes } = scene;
  ctx.fillStyle = palette.textThird;
  for (let index = 0; index < boxes.count; index += 1) {
    const kind = boxes.kind[index];
    if (kind === KIND_CODE.containment || kind === KIND_CODE.busway) continue;
    const from = frame.toScreen(boxes.minX[index] ?? 0, boxes.maxY[index] ?? 0);
    const to = frame.toScreen(boxes.maxX[index] ?? 0, boxes.minY[index] ?? 0);
    ctx.fillRect(from.x, from.y, Math.max(to.x - from.x, 0.5), Math.max(to.y - from.y, 0.5));
  }
  return picture;
}
