/**
 * Feeders that nobody has drawn: where a power node has a source and no feeder leads
 * to it, the engine measures a line parallel to the walls, and so does the plan.
 */
import { straightened } from "../base/polyline";
import { middle, type Vec2 } from "../base/vec2";
import { POWER_SOURCES, type ElementId } from "./element";
import type { Item } from "./item";
import type { DocumentStore } from "./store";

export interface AssumedFeeder {
  readonly node: Item;
  readonly source: Item;
  /** From middle to middle, first along x, then along y. */
  readonly points: readonly Vec2[];
}

/** Every power node with a source, and without a feeder that is drawn to it. */
export function assumedFeeders(document: DocumentStore): readonly AssumedFeeder[] {
  const drawn = fedNodes(document);
  return [...POWER_SOURCES].flatMap((kind) =>
    [...document.ofKind(kind)].flatMap((id) => assumedFeeder(document, id, drawn) ?? []),
  );
}

/** The lines into and out of some power nodes that nobody has drawn. */
export function assumedFeedersAt(
  document: DocumentStore,
  ids: ReadonlySet<ElementId>,
): readonly AssumedFeeder[] {
  const isNode = (id: ElementId): boolean => POWER_SOURCES.has(document.item(id)?.kind ?? "rack");
  if (![...ids].some(isNode)) return [];
  return assumedFeeders(document).filter(
    ({ node, source }) => ids.has(node.id) || ids.has(source.id),
  );
}

/** Power nodes that a feeder is drawn to. */
export function fedNodes(document: DocumentStore): ReadonlySet<ElementId> {
  const nodes = new Set<ElementId>();
  for (const id of document.ofKind("feeder")) {
    const to = document.get(id)?.feeder?.to;
    if (to) nodes.add(to);
  }
  return nodes;
}

/** The line into one power node; null when it has no source, or a feeder is drawn to it. */
export function assumedFeeder(
  document: DocumentStore,
  id: ElementId,
  drawn: ReadonlySet<ElementId> = fedNodes(document),
): AssumedFeeder | null {
  const node = document.item(id);
  const source = document.item(node?.element.upstream?.source ?? "");
  if (!node || !source || drawn.has(id)) return null;
  const [from, to] = [middleOf(source), middleOf(node)];
  if (!from || !to) return null;
  const points = straightened([from, { x: to.x, y: from.y }, to]);
  return points.length < 2 ? null : { node, source, points };
}

function middleOf({ ring, rect }: Item): Vec2 | null {
  const [a, , c] = rect ? ring : [];
  return a && c ? middle(a, c) : null;
}
