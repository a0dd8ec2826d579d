import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { around, nextOf, opening, pinPlace, viewOf, zoomed } from "../../src/ui/sheet-view";

const whole = [0, 0, 400, 280] as const;

describe("the view of a sheet", () => {
  it("is read from an attribute, and from nothing else", () => {
    expect(viewOf(" 0 0  400 280 ")).toEqual(whole);
    expect(viewOf("0 0 400")).toBeNull();
    expect(viewOf("0 0 wide 280")).toBeNull();
    expect(viewOf("")).toBeNull();
  });

  it("keeps the point under the hand where it is", () => {
    const within = fc.double({ min: 0, max: 280, noNaN: true });
    const factors = fc.double({ min: 0.2, max: 5, noNaN: true });
    fc.assert(
      fc.property(within, within, factors, (x, y, factor) => {
        const [left, top, width, height] = zoomed(whole, factor, whole, x, y);
        expect((x - left) / width).toBeCloseTo(x / 400, 9);
        expect((y - top) / height).toBeCloseTo(y / 280, 9);
      }),
    );
  });

  it("opens at what changed, and at the whole sheet when that is most of it", () => {
    const view = opening(whole, [
      [100, 80, 10, 4],
      [150, 90, 16, 6],
    ]);
    expect(view[2]).toBeCloseTo(120);
    expect(view[2] / view[3]).toBeCloseTo(400 / 280);
    expect([view[0] + view[2] / 2, view[1] + view[3] / 2]).toEqual([133, 88]);
    expect(opening(whole, [[0, 0, 300, 10]])).toBe(whole);
    expect(opening(whole, [])).toBe(whole);
  });

  it("stops before the sheet is a dot or a blur", () => {
    expect(zoomed(whole, 100, whole)[2]).toBe(600);
    expect(zoomed(whole, 1e-6, whole)[2]).toBe(4);
  });

  it("puts a box in the middle with paper around it", () => {
    expect(around([100, 50, 200, 100])).toEqual([88, 38, 224, 124]);
    expect(around([10, 10, 0, 0])).toEqual([-35, -35, 90, 90]);
  });
});

describe("a pin", () => {
  it("is where its transform puts it, whatever its scale", () => {
    expect(pinPlace("translate(12.50 -3.25)")).toEqual([12.5, -3.25]);
    expect(pinPlace("translate(12.50 -3.25) scale(0.5)")).toEqual([12.5, -3.25]);
    expect(pinPlace("scale(2)")).toBeNull();
  });
});

describe("the next change", () => {
  it("goes round in both directions", () => {
    const list = ["a", "b", "c"];
    expect(nextOf(list, null, 1)).toBe("a");
    expect(nextOf(list, null, -1)).toBe("c");
    expect(nextOf(list, "c", 1)).toBe("a");
    expect(nextOf(list, "a", -1)).toBe("c");
    expect(nextOf(list, "hidden", 1)).toBe("a");
    expect(nextOf([], null, 1)).toBeUndefined();
  });
});
