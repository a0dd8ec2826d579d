import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PALETTES, TOKEN_NAMES, type Palette, type ThemeName } from "../../src/canvas/palette";
import { contrast, inkOn, luminance, ramp } from "../../src/canvas/ramp";

const css = readFileSync(new URL("../../src/styles/tokens.css", import.meta.url), "utf8");
const THEMES: readonly ThemeName[] = ["dark", "light"];
const KEYS = Object.keys(PALETTES.dark) as (keyof Palette)[];

describe("the palette", () => {
  it.each(KEYS)("has the same %s as the style sheet", (key) => {
    const token = new RegExp(`--${TOKEN_NAMES[key]}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(css);

    expect([token?.[1], token?.[2]]).toEqual([PALETTES.light[key], PALETTES.dark[key]]);
  });

  it.each(THEMES)("keeps text readable on every surface in %s", (theme) => {
    const p = PALETTES[theme];
    for (const surface of [p.canvas, p.surface, p.surfaceRaised]) {
      expect(contrast(p.text, surface)).toBeGreaterThan(4.5);
      expect(contrast(p.textSecond, surface)).toBeGreaterThan(4.5);
      expect(contrast(p.textThird, surface)).toBeGreaterThan(4.5);
      expect(contrast(p.lineStrong, surface)).toBeGreaterThan(3);
    }
  });

  it.each(THEMES)("keeps service marks at three to one on the canvas in %s", (theme) => {
    const p = PALETTES[theme];
    for (const mark of [p.power, p.supply, p.return, p.air, p.network, p.violation, p.accent]) {
      expect(contrast(mark, p.canvas)).toBeGreaterThan(3);
      expect(contrast(mark, p.surface)).toBeGreaterThan(3);
    }
  });

  it.each(THEMES)("keeps service colours apart for every kind of colour vision in %s", (theme) => {
    const p = PALETTES[theme];
    const marks = [p.power, p.supply, p.return, p.air, p.network, p.violation];
    for (const vision of Object.values(VISIONS)) {
      for (const [index, a] of marks.entries()) {
        for (const b of marks.slice(index + 1)) {
          expect(distance(seen(a, vision), seen(b, vision))).toBeGreaterThan(0.11);
        }
      }
    }
  });
});

describe("the ramp", () => {
  it.each(THEMES)("stands out more from the page the more there is, in %s", (theme) => {
    const lightness = ramp(theme, 0, 1).colours.map(luminance);
    const away = theme === "dark" ? lightness : [...lightness].reverse();

    expect(away).toEqual([...away].sort((a, b) => a - b));
  });

  it.each(THEMES)("carries readable text on every class in %s", (theme) => {
    for (const colour of ramp(theme, 0, 1).colours) {
      expect(contrast(colour, inkOn(colour))).toBeGreaterThan(4.5);
    }
  });
});

type Matrix = readonly (readonly [number, number, number])[];
type Rgb = readonly [number, number, number];

// G. M. Machado et al., IEEE TVCG 15(6), 2009, doi:10.1109/TVCG.2009.113, severity 1.0.
const VISIONS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function times(matrix: Matrix, [r, g, b]: Rgb): Rgb {
  return matrix.map(([x, y, z]) => x * r + y * g + z * b) as unknown as Rgb;
}

/** Linear colour as somebody with this vision sees it. */
function seen(hex: string, vision: Matrix): Rgb {
  const linear = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return times(vision, linear).map((value) => Math.min(1, Math.max(0, value))) as unknown as Rgb;
}

/** Distance in OKLab, B. Ottosson 2020. */
function distance(a: Rgb, b: Rgb): number {
  const lab = (rgb: Rgb): Rgb =>
    times(
      [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
      ],
      times(
        [
          [0.4122214708, 0.5363325363, 0.0514459929],
          [0.2119034982, 0.6806995451, 0.1073969566],
          [0.0883024619, 0.2817188376, 0.6299787005],
        ],
        rgb,
      ).map(Math.cbrt) as unknown as Rgb,
    );
  const [p, q] = [lab(a), lab(b)];
  return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}
