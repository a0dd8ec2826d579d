import type { Vec2 } from "../base/vec2";

export interface Modifiers {
  readonly shift: boolean;
  /** Control, or Command on a Mac. */
  readonly ctrl: boolean;
  readonly alt: boolean;
}

/** A pointer event without its DOM. Pixels from the top left corner of the canvas. */
export interface PointerInput extends Modifiers {
  readonly screen: Vec2;
  /** 0 main, 1 middle, 2 secondary; of a move: the one held, or -1. */
  readonly button: number;
  /** Clicks in quick succession: 2 for a double click. */
  readonly clicks?: number;
  /** By a finger: things are hit from farther away. */
  readonly isTouch?: boolean;
}

/** A key by the name that it has in DOM events: "a", "Enter", "ArrowLeft". */
export interface KeyInput extends Modifiers {
  readonly key: string;
}

export const NO_MODIFIERS: Modifiers = { shift: false, ctrl: false, alt: false };
