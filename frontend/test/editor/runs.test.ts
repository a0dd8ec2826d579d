/** Pipes, trays and feeders on the plan: picked, moved, reshaped, copied, found, put into tables. */
import { describe, expect, test } from "vitest";
import { metAt } from "../../src/editor/ports";
import { runFrom } from "../../src/editor/making-runs";
import { pathHandles } from "../../src/editor/handles";
import { sumsOf } from "../../src/editor/sums";
import { planTable, tableText } from "../../src/editor/table";
import { assumedWater, sharedWays } from "../../src/model/facility-water";
import { assumedFeeders } from "../../src/model/feeders";
import type { PlanElement } from "../../src/model/element";
import { bench, cdu, id, module, moduleType, panel, pipe, rack, tray } from "../fixtures";

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
const BENT = [
  [0, 0],
  [6000, 0],
  [6000, 3000],
] as const;

describe("a run", () => {
  test("is picked near its line, within the tolerance in pixels", async () => {
    const { editor, driver } = await bench([pipe(1, BENT)]);

    // Half a pipe pair is 120 mm; six pixels are 60 mm here.
    driver.click(3000, 100);
    expect([...editor.selection.ids.get()]).toEqual([id(1)]);
    driver.click(3000, 300);
    expect(editor.selection.size).toBe(0);
    driver.click(5000, 2000);
    expect(editor.selection.size).toBe(0);
  });

  test("a tray lies over racks, and the rack is picked; a pipe is hit on purpose", async () => {
    const { editor, driver } = await bench([
      rack(1, 0, 0),
      tray(2, [
        [-2000, 300],
        [4000, 300],
      ]),
      pipe(3, [
        [-2000, 900],
        [4000, 900],
      ]),
    ]);

    driver.click(300, 300);
    expect([...editor.selection.ids.get()]).toEqual([id(1)]);
    driver.click(3000, 500);
    expect([...editor.selection.ids.get()]).toEqual([id(2)]);
    driver.click(300, 900);
    expect([...editor.selection.ids.get()]).toEqual([id(3)]);
  });

  test("a window takes it whole, a crossing box where the line runs and not where its box is", async () => {
    const { editor } = await bench([pipe(1, BENT)]);
    const box = (minX: number, minY: number, maxX: number, maxY: number) => ({
      minX,
      minY,
      maxX,
      maxY,
    });

    expect(editor.picker.window(box(-500, -500, 6500, 3500))).toEqual([id(1)]);
    expect(editor.picker.window(box(-500, -500, 6500, 2500))).toEqual([]);
    expect(editor.picker.crossing(box(5000, 1000, 7000, 1500))).toEqual([id(1)]);
    expect(editor.picker.crossing(box(1000, 1000, 4000, 2500))).toEqual([]);
  });

  test("draws the pointer to its ends, corners, middles and to itself", async () => {
    const { editor } = await bench([pipe(1, BENT)], { snapObjects: true });
    const reason = (x: number, y: number): string | undefined =>
      editor.snapper.point(at(x, y)).reasons[0];

    expect(reason(30, 40)).toBe("end of P01");
    expect(reason(5970, 30)).toBe("corner of P01");
    expect(reason(3030, 40)).toBe("middle of P01");
    expect(reason(1500, 40)).toBe("on P01");
  });

  test("moves, turns, mirrors and is copied like everything else", async () => {
    const { editor } = await bench([pipe(1, BENT)]);
    const points = () => editor.document.get(id(1))?.path?.points_mm;
    editor.selection.set([id(1)]);

    editor.commands.run("edit.nudge", { dx: "100", dy: "200" });
    expect(points()).toEqual([
      [100, 200],
      [6100, 200],
      [6100, 3200],
    ]);
    editor.commands.run("arrange.mirror-across");
    expect(points()?.[0]).toEqual([6100, 200]);
    editor.commands.run("arrange.turn-left");
    expect(points()).toHaveLength(3);
    editor.commands.run("edit.duplicate");
    const [copy] = editor.selection.ids.get();
    expect(editor.document.get(copy ?? "")).toMatchObject({
      kind: "pipe",
      identity: { tag: "P02" },
      pipe: { loop: "TCS-1" },
    });
    editor.commands.run("edit.undo");
  });

  test("is on a layer of its own kind, found by tag and loop, and adds up its length", async () => {
    const { editor, driver } = await bench([pipe(1, BENT), tray(2, BENT)]);

    expect(editor.document.item(id(1))?.layer).toBe("Pipes");
    expect(editor.finder.find("p01").ids).toEqual([id(1)]);
    expect(editor.finder.find("loop:TCS-1").ids).toEqual([id(1)]);
    expect(sumsOf(editor, [id(1), id(2)]).lengthMm).toBe(18_000);
    editor.layers.set("Pipes", { locked: true });
    editor.layers.set("Trays", { visible: false });
    driver.click(3000, 0);
    expect(editor.selection.size).toBe(0);
  });
});

