import type { ElementId } from "../model/element";
import type { Editor } from "./editor";

/** What the history calls a gesture: "Move rack R01-03", "Turn 12 elements". */
export function labelFor(host: Editor, verb: string, ids: readonly ElementId[]): string {
  const [first] = ids;
  if (ids.length !== 1 || first === undefined) return `${verb} ${countText(host, ids)}`;
  const item = host.document.item(first);
  const kind = (item?.kind ?? "element").replaceAll("_", " ");
  return item?.tag ? `${verb} ${kind} ${item.tag}` : `${verb} ${kind}`;
}

const PLURALS: Readonly<Record<string, string>> = {
  cdu: "CDUs",
  ups: "UPSs",
  busway: "busways",
};

/** "8 racks", or "8 elements" when they differ. */
export function countText(host: Editor, ids: readonly ElementId[]): string {
  const kinds = new Set(ids.map((id) => host.document.get(id)?.kind ?? "element"));
  const [kind] = kinds;
  if (kinds.size !== 1 || kind === undefined) return `${ids.length} elements`;
  if (ids.length === 1)
    return `1 ${kind === "cdu" || kind === "ups" ? kind.toUpperCase() : kind.replaceAll("_", " ")}`;
  return `${ids.length} ${PLURALS[kind] ?? `${kind.replaceAll("_", " ")}s`}`;
}
