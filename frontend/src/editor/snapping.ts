import { boxAround, centreOf, grown, shifted, type Box } from "../base/box";
import { ORIGIN, add, distance, subtract, type Vec2 } from "../base/vec2";
import type { ElementId } from "../model/element";
import type { Item } from "../model/item";
import type { Editor } from "./editor";
import { gapCandidates } from "./snap-gaps";
import { edgeCandidates, gridCandidates, lineCandidates, pointCandidates } from "./snap-targets";
import type { Guide } from "./preview";

/** A place that one coordinate may be pulled to. */
export interface Candidate {
  /** How far to move for it. */
  readonly by: number;
  /** Lower classes win over higher ones. */
  readonly rank: number;
  /** The same target from one move to the next, for holding on to it. */
  readonly key: string;
  /** Why, in words: "edge of R03", "600 mm gap ×2". */
  readonly reason: string;
  readonly kind: Guide["kind"];
  /** Guides for the box or point as it stands after the move. */
  readonly guides: (after: Box) => readonly Guide[];
}

export interface SnapResult {
  /** What to add to the asked place. */
  readonly by: Vec2;
  readonly guides: readonly Guide[];
  readonly reasons: readonly string[];
}

export interface SnapOptions {
  /** Elements that move along and so are no targets. */
  readonly exclude?: ReadonlySet<ElementId>;
  /** Point that the grid holds; the lower left corner unless given. */
  readonly anchor?: Vec2;
  /** Alt is held: nothing pulls. */
  readonly isSuspended?: boolean;
  /** Control is held: gaps pull when they would not, and the reverse. */
  readonly invertsGaps?: boolean;
  /** Points of what is being drawn, to be in line with. */
  readonly inLine?: readonly Vec2[];
  /** Only this coordinate is free. */
  readonly only?: "x" | "y";
}

/** Pixels within which a target catches, and beyond which it lets go. */
const CATCH_PX = 8;
const RELEASE_PX = 12;
/** How far to look along a row or column for targets in line. */
const REACH_MM = 15_000;
const MOST_TARGETS = 600;
/** Two targets closer than this are the same place. */
const SAME_MM = 0.05;

const NO_SNAP: SnapResult = { by: ORIGIN, guides: [], reasons: [] };

/** Pulls a point or a box to the grid, to its neighbours and to equal gaps. */
export class Snapper {
  private held: { x: string | null; y: string | null } = { x: null, y: null };
  private turn = 0;

  constructor(private readonly host: Editor) {}

  /** Forgets what it holds on to; at the start of each gesture. */
  reset(): void {
    this.held = { x: null, y: null };
    this.turn = 0;
  }

  /** Tab: the next possible target instead of the nearest. */
  cycle(): void {
    this.turn += 1;
    this.held = { x: null, y: null };
  }

  /** Pulls a box, as when elements are moved or placed. */
  box(box: Box, options: SnapOptions = {}): SnapResult {
    if (options.isSuspended === true) return this.nothing();
    const { settings } = this.host;
    const near = RELEASE_PX / this.host.camera.zoom;
    const targets = this.targets(box, near, options.exclude);
    const xs: Candidate[] = [];
    const ys: Candidate[] = [];
    if (settings.snapObjects.get()) {
      xs.push(...edgeCandidates("x", box, targets, near));
      ys.push(...edgeCandidates("y", box, targets, near));
    }
    if (settings.snapGaps.get() !== (options.invertsGaps ?? false)) {
      xs.push(...gapCandidates("x", box, targets, near));
      ys.push(...gapCandidates("y", box, targets, near));
    }
    for (const place of options.inLine ?? []) {
      xs.push(...lineCandidates("x", place, box, near));
      ys.push(...lineCandidates("y", place, box, near));
    }
    const anchor = options.anchor ?? { x: box.minX, y: box.minY };
    xs.push(...gridCandidates("x", anchor, this.grids(anchor), near));
    ys.push(...gridCandidates("y", anchor, this.grids(anchor), near));
    return this.resolve(box, xs, ys, options.only);
  }