describe("the points of a run", () => {
  test("are dragged one by one; a handle in a middle puts one in; undo takes it back", async () => {
    const { editor, driver, settle } = await bench([pipe(1, BENT)]);
    const points = () => editor.document.get(id(1))?.path?.points_mm;
    editor.selection.set([id(1)]);
    expect(pathHandles(editor).map(({ isNew }) => isNew)).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);

    driver.drag(at(6000, 3000), at(6000, 4000));
    expect(points()?.[2]).toEqual([6000, 4000]);
    driver.drag(at(3000, 0), at(3000, -1000));
    expect(points()).toEqual([
      [0, 0],
      [3000, -1000],
      [6000, 0],
      [6000, 4000],
    ]);
    await settle();
    editor.commands.run("edit.undo");
    await settle();
    expect(points()).toHaveLength(3);
  });

  test("go with Alt and a click, but never the last two", async () => {
    const { editor, driver } = await bench([pipe(1, BENT)]);
    const points = () => editor.document.get(id(1))?.path?.points_mm;
    editor.selection.set([id(1)]);

    driver.holding("alt").click(6000, 0);
    expect(points()).toEqual([
      [0, 0],
      [6000, 3000],
    ]);
    driver.click(0, 0).holding();
    expect(points()).toHaveLength(2);
  });

  test("can be typed while they are dragged", async () => {
    const { editor, driver } = await bench([pipe(1, BENT)]);
    editor.selection.set([id(1)]);

    driver.dragTo(at(6000, 3000), at(6500, 3500)).type("@1000,0").enter();

    expect(editor.document.get(id(1))?.path?.points_mm[2]).toEqual([7000, 3000]);
  });

  test("of a module's own pipe are kept in the frame of the module", async () => {
    const { editor, driver } = await bench([
      moduleType(10),
      { ...module(11, 10, 0, 0), placement: { x_mm: 0, y_mm: 0, rotation_deg: 90 } },
    ]);
    const slot = `${id(11)}/pipe-1`;
    const before = editor.document.item(slot)?.path ?? [];
    const corner = before[1] ?? at(0, 0);
    editor.selection.entered.set(id(11));
    editor.selection.set([slot]);

    driver.drag(corner, at(corner.x - 400, corner.y));

    const after = editor.document.item(slot)?.path ?? [];
    expect(after[1]).toEqual(at(corner.x - 400, corner.y));
    const own = editor.document.get(id(11))?.overrides?.["pipe-1"] as {
      path: { points_mm: readonly (readonly [number, number])[] };
    };
    // Turned by a quarter, what is 400 to the left in the world is 400 to the rear in the module.
    expect(own.path.points_mm[1]).toEqual([corner.y, -corner.x + 400]);
  });

  test("of a locked run, or for a reader, have no handles", async () => {
    const { editor } = await bench([pipe(1, BENT, { state: { locked: true } }), pipe(2, BENT)]);
    editor.selection.set([id(1)]);
    expect(pathHandles(editor)).toEqual([]);
    editor.selection.set([id(2)]);
    expect(pathHandles(editor)).not.toEqual([]);
    editor.rights.set({ role: "viewer", may: ["comment"], is_protected: false });
    expect(pathHandles(editor)).toEqual([]);
  });
});

