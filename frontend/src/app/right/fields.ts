/** The numbers of elements that the inspector shows and changes, as data. */
import type { Editor } from "../../editor/editor";
import { parseEntry, resolveValue } from "../../editor/entry";
import type { Measure } from "../../editor/units";
import type { Edit } from "../../model/edits";
import type { ElementId, GroupName, Kind, Path, PlanElement } from "../../model/element";
import { moduleFramePath } from "../../model/module-frame";
import { countedLoad, type Counted, type LoadKey } from "../../model/rack-load";

export interface NumberField {
  readonly label: string;
  readonly group: GroupName;
  readonly key: string;
  readonly measure: Measure;
  /** Name of the catalogue quantity that stands in while the element says nothing. */
  readonly quantity?: string;
  readonly least?: number;
  readonly most?: number;
  readonly whole?: boolean;
  /** May be taken away: what stands in for it then. */
  readonly absent?: string;
  /** Stands for the measure's own unit. */
  readonly unit?: string;
}

export interface FieldSection {
  readonly title: string;
  readonly kinds: ReadonlySet<Kind>;
  readonly fields: readonly NumberField[];
}

const EQUIPMENT: readonly Kind[] = [
  "rack",
  "cdu",
  "air_handler",
  "panel",
  "busway",
  "ups",
  "rectifier",
  "switchboard",
  "transformer",
  "generator",
  "dry_cooler",
  "chiller",
];
const POWER: readonly Kind[] = [
  "panel",
  "busway",
  "ups",
  "rectifier",
  "switchboard",
  "transformer",
  "generator",
];
const kinds = (...names: readonly Kind[]): ReadonlySet<Kind> => new Set(names);

const number = (
  label: string,
  group: GroupName,
  key: string,
  measure: Measure,
  more: Partial<NumberField> = {},
): NumberField => ({ label, group, key, measure, ...more });

