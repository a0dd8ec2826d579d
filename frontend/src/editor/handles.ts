import type { Vec2 } from "../base/vec2";
import { middleOf, unlocked } from "./arrange";
import type { Editor } from "./editor";

const ABOVE_PX = 28;

/** Where the handle that turns the selection is, and what it turns about; null without one. */
export function rotateHandle(host: Editor): { readonly at: Vec2; readonly about: Vec2 } | null {
  const ids = host.selection.ids.get();
  if (ids.size === 0 || host.tools.active.get() !== "select") return null;
  const box = host.extent(ids);
  const about = middleOf(host.document, ids);
  if (!box || !about || unlocked(host.document, ids).length === 0) return null;
  return { at: { x: about.x, y: box.maxY + host.camera.mm(ABOVE_PX) }, about };
}
