/** What goes in and out as text: tables, the clipboard, the search. */
import { describe, expect, test } from "vitest";
import { sumsOf } from "../../src/editor/sums";
import { planTable, tableText } from "../../src/editor/table";
import { bench, hall, id, module, moduleType, rack } from "../fixtures";

describe("a pasted table", () => {
  test("changes what it names, makes what is new, in one revision", async () => {
    const { editor, server, settle } = await bench([rack(1, 0, 0), rack(2, 600, 0)]);
    const text =
      "tag\tx\ty\trotation\tproduct\nR001\t7200\t2.4m\t90\t\nr002\t\t\t\trubin\nR900\t0\t5000\t0\tGB300\n";

    editor.commands.run("edit.paste-table", { text });
    await settle();

    expect(server.log).toHaveLength(1);
    expect(server.draft.get(id(1))?.placement).toEqual({
      x_mm: 7200,
      y_mm: 2400,
      rotation_deg: 90,
    });
    expect(server.draft.get(id(2))).toMatchObject({
      placement: { x_mm: 600 },
      product: { product_id: "rubin" },
    });
    const [made] = editor.document.withTag("R900");
    expect(editor.document.get(made ?? "")).toMatchObject({
      kind: "rack",
      placement: { y_mm: 5000 },
    });
  });

  test("a cell of a new line that cannot be read is one problem, a missing one another", async () => {
    const { editor } = await bench();
    const plan = planTable(editor, "tag\tx\ty\tproduct\nR900\t\tabc\tgb300");
    expect(plan.errors.map(({ column }) => column)).toEqual(["y", "x"]);
  });

  test("without a heading the columns are tag, x, y, rotation, product", async () => {
    const { editor } = await bench([rack(1, 0, 0)]);
    expect(planTable(editor, "R001,100,200").edits).toEqual([
      {
        type: "set",
        id: id(1),
        group: "placement",
        value: { x_mm: 100, y_mm: 200, rotation_deg: 0 },
      },
    ]);
  });

  test("all problems are listed by line, and nothing changes", async () => {
    const { editor, server, settle } = await bench([rack(1, 0, 0)]);
    const plan = planTable(
      editor,
      "tag\tx\tcolour\tproduct\nR001\t12kW\tred\tnothing\nR001\t1\t\t\n\t5\t\t\nX9\t1\t\t\n",
    );
    await settle();

    expect(plan.edits).toEqual([]);
    expect(plan.errors.map(({ line, column }) => `${line} ${column}`)).toEqual([
      "1 colour",
      "2 x",
      "2 product",
      "3 tag",
      "4 tag",
      "5 tag",
    ]);
    expect(server.log).toEqual([]);
  });

  test("what is copied as a table can be pasted back unchanged", async () => {
    const { editor } = await bench([rack(1, 0, 0.1), rack(2, 600, 0)]);
    const text = tableText(editor, [id(1), id(2)]);
    expect(planTable(editor, text)).toMatchObject({ edits: [], errors: [] });
  });

  test("a tag that a spreadsheet would take for a formula is quoted", async () => {
    const { editor } = await bench([rack(1, 0, 0, { identity: { tag: "=cmd()" } })]);
    expect(tableText(editor, [id(1)])).toContain("\n'=cmd()\t");
  });
});

describe("the clipboard", () => {
  test("copies paste around the pointer, with links among them kept", async () => {
    const busway = {
      ...rack(5, 0, 3000),
      kind: "busway" as const,
      product: { product_id: "busway" },
      identity: { tag: "BW-01" },
    };
    const { editor, settle } = await bench([busway, rack(1, 0, 0, { feeds: { a: id(5) } })]);
    editor.selection.set([id(1), id(5)]);
    const text = editor.clipboard.copy() ?? "";

    expect(editor.clipboard.paste(text, { x: 20_000, y: 0 })).toBe(true);
    await settle();

    const made = [...editor.selection.ids.get()].map((one) => editor.document.get(one));
    const copy = made.find((one) => one?.kind === "rack");
    expect(copy?.feeds?.a).toBe(made.find((one) => one?.kind === "busway")?.id);
    expect(copy?.identity?.tag).toBe("R002");
  });

  test("a module brings its type to a design that does not have it", async () => {
    const source = await bench([moduleType(10), module(11, 10, 0, 0)]);
    source.editor.selection.set([id(11)]);
    const text = source.editor.clipboard.copy() ?? "";
    const { editor, server, settle } = await bench([]);

    editor.clipboard.paste(text, null);
    await settle();

    expect([...server.draft.elements.values()].map(({ kind }) => kind)).toEqual([
      "module_type",
      "module",
    ]);
    expect(editor.document.ofKind("rack").size).toBe(4);
    expect(editor.session.refused.get()).toEqual([]);
  });

  test("other text is left to others", async () => {
    const { editor } = await bench([]);
    expect(editor.clipboard.paste("hello", null)).toBe(false);
    expect(editor.clipboard.paste('{"a":1}', null)).toBe(false);
  });
});

describe("the search", () => {
  const elements = [
    rack(1, 0, 0, { identity: { tag: "R03-01" }, cooling: { loop: "TCS-1" } }),
    rack(2, 600, 0, { identity: { tag: "R03-02" }, product: { product_id: "rubin" } }),
    rack(3, 1200, 0, { identity: { tag: "R04-01" }, load: { sustained_kw: 90 } }),
    hall(9, 9000, 9000),
  ];
  test.each<[string, readonly number[]]>([
    ["R03*", [1, 2]],
    ["r03", [1, 2]],
    ["R0?-01", [1, 3]],
    ["kw>120", [1, 2]],
    ["kw>120 loop:tcs-1", [1]],
    ["kw<=90", [3]],
    ["row:R03", [1, 2]],
    ["product:rubin", [2]],
    ["kind:hall", [9]],
    ["issue:*", []],
    ["", []],
  ])("%s", async (query, numbers) => {
    const { editor } = await bench(elements);
    expect(editor.finder.find(query).ids).toEqual(numbers.map(id));
  });

  test("what cannot be searched is said", async () => {
    const { editor } = await bench(elements);
    expect(editor.finder.find("colour:red").error).toMatch(/not a property/);
    expect(editor.finder.find("kw>many").error).toMatch(/not a number/);
  });

  test("stepping goes round, selects and shows", async () => {
    const { editor } = await bench(elements);
    editor.finder.find("R03*");
    expect([editor.finder.step(1), editor.finder.step(1), editor.finder.step(1)]).toEqual([
      id(1),
      id(2),
      id(1),
    ]);
    expect(editor.finder.step(-1)).toBe(id(2));
    expect([...editor.selection.ids.get()]).toEqual([id(2)]);
    const { centre } = editor.camera.view.get();
    expect([centre.x, centre.y]).toEqual([900, 600]);
  });
});

test("a selection adds up, a module through its members", async () => {
  const { editor } = await bench([moduleType(10), module(11, 10, 0, 0), rack(1, 0, 9000)]);
  expect(sumsOf(editor, [id(1), id(11)])).toMatchObject({
    count: 2,
    racks: 5,
    kw: 660,
    flowLpm: 650,
    massKg: 5 * 1500 + 2 * 1000 + 2 * 200,
    isEstimate: true,
  });
});
