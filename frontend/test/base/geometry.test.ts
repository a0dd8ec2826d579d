import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cornersOf, overlapDepth, overlaps, type OrientedBox } from "../../src/base/oriented-box";
import { areaOf, inside, isSimple, ringTouchesBox } from "../../src/base/polygon";
import { rotate, rotateAbout } from "../../src/base/vec2";

const coordinate = fc.integer({ min: -50_000, max: 50_000 });
const boxes: fc.Arbitrary<OrientedBox> = fc.record({
  origin: fc.record({ x: coordinate, y: coordinate }),
  width: fc.integer({ min: 100, max: 5000 }),
  depth: fc.integer({ min: 100, max: 5000 }),
  rotationDeg: fc.integer({ min: 0, max: 359 }),
});

describe("oriented boxes", () => {
  test("corners run counter-clockwise from the front-left one, exact at quarter turns", () => {
    const box = { origin: { x: 100, y: 200 }, width: 600, depth: 1200, rotationDeg: 90 };
    expect(cornersOf(box)).toEqual([
      { x: 100, y: 200 },
      { x: 100, y: 800 },
      { x: -1100, y: 800 },
      { x: -1100, y: 200 },
    ]);
  });

  test("side by side is no overlap, a tenth of a millimetre is", () => {
    const at = (x: number): OrientedBox => ({
      origin: { x, y: 0 },
      width: 600,
      depth: 1200,
      rotationDeg: 0,
    });
    expect(overlaps(cornersOf(at(0)), cornersOf(at(600)))).toBe(false);
    expect(overlaps(cornersOf(at(0)), cornersOf(at(599.9)))).toBe(true);
  });

  test("overlap does not depend on the order, nor on where the plan is turned to", () => {
    fc.assert(
      fc.property(boxes, boxes, fc.integer({ min: 0, max: 359 }), (a, b, turn) => {
        const [p, q] = [cornersOf(a), cornersOf(b)];
        const depth = overlapDepth(p, q);
        fc.pre(Math.abs(depth) > 0.5);
        const turned = [p, q].map((ring) => ring.map((one) => rotate(one, turn)));
        expect(overlaps(q, p)).toBe(depth > 0);
        expect(overlaps(turned[0] ?? [], turned[1] ?? [])).toBe(depth > 0);
      }),
    );
  });

  test("a box whose corner lies in another one overlaps it", () => {
    fc.assert(
      fc.property(boxes, boxes, (a, b) => {
        const [p, q] = [cornersOf(a), cornersOf(b)];
        if (p.some((corner) => inside(corner, q)))
          expect(overlapDepth(p, q)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("rings", () => {
  const square = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 10 },
    { x: 0, y: 10 },
  ];

  test("turning about a point keeps the area", () => {
    fc.assert(
      fc.property(boxes, fc.integer({ min: 0, max: 359 }), (box, turn) => {
        const ring = cornersOf(box);
        const turned = ring.map((p) => rotateAbout(p, turn, { x: 77, y: -3 }));
        expect(areaOf(turned)).toBeCloseTo(box.width * box.depth, 1);
      }),
    );
  });

  test("a figure of eight is not simple", () => {
    const [a, b, c, d] = square;
    if (!a || !b || !c || !d) throw new Error("four corners");
    expect(isSimple(square)).toBe(true);
    expect(isSimple([a, c, b, d])).toBe(false);
    expect(isSimple([a, b])).toBe(false);
    expect(isSimple([a, b, { x: 20, y: 0 }])).toBe(false);
  });

  test("a box touches a ring from inside, from outside and across", () => {
    const box = (
      minX: number,
      minY: number,
      maxX: number,
      maxY: number,
    ): Parameters<typeof ringTouchesBox>[1] => ({
      minX,
      minY,
      maxX,
      maxY,
    });
    expect(ringTouchesBox(square, box(2, 2, 3, 3))).toBe(true);
    expect(ringTouchesBox(square, box(-5, -5, 50, 50))).toBe(true);
    expect(ringTouchesBox(square, box(-5, 4, 50, 5))).toBe(true);
    expect(ringTouchesBox(square, box(11, 0, 12, 10))).toBe(false);
  });
});
