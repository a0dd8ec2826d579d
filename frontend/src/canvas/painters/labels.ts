/** Tags and totals, only where they fit. */
import { touches } from "../../base/box";
import { NO_CLASS } from "../ramp";
import { BOX_KINDS, FLAG_SQUARE, KIND_CODE, type Boxes, type BoxKind, type Scene } from "../scene";
import { MONO, MONO_ADVANCE, SANS, type Skin } from "../skin";
import { screenX, screenY, visibleBox, type View } from "../view";
import { paintPill, type Context } from "./shapes";

const TAG_PX = 10;
const MODULE_PX = 12;
const TOTAL_PX = 11;
/** Below this height of a module its label would be larger than the module. */
const LEAST_MODULE_PX = 18;
const MOST_LABELS = 2500;
/** Narrower racks would be nothing but their tags. */
const RACK_TAG_FROM_PX = 24;
/** What a cut tag must keep: of a rack any part, of anything else a part that names it. */
export const ANY_PART = /./;
export const WITH_A_LETTER = /\p{L}/u;

export function paintLabels(
  ctx: Context,
  view: View,
  scene: Scene,
  skin: Skin,
  byKind: readonly (readonly number[])[],
): void {
  let left = MOST_LABELS;
  ctx.textBaseline = "middle";
  ctx.textAlign = "center";
  ctx.font = `500 ${TAG_PX * view.ratio}px ${MONO}`;
  for (const kind of BOX_KINDS) {
    if (kind === "busway" || kind === "containment" || kind === "column") continue;
    // Over a field the ground of a tag is not known, so its ink is not either.
    if (kind === "rack" && skin.field !== null) continue;
    const indices = byKind[KIND_CODE[kind]] ?? [];
    left -= paintTags(ctx, view, scene.boxes, skin, kind, indices.slice(0, Math.max(left, 0)));
  }
  paintModuleLabels(ctx, view, scene, skin);
  paintNotes(ctx, view, scene, skin);
}

function paintTags(
  ctx: Context,
  view: View,
  boxes: Boxes,
  skin: Skin,
  kind: BoxKind,
  indices: readonly number[],
): number {
  const advance = TAG_PX * MONO_ADVANCE * view.ratio;
  const line = (TAG_PX + 3) * view.ratio;
  let painted = 0;
  for (const index of indices) {
    const width = ((boxes.maxX[index] ?? 0) - (boxes.minX[index] ?? 0)) * view.scale;
    const height = ((boxes.maxY[index] ?? 0) - (boxes.minY[index] ?? 0)) * view.scale;
    if (Math.min(width, height) < (kind === "rack" ? RACK_TAG_FROM_PX * view.ratio : line))
      continue;
    if (((boxes.flags[index] ?? 0) & FLAG_SQUARE) === 0) continue;
    const full = boxes.tags[index] ?? "";
    // A rack is known by its place in the row; a bare "01" on anything else says nothing.
    const least = kind === "rack" ? ANY_PART : WITH_A_LETTER;
    const across = fitting(full, (width - 4 * view.ratio) / advance, least);
    const upright = fitting(full, (height - 4 * view.ratio) / advance, least);
    // A short tag that reads across beats a long one on its side.
    const isUpright = across === "" && upright !== "";
    const tag = isUpright ? upright : across;
    if (tag === "") continue;
    const cls = skin.classes[index] ?? NO_CLASS;
    ctx.fillStyle =
      (cls === NO_CLASS ? undefined : skin.ramp?.inks[cls]) ??
      (kind === "rack" ? skin.palette.textSecond : skin.palette.text);
    const x = screenX(view, ((boxes.minX[index] ?? 0) + (boxes.maxX[index] ?? 0)) / 2);
    const y = screenY(view, ((boxes.minY[index] ?? 0) + (boxes.maxY[index] ?? 0)) / 2);
    if (isUpright) {
      ctx.save();
      ctx.translate(x, y);
      ctx.rotate(-Math.PI / 2);
      ctx.fillText(tag, 0, view.ratio * 0.5);
      ctx.restore();
    } else {
      if (kind === "cdu" && cls === NO_CLASS)
        paintGround(ctx, view, x, y, tag.length * advance, line, skin);
      ctx.fillText(tag, x, y + view.ratio * 0.5);
    }
    painted += 1;
  }
  return painted;
}

