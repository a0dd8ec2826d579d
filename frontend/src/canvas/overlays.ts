/** What can be laid over the plan, and how a result colours it. */
import type { Overlay } from "../editor/settings";
import type { Evaluation, HeatMap } from "../model/evaluation";
import { classOf, NO_CLASS } from "./ramp";
import type { Boxes } from "./scene";
import type { Field } from "./skin";

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
};

export function scaleOf(overlay: Overlay): OverlayScale | null {
  return SCALES[overlay] ?? null;
}

/** Values of an overlay by element id, in the unit of its scale. */
export function valuesOf(overlay: Overlay, result: Evaluation | null): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  if (result === null) return values;
  const put = (
    ids: readonly string[],
    column: readonly (number | null)[],
    factor: number,
  ): void => {
    ids.forEach((id, index) => {
      const value = column[index];
      if (value !== null && value !== undefined) values.set(id, value * factor);
    });
  };
  const { racks } = result.elements;
  const { cdus, loops } = result.cooling;
  switch (overlay) {
    case "power-density":
      put(racks.id, racks.it_kw, 1);
      break;
    case "liquid-share":
      put(racks.id, racks.liquid_fraction, 100);
      break;
    case "cdu-load":
      put(cdus.id, cdus.load_fraction, 100);
      // A rack shows the load of the loop it hangs on.
      for (const loop of loops) {
        if (loop.capacity_kw <= 0) continue;
        const share = (loop.heat_kw / loop.capacity_kw) * 100;
        for (const id of loop.rack_ids) values.set(id, share);
      }
      break;
    default:
      break;
  }
  return values;
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
