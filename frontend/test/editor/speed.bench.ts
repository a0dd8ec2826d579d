/** How long the core takes at 10,000 racks; printed, never asserted. */
import { bench as measure, describe } from "vitest";
import { boxAround } from "../../src/base/box";
import { arrayEdits } from "../../src/editor/copies";
import { DocumentStore } from "../../src/model/store";
import { Products } from "../../src/model/products";
import type { PlanElement } from "../../src/model/element";
import { bench, hashOf, id, PRODUCTS, rack } from "../fixtures";

const rows = (count: number): readonly PlanElement[] =>
  Array.from({ length: count }, (_none, i) =>
    rack(i + 1, (i % 200) * 600, Math.floor(i / 200) * 3000),
  );
const TEN = rows(10_000);
const FIFTY = rows(50_000);
const HASH = hashOf(FIFTY);

const { editor } = await bench(TEN);
const all = boxAround([
  { x: -1, y: -1 },
  { x: 1e6, y: 1e6 },
]);
if (all === null) throw new Error("a box of two points");
const ids = TEN.map((element) => element.id);
editor.settings.snapObjects.set(true);
editor.settings.snapGaps.set(true);
editor.camera.set({ centre: { x: 60_000, y: 60_000 }, zoom: 0.01 });
let key = 0;

describe("10,000 racks", () => {
  measure("box-select all", () => {
    editor.selection.set(editor.picker.window(all));
  });
  measure("crossing-select all", () => {
    editor.selection.set(editor.picker.crossing(all));
  });
  measure("move all and take it back", () => {
    key += 1;
    editor.document.applyPending(`move-${key}`, [{ type: "move", set: ids, dx_mm: 10, dy_mm: 0 }]);
    editor.document.dropPending(`move-${key}`);
  });
  measure("array one to 5,000", () => {
    key += 1;
    let made = 0;
    const offsets = Array.from({ length: 4999 }, (_none, i) => ({ x: (i + 1) * 600, y: -9000 }));
    const { edits } = arrayEdits(editor.document, [id(1)], offsets, () => {
      made += 1;
      return `0198f000-0000-7000-a000-${String(key * 10_000 + made).padStart(12, "0")}`;
    });
    editor.document.applyPending(`array-${key}`, edits);
    editor.document.dropPending(`array-${key}`);
  });
  measure("snap one box among its neighbours", () => {
    editor.snapper.box({ minX: 61_010, minY: 60_020, maxX: 61_610, maxY: 61_220 });
  });
  measure("save the confirmed hash of 500 changes", () => {
    hashOf(TEN.slice(0, 500).map((element) => ({ ...element })));
  });
  measure("find by tag", () => {
    editor.finder.find("R00*");
  });
});

describe("50,000 racks", () => {
  measure("open", () => {
    const products = new Products();
    products.add(PRODUCTS);
    new DocumentStore(products).load({ number: 1, state_hash: HASH, elements: FIFTY });
  });
});
