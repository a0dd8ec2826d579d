/** Addresses between the editor and the system views, which both speak of elements by their id. */
import { POWER_SOURCES, type ElementId, type Kind } from "../model/element";

export interface SystemLink {
  readonly label: string;
  readonly href: string;
}

const ON_LOOP: ReadonlySet<Kind> = new Set<Kind>(["rack", "cdu", "pipe"]);
const LOST: ReadonlySet<Kind> = new Set<Kind>([
  "cdu",
  "pipe",
  "air_handler",
  "dry_cooler",
  "chiller",
]);

/** The elements that an address of the editor asks to show: `?select=<id>,<id>`. */
export function wantedIds(search: string): readonly ElementId[] {
  const wanted = new URLSearchParams(search).get("select") ?? "";
  return wanted.split(",").filter((id) => id !== "") as ElementId[];
}

/** Where else one element stands: the one-line diagram, the loops, the list of losses. */
export function systemLinks(designId: string, kind: Kind, id: ElementId): readonly SystemLink[] {
  const at = encodeURIComponent(id);
  const page = (name: string): string => `/designs/${designId}/${name}/`;
  const links: SystemLink[] = [];
  if (POWER_SOURCES.has(kind) || kind === "rack")
    links.push({ label: "One-line diagram", href: `${page("one-line")}?at=${at}#at` });
  if (ON_LOOP.has(kind)) links.push({ label: "Loop", href: `${page("loops")}?at=${at}#at` });
  if (POWER_SOURCES.has(kind) || LOST.has(kind))
    links.push({ label: "Lose it", href: `${page("lose-one")}?lost=${at}#one` });
  return links;
}
