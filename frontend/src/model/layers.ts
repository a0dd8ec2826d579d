import type { Kind, PlanElement } from "./element";

export const LAYERS = [
  "Building",
  "Zones",
  "Racks",
  "Cooling",
  "Power",
  "Plant",
  "Containment",
  "Pipes",
  "Trays",
  "Feeders",
  "Modules",
  "Annotation",
] as const;

/** A named layer; elements may name others than the usual ones. */
export type Layer = string;

const LAYER_OF_KIND: Readonly<Record<Kind, (typeof LAYERS)[number]>> = {
  site: "Building",
  hall: "Building",
  column: "Building",
  door: "Building",
  keepout: "Zones",
  area: "Zones",
  rack: "Racks",
  cdu: "Cooling",
  air_handler: "Cooling",
  panel: "Power",
  busway: "Power",
  ups: "Power",
  rectifier: "Power",
  switchboard: "Power",
  transformer: "Power",
  generator: "Power",
  dry_cooler: "Plant",
  chiller: "Plant",
  containment: "Containment",
  pipe: "Pipes",
  tray: "Trays",
  feeder: "Feeders",
  module_type: "Modules",
  module: "Modules",
  dimension: "Annotation",
  note: "Annotation",
  waiver: "Annotation",
};

/** The layer an element names, else that of its kind. */
export const layerOf = (element: PlanElement): Layer =>
  element.identity?.layer ?? LAYER_OF_KIND[element.kind];
