/** Overlaps, as a hint while something is placed or dragged; the engine has the last word. */
import { boxAround } from "../base/box";
import { overlaps } from "../base/oriented-box";
import type { Vec2 } from "../base/vec2";
import type { ElementId, Kind } from "../model/element";
import type { Item } from "../model/item";
import type { Editor } from "./editor";

/** Kinds that stand on the floor and cannot share it. */
const SOLID: ReadonlySet<Kind> = new Set<Kind>([
  "rack",
  "cdu",
  "air_handler",
  "panel",
  "ups",
  "rectifier",
  "switchboard",
  "transformer",
  "generator",
  "dry_cooler",
  "chiller",
  "column",
  "keepout",
]);

/** More than this many moved things are not checked one by one while they move. */
const MOST_CHECKED = 200;

export const isSolid = (item: Item): boolean => SOLID.has(item.kind);

/** Ids of what the rings would stand on. */
export function clashesOf(
  host: Editor,
  rings: readonly (readonly Vec2[])[],
  exclude: ReadonlySet<ElementId>,
): readonly ElementId[] {
  const hit = new Set<ElementId>();
  for (const ring of rings.slice(0, MOST_CHECKED)) {
    const box = boxAround(ring);
    if (box === null) continue;
    for (const item of host.spatial.query(box)) {
      if (!isSolid(item) || exclude.has(item.id)) continue;
      if (item.moduleId !== null && exclude.has(item.moduleId)) continue;
      if (overlaps(ring, item.ring)) hit.add(item.id);
    }
  }
  return [...hit];
}

/** The rings of what moves: of modules those of their members. */
export function solidRings(host: Editor, ids: Iterable<ElementId>): readonly (readonly Vec2[])[] {
  const rings: (readonly Vec2[])[] = [];
  for (const id of ids) {
    const item = host.document.item(id);
    if (item === undefined) continue;
    if (item.kind === "module") {
      for (const member of host.document.membersOf(id))
        if (isSolid(member)) rings.push(member.ring);
    } else if (isSolid(item)) rings.push(item.ring);
    if (rings.length > MOST_CHECKED) break;
  }
  return rings;
}
