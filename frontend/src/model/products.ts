import type { Confidence } from "./confidence";
import type { PlanElement } from "./element";

export interface Quantity {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly year: number;
  readonly confidence: Confidence;
  readonly default?: boolean;
  readonly why?: string;
}

export interface Curve {
  readonly name: string;
  readonly by: string;
  readonly unit: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly source: string;
  readonly year: number;
  readonly confidence: Confidence;
}

/** One product of the catalogue, as it stands on the wire. */
export interface ProductRecord {
  readonly id: string;
  readonly category: string;
  readonly maker: string;
  readonly model: string;
  readonly revision: number;
  readonly note?: string;
  readonly gpu?: string;
  readonly quantities: readonly Quantity[];
  readonly curves?: readonly Curve[];
  readonly variants?: readonly {
    readonly id: string;
    readonly label: string;
    readonly quantities: readonly Quantity[];
  }[];
}

/** A module as shipped: what a new `module_type` starts from. */
export interface ModuleTemplate {
  readonly template_id: string;
  readonly name: string;
  readonly version: string | number;
  readonly groups: Readonly<Record<string, object>>;
  readonly [field: string]: unknown;
}

export interface Dimensions {
  readonly width_mm: number;
  readonly depth_mm: number;
  readonly height_mm: number;
}

/** Drawn for a product that says no size, until somebody gives one. */
const NOMINAL: Readonly<Record<string, Dimensions>> = {
  rack: { width_mm: 600, depth_mm: 1200, height_mm: 2300 },
  cdu: { width_mm: 800, depth_mm: 1200, height_mm: 2200 },
  busway: { width_mm: 3000, depth_mm: 150, height_mm: 150 },
};
const NOMINAL_OTHER: Dimensions = { width_mm: 1000, depth_mm: 1000, height_mm: 2000 };

/** The catalogue records that a design uses or may use. */
export class Products {
  private readonly records = new Map<string, ProductRecord>();
  /** The standing value of each name, by product or by product and variant. */
  private readonly standing = new Map<string, ReadonlyMap<string, Quantity>>();
  private epochNumber = 0;

  /** Grows with each change, so that caches know. */
  get epoch(): number {
    return this.epochNumber;
  }

  add(records: Iterable<ProductRecord>): void {
    for (const record of records) {
      this.records.set(record.id, record);
      this.standing.set(record.id, standingOf(record.quantities));
      for (const { id, quantities } of record.variants ?? []) {
        this.standing.set(`${record.id}/${id}`, standingOf(quantities));
      }
    }
    this.epochNumber += 1;
  }

  get(id: string): ProductRecord | undefined {
    return this.records.get(id);
  }

  all(): readonly ProductRecord[] {
    return [...this.records.values()];
  }

  /** The default value of a named quantity; a variant's own value comes first. */
  quantity(id: string, name: string, variant?: string): Quantity | undefined {
    const own = variant === undefined ? undefined : this.standing.get(`${id}/${variant}`);
    return own?.get(name) ?? this.standing.get(id)?.get(name);
  }

  value(element: PlanElement, name: string): number | undefined {
    const product = element.product;
    if (product === undefined) return undefined;
    return this.quantity(product.product_id, name, product.variant)?.value;
  }

  /** Size of an element: its own, else its product's, else a nominal one. */
  dimensions(element: PlanElement): Dimensions {
    const nominal = NOMINAL[element.kind] ?? NOMINAL_OTHER;
    const side = (name: keyof Dimensions): number =>
      element.size?.[name] ?? this.value(element, name) ?? nominal[name];
    return {
      width_mm: side("width_mm"),
      depth_mm: side("depth_mm"),
      height_mm: side("height_mm"),
    };
  }

  /** Size of a product that says all three of its sides. */
  sizeOf(id: string): Dimensions | undefined {
    const width_mm = this.quantity(id, "width_mm")?.value;
    const depth_mm = this.quantity(id, "depth_mm")?.value;
    const height_mm = this.quantity(id, "height_mm")?.value;
    if (width_mm === undefined || depth_mm === undefined || height_mm === undefined) {
      return undefined;
    }
    return { width_mm, depth_mm, height_mm };
  }
}

/** Of several values of one name the default one, else the first. */
function standingOf(quantities: readonly Quantity[]): ReadonlyMap<string, Quantity> {
  const chosen = new Map<string, Quantity>();
  for (const one of quantities) {
    if (!chosen.has(one.name) || one.default === true) chosen.set(one.name, one);
  }
  return chosen;
}
