/** What a module is made of before it stands anywhere: its rows, and its parts in its own frame. */
import type { Kind, PlanElement, Point } from "./element";

export interface Spot {
  readonly x_mm: number;
  readonly y_mm: number;
  readonly rotation_deg: number;
}

/** How a pipe along a row comes from its CDUs. */
export interface Leads {
  /** Where it runs along the racks. */
  readonly y: number;
  /** The middles of the row's outermost racks. */
  readonly span: readonly [low: number, high: number];
  /** Slots of the CDUs at either end. */
  readonly start: string;
  readonly end: string;
}

/** One member in the frame of its module. */
export interface Part {
  readonly slot: string;
  readonly kind: Kind;
  readonly tag: string;
  /** Where it stands; null for what runs along a line. */
  readonly spot: Spot | null;
  /** The points of its line; null for what stands somewhere. */
  readonly line: readonly Point[] | null;
  /** The points of a pipe that begins at a CDU, by where the CDUs stand. */
  readonly leads?: Leads;
  /** Mirroring swaps the front corners. */
  readonly width: number;
  /** The groups that are the same in every copy. */
  readonly groups: Partial<PlanElement>;
  /** 0: belongs to no row. */
  readonly row: number;
  readonly isFed: boolean;
  readonly isOnLoop: boolean;
  readonly side: "A" | "B" | null;
}

type End = "left" | "right";

/** One row in the frame of the module. */
export class Row {
  readonly taken: Record<End, number> = { left: 0, right: 0 };

  constructor(
    readonly number: number,
    private readonly y: number,
    private readonly turned: boolean,
    readonly length: number,
  ) {}

  /** The spot of a thing `along` from the row's left end as the module sees it. */
  place(along: number, back: number, width: number): Spot {
    return this.turned
      ? { x_mm: along + width, y_mm: this.y - back, rotation_deg: 180 }
      : { x_mm: along, y_mm: this.y + back, rotation_deg: 0 };
  }

  /** The line a distance behind the front of the row. */
  behind(back: number): number {
    return this.turned ? this.y - back : this.y + back;
  }

  /** The next free spot at one end of the row. */
  append(end: End, width: number): Spot {
    const taken = this.taken[end];
    this.taken[end] = taken + width;
    return this.place(end === "right" ? this.length + taken : -taken - width, 0, width);
  }
}
