import type { UnitSystem } from "./settings";

/** What a number measures; decides how it is shown and what may be typed. */
export type Measure =
  | "length"
  | "height"
  | "area"
  | "angle"
  | "mass"
  | "power"
  | "flow"
  | "temperature"
  | "difference"
  | "pressure"
  | "floor_pressure"
  | "velocity"
  | "gradient"
  | "airflow"
  | "density"
  | "fraction"
  | "money"
  | "count"
  | "plain";

interface Unit {
  readonly symbol: string;
  /** stored = typed × factor + offset */
  readonly factor: number;
  readonly offset?: number;
  readonly digits: number;
  /** Other ways to type it, lower-case. */
  readonly also?: readonly string[];
}

interface Scale {
  readonly name: string;
  readonly example: string;
  readonly metric: Unit;
  readonly us: Unit;
  readonly others?: readonly Unit[];
}

const unit = (symbol: string, factor: number, digits: number, ...also: string[]): Unit => ({
  symbol,
  factor,
  digits,
  also,
});
const both = (name: string, example: string, one: Unit, ...others: Unit[]): Scale => ({
  name,
  example,
  metric: one,
  us: one,
  others,
});

const MM = unit("mm", 1, 1);
const METRE = unit("m", 1000, 4);
const FOOT = unit("ft", 304.8, 3, "'", "feet", "foot");
const INCH = unit("in", 25.4, 3, '"', "inch", "inches");
const LENGTHS = [MM, unit("cm", 10, 2), METRE, FOOT, INCH];
const FAHRENHEIT: Unit = {
  symbol: "°F",
  factor: 5 / 9,
  offset: -160 / 9,
  digits: 1,
  also: ["f", "degf"],
};

/** Factors: 1 ft = 304.8 mm, 1 lb = 0.45359237 kg, 1 gal = 3.785411784 L, 1 psi = 6.894757 kPa. */
const SCALES: Readonly<Record<Measure, Scale>> = {
  length: {
    name: "a length",
    example: "2400 or 7'10-1/2\"",
    metric: MM,
    us: INCH,
    others: LENGTHS,
  },
  height: { name: "a height", example: "2400", metric: MM, us: INCH, others: LENGTHS },
  area: {
    name: "an area",
    example: "120 m²",
    metric: unit("m²", 1, 1, "m2", "sqm"),
    us: unit("ft²", 0.09290304, 0, "ft2", "sqft"),
  },
  angle: both("an angle", "90", unit("°", 1, 3, "deg")),
  mass: {
    name: "a mass",
    example: "1500 kg",
    metric: unit("kg", 1, 0),
    us: unit("lb", 0.45359237, 0, "lbs"),
    others: [unit("t", 1000, 3)],
  },
  power: both("a power", "132 kW", unit("kW", 1, 1), unit("MW", 1000, 3), unit("W", 0.001, 0)),
  flow: {
    name: "a flow",
    example: "130 L/min",
    metric: unit("L/min", 1, 1, "lpm"),
    us: unit("gpm", 3.785411784, 1),
    others: [unit("L/s", 60, 2), unit("m³/h", 1000 / 60, 2, "m3/h")],
  },
  temperature: {
    name: "a temperature",
    example: "45 °C",
    metric: unit("°C", 1, 1, "c", "degc"),
    us: FAHRENHEIT,
  },
  difference: {
    name: "a temperature difference",
    example: "10 K",
    metric: unit("K", 1, 1),
    us: unit("°F", 5 / 9, 1, "f"),
  },
  pressure: {
    name: "a pressure",
    example: "150 kPa",
    metric: unit("kPa", 1, 1),
    us: unit("psi", 6.894757, 1),
    others: [unit("bar", 100, 2)],
  },
  floor_pressure: {
    name: "a floor load",
    example: "12 kPa",
    metric: unit("kPa", 1, 1),
    us: unit("lb/ft²", 0.04788026, 0, "psf", "lb/ft2"),
  },
  velocity: {
    name: "a velocity",
    example: "1.2 m/s",
    metric: unit("m/s", 1, 2),
    us: unit("ft/s", 0.3048, 1),
  },
  gradient: {
    name: "a loss of pressure along a pipe",
    example: "150 Pa/m",
    metric: unit("Pa/m", 1, 0),
    us: unit("psi/100 ft", 226.2059, 2),
  },
  airflow: {
    name: "an air flow",
    example: "5000 m³/h",
    metric: unit("m³/h", 1, 0, "m3/h"),
    us: unit("CFM", 1.69901, 0),
  },
  density: {
    name: "a power density",
    example: "20 kW/m²",
    metric: unit("kW/m²", 1, 2, "kw/m2"),
    us: unit("W/ft²", 0.0107639, 0, "w/ft2"),
  },
  fraction: both("a share", "85 %", unit("%", 0.01, 1)),
  money: both("an amount of money", "1200", unit("USD", 1, 0, "$")),
  count: both("a number", "8", unit("", 1, 0)),
  plain: both("a number", "1.5", unit("", 1, 4)),
};

