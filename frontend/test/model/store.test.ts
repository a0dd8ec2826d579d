import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits } from "../../src/model/batch";
import { Draft } from "../../src/model/draft";
import { rangesOf, idsOf, type Edit } from "../../src/model/edits";
import { moduleFramePlacement, worldPlacement } from "../../src/model/module-frame";
import { Products } from "../../src/model/products";
import { quantiseAngle, quantiseLength } from "../../src/model/quantise";
import { DocumentStore } from "../../src/model/store";
import { columnLetters, tileAt } from "../../src/model/tiles";
import { hall, hashOf, id, module, moduleType, PRODUCTS, rack } from "../fixtures";
import type { PlanElement } from "../../src/model/element";

const START = Array.from({ length: 8 }, (_none, i) => rack(i + 1, i * 600, 0));
const anyId = fc.integer({ min: 1, max: 12 }).map(id);
const mm = fc.integer({ min: -50_000, max: 50_000 }).map((tenths) => tenths / 10);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    type: fc.constant("create" as const),
    element: fc.tuple(fc.integer({ min: 1, max: 12 }), mm).map(([n, x]) => rack(n, x, 0)),
  }),
  fc.record({ type: fc.constant("delete" as const), id: anyId }),
  fc.record({
    type: fc.constant("move" as const),
    set: fc.array(anyId, { minLength: 1 }),
    dx_mm: mm,
    dy_mm: mm,
  }),
  fc.record({
    type: fc.constant("set" as const),
    id: anyId,
    group: fc.constantFrom("identity", "load", "product", "nonsense"),
    value: fc.constantFrom({ tag: "A" }, { tdp_kw: 1.5 }, null),
  }),
);
const batch = fc.array(edit, { minLength: 1, maxLength: 6 });

function storeOf(elements: readonly PlanElement[]): DocumentStore {
  const products = new Products();
  products.add(PRODUCTS);
  const store = new DocumentStore(products);
  store.load({ number: 1, state_hash: hashOf(elements), elements });
  return store;
}

const itemsOf = (store: DocumentStore): unknown =>
  new Map([...store.items()].map((item) => [item.id, item]));

describe("the store", () => {
  test("dropping unconfirmed edits leaves no trace", () => {
    fc.assert(
      fc.property(batch, batch, (first, second) => {
        const store = storeOf(START);
        const before = itemsOf(store);
        store.applyPending("a", first);
        store.applyPending("b", second);
        store.dropPending("a");
        store.dropPending("b");
        expect(itemsOf(store)).toEqual(before);
        expect(store.stateHash).toBe(hashOf(START));
      }),
    );
  });

  test("unconfirmed edits end where they would have if made after what came in between", () => {
    fc.assert(
      fc.property(batch, batch, (mine, theirs) => {
        const store = storeOf(START);
        store.applyPending("mine", mine);
        const server = Draft.of(START);
        const others = applyEdits(server, theirs).effective;
        store.confirm(2, others, null);
        const effective = applyEdits(server, mine).effective;

        expect(new Map(store.elements)).toEqual(new Map(server.elements));
        store.confirm(3, effective, "mine");
        store.hashSome(Infinity);
        expect(store.stateHash).toBe(hashOf(server.elements.values()));
        expect(itemsOf(store)).toEqual(itemsOf(storeOf([...server.elements.values()])));
      }),
    );
  });

  test("tells what was touched, members of modules included", () => {
    const store = storeOf([moduleType(10), module(11, 10, 0, 0), rack(1, 9000, 0)]);
    let touched: ReadonlySet<string> = new Set();
    store.changed.on((change) => (touched = change.touched));
    store.applyPending("a", [{ type: "move", set: [id(11)], dx_mm: 10, dy_mm: 0 }]);
    expect(touched.has(`${id(11)}/rack-1-01`)).toBe(true);
    expect(touched.has(id(1))).toBe(false);
  });

  test("a changed module type shows in every copy, and members that are gone go", () => {
    const store = storeOf([moduleType(10), module(11, 10, 0, 0), module(12, 10, 0, 9000)]);
    let touched: ReadonlySet<string> = new Set();
    store.changed.on((change) => (touched = change.touched));
    const racks = { ...moduleType(10).racks, per_row: 2 };
    store.applyPending("a", [{ type: "set", id: id(10), group: "racks", value: racks }]);
    expect(store.ofKind("rack").size).toBe(4);
    expect(store.item(`${id(12)}/rack-1-04`)).toBeUndefined();
    expect(touched.has(`${id(12)}/rack-1-04`)).toBe(true);
  });

  test("a module whose product is not known yet gets its members when it is", () => {
    const products = new Products();
    const store = new DocumentStore(products);
    const elements = [moduleType(10), module(11, 10, 0, 0)];
    store.load({ number: 1, state_hash: hashOf(elements), elements });
    expect(store.ofKind("rack").size).toBe(0);
    products.add(PRODUCTS);
    store.refreshProducts();
    expect(store.ofKind("rack").size).toBe(4);
  });

  test("tags are found without regard to case, and forgotten", () => {
    const store = storeOf([rack(1, 0, 0)]);
    expect([...store.withTag("r001")]).toEqual([id(1)]);
    store.applyPending("a", [{ type: "delete", id: id(1) }]);
    expect(store.withTag("R001").size).toBe(0);
  });
});

