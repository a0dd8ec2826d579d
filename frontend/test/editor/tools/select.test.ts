import { describe, expect, test } from "vitest";
import type { Driver } from "../../../src/editor/driver";
import { NO_MODIFIERS } from "../../../src/editor/input";
import { bench, hall, id, module, moduleType, rack } from "../../fixtures";

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
const ROW = [rack(1, 0, 0), rack(2, 600, 0), rack(3, 1200, 0)];

describe("select", () => {
  test("a click selects, Shift adds, Ctrl toggles, a click beside clears", async () => {
    const { editor, driver } = await bench(ROW);

    driver.click(300, 600);
    expect([...editor.selection.ids.get()]).toEqual([id(1)]);
    driver.holding("shift").click(900, 600);
    expect(editor.selection.size).toBe(2);
    driver.holding("ctrl").click(300, 600).holding();
    expect([...editor.selection.ids.get()]).toEqual([id(2)]);
    driver.click(5000, 5000);
    expect(editor.selection.size).toBe(0);
  });

  test("a box to the right takes what is inside, to the left what it touches", async () => {
    const { editor, driver } = await bench(ROW);

    driver.drag(at(-100, -100), at(1000, 1300));
    expect([...editor.selection.ids.get()]).toEqual([id(1)]);
    driver.drag(at(1000, 1300), at(-100, -100));
    expect(new Set(editor.selection.ids.get())).toEqual(new Set([id(1), id(2)]));
  });

  test("a finger hits from farther away than a mouse", async () => {
    const { editor } = await bench(ROW);
    // 100 mm and ten pixels below the row.
    const beside = { screen: editor.camera.toScreen(at(300, -100)), ...NO_MODIFIERS, button: 0 };
    const tap = (isTouch: boolean): void => {
      editor.tools.pointerDown({ ...beside, isTouch });
      editor.tools.pointerUp({ ...beside, isTouch });
    };

    tap(false);
    expect(editor.selection.size).toBe(0);
    tap(true);
    expect([...editor.selection.ids.get()]).toEqual([id(1)]);
  });

  test("the brush says which kind of box it is", async () => {
    const { editor, driver } = await bench(ROW);

    driver.dragTo(at(3000, 3000), at(4000, 4000));
    expect(editor.preview.state.get().brush?.mode).toBe("window");
    driver.move(2000, 2000);
    expect(editor.preview.state.get().brush?.mode).toBe("crossing");
  });

  test("a module is picked as one, a double click opens it", async () => {
    const { editor, driver } = await bench([moduleType(10), module(11, 10, 0, 0)]);

    driver.click(1200, 600);
    expect([...editor.selection.ids.get()]).toEqual([id(11)]);
    driver.doubleClick(1200, 600);
    expect(editor.selection.entered.get()).toBe(id(11));
    expect([...editor.selection.ids.get()]).toEqual([`${id(11)}/rack-1-01`]);
    driver.escape();
    expect([...editor.selection.ids.get()]).toEqual([id(11)]);
  });

  test("what is hidden or on a locked layer is not picked", async () => {
    const { editor, driver } = await bench([
      rack(1, 0, 0, { state: { hidden: true } }),
      rack(2, 600, 0),
    ]);

    driver.click(300, 600);
    expect(editor.selection.size).toBe(0);
    editor.layers.set("Racks", { locked: true });
    driver.click(900, 600);
    expect(editor.selection.size).toBe(0);
  });
});

describe("lasso and fence", () => {
  const around = (driver: Driver): Driver =>
    driver.click(-100, -100).click(1000, -100).click(1000, 1300).click(-100, 1300);

  test("a closed line takes what is inside; Tab: what it touches", async () => {
    const { editor, driver } = await bench(ROW);

    driver.key("l");
    around(driver).enter();
    expect([...editor.selection.ids.get()]).toEqual([id(1)]);
    expect(editor.tools.active.get()).toBe("select");

    driver.key("l");
    around(driver).tab().enter();
    expect(new Set(editor.selection.ids.get())).toEqual(new Set([id(1), id(2)]));
  });

  test("dragged freely it ends on release, Shift adds", async () => {
    const { editor, driver } = await bench(ROW);
    editor.selection.set([id(1)]);

    driver.key("l");
    driver.move(1150, -100).pointerDown(1150, -100);
    driver.move(1900, -100).move(1900, 1300).move(1150, 1300);
    driver.holding("shift").pointerUp().holding();

    expect(new Set(editor.selection.ids.get())).toEqual(new Set([id(1), id(3)]));
  });

  test("a fence takes what it crosses, not what it goes around", async () => {
    const { editor, driver } = await bench([...ROW, rack(4, 0, 3000)]);

    driver.key("Shift+F");
    driver.click(900, 2000).click(900, 600).click(1500, 600).enter();

    expect(new Set(editor.selection.ids.get())).toEqual(new Set([id(2), id(3)]));
  });

  test("a line inside a hall does not take the hall, one across its wall does", async () => {
    const { editor, driver } = await bench([...ROW, hall(9, 12_000, 6000)]);

    driver.key("Shift+F");
    driver.click(300, 600).click(900, 600).enter();
    expect(new Set(editor.selection.ids.get())).toEqual(new Set([id(1), id(2)]));

    driver.key("Shift+F");
    driver.click(-600, 3000).click(5000, 3000).enter();
    expect([...editor.selection.ids.get()]).toEqual([id(9)]);
  });

  test("Escape goes back without a trace, Backspace by one corner", async () => {
    const { editor, driver } = await bench(ROW);
    editor.selection.set([id(2)]);

    driver.key("l");
    around(driver).key("Backspace");
    expect(editor.preview.state.get().path?.points).toHaveLength(4);
    driver.escape();
    expect(editor.tools.active.get()).toBe("lasso");
    driver.escape();
    expect(editor.tools.active.get()).toBe("select");
    expect([...editor.selection.ids.get()]).toEqual([id(2)]);
  });
});
