import { describe, expect, test } from "vitest";
import { touches, type Box } from "../../src/base/box";
import { roomFor } from "../../src/canvas/painters/room-names";

const HALL: Box = { minX: 0, minY: 0, maxX: 10_000, maxY: 6000 };
const at = (minX: number, minY: number, maxX: number, maxY: number): Box => ({
  minX,
  minY,
  maxX,
  maxY,
});
const roomBeside = (...standing: readonly Box[]): Box | null =>
  roomFor(2000, 300, {
    box: HALL,
    aside: 200,
    isFree: (place) => !standing.some((one) => touches(one, place)),
  });

describe("the name of a room", () => {
  test("stands in the bottom left corner while that is free", () => {
    expect(roomBeside()).toEqual(at(200, 200, 2200, 500));
  });

  test("goes to the next free corner, below the room when all are taken, else nowhere", () => {
    const row = at(0, 0, 10_000, 1000);
    expect(roomBeside(at(0, 0, 1000, 1000))).toEqual(at(7800, 200, 9800, 500));
    expect(roomBeside(row)).toEqual(at(200, 5500, 2200, 5800));
    expect(roomBeside(row, at(0, 5000, 10_000, 6000))).toEqual(at(0, -500, 2000, -200));
    expect(roomBeside(at(0, -900, 10_000, 6000))).toBeNull();
  });

  test("is left out of a room that is smaller than the name", () => {
    expect(roomFor(9_900, 300, { box: HALL, aside: 200, isFree: () => true })).toBeNull();
  });
});
