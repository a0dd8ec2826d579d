/** Large figures for people: a power in MW or kW, money in M$, with the digits that matter. */
import { formatNumber } from "../editor/units";
import type { Evaluation, Shortfall } from "../model/evaluation";

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

/** What a figure that counts every rack must not be read without. */
export function shortOf(
  shortfall: Shortfall | undefined,
): { readonly racks: string; readonly lack: string } | null {
  if (shortfall === undefined || shortfall.racks === 0) return null;
  const lacks = [
    shortfall.racks_without_coolant > 0 ? "coolant" : "",
    shortfall.racks_without_air > 0 ? "cool air" : "",
    shortfall.racks_without_power > 0 ? "power" : "",
  ].filter((what) => what !== "");
  const racks = `${formatNumber(shortfall.racks, 0)} ${shortfall.racks === 1 ? "rack" : "racks"}`;
  return { racks: `${racks} short`, lack: `of ${lacks.join(", ")}` };
}

/** What a million tokens cost without racks that starve; null where none is sold. */
export function costOf(result: Evaluation | null): number | null {
  const short = result?.shortfall;
  const cost = result?.cost.usd_per_mtok ?? null;
  return short === undefined || short.racks === 0 ? cost : (short.usd_per_mtok_carried ?? null);
}

/** What stands below the cost of a token: of a GPU-hour, or what it were if every rack ran. */
export function costNote(result: Evaluation | null): string {
  const short = result?.shortfall;
  if (short === undefined || short.racks === 0)
    return text(plain(result?.cost.usd_per_gpu_h, 2, "USD/GPU-h"));
  if (costOf(result) === null) return "no token is sold";
  return `${fixed(result?.cost.usd_per_mtok ?? 0, 3)} if every rack ran`;
}

/**
 * The change of the cost of a token. Where one side sells none there is no share to tell: the
 * words do, and nothing of a dead design is green.
 */
export function costChange(now: Evaluation | null, before: Evaluation | null): Delta | null {
  return delta(costOf(now), costOf(before), true);
}

/** Units by the end of a figure's name, the longest first. */
const UNIT_OF_NAME: readonly (readonly [string, string])[] = [
  ["usd_per_mtok_output", "USD per million output tokens"],
  ["usd_per_mtok", "USD per million tokens"],
  ["usd_per_gpu_h", "USD per GPU-hour"],
  ["usd_per_year", "USD per year"],
  ["annual_usd", "USD per year"],
  ["_usd", "USD"],
  ["per_mw_facility", "tokens/s per facility MW"],
  ["per_mw_it", "tokens/s per IT MW"],
  ["tokens_per_s", "tokens/s"],
  ["j_per_sold_token_facility", "J per token sold"],
  ["j_per_token_facility", "J per token before losses"],
  ["l_per_kwh", "L/kWh"],
  ["_kw_m2", "kW/m²"],
  ["_kw", "kW"],
  ["_lpm", "L/min"],
  ["_m3_h", "m³/h"],
  ["_kpa", "kPa"],
  ["_m2", "m²"],
  ["_c", "°C"],
];

/** The unit that a figure's path ends in; names carry their units. */
export function unitOfPath(path: string): string {
  return UNIT_OF_NAME.find(([end]) => path.endsWith(end))?.[1] ?? "";
}

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
