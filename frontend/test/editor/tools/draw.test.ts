import { describe, expect, test } from "vitest";
import { bench } from "../../fixtures";

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });

describe("draw", () => {
  test("a hall by typed lengths", async () => {
    const { driver, editor, server, settle } = await bench([]);
    editor.tools.activate("hall");

    driver.move(10, 10).type("0,0").enter();
    driver.holding("alt").move(3000, 100).holding().type("24m").enter();
    driver.type("@0,12000").enter();
    driver.type("24000<180").enter().enter();
    await settle();

    const [element] = server.draft.elements.values();
    expect(element).toMatchObject({
      kind: "hall",
      identity: { name: "Hall 1" },
      outline: {
        points_mm: [
          [0, 0],
          [23986.7, 799.6],
          [23986.7, 12799.6],
          [-13.3, 12799.6],
        ],
      },
    });
  });

  test("a hall by its width and depth", async () => {
    const { driver, editor, server, settle } = await bench([]);
    editor.tools.activate("hall");

    driver.type("1200,600").enter();
    driver.type("12.6mx9600").enter();
    await settle();

    const [element] = server.draft.elements.values();
    expect(element?.outline?.points_mm).toEqual([
      [1200, 600],
      [13_800, 600],
      [13_800, 10_200],
      [1200, 10_200],
    ]);
  });

  test("a rectangle without a depth stays undrawn and says so", async () => {
    const { driver, editor, server, settle } = await bench([]);
    editor.tools.activate("hall");

    driver.type("0,0").enter().type("12600x0").enter();
    await settle();

    expect(editor.preview.state.get().hud?.error).toBe("A rectangle needs a width and a depth.");
    expect(server.draft.elements.size).toBe(0);
  });

  test("a corner nearly in line with the one before is pulled into line", async () => {
    const { driver, editor } = await bench([]);
    editor.tools.activate("hall");

    driver.click(0, 0).move(3000, 70).type("24m").enter();

    expect(editor.preview.state.get().path?.points[1]).toEqual({ x: 24_000, y: 0 });
  });

  test("with ortho a typed length follows the axis; a drag draws a rectangle", async () => {
    const { driver, editor, server, settle } = await bench([], { ortho: true });
    editor.tools.activate("hall");
    driver.click(0, 0).move(3000, 100).type("6000").enter();
    driver.move(6000, 900).type("3000").enter().escape();
    editor.tools.activate("keepout");

    driver.drag(at(1000, 1000), at(3000, 2500));
    await settle();

    const [element] = server.draft.elements.values();
    expect(element?.kind).toBe("keepout");
    expect(element?.outline?.points_mm).toEqual([
      [1000, 1000],
      [3000, 1000],
      [3000, 2500],
      [1000, 2500],
    ]);
  });

  test("an outline that crosses itself is not taken", async () => {
    const { driver, editor, server, settle } = await bench([]);
    const said: string[] = [];
    editor.notices.on(({ text }) => said.push(text));
    editor.tools.activate("hall");

    driver.click(0, 0).click(4000, 4000).click(4000, 0).click(0, 4000).enter();
    await settle();

    expect(server.log).toEqual([]);
    expect(said.join()).toMatch(/must not cross itself/);
  });

  test("Backspace takes the last corner back, Escape the drawing, Escape again the tool", async () => {
    const { driver, editor } = await bench([]);
    editor.tools.activate("area");

    driver.click(0, 0).click(4000, 0).click(4000, 4000);
    driver.key("Backspace");
    expect(editor.preview.state.get().path?.points).toHaveLength(3);
    driver.escape();
    expect(editor.tools.active.get()).toBe("area");
    driver.escape();
    expect(editor.tools.active.get()).toBe("select");
  });
});

describe("measure and dimension", () => {
  test("measuring changes nothing and shows the distance", async () => {
    const { driver, editor, server } = await bench([], {}, false);
    editor.tools.activate("measure");

    driver.click(0, 0).move(3000, 4000);

    expect(editor.preview.state.get().guides[0]?.label).toContain("5\u2009000 mm");
    expect(server.log).toEqual([]);
  });

  test("three clicks make a dimension", async () => {
    const { driver, editor, server, settle } = await bench([]);
    editor.tools.activate("dimension");

    driver.click(0, 0).click(3000, 0).click(1000, 700);
    await settle();

    expect([...server.draft.elements.values()][0]?.line).toEqual({
      from_x_mm: 0,
      from_y_mm: 0,
      to_x_mm: 3000,
      to_y_mm: 0,
      offset_mm: 700,
    });
  });
});
