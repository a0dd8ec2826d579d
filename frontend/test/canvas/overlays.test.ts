import { expect, test } from "vitest";
import { scaleOf, valuesOf, type Plan } from "../../src/canvas/overlays";
import { OVERLAYS } from "../../src/editor/settings";
import type { Evaluation } from "../../src/model/evaluation";
import type { Item } from "../../src/model/item";

const result = {
  elements: {
    racks: {
      id: ["r1", "r2", "r3"],
      it_kw: [132, 40, 20],
      liquid_fraction: [0.87, 0.5, 0],
      flow_lpm: [160, 80, 0],
      given_flow_lpm: [120, 80, 0],
      return_c: [51, 48, null],
    },
  },
  cooling: {
    cdus: { id: ["c1"], load_fraction: [0.61] },
    loops: [
      { capacity_kw: 500, heat_kw: 250, rack_ids: ["r1", "r2"] },
      { capacity_kw: 0, heat_kw: 10, rack_ids: ["r3"] },
    ],
  },
  power: {
    nodes: {
      id: ["a", "b"],
      tag: ["BW-A", "BW-B"],
      limit_kw: [100, 200],
      rating_kw: [125, 250],
      normal_kw: [40, 50],
      worst_kw: [90, 100],
      status: ["ok", "ok"],
    },
    feeders: { id: ["a", "b"], total_drop_fraction: [0.012, 0.034] },
  },
} as unknown as Evaluation;

const feeds: Record<string, { a: string | null; b: string | null }> = {
  r1: { a: "a", b: "b" },
  r2: { a: "a", b: null },
  r3: { a: null, b: null },
};
const plan: Plan = {
  ofKind: (kind) => (kind === "rack" ? Object.keys(feeds) : []),
  item: (id) => ({ element: { feeds: feeds[id] } }) as unknown as Item,
};

test("a rack lacks the share of its flow that pipes and pumps do not give", () => {
  expect(valuesOf("flow-deficit", result, plan)).toEqual(
    new Map([
      ["r1", 25],
      ["r2", 0],
    ]),
  );
});

test("a rack without coolant has no return", () => {
  expect(valuesOf("return-temperature", result, plan)).toEqual(
    new Map([
      ["r1", 51],
      ["r2", 48],
    ]),
  );
});

test("a rack shows the worse of its feeds", () => {
  expect(Object.fromEntries(valuesOf("feeder-load", result, plan))).toEqual({
    a: 90,
    b: 50,
    r1: 90,
    r2: 90,
  });
  const drops = valuesOf("voltage-drop", result, plan);
  expect(drops.get("r1")).toBeCloseTo(3.4);
  expect(drops.get("r2")).toBeCloseTo(1.2);
  expect(drops.has("r3")).toBe(false);
});

test("a rack shows the load of its loop, if that can carry any", () => {
  expect(Object.fromEntries(valuesOf("cdu-load", result, plan))).toEqual({
    c1: 61,
    r1: 50,
    r2: 50,
  });
});

test("every overlay of values has a scale, and none without a result has any", () => {
  for (const { id } of OVERLAYS) {
    const hasScale = scaleOf(id) !== null;
    expect(hasScale).toBe(id !== "none" && id !== "findings");
    expect(valuesOf(id, null, plan).size).toBe(0);
  }
});

test("every overlay has a key of its own", () => {
  expect(new Set(OVERLAYS.map(({ key }) => key)).size).toBe(OVERLAYS.length);
});
