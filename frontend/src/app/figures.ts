/** Large figures for people: a power in MW or kW, money in M$, with the digits that matter. */
import { formatNumber } from "../editor/units";

export interface ShownFigure {
  readonly value: string;
  readonly unit: string;
}

/** Three significant digits, as far as a fixed number of decimals gives them. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return formatNumber(value, 0);
  if (size >= 10) return fixed(value, 1);
  if (size >= 1) return fixed(value, 2);
  return fixed(value, size >= 0.1 ? 3 : 4);
}

/** Zeros at the end stay: a column of figures keeps its point in line. */
export function fixed(value: number, digits: number): string {
  const whole = formatNumber(Math.trunc(Math.abs(Number(value.toFixed(digits)))), 0);
  const part = Math.abs(value).toFixed(digits).split(".")[1];
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? "\u2212" : "";
  return part === undefined ? `${sign}${whole}` : `${sign}${whole}.${part}`;
}

export function power(kw: number | null | undefined): ShownFigure {
  if (kw === null || kw === undefined) return { value: "–", unit: "kW" };
  if (Math.abs(kw) >= 999_500) return { value: significant(kw / 1e6), unit: "GW" };
  if (Math.abs(kw) >= 10_000) return { value: significant(kw / 1000), unit: "MW" };
  return { value: formatNumber(kw, 0), unit: "kW" };
}

export function money(usd: number | null | undefined): ShownFigure {
  if (usd === null || usd === undefined) return { value: "–", unit: "USD" };
  if (Math.abs(usd) >= 1e9) return { value: significant(usd / 1e9), unit: "B USD" };
  if (Math.abs(usd) >= 1e6) return { value: significant(usd / 1e6), unit: "M USD" };
  return { value: formatNumber(usd, 0), unit: "USD" };
}

export function rate(tokensPerSecond: number | null | undefined): ShownFigure {
  if (tokensPerSecond === null || tokensPerSecond === undefined)
    return { value: "–", unit: "tok/s" };
  if (tokensPerSecond >= 1e6) return { value: significant(tokensPerSecond / 1e6), unit: "M tok/s" };
  if (tokensPerSecond >= 1e4) return { value: significant(tokensPerSecond / 1e3), unit: "k tok/s" };
  return { value: formatNumber(tokensPerSecond, 0), unit: "tok/s" };
}

export function plain(value: number | null | undefined, digits: number, unit: string): ShownFigure {
  if (value === null || value === undefined) return { value: "–", unit };
  return { value: fixed(value, digits), unit };
}

export const text = ({ value, unit }: ShownFigure): string =>
  unit === "" ? value : `${value} ${unit}`;

export interface Delta {
  readonly direction: "up" | "down";
  readonly sense: "better" | "worse" | "neutral";
  readonly text: string;
}

const LEAST_SHARE = 0.0005;

/** The change from one result to the next in per cent; null when nothing moved that is worth saying. */
export function delta(
  now: number | null | undefined,
  before: number | null | undefined,
  lessIsBetter: boolean | null,
): Delta | null {
  if (typeof now !== "number" || typeof before !== "number" || before === 0) return null;
  const share = (now - before) / Math.abs(before);
  if (Math.abs(share) < LEAST_SHARE) return null;
  const up = share > 0;
  const sense = lessIsBetter === null ? "neutral" : up === lessIsBetter ? "worse" : "better";
  return { direction: up ? "up" : "down", sense, text: `${fixed(Math.abs(share) * 100, 1)} %` };
}
