import { boxAround, type Box } from "../base/box";
import { cornersOf, type OrientedBox } from "../base/oriented-box";
import { bandAround } from "../base/polyline";
import { add, rotate, type Vec2 } from "../base/vec2";
import type { ElementId, Kind, PlanElement } from "./element";
import { layerOf, type Layer } from "./layers";
import type { Products } from "./products";
import { halfWidthMm, pathPoints } from "./run";

/**
 * One thing on the plan with its place in the world: a stored element, or a
 * member that a module makes. A value: it is replaced when anything changes.
 */
export interface Item {
  readonly id: ElementId;
  readonly kind: Kind;
  readonly element: PlanElement;
  /** The module that this is a member of. */
  readonly moduleId: ElementId | null;
  readonly tag: string;
  readonly layer: Layer;
  /** Corners in the world; front-left first for placed kinds, counter-clockwise unless mirrored. */
  readonly ring: readonly Vec2[];
  readonly box: Box;
  /** The rectangle of a placed kind; null for outlines and lines. */
  readonly rect: OrientedBox | null;
  /** The points of what runs along a line; null for everything else. */
  readonly path: readonly Vec2[] | null;
  readonly locked: boolean;
  readonly hidden: boolean;
}

/** Lines of text are this many times wider than high, on average. */
const LETTER_WIDTH = 0.6;

/** The item of an element; null for kinds that are not on the plan or belong to others. */
export function itemOf(
  element: PlanElement,
  products: Products,
  moduleId: ElementId | null = null,
): Item | null {
  const rect = rectOf(element, products);
  const path = element.path ? pathPoints(element.path) : null;
  const ring = rect
    ? cornersOf(rect)
    : path
      ? bandAround(path, halfWidthMm(element))
      : ringOf(element);
  const box = boxAround(ring);
  if (box === null) return null;
  return {
    id: element.id,
    kind: element.kind,
    element,
    moduleId,
    tag: element.identity?.tag ?? element.identity?.name ?? "",
    layer: layerOf(element),
    ring,
    box,
    rect,
    path,
    locked: element.state?.locked ?? false,
    hidden: element.state?.hidden ?? false,
  };
}

/** The item of a module: the rectangle, in the module's own frame, around its members. */
export function moduleItem(module: PlanElement, members: readonly Item[]): Item | null {
  const placement = module.placement;
  if (placement === undefined) return null;
  const rotationDeg = placement.rotation_deg;
  const origin = { x: placement.x_mm, y: placement.y_mm };
  const local = boxAround(
    // What runs beside the rows takes no room of the module.
    members
      .flatMap((member) => (member.path === null ? member.ring : []))
      .map((p) => rotate({ x: p.x - origin.x, y: p.y - origin.y }, -rotationDeg)),
  );
  const frame = local ?? { minX: 0, minY: 0, maxX: 1000, maxY: 1000 };
  const rect: OrientedBox = {
    origin: add(origin, rotate({ x: frame.minX, y: frame.minY }, rotationDeg)),
    width: frame.maxX - frame.minX,
    depth: frame.maxY - frame.minY,
    rotationDeg,
  };
  const ring = cornersOf(rect);
  return {
    id: module.id,
    kind: "module",
    element: module,
    moduleId: null,
    tag: module.identity?.tag ?? "",
    layer: layerOf(module),
    ring,
    box: boxAround(ring) ?? { minX: origin.x, minY: origin.y, maxX: origin.x, maxY: origin.y },
    rect,
    path: null,
    locked: module.state?.locked ?? false,
    hidden: module.state?.hidden ?? false,
  };
}

/** The box by which a thing is lined up: of a run that of its line, whatever its width. */
export const frameOf = (item: Item): Box =>
  (item.path === null ? null : boxAround(item.path)) ?? item.box;

function rectOf(element: PlanElement, products: Products): OrientedBox | null {
  const placement = element.placement;
  if (placement === undefined || element.kind === "module") return null;
  const size = sizeOf(element, products);
  return {
    origin: { x: placement.x_mm, y: placement.y_mm },
    width: size.x,
    depth: size.y,
    rotationDeg: placement.rotation_deg,
  };
}

function sizeOf(element: PlanElement, products: Products): Vec2 {
  if (element.door) {
    // The leaf needs as much depth as it is wide; a sliding one stays in the wall.
    const { width_mm, swing } = element.door;
    const reach = swing === "sliding" ? 100 : swing === "double" ? width_mm / 2 : width_mm;
    return { x: width_mm, y: reach };
  }
  if (element.text) {
    const { text, height_mm } = element.text;
    const lines = text.split("\n");
    const longest = Math.max(1, ...lines.map((line) => line.length));
    return { x: longest * height_mm * LETTER_WIDTH, y: lines.length * height_mm };
  }
  const { width_mm, depth_mm } = products.dimensions(element);
  return { x: width_mm, y: depth_mm };
}

function ringOf(element: PlanElement): readonly Vec2[] {
  if (element.outline) return element.outline.points_mm.map(([x, y]) => ({ x, y }));
  if (element.line) return dimensionLine(element).flatMap(({ from, to }) => [from, to]);
  return [];
}

/** The two ends of what a dimension measures, then the two ends of its line beside it. */
export function dimensionLine(
  element: PlanElement,
): readonly { readonly from: Vec2; readonly to: Vec2 }[] {
  const line = element.line;
  if (line === undefined) return [];
  const from = { x: line.from_x_mm, y: line.from_y_mm };
  const to = { x: line.to_x_mm, y: line.to_y_mm };
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const aside = {
    x: (-(to.y - from.y) / length) * line.offset_mm,
    y: ((to.x - from.x) / length) * line.offset_mm,
  };
  // Two segments that run opposite ways, so that their ends make a ring.
  return [
    { from, to },
    { from: add(to, aside), to: add(from, aside) },
  ];
}
