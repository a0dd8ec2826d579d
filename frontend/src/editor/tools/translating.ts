import { shifted, union, type Box } from "../../base/box";
import { add, subtract, type Vec2 } from "../../base/vec2";
import type { ElementId } from "../../model/element";
import { frameOf } from "../../model/item";
import { quantiseLength } from "../../model/quantise";
import { moveEdits, slotOf, unlocked } from "../arrange";
import { clashesOf, solidRings } from "../clashes";
import { arrayEdits } from "../copies";
import type { Editor } from "../editor";
import { parseEntry, resolvePoint, resolveValue } from "../entry";
import { labelFor } from "../labels";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type ToolPointer,
} from "../tool";
import { format } from "../units";

/** What stays the same while elements are dragged. */
interface Drag {
  readonly ids: readonly ElementId[];
  /** The same as a set: what is not looked at as a target or an obstacle. */
  readonly moved: ReadonlySet<ElementId>;
  readonly from: Vec2;
  readonly box: Box;
  /** Where the element that was grabbed stands: its front-left corner. */
  readonly anchor: Vec2;
  readonly rings: readonly (readonly Vec2[])[];
  readonly copy: boolean;
}

const NONE: ReadonlySet<ElementId> = new Set();

/** Begins to drag the selection by one of its elements; null when all of it is locked. */
export function startTranslating(
  host: Editor,
  start: ToolPointer,
  grabbed: ElementId,
): ToolState | null {
  const free = unlocked(host.document, host.selection.ids.get());
  const ids = start.alt ? free.filter((id) => slotOf(id) === null) : free;
  const items = ids.flatMap((id) => host.document.item(id) ?? []);
  const box = union(items.map(frameOf));
  if (box === null) {
    host.notify("info", "What is selected is locked.");
    return null;
  }
  const item = host.document.item(ids.includes(grabbed) ? grabbed : (ids[0] ?? grabbed));
  const placement = item?.element.placement;
  const anchor = placement
    ? { x: placement.x_mm, y: placement.y_mm }
    : { x: box.minX, y: box.minY };
  host.snapper.reset();
  const rings = solidRings(host, ids);
  return new Translating({
    ids,
    moved: new Set(ids),
    from: start.world,
    box,
    anchor,
    rings,
    copy: start.alt,
  });
}

/** Dragging elements: one edit on release, none on Escape. */
class Translating extends ToolState {
  override readonly name = "select.translating";
  override readonly cursor: Cursor;
  override readonly hint =
    "Type X, Y or @dx,dy. Tab takes the next snap, Shift keeps to one axis, Alt suspends snapping.";

  constructor(
    private readonly drag: Drag,
    private readonly by: Vec2 = { x: 0, y: 0 },
    private readonly fixed: { readonly x?: number; readonly y?: number } = {},
    /** Alt began a copy; only when it was let go may it suspend snapping. */
    private readonly altWasFree = !drag.copy,
    private readonly last: ToolPointer | null = null,
  ) {
    super();
    this.cursor = drag.copy ? "copy" : "move";
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    const { drag } = this;
    let asked = subtract(pointer.world, drag.from);
    const isOrtho = pointer.shift !== host.settings.ortho.get();
    const only = isOrtho ? (Math.abs(asked.x) >= Math.abs(asked.y) ? "x" : "y") : undefined;
    if (only === "x") asked = { x: asked.x, y: 0 };
    if (only === "y") asked = { x: 0, y: asked.y };
    const altWasFree = this.altWasFree || !pointer.alt;
    const snap = host.snapper.box(shifted(drag.box, asked), {
      exclude: drag.copy ? NONE : drag.moved,
      anchor: add(drag.anchor, asked),
      isSuspended: pointer.alt && altWasFree,
      invertsGaps: pointer.ctrl,
      ...(only ? { only } : {}),
    });
    const moved = add(asked, snap.by);
    const by = {
      x: this.fixed.x ?? quantiseLength(moved.x),
      y: this.fixed.y ?? quantiseLength(moved.y),
    };
    const next = new Translating(drag, by, this.fixed, altWasFree, pointer);
    next.show(host, snap.guides);
    return next;
  }

