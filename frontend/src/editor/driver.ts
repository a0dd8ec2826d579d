/** A user made of code: points, drags and types, as tests, demos and scripts need. */
import type { Vec2 } from "../base/vec2";
import type { Editor } from "./editor";
import { NO_MODIFIERS, type Modifiers } from "./input";

/** Where a drag stops on its way, so that tools see it move. */
const STEPS = 4;

/** World coordinates go in; the driver turns them into what a pointer would say. */
export class Driver {
  private at: Vec2 = { x: 0, y: 0 };
  private modifiers: Modifiers = NO_MODIFIERS;
  private button = 0;

  constructor(private readonly editor: Editor) {}

  /** Holds keys down for what follows; without names lets them go. */
  holding(...keys: readonly ("shift" | "ctrl" | "alt")[]): this {
    this.modifiers = {
      shift: keys.includes("shift"),
      ctrl: keys.includes("ctrl"),
      alt: keys.includes("alt"),
    };
    return this;
  }

  pointerDown(x: number, y: number, button = 0, clicks = 1): this {
    this.at = { x, y };
    this.button = button;
    this.editor.tools.pointerDown({ ...this.input(button), clicks });
    return this;
  }

  move(x: number, y: number): this {
    this.at = { x, y };
    this.editor.tools.pointerMove(this.input(-1));
    return this;
  }

  pointerUp(): this {
    this.editor.tools.pointerUp(this.input(this.button));
    return this;
  }

  click(x: number, y: number): this {
    return this.move(x, y).pointerDown(x, y).pointerUp();
  }

  doubleClick(x: number, y: number): this {
    return this.click(x, y).pointerDown(x, y, 0, 2).pointerUp();
  }

  /** Presses, moves on in steps and stays pressed. */
  dragTo(from: Vec2, to: Vec2): this {
    this.move(from.x, from.y).pointerDown(from.x, from.y);
    for (let step = 1; step <= STEPS; step += 1) {
      const part = step / STEPS;
      this.move(from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part);
    }
    return this;
  }

  drag(from: Vec2, to: Vec2): this {
    return this.dragTo(from, to).pointerUp();
  }

  /** Presses one key; a shortcut such as "Ctrl+Z" brings its own modifiers. */
  key(shortcut: string): boolean {
    const parts = shortcut.length > 1 ? shortcut.split("+") : [shortcut];
    const key = parts.at(-1) || "+";
    const named = new Set(parts.slice(0, -1));
    return this.editor.tools.key({
      key,
      shift: this.modifiers.shift || named.has("Shift"),
      ctrl: this.modifiers.ctrl || named.has("Ctrl"),
      alt: this.modifiers.alt || named.has("Alt"),
    });
  }

  /** Types text letter by letter. */
  type(text: string): this {
    for (const key of text) this.editor.tools.key({ ...NO_MODIFIERS, key });
    return this;
  }

  enter(): this {
    this.key("Enter");
    return this;
  }

  tab(): this {
    this.key("Tab");
    return this;
  }

  escape(): this {
    this.key("Escape");
    return this;
  }

  private input(button: number): Modifiers & { screen: Vec2; button: number } {
    return { ...this.modifiers, screen: this.editor.camera.toScreen(this.at), button };
  }
}
