/** Where the markers of findings stand on screen, and what each has room to say. */
import { touches, type Box } from "../base/box";
import type { LiveFinding } from "./live";
import { screenX, screenY, visibleBox, type View } from "./view";

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
  readonly members: readonly LiveFinding[];
}

interface Reach {
  readonly width: number;
  readonly height: number;
}

interface Cluster {
  x: number;
  y: number;
  readonly members: LiveFinding[];
}

/** Findings closer than this share one marker, which is as wide as its words. */
const NEAR: Reach = { width: 72, height: 24 };
/** Where that leaves too many, farther ones share one too. */
const FARTHER: readonly Reach[] = [
  { width: 120, height: 60 },
  { width: 200, height: 110 },
  { width: 320, height: 180 },
];
/** One for each so many pixels says in words what is wrong; more would bury the plan and are counted. */
const PX_PER_WORDED = 75;
const MOST_MARKERS = 24;
const HEIGHT_PX = 20;
const PAD_PX = 6;
const GLYPH_PX = 14;
const ASIDE_PX = 4;
const WORST = ["blocking", "warning", "note"] as const;

/** Those of the findings that are in view. */
export function placedIn(view: View, findings: readonly LiveFinding[]): readonly PlacedFinding[] {
  const seen = visibleBox(view);
  return findings
    .filter(
      ({ at }) => at.x >= seen.minX && at.x <= seen.maxX && at.y >= seen.minY && at.y <= seen.maxY,
    )
    .map((finding) => ({
      finding,
      x: screenX(view, finding.at.x) / view.ratio,
      y: screenY(view, finding.at.y) / view.ratio,
    }));
}

/** The worst and the focused come first and keep their words; what would lie over them keeps its sign. */
export function markersOf(
  findings: readonly PlacedFinding[],
  widthPx: number,
  widthOf: (text: string) => number,
): readonly Marker[] {
  const near = clustersOf(findings, NEAR);
  let clusters = near;
  for (const reach of FARTHER) {
    if (clusters.length <= MOST_MARKERS) break;
    clusters = clustersOf(findings, reach);
  }
  const isWorded = near.length * PX_PER_WORDED <= widthPx;
  const ranked = clusters
    .map(({ x, y, members }) => {
      const focused = members.find((one) => one.focused);
      const severity = WORST.find((one) => members.some((each) => each.severity === one)) ?? "note";
      const text = focused?.label ?? wordsOf(members, isWorded);
      return { x, y, severity, text, isFocused: focused !== undefined, members };
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

/** The marker under a point of the screen; the one on top. */
export function markerAt(markers: readonly Marker[], x: number, y: number): Marker | null {
  return (
    markers.findLast(
      ({ box }) => x >= box.minX && x <= box.maxX && y >= box.minY && y <= box.maxY,
    ) ?? null
  );
}

function wordsOf(members: readonly LiveFinding[], isWorded: boolean): string {
  const [only] = members;
  if (!isWorded) return members.length === 1 ? "" : String(members.length);
  return members.length === 1 && only ? only.label : `${String(members.length)} findings`;
}

/** Each where the first of its findings is, the worst of the result first. */
function clustersOf(findings: readonly PlacedFinding[], { width, height }: Reach): Cluster[] {
  const clusters: Cluster[] = [];
  for (const { finding, x, y } of findings) {
    const near = clusters.find(
      (one) => Math.abs(one.x - x) < width && Math.abs(one.y - y) < height,
    );
    if (near === undefined) clusters.push({ x, y, members: [finding] });
    else near.members.push(finding);
  }
  return clusters;
}
