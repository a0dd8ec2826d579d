/** Properties as a table: read from a spreadsheet, and written for one. */
import type { Edit } from "../model/edits";
import type { ElementId, Kind, PlanElement } from "../model/element";
import { quantiseAngle, quantiseLength } from "../model/quantise";
import { changeEdits, type Change } from "./arrange";
import type { Editor } from "./editor";
import { parseEntry, type Parsed } from "./entry";
import { parsePoints } from "./points-text";
import {
  isRunKind,
  RUN_HEADINGS,
  runChanges,
  runOf,
  runTexts,
  type RunCells,
  type RunKind,
} from "./table-runs";
import type { Measure } from "./units";

/** A problem with one cell or line, by the line of the pasted text, from 1. */
export interface TableError {
  readonly line: number;
  readonly column: string;
  readonly message: string;
}

/** What a pasted table asks for. With errors nothing of it may be applied. */
export interface TablePlan {
  readonly edits: readonly Edit[];
  readonly changed: number;
  readonly created: number;
  readonly errors: readonly TableError[];
}

interface Column {
  readonly names: readonly string[];
  readonly measure?: Measure;
}

const COLUMNS = {
  tag: { names: ["tag"] },
  kind: { names: ["kind"] },
  x: { names: ["x", "x_mm", "x mm"], measure: "length" },
  y: { names: ["y", "y_mm", "y mm"], measure: "length" },
  rotation: { names: ["rotation", "rotation_deg", "angle", "rot"], measure: "angle" },
  product: { names: ["product", "product_id"] },
  variant: { names: ["variant"] },
  loop: { names: ["loop"] },
  feedA: { names: ["feed a", "feed_a", "a"] },
  feedB: { names: ["feed b", "feed_b", "b"] },
  load: { names: ["load", "sustained_kw", "kw"], measure: "power" },
  liquid: { names: ["liquid", "liquid_kw"], measure: "power" },
  points: { names: ["points", "points_mm", "line"] },
  elevation: { names: ["elevation", "elevation_mm"], measure: "length" },
  bore: { names: ["bore", "bore_mm"], measure: "length" },
  resistance: { names: ["resistance", "resistance_factor"], measure: "plain" },
  width: { names: ["width", "width_mm"], measure: "length" },
  depth: { names: ["depth", "depth_mm"], measure: "length" },
  to: { names: ["to", "feeds"] },
} as const satisfies Record<string, Column>;
type ColumnId = keyof typeof COLUMNS;
type NumberColumn = {
  [Id in ColumnId]: (typeof COLUMNS)[Id] extends { readonly measure: Measure } ? Id : never;
}[ColumnId];

const HEADINGS: readonly ColumnId[] = ["tag", "x", "y", "rotation", "product"];
const MOST_LINES = 20_000;

/** Reads tab- or comma-separated lines; the first line names the columns, or `tag, x, y, rotation, product` is meant. */
export function planTable(host: Editor, text: string): TablePlan {
  const lines = text.split(/\r?\n/);
  const separator = text.includes("\t") ? "\t" : ",";
  const errors: TableError[] = [];
  const first = cellsOf(lines[0] ?? "", separator).map(columnNamed);
  const hasHeading = first.includes("tag");
  if (hasHeading) {
    cellsOf(lines[0] ?? "", separator).forEach((cell, i) => {
      if (first[i] === undefined && cell !== "") {
        errors.push({ line: 1, column: cell, message: `The column “${cell}” is not known.` });
      }
    });
  }
  const columns = hasHeading ? first : HEADINGS;
  const changes: Change[] = [];
  const creates: PlanElement[] = [];
  const seen = new Map<string, number>();
  let changed = 0;
  if (lines.length > MOST_LINES) {
    errors.push({ line: 1, column: "", message: `At most ${MOST_LINES} lines at once.` });
    return { edits: [], changed: 0, created: 0, errors };
  }
  lines.forEach((line, at) => {
    if ((hasHeading && at === 0) || line.trim() === "") return;
    const row = new TableRow(host, at + 1, columns, cellsOf(line, separator), errors);
    const tag = row.text("tag");
    if (tag === undefined) {
      row.fail("tag", "The line has no tag.");
      return;
    }
    const before = seen.get(tag.toLowerCase());
    if (before !== undefined) {
      row.fail("tag", `${tag} is on line ${before} already.`);
      return;
    }
    seen.set(tag.toLowerCase(), at + 1);
    const ids = [...host.document.withTag(tag)];
    const [id] = ids;
    if (ids.length > 1) row.fail("tag", `${ids.length} elements are called ${tag}.`);
    else if (id === undefined) {
      const element = row.created(tag);
      if (element) creates.push(element);
    } else {
      const own = row.changes(id);
      changes.push(...own);
      if (own.length > 0) changed += 1;
    }
  });
  const edits: readonly Edit[] =
    errors.length > 0
      ? []
      : [
          ...creates.map((element): Edit => ({ type: "create", element })),
          ...changeEdits(host.document, changes),
        ];
  return { edits, changed, created: creates.length, errors };
}

