import { expect, test } from "vitest";
import { ANY_PART, fitting, WITH_A_LETTER } from "../../src/canvas/painters/labels";

test("a tag that fits stands whole", () => {
  expect(fitting("CDU-01", 6, WITH_A_LETTER)).toBe("CDU-01");
  expect(fitting("01", 2, WITH_A_LETTER)).toBe("01");
});

test("a long tag keeps its last parts", () => {
  expect(fitting("P1-CDU-02", 7, WITH_A_LETTER)).toBe("CDU-02");
});

test("a unit is never called by a bare number, a rack by its place in the row", () => {
  expect(fitting("CDU-01", 4, WITH_A_LETTER)).toBe("");
  expect(fitting("R01-03", 4, ANY_PART)).toBe("03");
});
