/**
 * What can be typed for a number. Lengths: `2400`, `2.4m`, `7'10-1/2"`;
 * sums: `=3*600+1200`; changes: `+=600`, `-=600`, `*2`; points: `@1200,0`,
 * `1200,0`, `1200<90`; rows: `8@600` (8 at a pitch), `8/4800` (8 over a length);
 * rows of rows: `8@600x4@3000` (8 at a pitch, 4 times at another), `8x4`.
 */
import type { Vec2 } from "../base/vec2";
import { rotate } from "../base/vec2";
import type { UnitSystem } from "./settings";
import { bareUnit, exampleOf, measureNamed, nameOf, unitNamed, type Measure } from "./units";

export type Entry =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "change"; readonly by: number }
  | { readonly kind: "factor"; readonly by: number }
  | { readonly kind: "point"; readonly at: Vec2; readonly relative: boolean }
  | { readonly kind: "polar"; readonly length: number; readonly degrees: number }
  | { readonly kind: "pitch"; readonly count: number; readonly pitch: number }
  | { readonly kind: "spread"; readonly count: number; readonly over: number }
  | { readonly kind: "grid"; readonly across: Run; readonly rows: Run };

/** So many, one after the other; without a pitch, as far apart as what is repeated asks for. */
export interface Run {
  readonly count: number;
  readonly pitch: number | null;
}

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

const good = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = (error: string): Parsed<never> => ({ ok: false, error });

/** Most copies that a row may be typed with. */
export const MOST_COPIES = 10_000;

