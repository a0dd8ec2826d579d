/**
 * Pipes of facility water that nobody has drawn: where none is, the engine leads each CDU and air
 * handler to the nearest cooler, along x at the cooler and then along y, and so does the plan.
 */
import { distanceToPath, straightened } from "../base/polyline";
import { middle, type Vec2 } from "../base/vec2";
import type { ElementId, Kind } from "./element";
import type { Item } from "./item";
import type { DocumentStore } from "./store";

export interface AssumedWater {
  readonly unit: Item;
  readonly cooler: Item;
  /** From the cooler to the unit. */
  readonly points: readonly Vec2[];
}

const UNITS: readonly Kind[] = ["cdu", "air_handler"];
const COOLERS: readonly Kind[] = ["dry_cooler", "chiller"];
/** A branch may bridge this much between a drawn pipe and the box of a unit. */
const REACH_MM = 2000;
/** Places are stated to a tenth of a millimetre: nearer is the same. */
const SAME_MM = 0.05;

/** Who takes facility water, and who cools it. */
export const isWaterUnit = ({ kind }: Item): boolean => UNITS.includes(kind);
export const isCooler = ({ kind }: Item): boolean => COOLERS.includes(kind);

/** The way to every unit that no drawn pipe of facility water passes. */
export function assumedWater(
  document: DocumentStore,
  among?: ReadonlySet<ElementId>,
): readonly AssumedWater[] {
  const units = itemsOf(document, UNITS).filter(({ id }) => !among || among.has(id));
  if (units.length === 0) return [];
  const coolers = itemsOf(document, COOLERS);
  const pipes = [...document.ofKind("pipe")].flatMap((id) => {
    const item = document.item(id);
    return item?.path && item.element.pipe?.service === "fws" ? [item.path] : [];
  });
  return units.flatMap((unit): readonly AssumedWater[] => {
    const at = middleOf(unit);
    const cooler = at && nearest(at, coolers);
    if (!at || !cooler) return [];
    const reach = REACH_MM + halfOf(unit);
    if (pipes.some((path) => distanceToPath(at, path) <= reach)) return [];
    const from = middleOf(cooler) ?? at;
    const points = straightened([from, { x: at.x, y: from.y }, at]);
    return points.length < 2 ? [] : [{ unit, cooler, points }];
  });
}

/** The same pipes without what they share: mains at the coolers, then branches from them. */
export function sharedWays(ways: readonly AssumedWater[]): readonly (readonly Vec2[])[] {
  const byCooler = new Map<ElementId, AssumedWater[]>();
  for (const way of ways) {
    byCooler.set(way.cooler.id, [...(byCooler.get(way.cooler.id) ?? []), way]);
  }
  return [...byCooler.values()].flatMap((own) => {
    const [from] = own[0]?.points ?? [];
    return from === undefined ? [] : comb(from, own);
  });
}

function comb(from: Vec2, ways: readonly AssumedWater[]): readonly (readonly Vec2[])[] {
  const ends = ways.flatMap(({ points }) => points.at(-1) ?? []);
  const branches = new Map<string, Vec2>();
  for (const end of ends) {
    const key = `${String(Math.round(end.x))} ${String(Math.sign(end.y - from.y))}`;
    const known = branches.get(key);
    if (!known || Math.abs(end.y - from.y) > Math.abs(known.y - from.y)) branches.set(key, end);
  }
  const xs = ends.map(({ x }) => x);
  const mains = [Math.min(...xs, from.x), Math.max(...xs, from.x)]
    .filter((x) => x !== from.x)
    .map((x) => [from, { x, y: from.y }]);
  return [
    ...mains,
    ...[...branches.values()]
      .filter(({ y }) => y !== from.y)
      .map((end) => [{ x: end.x, y: from.y }, end]),
  ];
}

function itemsOf(document: DocumentStore, kinds: readonly Kind[]): readonly Item[] {
  // Of coolers equally near the first by kind and id counts, as in the engine.
  return kinds.flatMap((kind) =>
    [...document.ofKind(kind)].sort().flatMap((id) => document.item(id) ?? []),
  );
}

function nearest(at: Vec2, coolers: readonly Item[]): Item | null {
  let [best, least]: [Item | null, number] = [null, Infinity];
  for (const cooler of coolers) {
    const place = middleOf(cooler);
    const apart = place ? Math.abs(place.x - at.x) + Math.abs(place.y - at.y) : Infinity;
    if (apart < least - SAME_MM) [best, least] = [cooler, apart];
  }
  return best;
}

function middleOf({ ring, rect }: Item): Vec2 | null {
  const [a, , c] = rect ? ring : [];
  return a && c ? middle(a, c) : null;
}

/** Half of the longer side of a box. */
function halfOf({ ring }: Item): number {
  const [a, b, c] = ring;
  if (!a || !b || !c) return 0;
  return Math.max(Math.hypot(b.x - a.x, b.y - a.y), Math.hypot(c.x - b.x, c.y - b.y)) / 2;
}
