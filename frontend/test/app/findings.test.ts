import { describe, expect, test } from "vitest";
import { against, inOrder, keyed } from "../../src/app/findings";
import type { Finding } from "../../src/model/evaluation";

const finding = (id: string, severity: Finding["severity"], waived = false): Finding =>
  ({ id, rule: "CLR-FRONT", severity, waiver: waived ? {} : null }) as Finding;

describe("findings in a table", () => {
  test("each row has a key of its own, also where two findings share their id", () => {
    const keys = keyed([
      finding("a", "warning"),
      finding("b", "warning"),
      finding("a", "warning"),
    ]).map(({ key }) => key);

    expect(new Set(keys).size).toBe(3);
    expect(keys[0]).toBe("a/0");
  });

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
});
