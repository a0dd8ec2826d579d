import { describe, expect, test } from "vitest";
import type { Driver } from "../../src/editor/driver";
import type { Editor } from "../../src/editor/editor";
import { NO_MODIFIERS } from "../../src/editor/input";
import { bench, hall, id, module, moduleType, rack } from "../fixtures";

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

describe("place", () => {
  test("a click places, R turns, the tool goes on", async () => {
    const { editor, driver, server, settle } = await bench([]);
    editor.tools.activate("place", { productId: "gb300" });

    driver.click(3000, 3000);
    driver.key("r");
    driver.click(6000, 3000);
    await settle();

    const racks = [...server.draft.elements.values()];
    expect(racks.map(({ identity }) => identity?.tag)).toEqual(["R001", "R002"]);
    expect(racks[0]?.placement).toEqual({ x_mm: 2700, y_mm: 2400, rotation_deg: 0 });
    expect(racks[1]?.placement?.rotation_deg).toBe(90);
    expect(editor.tools.path.get()).toBe("place.ghost");
    driver.escape();
    expect(editor.tools.active.get()).toBe("select");
  });

  test("typed X and Y are the front-left corner", async () => {
    const { driver, editor, server, settle } = await bench([]);
    editor.tools.activate("place", { productId: "cdu-600" });

    driver.move(100, 100).type("7200").tab().type("2.4m").enter();
    await settle();

    expect([...server.draft.elements.values()][0]?.placement).toEqual({
      x_mm: 7200,
      y_mm: 2400,
      rotation_deg: 0,
    });
  });

  test("placing a module makes its type once and all of its members", async () => {
    const { driver, editor, server, settle } = await bench([]);
    const {
      id: _id,
      kind: _kind,
      identity: _identity,
      template: _template,
      ...groups
    } = moduleType(1);
    editor.templates.set([{ template_id: "pod", version: 1, name: "Pod", groups }]);
    editor.tools.activate("place", { templateId: "pod" });

    driver.move(3000, 3000);
    const ghosts = editor.preview.state.get().ghosts;
    driver.click(3000, 3000).click(3000, 8000);
    await settle();

    expect(ghosts.filter(({ kind }) => kind === "rack")).toHaveLength(4);
    expect([...server.draft.elements.values()].map(({ kind }) => kind)).toEqual([
      "module_type",
      "module",
      "module",
    ]);
    expect(editor.document.ofKind("rack").size).toBe(8);
    expect(editor.document.ofKind("busway").size).toBe(4);
  });
});

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
