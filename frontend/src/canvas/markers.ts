/** Where the markers of findings stand on screen, and what each has room to say. */
import { touches, type Box } from "../base/box";
import type { LiveFinding } from "./live";

/** A finding and its place in CSS pixels. */
export interface PlacedFinding {
  readonly finding: LiveFinding;
  readonly x: number;
  readonly y: number;
}

export interface Marker {
  readonly box: Box;
  readonly pad: number;
  readonly glyphWidth: number;
  readonly severity: LiveFinding["severity"];
  /** Empty where there is room for the sign only. */
  readonly text: string;
  readonly isFocused: boolean;
}

/** Findings closer than this share one marker: it is as wide as its words. */
const CLUSTER_WIDTH_PX = 72;
const CLUSTER_HEIGHT_PX = 24;
const HEIGHT_PX = 20;
const PAD_PX = 6;
const GLYPH_PX = 14;
const ASIDE_PX = 4;
const WORST = ["blocking", "warning", "note"] as const;

/** The worst and the focused come first and keep their words; what would lie over them keeps its sign. */
export function markersOf(
  findings: readonly PlacedFinding[],
  widthPx: number,
  widthOf: (text: string) => number,
): readonly Marker[] {
  const clusters: { x: number; y: number; members: LiveFinding[] }[] = [];
  for (const { finding, x, y } of findings) {
    const near = clusters.find(
      (one) => Math.abs(one.x - x) < CLUSTER_WIDTH_PX && Math.abs(one.y - y) < CLUSTER_HEIGHT_PX,
    );
    if (near === undefined) clusters.push({ x, y, members: [finding] });
    else near.members.push(finding);
  }
  const ranked = clusters
    .map(({ x, y, members }) => {
      const focused = members.find((one) => one.focused);
      const severity = WORST.find((one) => members.some((each) => each.severity === one)) ?? "note";
      const [only] = members;
      const text =
        focused?.label ??
        (members.length === 1 && only ? only.label : `${String(members.length)} findings`);
      return { x, y, severity, text, isFocused: focused !== undefined };
    })
    .sort(
      (a, b) =>
        Number(b.isFocused) - Number(a.isFocused) ||
        WORST.indexOf(a.severity) - WORST.indexOf(b.severity),
    );
  const taken: Box[] = [];
  const markers = ranked.map(({ x, y, ...rest }): Marker => {
    const boxOf = (text: string): Box => {
      const width = text === "" ? HEIGHT_PX + ASIDE_PX : widthOf(text) + GLYPH_PX + 2 * PAD_PX;
      const minX = Math.min(x + ASIDE_PX, widthPx - width - ASIDE_PX);
      return { minX, minY: y - HEIGHT_PX / 2, maxX: minX + width, maxY: y + HEIGHT_PX / 2 };
    };
    const full = boxOf(rest.text);
    const text = taken.some((one) => touches(one, full)) ? "" : rest.text;
    const box = text === "" ? boxOf("") : full;
    taken.push(box);
    return { ...rest, text, box, pad: PAD_PX, glyphWidth: GLYPH_PX };
  });
  // The most important is drawn last, over the others.
  return markers.reverse();
}
