// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";
import { handleCopy, handlePaste } from "../../src/app/clipboard";
import { UiState } from "../../src/app/ui-state";
import { bench, id, rack } from "../fixtures";

afterEach(() => {
  document.body.replaceChildren();
});

async function page() {
  const { editor, settle } = await bench([rack(1, 0, 0)]);
  const ui = new UiState();
  let held = "";
  const event = (target: EventTarget = document.body) => ({
    target,
    clipboardData: {
      getData: () => held,
      setData: (_: string, text: string) => (held = text),
    } as unknown as DataTransfer,
    preventDefault: () => undefined,
  });
  return {
    editor,
    ui,
    settle,
    event,
    held: () => held,
    hold: (text: string) => (held = text),
    racks: () => editor.document.ofKind("rack").size,
  };
}

describe("the system's clipboard", () => {
  test("carries what is copied to where the pointer is", async () => {
    const { editor, ui, settle, event, racks } = await page();
    editor.selection.set([id(1)]);

    handleCopy(editor, ui, event());
    editor.pointerAt.set({ x: 6000, y: 3000 });
    handlePaste(editor, ui, event());
    await settle();

    expect(racks()).toBe(2);
    const [made] = editor.selection.ids.get();
    expect(editor.document.get(made ?? "")?.placement?.x_mm).toBeGreaterThan(3000);
  });

  test("takes what is cut off the plan, and gives it back", async () => {
    const { editor, ui, settle, event, racks } = await page();
    editor.selection.set([id(1)]);

    handleCopy(editor, ui, event(), true);
    await settle();
    expect(racks()).toBe(0);
    handlePaste(editor, ui, event());
    await settle();

    expect(racks()).toBe(1);
  });

  test("leaves text that is typed to the browser", async () => {
    const { editor, ui, event, held, hold, racks } = await page();
    const input = document.createElement("input");
    document.body.append(input);
    editor.selection.set([id(1)]);

    handleCopy(editor, ui, event(input));
    expect(held()).toBe("");
    hold("tag\tx\nR001\t7200");
    handlePaste(editor, ui, event(input));

    expect(ui.dialog.get()).toBeNull();
    expect(racks()).toBe(1);
  });

  test("shows the cells of a spreadsheet before they are applied", async () => {
    const { editor, ui, event, hold } = await page();
    hold("tag\tx\nR001\t7200");

    handlePaste(editor, ui, event());

    expect(ui.dialog.get()).toEqual({ kind: "paste-table", text: "tag\tx\nR001\t7200" });
  });

  test("says so where the clipboard holds something else", async () => {
    const { editor, ui, event, hold } = await page();
    const said: string[] = [];
    editor.notices.on(({ text }) => said.push(text));
    hold("a word");

    handlePaste(editor, ui, event());

    expect(said).toEqual(["The clipboard holds neither elements of a plan nor a table."]);
  });
});
