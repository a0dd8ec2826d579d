/** The plan as a table: what each column shows, and what typing into it changes. */
import { tileAt } from "../../canvas/tile-rows";
import type { Editor } from "../../editor/editor";
import { format, formatRun } from "../../editor/units";
import type { Edit } from "../../model/edits";
import type { Kind, PlanElement } from "../../model/element";
import type { Item } from "../../model/item";
import { runLengthMm } from "../../model/run";
import { GroupWriter, readField, writeField, type NumberField } from "../right/fields";
import { productName } from "../right/subject";

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly numeric: boolean;
  readonly read: (editor: Editor, item: Item) => string;
  /** Edits for what was typed, or why it cannot be used; absent: the column is only shown. */
  readonly write?: (
    editor: Editor,
    element: PlanElement,
    typed: string,
  ) => readonly Edit[] | string;
}

const fieldColumn = (id: string, field: NumberField): Column => ({
  id,
  label: field.label,
  numeric: true,
  read: (editor, { element }) => {
    // As the inspector reads it: heat to liquid follows the power that counts.
    const { value } = readField(editor, [element], field);
    return value === null ? "" : format(value, field.measure, editor.settings.units.get());
  },
  write: (editor, element, typed) => {
    const written = writeField(editor, [element], field, typed);
    return written.ok ? written.edits : written.error;
  },
});

const figureColumn = (
  id: string,
  label: string,
  figure: string,
  measure: "power" | "flow" | "density",
): Column => ({
  id,
  label,
  numeric: true,
  read: (editor, item) => {
    const value = editor.results.of(item.id)?.[figure];
    return value === undefined ? "" : format(value, measure, editor.settings.units.get());
  },
});

const TAG: Column = {
  id: "tag",
  label: "Tag",
  numeric: false,
  read: (_, { tag }) => tag,
  write: (editor, element, typed) =>
    new GroupWriter(editor)
      .set(element.id, "identity", { ...element.identity, tag: typed.trim() })
      .edits(),
};

const PRODUCT: Column = {
  id: "product",
  label: "Product",
  numeric: false,
  read: (editor, { element }) => (element.product ? productName(editor, element.product) : ""),
};

const TILE: Column = {
  id: "tile",
  label: "Tile",
  numeric: false,
  read: (editor, { ring }) => {
    const [corner] = ring;
    return corner === undefined
      ? ""
      : (tileAt(
          editor.document,
          { x: corner.x + 0.05, y: corner.y + 0.05 },
          editor.settings.skipIO.get(),
        ) ?? "");
  },
};

const X = fieldColumn("x", { label: "X", group: "placement", key: "x_mm", measure: "length" });
const Y = fieldColumn("y", { label: "Y", group: "placement", key: "y_mm", measure: "length" });
const ROTATION = fieldColumn("rotation", {
  label: "Rotation",
  group: "placement",
  key: "rotation_deg",
  measure: "angle",
});

const LOOP: Column = {
  id: "loop",
  label: "Loop",
  numeric: false,
  read: (_, { element }) => element.cooling?.loop ?? "",
  write: (editor, element, typed) => {
    const rest = Object.fromEntries(
      Object.entries(element.cooling ?? {}).filter(([key]) => key !== "loop"),
    );
    const next = typed.trim() === "" ? rest : { ...rest, loop: typed.trim() };
    return new GroupWriter(editor)
      .set(element.id, "cooling", Object.keys(next).length === 0 ? null : next)
      .edits();
  },
};

const feed = (side: "a" | "b"): Column => ({
  id: `feed-${side}`,
  label: `Feed ${side.toUpperCase()}`,
  numeric: false,
  read: (editor, { element }) => {
    const id = element.feeds?.[side];
    return id === null || id === undefined ? "" : (editor.document.item(id)?.tag ?? id);
  },
  write: (editor, element, typed) => {
    const wanted = typed.trim();
    const [source] = wanted === "" ? [null] : editor.document.withTag(wanted);
    if (source === undefined) return `Nothing is tagged ${wanted}.`;
    return new GroupWriter(editor)
      .set(element.id, "feeds", { ...element.feeds, [side]: source })
      .edits();
  },
});

const RACK: readonly Column[] = [
  TAG,
  PRODUCT,
  TILE,
  X,
  Y,
  ROTATION,
  fieldColumn("sustained", {
    label: "Sustained",
    group: "load",
    key: "sustained_kw",
    measure: "power",
    quantity: "sustained_kw",
    least: 0,
  }),
  fieldColumn("liquid", {
    label: "To liquid",
    group: "load",
    key: "liquid_kw",
    measure: "power",
    quantity: "liquid_kw",
    least: 0,
  }),
  figureColumn("flow", "Flow", "flow_lpm", "flow"),
  LOOP,
  feed("a"),
  feed("b"),
];

const COOLING: readonly Column[] = [
  TAG,
  PRODUCT,
  TILE,
  X,
  Y,
  fieldColumn("capacity", {
    label: "Capacity",
    group: "capacity",
    key: "capacity_kw",
    measure: "power",
    quantity: "capacity_kw",
    least: 0,
  }),
  figureColumn("load", "Load", "load_kw", "power"),
];

