import { boxBetween, type Box } from "../../base/box";
import { distance, type Vec2 } from "../../base/vec2";
import type { ElementId } from "../../model/element";
import type { Editor } from "../editor";
import { DRAG_PX } from "../gesture";
import { pathHandleAt, rotateHandle } from "../handles";
import type { KeyInput } from "../input";
import { ToolState, type Cursor, type Tool, type ToolPointer } from "../tool";
import { grabHandle } from "./reshaping";
import { Rotating } from "./rotating";
import { startTranslating } from "./translating";

/** A handle is caught from a little farther than a thing. */
const HANDLE_PX = 4;

/** Nothing is pressed. */
export class Idle extends ToolState {
  override readonly name = "select.idle";

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState {
    const reachPx = pointer.reachPx + HANDLE_PX;
    const [run] = host.selection.ids.get();
    const grabbed = pathHandleAt(host, pointer.screen, reachPx);
    if (grabbed && run !== undefined) {
      return grabHandle(host, run, grabbed, pointer) ?? new Idle();
    }
    const handle = host.canEdit.get() ? rotateHandle(host) : null;
    if (handle && distance(host.camera.toScreen(handle.at), pointer.screen) <= reachPx) {
      return new Rotating([...host.selection.ids.get()], handle.about, pointer.world);
    }
    const under = host.picker.allAt(pointer.world, host.camera.mm(pointer.reachPx));
    const [id] = under;
    if (id === undefined) return new PointingCanvas(pointer);
    if (pointer.clicks >= 2 && host.document.item(id)?.kind === "module") {
      host.selection.entered.set(id);
      const member = host.picker.at(pointer.world, host.camera.mm(pointer.reachPx));
      if (member) host.selection.set([member]);
      return new Idle();
    }
    // What is selected already is dragged, even when something else lies over it.
    const held = under.find((one) => host.selection.has(one));
    return new PointingItem(held ?? id, under, pointer);
  }

  override pointerMove(host: Editor, { world, reachPx }: ToolPointer): ToolState {
    host.selection.hover.set(host.picker.at(world, host.camera.mm(reachPx)));
    return this;
  }

  override key(host: Editor, key: KeyInput): ToolState | undefined {
    const step = arrowOf(key.key);
    if (step === null || key.alt || host.selection.size === 0) return undefined;
    const grid = Math.max(host.settings.gridMm.get(), 1);
    const mm = key.ctrl ? 1 : key.shift ? grid * 10 : grid;
    host.commands.run("edit.nudge", { dx: String(step.x * mm), dy: String(step.y * mm) });
    return this;
  }

  /** Escape: out of the module, then nothing selected. */
  override cancel(host: Editor): ToolState {
    host.preview.clear();
    const entered = host.selection.entered.get();
    if (entered !== null) {
      host.selection.entered.set(null);
      host.selection.set([entered]);
    } else host.selection.clear();
    return new Idle();
  }

  /** The selection stays: it is what the next tool works on. */
  override leave(): void {
    return;
  }

  /** Enter opens the module that is selected. */
  override complete(host: Editor): ToolState {
    const [id] = host.selection.ids.get();
    if (host.selection.size === 1 && id && host.document.item(id)?.kind === "module") {
      host.selection.entered.set(id);
      const [member] = host.document.membersOf(id);
      if (member) host.selection.set([member.id]);
    }
    return this;
  }

  override readonly(): ToolState {
    return this;
  }
}

const ARROWS: Readonly<Record<string, Vec2>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};
const arrowOf = (key: string): Vec2 | null => ARROWS[key] ?? null;

/** Pressed on an element: a click selects it, a drag moves it. */
class PointingItem extends ToolState {
  override readonly name = "select.pointing";

  constructor(
    private readonly id: ElementId,
    private readonly under: readonly ElementId[],
    private readonly start: ToolPointer,
  ) {
    super();
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState | null {
    if (distance(pointer.screen, this.start.screen) < DRAG_PX) return this;
    if (!host.canEdit.get()) return new Brushing(this.start);
    if (!host.selection.has(this.id)) {
      if (this.start.shift || this.start.ctrl) host.selection.add([this.id]);
      else host.selection.set([this.id]);
    }
    const dragging = startTranslating(host, this.start, this.id);
    return dragging ? dragging.pointerMove(host, pointer) : new Idle();
  }

  override pointerUp(host: Editor, pointer: ToolPointer): ToolState {
    const { selection } = host;
    if (pointer.alt && this.under.length > 1) {
      // Alt+click goes through what lies on top of each other.
      const at = this.under.findIndex((id) => selection.has(id));
      const next = this.under[(at + 1) % this.under.length];
      if (next) selection.set([next]);
    } else if (pointer.ctrl) selection.toggle(this.id);
    else if (pointer.shift) selection.add([this.id]);
    else selection.set([this.under[0] ?? this.id]);
    return new Idle();
  }

  override cancel(): ToolState {
    return new Idle();
  }

  override targetGone(_host: Editor, gone: ReadonlySet<ElementId>): ToolState {
    return gone.has(this.id) ? new Idle() : this;
  }
}

/** Pressed where nothing is: a click selects nothing, a drag draws a box. */
class PointingCanvas extends ToolState {
  override readonly name = "select.pointing-canvas";

  constructor(private readonly start: ToolPointer) {
    super();
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    if (distance(pointer.screen, this.start.screen) < DRAG_PX) return this;
    return new Brushing(this.start).pointerMove(host, pointer);
  }

  override pointerUp(host: Editor, pointer: ToolPointer): ToolState {
    if (!pointer.shift && !pointer.ctrl) {
      host.selection.entered.set(null);
      host.selection.clear();
    }
    return new Idle();
  }

  override cancel(): ToolState {
    return new Idle();
  }
}

/** Drags a box: to the right takes what is inside, to the left what it touches. */
class Brushing extends ToolState {
  override readonly name = "select.brushing";
  override readonly cursor: Cursor = "crosshair";

  constructor(private readonly start: ToolPointer) {
    super();
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    const { box, mode } = this.brush(pointer);
    host.preview.show({ brush: { box, mode } });
    return this;
  }

  override pointerUp(host: Editor, pointer: ToolPointer): ToolState {
    const { box, mode } = this.brush(pointer);
    const ids = mode === "window" ? host.picker.window(box) : host.picker.crossing(box);
    if (pointer.shift) host.selection.add(ids);
    else if (pointer.ctrl) host.selection.remove(ids);
    else host.selection.set(ids);
    host.preview.clear();
    return new Idle();
  }

  override cancel(host: Editor): ToolState {
    host.preview.clear();
    return new Idle();
  }

  override readonly(): ToolState {
    return this;
  }

  private brush({ world, screen }: ToolPointer): { box: Box; mode: "window" | "crossing" } {
    const mode = screen.x >= this.start.screen.x ? "window" : "crossing";
    return { box: boxBetween(this.start.world, world), mode };
  }
}

export const SELECT: Tool = {
  id: "select",
  title: "Select",
  writes: false,
  start: () => new Idle(),
};
