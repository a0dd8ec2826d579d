/** What the renderer draws: columns of numbers for the many, small objects for the few. */
import type { Box } from "../base/box";
import type { Vec2 } from "../base/vec2";

export const BOX_KINDS = [
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
  "containment",
  "column",
] as const;
export type BoxKind = (typeof BOX_KINDS)[number];

export const KIND_CODE: Readonly<Record<BoxKind, number>> = Object.fromEntries(
  BOX_KINDS.map((kind, index) => [kind, index]),
) as Record<BoxKind, number>;

export const FLAG_SIDE_B = 1;
export const FLAG_COLD = 2;
export const FLAG_LOCKED = 4;
/** Stands at a multiple of 90 degrees: its world box is its shape. */
export const FLAG_SQUARE = 8;
/** Departs from the module that it belongs to. */
export const FLAG_OWN = 16;

/** Every oriented box of the plan, in columns; `order` of ids is the document's. */
export interface Boxes {
  readonly count: number;
  readonly ids: readonly string[];
  readonly tags: readonly string[];
  readonly kind: Uint8Array;
  readonly flags: Uint8Array;
  readonly minX: Float64Array;
  readonly minY: Float64Array;
  readonly maxX: Float64Array;
  readonly maxY: Float64Array;
  /** Four corners, x and y in turn, from the front-left counter-clockwise. */
  readonly corners: Float64Array;
}

/** A run of neighbouring racks in one row and class, drawn as one block from afar. */
export interface Runs {
  readonly count: number;
  readonly first: Int32Array;
  readonly minX: Float64Array;
  readonly minY: Float64Array;
  readonly maxX: Float64Array;
  readonly maxY: Float64Array;
}

export interface SceneTiles {
  readonly originX: number;
  readonly originY: number;
  readonly pitch: number;
  readonly rowLabel: (row: number) => string;
}

export interface SceneHall {
  readonly id: string;
  readonly ring: readonly Vec2[];
  readonly box: Box;
  readonly name: string;
  readonly tiles: SceneTiles | null;
}

export interface SceneZone {
  readonly id: string;
  readonly kind: "keepout" | "area";
  readonly ring: readonly Vec2[];
  readonly box: Box;
  readonly name: string;
}

export interface SceneDoor {
  readonly id: string;
  readonly at: Vec2;
  readonly along: Vec2;
  readonly into: Vec2;
  readonly width: number;
  readonly swing: "left" | "right" | "double" | "sliding";
}

export interface SceneModule {
  readonly id: string;
  readonly tag: string;
  readonly isLocked: boolean;
  readonly box: Box;
  /** Where a label inside may stand: the aisle or the middle. */
  readonly centre: Vec2;
  /** Free width to the right of the box, up to the next module. */
  readonly roomRight: number;
  /** Rows of racks without the cooling units at the end. */
  readonly rowsBox: Box;
}

/** What runs along a line. */
export interface SceneRun {
  readonly id: string;
  readonly kind: "pipe" | "tray" | "feeder";
  readonly tag: string;
  readonly isMember: boolean;
  readonly points: readonly Vec2[];
  readonly box: Box;
  /** From its middle to each pipe of a pair, or to the edge of a tray. */
  readonly half: number;
  readonly side: "A" | "B" | null;
  /** A pipe of facility water. */
  readonly isWater: boolean;
  /** Which way supply goes along the points; 0 while nothing says so. */
  readonly flow: 1 | -1 | 0;
}

export interface SceneDimension {
  readonly id: string;
  readonly from: Vec2;
  readonly to: Vec2;
  readonly offset: number;
}

export interface SceneNote {
  readonly id: string;
  readonly at: Vec2;
  readonly text: string;
  readonly height: number;
}

export interface Scene {
  readonly boxes: Boxes;
  /** Index of a box by element id. */
  readonly index: ReadonlyMap<string, number>;
  readonly halls: readonly SceneHall[];
  readonly zones: readonly SceneZone[];
  readonly doors: readonly SceneDoor[];
  readonly modules: readonly SceneModule[];
  readonly runs: readonly SceneRun[];
  readonly dimensions: readonly SceneDimension[];
  readonly notes: readonly SceneNote[];
  /** Around everything; null when the plan is empty. */
  readonly extent: Box | null;
}