describe("the loop of a new pipe", () => {
  const along = (y: number) =>
    [
      [0, y],
      [3000, y],
    ] as const;

  test("is that of the rack or CDU nearest to it, where it joins nothing", async () => {
    const { editor } = await bench([
      rack(1, 0, 0, { cooling: { loop: "TCS-A" } }),
      cdu(2, 0, 9000, "TCS-B"),
      rack(3, 1000, 5000),
    ]);

    expect(runFrom(editor, "pipe", along(1500), []).pipe?.loop).toBe("TCS-A");
    expect(runFrom(editor, "pipe", along(7000), []).pipe?.loop).toBe("TCS-B");
  });

  test("is that of what it joins, and a first one where there is none", async () => {
    const { editor } = await bench([cdu(2, 0, 9000, "TCS-B")]);
    const unit = editor.document.item(id(2));

    expect(runFrom(editor, "pipe", along(0), unit ? [unit] : []).pipe?.loop).toBe("TCS-B");
    const { editor: empty } = await bench([]);
    expect(runFrom(empty, "pipe", along(0), []).pipe?.loop).toBe("TCS-1");
  });
});

describe("feeders", () => {
  const PANELS = [panel(1, 0, 0), panel(2, 8000, 6000, id(1)), panel(3, 8000, 0, id(1))];

  test("are assumed along x, then along y, from middle to middle, until one is drawn", async () => {
    const { editor } = await bench(PANELS);

    expect(assumedFeeders(editor.document).map(({ points }) => points)).toEqual([
      [at(500, 500), at(8500, 500), at(8500, 6500)],
      [at(500, 500), at(8500, 500)],
    ]);
    editor.selection.set([id(2)]);
    expect(editor.commands.run("feeder.draw")).toBe(true);

    const [made] = editor.selection.ids.get();
    expect(editor.document.get(made ?? "")).toMatchObject({
      kind: "feeder",
      path: {
        points_mm: [
          [500, 500],
          [8500, 500],
          [8500, 6500],
        ],
      },
      identity: { tag: "F-RPP-2", side: "B" },
      feeder: { to: id(2) },
    });
    expect(assumedFeeders(editor.document).map(({ node }) => node.id)).toEqual([id(3)]);
    editor.selection.set([id(2)]);
    expect(editor.commands.isEnabled("feeder.draw")).toBe(false);
  });

  test("are drawn all at once, in one revision", async () => {
    const { editor, server, settle } = await bench(PANELS);

    editor.commands.run("feeder.draw-all");
    await settle();

    expect(editor.document.ofKind("feeder").size).toBe(2);
    expect(server.log).toHaveLength(1);
    expect(editor.commands.isEnabled("feeder.draw-all")).toBe(false);
  });

  test("stay where they are when what they feed is deleted, and say so", async () => {
    const { editor } = await bench(PANELS);
    editor.commands.run("feeder.draw-all");
    editor.selection.set([id(2)]);

    editor.commands.run("edit.delete");

    const [loose] = editor.document.withTag("F-RPP-2");
    expect(editor.document.get(loose ?? "")?.feeder?.to).toBeNull();
  });
});

describe("what a run meets", () => {
  test("is the unit or the run at each of its ends", async () => {
    const { editor } = await bench([
      // A busway that runs over the unit is nothing to a pipe.
      panel(4, 0, 0),
      cdu(1, 0, 0),
      pipe(2, [
        [450, 600],
        [9000, 600],
      ]),
      pipe(3, [
        [4000, 600],
        [4000, 5000],
      ]),
    ]);

    expect(metAt(editor, id(2))).toEqual([id(1), null]);
    expect(metAt(editor, id(3))).toEqual([id(2), null]);
  });
});

describe("a table", () => {
  test("of runs comes back as it went out, and makes new ones", async () => {
    const { editor } = await bench([
      pipe(1, BENT, { path: { points_mm: BENT, elevation_mm: 2700 } }),
      tray(2, BENT),
    ]);
    const text = tableText(editor, [id(1), id(2)]);
    expect(text).toContain("P01\t\t\t\t\tTCS-1\tpipe\t0,0; 6000,0; 6000,3000\t2700");
    expect(planTable(editor, text)).toMatchObject({ edits: [], errors: [] });

    const plan = planTable(
      editor,
      "tag\tkind\tpoints\tloop\tbore\nP01\t\t\tTCS-7\t80\nP9\tpipe\t0,0; @9m,0\tTCS-7\t\n",
    );
    editor.commit("Paste", plan.edits);

    expect(editor.document.get(id(1))?.pipe).toEqual({ loop: "TCS-7", bore_mm: 80 });
    const [made] = editor.document.withTag("P9");
    expect(editor.document.get(made ?? "")).toMatchObject({
      path: {
        points_mm: [
          [0, 0],
          [9000, 0],
        ],
      },
      pipe: { loop: "TCS-7" },
    });
  });

  test("names what is wrong with a line of points", async () => {
    const { editor } = await bench();
    const { errors } = planTable(
      editor,
      "tag\tkind\tpoints\tbore\nP1\tpipe\t0,0\t\nP2\tpipe\t\t\nP3\tpipe\t0,0; 1,1\t0\n",
    );
    expect(errors.map(({ line, column }) => `${line} ${column}`)).toEqual([
      "2 points",
      "3 points",
      "4 bore",
    ]);
  });
});

