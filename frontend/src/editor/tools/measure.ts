import { angleOf, distance, subtract, type Vec2 } from "../../base/vec2";
import type { Editor } from "../editor";
import type { Guide } from "../preview";
import { ToolState, type Cursor, type Tool, type ToolPointer } from "../tool";
import { format } from "../units";
import { snappedPoint } from "./points";

/** Measures from point to point; changes nothing, so readers may use it. */
class Measuring extends ToolState {
  override readonly name: string;
  override readonly cursor: Cursor = "crosshair";
  override readonly hint: string;

  constructor(private readonly points: readonly Vec2[] = []) {
    super();
    this.name = points.length === 0 ? "measure.first" : "measure.next";
    this.hint =
      points.length === 0
        ? "Click where to measure from."
        : "Click on to measure along a path. Enter starts anew, Esc leaves.";
  }

  override pointerDown(host: Editor, pointer: ToolPointer): ToolState {
    const next = new Measuring([...this.points, snappedPoint(host, pointer, this.points.at(-1))]);
    next.show(host, null);
    return next;
  }

  override pointerMove(host: Editor, pointer: ToolPointer): ToolState {
    this.show(host, snappedPoint(host, pointer, this.points.at(-1)));
    return this;
  }

  override complete(host: Editor): ToolState {
    host.preview.clear();
    return new Measuring();
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return this.points.length === 0 ? null : new Measuring();
  }

  override readonly(): ToolState {
    return this;
  }

  private show(host: Editor, at: Vec2 | null): void {
    const path = at ? [...this.points, at] : this.points;
    const units = host.settings.units.get();
    let total = 0;
    const guides: Guide[] = [];
    path.forEach((to, i) => {
      const from = path[i - 1];
      if (from === undefined) return;
      const length = distance(from, to);
      total += length;
      guides.push({ kind: "measure", from, to, label: format(length, "length", units) });
    });
    const [a, b] = path.slice(-2);
    if (a && b && guides.length > 0) {
      const by = subtract(b, a);
      const parts = [
        `Δx ${format(by.x, "length", units)}`,
        `Δy ${format(by.y, "length", units)}`,
        `${angleOf(by).toFixed(1)}°`,
        ...(guides.length > 1 ? [`total ${format(total, "length", units)}`] : []),
      ];
      const last = guides.at(-1);
      if (last)
        guides[guides.length - 1] = { ...last, label: `${last.label}  ${parts.join("  ")}` };
    }
    host.preview.show({ guides });
  }
}

export const MEASURE: Tool = {
  id: "measure",
  title: "Measure",
  writes: false,
  start: () => new Measuring(),
};
