/** The tools that draw pipes and trays. */
import { describe, expect, test } from "vitest";
import type { Editor } from "../../src/editor/editor";
import { bench, cdu, id, panel, pipe, rack } from "../fixtures";

/** The run that was drawn last: it is selected. */
const drawn = (editor: Editor) => editor.document.get([...editor.selection.ids.get()][0] ?? "");
const points = (editor: Editor) => drawn(editor)?.path?.points_mm;

describe("drawing a pipe", () => {
  test("clicks add right angles, Enter ends, undo takes all of it back", async () => {
    const { editor, driver, server, settle } = await bench();

    driver.key("p");
    expect(editor.tools.path.get()).toBe("route.first");
    driver.click(0, 0).click(6000, 2000).enter();
    await settle();

    expect(points(editor)).toEqual([
      [0, 0],
      [6000, 0],
      [6000, 2000],
    ]);
    expect(drawn(editor)).toMatchObject({ kind: "pipe", identity: { tag: "P01" } });
    expect(server.log).toHaveLength(1);
    expect(editor.tools.active.get()).toBe("select");
    editor.commands.run("edit.undo");
    await settle();
    expect(editor.document.ofKind("pipe").size).toBe(0);
  });

  test("X flips the bend, the next leg goes on as the last one ran", async () => {
    const { editor, driver } = await bench();

    driver.key("p");
    driver.click(0, 0).move(6000, 2000);
    driver.key("x");
    driver.click(6000, 2000).click(8000, 5000).enter();

    expect(points(editor)).toEqual([
      [0, 0],
      [0, 2000],
      [8000, 2000],
      [8000, 5000],
    ]);
  });

  test("Shift goes straight", async () => {
    const { editor, driver } = await bench();

    driver.key("p");
    driver.click(0, 0).holding("shift").click(6000, 2000).holding().enter();

    expect(points(editor)).toEqual([
      [0, 0],
      [6000, 2000],
    ]);
  });

  test("a length can be typed, and the whole is said beside the pointer", async () => {
    const { editor, driver } = await bench();

    driver.key("p");
    driver.click(0, 0).move(1000, 30).type("6000").enter();
    driver.move(6030, 500).type("2.5m").enter();
    expect(editor.preview.state.get().hud?.note).toMatch(/^\d+(\.\d+)? m in all$/);
    driver.type("@0,1000").enter().enter();

    expect(points(editor)).toEqual([
      [0, 0],
      [6000, 0],
      [6000, 3500],
    ]);
  });

  test("a length goes the way of the pointer, however the last leg ran", async () => {
    const { editor, driver } = await bench();

    driver.key("p");
    driver.click(0, 0).click(0, 3000).move(5000, 2700);
    expect(editor.preview.state.get().hud?.fields[0]?.value).toMatch(/^5\s?000 mm$/);
    driver.type("6000").enter().enter();

    expect(points(editor)?.at(-1)).toEqual([6000, 3000]);
  });

  test("a hand that is a few pixels off the axis means the axis, also beside an edge", async () => {
    const { editor, driver } = await bench([rack(1, 8000, 60)], { snapObjects: true });

    driver.key("p");
    driver.holding("alt").click(0, 0).holding().click(6000, 50).enter();
    expect(points(editor)).toEqual([
      [0, 0],
      [6000, 0],
    ]);

    driver.key("p");
    driver.click(0, 3000).holding("alt").click(6000, 3050).holding().enter();
    expect(points(editor)?.at(-1)).toEqual([6000, 3050]);
  });

  test("Backspace takes the last point back, Escape all, then the tool", async () => {
    const { editor, driver } = await bench();

    driver.key("p");
    driver.click(0, 0).click(6000, 0).click(6000, 3000);
    driver.key("Backspace");
    driver.click(8000, 0).enter();
    expect(points(editor)).toEqual([
      [0, 0],
      [8000, 0],
    ]);

    driver.key("p");
    driver.click(0, 5000).click(3000, 5000).escape();
    expect(editor.tools.path.get()).toBe("route.first");
    driver.escape();
    expect(editor.tools.active.get()).toBe("select");
    expect(editor.document.ofKind("pipe").size).toBe(1);
  });

  test("is drawn to a CDU and ends at one; its loop is theirs", async () => {
    const { editor, driver } = await bench([cdu(1, 0, 0, "TCS-4"), cdu(2, 8000, 4000)]);

    driver.key("p");
    driver.click(500, 650).click(8400, 4550);

    expect(editor.tools.active.get()).toBe("select");
    expect(points(editor)).toEqual([
      [450, 600],
      [8450, 600],
      [8450, 4600],
    ]);
    expect(drawn(editor)?.pipe?.loop).toBe("TCS-4");
  });

  test("joins another run and takes its loop; Alt suspends all of that", async () => {
    const run = pipe(
      9,
      [
        [0, 0],
        [9000, 0],
      ],
      { pipe: { loop: "TCS-8" } },
    );
    const { editor, driver } = await bench([run]);

    driver.key("p");
    driver.click(3000, 60).click(3000, 4000).enter();
    expect(points(editor)?.[0]).toEqual([3000, 0]);
    expect(drawn(editor)?.pipe?.loop).toBe("TCS-8");

    driver.key("p");
    driver.holding("alt").click(6000, 60).holding().click(6000, 4000).enter();
    expect(points(editor)?.[0]).toEqual([6000, 60]);
  });

  test("passes behind a rack without ending there", async () => {
    const { editor, driver } = await bench([rack(1, 3000, 0)]);

    driver.key("p");
    driver.click(0, 1200).click(3310, 1210);
    expect(editor.tools.active.get()).toBe("pipe");
    driver.enter();
    expect(points(editor)?.at(-1)).toEqual([3300, 1200]);
  });

  test("a point alone is no pipe", async () => {
    const { editor, driver } = await bench();
    const said: string[] = [];
    editor.notices.on(({ text }) => said.push(text));

    driver.key("p");
    driver.click(0, 0).enter();

    expect(said).toEqual(["A pipe needs at least two points."]);
    expect(editor.document.ofKind("pipe").size).toBe(0);
  });
});

describe("drawing a tray", () => {
  test("ends at a panel, with a width and a tag of its own", async () => {
    const { editor, driver } = await bench([panel(1, 8000, 4000)]);

    driver.key("t");
    driver.click(0, 0).click(8450, 4520);

    expect(drawn(editor)).toMatchObject({
      kind: "tray",
      identity: { tag: "T01" },
      tray: { width_mm: 600, depth_mm: 100 },
      path: {
        points_mm: [
          [0, 0],
          [8500, 0],
          [8500, 4500],
        ],
      },
    });
  });

  test("a double click ends it", async () => {
    const { editor, driver } = await bench();

    driver.key("t");
    driver.click(0, 0).doubleClick(5000, 0);

    expect(points(editor)).toEqual([
      [0, 0],
      [5000, 0],
    ]);
  });

  test("is not for readers", async () => {
    const { editor, driver } = await bench([], {}, false);
    driver.key("t");
    expect(editor.tools.active.get()).toBe("select");
  });
});

test("what stands in the way is no hindrance: the id of a target that goes away is forgotten", async () => {
  const { editor, driver } = await bench([cdu(1, 0, 0, "TCS-4")]);

  driver.key("p");
  driver.click(450, 600);
  editor.commit("Delete", [{ type: "delete", id: id(1) }]);
  driver.click(6000, 600).enter();

  expect(drawn(editor)?.kind).toBe("pipe");
});
