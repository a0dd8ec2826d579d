/** The loops that a pipe can be given, and those that nothing flows in. */
import { describe, expect, test } from "vitest";
import { isLoopOfNothing, loopNames } from "../../src/editor/loops";
import { bench, cdu, id, pipe, rack } from "../fixtures";

const LINE = [
  [0, 0],
  [6000, 0],
] as const;

const onLoop = <T extends object>(element: T, loop: string): T => ({
  ...element,
  cooling: { loop },
});
const inLoop = <T extends object>(element: T, loop: string, service?: "fws"): T => ({
  ...element,
  pipe: { loop, ...(service && { service }) },
});

describe("the loops of a design", () => {
  test("are those of racks, CDUs and pipes, each once, in order", async () => {
    const { editor } = await bench([
      onLoop(rack(1, 0, 0), "TCS-10"),
      onLoop(cdu(2, 3000, 0), "TCS-2"),
      inLoop(pipe(3, LINE), "TCS-2"),
      inLoop(pipe(4, LINE), "FWS-1", "fws"),
    ]);

    expect(loopNames(editor.document, "tcs")).toEqual(["TCS-2", "TCS-10"]);
    expect(loopNames(editor.document, "fws")).toEqual(["FWS-1"]);
  });

  test("a loop without rack and CDU is one of nothing, however many pipes are of it", async () => {
    const { editor } = await bench([
      onLoop(rack(1, 0, 0), "TCS-1"),
      inLoop(pipe(2, LINE), "TCS-9"),
      inLoop(pipe(3, LINE), "TCS-9"),
      inLoop(pipe(4, LINE), "FWS-1", "fws"),
    ]);
    const own = new Set([id(2)]);

    expect(isLoopOfNothing(editor.document, "TCS-9", "tcs", own)).toBe(true);
    expect(isLoopOfNothing(editor.document, "TCS-1", "tcs", own)).toBe(false);
    expect(isLoopOfNothing(editor.document, "FWS-1", "fws", own)).toBe(false);
    expect(isLoopOfNothing(editor.document, "FWS-1", "fws", new Set([id(4)]))).toBe(true);
  });

  test("the loop that a hall gives its loose equipment is one of something", async () => {
    const { editor } = await bench([rack(1, 0, 0), inLoop(pipe(2, LINE), "TCS 1")]);

    expect(isLoopOfNothing(editor.document, "TCS 1", "tcs", new Set([id(2)]))).toBe(false);
    expect(isLoopOfNothing(editor.document, "TCS-1", "tcs", new Set([id(2)]))).toBe(true);
  });
});