/** One box as given to `packBoxes`. */
export interface BoxInput {
  readonly id: string;
  readonly kind: BoxKind;
  readonly tag: string;
  readonly corners: readonly Vec2[];
  readonly flags: number;
}

const SQUARE_TOLERANCE_MM = 0.05;

/** Lays boxes out in columns, equal kinds together, so that a painter changes colour seldom. */
export function packBoxes(inputs: readonly BoxInput[]): Boxes {
  const sorted = [...inputs].sort((a, b) => KIND_CODE[a.kind] - KIND_CODE[b.kind]);
  const count = sorted.length;
  const boxes: Boxes = {
    count,
    ids: sorted.map((input) => input.id),
    tags: sorted.map((input) => input.tag),
    kind: new Uint8Array(count),
    flags: new Uint8Array(count),
    minX: new Float64Array(count),
    minY: new Float64Array(count),
    maxX: new Float64Array(count),
    maxY: new Float64Array(count),
    corners: new Float64Array(count * 8),
  };
  sorted.forEach((input, index) => {
    let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
    input.corners.forEach(({ x, y }, corner) => {
      boxes.corners[index * 8 + corner * 2] = x;
      boxes.corners[index * 8 + corner * 2 + 1] = y;
      minX = Math.min(minX, x);
      minY = Math.min(minY, y);
      maxX = Math.max(maxX, x);
      maxY = Math.max(maxY, y);
    });
    boxes.minX[index] = minX;
    boxes.minY[index] = minY;
    boxes.maxX[index] = maxX;
    boxes.maxY[index] = maxY;
    boxes.kind[index] = KIND_CODE[input.kind];
    const [a, b] = input.corners;
    const square =
      a !== undefined &&
      b !== undefined &&
      (Math.abs(a.x - b.x) < SQUARE_TOLERANCE_MM || Math.abs(a.y - b.y) < SQUARE_TOLERANCE_MM);
    boxes.flags[index] = input.flags | (square ? FLAG_SQUARE : 0);
  });
  return boxes;
}

/** Joins racks that stand side by side in one class; from afar the block looks the same as its racks. */
export function runsOf(boxes: Boxes, classes: Uint8Array): Runs {
  const racks: number[] = [];
  for (let index = 0; index < boxes.count; index += 1) {
    if (boxes.kind[index] === KIND_CODE.rack && (boxes.flags[index] ?? 0) & FLAG_SQUARE) {
      racks.push(index);
    }
  }
  const at = (column: Float64Array, index: number): number => column[index] ?? 0;
  racks.sort(
    (a, b) =>
      at(boxes.minY, a) - at(boxes.minY, b) ||
      at(boxes.maxY, a) - at(boxes.maxY, b) ||
      at(boxes.minX, a) - at(boxes.minX, b),
  );
  const first: number[] = [];
  const spans: number[][] = [[], [], [], []];
  let last = -1;
  for (const index of racks) {
    const width = at(boxes.maxX, index) - at(boxes.minX, index);
    const joins =
      last >= 0 &&
      classes[last] === classes[index] &&
      at(boxes.minY, last) === at(boxes.minY, index) &&
      at(boxes.maxY, last) === at(boxes.maxY, index) &&
      at(boxes.minX, index) - at(boxes.maxX, last) < width / 2;
    if (joins) {
      const end = spans[2];
      if (end !== undefined) {
        end[end.length - 1] = Math.max(end.at(-1) ?? 0, at(boxes.maxX, index));
      }
    } else {
      first.push(index);
      [boxes.minX, boxes.minY, boxes.maxX, boxes.maxY].forEach((column, edge) =>
        spans[edge]?.push(at(column, index)),
      );
    }
    last = index;
  }
  const [minX, minY, maxX, maxY] = spans;
  return {
    count: first.length,
    first: Int32Array.from(first),
    minX: Float64Array.from(minX ?? []),
    minY: Float64Array.from(minY ?? []),
    maxX: Float64Array.from(maxX ?? []),
    maxY: Float64Array.from(maxY ?? []),
  };
}