const POWER: readonly Column[] = [
  TAG,
  PRODUCT,
  TILE,
  X,
  Y,
  fieldColumn("rating", {
    label: "Rating",
    group: "rating",
    key: "rating_kw",
    measure: "power",
    quantity: "rating_kw",
    least: 0,
  }),
  figureColumn("normal", "Normal", "normal_kw", "power"),
  figureColumn("worst", "Worst", "worst_kw", "power"),
];

const PLACED: readonly Column[] = [TAG, TILE, X, Y, ROTATION];

/** A text in a group that must not become empty. */
const textColumn = (id: string, label: string, group: "pipe", key: "loop"): Column => ({
  id,
  label,
  numeric: false,
  read: (_, { element }) => element[group]?.[key] ?? "",
  write: (editor, element, typed) =>
    typed.trim() === ""
      ? "Type a loop, such as TCS-1."
      : new GroupWriter(editor)
          .set(element.id, group, { ...element[group], [key]: typed.trim() })
          .edits(),
});

const LENGTH: Column = {
  id: "length",
  label: "Length",
  numeric: true,
  read: (editor, { element }) => formatRun(runLengthMm(element), editor.settings.units.get()),
};

const ELEVATION = fieldColumn("elevation", {
  label: "Elevation",
  group: "path",
  key: "elevation_mm",
  measure: "length",
  least: 0.1,
});

const PIPE: readonly Column[] = [
  TAG,
  textColumn("pipe-loop", "Loop", "pipe", "loop"),
  LENGTH,
  fieldColumn("bore", {
    label: "Bore",
    group: "pipe",
    key: "bore_mm",
    measure: "length",
    least: 1,
  }),
  fieldColumn("resistance", {
    label: "Resistance",
    group: "pipe",
    key: "resistance_factor",
    measure: "plain",
    least: 0.01,
    most: 1000,
  }),
  ELEVATION,
];

const TRAY: readonly Column[] = [
  TAG,
  LENGTH,
  fieldColumn("width", {
    label: "Width",
    group: "tray",
    key: "width_mm",
    measure: "length",
    least: 1,
  }),
  fieldColumn("depth", {
    label: "Depth",
    group: "tray",
    key: "depth_mm",
    measure: "length",
    least: 1,
  }),
  ELEVATION,
];

const FEEDER: readonly Column[] = [
  TAG,
  {
    id: "to",
    label: "To",
    numeric: false,
    read: (editor, { element }) => editor.document.item(element.feeder?.to ?? "")?.tag ?? "",
  },
  LENGTH,
  fieldColumn("conductor", {
    label: "Conductor mm²",
    group: "feeder",
    key: "conductor_mm2",
    measure: "plain",
    least: 0.1,
  }),
  fieldColumn("sets", { label: "Sets", group: "feeder", key: "sets", measure: "count", least: 1 }),
  ELEVATION,
];

export function columnsOf(kind: Kind): readonly Column[] {
  switch (kind) {
    case "rack":
      return RACK;
    case "cdu":
      return [...COOLING, LOOP];
    case "air_handler":
    case "dry_cooler":
    case "chiller":
      return COOLING;
    case "panel":
    case "busway":
    case "ups":
    case "rectifier":
    case "switchboard":
    case "transformer":
    case "generator":
      return POWER;
    case "pipe":
      return PIPE;
    case "tray":
      return TRAY;
    case "feeder":
      return FEEDER;
    default:
      return PLACED;
  }
}

/** Cells of a text copied from a spreadsheet. */
export function pastedCells(text: string): readonly (readonly string[])[] {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => line.split("\t"));
}

export interface Pasted {
  readonly edits: readonly Edit[];
  readonly problems: readonly string[];
}

/** Edits for cells pasted at a row and a column; each wrong cell is named. */
export function paste(
  editor: Editor,
  columns: readonly Column[],
  items: readonly Item[],
  cells: readonly (readonly string[])[],
  row: number,
  column: number,
): Pasted {
  const edits: Edit[] = [];
  const problems: string[] = [];
  cells.forEach((line, down) => {
    const item = items[row + down];
    line.forEach((typed, across) => {
      const target = columns[column + across];
      if (typed.trim() === "" || target === undefined) return;
      if (item === undefined) {
        problems.push(`Row ${String(row + down + 1)}: the table ends before it.`);
        return;
      }
      if (target.write === undefined) {
        problems.push(`${item.tag}: ${target.label} is computed.`);
        return;
      }
      const written = target.write(editor, item.element, typed);
      if (typeof written === "string") problems.push(`${item.tag}, ${target.label}: ${written}`);
      else edits.push(...written);
    });
  });
  return { edits: joined(edits), problems };
}

/** Several cells of one group are one edit: groups are replaced as a whole. */
function joined(edits: readonly Edit[]): readonly Edit[] {
  const byGroup = new Map<string, Edit>();
  for (const edit of edits) {
    if (edit.type !== "set") continue;
    const key = `${edit.id} ${edit.group}`;
    const before = byGroup.get(key);
    const value =
      before?.type === "set" && before.value !== null && edit.value !== null
        ? { ...before.value, ...edit.value }
        : edit.value;
    byGroup.set(key, { ...edit, value });
  }
  return [...byGroup.values()];
}