/** One line of a table. */
class TableRow {
  constructor(
    private readonly host: Editor,
    private readonly line: number,
    private readonly columns: readonly (ColumnId | undefined)[],
    private readonly cells: readonly string[],
    private readonly errors: TableError[],
  ) {}

  fail(column: ColumnId, message: string): void {
    this.errors.push({ line: this.line, column: COLUMNS[column].names[0], message });
  }

  /** A cell's text; undefined when the column is absent or the cell empty. */
  text(column: ColumnId): string | undefined {
    const cell = this.cells[this.columns.indexOf(column)]?.trim();
    return cell === "" ? undefined : cell;
  }

  /** The changes that the line asks for on an element. */
  changes(id: ElementId): readonly Change[] {
    const element = this.host.document.get(id);
    if (element === undefined) return [];
    if (element.path) return runChanges(element, this.runCells());
    const changes: Change[] = [];
    const { placement } = element;
    const x = this.number("x");
    const y = this.number("y");
    const rotation = this.number("rotation");
    if (x !== undefined || y !== undefined || rotation !== undefined) {
      if (placement === undefined) this.fail("x", `${element.kind} has no place of its own.`);
      else {
        const value = {
          ...placement,
          x_mm: quantiseLength(x ?? placement.x_mm),
          y_mm: quantiseLength(y ?? placement.y_mm),
          rotation_deg: quantiseAngle(rotation ?? placement.rotation_deg),
        };
        if (
          value.x_mm !== placement.x_mm ||
          value.y_mm !== placement.y_mm ||
          value.rotation_deg !== placement.rotation_deg
        ) {
          changes.push({ id, group: "placement", value });
        }
      }
    }
    const product = this.product(element.kind);
    if (product && product.product_id !== element.product?.product_id) {
      changes.push({ id, group: "product", value: product });
    }
    const loop = this.text("loop");
    if (loop !== undefined && loop !== element.cooling?.loop) {
      changes.push({ id, group: "cooling", value: { ...element.cooling, loop } });
    }
    const load = this.load(element);
    if (load) changes.push({ id, group: "load", value: load });
    const feeds = this.feeds(element);
    if (feeds) changes.push({ id, group: "feeds", value: feeds });
    return changes;
  }

  /** A new element by the line: it needs a product, or a kind that needs none, and a place. */
  created(tag: string): PlanElement | null {
    const run = this.text("kind")?.toLowerCase();
    if (isRunKind(run)) return this.createdRun(run, tag);
    const product = this.product(undefined);
    const x = this.number("x");
    const y = this.number("y");
    const rotation = this.number("rotation") ?? 0;
    const before = this.errors.length;
    if (product === null) {
      if (this.text("product") === undefined) {
        this.fail("tag", `Nothing is called ${tag}; a new line needs a product and X and Y.`);
      }
      return null;
    }
    for (const side of ["x", "y"] as const) {
      // A cell that cannot be read has said so already.
      if (this.text(side) === undefined)
        this.fail(side, `${tag} is new and needs ${side.toUpperCase()}.`);
    }
    if (this.errors.length > before || x === undefined || y === undefined) return null;
    const kind = this.host.products.get(product.product_id)?.category as Kind;
    const loop = this.text("loop");
    const bare: PlanElement = {
      id: this.host.newId(),
      kind,
      placement: {
        x_mm: quantiseLength(x),
        y_mm: quantiseLength(y),
        rotation_deg: quantiseAngle(rotation),
      },
      identity: { tag },
      product,
      ...(loop === undefined ? {} : { cooling: { loop } }),
    };
    const load = this.load(bare);
    const feeds = this.feeds(bare);
    return { ...bare, ...(load ? { load } : {}), ...(feeds ? { feeds } : {}) };
  }

  private createdRun(kind: RunKind, tag: string): PlanElement | null {
    const before = this.errors.length;
    const cells = this.runCells();
    if (cells.points === undefined && this.errors.length === before) {
      this.fail("points", `${tag} is new and needs its points, such as 0,0; 6000,0.`);
    }
    return this.errors.length > before ? null : runOf(this.host.newId(), kind, tag, cells);
  }

  private runCells(): RunCells {
    return {
      points: this.points(),
      elevation: this.above("elevation"),
      loop: this.text("loop"),
      bore: this.above("bore"),
      resistance: this.above("resistance"),
      width: this.above("width"),
      depth: this.above("depth"),
      to: this.feed("to"),
    };
  }

  private points(): RunCells["points"] {
    const text = this.text("points");
    if (text === undefined) return undefined;
    const parsed = parsePoints(text, this.host.settings.units.get());
    if (parsed.ok) return parsed.value;
    this.fail("points", parsed.error);
    return undefined;
  }

