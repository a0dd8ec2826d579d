import { describe, expect, test } from "vitest";
import { bench, id, module, moduleType, rack } from "../../fixtures";

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
const ROW = [rack(1, 0, 0), rack(2, 600, 0), rack(3, 1200, 0)];

describe("drag", () => {
  test("one gesture is one revision", async () => {
    const { editor, driver, server, settle } = await bench(ROW);

    driver.drag(at(300, 600), at(3300, 2600));
    await settle();

    expect(editor.document.get(id(1))?.placement).toEqual({
      x_mm: 3000,
      y_mm: 2000,
      rotation_deg: 0,
    });
    expect(server.log.map(({ label }) => label)).toEqual(["Move rack R001"]);
  });

  test("7200 typed for X is 7200 in the document, on the server and in the fields", async () => {
    const { editor, driver, server, settle } = await bench(ROW, {
      snapGrid: true,
      snapObjects: true,
    });

    driver.dragTo(at(300, 600), at(4511, 3333)).type("7200").tab();
    const fields = editor.preview.state.get().hud?.fields;
    driver.type("2400").enter();
    await settle();

    expect(fields?.[0]).toMatchObject({ label: "X", value: "7\u2009200 mm", fixed: true });
    expect(editor.document.get(id(1))?.placement).toMatchObject({ x_mm: 7200, y_mm: 2400 });
    expect(server.draft.get(id(1))?.placement).toMatchObject({ x_mm: 7200, y_mm: 2400 });
    expect(editor.tools.path.get()).toBe("select.idle");
  });

  test("@600,-1200 moves by that much from where it was", async () => {
    const { editor, driver } = await bench(ROW);

    driver.dragTo(at(300, 600), at(2000, 2000)).type("@600,-1200").enter();

    expect(editor.document.get(id(1))?.placement).toMatchObject({ x_mm: 600, y_mm: -1200 });
  });

  test("what cannot be read is said and nothing moves", async () => {
    const { editor, driver } = await bench(ROW);

    driver.dragTo(at(300, 600), at(2000, 2000)).type("12kW").enter();

    expect(editor.preview.state.get().hud?.error).toMatch(/is a power/);
    expect(editor.tools.path.get()).toBe("select.translating");
    expect(editor.document.get(id(1))?.placement).toMatchObject({ x_mm: 0 });
  });

  test("Escape leaves no trace", async () => {
    const { editor, driver, server, settle } = await bench(ROW);

    driver.dragTo(at(300, 600), at(4000, 4000)).escape();
    driver.pointerUp();
    await settle();

    expect(server.log).toEqual([]);
    expect(editor.preview.state.get().moving).toBeNull();
  });

  test("Shift keeps to one axis", async () => {
    const { editor, driver } = await bench(ROW);

    driver.holding("shift").drag(at(300, 600), at(3300, 900));

    expect(editor.document.get(id(1))?.placement).toMatchObject({ x_mm: 3000, y_mm: 0 });
  });

  test("Alt copies, with the next tag", async () => {
    const { editor, driver, server, settle } = await bench(ROW);

    driver.holding("alt").drag(at(300, 600), at(3300, 600)).holding();
    await settle();

    const [copy] = editor.selection.ids.get();
    expect(editor.document.get(copy ?? "")).toMatchObject({
      placement: { x_mm: 3000 },
      identity: { tag: "R004" },
    });
    expect(editor.document.get(id(1))?.placement?.x_mm).toBe(0);
    expect(server.log).toHaveLength(1);
  });

  test("a peer deletes one of two dragged racks: the other one still moves", async () => {
    const { editor, driver, server, settle } = await bench(ROW);
    editor.selection.set([id(1), id(2)]);

    driver.dragTo(at(300, 600), at(1300, 2600));
    server.listen((message) => {
      editor.receive(message);
    });
    server.append("peer", "request-of-peer", "Delete", [{ type: "delete", id: id(1) }]);
    driver.pointerUp();
    await settle();

    expect(editor.document.get(id(1))).toBeUndefined();
    expect(editor.document.get(id(2))?.placement).toMatchObject({ x_mm: 1600, y_mm: 2000 });
    expect(editor.session.refused.get()).toEqual([]);
  });

  test("a peer deletes the only dragged rack: the gesture ends", async () => {
    const { editor, driver, server } = await bench(ROW);

    driver.dragTo(at(300, 600), at(1300, 2600));
    server.listen((message) => {
      editor.receive(message);
    });
    server.append("peer", "request-of-peer", "Delete", [{ type: "delete", id: id(1) }]);

    expect(editor.tools.path.get()).toBe("select.idle");
    expect(editor.preview.state.get().moving).toBeNull();
  });

  test("losing the right to write ends the gesture without a trace", async () => {
    const { editor, driver, server, settle } = await bench(ROW);

    driver.dragTo(at(300, 600), at(1300, 2600));
    editor.rights.set({ role: "viewer", may: ["comment"], is_protected: false });
    driver.pointerUp();
    await settle();

    expect(server.log).toEqual([]);
  });

  test("readers select but do not drag", async () => {
    const { editor, driver } = await bench(ROW, {}, false);

    driver.drag(at(300, 600), at(4000, 4000));

    expect(editor.document.get(id(1))?.placement?.x_mm).toBe(0);
    expect(editor.tools.activate("place", { productId: "gb300" })).toBe(false);
    expect(editor.tools.activate("measure")).toBe(true);
  });

  test("what is locked stays, the rest of the selection moves", async () => {
    const { editor, driver } = await bench([
      rack(1, 0, 0, { state: { locked: true } }),
      rack(2, 600, 0),
    ]);
    editor.selection.set([id(1), id(2)]);

    driver.drag(at(900, 600), at(1900, 600));

    expect(editor.document.get(id(1))?.placement?.x_mm).toBe(0);
    expect(editor.document.get(id(2))?.placement?.x_mm).toBe(1600);
  });

  test("a rack dragged onto its neighbour shows the overlap at once", async () => {
    const { editor, driver } = await bench(ROW);

    driver.dragTo(at(300, 600), at(700, 600));
    expect(editor.preview.state.get().clashes).toEqual([id(2)]);
    driver.move(300, 600);
    expect(editor.preview.state.get().clashes).toEqual([]);
  });

  test("a member dragged inside its module becomes an override of that copy", async () => {
    const { editor, driver, server, settle } = await bench([
      moduleType(10),
      module(11, 10, 0, 0),
      module(12, 10, 0, 5000),
    ]);
    const member = `${id(11)}/rack-1-01`;
    const before = editor.document.get(member)?.placement;
    driver.doubleClick(1200, 600);

    driver.drag(at(1200, 600), at(1200, -1400));
    await settle();

    expect(editor.document.get(member)?.placement).toEqual({
      ...before,
      y_mm: (before?.y_mm ?? 0) - 2000,
    });
    expect(server.draft.get(id(11))?.overrides).toHaveProperty(["rack-1-01", "placement"]);
    expect(server.draft.get(id(12))?.overrides).toBeUndefined();
  });
});

describe("turn", () => {
  test("the handle turns the selection about its middle, 15° at a time with Shift", async () => {
    const { editor, driver } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);

    // The handle stands 28 px above the box: 280 mm at this zoom.
    driver.dragTo(at(300, 1480), at(-500, 600));
    expect(editor.tools.path.get()).toBe("select.rotating");
    driver.pointerUp();

    expect(editor.document.get(id(1))?.placement).toEqual({
      x_mm: 900,
      y_mm: 300,
      rotation_deg: 90,
    });
  });

  test("a typed angle is exact", async () => {
    const { editor, driver } = await bench([rack(1, 0, 0)]);
    editor.selection.set([id(1)]);

    driver.dragTo(at(300, 1480), at(0, 1400)).type("30").enter();

    expect(editor.document.get(id(1))?.placement?.rotation_deg).toBe(30);
  });
});
