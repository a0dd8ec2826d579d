import { boxAround, boxBetween, grown, holds, type Box } from "../base/box";
import {
  closed,
  distanceToRing,
  inside,
  pathCrosses,
  pathTouchesRing,
  ringHolds,
  ringsTouch,
  ringTouchesBox,
} from "../base/polygon";
import { distanceToPath } from "../base/polyline";
import { distance, nearestOnSegment, type Vec2 } from "../base/vec2";
import type { ElementId } from "../model/element";
import { dimensionLine, type Item } from "../model/item";
import { halfWidthMm } from "../model/run";
import type { Layers } from "./layers";
import type { Selection } from "./selection";
import type { SpatialIndex } from "./spatial";

/** Outlines are picked by their edge: their inside belongs to what stands in them. */
const HOLLOW: ReadonlySet<string> = new Set(["hall", "area", "containment"]);

/** Finds what is under a point or in a box, as the user may pick it. */
export class Picker {
  constructor(
    private readonly spatial: SpatialIndex,
    private readonly selection: Selection,
    private readonly layers: Layers,
  ) {}

  /** Everything under a point, the most likely one first. */
  allAt(point: Vec2, toleranceMm: number): readonly ElementId[] {
    const ranked = this.spatial
      .query(grown(boxBetween(point, point), toleranceMm))
      .filter((item) => this.layers.isPickable(item))
      .flatMap((item) => {
        const rank = rankAt(item, point, toleranceMm);
        return rank === null ? [] : [{ item, rank }];
      })
      .sort((a, b) => a.rank - b.rank || areaOf(a.item) - areaOf(b.item));
    const ids = new Set<ElementId>();
    for (const { item } of ranked) ids.add(this.pickId(item));
    return [...ids];
  }

  at(point: Vec2, toleranceMm: number): ElementId | null {
    return this.allAt(point, toleranceMm)[0] ?? null;
  }

  /** Ids wholly inside the box. */
  window(box: Box): readonly ElementId[] {
    return this.inBox(box, (item) => holds(box, item.box));
  }

  /** Ids that the box touches. */
  crossing(box: Box): readonly ElementId[] {
    return this.inBox(box, (item) => {
      if (holds(box, item.box)) return true;
      if (HOLLOW.has(item.kind)) return edgeTouches(item, box);
      return ringTouchesBox(item.ring, box);
    });
  }

  /** Ids wholly inside a closed line. */
  within(ring: readonly Vec2[]): readonly ElementId[] {
    return this.inBox(boxAround(ring), (item) => ringHolds(ring, item.ring));
  }

  /** Ids that a closed line touches or surrounds. */
  touching(ring: readonly Vec2[]): readonly ElementId[] {
    return this.inBox(boxAround(ring), (item) => {
      if (ringHolds(ring, item.ring)) return true;
      if (HOLLOW.has(item.kind)) return pathCrosses(closed(ring), item.ring);
      return ringsTouch(ring, item.ring);
    });
  }

  /** Ids that an open line crosses. */
  crossedBy(path: readonly Vec2[]): readonly ElementId[] {
    return this.inBox(boxAround(path), (item) =>
      HOLLOW.has(item.kind) ? pathCrosses(path, item.ring) : pathTouchesRing(path, item.ring),
    );
  }

  private inBox(box: Box | null, test: (item: Item) => boolean): readonly ElementId[] {
    if (box === null) return [];
    const ids = new Set<ElementId>();
    const entered = this.selection.entered.get();
    for (const item of this.spatial.query(box)) {
      // A module is taken by its own frame, not by its members, unless it is entered.
      if (item.moduleId !== null ? item.moduleId !== entered : item.id === entered) continue;
      if (this.layers.isPickable(item) && test(item)) ids.add(item.id);
    }
    return [...ids];
  }

  private pickId(item: Item): ElementId {
    if (item.moduleId === null || item.moduleId === this.selection.entered.get()) return item.id;
    return item.moduleId;
  }
}

/** Lower is likelier; null when the point misses. */
function rankAt(item: Item, point: Vec2, tolerance: number): number | null {
  if (item.kind === "dimension") {
    const near = dimensionLine(item.element).some(
      ({ from, to }) => distance(point, nearestOnSegment(point, from, to)) <= tolerance,
    );
    return near ? 0 : null;
  }
  if (item.path !== null) return rankOfRun(item.path, item, point, tolerance);
  const isNear = distanceToRing(point, item.ring) <= tolerance;
  if (HOLLOW.has(item.kind)) return isNear ? 3 : null;
  const isIn = inside(point, item.ring);
  if (!isIn && !isNear) return null;
  // The frame of a module lies under its members, zones under everything.
  const base = item.kind === "module" ? 2 : item.kind === "keepout" ? 2.5 : 0;
  return base + (isIn ? 0 : 1);
}

/** Lines lie over what stands on the floor and are hit on purpose; a tray is wide, and lies over it too. */
function rankOfRun(
  path: readonly Vec2[],
  item: Item,
  point: Vec2,
  tolerance: number,
): number | null {
  const away = distanceToPath(point, path);
  if (item.kind !== "tray" && away <= tolerance) return -0.5;
  return away <= Math.max(tolerance, halfWidthMm(item.element)) ? 0.5 : null;
}

function edgeTouches(item: Item, box: Box): boolean {
  // The box cuts the edge when it touches the ring without lying wholly inside it.
  if (!ringTouchesBox(item.ring, box)) return false;
  const corners = [
    { x: box.minX, y: box.minY },
    { x: box.maxX, y: box.minY },
    { x: box.maxX, y: box.maxY },
    { x: box.minX, y: box.maxY },
  ];
  if (!corners.every((corner) => inside(corner, item.ring))) return true;
  return item.ring.some(
    (p) => p.x >= box.minX && p.x <= box.maxX && p.y >= box.minY && p.y <= box.maxY,
  );
}

const areaOf = ({ box }: Item): number => (box.maxX - box.minX) * (box.maxY - box.minY);
