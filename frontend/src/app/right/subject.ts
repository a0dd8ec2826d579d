/** How the inspector names what is selected. */
import type { Editor } from "../../editor/editor";
import type { PlanElement } from "../../model/element";

const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  cdu: ["CDU", "CDUs"],
  ups: ["UPS", "UPSs"],
  air_handler: ["air handler", "air handlers"],
  switchboard: ["switchboard", "switchboards"],
  busway: ["busway", "busways"],
  dry_cooler: ["dry cooler", "dry coolers"],
  keepout: ["keep-out", "keep-outs"],
  containment: ["containment", "containments"],
};

export function kindName(kind: string, count: number): string {
  const [one, many] = NAMES[kind] ?? [kind.replaceAll("_", " "), `${kind.replaceAll("_", " ")}s`];
  return count === 1 ? one : many;
}

export interface Subject {
  readonly title: string;
  readonly detail: string;
}

export function subjectOf(editor: Editor, elements: readonly PlanElement[]): Subject {
  const [first] = elements;
  if (first === undefined) return { title: "", detail: "" };
  if (elements.length > 1) {
    const kinds = new Set(elements.map(({ kind }) => kind));
    const name = kinds.size === 1 ? kindName(first.kind, elements.length) : "elements";
    return { title: `${String(elements.length)} ${name}`, detail: productsOf(editor, elements) };
  }
  const name = kindName(first.kind, 1);
  const title = first.identity?.tag ?? first.identity?.name ?? name;
  if (first.kind === "module") return { title, detail: moduleDetail(editor, first) };
  const product = productsOf(editor, elements);
  return { title, detail: product === "" ? name : `${name} · ${product}` };
}

function productsOf(editor: Editor, elements: readonly PlanElement[]): string {
  const names = new Set(
    elements.flatMap(({ product }) => (product ? [productName(editor, product)] : [])),
  );
  const [only] = names;
  if (only === undefined) return "";
  return names.size === 1 ? only : `${String(names.size)} products`;
}

export function productName(
  editor: Editor,
  product: { readonly product_id: string; readonly variant?: string },
): string {
  const record = editor.products.get(product.product_id);
  const variant = record?.variants?.find(({ id }) => id === product.variant);
  return [record?.model ?? product.product_id, variant?.label].filter(Boolean).join(" ");
}

function moduleDetail(editor: Editor, module: PlanElement): string {
  const type = module.type === undefined ? undefined : editor.document.get(module.type.type_id);
  const racks = editor.document.membersOf(module.id).filter(({ kind }) => kind === "rack").length;
  const name = type?.identity?.name ?? "module";
  if (type?.racks === undefined) return `${name} · ${String(racks)}`;
  const product = productName(editor, type.racks);
  // A name that tells which racks these are need not be followed by them.
  return name.includes(product) ? name : `${name} · ${String(racks)} × ${product}`;
}
