import { distance, subtract, type Vec2 } from "../../base/vec2";
import { isSimple } from "../../base/polygon";
import { DRAG_PX } from "../gesture";
import type { Editor } from "../editor";
import { parseEntry, resolvePoint, resolveValue } from "../entry";
import type { KeyInput } from "../input";
import { quantiseLength } from "../../model/quantise";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type ToolPointer,
} from "../tool";
import { format } from "../units";
import { JustTyped } from "./just-typed";
import { snappedPoint } from "./points";

/** What becomes of a finished ring. */
export type Finish = (host: Editor, points: readonly Vec2[]) => void;

/**
 * Draws a closed outline: corner by corner, or as a rectangle by dragging
 * from its first corner. Typed: `12600x9600` is a rectangle from its first corner,
 * `6000` goes on in the direction of the pointer, `@1200,0` and `1200<90` from the last corner.
 */
export class Drawing extends ToolState {
  override readonly name = "draw.corners";
  override readonly cursor: Cursor = "crosshair";
  override readonly hint: string;

  constructor(
    private readonly word: string,
    private readonly finish: Finish,
    private readonly points: readonly Vec2[] = [],
    private readonly at: Vec2 | null = null,
    private readonly pressed: ToolPointer | null = null,
  ) {
    super();
    this.hint =
      points.length === 0
        ? `First corner of the ${word}: click, drag a rectangle, or type 1200,0.`
        : points.length === 1
          ? "Next corner: click, or type 12600x9600 for a rectangle, 6000, @6000,0 or 6000<90."
          : "Next corner: click or type 6000, @6000,0 or 6000<90. Enter closes, Backspace goes back.";
  }

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState | null {
    const at = this.snapped(host, pointer);
    const first = this.points[0];
    if (first && this.points.length >= 3 && distance(at, first) <= host.camera.mm(8)) {
      return this.complete(host);
    }
    const last = this.points.at(-1);
    if (last && distance(last, at) === 0) {
      return pointer.clicks >= 2 ? this.complete(host) : this;
    }
    return this.with(host, [...this.points, at], at, this.points.length === 0 ? pointer : null);
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    return this.with(host, this.points, this.snapped(host, pointer), this.pressed);
  }

  override pointerUp(host: Editor, pointer: ToolPointer): ToolState | null {
    const [a] = this.points;
    if (this.pressed && a && distance(pointer.screen, this.pressed.screen) >= DRAG_PX) {
      const c = this.snapped(host, pointer);
      return this.with(host, rectangle(a, c), c, null).complete(host);
    }
    return this.with(host, this.points, this.at, null);
  }

  override key(host: Editor, key: KeyInput): ToolState | undefined {
    if (key.key !== "Backspace" || this.points.length === 0) return undefined;
    return this.with(host, this.points.slice(0, -1), this.at, null);
  }

  override fields(host: Editor): readonly EntryField[] {
    const { units } = host.settings;
    const text = (value: number): string => format(value, "length", units.get());
    const at = this.at ?? { x: 0, y: 0 };
    const last = this.points.at(-1);
    if (!last) return [{ id: "point", label: "Point", value: `${text(at.x)}, ${text(at.y)}` }];
    return [{ id: "point", label: "Length", value: text(distance(last, at)) }];
  }

  override typed(host: Editor, _field: string, text: string): EntryOutcome {
    const size = this.sizeTyped(host, text);
    if (size !== null) return size;
    const entry = parseEntry(text, "length", host.settings.units.get());
    if (!entry.ok) return entry;
    const last = this.points.at(-1) ?? null;
    const towards = last && this.at ? subtract(this.at, last) : { x: 0, y: 0 };
    const point = resolvePoint(entry.value, last, towards);
    if (!point.ok) return point;
    const at = { x: quantiseLength(point.value.x), y: quantiseLength(point.value.y) };
    // Enter adds this corner; `complete` must not close the outline with the same key.
    return { state: new JustTyped(this.with(host, [...this.points, at], at, null)) };
  }

  /** `12600x9600` after the first corner, null for any other text. */
  private sizeTyped(host: Editor, text: string): EntryOutcome | null {
    const [corner, second] = this.points;
    const parts = /^(.+?)[x×](.+)$/i.exec(text);
    if (corner === undefined || second !== undefined || parts === null) return null;
    const sides: number[] = [];
    for (const part of parts.slice(1)) {
      const side = parseEntry(part.trim(), "length", host.settings.units.get());
      if (!side.ok) return side;
      const length = resolveValue(side.value, 0, "length");
      if (!length.ok) return length;
      if (length.value === 0) return { error: "A rectangle needs a width and a depth." };
      sides.push(quantiseLength(length.value));
    }
    const [width = 0, depth = 0] = sides;
    const opposite = { x: corner.x + width, y: corner.y + depth };
    // The Enter that sent the size also closes the outline.
    return { state: this.with(host, rectangle(corner, opposite), opposite, null) };
  }

  override complete(host: Editor): ToolState | null {
    if (this.points.length < 3) {
      host.notify("info", `A ${this.word} needs at least three corners.`);
      return this;
    }
    if (!isSimple(this.points)) {
      host.notify("warning", `The outline of a ${this.word} must not cross itself.`);
      return this;
    }
    host.preview.clear();
    this.finish(host, this.points);
    return null;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return this.points.length === 0 ? null : new Drawing(this.word, this.finish);
  }

  private with(
    host: Editor,
    points: readonly Vec2[],
    at: Vec2 | null,
    pressed: ToolPointer | null,
  ): Drawing {
    const [a] = points;
    const shown =
      pressed && a && at ? rectangle(a, at) : at && points.length > 0 ? [...points, at] : points;
    host.preview.show({ path: { points: shown, closed: shown.length > 2 } });
    return new Drawing(this.word, this.finish, points, at, pressed);
  }

  private snapped(host: Editor, pointer: ToolPointer): Vec2 {
    // While a rectangle is dragged its corners need not be in line.
    if (this.pressed) return snappedPoint(host, { ...pointer, shift: host.settings.ortho.get() });
    const last = this.points.at(-1);
    const inLine = [...this.points.slice(0, 1), ...(last ? [last] : [])];
    return snappedPoint(host, pointer, last, inLine);
  }
}

const rectangle = (a: Vec2, c: Vec2): readonly Vec2[] => [
  a,
  { x: c.x, y: a.y },
  c,
  { x: a.x, y: c.y },
];
