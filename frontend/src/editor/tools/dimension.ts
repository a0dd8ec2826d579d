import { cross, distance, subtract, type Vec2 } from "../../base/vec2";
import { itemOf } from "../../model/item";
import type { PlanElement } from "../../model/element";
import type { Editor } from "../editor";
import { ToolState, type Cursor, type Tool, type ToolPointer } from "../tool";
import { snappedPoint } from "./points";

/** Draws a dimension: from, to, and how far beside the line it stands. */
class Dimensioning extends ToolState {
  override readonly name: string;
  override readonly cursor: Cursor = "crosshair";
  override readonly hint: string;

  constructor(private readonly points: readonly Vec2[] = []) {
    super();
    const step = (["from", "to", "offset"] as const)[points.length] ?? "offset";
    this.name = `dimension.${step}`;
    this.hint = {
      from: "Click where the dimension begins.",
      to: "Click where it ends. Shift keeps to one axis.",
      offset: "Click where its line is to stand.",
    }[step];
  }

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState {
    const [from, to] = this.points;
    if (from && to) {
      const element = dimensionOf(host.newId(), from, to, offsetAt(from, to, pointer.world));
      host.preview.clear();
      host.commit("Draw dimension", [{ type: "create", element }]);
      if (host.document.get(element.id)) host.selection.set([element.id]);
      return new Dimensioning();
    }
    const at = snappedPoint(host, pointer, from);
    if (from && distance(from, at) === 0) return this;
    return new Dimensioning([...this.points, at]);
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    const [from, to] = this.points;
    const end = to ?? snappedPoint(host, pointer, from);
    if (!from || distance(from, end) === 0) return this;
    const offset = to ? offsetAt(from, to, pointer.world) : 0;
    const item = itemOf(dimensionOf("ghost", from, end, offset), host.products);
    host.preview.show({ ghosts: item ? [item] : [] });
    return this;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return this.points.length === 0 ? null : new Dimensioning();
  }
}

function dimensionOf(id: string, from: Vec2, to: Vec2, offset: number): PlanElement {
  return {
    id,
    kind: "dimension",
    line: {
      from_x_mm: from.x,
      from_y_mm: from.y,
      to_x_mm: to.x,
      to_y_mm: to.y,
      offset_mm: offset,
    },
  };
}

/** How far `at` is to the left of the line, in whole millimetres. */
const offsetAt = (from: Vec2, to: Vec2, at: Vec2): number =>
  Math.round(cross(subtract(to, from), subtract(at, from)) / distance(from, to));

export const DIMENSION: Tool = {
  id: "dimension",
  title: "Dimension",
  writes: true,
  start: () => new Dimensioning(),
};