export const SECTIONS: readonly FieldSection[] = [
  {
    title: "Placement",
    kinds: kinds(...EQUIPMENT, "column", "door", "containment", "module", "note"),
    fields: [
      number("X", "placement", "x_mm", "length"),
      number("Y", "placement", "y_mm", "length"),
      number("Rotation", "placement", "rotation_deg", "angle"),
    ],
  },
  {
    title: "Size",
    kinds: kinds(...EQUIPMENT, "column", "containment"),
    fields: [
      number("Width", "size", "width_mm", "length", { quantity: "width_mm", least: 1 }),
      number("Depth", "size", "depth_mm", "length", { quantity: "depth_mm", least: 1 }),
    ],
  },
  {
    title: "Pipe",
    kinds: kinds("pipe"),
    fields: [
      number("Bore", "pipe", "bore_mm", "length", { least: 1, absent: "by the rules" }),
      number("Resistance", "pipe", "resistance_factor", "plain", {
        least: 0.01,
        most: 1000,
        absent: "1",
        unit: "×",
      }),
    ],
  },
  {
    title: "Tray",
    kinds: kinds("tray"),
    fields: [
      number("Width", "tray", "width_mm", "length", { least: 1 }),
      number("Depth", "tray", "depth_mm", "length", { least: 1 }),
    ],
  },
  {
    title: "Conductors",
    kinds: kinds("feeder"),
    fields: [
      number("Cross-section", "feeder", "conductor_mm2", "plain", {
        least: 0.1,
        most: 10_000,
        absent: "assumed",
        unit: "mm²",
      }),
      number("Sets", "feeder", "sets", "count", { least: 1, whole: true, absent: "1" }),
    ],
  },
  {
    title: "Height",
    kinds: kinds("pipe", "tray", "feeder"),
    fields: [number("Elevation", "path", "elevation_mm", "length", { least: 0.1, absent: "–" })],
  },
  {
    title: "Load",
    kinds: kinds("rack"),
    fields: [
      number("Nameplate", "load", "nameplate_kw", "power", { quantity: "nameplate_kw", least: 0 }),
      number("TDP", "load", "tdp_kw", "power", { quantity: "tdp_kw", least: 0 }),
      number("Sustained", "load", "sustained_kw", "power", { quantity: "sustained_kw", least: 0 }),
      number("Peak", "load", "peak_kw", "power", { quantity: "peak_kw", least: 0 }),
      number("To liquid", "load", "liquid_kw", "power", { quantity: "liquid_kw", least: 0 }),
    ],
  },
  {
    title: "Capacity",
    kinds: kinds("cdu"),
    fields: [
      number("Heat", "capacity", "capacity_kw", "power", { quantity: "capacity_kw", least: 0 }),
      number("Flow", "capacity", "flow_lpm", "flow", { quantity: "flow_lpm", least: 0 }),
      number("Approach", "capacity", "approach_k", "difference", {
        quantity: "approach_k",
        least: 0,
      }),
    ],
  },
  {
    title: "Capacity",
    kinds: kinds("air_handler", "dry_cooler", "chiller"),
    fields: [
      number("Heat", "capacity", "capacity_kw", "power", { quantity: "capacity_kw", least: 0 }),
    ],
  },
  {
    title: "Rating",
    kinds: kinds(...POWER),
    fields: [
      number("Rating", "rating", "rating_kw", "power", { quantity: "rating_kw", least: 0 }),
      number("Short circuit", "rating", "fault_ka", "plain", {
        quantity: "fault_ka",
        least: 0,
        absent: "not stated",
        unit: "kA",
      }),
    ],
  },
  {
    title: "Hall",
    kinds: kinds("hall"),
    fields: [
      number("Clear height", "hall", "height_mm", "length", { least: 1 }),
      number("Floor load limit", "hall", "floor_load_limit_kpa", "floor_pressure", { least: 0 }),
    ],
  },
  {
    title: "Floor tiles",
    kinds: kinds("hall"),
    fields: [
      number("Origin X", "tiles", "origin_x_mm", "length"),
      number("Origin Y", "tiles", "origin_y_mm", "length"),
      number("Pitch", "tiles", "pitch_mm", "length", { least: 100 }),
    ],
  },
  {
    title: "Door",
    kinds: kinds("door"),
    fields: [number("Width", "door", "width_mm", "length", { least: 100 })],
  },
  {
    title: "Note",
    kinds: kinds("note"),
    fields: [number("Text height", "text", "height_mm", "length", { least: 10 })],
  },
  {
    title: "Dimension",
    kinds: kinds("dimension"),
    fields: [number("Offset", "line", "offset_mm", "length")],
  },
];

/** Where a shown value comes from. */
export type Origin = "own" | "override" | "catalogue" | "none";

export interface FieldValue {
  /** null: not known, or the elements differ. */
  readonly value: number | null;
  readonly mixed: boolean;
  readonly distinct: number;
  readonly origin: Origin;
  /** Why it is this figure, where it is neither typed nor the record's own. */
  readonly why: string;
}

type Fields = Readonly<Record<string, unknown>>;

const groupOf = (element: PlanElement, group: GroupName): Fields | undefined =>
  element[group] as Fields | undefined;

function numberIn(element: PlanElement, field: NumberField): number | undefined {
  const value = groupOf(element, field.group)?.[field.key];
  return typeof value === "number" ? value : undefined;
}

/** What the elements say, or the catalogue for them. */
export function readField(
  editor: Editor,
  elements: readonly PlanElement[],
  field: NumberField,
): FieldValue {
  const values = new Set<number | undefined>();
  let origin: Origin = "none";
  let why = "";
  for (const element of elements) {
    const own = numberIn(element, field);
    const other = own === undefined ? countedIn(editor, element, field) : undefined;
    why = other?.why ?? why;
    const value = own ?? other?.value ?? standingIn(editor, element, field);
    values.add(value);
    if (own !== undefined) origin = element.id.includes("/") ? "override" : "own";
    else if (value !== undefined && origin === "none") origin = "catalogue";
  }
  const [first] = values;
  const mixed = values.size > 1;
  return { value: mixed ? null : (first ?? null), mixed, distinct: values.size, origin, why };
}

