/** Paints everything that stays while the camera moves: one picture per view, scene and skin. */
import {
  buswaysLieAbove,
  paintBusways,
  paintFloorEquipment,
  paintUnits,
  visibleByKind,
} from "./painters/equipment";
import { paintDimensions } from "./painters/dimensions";
import { paintField } from "./painters/field";
import { paintFloor, paintRulers } from "./painters/floor";
import { paintLabels } from "./painters/labels";
import { paintMarks } from "./painters/marks";
import { paintRoomNames } from "./painters/room-names";
import { paintFeeders, paintPipes, paintRunTags, paintTrays } from "./painters/runs";
import type { Context } from "./painters/shapes";
import type { BoxKind, Scene } from "./scene";
import type { Skin } from "./skin";
import type { View } from "./view";

const POWER: readonly BoxKind[] = [
  "panel",
  "ups",
  "rectifier",
  "switchboard",
  "transformer",
  "generator",
];
const COOLING: readonly BoxKind[] = ["cdu", "air_handler", "dry_cooler", "chiller"];

export function paintPlan(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  ctx.fillStyle = skin.palette.canvas;
  ctx.fillRect(0, 0, view.width, view.height);
  paintFloor(ctx, view, scene, skin);
  if (skin.field !== null && skin.ramp !== null) paintField(ctx, view, skin.field, skin.ramp);
  const byKind = visibleByKind(view, scene.boxes, skin);
  if (!buswaysLieAbove(view)) paintBusways(ctx, view, scene, skin, byKind);
  paintFloorEquipment(ctx, view, scene, skin, byKind);
  paintTrays(ctx, view, scene, skin);
  // Lines lead to the middle of what they join: its box covers their ends.
  paintFeeders(ctx, view, scene, skin);
  paintUnits(ctx, view, scene, skin, byKind, POWER);
  paintPipes(ctx, view, scene, skin);
  paintUnits(ctx, view, scene, skin, byKind, COOLING);
  if (buswaysLieAbove(view)) paintBusways(ctx, view, scene, skin, byKind);
  paintRulers(ctx, view, scene, skin);
  paintDimensions(ctx, view, scene, skin);
  paintRunTags(ctx, view, scene, skin);
  paintMarks(ctx, view, scene.boxes, skin.palette, byKind);
  paintRoomNames(ctx, view, scene, skin, byKind);
  paintLabels(ctx, view, scene, skin, byKind);
}
