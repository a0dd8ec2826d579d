import { centreOf, shifted, union, type Box } from "../../base/box";
import { add, subtract, type Vec2 } from "../../base/vec2";
import type { PlanElement, Placement } from "../../model/element";
import { quantiseAngle, quantiseLength } from "../../model/quantise";
import { clashesOf, isSolid } from "../clashes";
import type { Editor } from "../editor";
import { parseEntry, resolvePoint, resolveValue } from "../entry";
import type { KeyInput } from "../input";
import { ghostsOf, madeFor } from "../making";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type Tool,
  type ToolArgs,
  type ToolPointer,
} from "../tool";
import { format } from "../units";

/** Carries a ghost until it is put down, then carries the next one. */
class Placing extends ToolState {
  override readonly name = "place.ghost";
  override readonly cursor: Cursor = "crosshair";
  override readonly hint = "Click to place, R turns, type X and Y for an exact place, Esc ends.";

  constructor(
    private readonly args: ToolArgs,
    private readonly made: readonly PlanElement[],
    private readonly at: Vec2 | null,
    private readonly rotationDeg: number,
    private readonly fixed: { readonly x?: number; readonly y?: number } = {},
    private readonly last: ToolPointer | null = null,
  ) {
    super();
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    // The pointer carries the ghost by its middle.
    const box = this.boxAt(host, { x: 0, y: 0 });
    const asked = subtract(pointer.world, centreOf(box));
    const snap = host.snapper.box(shifted(box, asked), {
      anchor: asked,
      isSuspended: pointer.alt,
      invertsGaps: pointer.ctrl,
    });
    const free = add(asked, snap.by);
    const at = {
      x: this.fixed.x ?? quantiseLength(free.x),
      y: this.fixed.y ?? quantiseLength(free.y),
    };
    const next = new Placing(this.args, this.made, at, this.rotationDeg, this.fixed, pointer);
    next.show(host, snap.guides);
    return next;
  }

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState {
    return this.pointerMove(host, pointer);
  }

  override pointerUp(host: Editor): ToolState | null {
    return this.complete(host);
  }

  override key(host: Editor, key: KeyInput): ToolState | undefined {
    if (key.key.toLowerCase() === "r" && !key.ctrl && !key.alt) {
      const turned = quantiseAngle(this.rotationDeg + (key.shift ? -90 : 90));
      host.snapper.reset();
      const next = new Placing(this.args, this.made, this.at, turned, this.fixed, this.last);
      if (this.last) return next.pointerMove(host, this.last);
      next.show(host, []);
      return next;
    }
    if (key.key === "Tab" && this.last) {
      host.snapper.cycle();
      return this.pointerMove(host, this.last);
    }
    return undefined;
  }

  override fields(host: Editor): readonly EntryField[] {
    const at = this.at ?? { x: 0, y: 0 };
    const { units } = host.settings;
    const text = (value: number): string => format(value, "length", units.get());
    return [
      { id: "x", label: "X", value: text(at.x), fixed: this.fixed.x !== undefined },
      { id: "y", label: "Y", value: text(at.y), fixed: this.fixed.y !== undefined },
      { id: "angle", label: "Angle", value: format(this.rotationDeg, "angle", units.get()) },
    ];
  }

  override typed(host: Editor, field: string, text: string): EntryOutcome {
    const units = host.settings.units.get();
    const at = this.at ?? { x: 0, y: 0 };
    if (field === "angle") {
      const entry = parseEntry(text, "angle", units);
      if (!entry.ok) return entry;
      const degrees = resolveValue(entry.value, this.rotationDeg, "angle");
      if (!degrees.ok) return degrees;
      return { state: this.fix(host, at, this.fixed, quantiseAngle(degrees.value)) };
    }
    const entry = parseEntry(text, "length", units);
    if (!entry.ok) return entry;
    if (entry.value.kind === "point" || entry.value.kind === "polar") {
      const point = resolvePoint(entry.value, at, at);
      if (!point.ok) return point;
      return { state: this.fix(host, point.value, point.value, this.rotationDeg) };
    }
    const axis = field === "y" ? "y" : "x";
    const value = resolveValue(entry.value, at[axis], "length");
    if (!value.ok) return value;
    const fixed = { ...this.fixed, [axis]: quantiseLength(value.value) };
    return { state: this.fix(host, { ...at, ...fixed }, fixed, this.rotationDeg) };
  }

  override complete(host: Editor): ToolState | null {
    if (this.at === null) return this;
    const elements = this.placed(this.at);
    const element = elements.at(-1);
    if (element === undefined) return null;
    const what = element.identity?.tag ?? element.kind.replaceAll("_", " ");
    const { effective } = host.commit(
      `Place ${what}`,
      elements.map((one) => ({ type: "create", element: one })),
    );
    if (effective.length > 0) host.selection.set([element.id]);
    host.snapper.reset();
    const next = new Placing(this.args, madeFor(host, this.args), this.at, this.rotationDeg);
    host.preview.show({ ghosts: [], guides: [], clashes: [] });
    return next;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return null;
  }

  private fix(
    host: Editor,
    at: Vec2,
    fixed: { readonly x?: number; readonly y?: number },
    rotationDeg: number,
  ): ToolState {
    const next = new Placing(this.args, this.made, at, rotationDeg, fixed, this.last);
    next.show(host, []);
    return next;
  }

  /** The elements with the last of them at a place: its front-left corner when unturned. */
  private placed(at: Vec2): readonly PlanElement[] {
    const placement: Placement = { x_mm: at.x, y_mm: at.y, rotation_deg: this.rotationDeg };
    return this.made.map((element) => (element.placement ? { ...element, placement } : element));
  }

  private boxAt(host: Editor, at: Vec2): Box {
    const boxes = ghostsOf(host, this.placed(at)).map((item) => item.box);
    return union(boxes) ?? { minX: at.x, minY: at.y, maxX: at.x, maxY: at.y };
  }

  private show(
    host: Editor,
    guides: Parameters<Editor["preview"]["show"]>[0]["guides"] = [],
  ): void {
    if (this.at === null) return;
    const ghosts = ghostsOf(host, this.placed(this.at));
    const rings = ghosts.filter(isSolid).map((item) => item.ring);
    host.preview.show({ ghosts, guides, clashes: clashesOf(host, rings, new Set()) });
  }
}

export const PLACE: Tool = {
  id: "place",
  title: "Place",
  writes: true,
  start: (host, args) => new Placing(args, madeFor(host, args), null, 0),
};