  /** Pulls a point, as when something is drawn or measured. */
  point(at: Vec2, options: SnapOptions = {}): SnapResult {
    if (options.isSuspended === true) return this.nothing();
    const near = RELEASE_PX / this.host.camera.zoom;
    const box: Box = { minX: at.x, minY: at.y, maxX: at.x, maxY: at.y };
    if (this.host.settings.snapObjects.get() && options.only === undefined) {
      // A corner or the middle of a side fixes both coordinates at once.
      const [best] = pointCandidates(at, this.targets(box, near, options.exclude), near)
        .filter(({ place }) => distance(place, at) <= CATCH_PX / this.host.camera.zoom)
        .sort((a, b) => a.rank - b.rank || distance(a.place, at) - distance(b.place, at));
      if (best) {
        const guide: Guide = {
          kind: "align",
          from: best.place,
          to: best.place,
          label: best.reason,
        };
        return { by: subtract(best.place, at), guides: [guide], reasons: [best.reason] };
      }
    }
    return this.box(box, {
      ...options,
      anchor: at,
      invertsGaps: this.host.settings.snapGaps.get(),
    });
  }

  private nothing(): SnapResult {
    this.held = { x: null, y: null };
    return NO_SNAP;
  }

  private resolve(
    box: Box,
    xs: readonly Candidate[],
    ys: readonly Candidate[],
    only: "x" | "y" | undefined,
  ): SnapResult {
    const x = only === "y" ? null : this.choose("x", xs);
    const y = only === "x" ? null : this.choose("y", ys);
    const by = { x: x?.by ?? 0, y: y?.by ?? 0 };
    const after = shifted(box, by);
    // Not only the winner is shown: everything that is now exactly in line.
    const exact = [
      ...(x ? xs.filter((one) => one.rank === x.rank && Math.abs(one.by - x.by) < SAME_MM) : []),
      ...(y ? ys.filter((one) => one.rank === y.rank && Math.abs(one.by - y.by) < SAME_MM) : []),
    ];
    return {
      by,
      guides: merged(exact.flatMap((one) => one.guides(after))),
      reasons: [...new Set([x, y].flatMap((one) => (one ? [one.reason] : [])))],
    };
  }

  /** The best candidate of one coordinate; the one held on to unless it is too far. */
  private choose(axis: "x" | "y", candidates: readonly Candidate[]): Candidate | null {
    const { zoom } = this.host.camera;
    const held = candidates.find(({ key }) => key === this.held[axis]);
    const reachable = candidates.filter(({ by }) => Math.abs(by) <= CATCH_PX / zoom);
    const sorted = [...reachable].sort(
      (a, b) => a.rank - b.rank || Math.abs(a.by) - Math.abs(b.by) || (a.key < b.key ? -1 : 1),
    );
    const places: Candidate[] = [];
    for (const one of sorted) {
      if (places.every((other) => Math.abs(other.by - one.by) >= SAME_MM)) places.push(one);
    }
    const best = places[places.length === 0 ? 0 : this.turn % places.length] ?? null;
    // What is held lets go late, but at once for a better class that is nearer.
    const keeps =
      held !== undefined &&
      (best === null ||
        best.rank > held.rank ||
        (best.rank === held.rank && Math.abs(held.by) <= Math.abs(best.by) + CATCH_PX / 2 / zoom));
    const chosen = keeps ? held : best;
    this.held[axis] = chosen?.key ?? null;
    return chosen;
  }

  private targets(box: Box, near: number, exclude?: ReadonlySet<ElementId>): readonly Item[] {
    const view = this.host.camera.worldBox();
    const found = new Set<Item>();
    for (const strip of strips(box, near)) {
      for (const item of this.host.spatial.query(limited(strip, view))) {
        if (!this.host.layers.isVisible(item) || isExcluded(item, exclude)) continue;
        if (item.kind !== "dimension" && item.kind !== "note") found.add(item);
      }
    }
    if (found.size <= MOST_TARGETS) return [...found];
    const middle = centreOf(box);
    return [...found]
      .sort((a, b) => distance(centreOf(a.box), middle) - distance(centreOf(b.box), middle))
      .slice(0, MOST_TARGETS);
  }

