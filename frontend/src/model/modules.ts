/**
 * Modules: from a few parameters to ordinary elements. The twin of the
 * server's expansion; both replay the golden cases in `tests/golden/modules`.
 *
 * Frame of a module: origin at the front-left corner, x along the rows, y from
 * front to back. Row 1 stands at the front. Around a hot aisle (or none) the
 * rows turn their backs to each other, around a cold aisle their fronts.
 */
import type { ElementId, Path, Placement, PlanElement, Point } from "./element";
import { worldPath, worldPlacement } from "./module-frame";
import { Row, type Part } from "./module-row";
import { followed, middleAt, pipeParts, trayParts } from "./module-runs";
import type { Dimensions } from "./products";
import { quantiseLength } from "./quantise";

/** Size of a product by its id; undefined while the product is not known. */
export type ProductSizes = (productId: string) => Dimensions | undefined;

/** A member: an element like others, which knows what its copy overrides. */
export type Member = PlanElement & { readonly overridden?: readonly string[] };

/** The members of a module type in its own frame, and the room they take. */
export interface ModulePlan {
  readonly parts: readonly Part[];
  readonly width_mm: number;
  readonly depth_mm: number;
  readonly redundancy: number | undefined;
  readonly cduDepth: number;
}

/** Where the busways of a side run over the racks, as a share of the rack's depth. */
const BUSWAY_LINES = { A: 1 / 3, B: 2 / 3 } as const;

/** The members of a module type; null while one of its products is not known. */
export function planModule(type: PlanElement, sizes: ProductSizes): ModulePlan | null {
  const { racks, aisle, cdus, power, air } = type;
  const ids = [racks, cdus, power, air].map((group) => group?.product_id).filter(Boolean);
  if (!racks?.product_id || ids.some((id) => id && sizes(id) === undefined)) return null;
  const rack = sizes(racks.product_id);
  if (rack === undefined) return null;
  const rows = racks.rows;
  const pitch = racks.pitch_mm;
  const kind = aisle?.kind ?? "none";
  const aisleMm = rows > 1 || kind !== "none" ? (aisle?.width_mm ?? 0) : 0;
  const length = (racks.per_row - 1) * pitch + rack.width_mm;

  const standing = makeRows(rows, rack.depth_mm, aisleMm, length, kind === "cold");
  const coolers = [...cduParts(type, standing, sizes)];
  const cduDepth = cdus?.product_id ? (sizes(cdus.product_id)?.depth_mm ?? 0) : 0;
  const ends = [...coolers, ...airParts(type, standing, sizes)];
  const left = Math.max(...standing.map((row) => row.taken.left));
  const right = Math.max(...standing.map((row) => row.taken.right));
  const parts = [
    ...rackParts(type, standing, rack),
    ...ends,
    ...buswayParts(type, standing, sizes, rack),
    ...containmentParts(type, length, rack, aisleMm),
    ...pipeParts(racks, standing, coolers, rack, cduDepth),
    ...trayParts(racks, standing, rack),
  ];
  return {
    parts: parts.map((part) => ({
      ...part,
      spot: part.spot && { ...part.spot, x_mm: part.spot.x_mm + left },
      line: part.line && part.line.map(([x, y]): Point => [x + left, y]),
      ...(part.leads
        ? {
            leads: {
              ...part.leads,
              span: [part.leads.span[0] + left, part.leads.span[1] + left] as const,
            },
          }
        : {}),
    })),
    cduDepth,
    width_mm: quantiseLength(left + length + right),
    depth_mm: quantiseLength(rows * rack.depth_mm + aisleMm),
    redundancy: cdus?.redundancy,
  };
}

function makeRows(
  rows: number,
  depth: number,
  aisle: number,
  length: number,
  frontsIn: boolean,
): readonly Row[] {
  const first = new Row(1, frontsIn ? depth : 0, frontsIn, length);
  if (rows === 1) return [first];
  const back = depth + aisle;
  return [first, new Row(2, frontsIn ? back : back + depth, !frontsIn, length)];
}

