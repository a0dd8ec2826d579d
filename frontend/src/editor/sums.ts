/** What a selection adds up to: for the status bar and the inspector. */
import type { ElementId } from "../model/element";
import type { Item } from "../model/item";
import { runLengthMm } from "../model/run";
import type { Editor } from "./editor";

export interface SelectionSums {
  readonly count: number;
  readonly racks: number;
  readonly kw: number;
  readonly flowLpm: number;
  readonly massKg: number;
  readonly floorM2: number;
  /** Of the runs among them. */
  readonly lengthMm: number;
  /** Some figures come from records because the last result does not have them. */
  readonly isEstimate: boolean;
}

/** Sums over elements; a module counts as one and adds up its members. */
export function sumsOf(host: Editor, ids: Iterable<ElementId>): SelectionSums {
  const sums = {
    count: 0,
    racks: 0,
    kw: 0,
    flowLpm: 0,
    massKg: 0,
    floorM2: 0,
    lengthMm: 0,
    isEstimate: false,
  };
  const add = (item: Item): void => {
    const { element, rect, kind } = item;
    const figures = host.results.of(item.id);
    if (rect && kind !== "note" && kind !== "containment" && kind !== "busway") {
      sums.floorM2 += (rect.width * rect.depth) / 1e6;
    }
    sums.massKg += host.products.value(element, "mass_kg") ?? 0;
    if (kind !== "rack") return;
    sums.racks += 1;
    const kw =
      figures?.["it_kw"] ??
      element.load?.sustained_kw ??
      host.products.value(element, "sustained_kw");
    const flow = figures?.["flow_lpm"] ?? host.products.value(element, "flow_lpm");
    sums.kw += kw ?? 0;
    sums.flowLpm += flow ?? 0;
    if (figures === undefined) sums.isEstimate = true;
  };
  for (const id of ids) {
    const item = host.document.item(id);
    if (item === undefined) continue;
    sums.count += 1;
    sums.lengthMm += runLengthMm(item.element);
    if (item.kind === "module") for (const member of host.document.membersOf(id)) add(member);
    else add(item);
  }
  return sums;
}
