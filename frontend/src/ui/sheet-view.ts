/** The part of a sheet that is seen: left, top, width and height in mm of paper. */
export type SheetView = readonly [x: number, y: number, width: number, height: number];

const EDGE = 12; // mm of paper around what is zoomed to
const SMALLEST = 90; // mm of paper that stay visible at least
const SHARE = 0.55; // of the width that what changed takes when a review opens
const NEAREST = 4; // mm of paper across the closest view
const FARTHEST = 1.5; // of the whole sheet

/** The numbers of an attribute, parted by blanks. */
export function numbersOf(text: string): readonly number[] {
  return text.trim().split(/\s+/).map(Number);
}

/** Four numbers of an attribute as a view; null when they are not four numbers. */
export function viewOf(text: string): SheetView | null {
  const [x, y, width, height] = numbersOf(text);
  if (x === undefined || y === undefined || width === undefined || height === undefined)
    return null;
  return [x, y, width, height].every(Number.isFinite) ? [x, y, width, height] : null;
}

/** Closer or farther, while the point at x, y stays where it is. */
export function zoomed(
  [left, top, width, height]: SheetView,
  factor: number,
  whole: SheetView,
  x = left + width / 2,
  y = top + height / 2,
): SheetView {
  const next = Math.min(whole[2] * FARTHEST, Math.max(NEAREST, width * factor));
  const by = next / width;
  return [x - (x - left) * by, y - (y - top) * by, next, height * by];
}

/** The view with a box in its middle, and paper around it. */
export function around([x, y, width, height]: SheetView): SheetView {
  const w = Math.max(width + 2 * EDGE, SMALLEST);
  const h = Math.max(height + 2 * EDGE, SMALLEST);
  return [x + width / 2 - w / 2, y + height / 2 - h / 2, w, h];
}

/** What a review opens at: all that changed amid what stands around it, at most the whole sheet. */
export function opening(whole: SheetView, changed: readonly SheetView[]): SheetView {
  if (changed.length === 0) return whole;
  const left = Math.min(...changed.map((box) => box[0]));
  const top = Math.min(...changed.map((box) => box[1]));
  const across = Math.max(...changed.map((box) => box[0] + box[2])) - left;
  const down = Math.max(...changed.map((box) => box[1] + box[3])) - top;
  const width = Math.max(across / SHARE, (down / SHARE) * (whole[2] / whole[3]), SMALLEST);
  const height = (width * whole[3]) / whole[2];
  if (width >= whole[2]) return whole;
  return [left + across / 2 - width / 2, top + down / 2 - height / 2, width, height];
}

/** The place that a pin was put at, from its transform `translate(x y) scale(s)`. */
export function pinPlace(transform: string): readonly [x: number, y: number] | null {
  const found = /^translate\(\s*(-?[\d.]+)[\s,]+(-?[\d.]+)\s*\)/.exec(transform.trim());
  return found ? [Number(found[1]), Number(found[2])] : null;
}

/** The next of a list after one of it, or its first, or going back its last. */
export function nextOf<T>(list: readonly T[], shown: T | null, by: 1 | -1): T | undefined {
  const index = shown === null ? -1 : list.indexOf(shown);
  const next = index < 0 ? (by > 0 ? 0 : list.length - 1) : index + by;
  return list[(next + list.length) % list.length];
}
