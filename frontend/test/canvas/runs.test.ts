/** What the plan draws of pipes, trays and feeders. */
import { describe, expect, test } from "vitest";
import { buildScene } from "../../src/canvas/build-scene";
import { liveLayer } from "../../src/canvas/live-layer";
import { paintPipes, paintTrays } from "../../src/canvas/painters/runs";
import type { Context } from "../../src/canvas/painters/shapes";
import { PALETTES } from "../../src/canvas/palette";
import type { Scene, SceneRun } from "../../src/canvas/scene";
import type { Skin } from "../../src/canvas/skin";
import { NO_PREVIEW } from "../../src/editor/preview";
import type { PlanElement } from "../../src/model/element";
import { bench, cdu, id, module, moduleType, pipe, tray } from "../fixtures";

async function sceneOf(elements: readonly PlanElement[]): Promise<Scene> {
  const { editor } = await bench(elements);
  return buildScene(editor.document.items(), {
    rowLabel: (_hall, row) => String(row),
    hides: () => false,
  });
}

const run = (scene: Scene, runId: string): SceneRun | undefined =>
  scene.runs.find((one) => one.id === runId);

describe("the scene", () => {
  test("has the pipes and trays of modules among the runs, and not among the boxes", async () => {
    const scene = await sceneOf([moduleType(10), module(11, 10, 0, 0)]);

    expect(scene.runs.map(({ kind, isMember }) => [kind, isMember])).toEqual([
      ["pipe", true],
      ["tray", true],
    ]);
    expect(scene.index.has(`${id(11)}/pipe-1`)).toBe(false);
  });

  test("supply leaves the unit at one end; between two, or without one, nothing flows", async () => {
    const along = [
      [450, 600],
      [9000, 600],
    ] as const;
    const scene = await sceneOf([
      cdu(1, 0, 0),
      cdu(2, 20_000, 0),
      pipe(3, along),
      pipe(4, [...along].reverse()),
      pipe(5, [
        [450, 600],
        [20_450, 600],
      ]),
      pipe(6, [
        [3000, 3000],
        [9000, 3000],
      ]),
    ]);

    expect([3, 4, 5, 6].map((number) => run(scene, id(number))?.flow)).toEqual([1, -1, 0, 0]);
  });

  test("the room of a module is that of what stands in it", async () => {
    const { editor } = await bench([moduleType(10), module(11, 10, 0, 0)]);
    // Four racks of 600 and a CDU of 900 at either end; the pipe runs behind them.
    expect(editor.document.item(id(11))?.box).toEqual({
      minX: 0,
      minY: 0,
      maxX: 4200,
      maxY: 1200,
    });
  });
});

/** A pen that only counts how many lines it began. */
function counter(): { readonly ctx: Context; readonly lines: () => number } {
  let lines = 0;
  const nothing = (): void => undefined;
  const ctx = {
    beginPath: nothing,
    moveTo: () => {
      lines += 1;
    },
    lineTo: nothing,
    closePath: nothing,
    stroke: nothing,
    setLineDash: nothing,
  };
  return { ctx: ctx as unknown as Context, lines: () => lines };
}

describe("painting", () => {
  const skin = {
    palette: PALETTES.dark,
    leftOut: new Set<string>(),
    assumedWater: [],
  } as unknown as Skin;
  const view = (scale: number) => ({
    width: 1000,
    height: 800,
    scale,
    left: -2000,
    top: 6000,
    ratio: 1,
  });
  const LINE = [
    [0, 0],
    [6000, 0],
  ] as const;

  test("a pipe is two lines, and nothing from far away or out of sight", async () => {
    const scene = await sceneOf([
      pipe(1, LINE),
      pipe(2, [
        [900_000, 0],
        [906_000, 0],
      ]),
    ]);
    const linesAt = (scale: number): number => {
      const pen = counter();
      paintPipes(pen.ctx, view(scale), scene, skin);
      return pen.lines();
    };

    expect(linesAt(0.015)).toBe(2);
    expect(linesAt(0.005)).toBe(0);
  });

  test("a tray is hatched once it is wide enough; what is dragged is left to its ghost", async () => {
    const scene = await sceneOf([tray(1, LINE)]);
    const linesAt = (scale: number, leftOut: ReadonlySet<string>): number => {
      const pen = counter();
      paintTrays(pen.ctx, view(scale), scene, { ...skin, leftOut });
      return pen.lines();
    };

    expect(linesAt(0.015, new Set())).toBe(2);
    expect(linesAt(0.1, new Set())).toBeGreaterThan(50);
    expect(linesAt(0.1, new Set([id(1)]))).toBe(0);
  });
});

test("the ghost of a run has no tag: in the middle of its box there is no run", async () => {
  const { editor, driver } = await bench([pipe(1, [[0, 0], [6000, 0], [6000, 3000]])]); // prettier-ignore
  driver.dragTo({ x: 3000, y: 0 }, { x: 3000, y: 1000 });

  const layer = liveLayer({
    document: editor.document,
    preview: editor.preview.state.get(),
    selected: new Set([id(1)]),
    hover: null,
    findings: [],
    markers: [],
    peers: [],
    turnAt: null,
    handles: [],
    assumedFeeders: [],
    assumedWater: [],
  });

  expect(layer.ghosts.map(({ tag }) => tag)).toEqual([""]);
  expect(layer.ghosts[0]?.ring.some(({ y }) => y > 3900)).toBe(true);
});

test("a run with handles has no box around it", async () => {
  const { editor } = await bench([pipe(1, [[0, 0], [6000, 0], [6000, 3000]])]); // prettier-ignore
  const layer = (handles: readonly { at: { x: number; y: number }; isNew: boolean }[]) =>
    liveLayer({
      document: editor.document,
      preview: NO_PREVIEW,
      selected: new Set([id(1)]),
      hover: null,
      findings: [],
      markers: [],
      peers: [],
      turnAt: null,
      handles,
      assumedFeeders: [],
      assumedWater: [],
    });

  expect(layer([]).frame).not.toBeNull();
  expect(layer([{ at: { x: 0, y: 0 }, isNew: false }]).frame).toBeNull();
  expect(layer([]).selected).toHaveLength(1);
});
