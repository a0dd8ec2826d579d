import { describe, expect, test } from "vitest";
import { columnsOf, type Column } from "../../src/app/dock/schedule";
import type { Editor } from "../../src/editor/editor";
import { Products, type ProductRecord } from "../../src/model/products";
import { countedLoad } from "../../src/model/rack-load";
import { rack } from "../fixtures";

const FIGURES = {
  nameplate_kw: 136,
  tdp_kw: 135,
  sustained_kw: 142,
  peak_kw: 155,
  liquid_kw: 116,
  liquid_fraction: 0.9,
};
const RECORD: ProductRecord = {
  id: "gb300",
  category: "rack",
  maker: "Test",
  model: "GB300",
  revision: 1,
  quantities: Object.entries(FIGURES).map(([name, value]) => ({
    name,
    value,
    unit: "kW",
    source: "made up for a test",
    year: 2026,
    confidence: "estimate",
  })),
};
const products = new Products();
products.add([RECORD]);

describe("the power of a rack that counts", () => {
  test("is the record's own where nothing is typed", () => {
    expect(countedLoad(products, rack(1, 0, 0), "tdp_kw", "sustained")).toBeUndefined();
  });

  test("follows what is typed, the peak in the record's proportion", () => {
    const typed = rack(1, 0, 0, { load: { sustained_kw: 71 } });

    expect(countedLoad(products, typed, "nameplate_kw", "sustained")?.value).toBe(71);
    expect(countedLoad(products, typed, "peak_kw", "sustained")?.value).toBeCloseTo(77.5);
  });

  test("is for liquid a share of the power on the basis, not the record's own figure", () => {
    const by = (basis: string, load = {}) =>
      countedLoad(products, rack(1, 0, 0, { load }), "liquid_kw", basis);

    expect(by("sustained")).toEqual({
      value: expect.closeTo(127.8),
      why: "90 % of sustained power, by the record",
    });
    expect(by("tdp")?.value).toBeCloseTo(121.5);
    expect(by("peak")?.value).toBeCloseTo(127.8);
    expect(by("nameplate", { sustained_kw: 100 })?.value).toBeCloseTo(90);
  });
});

test("the schedule writes the heat to liquid that the inspector counts", () => {
  const editor = {
    products,
    document: { site: () => undefined },
    settings: { units: { get: () => "metric" } },
  } as unknown as Editor;
  const column = columnsOf("rack").find(({ id }) => id === "liquid");
  const element = rack(1, 0, 0);

  const item = { id: element.id, tag: "", element } as unknown as Parameters<Column["read"]>[1];
  expect(column?.read(editor, item)).toContain("127.8");
});
