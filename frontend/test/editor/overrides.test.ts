import { describe, expect, test } from "vitest";
import { departuresOf, sourcesOf, withoutDepartures } from "../../src/editor/overrides";
import { bench, id, module, moduleType } from "../fixtures";

const OVERRIDES = {
  "busway-a-1": { upstream: { source: id(7) } },
  "rack-1-02": { load: { sustained_kw: 90 }, upstream: { source: id(8) } },
};

describe("overrides of a module's copy", () => {
  test("where a part is fed from is no override: every copy has its own source", () => {
    expect(departuresOf(OVERRIDES)).toEqual([{ slot: "rack-1-02", groups: ["load"] }]);
    expect(departuresOf(undefined)).toEqual([]);
    expect(sourcesOf(OVERRIDES)).toEqual([
      { slot: "busway-a-1", source: id(7) },
      { slot: "rack-1-02", source: id(8) },
    ]);
  });

  test("resetting keeps the copy connected", () => {
    expect(withoutDepartures(OVERRIDES, null)).toEqual({
      "busway-a-1": OVERRIDES["busway-a-1"],
      "rack-1-02": { upstream: { source: id(8) } },
    });
    expect(withoutDepartures({ "rack-1-01": { load: {} } }, null)).toBeNull();
    expect(withoutDepartures(OVERRIDES, "busway-a-1")).toEqual(OVERRIDES);
  });

  test("the command resets the values of members, not their sources", async () => {
    const copy = { ...module(11, 10, 0, 0), overrides: OVERRIDES };
    const sources = [7, 8].map((n) => ({ id: id(n), kind: "ups" as const }));
    const { editor } = await bench([...sources, moduleType(10), copy]);
    editor.selection.entered.set(id(11));
    editor.selection.set([`${id(11)}/rack-1-02`, `${id(11)}/busway-a-1`]);

    editor.commands.run("edit.reset-overrides");

    expect(editor.document.get(id(11))?.overrides).toEqual({
      "busway-a-1": { upstream: { source: id(7) } },
      "rack-1-02": { upstream: { source: id(8) } },
    });
  });
});