test("a set of ids written as ranges is the same set", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 60 })),
      fc.func(fc.boolean()),
      (numbers, keep) => {
        const draft = Draft.of(numbers.map((n) => rack(n, 0, 0)));
        const chosen = numbers.filter(keep).map(id);
        const ranges = rangesOf(chosen, draft.sortedIds());
        expect([...(idsOf(draft, ranges) ?? [])].sort()).toEqual([...chosen].sort());
      },
    ),
  );
});

test("10,000 neighbours are one range", () => {
  const ids = Array.from({ length: 10_000 }, (_none, i) => id(i));
  expect(rangesOf(ids, ids)).toEqual([[ids[0], ids[9999], 10_000]]);
});

test("a place taken into a module's frame and back is the same place", () => {
  fc.assert(
    fc.property(
      mm,
      mm,
      fc.integer({ min: 0, max: 3 }),
      fc.boolean(),
      mm,
      mm,
      fc.integer({ min: 0, max: 3 }),
      (x, y, turn, mirrored, px, py, own) => {
        const frame = { x_mm: x, y_mm: y, rotation_deg: turn * 90, mirrored };
        const place = { x_mm: px, y_mm: py, rotation_deg: own * 90 };
        const back = worldPlacement(frame, moduleFramePlacement(frame, place, 600), 600);
        expect(back.x_mm).toBeCloseTo(px, 6);
        expect(back.y_mm).toBeCloseTo(py, 6);
        expect(back.rotation_deg).toBe(place.rotation_deg);
      },
    ),
  );
});

test("quantising twice is quantising once", () => {
  const number = fc.double({ min: -1e7, max: 1e7, noNaN: true });
  fc.assert(
    fc.property(number, (value) => {
      expect(quantiseLength(quantiseLength(value))).toBe(quantiseLength(value));
      expect(quantiseAngle(quantiseAngle(value))).toBe(quantiseAngle(value));
      expect(quantiseAngle(value)).toBeGreaterThanOrEqual(0);
      expect(quantiseAngle(value)).toBeLessThan(360);
    }),
  );
});

describe("tile labels", () => {
  test.each<[number, boolean, string | undefined, string]>([
    [0, false, undefined, "AA"],
    [25, false, undefined, "AZ"],
    [26, false, undefined, "BA"],
    [675, false, undefined, "ZZ"],
    [676, false, undefined, "AAA"],
    [8, true, undefined, "AJ"],
    [13, true, undefined, "AP"],
    [24, true, undefined, "BA"],
    [0, false, "A", "A"],
    [26, false, "A", "AA"],
    [1, true, "BH", "BJ"],
  ])("column %i, without I and O: %s, from %s is %s", (column, skip, first, text) => {
    expect(columnLetters(column, skip, first)).toBe(text);
  });

  test("the first tile is AA01, outside the hall there is none", () => {
    const room = hall(1, 6000, 6000);
    expect(tileAt(room, { x: 1, y: 1 }, true)).toBe("AA01");
    expect(tileAt(room, { x: 601, y: 1250 }, true)).toBe("AB03");
    expect(tileAt(room, { x: 6001, y: 1 }, true)).toBeNull();
  });
});
