/** The power of a rack as the engine takes it: what is typed stands before the record, for all of it. */
import type { Load, PlanElement, ProductGroup } from "./element";
import type { Products } from "./products";

export type LoadKey = keyof Load;

export interface Counted {
  readonly value: number;
  /** Why it is this figure, when it is neither typed nor the record's own. */
  readonly why: string;
}

const STEADY = ["sustained_kw", "tdp_kw", "nameplate_kw"] as const;
const NAMES = { sustained_kw: "sustained", tdp_kw: "TDP", nameplate_kw: "nameplate" } as const;

/** The figure that counts while this one is not typed; undefined where it is the record's own. */
export function countedLoad(
  products: Products,
  { load = {}, product }: PlanElement,
  key: LoadKey,
  basis: string,
): Counted | undefined {
  if (product === undefined) return undefined;
  if (key === "liquid_kw") return liquid(products, load, product, basis);
  const typed = STEADY.find((name) => load[name] !== undefined);
  if (typed === undefined) return undefined;
  if (key !== "peak_kw") {
    return { value: load[typed] ?? 0, why: `As typed for ${NAMES[typed]}` };
  }
  const record = recorded(products, product, "sustained_kw");
  const peak = stated(products, product, "peak_kw") ?? record;
  if (!record || peak === undefined) return undefined;
  const sustained = load.sustained_kw ?? load[typed] ?? 0;
  return {
    value: (peak * sustained) / record,
    why: "The record's peak over its sustained power, times what is typed",
  };
}

function liquid(
  products: Products,
  load: Load,
  product: ProductGroup,
  basis: string,
): Counted | undefined {
  const share = shareOf(products, product);
  const name = STEADY.find((one) => one === `${basis}_kw`) ?? "sustained_kw";
  const typed = STEADY.find((one) => load[one] !== undefined);
  const kw = typed === undefined ? recorded(products, product, name) : (load[name] ?? load[typed]);
  if (kw === undefined) return undefined;
  const percent = String(Number((share * 100).toFixed(1)));
  return { value: share * kw, why: `${percent} % of ${NAMES[name]} power, by the record` };
}

function shareOf(products: Products, product: ProductGroup): number {
  const share = stated(products, product, "liquid_fraction");
  if (share !== undefined) return share;
  const wet = stated(products, product, "liquid_kw") ?? 0;
  const dry = stated(products, product, "air_kw") ?? 0;
  return wet + dry > 0 ? wet / (wet + dry) : 0;
}

const stated = (
  products: Products,
  { product_id, variant }: ProductGroup,
  name: string,
): number | undefined => products.quantity(product_id, name, variant)?.value;

/** A figure of the record, or the one that stands in for it. */
function recorded(
  products: Products,
  product: ProductGroup,
  name: (typeof STEADY)[number],
): number | undefined {
  return [name, ...STEADY]
    .map((one) => stated(products, product, one))
    .find((value) => value !== undefined);
}
