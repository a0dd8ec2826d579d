/** Where a module's copy departs from its type, apart from what joins it to the rest of the design. */
import type { ElementId, PlanElement } from "../model/element";

type Overrides = NonNullable<PlanElement["overrides"]>;

/** Every copy has a source of its own: saying which is no departure from the module. */
const LINKS: ReadonlySet<string> = new Set(["upstream"]);

export const isDeparture = (group: string): boolean => !LINKS.has(group);

export interface Departure {
  readonly slot: string;
  readonly groups: readonly string[];
}

export function departuresOf(overrides: Overrides | undefined): readonly Departure[] {
  return Object.entries(overrides ?? {}).flatMap(([slot, own]) => {
    const groups = Object.keys(own).filter(isDeparture);
    return groups.length > 0 ? [{ slot, groups }] : [];
  });
}

/** The overrides with those of one slot, or of all, taken back; its sources stay. Null: none left. */
export function withoutDepartures(
  overrides: Overrides | undefined,
  slot: string | null,
): Overrides | null {
  const left = Object.entries(overrides ?? {}).flatMap(([name, own]) => {
    if (slot !== null && name !== slot) return [[name, own] as const];
    const links = Object.entries(own).filter(([group]) => !isDeparture(group));
    return links.length > 0 ? [[name, Object.fromEntries(links)] as const] : [];
  });
  return left.length > 0 ? Object.fromEntries(left) : null;
}

/** What feeds the parts of a copy, by slot. */
export function sourcesOf(
  overrides: Overrides | undefined,
): readonly { readonly slot: string; readonly source: ElementId }[] {
  return Object.entries(overrides ?? {}).flatMap(([slot, own]) => {
    const source = (own["upstream"] as { source?: ElementId | null } | undefined)?.source;
    return source ? [{ slot, source }] : [];
  });
}
