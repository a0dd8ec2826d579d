/** Where runs of the networks begin, end and meet: what draws the pointer while one is drawn. */
import { boxBetween, grown } from "../base/box";
import { distanceToRing, inside } from "../base/polygon";
import { distanceToPath, segments } from "../base/polyline";
import { distance, middle, nearestOnSegment, type Vec2 } from "../base/vec2";
import type { ElementId, Kind } from "../model/element";
import type { Item } from "../model/item";
import type { Editor } from "./editor";
import { nameOf } from "./snap-targets";

export type RunKind = "pipe" | "tray";

/** A place that a run can be joined to. */
export interface Port {
  readonly at: Vec2;
  readonly item: Item;
  readonly label: string;
  /** A run that comes here has arrived: a click ends it. */
  readonly ends: boolean;
}

/** Pixels within which a port draws the pointer. */
const MAGNET_PX = 12;

/** Kinds that runs of a sort end at, by their middle. */
const ENDS: Readonly<Record<RunKind, ReadonlySet<Kind>>> = {
  pipe: new Set<Kind>(["cdu", "air_handler", "dry_cooler", "chiller"]),
  tray: new Set<Kind>([
    "panel",
    "ups",
    "rectifier",
    "switchboard",
    "transformer",
    "generator",
    "cdu",
  ]),
};

/** The port nearest to a point; null when none is near. */
export function portAt(
  host: Editor,
  kind: RunKind,
  at: Vec2,
  exclude: ElementId | null = null,
): Port | null {
  const reach = host.camera.mm(MAGNET_PX);
  let best: Port | null = null;
  for (const item of host.spatial.query(grown(boxBetween(at, at), reach))) {
    if (item.id === exclude || !host.layers.isVisible(item)) continue;
    for (const port of portsOf(item, kind, at)) {
      const away = distance(port.at, at);
      if (away > reach) continue;
      // An end is taken before a place along a run, which is never farther.
      const rank = (one: Port): number => distance(one.at, at) + (one.ends ? 0 : reach);
      if (best === null || rank(port) < rank(best)) best = port;
    }
  }
  return best;
}

function* portsOf(item: Item, kind: RunKind, at: Vec2): Generator<Port> {
  const name = nameOf(item);
  const [frontLeft, frontRight, backRight, backLeft] = item.rect ? item.ring : [];
  if (item.path !== null) {
    if (item.kind !== kind) return;
    for (const end of [item.path[0], item.path.at(-1)]) {
      if (end) yield { at: end, item, label: `end of ${name}`, ends: true };
    }
    for (const [a, b] of segments(item.path)) {
      yield { at: nearestOnSegment(at, a, b), item, label: `on ${name}`, ends: false };
    }
    return;
  }
  if (!frontLeft || !frontRight || !backRight || !backLeft) return;
  if (item.kind === "busway") {
    if (kind !== "tray") return;
    for (const end of [middle(frontLeft, backLeft), middle(frontRight, backRight)]) {
      yield { at: end, item, label: `end of ${name}`, ends: true };
    }
  } else if (item.kind === "rack") {
    // Pipes reach a rack from behind, trays pass over it.
    const place = kind === "pipe" ? middle(backLeft, backRight) : middle(frontLeft, backRight);
    yield { at: place, item, label: kind === "pipe" ? `rear of ${name}` : name, ends: false };
  } else if (ENDS[kind].has(item.kind)) {
    yield { at: middle(frontLeft, backRight), item, label: name, ends: true };
  }
}

/** Two things closer than this meet. */
const MEETS_MM = 50;

/** What a pipe or a tray meets where it begins and where it ends; null where nothing is. */
export function metAt(
  host: Editor,
  id: ElementId,
): readonly [first: ElementId | null, last: ElementId | null] {
  const item = host.document.item(id);
  const ends = [item?.path?.[0], item?.path?.at(-1)];
  const [first = null, last = null] = ends.map((at) =>
    item && at ? thingAt(host, item, at) : null,
  );
  return [first, last];
}

/** The unit or the run that an end stands at; what stands on the floor before what runs over it. */
function thingAt(host: Editor, run: Item, at: Vec2): ElementId | null {
  const near = host.spatial.query(grown(boxBetween(at, at), MEETS_MM));
  const sort: RunKind = run.kind === "tray" ? "tray" : "pipe";
  const isUnit = ({ kind, ring }: Item): boolean =>
    (kind === "rack" || (kind === "busway" && sort === "tray") || ENDS[sort].has(kind)) &&
    (inside(at, ring) || distanceToRing(at, ring) <= MEETS_MM);
  const meets = ({ id, kind, path }: Item): boolean =>
    id !== run.id && kind === run.kind && path !== null && distanceToPath(at, path) <= MEETS_MM;
  const found = near.find(isUnit) ?? near.find(meets);
  return found?.id ?? null;
}
