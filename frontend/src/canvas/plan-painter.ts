/** Paints everything that stays while the camera moves: one picture per view, scene and skin. */
import { paintEquipment, visibleByKind } from "./painters/equipment";
import { paintField } from "./painters/field";
import { paintFloor, paintRulers } from "./painters/floor";
import { paintLabels } from "./painters/labels";
import { paintDimensions, paintManifolds } from "./painters/pipes";
import { paintMarks } from "./painters/marks";
import { paintRoomNames } from "./painters/room-names";
import type { Context } from "./painters/shapes";
import type { Scene } from "./scene";
import type { Skin } from "./skin";
import type { View } from "./view";

export function paintPlan(ctx: Context, view: View, scene: Scene, skin: Skin): void {
  ctx.fillStyle = skin.palette.canvas;
  ctx.fillRect(0, 0, view.width, view.height);
  paintFloor(ctx, view, scene, skin);
  if (skin.field !== null && skin.ramp !== null) paintField(ctx, view, skin.field, skin.ramp);
  const byKind = visibleByKind(view, scene.boxes, skin);
  paintEquipment(ctx, view, scene, skin, byKind);
  paintManifolds(ctx, view, scene, skin);
  paintRulers(ctx, view, scene, skin);
  paintDimensions(ctx, view, scene, skin);
  paintMarks(ctx, view, scene.boxes, skin.palette, byKind);
  paintRoomNames(ctx, view, scene, skin, byKind);
  paintLabels(ctx, view, scene, skin, byKind);
}
