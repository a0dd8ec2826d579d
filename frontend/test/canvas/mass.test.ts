import { describe, expect, test } from "vitest";
import { MassPainter } from "../../src/canvas/painters/mass";
import type { Context } from "../../src/canvas/painters/shapes";
import { PALETTES } from "../../src/canvas/palette";
import type { View } from "../../src/canvas/view";

const VIEW: View = { width: 1000, height: 800, scale: 0.01, left: 0, top: 80_000, ratio: 1 };
const EDGES = Float64Array.from(
  Array.from({ length: 500 }, (_, n) => [n * 100, 0, n * 100 + 90, 1200]).flat(),
);

/** A painter whose pictures count what is filled in them, and a screen that notes where they land. */
function rig(): {
  painter: MassPainter;
  fills: () => number;
  landed: [number, number][];
  drag: (x: number, view?: View, clashes?: boolean) => void;
} {
  let filled = 0;
  const landed: [number, number][] = [];
  const picture = {
    getContext: () => ({
      fillRect: () => {
        filled += 1;
      },
    }),
  };
  const painter = new MassPainter(() => picture as unknown as OffscreenCanvas);
  const screen = {
    drawImage: (_: unknown, left: number, top: number) => {
      landed.push([left, top]);
    },
  } as unknown as Context;
  const drag = (x: number, view = VIEW, clashes = false): void => {
    painter.paint(screen, view, { edges: EDGES, by: { x, y: 0 }, clashes }, PALETTES.dark);
  };
  return { painter, fills: () => filled, landed, drag };
}

describe("very many things that are dragged", () => {
  test("are painted once, and from then on their picture moves", () => {
    const { painter, fills, landed, drag } = rig();
    for (let n = 0; n < 20; n += 1) drag(n * 1000);

    expect(painter.paints).toBe(1);
    expect(fills()).toBe(500);
    expect(landed.map(([left]) => left)).toEqual(landed.map((_, n) => n * 10 - 250));
  });

  test("are painted anew where the window leaves the picture", () => {
    const { painter, drag } = rig();
    drag(0);
    drag(30_000);

    expect(painter.paints).toBe(2);
  });

  test("are painted anew at another scale, in another colour, and by the next gesture", () => {
    const { painter, drag } = rig();
    drag(0);
    drag(0, { ...VIEW, scale: 0.02 });
    drag(0, { ...VIEW, scale: 0.02 }, true);
    painter.forget();
    drag(0, { ...VIEW, scale: 0.02 }, true);

    expect(painter.paints).toBe(4);
  });
});
