import { expect, test } from "vitest";
import { outlineSize, resized } from "../../src/app/right/outline";
import type { PlanElement } from "../../src/model/element";

const hall = (points_mm: readonly (readonly [number, number])[]): PlanElement => ({
  id: "h",
  kind: "hall",
  outline: { points_mm },
});

test("a rectangular hall has width, depth and area", () => {
  const size = outlineSize(
    hall([
      [1000, 500],
      [13600, 500],
      [13600, 10100],
      [1000, 10100],
    ]),
  );

  expect(size).toEqual({ width_mm: 12600, depth_mm: 9600, area_m2: 120.96, isRectangle: true });
});

test("a hall with a corner cut out is smaller than what surrounds it", () => {
  const size = outlineSize(
    hall([
      [0, 0],
      [10000, 0],
      [10000, 5000],
      [5000, 5000],
      [5000, 10000],
      [0, 10000],
    ]),
  );

  expect(size).toEqual({ width_mm: 10000, depth_mm: 10000, area_m2: 75, isRectangle: false });
});

test("what has no outline has no such size", () => {
  expect(outlineSize({ id: "r", kind: "rack" })).toBeNull();
});

test("a new size leaves the lower left corner where it is", () => {
  const ring = [
    [1000, 500],
    [3000, 500],
    [3000, 2500],
    [1000, 2500],
  ] as const;

  expect(resized(ring, 6000, 1000)).toEqual([
    [1000, 500],
    [7000, 500],
    [7000, 1500],
    [1000, 1500],
  ]);
});
