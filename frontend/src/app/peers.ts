/** People who have the design open, each with a colour of their own. */
import type { Peer } from "../canvas/live-layer";
import type { PresenceMessage } from "../model/wire";

const COLOURS = ["#8fd3a8", "#e8b86d", "#c7a6ff", "#f2a1b3", "#7fc7e8", "#d6d36b"] as const;

/** The same person has the same colour in every browser. */
function colourOf(id: string): string {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

export function peersOf(presence: ReadonlyMap<string, PresenceMessage>): readonly Peer[] {
  return [...presence.values()].map(({ user, cursor, selection }) => ({
    id: user.id,
    name: user.name,
    colour: colourOf(user.id),
    cursor: !cursor ? null : { x: cursor[0], y: cursor[1] },
    selection: selection ?? [],
  }));
}
