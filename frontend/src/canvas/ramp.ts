/** Classed colour ramps whose domain is fixed by limits, so that two designs compare. */
import type { ThemeName } from "./palette";

// Cividis, nine stops, dark to light: J. R. Nunez et al., PLoS ONE 13(7), 2018, doi:10.1371/journal.pone.0199239.
const CIVIDIS = [
  "#00224e",
  "#1a386f",
  "#434e6c",
  "#61656f",
  "#7d7c78",
  "#9b9476",
  "#bcae6c",
  "#dec958",
  "#fee838",
] as const;

/** Classes of a ramp; values above the domain get the last class, and are marked over the limit elsewhere. */
export const CLASSES = 8;
export const NO_CLASS = 255;

export interface Ramp {
  readonly colours: readonly string[];
  /** Text colour that stays readable on each class. */
  readonly inks: readonly string[];
  readonly from: number;
  readonly to: number;
}

function channel(hex: string, at: number): number {
  return Number.parseInt(hex.slice(at, at + 2), 16);
}

function mix(a: string, b: string, share: number): string {
  const parts = [1, 3, 5].map((at) =>
    Math.round(channel(a, at) + (channel(b, at) - channel(a, at)) * share)
      .toString(16)
      .padStart(2, "0"),
  );
  return `#${parts.join("")}`;
}

function linear(value: number): number {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Relative luminance of WCAG 2.2. */
export function luminance(hex: string): number {
  return (
    0.2126 * linear(channel(hex, 1)) +
    0.7152 * linear(channel(hex, 3)) +
    0.0722 * linear(channel(hex, 5))
  );
}

/** Contrast ratio of WCAG 2.2. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

export function inkOn(hex: string): string {
  return contrast(hex, "#ffffff") >= contrast(hex, "#0e1116") ? "#ffffff" : "#0e1116";
}

function stopAt(share: number): string {
  const at = share * (CIVIDIS.length - 1);
  const low = Math.min(Math.floor(at), CIVIDIS.length - 2);
  return mix(CIVIDIS[low] ?? CIVIDIS[0], CIVIDIS[low + 1] ?? CIVIDIS[0], at - low);
}

/**
 * More stands out more from the page, so the light theme reverses the ramp and the legend says
 * which end is more. People read the colour that contrasts most with the page as the most:
 * K. B. Schloss et al., IEEE TVCG 25(1), 2019, doi:10.1109/TVCG.2018.2865147. One order for both
 * would let the hottest racks fade into one of the pages.
 */
export function ramp(theme: ThemeName, from: number, to: number): Ramp {
  const colours = Array.from({ length: CLASSES }, (_, index) => {
    const share = index / (CLASSES - 1);
    return stopAt(theme === "dark" ? share : 1 - share);
  });
  return { colours, inks: colours.map(inkOn), from, to };
}

export function classOf(
  value: number | null | undefined,
  scale: { from: number; to: number },
): number {
  if (value === null || value === undefined || !Number.isFinite(value)) return NO_CLASS;
  const share = (value - scale.from) / (scale.to - scale.from);
  return Math.max(0, Math.min(CLASSES - 1, Math.floor(share * CLASSES)));
}
