/** How the plan is coloured at the moment: theme, overlay and what is left out. */
import type { Vec2 } from "../base/vec2";
import type { Palette, ThemeName } from "./palette";
import type { Ramp } from "./ramp";
import type { Runs } from "./scene";

/** A field over the floor, row by row from its lower left corner. */
export interface Field {
  readonly x0: number;
  readonly y0: number;
  readonly cell: number;
  readonly columns: number;
  readonly rows: number;
  readonly classes: Uint8Array;
}

export interface Skin {
  readonly theme: ThemeName;
  readonly palette: Palette;
  /** Colours of the classes; null while no overlay is shown. */
  readonly ramp: Ramp | null;
  /** Class of each box, NO_CLASS where the overlay says nothing. */
  readonly classes: Uint8Array;
  readonly runs: Runs;
  readonly field: Field | null;
  /** Second lines of module labels, by module id. */
  readonly moduleTotals: ReadonlyMap<string, string>;
  /** Boxes that another layer draws: what is being dragged. */
  readonly leftOut: ReadonlySet<string>;
  /** Feeders that nobody has drawn; empty while they are not shown. */
  readonly assumedFeeders: readonly (readonly Vec2[])[];
  /** Pipes of facility water that nobody has drawn; empty while they are not shown. */
  readonly assumedWater: readonly (readonly Vec2[])[];
  readonly tileGrid: boolean;
  /** Step of the grid that things snap to; 0 while it is not shown. */
  readonly gridMm: number;
}

export const SANS = '"Inter Variable", Inter, system-ui, sans-serif';
export const MONO = '"JetBrains Mono Variable", "JetBrains Mono", ui-monospace, monospace';
/** Width of a character of the mono family, in font sizes. */
export const MONO_ADVANCE = 0.6;
