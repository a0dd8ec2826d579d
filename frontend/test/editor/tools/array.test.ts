import { describe, expect, test } from "vitest";
import type { Editor } from "../../../src/editor/editor";
import { bench, id, rack } from "../../fixtures";

describe("array", () => {
  test("8@600 makes eight in all, in one revision, with tags that count on", async () => {
    const { driver, editor, server, settle } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    driver.key("a");

    driver.move(3000, 600).type("8@600").enter();
    await settle();

    const racks = [...server.draft.elements.values()];
    expect(racks).toHaveLength(8);
    expect(
      racks.map(({ placement }) => placement?.x_mm).sort((a, b) => (a ?? 0) - (b ?? 0)),
    ).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => n * 600));
    expect(new Set(racks.map(({ identity }) => identity?.tag)).size).toBe(8);
    expect(server.log).toHaveLength(1);
    expect(editor.selection.size).toBe(8);
  });

  test("8/4800 spreads eight over a length", async () => {
    const { driver, editor } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    editor.tools.activate("array");

    driver.move(0, 9000).type("8/4800").enter();

    const ys = [...editor.document.ofKind("rack")].map(
      (one) => editor.document.get(one)?.placement?.y_mm ?? -1,
    );
    expect(Math.max(...ys)).toBe(4200);
  });

  const places = (editor: Editor): string[] =>
    [...editor.document.ofKind("rack")]
      .map((one) => editor.document.get(one)?.placement)
      .map((placement) => `${String(placement?.x_mm)},${String(placement?.y_mm)}`)
      .sort();

  test("8@600x4@3000 makes rows of rows, by the keyboard alone and in one revision", async () => {
    const { driver, editor, server, settle } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    driver.key("a");

    driver.type("8@600x4@3000").enter();
    await settle();

    const wanted = [0, 1, 2, 3].flatMap((row) =>
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `${String(n * 600)},${String(row * 3000)}`),
    );
    expect(places(editor)).toEqual(wanted.sort());
    expect(server.log.map(({ label }) => label)).toEqual(["Array 1 rack × 8 × 4"]);
  });

  test("ghosts show what is typed before it is accepted, and go back with Escape", async () => {
    const { driver, editor } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    driver.key("a");
    driver.move(900, 600);

    driver.type("4@600x2@3000");
    expect(editor.preview.state.get().ghosts).toHaveLength(7);
    expect(editor.document.ofKind("rack").size).toBe(1);
    driver.escape();
    expect(editor.preview.state.get().ghosts).toHaveLength(1);
    expect(editor.tools.active.get()).toBe("array");
  });

  test("rows typed in their own field go where the arrows say", async () => {
    const { driver, editor } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    driver.key("a");

    driver.type("2@600").tab().type("2@3000").tab();
    driver.key("ArrowLeft");
    driver.key("ArrowDown");
    driver.enter();

    expect(places(editor)).toEqual(["-600,-3000", "-600,0", "0,-3000", "0,0"]);
  });

  test("a turned rack is repeated along its own width", async () => {
    const turned = { placement: { x_mm: 0, y_mm: 0, rotation_deg: 90 } };
    const { driver, editor } = await bench([rack(1, 0, 0, turned)]);
    editor.selection.set([id(1)]);
    driver.key("a");

    driver.type("2@600x2@3000").enter();

    expect(places(editor)).toEqual(["-3000,0", "-3000,600", "0,0", "0,600"]);
  });

  test("the pointer on the diagonal asks for rows of rows, an aisle apart", async () => {
    const { driver, editor } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    editor.tools.activate("array");

    driver.move(900, 3000);
    expect(editor.preview.state.get().hud?.fields.map(({ value }) => value)).toEqual([
      "2 @ 600 mm",
      "2 @ 2\u2009400 mm",
    ]);
    expect(editor.preview.state.get().ghosts).toHaveLength(3);
    driver.click(900, 3000);

    expect(places(editor)).toEqual(["0,0", "0,2400", "600,0", "600,2400"]);
  });

  test("too many places are refused and nothing is made", async () => {
    const { driver, editor } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    driver.key("a");

    driver.type("200@600x200@3000").enter();

    expect(editor.preview.state.get().hud?.error).toMatch(/from 2 to 10,000 places/);
    expect(editor.document.ofKind("rack").size).toBe(1);
  });

  test("the pointer alone counts by the extent", async () => {
    const { driver, editor } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);
    editor.tools.activate("array");

    driver.move(2700, 650).click(2700, 650);

    expect(editor.document.ofKind("rack").size).toBe(5);
  });
});
