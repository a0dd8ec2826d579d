/** A made-up hall for the harness and for tests of the panels; its figures describe nothing real. */
import type { PlanElement } from "../../src/model/element";
import type { ModuleTemplate, ProductRecord, Quantity } from "../../src/model/products";

const quantity = (name: string, value: number, unit: string): Quantity => ({
  name,
  value,
  unit,
  source: "harness",
  year: 2026,
  confidence: name === "sustained_kw" ? "published-secondary" : "derived",
  default: true,
});

function record(
  id: string,
  category: string,
  model: string,
  values: Readonly<Record<string, readonly [number, string]>>,
): ProductRecord {
  return {
    id,
    category,
    maker: "Maker",
    model,
    revision: 1,
    note: "",
    quantities: Object.entries(values).map(([name, [value, unit]]) => quantity(name, value, unit)),
  };
}

const size = (
  width: number,
  depth: number,
  height = 2236,
): Record<string, readonly [number, string]> => ({
  width_mm: [width, "mm"],
  depth_mm: [depth, "mm"],
  height_mm: [height, "mm"],
});

export const PRODUCTS: readonly ProductRecord[] = [
  record("rack-142", "rack", "GB300 NVL72", {
    ...size(600, 1068),
    sustained_kw: [142, "kW"],
    nameplate_kw: [155, "kW"],
    mass_kg: [1580, "kg"],
    flow_lpm: [160, "L/min"],
  }),
  record("rack-227", "rack", "VR200 NVL72", {
    ...size(600, 1068),
    sustained_kw: [227, "kW"],
    mass_kg: [1800, "kg"],
  }),
  record("cdu-1350", "cdu", "CDU 1350", { ...size(750, 1200), capacity_kw: [1368, "kW"] }),
  record("fan-wall", "air_handler", "Fan wall CA80", {
    ...size(3000, 900),
    capacity_kw: [500, "kW"],
  }),
  record("busway-1200", "busway", "Busway 1200 A", {
    ...size(5000, 150, 150),
    rating_kw: [862, "kW"],
  }),
  record("ups-1500", "ups", "UPS 1500", { ...size(2000, 1000), rating_kw: [1500, "kW"] }),
  record("board-4000", "switchboard", "Switchboard 4000 A", {
    ...size(3200, 1200),
    rating_kw: [2800, "kW"],
  }),
];

export const TEMPLATES: readonly ModuleTemplate[] = [
  {
    template_id: "scalable-unit-2x8",
    name: "Scalable unit 2 × 8",
    version: 1,
    groups: {
      racks: { product_id: "rack-142", rows: 2, per_row: 8, pitch_mm: 600 },
      aisle: { kind: "hot", width_mm: 1200, contained: true },
      cdus: { product_id: "cdu-1350", count: 3, redundancy: 1, position: "left" },
      power: { product_id: "busway-1200", sides: 2 },
    },
  },
  {
    template_id: "liquid-pod-8",
    name: "Liquid pod 8",
    version: 1,
    groups: {
      racks: { product_id: "rack-142", rows: 1, per_row: 8, pitch_mm: 600 },
      aisle: { kind: "none", width_mm: 0, contained: false },
      cdus: { product_id: "cdu-1350", count: 3, redundancy: 1, position: "ends" },
      power: { product_id: "busway-1200", sides: 2 },
    },
  },
];

let counter = 0;
function id(): string {
  counter += 1;
  return `0190a000-0000-7000-8000-${counter.toString(16).padStart(12, "0")}`;
}

/** Halls with modules of 2 x 8 racks in rows of three; `modules` of them. */
export function sampleElements(modules = 8, perRow = 3): readonly PlanElement[] {
  counter = 0;
  const rows = Math.ceil(modules / perRow);
  const width = Math.max(26400, perRow * 9600 + 2400);
  const depth = rows * 4800 + 9600;
  const elements: PlanElement[] = [
    { id: id(), kind: "site", power: { basis: "sustained", feed_limit_kw: 20000 } },
    {
      id: id(),
      kind: "hall",
      outline: { points_mm: rectangle(0, 0, width, depth) },
      identity: { name: "Data hall 1" },
      hall: { height_mm: 5000 },
      tiles: { origin_x_mm: 0, origin_y_mm: 0, pitch_mm: 600, first_letter: "AA" },
    },
    {
      id: id(),
      kind: "area",
      outline: { points_mm: rectangle(0, depth - 4200, width, depth) },
      identity: { name: "Power gallery" },
    },
    {
      id: id(),
      kind: "keepout",
      outline: { points_mm: rectangle(width - 3000, 0, width, 2400) },
      identity: { name: "Lift" },
    },
  ];
  const type = id();
  elements.push({
    id: type,
    kind: "module_type",
    identity: { name: "Scalable unit 2 × 8" },
    template: { template_id: "scalable-unit-2x8", version: "1" },
    racks: { product_id: "rack-142", rows: 2, per_row: 8, pitch_mm: 600 },
    aisle: { kind: "hot", width_mm: 1200, contained: true },
    cdus: { product_id: "cdu-1350", count: 3, redundancy: 1, position: "left" },
    power: { product_id: "busway-1200", sides: 2 },
  });
  for (let n = 0; n < modules; n += 1) {
    elements.push({
      id: id(),
      kind: "module",
      placement: {
        x_mm: 3600 + (n % perRow) * 9600,
        y_mm: depth - 9600 - Math.floor(n / perRow) * 4800,
        rotation_deg: 0,
      },
      identity: { tag: `SU-${String(n + 1).padStart(2, "0")}` },
      type: { type_id: type },
    });
  }
  for (let n = 0; n < 4; n += 1) {
    elements.push({
      id: id(),
      kind: "ups",
      placement: { x_mm: 4800 + n * 2400, y_mm: depth - 1800, rotation_deg: 0 },
      identity: { tag: `UPS-A${String(n + 1)}`, side: "A" },
      product: { product_id: "ups-1500" },
    });
  }
  elements.push(
    {
      id: id(),
      kind: "switchboard",
      placement: { x_mm: 900, y_mm: depth - 2000, rotation_deg: 0 },
      identity: { tag: "SB-A1", side: "A" },
      product: { product_id: "board-4000" },
    },
    {
      id: id(),
      kind: "door",
      placement: { x_mm: 1800, y_mm: 0, rotation_deg: 0 },
      door: { width_mm: 1200, swing: "left" },
    },
    {
      id: id(),
      kind: "air_handler",
      placement: { x_mm: 6000, y_mm: 600, rotation_deg: 0 },
      identity: { tag: "FW-01" },
      product: { product_id: "fan-wall" },
    },
    {
      id: id(),
      kind: "rack",
      placement: { x_mm: 12000, y_mm: 1200, rotation_deg: 30 },
      identity: { tag: "R-01" },
      product: { product_id: "rack-227" },
    },
    {
      id: id(),
      kind: "dimension",
      line: { from_x_mm: 0, from_y_mm: 0, to_x_mm: 6000, to_y_mm: 0, offset_mm: -900 },
    },
  );
  for (let n = 0; n < 3; n += 1) {
    elements.push({
      id: id(),
      kind: "column",
      placement: { x_mm: 8400 + n * 8000, y_mm: depth - 10600, rotation_deg: 0 },
      size: { width_mm: 400, depth_mm: 400 },
    });
  }
  return elements;
}

function rectangle(x0: number, y0: number, x1: number, y1: number): readonly [number, number][] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}