  /** A number that only makes sense above zero. */
  private above(
    column: "elevation" | "bore" | "resistance" | "width" | "depth",
  ): number | undefined {
    const value = this.number(column);
    if (value === undefined || value > 0) return value;
    this.fail(column, "Type a number above zero.");
    return undefined;
  }

  private product(kind: Kind | undefined): { product_id: string; variant?: string } | null {
    const text = this.text("product");
    if (text === undefined) return null;
    const record = this.host.products
      .all()
      .find(({ id, maker, model }) =>
        [id, model, `${maker} ${model}`].some((name) => name.toLowerCase() === text.toLowerCase()),
      );
    if (record === undefined) {
      this.fail("product", `“${text}” is not in the catalogue.`);
      return null;
    }
    if (kind !== undefined && record.category !== kind) {
      this.fail("product", `${record.model} is no ${kind.replaceAll("_", " ")}.`);
      return null;
    }
    const variant = this.text("variant");
    if (variant === undefined) return { product_id: record.id };
    if (!record.variants?.some(({ id }) => id === variant)) {
      this.fail("variant", `${record.model} has no variant “${variant}”.`);
      return null;
    }
    return { product_id: record.id, variant };
  }

  private load(element: PlanElement): object | null {
    const sustained = this.number("load");
    const liquid = this.number("liquid");
    if (sustained === undefined && liquid === undefined) return null;
    if (element.kind !== "rack") {
      this.fail("load", "Only racks have a load.");
      return null;
    }
    return {
      ...element.load,
      ...(sustained === undefined ? {} : { sustained_kw: sustained }),
      ...(liquid === undefined ? {} : { liquid_kw: liquid }),
    };
  }

  private feeds(element: PlanElement): object | null {
    const a = this.feed("feedA");
    const b = this.feed("feedB");
    if (a === undefined && b === undefined) return null;
    return {
      ...element.feeds,
      ...(a === undefined ? {} : { a }),
      ...(b === undefined ? {} : { b }),
    };
  }

  private feed(column: "feedA" | "feedB" | "to"): ElementId | undefined {
    const tag = this.text(column);
    if (tag === undefined) return undefined;
    const [id] = this.host.document.withTag(tag);
    if (id === undefined) this.fail(column, `Nothing is called ${tag}.`);
    return id;
  }

  private number(column: NumberColumn): number | undefined {
    const text = this.text(column);
    if (text === undefined) return undefined;
    const { measure } = COLUMNS[column];
    const parsed: Parsed<unknown> = parseEntry(text, measure, this.host.settings.units.get());
    if (!parsed.ok) {
      this.fail(column, parsed.error);
      return undefined;
    }
    const entry = parsed.value as { kind: string; value?: number };
    if (entry.kind === "value" && entry.value !== undefined) return entry.value;
    this.fail(column, `“${text}” is more than one number.`);
    return undefined;
  }
}

function columnNamed(heading: string): ColumnId | undefined {
  const name = heading.trim().toLowerCase();
  return (Object.keys(COLUMNS) as ColumnId[]).find((id) =>
    (COLUMNS[id].names as readonly string[]).includes(name),
  );
}

function cellsOf(line: string, separator: string): readonly string[] {
  return line.split(separator).map((cell) =>
    cell
      .trim()
      .replace(/^"(.*)"$/s, "$1")
      .replaceAll('""', '"'),
  );
}

/** Elements as tab-separated lines with a heading; the same table can be pasted back. */
export function tableText(host: Editor, ids: Iterable<ElementId>): string {
  const elements = [...ids].flatMap((id) => host.document.get(id) ?? []);
  const hasRuns = elements.some(({ path }) => path !== undefined);
  const headings = ["tag", "x", "y", "rotation", "product", "loop"];
  const lines = [[...headings, ...(hasRuns ? RUN_HEADINGS : [])].join("\t")];
  const tagOf = (id: ElementId): string => host.document.item(id)?.tag ?? "";
  for (const element of elements) {
    const { placement, path, identity, product, cooling, pipe } = element;
    if ((!placement && !path) || identity?.tag === undefined) continue;
    const cells = [
      identity.tag,
      placement?.x_mm ?? "",
      placement?.y_mm ?? "",
      placement?.rotation_deg ?? "",
      product?.product_id ?? "",
      cooling?.loop ?? pipe?.loop ?? "",
      ...(hasRuns && path ? runTexts(element, tagOf) : []),
    ];
    lines.push(cells.map((cell) => safeCell(String(cell))).join("\t"));
  }
  return lines.join("\n");
}

/** A spreadsheet takes a cell that begins like this for a formula. */
function safeCell(text: string): string {
  return /^[=+@]|^-(?!\d)/.test(text) ? `'${text}` : text.replace(/[\t\r\n]+/g, " ");
}