const unitOf = (measure: Measure, system: UnitSystem): Unit =>
  SCALES[measure][system === "us" ? "us" : "metric"];

/** Symbol of the unit in which a measure is shown. */
export const symbolOf = (measure: Measure, system: UnitSystem): string =>
  unitOf(measure, system).symbol;

export const nameOf = (measure: Measure): string => SCALES[measure].name;
export const exampleOf = (measure: Measure): string => SCALES[measure].example;

/** A stored value as a number in the shown unit. */
export function shown(value: number, measure: Measure, system: UnitSystem): number {
  const { factor, offset = 0 } = unitOf(measure, system);
  return (value - offset) / factor;
}

/** A stored value with its unit, as panels and the status bar show it. */
export function format(value: number, measure: Measure, system: UnitSystem): string {
  if (system === "us" && measure === "length") return feetAndInches(value);
  const text = formatNumber(shown(value, measure, system), unitOf(measure, system).digits);
  const symbol = symbolOf(measure, system);
  if (symbol === "") return text;
  return symbol === "°" ? `${text}°` : `${text} ${symbol}`;
}

/** The length of a run: metres with two digits, as schedules give it, or feet and inches. */
export const formatRun = (mm: number, system: UnitSystem): string =>
  system === "us" ? feetAndInches(mm) : `${formatNumber(mm / 1000, 2)} m`;

/** Digits in groups of three by thin spaces, no zeros at the end, a true minus. */
export function formatNumber(value: number, digits: number): string {
  const fixed = Math.abs(value).toFixed(digits);
  const [whole = "0", part = ""] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, "\u2009");
  const rest = part.replace(/0+$/, "");
  const text = rest === "" ? grouped : `${grouped}.${rest}`;
  return value < 0 && Number(fixed) !== 0 ? `\u2212${text}` : text;
}

/** 7'-10 1/2" to the nearest sixteenth of an inch. */
export function feetAndInches(mm: number): string {
  const sixteenths = Math.round((Math.abs(mm) / 25.4) * 16);
  const feet = Math.floor(sixteenths / 192);
  const inches = Math.floor((sixteenths % 192) / 16);
  let top = sixteenths % 16;
  let bottom = 16;
  while (top > 0 && top % 2 === 0) {
    top /= 2;
    bottom /= 2;
  }
  const part = top > 0 ? ` ${top}/${bottom}` : "";
  const sign = mm < 0 && sixteenths > 0 ? "\u2212" : "";
  return feet > 0 ? `${sign}${feet}'-${inches}${part}"` : `${sign}${inches}${part}"`;
}

/** The unit that a typed word names within a measure, or undefined. */
export function unitNamed(
  word: string,
  measure: Measure,
): { readonly factor: number; readonly offset: number } | undefined {
  const scale = SCALES[measure];
  const wanted = word.toLowerCase();
  const found = [scale.metric, scale.us, ...(scale.others ?? [])].find(
    ({ symbol, also }) => symbol.toLowerCase() === wanted || (also ?? []).includes(wanted),
  );
  return found && { factor: found.factor, offset: found.offset ?? 0 };
}

/** The measure that a typed word belongs to, to say what it is instead. */
export function measureNamed(word: string): Measure | undefined {
  return (Object.keys(SCALES) as Measure[]).find((measure) => unitNamed(word, measure));
}

/** Factor and offset of a number typed without a unit. */
export function bareUnit(
  measure: Measure,
  system: UnitSystem,
): { readonly factor: number; readonly offset: number } {
  const { factor, offset = 0 } = unitOf(measure, system);
  return { factor, offset };
}
