/** People who have the design open, each with a colour of their own. */
import { add, rotateAbout, subtract, type Vec2 } from "../base/vec2";
import type { Peer } from "../canvas/live-layer";
import { heldAt } from "../model/run";
import type { DocumentStore } from "../model/store";
import type { PresenceMessage } from "../model/wire";

const COLOURS = ["#8fd3a8", "#e8b86d", "#c7a6ff", "#f2a1b3", "#7fc7e8", "#d6d36b"] as const;

/** The same person has the same colour in every browser. */
function colourOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

export function peersOf(
  presence: ReadonlyMap<string, PresenceMessage>,
  document: DocumentStore,
): readonly Peer[] {
  return [...presence].map(([client, { user, cursor, selection, ghosts, following }]) => ({
    id: user.id,
    client,
    name: user.name,
    colour: colourOf(user.id),
    cursor: !cursor ? null : { x: cursor[0], y: cursor[1] },
    selection: selection ?? [],
    ghosts: (ghosts ?? []).flatMap((ghost) => ringsWhere(document, ghost)),
    following: following ?? null,
  }));
}

/** The outline of an element, and of what belongs to it, where somebody drags it to. */
function ringsWhere(
  document: DocumentStore,
  [id, x, y, degrees]: readonly [string, number, number, number],
): readonly (readonly Vec2[])[] {
  const item = document.item(id);
  const placement = item && heldAt(item.element);
  if (item === undefined || !placement) return [];
  const from = { x: placement.x_mm, y: placement.y_mm };
  const by = subtract({ x, y }, from);
  const turn = degrees - placement.rotation_deg;
  const place = (point: Vec2): Vec2 => add(turn === 0 ? point : rotateAbout(point, turn, from), by);
  return [item, ...document.membersOf(id)].map(({ ring }) => ring.map(place));
}
