import { describe, expect, test } from "vitest";
import { bench, hall, id, rack } from "../../fixtures";

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
const ROW = [rack(1, 0, 0), rack(2, 600, 0), rack(3, 1200, 0)];

describe("keys", () => {
  test("arrows nudge by the grid, Shift ten times, Ctrl by one millimetre", async () => {
    const { driver, editor } = await bench([rack(1, 0, 0)], { gridMm: 100 });
    editor.selection.set([id(1)]);

    driver.key("ArrowRight");
    driver.key("Shift+ArrowUp");
    driver.key("Ctrl+ArrowLeft");

    expect(editor.document.get(id(1))?.placement).toMatchObject({ x_mm: 99, y_mm: 1000 });
  });

  test("Ctrl+Z takes back what is on the server, and on screen", async () => {
    const { driver, editor, settle } = await bench(ROW);
    driver.drag(at(300, 600), at(3300, 600));
    await settle();

    driver.key("Ctrl+Z");
    await settle();

    expect(editor.document.get(id(1))?.placement?.x_mm).toBe(0);
    expect(editor.session.state.get().kind).toBe("saved");
  });

  test("work that was not sent yet is taken back here and brought back again", async () => {
    const { driver, editor, server, settle } = await bench(ROW);
    driver.drag(at(300, 600), at(1300, 600));
    driver.drag(at(900, 600), at(900, 5600));

    driver.key("Ctrl+Z");
    expect(editor.document.get(id(2))?.placement?.y_mm).toBe(0);
    driver.key("Ctrl+Shift+Z");
    expect(editor.document.get(id(2))?.placement?.y_mm).toBe(5000);
    await settle();
    expect(server.log).toHaveLength(2);
  });

  test("no shortcut acts in the middle of a drag", async () => {
    const { driver, editor } = await bench(ROW);
    driver.dragTo(at(3000, 3000), at(4000, 4000));
    driver.key("m");
    expect(editor.tools.path.get()).toBe("select.brushing");
    driver.pointerUp();
    driver.key("m");
    expect(editor.tools.active.get()).toBe("measure");
  });

  test("Space pans under any tool and gives it back", async () => {
    const { driver, editor } = await bench([hall(1, 9000, 9000)]);
    editor.tools.activate("place", { productId: "gb300" });
    const before = editor.camera.view.get().centre;

    editor.tools.hold(true);
    driver.pointerDown(0, 0).move(100, 0).pointerUp();
    editor.tools.hold(false);

    expect(editor.camera.view.get().centre).not.toEqual(before);
    expect(editor.tools.active.get()).toBe("place");
    expect(editor.tools.path.get()).toBe("place.ghost");
  });
});
