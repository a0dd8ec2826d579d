import { describe, expect, test } from "vitest";
import { against, amount, inOrder } from "../../src/app/findings";
import { labelOf } from "../../src/canvas/live-layer";
import type { Finding } from "../../src/model/evaluation";

const finding = (id: string, severity: Finding["severity"], waived = false): Finding =>
  ({ id, rule: "CLR-FRONT", severity, waiver: waived ? {} : null }) as Finding;

describe("findings in a table", () => {
  test("the worst come first, waived ones last", () => {
    const rows = [
      finding("note", "note"),
      finding("waived", "blocking", true),
      finding("blocking", "blocking"),
    ];

    expect(inOrder(rows).map(({ id }) => id)).toEqual(["blocking", "note", "waived"]);
  });

  test("a limit reads as one, and a requirement as one", () => {
    const held = (bound: Finding["bound"], required: number | null = 200): string =>
      against({ ...finding("a", "warning"), required, unit: "kW", bound } as Finding);

    expect(held("limit")).toBe("at most 200 kW");
    expect(held("required")).toBe("at least 200 kW");
    expect(held("expected")).toBe("about 200 kW");
    expect(held(undefined)).toBe("200 kW");
    expect(held("limit", null)).toBe("");
  });

  test("one of what is counted is singular", () => {
    const fed = {
      ...finding("a", "warning"),
      measured: 0,
      required: 1,
      unit: "sources",
    } as Finding;

    expect(amount(fed.measured, fed)).toBe("0 sources");
    expect(amount(fed.required, fed)).toBe("1 source");
    expect(labelOf(fed)).toBe("0 < 1 source");
    expect(amount(1, { ...fed, unit: "ms" })).toBe("1 ms");
  });

  test("what was measured and what is asked for never read alike where they differ", () => {
    const near = {
      ...finding("a", "warning"),
      measured: 41.0004,
      required: 41,
      unit: "°C",
      bound: "limit",
      decimals_apart: 4,
    } as Finding;

    expect(amount(near.measured, near)).toBe("41.0004 °C");
    expect(against(near)).toBe("at most 41 °C");
    expect(labelOf(near)).toBe("41.0004 > 41.0000 °C");
    const share = { ...near, measured: 0.05004, required: 0.05, unit: "fraction" } as Finding;
    expect(amount(share.measured, { ...share, decimals_apart: 5 })).toBe("5.004 %");
  });
});
