import { segments } from "../base/polyline";
import { distance, middle, type Vec2 } from "../base/vec2";
import { middleOf, unlocked } from "./arrange";
import type { Editor } from "./editor";

const ABOVE_PX = 28;

/** Where the handle that turns the selection is, and what it turns about; null without one. */
export function rotateHandle(host: Editor): { readonly at: Vec2; readonly about: Vec2 } | null {
  const ids = host.selection.ids.get();
  if (ids.size === 0 || host.tools.active.get() !== "select") return null;
  // A run has handles of its own.
  if (ids.size === 1 && [...ids].some((id) => host.document.item(id)?.path)) return null;
  const box = host.extent(ids);
  const about = middleOf(host.document, ids);
  if (!box || !about || unlocked(host.document, ids).length === 0) return null;
  return { at: { x: about.x, y: box.maxY + host.camera.mm(ABOVE_PX) }, about };
}

/** A handle of a run: one of its points, or the middle of a part, where a point can be put in. */
export interface PathHandle {
  readonly at: Vec2;
  /** The point itself, or the place in the line that a new point would take. */
  readonly index: number;
  readonly isNew: boolean;
}

/** Parts shorter than this have no room for a handle in their middle. */
const LEAST_PART_PX = 36;

/** The handles of the one run that is selected; none for anything else, or while another tool works. */
export function pathHandles(host: Editor): readonly PathHandle[] {
  const [id] = host.selection.ids.get();
  if (host.selection.size !== 1 || id === undefined) return [];
  const path = host.document.item(id)?.path;
  if (!path || host.tools.active.get() !== "select" || !host.canEdit.get()) return [];
  if (unlocked(host.document, [id]).length === 0) return [];
  const least = host.camera.mm(LEAST_PART_PX);
  const points = path.map((at, index) => ({ at, index, isNew: false }));
  const middles = [...segments(path)].flatMap(([a, b], index) =>
    distance(a, b) < least ? [] : [{ at: middle(a, b), index: index + 1, isNew: true }],
  );
  return [...points, ...middles];
}

/** The handle under a point of the screen; points before middles. */
export function pathHandleAt(host: Editor, screen: Vec2, reachPx: number): PathHandle | null {
  return (
    pathHandles(host).find(({ at }) => distance(host.camera.toScreen(at), screen) <= reachPx) ??
    null
  );
}
