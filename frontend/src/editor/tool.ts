import type { Vec2 } from "../base/vec2";
import type { ElementId } from "../model/element";
import type { Editor } from "./editor";
import type { KeyInput, Modifiers } from "./input";

/** A pointer event with its place in the world. */
export interface ToolPointer extends Modifiers {
  readonly screen: Vec2;
  readonly world: Vec2;
  readonly clicks: number;
  /** Pixels within which a thing is hit. */
  readonly reachPx: number;
}

/** One number a state takes from the keyboard. */
export interface EntryField {
  readonly id: string;
  readonly label: string;
  /** What the pointer says now, in the user's units. */
  readonly value: string;
  /** Typed and accepted. */
  readonly fixed?: boolean;
}

/** What a typed text led to: another state, or the reason why it cannot be used. */
export type EntryOutcome = { readonly state: ToolState } | { readonly error: string };

export type Cursor = "default" | "crosshair" | "move" | "grab" | "grabbing" | "copy" | "zoom-in";

/**
 * One state of a tool. Handlers return the next state; returning `this` stays.
 * `null` leaves the tool: the editor goes back to selecting.
 */
export abstract class ToolState {
  abstract readonly name: string;
  readonly cursor: Cursor = "default";
  /** One line at the top of the plan that says what to do. */
  readonly hint: string = "";

  pointerDown(_host: Editor, _pointer: ToolPointer): ToolState | null {
    return this;
  }
  pointerMove(_host: Editor, _pointer: ToolPointer): ToolState | null {
    return this;
  }
  pointerUp(_host: Editor, _pointer: ToolPointer): ToolState | null {
    return this;
  }
  /** A key that no shortcut took; undefined: it means nothing here. */
  key(_host: Editor, _key: KeyInput): ToolState | null | undefined {
    return undefined;
  }
  /** Numbers that can be typed now, in Tab order. */
  fields(_host: Editor): readonly EntryField[] {
    return [];
  }
  /** What else to say beside the fields, such as a length so far. */
  note(_host: Editor): string {
    return "";
  }
  /** Takes a typed text for one field. */
  typed(_host: Editor, _field: string, _text: string): EntryOutcome {
    return { error: "Nothing can be typed here." };
  }
  /** Whether to show what a text would do while it is being typed. */
  readonly previewsTyping: boolean = false;
  /** Enter or double click: ends the gesture with what there is. */
  complete(_host: Editor): ToolState | null {
    return this;
  }
  /** Escape: one step back, without a trace. */
  cancel(_host: Editor): ToolState | null {
    return null;
  }
  /** Another tool starts, or the pointer was lost: what was begun ends without a trace. */
  leave(host: Editor): void {
    this.cancel(host);
  }
  /** Elements went away under the gesture; it goes on with the rest. */
  targetGone(_host: Editor, _gone: ReadonlySet<ElementId>): ToolState | null {
    return this;
  }
  /** The user may no longer write: a gesture that would change the design ends. */
  readonly(host: Editor): ToolState | null {
    return this.cancel(host);
  }
}

/** A tool: where it starts, and how it is called. */
export interface Tool {
  readonly id: string;
  readonly title: string;
  /** Changes the design; not for readers. */
  readonly writes: boolean;
  start(host: Editor, args: ToolArgs): ToolState;
}

/** What a tool is started with, such as the product to place. */
export interface ToolArgs {
  readonly productId?: string;
  readonly variant?: string;
  readonly kind?: string;
  readonly templateId?: string;
  readonly typeId?: ElementId;
  readonly text?: string;
}
