import { describe, expect, test } from "vitest";
import type { LiveMessage, Offer } from "../../src/model/wire";
import { bench, hall, rack } from "../fixtures";

const ALL: readonly Offer[] = ["evaluate", "comment", "edit"];
const role = (name: string, may: readonly Offer[], isProtected = false): LiveMessage => ({
  type: "role",
  role: name,
  may,
  is_protected: isProtected,
});

describe("what the user may do", () => {
  test("another role counts at once, and says so in a sentence", async () => {
    const { editor } = await bench([hall(1, 20_000, 12_000), rack(2, 1000, 2000)]);
    const said: string[] = [];
    editor.notices.on(({ text }) => said.push(text));

    editor.receive(role("viewer", ["evaluate", "comment"]));

    expect(editor.canEdit.get()).toBe(false);
    expect(editor.rights.mayComment.get()).toBe(true);
    expect(said).toEqual([
      "Your role here is viewer now: you can look at this design, not change it.",
    ]);
    editor.receive(role("editor", ALL));
    expect(said.at(-1)).toBe("You can change this design now.");
    editor.receive(role("editor", ["evaluate", "comment"], true));
    expect(said.at(-1)).toBe(
      "This design is protected now: it changes by approved proposals only.",
    );
  });

  test("a reviewer draws, and an auditor neither draws nor has the engine run", async () => {
    const { editor } = await bench([]);

    editor.receive(role("reviewer", ALL));
    expect(editor.canEdit.get()).toBe(true);
    editor.receive(role("auditor", []));

    expect(editor.canEdit.get()).toBe(false);
    expect(editor.rights.mayEvaluate.get()).toBe(false);
    expect(editor.rights.mayComment.get()).toBe(false);
  });

  test("nothing is said where nothing changes", async () => {
    const { editor } = await bench([]);
    const said: string[] = [];
    editor.notices.on(({ text }) => said.push(text));

    editor.receive(role("reviewer", ALL));

    expect(said).toEqual([]);
  });
});
