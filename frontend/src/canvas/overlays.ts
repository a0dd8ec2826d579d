/** What can be laid over the plan, and how a result colours it. */
import type { Overlay } from "../editor/settings";
import { feedersOf } from "../model/feeder-loads";
import type { Kind } from "../model/element";
import type { Evaluation, HeatMap } from "../model/evaluation";
import type { Item } from "../model/item";
import { classOf, NO_CLASS } from "./ramp";
import type { Boxes } from "./scene";
import type { Field } from "./skin";

/** What the values need to know of the design. */
export interface Plan {
  ofKind(kind: Kind): Iterable<string>;
  item(id: string): Item | undefined;
}

export interface OverlayScale {
  readonly title: string;
  readonly unit: string;
  /** The domain is a limit, not the data: two designs compare. */
  readonly from: number;
  readonly to: number;
  readonly digits: number;
  /** What the end of the scale stands for. */
  readonly limit: string;
}

/** Highest rack power that is sold today, rounded up: the end of the rack scale. */
const RACK_KW = 240;
/** Roughly what such racks give at the pitch of a dense row. */
const FIELD_KW_M2 = 120;

/** A loop that lacks more than this is in trouble, however its racks are ranked. */
const DEFICIT_PERCENT = 25;
/** Coolant returns from the coolest chilled loop to the limit that makers state for racks. */
const RETURN_C = { from: 20, to: 65 };
/** What codes recommend at most over feeder and branch. */
const DROP_PERCENT = 5;

const SCALES: Readonly<Partial<Record<Overlay, OverlayScale>>> = {
  "power-density": {
    title: "Power density",
    unit: "kW per rack",
    from: 0,
    to: RACK_KW,
    digits: 0,
    limit: "the densest rack sold",
  },
  "heat-map": {
    title: "Power density",
    unit: "kW/m²",
    from: 0,
    to: FIELD_KW_M2,
    digits: 0,
    limit: "a tight row of such racks",
  },
  "liquid-share": {
    title: "Liquid share",
    unit: "% of heat",
    from: 0,
    to: 100,
    digits: 0,
    limit: "all heat to liquid",
  },
  "cdu-load": {
    title: "CDU load",
    unit: "% of capacity",
    from: 0,
    to: 100,
    digits: 0,
    limit: "full capacity",
  },
  "flow-deficit": {
    title: "Missing coolant flow",
    unit: "% of demand",
    from: 0,
    to: DEFICIT_PERCENT,
    digits: 0,
    limit: "a quarter of the flow",
  },
  "return-temperature": {
    title: "Coolant return",
    unit: "°C",
    ...RETURN_C,
    digits: 0,
    limit: "the warmest that racks allow",
  },
  "feeder-load": {
    title: "Feeder load",
    unit: "% of limit",
    from: 0,
    to: 100,
    digits: 0,
    limit: "all it may carry for hours, a side lost",
  },
  "voltage-drop": {
    title: "Voltage drop",
    unit: "% of nominal",
    from: 0,
    to: DROP_PERCENT,
    digits: 1,
    limit: "the most that codes advise, a side lost",
  },
};

export function scaleOf(overlay: Overlay): OverlayScale | null {
  return SCALES[overlay] ?? null;
}

type Column = readonly (number | null)[];

/** Values of an overlay by element id, in the unit of its scale. */
export function valuesOf(
  overlay: Overlay,
  result: Evaluation | null,
  document: Plan,
): ReadonlyMap<string, number> {
  if (result === null) return new Map();
  const { racks } = result.elements;
  const { cdus } = result.cooling;
  switch (overlay) {
    case "power-density":
      return column(racks.id, racks.it_kw);
    case "liquid-share":
      return column(racks.id, racks.liquid_fraction, 100);
    case "cdu-load":
      return new Map([...column(cdus.id, cdus.load_fraction, 100), ...loopLoads(result)]);
    case "flow-deficit":
      return deficits(racks.id, racks.flow_lpm, racks.given_flow_lpm ?? []);
    case "return-temperature":
      return column(racks.id, racks.return_c);
    case "feeder-load": {
      const shares = feedersOf(result).map(({ id, share }) => [id, 100 * share] as const);
      return withFed(document, new Map(shares));
    }
    case "voltage-drop": {
      const { feeders } = result.power;
      if (!feeders) return new Map();
      return withFed(document, column(feeders.id, feeders.total_drop_fraction, 100));
    }
    default:
      return new Map();
  }
}

function column(ids: readonly string[], values: Column, factor = 1): Map<string, number> {
  const found = new Map<string, number>();
  ids.forEach((id, row) => {
    const value = values[row];
    if (value !== null && value !== undefined) found.set(id, value * factor);
  });
  return found;
}

/** A rack shows the load of the loop it hangs on. */
function loopLoads(result: Evaluation): readonly (readonly [string, number])[] {
  return result.cooling.loops.flatMap(({ capacity_kw, heat_kw, rack_ids }) =>
    capacity_kw > 0 ? rack_ids.map((id) => [id, (heat_kw / capacity_kw) * 100] as const) : [],
  );
}

/** What racks with coolant get less than they ask for. */
function deficits(ids: readonly string[], asked: Column, given: Column): Map<string, number> {
  const missing = ids.map((_, row) => {
    const [wants, gets] = [asked[row] ?? 0, given[row] ?? null];
    return wants > 0 && gets !== null ? Math.max(0, 1 - gets / wants) : null;
  });
  return column(ids, missing, 100);
}

/** A rack shows the worse of its two feeds. */
function withFed(document: Plan, nodes: Map<string, number>): Map<string, number> {
  const all = new Map(nodes);
  for (const id of document.ofKind("rack")) {
    const { a, b } = document.item(id)?.element.feeds ?? {};
    const fed = [a, b].flatMap((source) => (source ? (nodes.get(source) ?? []) : []));
    if (fed.length > 0) all.set(id, Math.max(...fed));
  }
  return all;
}

export function classesOf(
  boxes: Boxes,
  values: ReadonlyMap<string, number>,
  scale: { from: number; to: number },
): Uint8Array {
  const classes = new Uint8Array(boxes.count).fill(NO_CLASS);
  if (values.size === 0) return classes;
  for (let index = 0; index < boxes.count; index += 1) {
    const value = values.get(boxes.ids[index] ?? "");
    if (value !== undefined) classes[index] = classOf(value, scale);
  }
  return classes;
}

export function fieldOf(map: HeatMap, scale: { from: number; to: number }): Field {
  const classes = new Uint8Array(map.kw_m2.length);
  map.kw_m2.forEach((value, index) => {
    classes[index] = value > 0 ? classOf(value, scale) : NO_CLASS;
  });
  return {
    x0: map.x0_mm,
    y0: map.y0_mm,
    cell: map.cell_mm,
    columns: map.columns,
    rows: map.rows,
    classes,
  };
}
