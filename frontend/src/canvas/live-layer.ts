/** Puts together what lies over the plan, from the editor's state. */
import { boxAround, centreOf, shifted, union, type Box } from "../base/box";
import { add, rotateAbout, type Vec2 } from "../base/vec2";
import type { Moving, PreviewState } from "../editor/preview";
import type { ElementId } from "../model/element";
import { unitOf, type Evaluation, type Finding } from "../model/evaluation";
import type { Item } from "../model/item";
import type { DocumentStore } from "../model/store";
import type { LiveCursor, LiveFinding, LiveLayer, LiveShape } from "./live";
import type { Marker } from "./markers";
import { grouped } from "./numbers";

/** More would hide what stands there; the marker says how many, and a click hatches them. */
const MOST_RINGS = 6;
const MOST_FOCUSED_RINGS = 400;
const MOST_MARKERS = 1500;
/** More moving things than this are drawn as plain rectangles, without outlines. */
const MOST_SHAPES = 400;
const TOUCHING_MM = 1;

export interface Peer {
  readonly id: string;
  /** The browser tab: one person may have several. */
  readonly client: string;
  readonly name: string;
  readonly colour: string;
  readonly cursor: Vec2 | null;
  readonly selection: readonly ElementId[];
  /** Outlines where what they drag would land. */
  readonly ghosts: readonly (readonly Vec2[])[];
  /** The tab whose view they keep to. */
  readonly following: string | null;
}

export interface LiveInput {
  readonly document: DocumentStore;
  readonly preview: PreviewState;
  readonly selected: ReadonlySet<ElementId>;
  readonly hover: ElementId | null;
  readonly findings: readonly LiveFinding[];
  readonly markers: readonly Marker[];
  readonly peers: readonly Peer[];
  readonly turnAt: Vec2 | null;
  readonly handles: LiveLayer["handles"];
  readonly assumedFeeders: LiveLayer["assumedFeeders"];
  readonly assumedWater: LiveLayer["assumedWater"];
}

export function liveLayer(input: LiveInput): LiveLayer {
  const { document, preview } = input;
  const { moving } = preview;
  const load = moving === null ? null : carried(document, moving.ids);
  const place = moving === null ? null : placerOf(moving);
  const clashes = preview.clashes.length > 0;
  const ghosts: LiveShape[] = preview.ghosts.map((item) => shapeOf(item, clashes));
  const isMass =
    moving !== null && load !== null && moving.turn === null && load.items.length > MOST_SHAPES;
  if (load !== null && place !== null && !isMass) {
    for (const item of load.items) {
      ghosts.push({ ring: item.ring.map(place), tag: ghostTag(item), clashes });
    }
  }
  const selected: (readonly Vec2[])[] = [];
  const boxes: Box[] = [];
  if (isMass && !moving.copy) {
    if (load.box !== null) boxes.push(shifted(load.box, moving.by));
  } else {
    for (const id of input.selected) {
      const item = document.item(id);
      if (item === undefined) continue;
      const ring =
        place !== null && moving?.copy === false && moving.ids.has(id)
          ? item.ring.map(place)
          : item.ring;
      selected.push(ring);
      const box = boxAround(ring);
      if (box !== null) boxes.push(box);
    }
  }
  const hover =
    input.hover === null || input.selected.has(input.hover)
      ? undefined
      : document.item(input.hover);
  return {
    hover: hover?.ring ?? null,
    selected,
    // The points of a run say more than the box around it.
    frame: input.handles.length > 0 ? null : union(boxes),
    turnAt: input.turnAt,
    handles: input.handles,
    assumedFeeders: input.assumedFeeders,
    assumedWater: input.assumedWater,
    ghosts,
    mass: isMass ? { edges: load.edges, by: moving.by, clashes } : null,
    clashes: ringsOf(document, preview.clashes),
    guides: preview.guides,
    brush: preview.brush,
    path: preview.path,
    findings: input.findings,
    markers: input.markers,
    cursors: input.peers.flatMap(cursorOf),
    peers: input.peers.map(({ selection, ghosts, colour }) => ({
      colour,
      selected: ringsOf(document, selection),
      ghosts,
    })),
  };
}

function ringsOf(document: DocumentStore, ids: readonly ElementId[]): readonly (readonly Vec2[])[] {
  return ids.slice(0, MOST_FOCUSED_RINGS).flatMap((id) => {
    const ring = document.item(id)?.ring;
    return ring === undefined ? [] : [ring];
  });
}

function shapeOf(item: Item, clashes: boolean): LiveShape {
  return { ring: item.ring, tag: ghostTag(item), clashes };
}

/** Members of a module go by the module's tag; in the middle of a run's box there is no run. */
const ghostTag = (item: Item): string =>
  item.moduleId === null && item.path === null ? item.tag : "";

