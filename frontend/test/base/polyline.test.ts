import { describe, expect, test } from "vitest";
import { inside } from "../../src/base/polygon";
import {
  bandAround,
  beside,
  distanceToPath,
  pathLength,
  straightened,
} from "../../src/base/polyline";

const at = (x: number, y: number): { x: number; y: number } => ({ x, y });
const BENT = [at(0, 0), at(6000, 0), at(6000, 3000)];

describe("a line of points", () => {
  test("is as long as its parts", () => {
    expect(pathLength(BENT)).toBe(9000);
    expect(pathLength([at(0, 0)])).toBe(0);
  });

  test("is as far from a point as its nearest part", () => {
    expect(distanceToPath(at(3000, 400), BENT)).toBe(400);
    expect(distanceToPath(at(6300, 3400), BENT)).toBe(500);
  });

  test("runs beside itself at the same distance, also around a corner", () => {
    expect(beside(BENT, 100)).toEqual([at(0, 100), at(5900, 100), at(5900, 3000)]);
    expect(beside(BENT, -100)).toEqual([at(0, -100), at(6100, -100), at(6100, 3000)]);
  });

  test("turns back on itself without a spike", () => {
    const band = bandAround([at(0, 0), at(6000, 0), at(0, 10)], 100);
    expect(Math.max(...band.map(({ x }) => x))).toBeLessThan(6200);
  });

  test("has a band that holds what is near it", () => {
    const band = bandAround(BENT, 300);
    expect(inside(at(3000, 250), band)).toBe(true);
    expect(inside(at(3000, 350), band)).toBe(false);
    expect(inside(at(6250, -250), band)).toBe(true);
  });

  test("of no width is the line there and back", () => {
    expect(bandAround(BENT, 0)).toEqual([...BENT, ...[...BENT].reverse()]);
  });

  test("loses points that say nothing, and keeps a way back", () => {
    expect(straightened([at(0, 0), at(0, 0), at(1000, 0), at(6000, 0), at(6000, 3000)])).toEqual(
      BENT,
    );
    const back = [at(0, 0), at(6000, 0), at(3000, 0)];
    expect(straightened(back)).toEqual(back);
  });
});