/** A busway may run over a CDU: its tag is read on the CDU's own ground. */
function paintGround(
  ctx: Context,
  view: View,
  x: number,
  y: number,
  width: number,
  height: number,
  skin: Skin,
): void {
  const ink = ctx.fillStyle;
  ctx.fillStyle = skin.palette.surface;
  ctx.fillRect(x - width / 2 - view.ratio, y - height / 2, width + 2 * view.ratio, height);
  ctx.fillStyle = ink;
}

/**
 * The tag, or its last parts, so that it has at most `room` characters; empty when none fits,
 * or when what fits is less than `least` asks for.
 */
export function fitting(tag: string, room: number, least: RegExp): string {
  let text = tag;
  while (text.length > room) {
    const cut = text.search(/[-/ ]/);
    if (cut < 0) return "";
    text = text.slice(cut + 1);
  }
  return text === tag || least.test(text) ? text : "";
}

function paintModuleLabels(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  const { ratio } = view;
  const seen = visibleBox(view);
  for (const module of scene.modules) {
    if (!touches(module.box, seen) || skin.leftOut.has(module.id)) continue;
    const height = (module.box.maxY - module.box.minY) * view.scale;
    const width = (module.box.maxX - module.box.minX) * view.scale;
    if (height < LEAST_MODULE_PX * ratio) {
      if (width > 30 * ratio && height > 11 * ratio)
        paintCompact(ctx, view, module.tag, module, skin);
      continue;
    }
    const parts = [skin.moduleTotals.get(module.id) ?? "", module.isLocked ? "locked" : ""];
    const total = parts.filter((part) => part !== "").join(" · ");
    ctx.font = `600 ${MODULE_PX * ratio}px ${SANS}`;
    const tagWidth = ctx.measureText(module.tag).width;
    ctx.font = `400 ${TOTAL_PX * ratio}px ${SANS}`;
    const room = Math.max(tagWidth, ctx.measureText(total).width) + 14 * ratio;
    if (module.roomRight * view.scale >= room) {
      const x = screenX(view, module.box.maxX) + 8 * ratio;
      const y = screenY(view, (module.rowsBox.minY + module.rowsBox.maxY) / 2);
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      ctx.font = `600 ${MODULE_PX * ratio}px ${SANS}`;
      ctx.fillStyle = skin.palette.text;
      ctx.fillText(module.tag, x, total === "" ? y : y - 7 * ratio);
      ctx.font = `400 ${TOTAL_PX * ratio}px ${SANS}`;
      ctx.fillStyle = skin.palette.textSecond;
      ctx.fillText(total, x, y + 7 * ratio);
    } else {
      paintCompact(ctx, view, total === "" ? module.tag : `${module.tag}  ${total}`, module, skin);
    }
  }
}

function paintCompact(
  ctx: Context,
  view: View,
  text: string,
  module: Scene["modules"][number],
  skin: Skin,
): void {
  ctx.font = `500 ${TOTAL_PX * view.ratio}px ${SANS}`;
  const width = (module.box.maxX - module.box.minX) * view.scale;
  const label = ctx.measureText(text).width + 12 * view.ratio < width ? text : module.tag;
  if (ctx.measureText(label).width + 12 * view.ratio > width) return;
  paintPill(
    ctx,
    label,
    screenX(view, module.centre.x),
    screenY(view, module.centre.y),
    { fill: skin.palette.canvas, stroke: skin.palette.line, ink: skin.palette.text },
    view.ratio,
    true,
  );
}

function paintNotes(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillStyle = skin.palette.textSecond;
  for (const note of scene.notes) {
    const px = note.height * view.scale;
    if (px < 6 * view.ratio) continue;
    ctx.font = `400 ${px}px ${SANS}`;
    note.text.split("\n").forEach((line, index) => {
      ctx.fillText(line, screenX(view, note.at.x), screenY(view, note.at.y) + index * px * 1.3);
    });
  }
}
