import { describe, expect, test } from "vitest";
import type { SettingsValues } from "../../src/editor/settings";
import type { SnapOptions } from "../../src/editor/snapping";
import { bench, hall, id, rack } from "../fixtures";
import type { PlanElement } from "../../src/model/element";

// The zoom of the bench is 0.1 px/mm: 8 px are 80 mm, 12 px are 120 mm.
const box = (x: number, y: number): { minX: number; minY: number; maxX: number; maxY: number } => ({
  minX: x,
  minY: y,
  maxX: x + 600,
  maxY: y + 1200,
});

async function snapBox(
  elements: readonly PlanElement[],
  settings: Partial<SettingsValues>,
  x: number,
  y: number,
  options: SnapOptions = {},
): Promise<{ x: number; y: number; reasons: readonly string[] }> {
  const { editor } = await bench(elements, settings);
  const { by, reasons } = editor.snapper.box(box(x, y), options);
  return { x: x + by.x, y: y + by.y, reasons };
}

const OBJECTS = { snapObjects: true };
const GAPS = { snapGaps: true };

describe("a box", () => {
  test.each<
    [
      string,
      readonly PlanElement[],
      Partial<SettingsValues>,
      [number, number],
      [number, number],
      RegExp,
    ]
  >([
    ["to the grid", [], { snapGrid: true, gridMm: 600 }, [1230, 580], [1200, 600], /grid 600 mm/],
    ["side to side", [rack(1, 0, 0)], OBJECTS, [640, 3], [600, 0], /edge of R001/],
    [
      "middle to middle",
      [rack(1, 3000, 0, { size: { width_mm: 1000 } })],
      OBJECTS,
      [3190, 2000],
      [3200, 2000],
      /centre of R001/,
    ],
    ["to the wall", [hall(9, 9000, 9000)], OBJECTS, [35, 4000], [0, 4000], /wall of Hall 1/],
    ["tiles", [hall(9, 9000, 9000)], { snapTiles: true }, [1170, 620], [1200, 600], /tile/],
    ["nothing near", [rack(1, 0, 0)], OBJECTS, [4000, 4000], [4000, 4000], /^$/],
  ])("%s", async (_name, elements, settings, [x, y], [toX, toY], reason) => {
    const snapped = await snapBox(elements, settings, x, y);
    expect([snapped.x, snapped.y]).toEqual([toX, toY]);
    expect(snapped.reasons.join(", ")).toMatch(reason);
  });

  test("equal gaps say how often: 600 mm gap ×2", async () => {
    const row = [rack(1, 0, 0), rack(2, 1200, 0)];
    const snapped = await snapBox(row, GAPS, 2440, 10);
    expect(snapped).toMatchObject({ x: 2400, reasons: ["600 mm gap ×2"] });
  });

  test("three equal gaps count three, to the left as to the right", async () => {
    const row = [rack(1, 3000, 0), rack(2, 4200, 0), rack(3, 5400, 0)];
    expect(await snapBox(row, GAPS, 1830, 0)).toMatchObject({
      x: 1800,
      reasons: ["600 mm gap ×3"],
    });
  });

  test("in the middle between two neighbours", async () => {
    const row = [rack(1, 0, 0), rack(2, 3000, 0)];
    expect(await snapBox(row, GAPS, 1550, 0)).toMatchObject({
      x: 1500,
      reasons: ["900 mm gap ×2"],
    });
  });

  test("gaps of another row do not count", async () => {
    const row = [rack(1, 0, 0), rack(2, 1200, 0)];
    expect((await snapBox(row, GAPS, 2440, 5000)).reasons).toEqual([]);
  });

  test("an edge wins over the grid, even when the grid is nearer", async () => {
    const snapped = await snapBox(
      [rack(1, 0, 10)],
      { ...OBJECTS, snapGrid: true, gridMm: 100 },
      670,
      3000,
    );
    expect(snapped.x).toBe(600);
  });

  test("Alt suspends, Control turns gaps on when they are off", async () => {
    const row = [rack(1, 0, 0), rack(2, 1200, 0)];
    expect((await snapBox(row, GAPS, 2440, 10, { isSuspended: true })).x).toBe(2440);
    expect((await snapBox(row, {}, 2440, 10, { invertsGaps: true })).x).toBe(2400);
  });

  test("what moves along is no target", async () => {
    const snapped = await snapBox([rack(1, 0, 0)], OBJECTS, 640, 3, { exclude: new Set([id(1)]) });
    expect(snapped.reasons).toEqual([]);
  });

  test("catches at 8 px, lets go beyond 12", async () => {
    const { editor } = await bench([rack(1, 0, 0)], OBJECTS);
    const xAt = (x: number): number => x + editor.snapper.box(box(x, 3000)).by.x;

    expect(xAt(700)).toBe(700);
    expect(xAt(670)).toBe(600);
    expect(xAt(700)).toBe(600);
    expect(xAt(730)).toBe(730);
    expect(xAt(700)).toBe(700);
  });

  test("Tab takes the next target", async () => {
    const { editor } = await bench([rack(1, 0, 0), rack(2, 30, 6000)], OBJECTS);
    const first = editor.snapper.box(box(620, 3000)).by.x;
    editor.snapper.cycle();
    const second = editor.snapper.box(box(620, 3000)).by.x;
    expect([620 + first, 620 + second].sort((a, b) => a - b)).toEqual([600, 630]);
  });

  test("every exact line is shown, merged over what it joins", async () => {
    const { editor } = await bench([rack(1, 0, 0), rack(2, 0, 6000)], OBJECTS);
    const { guides } = editor.snapper.box(box(10, 3000));
    const upright = guides.filter(({ from, to }) => from.x === to.x && from.x === 0);
    expect(upright).toHaveLength(1);
    expect([upright[0]?.from.y, upright[0]?.to.y]).toEqual([0, 7200]);
  });
});

describe("a point", () => {
  test.each<[string, [number, number], [number, number], RegExp]>([
    ["corner", [570, 1170], [600, 1200], /corner of R001/],
    ["middle of a side", [310, -40], [300, 0], /middle of a side of R001/],
    ["centre", [320, 590], [300, 600], /centre of R001/],
    ["side", [640, 900], [600, 900], /edge of R001/],
  ])("%s", async (_name, [x, y], [toX, toY], reason) => {
    const { editor } = await bench([rack(1, 0, 0)], OBJECTS);
    const { by, reasons } = editor.snapper.point({ x, y });
    expect([x + by.x, y + by.y]).toEqual([toX, toY]);
    expect(reasons.join()).toMatch(reason);
  });
});