function sidesOf(type: PlanElement): readonly ("A" | "B")[] {
  if (!type.power?.product_id) return [];
  return (type.power.sides ?? 2) === 2 ? ["A", "B"] : ["A"];
}

const cduCount = (type: PlanElement): number => (type.cdus?.product_id ? type.cdus.count : 0);

function* rackParts(type: PlanElement, rows: readonly Row[], size: Dimensions): Generator<Part> {
  const racks = type.racks;
  if (racks === undefined) return;
  const { product_id, variant, load } = racks;
  const groups = {
    product: variant ? { product_id, variant } : { product_id },
    ...(load && Object.keys(load).length > 0 ? { load } : {}),
  };
  for (const row of rows) {
    for (let i = 0; i < racks.per_row; i += 1) {
      const nn = String(i + 1).padStart(2, "0");
      yield {
        slot: `rack-${row.number}-${nn}`,
        kind: "rack",
        tag: `R${row.number}-${nn}`,
        spot: row.place(i * racks.pitch_mm, 0, size.width_mm),
        line: null,
        width: size.width_mm,
        groups,
        row: row.number,
        isFed: sidesOf(type).length > 0,
        isOnLoop: cduCount(type) > 0,
        side: null,
      };
    }
  }
}

function* cduParts(type: PlanElement, rows: readonly Row[], sizes: ProductSizes): Generator<Part> {
  const product_id = type.cdus?.product_id;
  if (!product_id) return;
  const width = sizes(product_id)?.width_mm ?? 0;
  const { capacity } = type;
  for (let i = 0; i < cduCount(type); i += 1) {
    const row = rows[i % rows.length];
    if (row === undefined) return;
    const position = type.cdus?.position ?? "ends";
    const atEnds = Math.floor(i / rows.length) % 2 === 0 ? "left" : "right";
    yield {
      slot: `cdu-${i + 1}`,
      kind: "cdu",
      tag: `CDU-${i + 1}`,
      spot: row.append(position === "ends" ? atEnds : position, width),
      line: null,
      width,
      groups: {
        product: { product_id },
        ...(capacity && Object.keys(capacity).length > 0 ? { capacity } : {}),
      },
      row: row.number,
      isFed: sidesOf(type).length > 0,
      isOnLoop: true,
      side: null,
    };
  }
}

function* airParts(type: PlanElement, rows: readonly Row[], sizes: ProductSizes): Generator<Part> {
  if (!type.air?.product_id) return;
  const { product_id, count } = type.air;
  const width = sizes(product_id)?.width_mm ?? 0;
  for (let i = 0; i < count; i += 1) {
    const row = rows[i % rows.length];
    if (row === undefined) return;
    yield {
      slot: `air-${i + 1}`,
      kind: "air_handler",
      tag: `AIR-${i + 1}`,
      spot: row.append(Math.floor(i / rows.length) % 2 === 0 ? "right" : "left", width),
      line: null,
      width,
      groups: { product: { product_id } },
      row: row.number,
      isFed: sidesOf(type).length > 0,
      isOnLoop: false,
      side: null,
    };
  }
}

function* buswayParts(
  type: PlanElement,
  rows: readonly Row[],
  sizes: ProductSizes,
  rack: Dimensions,
): Generator<Part> {
  const product_id = type.power?.product_id;
  const size = product_id ? sizes(product_id) : undefined;
  if (!product_id || size === undefined) return;
  for (const row of rows) {
    for (const side of sidesOf(type)) {
      const back = quantiseLength(BUSWAY_LINES[side] * rack.depth_mm - size.depth_mm / 2);
      yield {
        slot: `busway-${side.toLowerCase()}-${row.number}`,
        kind: "busway",
        tag: `BW-${side}-${row.number}`,
        spot: row.place(0, back, row.length),
        line: null,
        width: row.length,
        groups: {
          product: { product_id },
          upstream: { source: null },
          size: {
            width_mm: quantiseLength(row.length),
            depth_mm: size.depth_mm,
            height_mm: size.height_mm,
          },
        },
        row: row.number,
        isFed: false,
        isOnLoop: false,
        side,
      };
    }
  }
}

