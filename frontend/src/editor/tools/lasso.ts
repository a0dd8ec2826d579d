import { distance, type Vec2 } from "../../base/vec2";
import type { ElementId } from "../../model/element";
import type { Editor } from "../editor";
import { DRAG_PX } from "../gesture";
import type { KeyInput, Modifiers } from "../input";
import { NO_MODIFIERS } from "../input";
import type { PathMode } from "../preview";
import { ToolState, type Cursor, type Tool, type ToolPointer } from "../tool";

/** While dragging, a corner every so many pixels. */
const STEP_PX = 6;
const NEXT_MODE = { window: "crossing", crossing: "fence", fence: "window" } as const;
const SAYS = {
  window: "takes what lies inside",
  crossing: "takes what it touches",
  fence: "an open line takes what it crosses",
} as const;

/** Selects by a line: dragged freely, or corner by corner. */
class Lassoing extends ToolState {
  override readonly name: string;
  override readonly cursor: Cursor = "crosshair";
  override readonly hint: string;

  constructor(
    private readonly mode: PathMode,
    private readonly points: readonly Vec2[] = [],
    private readonly at: Vec2 | null = null,
    private readonly pressed: ToolPointer | null = null,
    private readonly isDragged = false,
  ) {
    super();
    this.name = mode === "fence" ? "lasso.fence" : "lasso.loop";
    this.hint = `Drag or click around: ${SAYS[mode]}. Tab changes that, Enter ends, Shift adds, Ctrl takes away.`;
  }

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState | null {
    if (pointer.clicks >= 2 && this.points.length >= 2) return this.select(host, pointer);
    return this.with(host, { points: [...this.points, pointer.world], pressed: pointer });
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    const { pressed, points } = this;
    if (pressed === null) return this.with(host, { at: pointer.world });
    const last = points.at(-1) ?? pressed.world;
    const isFar = distance(host.camera.toScreen(last), pointer.screen) >= STEP_PX;
    return this.with(host, {
      at: pointer.world,
      points: isFar ? [...points, pointer.world] : points,
      isDragged: this.isDragged || distance(pointer.screen, pressed.screen) >= DRAG_PX,
    });
  }

  override pointerUp(host: Editor, pointer: ToolPointer): ToolState | null {
    // A drag that was the whole line ends it; a click only sets a corner.
    if (this.isDragged && this.points.length > 2) return this.select(host, pointer);
    return this.with(host, { pressed: null, isDragged: false });
  }

  override key(host: Editor, { key }: KeyInput): ToolState | undefined {
    if (key === "Tab") return this.with(host, { mode: NEXT_MODE[this.mode] });
    if (key !== "Backspace" || this.points.length === 0) return undefined;
    return this.with(host, { points: this.points.slice(0, -1) });
  }

  override complete(host: Editor): ToolState | null {
    return this.select(host, NO_MODIFIERS);
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return this.points.length === 0 ? null : new Lassoing(this.mode);
  }

  override readonly(): ToolState {
    return this;
  }

  private select(host: Editor, { shift, ctrl }: Modifiers): ToolState | null {
    const ids = this.taken(host);
    if (ids === null) {
      host.notify("info", "The line is too short to select by.");
      return this;
    }
    host.preview.clear();
    if (shift) host.selection.add(ids);
    else if (ctrl) host.selection.remove(ids);
    else host.selection.set(ids);
    return null;
  }

  /** What the line selects; null when it is not a line yet. */
  private taken(host: Editor): readonly ElementId[] | null {
    const { points, mode } = this;
    if (mode === "fence") return points.length < 2 ? null : host.picker.crossedBy(points);
    if (points.length < 3) return null;
    return mode === "window" ? host.picker.within(points) : host.picker.touching(points);
  }

  private with(
    host: Editor,
    change: {
      readonly mode?: PathMode;
      readonly points?: readonly Vec2[];
      readonly at?: Vec2;
      readonly pressed?: ToolPointer | null;
      readonly isDragged?: boolean;
    },
  ): Lassoing {
    const next = new Lassoing(
      change.mode ?? this.mode,
      change.points ?? this.points,
      change.at ?? this.at,
      change.pressed === undefined ? this.pressed : change.pressed,
      change.isDragged ?? this.isDragged,
    );
    const { at, points, mode } = next;
    const shown = at && points.length > 0 ? [...points, at] : points;
    const isLoop = mode !== "fence" && shown.length >= 3;
    host.preview.show({ path: { points: shown, closed: isLoop, mode } });
    return next;
  }
}

export const LASSO: Tool = {
  id: "lasso",
  title: "Lasso",
  writes: false,
  start: () => new Lassoing("window"),
};

export const FENCE: Tool = {
  id: "fence",
  title: "Fence",
  writes: false,
  start: () => new Lassoing("fence"),
};
