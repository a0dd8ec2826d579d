import { describe, expect, test } from "vitest";
import { parseEntry, resolvePoint, type Entry } from "../../src/editor/entry";
import { feetAndInches, format, type Measure } from "../../src/editor/units";

const value = (mm: number): Entry => ({ kind: "value", value: mm });

describe("what can be typed for a length", () => {
  test.each<[string, Entry]>([
    ["2400", value(2400)],
    ["2.4m", value(2400)],
    ["2.4 m", value(2400)],
    ["240 cm", value(2400)],
    [".5m", value(500)],
    ["-600", value(-600)],
    ["7'10-1/2\"", value(2400.3)],
    ["7'-10 1/2\"", value(2400.3)],
    ["7'", value(2133.6)],
    ["8 ft", value(2438.4)],
    ['10-1/2"', value(266.7)],
    ['1/2"', value(12.7)],
    ['11/2"', value(139.7)],
    ["-7'", value(-2133.6)],
    ["=3*600+1200", value(3000)],
    ["=(2+1)*600", value(1800)],
    ["=2.4m/2", value(1200)],
    ["=1m+200", value(1200)],
    ["=-600+1m", value(400)],
    ["+=600", { kind: "change", by: 600 }],
    ["-=2.4m", { kind: "change", by: -2400 }],
    ["*2", { kind: "factor", by: 2 }],
    ["@1200,0", { kind: "point", at: { x: 1200, y: 0 }, relative: true }],
    ["1200,0", { kind: "point", at: { x: 1200, y: 0 }, relative: false }],
    ["@-1.2m,600", { kind: "point", at: { x: -1200, y: 600 }, relative: true }],
    ["1200<90", { kind: "polar", length: 1200, degrees: 90 }],
    ["@1200<-45", { kind: "polar", length: 1200, degrees: -45 }],
    ["8@600", { kind: "pitch", count: 8, pitch: 600 }],
    ["8 @ 0.6m", { kind: "pitch", count: 8, pitch: 600 }],
    ["8/4800", { kind: "spread", count: 8, over: 4800 }],
    [
      "8@600x4@3000",
      { kind: "grid", across: { count: 8, pitch: 600 }, rows: { count: 4, pitch: 3000 } },
    ],
    [
      "8/4.8m × 4 @ 3 m",
      { kind: "grid", across: { count: 8, pitch: 600 }, rows: { count: 4, pitch: 3000 } },
    ],
    ["8x4", { kind: "grid", across: { count: 8, pitch: null }, rows: { count: 4, pitch: null } }],
  ])("%s", (text, entry) => {
    const parsed = parseEntry(text);
    if (!parsed.ok) throw new Error(parsed.error);
    if (entry.kind !== "value" || parsed.value.kind !== "value")
      expect(parsed.value).toEqual(entry);
    else expect(parsed.value.value).toBeCloseTo(entry.value, 9);
  });

  test("in US units a bare number is inches", () => {
    expect(parseEntry("10", "length", "us")).toEqual({ ok: true, value: value(254) });
  });
});

describe("other measures", () => {
  test.each<[string, Measure, number]>([
    ["132kW", "power", 132],
    ["1.2 MW", "power", 1200],
    ["80gpm", "flow", 302.83],
    ["45C", "temperature", 45],
    ["113F", "temperature", 45],
    ["85", "fraction", 0.85],
    ["85%", "fraction", 0.85],
    ["1.5 t", "mass", 1500],
  ])("%s as %s", (text, measure, expected) => {
    const parsed = parseEntry(text, measure);
    if (!parsed.ok || parsed.value.kind !== "value") throw new Error(text);
    expect(parsed.value.value).toBeCloseTo(expected, 2);
  });

  test("a change of temperature is a difference", () => {
    const parsed = parseEntry("+=9F", "temperature");
    expect(parsed).toEqual({ ok: true, value: { kind: "change", by: 5 } });
  });
});

describe("what cannot be read is said in words", () => {
  test.each<[string, Measure, RegExp]>([
    ["132kW", "length", /Type a length.*“kW” is a power/],
    ["12 parsec", "length", /not a unit/],
    ["abc", "length", /not a length/],
    ["", "length", /Type a length/],
    ["@1200", "length", /both parts/],
    ["=2*", "length", /ends too early/],
    ["=(2+3", "length", /not closed/],
    ["=1/0", "length", /divides by 0/],
    ["=2m*3m", "length", /cannot be multiplied/],
    ["0@600", "length", /at least 1/],
    ["99999@600", "length", /At most 10000/],
    ['1/0"', "length", /0 below the line/],
    ["1e99", "length", /too large/],
  ])("%s as %s", (text, measure, words) => {
    const parsed = parseEntry(text, measure);
    expect(parsed.ok ? "" : parsed.error).toMatch(words);
  });
});

test("a lone length goes on towards the pointer", () => {
  const point = resolvePoint(value(1000), { x: 100, y: 100 }, { x: 0, y: 5 });
  expect(point).toEqual({ ok: true, value: { x: 100, y: 1100 } });
});

describe("how values are shown", () => {
  test.each<[number, Measure, "metric" | "us", string]>([
    [7200, "length", "metric", "7\u2009200 mm"],
    [7200.1, "length", "metric", "7\u2009200.1 mm"],
    [-600, "length", "metric", "\u2212600 mm"],
    [1056, "power", "metric", "1\u2009056 kW"],
    [45, "temperature", "us", "113 °F"],
    [130, "flow", "us", "34.3 gpm"],
    [0.871, "fraction", "metric", "87.1 %"],
    [2400.3, "length", "us", "7'-10 1/2\""],
  ])("%d as %s in %s", (stored, measure, system, text) => {
    expect(format(stored, measure, system)).toBe(text);
  });

  test("feet and inches go to the nearest sixteenth", () => {
    expect(feetAndInches(25.4 / 16)).toBe('0 1/16"');
    expect(feetAndInches(304.8)).toBe("1'-0\"");
    expect(feetAndInches(-304.8)).toBe("\u22121'-0\"");
  });
});