function* containmentParts(
  type: PlanElement,
  length: number,
  rack: Dimensions,
  aisleMm: number,
): Generator<Part> {
  const kind = type.aisle?.kind ?? "none";
  if (!type.aisle?.contained || aisleMm <= 0 || kind === "none") return;
  yield {
    slot: "containment-1",
    kind: "containment",
    tag: kind === "hot" ? "HAC" : "CAC",
    spot: { x_mm: 0, y_mm: rack.depth_mm, rotation_deg: 0 },
    line: null,
    width: length,
    groups: {
      size: {
        width_mm: quantiseLength(length),
        depth_mm: quantiseLength(aisleMm),
        height_mm: rack.height_mm,
      },
      containment: { aisle: kind },
    },
    row: 0,
    isFed: false,
    isOnLoop: false,
    side: null,
  };
}

/** The members of one placed copy, as ordinary elements. */
export function membersOf(module: PlanElement, plan: ModulePlan): readonly Member[] {
  const placement = module.placement;
  if (placement === undefined) return [];
  const tag = module.identity?.tag ?? "";
  const loop = { loop: `TCS-${tag}` };
  const cduLoop = plan.redundancy === undefined ? loop : { ...loop, redundancy: plan.redundancy };
  const feeds = feedsByRow(module.id, plan.parts);
  const moved = movedCdus(module, plan);
  const lineOf = ({ line, leads }: Part): readonly Point[] =>
    leads && moved.size > 0 ? followed(line ?? [], leads, moved) : (line ?? []);
  return plan.parts.map((part) => {
    const own = module.overrides?.[part.slot] ?? {};
    const names = Object.keys(own).sort();
    const {
      placement: moved,
      path: led,
      ...others
    } = own as {
      placement?: Placement;
      path?: Path;
    };
    const spot = moved ?? part.spot;
    return {
      id: `${module.id}/${part.slot}`,
      kind: part.kind,
      ...(spot ? { placement: worldPlacement(placement, spot, part.width) } : {}),
      ...(part.line ? { path: worldPath(placement, led ?? { points_mm: lineOf(part) }) } : {}),
      ...part.groups,
      identity: { tag: `${tag}-${part.tag}`, ...(part.side ? { side: part.side } : {}) },
      ...(part.kind === "pipe" ? { pipe: loop } : {}),
      ...(part.isOnLoop ? { cooling: part.kind === "cdu" ? cduLoop : loop } : {}),
      ...(part.isFed ? { feeds: feeds.get(part.row) ?? NO_FEEDS } : {}),
      ...(module.state && Object.keys(module.state).length > 0 ? { state: module.state } : {}),
      ...others,
      ...(names.length > 0 ? { overridden: names } : {}),
    };
  });
}

/** The middles of the CDUs that a copy places otherwise, in the frame of the module. */
function movedCdus(module: PlanElement, plan: ModulePlan): ReadonlyMap<string, Point> {
  const moved = new Map<string, Point>();
  for (const { kind, slot, width } of plan.parts) {
    const { placement } = (module.overrides?.[slot] ?? {}) as { placement?: Placement };
    if (kind === "cdu" && placement) moved.set(slot, middleAt(placement, width, plan.cduDepth));
  }
  return moved;
}

interface RowFeeds {
  readonly a: ElementId | null;
  readonly b: ElementId | null;
}
const NO_FEEDS: RowFeeds = { a: null, b: null };

function feedsByRow(moduleId: ElementId, parts: readonly Part[]): ReadonlyMap<number, RowFeeds> {
  const feeds = new Map<number, RowFeeds>();
  for (const { kind, row, side, slot } of parts) {
    if (kind !== "busway") continue;
    const name = side === "B" ? "b" : "a";
    feeds.set(row, { ...(feeds.get(row) ?? NO_FEEDS), [name]: `${moduleId}/${slot}` });
  }
  return feeds;
}
