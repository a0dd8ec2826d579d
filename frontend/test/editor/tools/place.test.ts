import { describe, expect, test } from "vitest";
import { bench, moduleType } from "../../fixtures";

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