/** What a gesture moves, worked out once: the set of ids stays the same until it ends. */
interface Carried {
  readonly items: readonly Item[];
  readonly ids: ReadonlySet<ElementId>;
  readonly box: Box | null;
  /** Left, bottom, right and top of each block in turn. */
  readonly edges: Float64Array;
}

const carriedBy = new WeakMap<ReadonlySet<ElementId>, Carried>();

function carried(document: DocumentStore, ids: ReadonlySet<ElementId>): Carried {
  const known = carriedBy.get(ids);
  if (known !== undefined) return known;
  const items = [...ids].flatMap((id) => {
    const item = document.item(id);
    return item === undefined ? [] : [item, ...document.membersOf(id)];
  });
  const made: Carried = {
    items,
    ids: new Set(items.map(({ id }) => id)),
    box: union(items.map(({ box }) => box)),
    edges: joinedEdges(
      items
        .filter(
          ({ kind, path }) =>
            path === null && kind !== "module" && kind !== "busway" && kind !== "containment",
        )
        .map(({ box }) => box),
    ),
  };
  carriedBy.set(ids, made);
  return made;
}

/** Edges of boxes, those that stand side by side as one. */
function joinedEdges(boxes: readonly Box[]): Float64Array {
  const sorted = [...boxes].sort((a, b) => a.minY - b.minY || a.maxY - b.maxY || a.minX - b.minX);
  const edges: number[] = [];
  let last: Box | null = null;
  for (const box of sorted) {
    const joins =
      last !== null &&
      last.minY === box.minY &&
      last.maxY === box.maxY &&
      box.minX - last.maxX < TOUCHING_MM;
    if (joins) edges[edges.length - 2] = Math.max(edges.at(-2) ?? 0, box.maxX);
    else edges.push(box.minX, box.minY, box.maxX, box.maxY);
    last = box;
  }
  return Float64Array.from(edges);
}

/** Ids that another layer draws while a gesture moves them. */
export function leftOutBy(document: DocumentStore, preview: PreviewState): ReadonlySet<ElementId> {
  const { moving } = preview;
  return moving === null || moving.copy ? NOTHING_LEFT_OUT : carried(document, moving.ids).ids;
}

export const NOTHING_LEFT_OUT: ReadonlySet<ElementId> = new Set();

function placerOf({ by, turn }: Moving): (point: Vec2) => Vec2 {
  if (turn === null) return (point) => add(point, by);
  return (point) => add(rotateAbout(point, turn.degrees, turn.about), by);
}

function cursorOf({ cursor, name, colour }: Peer): LiveCursor[] {
  return cursor === null ? [] : [{ at: cursor, initials: initialsOf(name), colour }];
}

export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter((word) => word !== "");
  const letters =
    words.length > 1
      ? [words[0], words.at(-1)].map((word) => word?.[0])
      : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** Markers of the findings of a result; notes only when findings are what is looked at. */
export function findingMarkers(
  document: DocumentStore,
  result: Evaluation | null,
  focused: string | null,
  notes: boolean,
): readonly LiveFinding[] {
  const markers: LiveFinding[] = [];
  for (const finding of result?.findings ?? []) {
    if (finding.waiver !== null && finding.id !== focused) continue;
    if (finding.severity === "note" && !notes && finding.id !== focused) continue;
    const isFocused = finding.id === focused;
    const all = ringsOf(document, blamed(document, finding.element_ids));
    const at = placeOf(finding, all);
    if (at === null) continue;
    markers.push({
      id: finding.id,
      rings: isFocused || all.length <= MOST_RINGS ? all : [],
      at,
      label: labelOf(finding),
      severity: finding.severity,
      focused: isFocused,
    });
    if (markers.length >= MOST_MARKERS) break;
  }
  return markers;
}

/** Of a thing and the room that it is in, the thing: hatching the room would hide all of it. */
function blamed(document: DocumentStore, ids: readonly ElementId[]): readonly ElementId[] {
  const things = ids.filter((id) => {
    const kind = document.item(id)?.kind;
    return kind !== undefined && kind !== "hall" && kind !== "area";
  });
  return things.length > 0 ? things : ids;
}

function placeOf(finding: Finding, rings: readonly (readonly Vec2[])[]): Vec2 | null {
  if (finding.at_mm !== null) return { x: finding.at_mm[0], y: finding.at_mm[1] };
  const box = boxAround(rings[0] ?? []);
  return box === null ? null : { x: box.maxX, y: centreOf(box).y };
}

/** "1 000 < 1 067 mm": what was measured and what the rule asks for. */
export function labelOf(finding: Finding): string {
  const { measured, required, unit, rule, decimals_apart = 0 } = finding;
  if (measured === null || required === null) return rule;
  const digits = (value: number): number =>
    Math.max(Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1, decimals_apart);
  const sign = measured < required ? "<" : measured > required ? ">" : "=";
  return `${grouped(measured, digits(measured))} ${sign} ${grouped(required, digits(required))} ${unitOf(required, unit)}`.trim();
}
