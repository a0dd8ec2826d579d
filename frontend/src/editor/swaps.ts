/** One rack product for another wherever it stands: a change of generation in one gesture. */
import type { Edit } from "../model/edits";
import type { PlanElement, ProductGroup } from "../model/element";
import type { Editor } from "./editor";

export interface ProductChoice {
  /** Product and variant in one word. */
  readonly id: string;
  readonly label: string;
}

type Slot = Readonly<Partial<Record<string, object>>>;

const keyOf = ({ product_id, variant }: ProductGroup): string =>
  variant === undefined ? product_id : `${product_id}/${variant}`;

function productOf(key: string): ProductGroup {
  const [product_id = "", variant] = key.split("/");
  return variant === undefined ? { product_id } : { product_id, variant };
}

/** Every rack of the catalogue, its variants one by one. */
export function rackChoices(host: Editor): readonly ProductChoice[] {
  return host.products
    .all()
    .filter(({ category }) => category === "rack")
    .flatMap(({ id, model, variants = [] }) =>
      variants.length === 0
        ? [{ id, label: model }]
        : variants.map((variant) => ({
            id: `${id}/${variant.id}`,
            label: `${model} ${variant.label}`,
          })),
    );
}

/** The racks that the design uses, the most frequent first. */
export function usedRackChoices(host: Editor): readonly ProductChoice[] {
  const counts = new Map<string, number>();
  for (const id of host.document.ofKind("rack")) {
    const product = host.document.get(id)?.product;
    if (product) counts.set(keyOf(product), (counts.get(keyOf(product)) ?? 0) + 1);
  }
  const labels = new Map(rackChoices(host).map(({ id, label }) => [id, label]));
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([id, count]) => ({ id, label: `${labels.get(id) ?? id} (${String(count)})` }));
}

/** Model and variant, as names of modules have them. */
function modelOf(host: Editor, { product_id, variant }: ProductGroup): string | undefined {
  const product = host.products.get(product_id);
  const label = product?.variants?.find(({ id }) => id === variant)?.label;
  return product && (label === undefined ? product.model : `${product.model} ${label}`);
}

/**
 * Edits that put one product in the place of another, in racks, module types and overrides.
 * The server makes the same ones; the cases in tests/golden/swaps hold the two together.
 */
export function swapEdits(host: Editor, from: string, to: string): readonly Edit[] {
  const product = productOf(to);
  const names = [modelOf(host, productOf(from)), modelOf(host, product)] as const;
  const isOld = (group: ProductGroup | undefined): boolean =>
    group !== undefined && keyOf(group) === from;
  const edits: Edit[] = [];
  for (const element of host.document.elements.values()) {
    const { id, kind, racks, identity } = element;
    if (kind === "rack" && isOld(element.product)) {
      edits.push({ type: "set", id, group: "product", value: product });
      // Figures typed for the old product do not hold for the new one.
      for (const group of ["size", "load"] as const) {
        if (element[group] !== undefined) edits.push({ type: "set", id, group, value: null });
      }
    } else if (kind === "module_type" && racks && isOld(racks)) {
      const { rows, per_row, pitch_mm } = racks;
      const value = { ...product, rows, per_row, pitch_mm };
      edits.push({ type: "set", id, group: "racks", value });
      const name = renamed(identity?.name, ...names);
      if (name !== identity?.name)
        edits.push({ type: "set", id, group: "identity", value: { ...identity, name } });
    } else if (kind === "module" && element.overrides) {
      const own = typeRacks(host, element);
      const before = Object.entries(element.overrides);
      const after = before.flatMap(([slot, groups]) => {
        const now = groups["product"] as ProductGroup | undefined;
        if (!slot.startsWith("rack-") || !isOld(now ?? own)) return [[slot, groups] as const];
        const left = swapped(groups, product);
        return Object.keys(left).length === 0 ? [] : [[slot, left] as const];
      });
      if (after.length === before.length && after.every(([, one], at) => one === before[at]?.[1]))
        continue;
      const value = after.length === 0 ? null : Object.fromEntries(after);
      edits.push({ type: "set", id, group: "overrides", value });
    }
  }
  return edits;
}

const renamed = (name?: string, from?: string, to?: string): string | undefined =>
  from === undefined || to === undefined ? name : name?.replaceAll(from, to);

const typeRacks = (host: Editor, module: PlanElement): ProductGroup | undefined =>
  module.type === undefined ? undefined : host.document.get(module.type.type_id)?.racks;

function swapped(groups: Slot, product: ProductGroup): Slot {
  return Object.fromEntries(
    Object.entries(groups)
      .filter(([group]) => group !== "size" && group !== "load")
      .map(([group, value]) => [group, group === "product" ? product : value]),
  );
}
