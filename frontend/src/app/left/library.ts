/** What the library lists: module templates and products, with the figure they are known by. */
import type { Editor } from "../../editor/editor";
import type { ToolArgs } from "../../editor/tool";
import { formatNumber } from "../../editor/units";
import type { Confidence } from "../../model/confidence";
import type { ModuleTemplate, ProductRecord, Quantity } from "../../model/products";
import type { ModuleAir, ModuleAisle, ModuleCdus, ModuleRacks } from "../../model/element";
import { fixed } from "../figures";

export interface LibraryRow {
  readonly key: string;
  readonly label: string;
  readonly figure: string;
  readonly confidence: Confidence | null;
  readonly source: string;
  readonly args: ToolArgs;
}

export interface LibraryGroup {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly LibraryRow[];
}

interface GroupSpec {
  readonly title: string;
  readonly unit: string;
  readonly categories: readonly string[];
  /** The first of these that a product has is shown. */
  readonly quantities: readonly string[];
}

const GROUPS: readonly GroupSpec[] = [
  {
    title: "Racks",
    unit: "kW sustained",
    categories: ["rack"],
    quantities: ["sustained_kw", "tdp_kw", "nameplate_kw"],
  },
  { title: "Cooling", unit: "kW", categories: ["cdu", "air_handler"], quantities: ["capacity_kw"] },
  {
    title: "Power",
    unit: "kW",
    categories: ["panel", "busway", "ups", "rectifier", "switchboard", "transformer", "generator"],
    quantities: ["rating_kw"],
  },
  {
    title: "Heat rejection",
    unit: "kW",
    categories: ["dry_cooler", "chiller"],
    quantities: ["capacity_kw"],
  },
];

export function libraryGroups(
  records: readonly ProductRecord[],
  words: string,
): readonly LibraryGroup[] {
  const wanted = words.trim().toLowerCase();
  return GROUPS.map(({ title, unit, categories, quantities }) => ({
    title,
    unit,
    rows: records
      .filter((record) => categories.includes(record.category) && matches(record, wanted))
      .flatMap((record) => rowsOf(record, quantities)),
  })).filter(({ rows }) => rows.length > 0);
}

function matches(record: ProductRecord, wanted: string): boolean {
  return `${record.maker} ${record.model} ${record.category} ${record.gpu ?? ""}`
    .toLowerCase()
    .includes(wanted);
}

function rowsOf(record: ProductRecord, names: readonly string[]): readonly LibraryRow[] {
  const variants = record.variants ?? [];
  const choices = variants.length > 0 ? variants : [undefined];
  return choices.map((variant) => {
    const quantity = quantityOf(names, variant?.quantities ?? [], record.quantities);
    const args = {
      productId: record.id,
      ...(variant === undefined ? {} : { variant: variant.id }),
    };
    return {
      key: `${record.id} ${variant?.id ?? ""}`,
      label: [record.model, variant?.label].filter(Boolean).join(" "),
      figure: quantity === undefined ? "–" : formatNumber(quantity.value, 1),
      confidence: quantity?.confidence ?? null,
      source:
        quantity === undefined
          ? record.maker
          : `${record.maker}: ${quantity.source}, ${String(quantity.year)}`,
      args,
    };
  });
}

/** The first named quantity that the variant or else the product has, as it is used by default. */
function quantityOf(
  names: readonly string[],
  ...lists: readonly (readonly Quantity[])[]
): Quantity | undefined {
  for (const name of names) {
    for (const list of lists) {
      const own = list.filter((quantity) => quantity.name === name);
      const used = own.find((quantity) => quantity.default === true) ?? own[0];
      if (used !== undefined) return used;
    }
  }
  return undefined;
}

export interface TemplateRow {
  readonly template: ModuleTemplate;
  readonly racks: string;
  readonly power: string;
  readonly claims: boolean;
  readonly thumb: Thumb;
}

export interface Thumb {
  readonly rows: number;
  readonly perRow: number;
  readonly cdus: number;
  readonly aisle: boolean;
  readonly air: boolean;
}

const MM_PER_M = 1000;

export function templateRow(editor: Editor, template: ModuleTemplate): TemplateRow {
  const groups = template.groups as {
    readonly racks?: ModuleRacks;
    readonly cdus?: ModuleCdus;
    readonly aisle?: ModuleAisle;
    readonly air?: ModuleAir;
    readonly claims?: object;
  };
  const { racks, cdus, aisle, air } = groups;
  const count = (racks?.rows ?? 0) * (racks?.per_row ?? 0);
  const each =
    racks === undefined
      ? undefined
      : editor.products.quantity(racks.product_id, "sustained_kw", racks.variant)?.value;
  const depth =
    racks === undefined ? 0 : (editor.products.quantity(racks.product_id, "depth_mm")?.value ?? 0);
  const width = (racks?.per_row ?? 0) * (racks?.pitch_mm ?? 0);
  const deep = (racks?.rows ?? 0) * depth + (racks?.rows === 2 ? (aisle?.width_mm ?? 0) : 0);
  const spare = cdus?.redundancy ?? 0;
  const cooling =
    (cdus?.count ?? 0) > 0
      ? ` · ${String((cdus?.count ?? 0) - spare)} + ${String(spare)} CDU`
      : air
        ? ` · ${String(air.count)} coolers`
        : "";
  const power = each === undefined ? "" : `${fixed((each * count) / 1000, 2)} MW · `;
  return {
    template,
    racks: `${String(count)} racks${cooling}`,
    power: `${power}rows ${fixed(width / MM_PER_M, 1)} × ${fixed(deep / MM_PER_M, 1)} m`,
    claims: groups.claims !== undefined && Object.keys(groups.claims).length > 0,
    thumb: {
      rows: racks?.rows ?? 0,
      perRow: racks?.per_row ?? 0,
      cdus: cdus?.count ?? 0,
      aisle: aisle?.contained ?? false,
      air: air !== undefined,
    },
  };
}
