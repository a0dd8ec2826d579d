import { angleOf, subtract, type Vec2 } from "../../base/vec2";
import type { ElementId } from "../../model/element";
import { quantiseAngle } from "../../model/quantise";
import { turnEdits, unlocked } from "../arrange";
import type { Editor } from "../editor";
import { parseEntry, resolveValue } from "../entry";
import { labelFor } from "../labels";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type ToolPointer,
} from "../tool";
import { format } from "../units";

const STEP_DEG = 15;

/** Turns the selection about its middle; Shift stops at every 15 degrees. */
export class Rotating extends ToolState {
  override readonly name = "select.rotating";
  override readonly cursor: Cursor = "grabbing";
  override readonly hint = "Drag to turn, or type an angle. Shift turns in steps of 15°.";
  private readonly ids: readonly ElementId[];

  constructor(
    ids: readonly ElementId[],
    private readonly about: Vec2,
    private readonly from: Vec2,
    private readonly degrees = 0,
    private readonly isTyped = false,
  ) {
    super();
    this.ids = ids;
  }

  override pointerMove(host: Editor, { world, shift }: ToolPointer): ToolState {
    if (this.isTyped) return this;
    const turned = angleOf(subtract(world, this.about)) - angleOf(subtract(this.from, this.about));
    const step = shift ? STEP_DEG : 0.1;
    return this.show(host, quantiseAngle(Math.round(turned / step) * step), false);
  }

  override pointerUp(host: Editor): ToolState | null {
    return this.complete(host);
  }

  override fields(host: Editor): readonly EntryField[] {
    const value = format(this.degrees, "angle", host.settings.units.get());
    return [{ id: "angle", label: "Angle", value, fixed: this.isTyped }];
  }

  override typed(host: Editor, _field: string, text: string): EntryOutcome {
    const entry = parseEntry(text, "angle", host.settings.units.get());
    if (!entry.ok) return entry;
    const degrees = resolveValue(entry.value, this.degrees, "angle");
    if (!degrees.ok) return degrees;
    return { state: this.show(host, quantiseAngle(degrees.value), true) };
  }

  override complete(host: Editor): ToolState | null {
    host.preview.clear();
    const ids = unlocked(host.document, this.ids);
    if (this.degrees !== 0 && ids.length > 0) {
      host.commit(
        labelFor(host, "Turn", ids),
        turnEdits(host.document, ids, this.degrees, this.about),
      );
    }
    return null;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return null;
  }

  override targetGone(host: Editor, gone: ReadonlySet<ElementId>): ToolState | null {
    const left = this.ids.filter((id) => !gone.has(id));
    if (left.length === 0) return this.cancel(host);
    return new Rotating(left, this.about, this.from, this.degrees, this.isTyped);
  }

  private show(host: Editor, degrees: number, isTyped: boolean): ToolState {
    host.preview.show({
      moving: {
        ids: new Set(this.ids),
        by: { x: 0, y: 0 },
        turn: { degrees, about: this.about },
        copy: false,
      },
    });
    return new Rotating(this.ids, this.about, this.from, degrees, isTyped);
  }
}