describe("facility water", () => {
  const cooler = (n: number, x: number, y: number): PlanElement => ({
    ...cdu(n, x, y),
    kind: "dry_cooler",
    product: { product_id: "generic-dry-cooler-2000" },
    size: { width_mm: 900, depth_mm: 1200 },
  });
  const middles = (points: readonly (readonly { x: number; y: number }[])[]) =>
    points.map((line) => line.map(({ x, y }) => [x, y]));

  test("is assumed from the nearest cooler, along x at the cooler, then along y", async () => {
    const { editor } = await bench([cdu(1, 9000, 6000), cooler(2, 0, 0), cooler(3, 90_000, 0)]);
    const [way] = assumedWater(editor.document);

    expect(way?.cooler.id).toBe(id(2));
    const [from, bend, to] = way?.points ?? [];
    expect(bend).toEqual({ x: to?.x, y: from?.y });
    expect(to).toEqual({ x: (from?.x ?? 0) + 9000, y: (from?.y ?? 0) + 6000 });
  });

  test("shares its main: one pipe at the cooler, one branch to units behind each other", async () => {
    const { editor } = await bench([
      cdu(1, 9000, 6000),
      cdu(2, 9000, 9000),
      cdu(3, 4000, -6000),
      cooler(4, 0, 0),
    ]);
    const ways = assumedWater(editor.document);
    const [x, y] = [ways[0]?.points[0]?.x ?? 0, ways[0]?.points[0]?.y ?? 0];

    expect(middles(sharedWays(ways))).toEqual([
      [
        [x, y],
        [x + 9000, y],
      ],
      [
        [x + 9000, y],
        [x + 9000, y + 9000],
      ],
      [
        [x + 4000, y],
        [x + 4000, y - 6000],
      ],
    ]);
  });

  test("is drawn for what is selected, and assumed for the rest only", async () => {
    const { editor } = await bench([cdu(1, 9000, 6000), cdu(2, -9000, 6000), cooler(3, 0, 0)]);

    editor.selection.set([id(1)]);
    expect(editor.commands.run("water.draw")).toBe(true);

    const made = [...editor.selection.ids.get()].map((one) => editor.document.get(one));
    expect(made.map((element) => element?.pipe)).toEqual([
      { loop: "FWS-1", service: "fws" },
      { loop: "FWS-1", service: "fws" },
    ]);
    expect(new Set(made.map((element) => element?.identity?.tag)).size).toBe(2);
    expect(assumedWater(editor.document).map(({ unit }) => unit.id)).toEqual([id(2)]);
    expect(editor.commands.run("water.draw-all")).toBe(true);
    expect(assumedWater(editor.document)).toEqual([]);
    expect(editor.commands.isEnabled("water.draw-all")).toBe(false);
  });

  test("flows through a pipe that meets a cooler, and coolant through one between CDU and racks", async () => {
    const { editor } = await bench([cdu(1, 9000, 6000), cooler(3, 0, 0)]);
    const [unit, dry] = [editor.document.item(id(1)), editor.document.item(id(3))];
    const line = [
      [0, 0],
      [9000, 0],
    ] as const;

    expect(runFrom(editor, "pipe", line, unit && dry ? [dry, unit] : []).pipe).toEqual({
      loop: "FWS-1",
      service: "fws",
    });
    expect(runFrom(editor, "pipe", line, unit ? [unit] : []).pipe?.service).toBeUndefined();
  });
});
