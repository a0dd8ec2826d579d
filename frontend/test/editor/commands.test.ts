import { describe, expect, test } from "vitest";
import type { keyName } from "../../src/editor/commands";
import { CommandRegistry } from "../../src/editor/commands";
import { signal } from "../../src/base/signal";
import { bench, id, module, moduleType, rack } from "../fixtures";

const press = (key: string, ...held: readonly string[]): Parameters<typeof keyName>[0] => ({
  key,
  shift: held.includes("shift"),
  ctrl: held.includes("ctrl"),
  alt: held.includes("alt"),
});

describe("the registry", () => {
  const command = (
    name: string,
    ...keys: readonly string[]
  ): Parameters<CommandRegistry["add"]>[0] => ({
    id: name,
    title: name,
    aliases: [],
    keys,
    group: "Edit",
    run: () => undefined,
  });

  test("a key that is bound twice is a mistake in the program, whatever the spelling", () => {
    const registry = new CommandRegistry(signal(true));
    registry.add(command("a", "Ctrl+Shift+Z"));
    expect(() => {
      registry.add(command("b", "shift+ctrl+z"));
    }).toThrow(/bound to a and to b/);
  });

  test("keys that the browser owns are left alone", async () => {
    const { editor } = await bench();
    const taken = editor.commands
      .list()
      .flatMap(({ keys }) => keys.map((key) => key.toLowerCase()));
    const owned = ["ctrl+n", "ctrl+t", "ctrl+w", "ctrl+l", "ctrl+p", "f3", "f5", "f11", "f12"];
    expect(taken.filter((key) => owned.includes(key))).toEqual([]);
  });

  test("shortcuts of one letter can be switched off, others stay", async () => {
    const { editor } = await bench([rack(1, 0, 0)]);
    expect(editor.commands.forKey(press("m"))?.id).toBe("tool.measure");
    editor.settings.singleKeys.set(false);
    expect(editor.commands.forKey(press("m"))).toBeNull();
    expect(editor.commands.forKey(press("R", "shift"))).toBeNull();
    expect(editor.commands.forKey(press("a", "ctrl"))?.id).toBe("select.all");
    expect(editor.commands.forKey(press("F8"))?.id).toBe("set.ortho");
  });

  test("keys of the page's own events are listed, not taken", async () => {
    const { editor } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    expect(editor.commands.get("edit.copy")?.keys).toEqual(["Ctrl+C"]);
    expect(editor.commands.forKey(press("c", "ctrl"))).toBeNull();
  });
});

