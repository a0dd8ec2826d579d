/** What lies over the plan and changes with every move of the pointer. */
import type { Box } from "../base/box";
import type { Vec2 } from "../base/vec2";
import type { Marker } from "./markers";

export interface LiveShape {
  readonly ring: readonly Vec2[];
  readonly tag: string;
  readonly clashes: boolean;
}

export interface LiveGuide {
  readonly kind: "align" | "gap" | "grid" | "tile" | "ortho" | "measure";
  readonly from: Vec2;
  readonly to: Vec2;
  readonly label: string;
}

export interface LiveFinding {
  readonly id: string;
  readonly rings: readonly (readonly Vec2[])[];
  readonly at: Vec2;
  readonly label: string;
  readonly severity: "blocking" | "warning" | "note";
  readonly focused: boolean;
}

export interface LiveCursor {
  readonly at: Vec2;
  readonly initials: string;
  readonly colour: string;
}

/** What somebody else holds, and where what they drag would land. */
export interface LivePeer {
  readonly colour: string;
  readonly selected: readonly (readonly Vec2[])[];
  readonly ghosts: readonly (readonly Vec2[])[];
}

export interface LiveLayer {
  readonly hover: readonly Vec2[] | null;
  readonly selected: readonly (readonly Vec2[])[];
  /** Around the selection; null when nothing is selected. */
  readonly frame: Box | null;
  /** The handle that turns the selection. */
  readonly turnAt: Vec2 | null;
  /** Points of the run that is selected, and places for new ones. */
  readonly handles: readonly { readonly at: Vec2; readonly isNew: boolean }[];
  /** Feeders of what is selected that nobody has drawn. */
  readonly assumedFeeders: readonly (readonly Vec2[])[];
  /** Facility water of what is selected that nobody has drawn. */
  readonly assumedWater: readonly (readonly Vec2[])[];
  readonly ghosts: readonly LiveShape[];
  /** Very many moving things: edges of their boxes, and by how much they moved. */
  readonly mass: {
    readonly edges: Float64Array;
    readonly by: Vec2;
    readonly clashes: boolean;
  } | null;
  /** What the ghosts would overlap. */
  readonly clashes: readonly (readonly Vec2[])[];
  readonly guides: readonly LiveGuide[];
  readonly brush: { readonly box: Box; readonly mode: "window" | "crossing" | "zoom" } | null;
  readonly path: {
    readonly points: readonly Vec2[];
    readonly closed: boolean;
    readonly mode?: "window" | "crossing" | "fence";
  } | null;
  readonly findings: readonly LiveFinding[];
  /** Their signs, as they stand on screen. */
  readonly markers: readonly Marker[];
  readonly cursors: readonly LiveCursor[];
  readonly peers: readonly LivePeer[];
}

export const NOTHING_LIVE: LiveLayer = {
  hover: null,
  selected: [],
  frame: null,
  turnAt: null,
  handles: [],
  assumedFeeders: [],
  assumedWater: [],
  ghosts: [],
  mass: null,
  clashes: [],
  guides: [],
  brush: null,
  path: null,
  findings: [],
  markers: [],
  cursors: [],
  peers: [],
};
