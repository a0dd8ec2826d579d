import { describe, expect, test } from "vitest";
import { swapEdits } from "../../src/editor/swaps";
import type { SetEdit } from "../../src/model/edits";
import type { PlanElement } from "../../src/model/element";
import { bench, id, module, moduleType, PRODUCTS, rack } from "../fixtures";
import { goldens } from "../golden";

interface SwapCase {
  readonly products: Readonly<
    Record<
      string,
      {
        readonly maker: string;
        readonly model: string;
        readonly variants: readonly { readonly id: string; readonly label: string }[];
      }
    >
  >;
  readonly from: string;
  readonly to: string;
  readonly document: { readonly elements: readonly PlanElement[] };
  readonly edits: readonly SetEdit[];
}

test.each(goldens<SwapCase>("swaps"))("a swap as on the server: %s", async (_name, one) => {
  const { editor } = await bench(one.document.elements);
  editor.products.add(
    Object.entries(one.products).map(([product, { variants, ...record }]) => ({
      id: product,
      category: "rack",
      revision: 1,
      quantities: PRODUCTS[0]?.quantities ?? [],
      ...record,
      variants: variants.map((variant) => ({ ...variant, quantities: [] })),
    })),
  );

  expect(swapEdits(editor, one.from, one.to)).toEqual(one.edits);
});

describe("a change of generation", () => {
  test("reaches racks, module types and overrides in one revision, and can be undone", async () => {
    const { editor, server, settle } = await bench([
      rack(1, 0, 0, { load: { sustained_kw: 90 } }),
      rack(2, 600, 0, { product: { product_id: "rubin" }, load: { sustained_kw: 91 } }),
      moduleType(3),
      {
        ...module(4, 3, 0, 3000),
        overrides: { "rack-1-02": { load: { sustained_kw: 50 } }, "busway-a-1": { size: {} } },
      },
    ]);
    const before = server.head;

    expect(editor.commands.run("edit.swap-racks", { from: "gb300", to: "rubin" })).toBe(true);
    await settle();

    expect(server.head).toBe(before + 1);
    expect(editor.document.get(id(1))).toMatchObject({ product: { product_id: "rubin" } });
    expect(editor.document.get(id(1))?.load).toBeUndefined();
    expect(editor.document.get(id(2))?.load).toEqual({ sustained_kw: 91 });
    expect(editor.document.get(id(3))?.racks).toEqual({
      product_id: "rubin",
      rows: 1,
      per_row: 4,
      pitch_mm: 600,
    });
    expect(editor.document.get(id(4))?.overrides).toEqual({ "busway-a-1": { size: {} } });

    editor.history.undo();
    await settle();
    expect(editor.document.get(id(3))?.racks).toMatchObject({ product_id: "gb300" });
  });

  test("offers what the design uses, the most frequent first, and to swap it for another", async () => {
    const { editor } = await bench([rack(1, 0, 0), rack(2, 600, 0), rack(3, 1200, 0)]);
    const [from, to] = editor.commands.get("edit.swap-racks")?.args ?? [];
    expect(from?.choices?.()).toEqual([{ id: "gb300", label: "GB300 (3)" }]);
    expect(to?.choices?.().map((choice) => choice.id)).toEqual(["rubin", "gb300"]);
  });
});
