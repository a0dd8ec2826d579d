import { describe, expect, test } from "vitest";
import { scoreOf } from "../../src/editor/matching";

describe("how well something is called what was typed", () => {
  test("the whole name, its start, a word, a part: in this order", () => {
    const name = ["Set resistance of pipes"];
    const scores = ["set resistance of pipes", "set res", "resist", "istanc"].map((words) =>
      scoreOf(name, words),
    );
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(4);
    expect(Math.min(...scores)).toBeGreaterThan(0);
  });

  test("words in any order, over all the names of a thing", () => {
    expect(scoreOf(["Lose one", "failure"], "one failure")).toBeGreaterThan(0);
    expect(scoreOf(["Lose one", "failure"], "one more")).toBe(0);
  });

  test.each(["resistence", "resitance", "ressistance", "reisstance"])(
    "one slip of the finger: %s",
    (slip) => {
      expect(scoreOf(["Resistance"], slip)).toBeGreaterThan(0);
    },
  );

  test("first letters of words, but not letters strewn about", () => {
    expect(scoreOf(["Fit selection"], "fsel")).toBeGreaterThan(0);
    expect(scoreOf(["Cross-section of feeders in the trays"], "resin")).toBe(0);
  });
});
