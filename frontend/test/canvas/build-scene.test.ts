import { describe, expect, test } from "vitest";
import { buildScene } from "../../src/canvas/build-scene";
import { FLAG_LOCKED, FLAG_OWN, type Scene } from "../../src/canvas/scene";
import { bench, id, module, moduleType, rack } from "../fixtures";

const flagOf = (scene: Scene, boxId: string): number =>
  scene.boxes.flags[scene.index.get(boxId) ?? -1] ?? 0;

describe("the scene", () => {
  test("marks what departs from its module, and not what is only fed from elsewhere", async () => {
    const overrides = {
      "rack-1-02": { load: { sustained_kw: 90 } },
      "rack-1-03": { upstream: { source: id(1) } },
    };
    const { editor } = await bench([
      rack(1, 20_000, 0),
      moduleType(10),
      { ...module(11, 10, 0, 0), overrides },
    ]);

    const scene = buildScene(editor.document.items(), {
      rowLabel: (_hall, row) => String(row),
      hides: () => false,
    });

    const own = (slot: string): boolean => (flagOf(scene, `${id(11)}/${slot}`) & FLAG_OWN) !== 0;
    expect([own("rack-1-01"), own("rack-1-02"), own("rack-1-03")]).toEqual([false, true, false]);
  });

  test("says once that something is locked: of a module by its label, not on every member", async () => {
    const state = { locked: true };
    const { editor } = await bench([
      rack(1, 20_000, 0, { state }),
      moduleType(10),
      { ...module(11, 10, 0, 0), state },
    ]);

    const scene = buildScene(editor.document.items(), {
      rowLabel: (_hall, row) => String(row),
      hides: () => false,
    });

    expect(flagOf(scene, id(1)) & FLAG_LOCKED).toBe(FLAG_LOCKED);
    expect(flagOf(scene, `${id(11)}/rack-1-01`) & FLAG_LOCKED).toBe(0);
    expect(scene.modules[0]?.isLocked).toBe(true);
  });
});
