/** The window onto the plan, in device pixels: world millimetres with y up, screen with y down. */
import type { Box } from "../base/box";
import type { Vec2 } from "../base/vec2";

export interface View {
  /** Size of the canvas in device pixels. */
  readonly width: number;
  readonly height: number;
  /** Device pixels per millimetre. */
  readonly scale: number;
  /** World point at the top left of the canvas. */
  readonly left: number;
  readonly top: number;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
}

export const screenX = (view: View, x: number): number => (x - view.left) * view.scale;
export const screenY = (view: View, y: number): number => (view.top - y) * view.scale;

export function worldAt(view: View, x: number, y: number): Vec2 {
  return { x: view.left + x / view.scale, y: view.top - y / view.scale };
}

export function visibleBox(view: View): Box {
  return {
    minX: view.left,
    maxX: view.left + view.width / view.scale,
    maxY: view.top,
    minY: view.top - view.height / view.scale,
  };
}

/** The same view with `share` of its size added on every side. */
export function widened(view: View, share: number): View {
  const padX = Math.round(view.width * share);
  const padY = Math.round(view.height * share);
  return {
    ...view,
    width: view.width + 2 * padX,
    height: view.height + 2 * padY,
    left: view.left - padX / view.scale,
    top: view.top + padY / view.scale,
  };
}

/** Whether what `outer` shows contains what `inner` shows. */
export function holdsView(outer: View, inner: View): boolean {
  const [around, within] = [visibleBox(outer), visibleBox(inner)];
  return (
    around.minX <= within.minX &&
    around.minY <= within.minY &&
    around.maxX >= within.maxX &&
    around.maxY >= within.maxY
  );
}

export function sameView(a: View, b: View): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.scale === b.scale &&
    a.left === b.left &&
    a.top === b.top &&
    a.ratio === b.ratio
  );
}
