/** New elements as they are first made: their groups, tags and names. */
import type { ElementId, Kind, Placement, PlanElement } from "../model/element";
import { itemOf, moduleItem, type Item } from "../model/item";
import { membersOf, planModule } from "../model/modules";
import type { ModuleTemplate } from "../model/products";
import { nextNumber } from "./copies";
import type { Editor } from "./editor";
import type { ToolArgs } from "./tool";

const PATTERNS: Partial<Record<Kind, string>> = {
  rack: "R{n:03}",
  cdu: "CDU-{n:02}",
  air_handler: "AHU-{n:02}",
  panel: "RPP-{n:02}",
  busway: "BW-{n:02}",
  ups: "UPS-{n:02}",
  rectifier: "REC-{n:02}",
  switchboard: "SB-{n:02}",
  transformer: "TR-{n:02}",
  generator: "GEN-{n:02}",
  dry_cooler: "DC-{n:02}",
  chiller: "CH-{n:02}",
  module: "M{n:02}",
  containment: "CT-{n:02}",
  pipe: "P{n:02}",
  tray: "T{n:02}",
  feeder: "F{n:02}",
};

/** The next free tag of a kind. */
export function nextTag(host: Editor, kind: Kind): string {
  const pattern = PATTERNS[kind] ?? `${kind}-{n}`;
  const digits = /\{n:0(\d)\}/.exec(pattern)?.[1];
  const number = String(nextNumber(host.document, pattern)).padStart(Number(digits ?? 1), "0");
  return pattern.replace(/\{n(?::0\d)?\}/, number);
}

/** The next free name of an outline: "Hall 2". */
export function nextName(host: Editor, word: string): string {
  return `${word} ${nextNumber(host.document, `${word} {n}`)}`;
}

/** What a place tool would put down, at the origin and unturned; the last one is what is placed. */
export function madeFor(host: Editor, args: ToolArgs): readonly PlanElement[] {
  const placement: Placement = { x_mm: 0, y_mm: 0, rotation_deg: 0 };
  const id = host.newId();
  if (args.templateId !== undefined || args.typeId !== undefined) {
    return madeModule(host, id, placement, args);
  }
  switch (args.kind) {
    case "column":
      return [{ id, kind: "column", placement, size: { width_mm: 600, depth_mm: 600 } }];
    case "door":
      return [{ id, kind: "door", placement, door: { width_mm: 1200, swing: "left" } }];
    case "note":
      return [{ id, kind: "note", placement, text: { text: args.text ?? "Note", height_mm: 300 } }];
    case "containment":
      return [
        {
          id,
          kind: "containment",
          placement,
          size: { width_mm: 4800, depth_mm: 1200, height_mm: 2400 },
          identity: { tag: nextTag(host, "containment") },
          containment: { aisle: "hot" },
        },
      ];
  }
  const record = args.productId === undefined ? undefined : host.products.get(args.productId);
  if (record === undefined) return [];
  const kind = record.category as Kind;
  const product = args.variant
    ? { product_id: record.id, variant: args.variant }
    : { product_id: record.id };
  return [{ id, kind, placement, identity: { tag: nextTag(host, kind) }, product }];
}

function madeModule(
  host: Editor,
  id: ElementId,
  placement: Placement,
  { templateId, typeId }: ToolArgs,
): readonly PlanElement[] {
  const module = (type: ElementId): PlanElement => ({
    id,
    kind: "module",
    placement,
    identity: { tag: nextTag(host, "module") },
    type: { type_id: type },
  });
  const known = typeId ?? typeOfTemplate(host, templateId);
  if (known !== undefined) return [module(known)];
  const template = host.templates.get().find((one) => one.template_id === templateId);
  if (template === undefined) return [];
  const type = typeFrom(template, host.newId());
  return [type, module(type.id)];
}

/** The module type that the design already has of a template: copies share it. */
function typeOfTemplate(host: Editor, templateId: string | undefined): ElementId | undefined {
  for (const element of host.document.elements.values()) {
    if (element.kind === "module_type" && element.template?.template_id === templateId) {
      return element.id;
    }
  }
  return undefined;
}

function typeFrom(
  { template_id, version, name, groups }: ModuleTemplate,
  id: ElementId,
): PlanElement {
  return {
    id,
    kind: "module_type",
    identity: { name },
    template: { template_id, version },
    ...groups,
  };
}

/** The items that the made elements would be, modules with their members first. */
export function ghostsOf(host: Editor, elements: readonly PlanElement[]): readonly Item[] {
  return elements.flatMap((element) => {
    if (element.kind !== "module") {
      const item = itemOf(element, host.products);
      return item ? [item] : [];
    }
    const typeId = element.type?.type_id ?? "";
    const type = elements.find(({ id }) => id === typeId);
    const plan = type
      ? planModule(type, (id) => host.products.sizeOf(id))
      : host.document.planOf(typeId);
    const members = (plan ? membersOf(element, plan) : []).flatMap((member) => {
      const item = itemOf(member, host.products, element.id);
      return item ? [item] : [];
    });
    const item = moduleItem(element, members);
    return item ? [...members, item] : members;
  });
}