describe("commands on elements", () => {
  const place = async (
    elements: Parameters<typeof bench>[0],
    selected: readonly number[],
    ...runs: readonly (readonly [string, Record<string, string>?])[]
  ): Promise<Awaited<ReturnType<typeof bench>>> => {
    const all = await bench(elements);
    all.editor.selection.set(selected.map(id));
    for (const [name, args] of runs) expect(all.editor.commands.run(name, args), name).toBe(true);
    await all.settle();
    return all;
  };
  const row = [rack(1, 0, 0), rack(2, 1000, 300), rack(3, 4000, 50)];

  test("turning by 90° four times comes back", async () => {
    const turn = ["arrange.turn-left"] as const;
    const { editor } = await place(row, [1, 2, 3], turn, turn, turn, turn);
    for (const one of row) expect(editor.document.get(one.id)?.placement).toEqual(one.placement);
  });

  test("mirroring keeps the footprint and the front of equipment", async () => {
    const { editor } = await place(
      [rack(1, 0, 0), rack(2, 3000, 0)],
      [1, 2],
      ["arrange.mirror-across"],
    );
    expect(editor.document.get(id(1))?.placement).toEqual({ x_mm: 3000, y_mm: 0, rotation_deg: 0 });
    expect(editor.document.get(id(2))?.placement).toEqual({ x_mm: 0, y_mm: 0, rotation_deg: 0 });
    const along = await place([rack(1, 0, 0)], [1], ["arrange.mirror-along"]);
    expect(along.editor.document.get(id(1))?.placement).toEqual({
      x_mm: 600,
      y_mm: 1200,
      rotation_deg: 180,
    });
  });

  test.each(["arrange.mirror-across", "arrange.mirror-along"])(
    "%s maps every member of a module onto its mirror image",
    async (name) => {
      const elements = [moduleType(10), module(11, 10, 500, 700)];
      const before = await bench(elements);
      const middle = before.editor.document.item(id(11))?.box;
      if (!middle) throw new Error("no module");
      const across = name === "arrange.mirror-across";
      const mirror = (x: number, y: number): string =>
        across
          ? `${Math.round(middle.minX + middle.maxX - x)},${Math.round(y)}`
          : `${Math.round(x)},${Math.round(middle.minY + middle.maxY - y)}`;
      const wanted = before.editor.document
        .membersOf(id(11))
        .map((member) => [member.id, member.ring.map((p) => mirror(p.x, p.y)).sort()]);

      const after = await place(elements, [11], [name]);

      const got = after.editor.document
        .membersOf(id(11))
        .map((member) => [
          member.id,
          member.ring.map((p) => `${Math.round(p.x)},${Math.round(p.y)}`).sort(),
        ]);
      expect(got).toEqual(wanted);
      expect(after.editor.document.get(id(11))?.placement?.mirrored).toBe(true);
    },
  );

  test("aligning lines up with what was chosen last", async () => {
    const { editor } = await place(row, [1, 2, 3], ["arrange.align-bottom"]);
    expect([1, 2, 3].map((n) => editor.document.get(id(n))?.placement?.y_mm)).toEqual([50, 50, 50]);
  });

  test("distributing makes the gaps equal and keeps the outermost", async () => {
    const { editor } = await place(row, [1, 2, 3], ["arrange.distribute-x"]);
    expect([1, 2, 3].map((n) => editor.document.get(id(n))?.placement?.x_mm)).toEqual([
      0, 2000, 4000,
    ]);
  });

  test("renumbering goes row by row from the top, left to right", async () => {
    const grid = [rack(1, 600, 0), rack(2, 0, 0), rack(3, 600, 4000), rack(4, 0, 4000)];
    const { editor } = await place(
      grid,
      [1, 2, 3, 4],
      ["edit.renumber", { pattern: "A-{n:02}", start: "5" }],
    );
    const tags = [4, 3, 2, 1].map((n) => editor.document.get(id(n))?.identity?.tag);
    expect(tags).toEqual(["A-05", "A-06", "A-07", "A-08"]);
  });

  test("moving by typed distances takes any unit", async () => {
    const { editor } = await place([rack(1, 0, 0)], [1], ["edit.nudge", { dx: "2.4m", dy: "-1'" }]);
    expect(editor.document.get(id(1))?.placement).toMatchObject({ x_mm: 2400, y_mm: -304.8 });
  });

  test("deleting what feeds others frees them", async () => {
    const panel = { ...rack(7, 5000, 0), kind: "panel" as const, identity: { tag: "P1" } };
    const { editor, server } = await place(
      [panel, rack(1, 0, 0, { feeds: { a: id(7), b: null } })],
      [7],
      ["edit.delete"],
    );
    expect(server.draft.get(id(1))?.feeds).toEqual({ a: null, b: null });
    expect(editor.document.get(id(7))).toBeUndefined();
  });

  test("locked things refuse, unlocked ones do not", async () => {
    const { editor } = await place(
      [rack(1, 0, 0)],
      [1],
      ["edit.lock"],
      ["arrange.turn-left"],
      ["edit.unlock"],
      ["arrange.turn-left"],
    );
    expect(editor.document.get(id(1))?.placement?.rotation_deg).toBe(90);
    expect(editor.document.get(id(1))?.state).toBeUndefined();
  });

  test("a duplicate goes beside, and the next one as far again", async () => {
    const { editor } = await place([rack(1, 0, 0)], [1], ["edit.duplicate"], ["edit.duplicate"]);
    const xs = [...editor.document.ofKind("rack")].map(
      (one) => editor.document.get(one)?.placement?.x_mm,
    );
    expect(new Set(xs)).toEqual(new Set([0, 600, 1200]));
  });

  test("select similar takes the same product only", async () => {
    const other = rack(3, 2000, 0, { product: { product_id: "rubin" } });
    const { editor } = await place(
      [rack(1, 0, 0), rack(2, 600, 0), other],
      [1],
      ["select.similar"],
    );
    expect(editor.selection.size).toBe(2);
  });

  test("isolating shows only the selection, and again everything", async () => {
    const { editor } = await place([rack(1, 0, 0), rack(2, 600, 0)], [1], ["select.isolate"]);
    const isVisible = (n: number): boolean => {
      const item = editor.document.item(id(n));
      return item !== undefined && editor.layers.isVisible(item);
    };
    expect([isVisible(1), isVisible(2)]).toEqual([true, false]);
    editor.commands.run("select.isolate");
    expect(isVisible(2)).toBe(true);
  });
});