/** Reads a typed text for a number of a measure. */
export function parseEntry(
  text: string,
  measure: Measure = "length",
  system: UnitSystem = "metric",
): Parsed<Entry> {
  const typed = text.trim().replaceAll("\u2009", "").replaceAll("\u2212", "-");
  if (typed === "") return bad(`Type ${nameOf(measure)}, such as ${exampleOf(measure)}.`);
  const number = (part: string): Parsed<number> => parseNumber(part, measure, system);

  const change = /^([+-])=(.+)$/.exec(typed);
  if (change) {
    return map(parseDifference(change[2] ?? "", measure, system), (by) => ({
      kind: "change",
      by: change[1] === "-" ? -by : by,
    }));
  }
  const factor = /^([*])=?(.+)$/.exec(typed);
  if (factor) {
    return map(parseNumber(factor[2] ?? "", "plain", system), (by) => ({ kind: "factor", by }));
  }
  if (measure === "length") {
    const grid = /^(\d+(?:\s*[@/][^x×]+)?)\s*[x×]\s*(\d+(?:\s*[@/][^x×]+)?)$/i.exec(typed);
    if (grid) {
      const across = runOf(grid[1] ?? "", number);
      if (!across.ok) return across;
      return map(runOf(grid[2] ?? "", number), (rows) => ({
        kind: "grid",
        across: across.value,
        rows,
      }));
    }
    const row = /^(\d+)\s*@(.+)$/.exec(typed);
    if (row) {
      const count = countOf(row[1] ?? "");
      if (!count.ok) return count;
      return map(number(row[2] ?? ""), (pitch) => ({ kind: "pitch", count: count.value, pitch }));
    }
    const spread = /^(\d+)\s*\/\s*([^"]+)$/.exec(typed);
    if (spread) {
      const count = countOf(spread[1] ?? "");
      if (!count.ok) return count;
      return map(number(spread[2] ?? ""), (over) => ({ kind: "spread", count: count.value, over }));
    }
    const polar = /^@?(.+)<(.+)$/.exec(typed);
    if (polar) {
      const length = number(polar[1] ?? "");
      if (!length.ok) return length;
      return map(parseNumber(polar[2] ?? "", "angle", system), (degrees) => ({
        kind: "polar",
        length: length.value,
        degrees,
      }));
    }
    const point = /^(@?)([^,]+)[,;](.+)$/.exec(typed);
    if (point) {
      const x = number(point[2] ?? "");
      if (!x.ok) return x;
      return map(number(point[3] ?? ""), (y) => ({
        kind: "point",
        at: { x: x.value, y },
        relative: point[1] === "@",
      }));
    }
    if (typed.startsWith("@")) {
      return bad("Type both parts after @, such as @1200,0.");
    }
  }
  return map(number(typed), (value) => ({ kind: "value", value }));
}

/** Reads one number, with a unit or as a sum that begins with `=`. */
export function parseNumber(text: string, measure: Measure, system: UnitSystem): Parsed<number> {
  const typed = text.trim();
  if (typed.startsWith("=")) return new Sum(typed.slice(1), measure, system).read();
  return parseTerm(typed, measure, system);
}

/** A difference: of temperatures, 5 °F is 2.8 K and not −15 °C. */
function parseDifference(text: string, measure: Measure, system: UnitSystem): Parsed<number> {
  return parseNumber(text, measure === "temperature" ? "difference" : measure, system);
}

const FEET_INCHES =
  /^(-?)(?:(\d+(?:\.\d+)?)\s*')?[\s-]*(?:(?:(\d+(?:\.\d+)?)(?:[\s-]+(\d+)\/(\d+))?|(\d+)\/(\d+))\s*"?)?$/;

function parseTerm(typed: string, measure: Measure, system: UnitSystem): Parsed<number> {
  if ((measure === "length" || measure === "height") && /['"]/.test(typed)) {
    return parseFeetInches(typed);
  }
  const match = /^([+-]?(?:\d+(?:[.]\d*)?|[.]\d+)(?:e[+-]?\d+)?)\s*(.*)$/i.exec(typed);
  if (!match) {
    return bad(`“${typed}” is not ${nameOf(measure)}; type something like ${exampleOf(measure)}.`);
  }
  const value = Number(match[1]);
  const word = (match[2] ?? "").trim();
  if (word === "") {
    const { factor, offset } = bareUnit(measure, system);
    return finite(value * factor + offset);
  }
  const unit = unitNamed(word, measure);
  if (unit) return finite(value * unit.factor + unit.offset);
  const other = measureNamed(word);
  if (other === undefined) return bad(`“${word}” is not a unit that is known here.`);
  return bad(
    `Type ${nameOf(measure)}, such as ${exampleOf(measure)}; “${word}” is ${nameOf(other)}.`,
  );
}

function parseFeetInches(typed: string): Parsed<number> {
  const match = FEET_INCHES.exec(typed);
  if (!match) return bad(`“${typed}” cannot be read as feet and inches, such as 7'10-1/2".`);
  const [, sign, feet = "0", inches = "0", top, bottom, loneTop, loneBottom] = match;
  const part = Number(top ?? loneTop ?? 0) / Number(bottom ?? loneBottom ?? 1);
  const mm = Number(feet) * 304.8 + (Number(inches) + part) * 25.4;
  if (!Number.isFinite(mm)) return bad("A fraction cannot have 0 below the line.");
  return good(sign === "-" ? -mm : mm);
}

/** A sum with + - * / and parentheses; its terms may carry units. */
class Sum {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly measure: Measure,
    private readonly system: UnitSystem,
  ) {}

  read(): Parsed<number> {
    const value = this.sum();
    if (!value.ok) return value;
    this.skip();
    if (this.at < this.text.length) {
      return bad(`“${this.text.slice(this.at)}” does not fit into the sum.`);
    }
    return finite(this.resolve(value.value));
  }

  // Bare numbers stay bare until the end: in 3*600 only the product is a length.
  private sum(): Parsed<Term> {
    let left = this.product();
    for (;;) {
      const sign = this.next("+-");
      if (sign === null || !left.ok) return left;
      const right = this.product();
      if (!right.ok) return right;
      const isBare = left.value.isBare && right.value.isBare;
      const a = isBare ? left.value.value : this.resolve(left.value);
      const b = isBare ? right.value.value : this.resolve(right.value);
      left = good({ value: sign === "+" ? a + b : a - b, isBare });
    }
  }

  private product(): Parsed<Term> {
    let left = this.factor();
    for (;;) {
      const sign = this.next("*/");
      if (sign === null || !left.ok) return left;
      const right = this.factor();
      if (!right.ok) return right;
      if (!left.value.isBare && !right.value.isBare) {
        return bad("Two values with units cannot be multiplied or divided.");
      }
      if (sign === "/" && right.value.value === 0) return bad("The sum divides by 0.");
      const value =
        sign === "*" ? left.value.value * right.value.value : left.value.value / right.value.value;
      left = good({ value, isBare: left.value.isBare && right.value.isBare });
    }
  }

  private factor(): Parsed<Term> {
    if (this.next("-") !== null) {
      return map(this.factor(), (term) => ({ ...term, value: -term.value }));
    }
    if (this.next("(") !== null) {
      const inner = this.sum();
      if (inner.ok && this.next(")") === null) return bad("A parenthesis is not closed.");
      return inner;
    }
    this.skip();
    const match = /^(\d+(?:[.]\d*)?|[.]\d+)\s*([a-z°²³'"%$]+)?/i.exec(this.text.slice(this.at));
    if (!match) return bad("The sum ends too early or holds something that is not a number.");
    this.at += match[0].length;
    if (match[2] === undefined) return good({ value: Number(match[1]), isBare: true });
    return map(parseTerm(`${match[1] ?? ""}${match[2]}`, this.measure, this.system), (value) => ({
      value,
      isBare: false,
    }));
  }

  private resolve(term: Term): number {
    if (!term.isBare) return term.value;
    const { factor, offset } = bareUnit(this.measure, this.system);
    return term.value * factor + offset;
  }

  private next(signs: string): string | null {
    this.skip();
    const sign = this.text[this.at];
    if (sign === undefined || !signs.includes(sign)) return null;
    this.at += 1;
    return sign;
  }

  private skip(): void {
    while (this.text[this.at] === " ") this.at += 1;
  }
}

interface Term {
  readonly value: number;
  readonly isBare: boolean;
}

/** A typed entry for one number, applied to the value that it changes. */
export function resolveValue(entry: Entry, before: number, measure: Measure): Parsed<number> {
  switch (entry.kind) {
    case "value":
      return good(entry.value);
    case "change":
      return good(before + entry.by);
    case "factor":
      return good(before * entry.by);
    default:
      return bad(`One number is wanted here: ${nameOf(measure)}.`);
  }
}

/** A typed entry for a point; a lone length goes on in the direction `towards`. */
export function resolvePoint(entry: Entry, from: Vec2 | null, towards: Vec2): Parsed<Vec2> {
  const start = from ?? { x: 0, y: 0 };
  switch (entry.kind) {
    case "point":
      return good(entry.relative ? { x: start.x + entry.at.x, y: start.y + entry.at.y } : entry.at);
    case "polar": {
      const by = rotate({ x: entry.length, y: 0 }, entry.degrees);
      return good({ x: start.x + by.x, y: start.y + by.y });
    }
    case "value": {
      const reach = Math.hypot(towards.x, towards.y);
      if (from === null) return bad("Type a point, such as 1200,0.");
      if (reach === 0) return bad("Point to where it goes, or say it: @0,6000 or 6000<90.");
      return good({
        x: start.x + (towards.x / reach) * entry.value,
        y: start.y + (towards.y / reach) * entry.value,
      });
    }
    default:
      return bad("Type a point, such as 1200,0, @600,0 or 1200<90.");
  }
}

/** One side of a grid: `8@600`, `8/4800` or `8`. */
function runOf(text: string, number: (part: string) => Parsed<number>): Parsed<Run> {
  const [, digits = "", sign, rest = ""] = /^(\d+)\s*(?:([@/])(.+))?$/.exec(text.trim()) ?? [];
  const count = countOf(digits);
  if (!count.ok) return count;
  if (sign === undefined) return good({ count: count.value, pitch: null });
  return map(number(rest), (length) => ({
    count: count.value,
    pitch: sign === "@" ? length : length / count.value,
  }));
}

function countOf(text: string): Parsed<number> {
  const count = Number(text);
  if (count < 1) return bad("A row needs at least 1.");
  return count <= MOST_COPIES ? good(count) : bad(`At most ${MOST_COPIES} at once.`);
}

const finite = (value: number): Parsed<number> =>
  Number.isFinite(value) && Math.abs(value) < 1e10 ? good(value) : bad("That number is too large.");

function map<A, B>(parsed: Parsed<A>, convert: (value: A) => B): Parsed<B> {
  return parsed.ok ? good(convert(parsed.value)) : parsed;
}
