import type { Box } from "../base/box";
import { signal, type Readable } from "../base/signal";
import type { Vec2 } from "../base/vec2";
import type { ElementId } from "../model/element";
import type { Item } from "../model/item";

/** A line that says why something snapped, or what was measured. */
export interface Guide {
  readonly kind: "align" | "gap" | "grid" | "tile" | "ortho" | "measure";
  readonly from: Vec2;
  readonly to: Vec2;
  /** Text along the line; empty for none. */
  readonly label: string;
}

/** Elements shown elsewhere than they are while a gesture lasts. */
export interface Moving {
  readonly ids: ReadonlySet<ElementId>;
  readonly by: Vec2;
  readonly turn: { readonly degrees: number; readonly about: Vec2 } | null;
  /** The originals stay where they are. */
  readonly copy: boolean;
}

/** One number that can be typed while a tool works. */
export interface HudField {
  readonly id: string;
  readonly label: string;
  /** What the pointer says, as text in the user's units. */
  readonly value: string;
  /** Typed and accepted: the pointer no longer changes it. */
  readonly fixed: boolean;
}

export interface Hud {
  /** World point to stand beside. */
  readonly at: Vec2;
  readonly fields: readonly HudField[];
  readonly focus: number;
  /** What is being typed into the field in focus. */
  readonly text: string;
  /** What else is said beside the fields; empty for nothing. */
  readonly note: string;
  /** Why the typed text cannot be used; empty while it can. */
  readonly error: string;
}

/** How a line selects: what is inside, what it touches, or what an open line crosses. */
export type PathMode = "window" | "crossing" | "fence";

/** A line being drawn; one that selects says how. */
export interface DrawnPath {
  readonly points: readonly Vec2[];
  readonly closed: boolean;
  readonly mode?: PathMode;
}

/** Everything short-lived that is drawn over the plan. */
export interface PreviewState {
  readonly ghosts: readonly Item[];
  readonly moving: Moving | null;
  readonly guides: readonly Guide[];
  readonly brush: { readonly box: Box; readonly mode: "window" | "crossing" | "zoom" } | null;
  readonly path: DrawnPath | null;
  /** Ids that the ghost or the moving elements would overlap. */
  readonly clashes: readonly ElementId[];
  readonly hint: string;
  readonly hud: Hud | null;
}

export const NO_PREVIEW: PreviewState = {
  ghosts: [],
  moving: null,
  guides: [],
  brush: null,
  path: null,
  clashes: [],
  hint: "",
  hud: null,
};

export class Preview {
  private readonly shown = signal<PreviewState>(NO_PREVIEW);

  get state(): Readable<PreviewState> {
    return this.shown;
  }

  show(change: Partial<PreviewState>): void {
    this.shown.update((state) => ({ ...state, ...change }));
  }

  clear(): void {
    this.shown.set(NO_PREVIEW);
  }
}
