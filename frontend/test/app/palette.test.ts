import { describe, expect, test } from "vitest";
import type { App } from "../../src/app/context";
import { paletteEntries } from "../../src/app/palette";
import { UiState } from "../../src/app/ui-state";
import { bench, id, pipe, rack } from "../fixtures";

const LINES = [
  {
    id: "tcs.rack_dp_kpa",
    group: "tcs",
    value: 100,
    low: 80,
    high: 120,
    unit: "kPa",
    source: "",
    confidence: "estimate",
    note: "Rack with manifold at its design flow",
  },
] as const;

async function palette(elements: Parameters<typeof bench>[0] = []) {
  const { editor } = await bench(elements);
  const ui = new UiState();
  const design = { id: "d", name: "Hall", project: "p", projectName: "P" };
  const app = { editor, ui, design } as unknown as App;
  return { editor, ui, find: (words: string) => paletteEntries(app, words, LINES) };
}

const LINE = [
  [0, 0],
  [4000, 0],
] as const;

describe("the palette", () => {
  test("finds a property of what is drawn, selects it and puts the cursor there", async () => {
    const { editor, ui, find } = await palette([pipe(1, LINE), pipe(2, LINE), rack(3, 0, 0)]);

    const [first] = find("resistance");

    expect(first).toMatchObject({ label: "Set resistance of all 2 pipes…", disabled: false });
    first?.run();
    expect([...editor.selection.ids.get()].sort()).toEqual([id(1), id(2)]);
    expect(ui.rightTab.get()).toBe("inspector");
    expect(ui.wantedField.get()).toBe("pipe.resistance_factor");
  });

  test("offers a property of the selection by name, and none that it does not have", async () => {
    const { editor, find } = await palette([rack(1, 0, 0), pipe(2, LINE)]);
    editor.selection.set([id(1)]);

    expect(find("width").map(({ label }) => label)).toContain("Set width of R001…");
    expect(find("rotation")[0]?.label).toBe("Set rotation of R001…");
  });

  test("says so where nothing has the property", async () => {
    const { find } = await palette([rack(1, 0, 0)]);

    expect(find("bore")[0]).toMatchObject({
      label: "Set bore of a pipe: none is drawn…",
      disabled: true,
    });
  });

  test.each([
    ["economics", "Page"],
    ["lose one", "Page"],
    ["bill of materials", "Page"],
    ["sample", "Page"],
    ["feed limit", "Site"],
    ["wacc", "Site"],
    ["rack with manifold", "Assumption"],
    ["liquid share", "View"],
    ["dark", "Settings"],
  ])("finds %s among the things of kind %s", async (words, group) => {
    const { find } = await palette();

    expect(find(words)[0]?.group).toBe(group);
  });

  test("every command says what it is and is found by its title", async () => {
    const { editor, find } = await palette();
    for (const { title, id: name } of editor.commands.list()) {
      expect(title).not.toBe("");
      expect(find(title)[0]?.label, name).toBe(title);
    }
  });

  test("words of the trade find commands too", async () => {
    const { find } = await palette();
    expect(find("crah")[0]?.key).toBe("place.air_handler");
    expect(find("spreadsh").map(({ key }) => key)).toContain("edit.paste-table");
    expect(find("rotate").map(({ key }) => key)).toContain("arrange.turn-left");
  });

  test("a setting of the site opens its tab with the cursor in it", async () => {
    const { ui, find } = await palette();

    find("feed limit")[0]?.run();

    expect([ui.rightTab.get(), ui.wantedField.get()]).toEqual(["site", "power.feed_limit_kw"]);
  });
});

describe("what the palette lists", () => {
  test("has a key of its own for each entry, whatever is selected", async () => {
    const { editor, find } = await palette([rack(1, 0, 0), pipe(2, LINE)]);
    const keys = (): readonly string[] =>
      [..."abcdefghijklmnopqrstuvwxyz"].flatMap((letter) => {
        const all = find(letter).map(({ key }) => key);
        return all.filter((key, at) => all.indexOf(key) !== at);
      });

    expect(keys()).toEqual([]);
    editor.selection.set([id(1)]);
    expect(keys()).toEqual([]);
    editor.selection.set([id(2)]);
    expect(keys()).toEqual([]);
  });
});