/** Powers of a rack follow each other, and its liquid heat follows its power. */
function countedIn(
  editor: Editor,
  element: PlanElement,
  { group, key }: NumberField,
): Counted | undefined {
  if (group !== "load") return undefined;
  const basis = editor.document.site()?.power?.basis ?? "sustained";
  return countedLoad(editor.products, element, key as LoadKey, basis);
}

const standingIn = (
  { products }: Editor,
  element: PlanElement,
  { quantity }: NumberField,
): number | undefined => (quantity === undefined ? undefined : products.value(element, quantity));

export type Written =
  | { readonly ok: true; readonly edits: readonly Edit[] }
  | { readonly ok: false; readonly error: string };

/** Edits that set what was typed; `+=5` and `*2` change each element's own value. */
export function writeField(
  editor: Editor,
  elements: readonly PlanElement[],
  field: NumberField,
  typed: string,
): Written {
  const entry = parseEntry(typed, field.measure, editor.settings.units.get());
  if (!entry.ok) return entry;
  const writer = new GroupWriter(editor);
  for (const element of elements) {
    const before =
      numberIn(element, field) ??
      countedIn(editor, element, field)?.value ??
      standingIn(editor, element, field) ??
      0;
    const next = resolveValue(entry.value, before, field.measure);
    if (!next.ok) return next;
    const value = field.whole === true ? Math.round(next.value) : next.value;
    if (field.least !== undefined && value < field.least) {
      return { ok: false, error: `At least ${String(field.least)} is wanted here.` };
    }
    if (field.most !== undefined && value > field.most) {
      return { ok: false, error: `At most ${String(field.most)} is possible here.` };
    }
    if (value === numberIn(element, field)) continue;
    const group = { ...groupOf(element, field.group), [field.key]: cleaned(field, value) };
    writer.set(element.id, field.group, group);
  }
  return { ok: true, edits: writer.edits() };
}

const TURN_DEG = 360;

function cleaned(field: NumberField, value: number): number {
  if (field.measure === "angle") return ((value % TURN_DEG) + TURN_DEG) % TURN_DEG;
  return Number(value.toFixed(6));
}

/** Takes one number back to what the catalogue says. */
export function clearField(
  editor: Editor,
  elements: readonly PlanElement[],
  field: NumberField,
): readonly Edit[] {
  const writer = new GroupWriter(editor);
  for (const element of elements) {
    const group = groupOf(element, field.group);
    if (group?.[field.key] === undefined) continue;
    const rest = without(group, field.key);
    writer.set(element.id, field.group, Object.keys(rest).length === 0 ? null : rest);
  }
  return writer.edits();
}

type Slots = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** Collects changes of groups; those of a module's members become overrides of the module. */
export class GroupWriter {
  private readonly own: Edit[] = [];
  private readonly overrides = new Map<ElementId, Slots>();

  constructor(private readonly editor: Editor) {}

  set(id: ElementId, group: GroupName, value: object | null): this {
    const cut = id.indexOf("/");
    if (cut < 0) {
      this.own.push({ type: "set", id, group, value });
      return this;
    }
    const moduleId = id.slice(0, cut);
    const slot = id.slice(cut + 1);
    const slots =
      this.overrides.get(moduleId) ??
      ((this.editor.document.get(moduleId)?.overrides ?? {}) as Slots);
    const groups = without(slots[slot] ?? {}, group);
    const own = group === "path" ? this.framed(moduleId, value as Path | null) : value;
    const next = own === null ? groups : { ...groups, [group]: own };
    const others = without(slots, slot);
    this.overrides.set(
      moduleId,
      Object.keys(next).length === 0 ? others : { ...others, [slot]: next },
    );
    return this;
  }

  /** A member's line is kept in the frame of its module. */
  private framed(moduleId: ElementId, path: Path | null): Path | null {
    const module = this.editor.document.get(moduleId)?.placement;
    return path && module ? moduleFramePath(module, path) : path;
  }

  edits(): readonly Edit[] {
    const modules = [...this.overrides].map(([id, slots]): Edit => {
      const value = Object.keys(slots).length === 0 ? null : slots;
      return { type: "set", id, group: "overrides", value };
    });
    return [...this.own, ...modules];
  }
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
