/** Puts together what lies over the plan, from the editor's state. */
import { boxAround, centreOf, union, type Box } from "../base/box";
import { add, rotateAbout, type Vec2 } from "../base/vec2";
import type { Moving, PreviewState } from "../editor/preview";
import type { ElementId } from "../model/element";
import type { Evaluation, Finding } from "../model/evaluation";
import type { Item } from "../model/item";
import type { DocumentStore } from "../model/store";
import type { LiveCursor, LiveFinding, LiveLayer, LiveShape } from "./live";
import { grouped } from "./numbers";

/** Rings hatched for one finding; more would hide the plan. */
const MOST_RINGS = 6;
const MOST_MARKERS = 1500;

export interface Peer {
  readonly id: string;
  readonly name: string;
  readonly colour: string;
  readonly cursor: Vec2 | null;
  readonly selection: readonly ElementId[];
}

export interface LiveInput {
  readonly document: DocumentStore;
  readonly preview: PreviewState;
  readonly selected: ReadonlySet<ElementId>;
  readonly hover: ElementId | null;
  readonly findings: readonly LiveFinding[];
  readonly peers: readonly Peer[];
  readonly turnAt: Vec2 | null;
}

export function liveLayer(input: LiveInput): LiveLayer {
  const { document, preview } = input;
  const { moving } = preview;
  const place = moving === null ? null : placerOf(moving);
  const ghosts: LiveShape[] = preview.ghosts.map((item) =>
    shapeOf(item, preview.clashes.length > 0),
  );
  if (moving !== null && place !== null) {
    for (const item of movingItems(document, moving.ids)) {
      ghosts.push({
        ring: item.ring.map(place),
        tag: ghostTag(item),
        clashes: preview.clashes.length > 0,
      });
    }
  }
  const selected: (readonly Vec2[])[] = [];
  const boxes: Box[] = [];
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
  const hover =
    input.hover === null || input.selected.has(input.hover)
      ? undefined
      : document.item(input.hover);
  return {
    hover: hover?.ring ?? null,
    selected,
    frame: union(boxes),
    turnAt: moving === null ? input.turnAt : null,
    ghosts,
    clashes: ringsOf(document, preview.clashes),
    guides: preview.guides,
    brush: preview.brush,
    path: preview.path,
    findings: input.findings,
    cursors: input.peers.flatMap(cursorOf),
    peers: input.peers.flatMap(({ selection, colour }) =>
      ringsOf(document, selection).map((ring) => ({ ring, colour })),
    ),
  };
}

function ringsOf(document: DocumentStore, ids: readonly ElementId[]): readonly (readonly Vec2[])[] {
  return ids.slice(0, MOST_RINGS).flatMap((id) => {
    const ring = document.item(id)?.ring;
    return ring === undefined ? [] : [ring];
  });
}

function shapeOf(item: Item, clashes: boolean): LiveShape {
  return { ring: item.ring, tag: ghostTag(item), clashes };
}

/** Members of a module go by the module's tag. */
const ghostTag = (item: Item): string => (item.moduleId === null ? item.tag : "");

/** Ids that another layer draws while a gesture moves them. */
export function leftOutBy(document: DocumentStore, preview: PreviewState): ReadonlySet<ElementId> {
  const { moving } = preview;
  if (moving === null || moving.copy) return NONE;
  const ids = new Set(moving.ids);
  for (const id of moving.ids) for (const member of document.membersOf(id)) ids.add(member.id);
  return ids;
}

const NONE: ReadonlySet<ElementId> = new Set();

function* movingItems(document: DocumentStore, ids: ReadonlySet<ElementId>): Generator<Item> {
  for (const id of ids) {
    const item = document.item(id);
    if (item !== undefined) yield item;
    yield* document.membersOf(id);
  }
}

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
    const rings = ringsOf(document, finding.element_ids);
    const at = placeOf(finding, rings);
    if (at === null) continue;
    markers.push({
      id: finding.id,
      rings,
      at,
      label: labelOf(finding),
      severity: finding.severity,
      focused: finding.id === focused,
    });
    if (markers.length >= MOST_MARKERS) break;
  }
  return markers;
}

function placeOf(finding: Finding, rings: readonly (readonly Vec2[])[]): Vec2 | null {
  if (finding.at_mm !== null) return { x: finding.at_mm[0], y: finding.at_mm[1] };
  const box = boxAround(rings[0] ?? []);
  return box === null ? null : { x: box.maxX, y: centreOf(box).y };
}

/** "1 000 < 1 067 mm": what was measured and what the rule asks for. */
export function labelOf(finding: Finding): string {
  const { measured, required, unit, rule } = finding;
  if (measured === null || required === null) return rule;
  const digits = (value: number): number =>
    Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1;
  const sign = measured < required ? "<" : measured > required ? ">" : "=";
  return `${grouped(measured, digits(measured))} ${sign} ${grouped(required, digits(required))} ${unit ?? ""}`.trim();
}