  override pointerUp(host: Editor): ToolState | null {
    return this.complete(host);
  }

  override key(host: Editor, key: { key: string }): ToolState | undefined {
    if (key.key !== "Tab" || this.last === null) return undefined;
    host.snapper.cycle();
    return this.pointerMove(host, this.last);
  }

  override fields(host: Editor): readonly EntryField[] {
    const at = add(this.drag.anchor, this.by);
    const text = (value: number): string => format(value, "length", host.settings.units.get());
    return [
      { id: "x", label: "X", value: text(at.x), fixed: this.fixed.x !== undefined },
      { id: "y", label: "Y", value: text(at.y), fixed: this.fixed.y !== undefined },
    ];
  }

  /** A number is the new coordinate of the corner; `@dx,dy` and `length<angle` go on from where it was. */
  override typed(host: Editor, field: string, text: string): EntryOutcome {
    const entry = parseEntry(text, "length", host.settings.units.get());
    if (!entry.ok) return entry;
    const { anchor } = this.drag;
    const { kind } = entry.value;
    if (kind === "point" || kind === "polar") {
      const point = resolvePoint(entry.value, anchor, this.by);
      if (!point.ok) return point;
      const by = subtract(point.value, anchor);
      return { state: this.fix(host, { x: by.x, y: by.y }) };
    }
    const axis = field === "y" ? "y" : "x";
    const value = resolveValue(entry.value, anchor[axis], "length");
    if (!value.ok) return value;
    return { state: this.fix(host, { ...this.fixed, [axis]: value.value - anchor[axis] }) };
  }

  override complete(host: Editor): ToolState | null {
    const { drag, by } = this;
    host.preview.clear();
    host.snapper.reset();
    const ids = drag.ids.filter((id) => host.document.get(id));
    if ((by.x === 0 && by.y === 0) || ids.length === 0) return null;
    if (drag.copy) {
      const copies = arrayEdits(host.document, ids, [by], () => host.newId());
      host.commit(labelFor(host, "Copy", ids), copies.edits);
      host.selection.set(copies.newIds.filter((id) => host.document.get(id)));
      host.clipboard.repeatBy(by, copies.newIds);
    } else {
      host.commit(labelFor(host, "Move", ids), moveEdits(host.document, ids, by));
    }
    return null;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    host.snapper.reset();
    return null;
  }

  override targetGone(host: Editor, gone: ReadonlySet<ElementId>): ToolState | null {
    const ids = this.drag.ids.filter((id) => !gone.has(id));
    if (ids.length === 0) return this.cancel(host);
    if (ids.length === this.drag.ids.length) return this;
    const drag = { ...this.drag, ids, moved: new Set(ids), rings: solidRings(host, ids) };
    const next = new Translating(drag, this.by, this.fixed, this.altWasFree, this.last);
    next.show(host, []);
    return next;
  }

  private fix(host: Editor, fixed: { x?: number; y?: number }): ToolState {
    const by = { x: fixed.x ?? this.by.x, y: fixed.y ?? this.by.y };
    const next = new Translating(this.drag, by, fixed, this.altWasFree, this.last);
    next.show(host, []);
    return next;
  }

  private show(
    host: Editor,
    guides: Parameters<Editor["preview"]["show"]>[0]["guides"] = [],
  ): void {
    const { drag, by } = this;
    const rings = drag.rings.map((ring) => ring.map((p) => add(p, by)));
    host.preview.show({
      moving: { ids: drag.moved, by, turn: null, copy: drag.copy },
      guides,
      clashes: clashesOf(host, rings, drag.copy ? NONE : drag.moved),
    });
  }
}
