import { straightened } from "../../base/polyline";
import { distance, type Vec2 } from "../../base/vec2";
import type { ElementId, Point } from "../../model/element";
import { itemOf } from "../../model/item";
import { quantiseLength } from "../../model/quantise";
import { changeEdits, pathChanges } from "../arrange";
import type { Editor } from "../editor";
import { parseEntry, resolvePoint, resolveValue } from "../entry";
import type { PathHandle } from "../handles";
import type { KeyInput } from "../input";
import { labelFor } from "../labels";
import { portAt } from "../ports";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type ToolPointer,
} from "../tool";
import { format } from "../units";

/** Drags one point of a run; one edit on release, none on Escape. */
export class Reshaping extends ToolState {
  override readonly name = "select.reshaping";
  override readonly cursor: Cursor = "move";
  override readonly hint =
    "Type X, Y or @dx,dy. Shift keeps to one axis, Alt suspends snapping, Delete takes the point out.";

  constructor(
    private readonly id: ElementId,
    private readonly points: readonly Vec2[],
    private readonly index: number,
    private readonly from: Vec2,
  ) {
    super();
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    return this.to(host, this.aim(host, pointer));
  }

  override pointerUp(host: Editor): ToolState | null {
    return this.complete(host);
  }

  override key(host: Editor, { key }: KeyInput): ToolState | null | undefined {
    if (key !== "Delete" && key !== "Backspace") return undefined;
    host.preview.clear();
    removePoint(host, this.id, this.index);
    return null;
  }

  override fields(host: Editor): readonly EntryField[] {
    const text = (value: number): string => format(value, "length", host.settings.units.get());
    return [
      { id: "x", label: "X", value: text(this.at.x) },
      { id: "y", label: "Y", value: text(this.at.y) },
    ];
  }

  override typed(host: Editor, field: string, text: string): EntryOutcome {
    const entry = parseEntry(text, "length", host.settings.units.get());
    if (!entry.ok) return entry;
    if (entry.value.kind === "point" || entry.value.kind === "polar") {
      const point = resolvePoint(entry.value, this.from, this.at);
      return point.ok ? { state: this.to(host, point.value) } : point;
    }
    const axis = field === "y" ? "y" : "x";
    const value = resolveValue(entry.value, this.from[axis], "length");
    return value.ok ? { state: this.to(host, { ...this.at, [axis]: value.value }) } : value;
  }

  override complete(host: Editor): ToolState | null {
    host.preview.clear();
    host.snapper.reset();
    if (distance(this.at, this.from) > 0 && host.document.get(this.id)) {
      commitPath(host, this.id, this.points, "Reshape");
    }
    return null;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    host.snapper.reset();
    return null;
  }

  override targetGone(host: Editor, gone: ReadonlySet<ElementId>): ToolState | null {
    return gone.has(this.id) ? this.cancel(host) : this;
  }

  private get at(): Vec2 {
    return this.points[this.index] ?? this.from;
  }

  private aim(host: Editor, { world, shift, alt }: ToolPointer): Vec2 {
    const kind = host.document.get(this.id)?.kind;
    const port =
      alt || (kind !== "pipe" && kind !== "tray") ? null : portAt(host, kind, world, this.id);
    if (port) {
      host.preview.show({
        guides: [{ kind: "align", from: port.at, to: port.at, label: port.label }],
      });
      return port.at;
    }
    const isOrtho = shift !== host.settings.ortho.get();
    const isAlongX = Math.abs(world.x - this.from.x) >= Math.abs(world.y - this.from.y);
    const asked = !isOrtho
      ? world
      : isAlongX
        ? { x: world.x, y: this.from.y }
        : { x: this.from.x, y: world.y };
    const beside = [this.points[this.index - 1], this.points[this.index + 1]];
    const snap = host.snapper.point(asked, {
      isSuspended: alt,
      exclude: new Set([this.id]),
      inLine: beside.flatMap((point) => point ?? []),
      ...(isOrtho ? { only: isAlongX ? "x" : "y" } : {}),
    });
    host.preview.show({ guides: snap.guides });
    return { x: asked.x + snap.by.x, y: asked.y + snap.by.y };
  }

  private to(host: Editor, { x, y }: Vec2): Reshaping {
    const at = { x: quantiseLength(x), y: quantiseLength(y) };
    const points = this.points.map((point, index) => (index === this.index ? at : point));
    const next = new Reshaping(this.id, points, this.index, this.from);
    const element = host.document.get(this.id);
    const shape = straightened(points);
    const ghost =
      element && shape.length > 1
        ? itemOf({ ...element, path: { points_mm: pairs(shape) } }, host.products)
        : null;
    host.preview.show({ path: { points, closed: false }, ghosts: ghost ? [ghost] : [] });
    return next;
  }
}

/** Begins to drag a handle; Alt takes its point out instead. */
export function grabHandle(
  host: Editor,
  id: ElementId,
  handle: PathHandle,
  pointer: ToolPointer,
): ToolState | null {
  const path = host.document.item(id)?.path;
  if (!path) return null;
  if (pointer.alt && !handle.isNew) {
    removePoint(host, id, handle.index);
    return null;
  }
  host.snapper.reset();
  const points = handle.isNew
    ? [...path.slice(0, handle.index), handle.at, ...path.slice(handle.index)]
    : path;
  return new Reshaping(id, points, handle.index, handle.at);
}

function removePoint(host: Editor, id: ElementId, index: number): void {
  const path = host.document.item(id)?.path;
  if (!path) return;
  const left = path.filter((_, at) => at !== index);
  if (straightened(left).length < 2) host.notify("info", "A run needs at least two points.");
  else commitPath(host, id, left, "Reshape");
}

function commitPath(host: Editor, id: ElementId, points: readonly Vec2[], verb: string): void {
  const path = host.document.get(id)?.path;
  const shape = straightened(points);
  if (!path) return;
  if (shape.length < 2) {
    host.notify("info", "A run needs at least two points.");
    return;
  }
  const changes = pathChanges(host.document, id, { ...path, points_mm: pairs(shape) });
  host.commit(labelFor(host, verb, [id]), changeEdits(host.document, changes));
}

const pairs = (points: readonly Vec2[]): readonly Point[] =>
  points.map(({ x, y }): Point => [quantiseLength(x), quantiseLength(y)]);
