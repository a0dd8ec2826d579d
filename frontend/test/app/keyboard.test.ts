// @vitest-environment jsdom
import { afterEach, expect, test } from "vitest";
import { handleKey } from "../../src/app/keyboard";
import { UiState } from "../../src/app/ui-state";
import { bench, id, rack } from "../fixtures";

afterEach(() => {
  document.body.replaceChildren();
});

/** The inspector's field of a rack's Y, which was just set to 6000. */
async function field(text: string) {
  const { editor, settle } = await bench([rack(1, 0, 0)]);
  const value = { x_mm: 0, y_mm: 6000, rotation_deg: 0 };
  editor.commit("Set Y", [{ type: "set", id: id(1), group: "placement", value }]);
  await settle();
  const input = document.createElement("input");
  input.dataset["committed"] = "6000";
  input.value = text;
  document.body.append(input);
  const ui = new UiState();
  input.addEventListener("keydown", (event) => {
    handleKey(editor, ui, event);
  });
  return {
    press: async (key: string) => {
      input.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: true, cancelable: true }));
      await settle();
    },
    y: () => editor.document.get(id(1))?.placement?.y_mm,
  };
}

test("Ctrl+Z after Enter takes the design back", async () => {
  const { press, y } = await field("6000");
  await press("z");
  expect(y()).toBe(0);
});

test("what is being typed is the field's own to take back", async () => {
  const { press, y } = await field("60001");
  await press("z");
  expect(y()).toBe(6000);
});
