import { subtract, type Vec2 } from "../../base/vec2";
import { quantiseLength } from "../../model/quantise";
import type { Editor } from "../editor";
import type { ToolPointer } from "../tool";

/** The pointer's place, pulled to what is near; kept to one axis from `from` when ortho is on. */
export function snappedPoint(
  host: Editor,
  pointer: ToolPointer,
  from?: Vec2,
  inLine: readonly Vec2[] = [],
): Vec2 {
  let asked = pointer.world;
  let only: "x" | "y" | undefined;
  if (from && pointer.shift !== host.settings.ortho.get()) {
    const away = subtract(asked, from);
    only = Math.abs(away.x) >= Math.abs(away.y) ? "x" : "y";
    asked = only === "x" ? { x: asked.x, y: from.y } : { x: from.x, y: asked.y };
  }
  const snap = host.snapper.point(asked, {
    isSuspended: pointer.alt,
    inLine: only ? [] : inLine,
    ...(only ? { only } : {}),
  });
  host.preview.show({ guides: snap.guides });
  return { x: quantiseLength(asked.x + snap.by.x), y: quantiseLength(asked.y + snap.by.y) };
}