  /** The tile grid of the hall that holds the point, and the drawing grid. */
  private grids(at: Vec2): readonly { kind: "grid" | "tile"; origin: Vec2; pitch: number }[] {
    const { settings } = this.host;
    const grids: { kind: "grid" | "tile"; origin: Vec2; pitch: number }[] = [];
    const tiles = settings.snapTiles.get() ? this.tilesAt(at) : null;
    if (tiles) grids.push(tiles);
    if (settings.snapGrid.get() && settings.gridMm.get() > 0) {
      grids.push({ kind: "grid", origin: ORIGIN, pitch: settings.gridMm.get() });
    }
    return grids;
  }

  private tilesAt(at: Vec2): { kind: "tile"; origin: Vec2; pitch: number } | null {
    for (const id of this.host.document.ofKind("hall")) {
      const hall = this.host.document.item(id);
      const tiles = hall?.element.tiles;
      if (!hall || !tiles) continue;
      const { box } = hall;
      if (at.x < box.minX || at.x > box.maxX || at.y < box.minY || at.y > box.maxY) continue;
      const origin = { x: tiles.origin_x_mm, y: tiles.origin_y_mm };
      return { kind: "tile", origin, pitch: tiles.pitch_mm };
    }
    return null;
  }
}

/**
 * Where a target can be: beside each side of the box, and along its middles.
 * What lies inside matters to none of them, and of a large selection that is most.
 */
function strips(box: Box, near: number): readonly Box[] {
  const { x, y } = centreOf(box);
  const wide = grown(box, near);
  return [
    { ...wide, minX: box.minX - REACH_MM, maxX: box.minX + near },
    { ...wide, minX: box.maxX - near, maxX: box.maxX + REACH_MM },
    { ...wide, minY: box.minY - REACH_MM, maxY: box.minY + near },
    { ...wide, minY: box.maxY - near, maxY: box.maxY + REACH_MM },
    { minX: x - near, maxX: x + near, minY: box.minY - REACH_MM, maxY: box.maxY + REACH_MM },
    { minX: box.minX - REACH_MM, maxX: box.maxX + REACH_MM, minY: y - near, maxY: y + near },
  ];
}

function isExcluded(item: Item, exclude: ReadonlySet<ElementId> | undefined): boolean {
  if (exclude === undefined) return false;
  return exclude.has(item.id) || (item.moduleId !== null && exclude.has(item.moduleId));
}

function limited(box: Box, view: Box): Box {
  return {
    minX: Math.max(box.minX, view.minX),
    minY: Math.max(box.minY, view.minY),
    maxX: Math.min(box.maxX, view.maxX),
    maxY: Math.min(box.maxY, view.maxY),
  };
}

/** Guides on one line become one that spans them all; others stay as they are. */
function merged(guides: readonly Guide[]): readonly Guide[] {
  const lines = new Map<string, Guide>();
  const others: Guide[] = [];
  for (const guide of guides) {
    const upright = Math.abs(guide.from.x - guide.to.x) < SAME_MM;
    if (guide.kind !== "align" || (!upright && Math.abs(guide.from.y - guide.to.y) >= SAME_MM)) {
      others.push(guide);
      continue;
    }
    const key = upright ? `x${guide.from.x.toFixed(1)}` : `y${guide.from.y.toFixed(1)}`;
    const known = lines.get(key);
    const box = boxAround([guide.from, guide.to, ...(known ? [known.from, known.to] : [])]);
    if (box === null) continue;
    lines.set(key, {
      ...guide,
      from: { x: box.minX, y: box.minY },
      to: { x: box.maxX, y: box.maxY },
      label: known?.label || guide.label,
    });
  }
  return [...lines.values(), ...others];
}

/** A place moved by a snap. */
export const pulled = (at: Vec2, snap: SnapResult): Vec2 => add(at, snap.by);
