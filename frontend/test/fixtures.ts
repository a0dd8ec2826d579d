/** Small designs and an editor with everything around it made by hand. */
import { ManualClock } from "../src/base/clock";
import { MemoryPersistence } from "../src/api/persistence";
import { Driver } from "../src/editor/driver";
import { Editor } from "../src/editor/editor";
import type { SettingsValues } from "../src/editor/settings";
import { StateHash } from "../src/model/canonical";
import type { ElementId, PlanElement } from "../src/model/element";
import type { ProductRecord } from "../src/model/products";
import { Unreachable, type Evaluator, type EvaluationRow, type Transport } from "../src/model/wire";
import { ServerModel } from "./server-model";

export const PRODUCTS: readonly ProductRecord[] = [
  product("gb300", "rack", {
    width_mm: 600,
    depth_mm: 1200,
    height_mm: 2300,
    sustained_kw: 132,
    mass_kg: 1500,
    flow_lpm: 130,
  }),
  product("rubin", "rack", {
    width_mm: 600,
    depth_mm: 1200,
    height_mm: 2300,
    sustained_kw: 190,
    mass_kg: 1800,
    flow_lpm: 180,
  }),
  product("cdu-600", "cdu", {
    width_mm: 900,
    depth_mm: 1200,
    height_mm: 2200,
    capacity_kw: 600,
    mass_kg: 1000,
  }),
  product("busway", "busway", {
    width_mm: 4800,
    depth_mm: 200,
    height_mm: 250,
    rating_kw: 800,
    mass_kg: 200,
  }),
];

function product(id: string, category: string, values: Record<string, number>): ProductRecord {
  return {
    id,
    category,
    maker: "Test",
    model: id.toUpperCase(),
    revision: 1,
    quantities: Object.entries(values).map(([name, value]) => ({
      name,
      value,
      unit: "",
      source: "made up for a test",
      year: 2026,
      confidence: "estimate",
      default: true,
    })),
  };
}

/** A valid id that is easy to read: number 7 ends in 7. */
export const id = (number: number): ElementId =>
  `0198f000-0000-7000-8000-${String(number).padStart(12, "0")}`;

export function rack(
  number: number,
  x: number,
  y: number,
  rest: Partial<PlanElement> = {},
): PlanElement {
  return {
    id: id(number),
    kind: "rack",
    placement: { x_mm: x, y_mm: y, rotation_deg: 0 },
    identity: { tag: `R${String(number).padStart(3, "0")}` },
    product: { product_id: "gb300" },
    ...rest,
  };
}

export function hall(number: number, width: number, depth: number): PlanElement {
  return {
    id: id(number),
    kind: "hall",
    outline: {
      points_mm: [
        [0, 0],
        [width, 0],
        [width, depth],
        [0, depth],
      ],
    },
    identity: { name: "Hall 1" },
    hall: { height_mm: 4000 },
    tiles: { origin_x_mm: 0, origin_y_mm: 0, pitch_mm: 600 },
  };
}

export function moduleType(number: number): PlanElement {
  return {
    id: id(number),
    kind: "module_type",
    identity: { name: "Pod" },
    template: { template_id: "pod", version: 1 },
    racks: { product_id: "gb300", rows: 1, per_row: 4, pitch_mm: 600 },
    aisle: { kind: "none", width_mm: 0, contained: false },
    cdus: { product_id: "cdu-600", count: 2, redundancy: 1, position: "ends" },
    power: { product_id: "busway", sides: 2 },
  };
}

export function module(number: number, type: number, x: number, y: number): PlanElement {
  return {
    id: id(number),
    kind: "module",
    placement: { x_mm: x, y_mm: y, rotation_deg: 0 },
    identity: { tag: `M${number}` },
    type: { type_id: id(type) },
  };
}

type Points = readonly (readonly [number, number])[];

export function pipe(number: number, points: Points, rest: Partial<PlanElement> = {}): PlanElement {
  return {
    id: id(number),
    kind: "pipe",
    path: { points_mm: points },
    identity: { tag: `P${String(number).padStart(2, "0")}` },
    pipe: { loop: "TCS-1" },
    ...rest,
  };
}

export function tray(number: number, points: Points): PlanElement {
  return {
    id: id(number),
    kind: "tray",
    path: { points_mm: points },
    identity: { tag: `T${String(number).padStart(2, "0")}` },
    tray: { width_mm: 600, depth_mm: 100 },
  };
}

/** A cooling unit of a loop: 900 wide, 1200 deep. */
export function cdu(number: number, x: number, y: number, loop?: string): PlanElement {
  return {
    id: id(number),
    kind: "cdu",
    placement: { x_mm: x, y_mm: y, rotation_deg: 0 },
    identity: { tag: `CDU-${number}` },
    product: { product_id: "cdu-600" },
    ...(loop === undefined ? {} : { cooling: { loop } }),
  };
}

/** A power node of 1000 by 1000. */
export function panel(
  number: number,
  x: number,
  y: number,
  source: ElementId | null = null,
): PlanElement {
  return {
    id: id(number),
    kind: "panel",
    placement: { x_mm: x, y_mm: y, rotation_deg: 0 },
    identity: { tag: `RPP-${number}`, side: "B" },
    product: { product_id: "panel" },
    upstream: { source },
  };
}

const NO_EVALUATOR: Evaluator = {
  request: () => Promise.reject(new Unreachable("no engine here")),
  row: () => Promise.reject(new Unreachable("no engine here")),
  result: () => Promise.reject(new Unreachable("no engine here")),
  latest: () => Promise.resolve<EvaluationRow | null>(null),
};

export interface Bench {
  readonly editor: Editor;
  readonly driver: Driver;
  readonly server: ServerModel;
  readonly clock: ManualClock;
  /** Lets everything on its way arrive. */
  readonly settle: () => Promise<void>;
}

/** An editor on a design, with a server beside it that answers at once. */
export async function bench(
  elements: readonly PlanElement[] = [],
  settings: Partial<SettingsValues> = {},
  canEdit = true,
  wire: (transport: Transport) => Transport = (transport) => transport,
): Promise<Bench> {
  const clock = new ManualClock(1_767_000_000_000);
  const server = new ServerModel(elements);
  let count = 0;
  const editor = new Editor({
    transport: wire(server.transport("user-1")),
    evaluator: NO_EVALUATOR,
    persistence: new MemoryPersistence(),
    clock,
    user: { id: "user-1", name: "Uma" },
    may: canEdit ? ["evaluate", "comment", "edit"] : ["evaluate", "comment"],
    settings: {
      snapGrid: false,
      snapTiles: false,
      snapObjects: false,
      snapGaps: false,
      ...settings,
    },
    newId: () => `0198f000-0000-7000-9000-${String((count += 1)).padStart(12, "0")}`,
  });
  editor.products.add(PRODUCTS);
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i += 1) {
      await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(100);
    }
  };
  await editor.start();
  editor.camera.resize(1000, 800);
  editor.camera.set({ centre: { x: 5000, y: 4000 }, zoom: 0.1 });
  return { editor, driver: new Driver(editor), server, clock, settle };
}

export const hashOf = (elements: Iterable<PlanElement>): string => StateHash.of(elements).text;
