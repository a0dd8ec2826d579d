import { union, type Box } from "../../base/box";
import { add, rotate, subtract, type Vec2 } from "../../base/vec2";
import type { ElementId } from "../../model/element";
import { quantiseLength } from "../../model/quantise";
import { slotOf } from "../arrange";
import { arrayEdits } from "../copies";
import type { Editor } from "../editor";
import { parseEntry } from "../entry";
import { countText } from "../labels";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type Tool,
  type ToolPointer,
} from "../tool";
import { format } from "../units";

/** Ghosts shown at most; the rest follows with the command. */
const MOST_GHOSTS = 200;

/** Repeats the selection along a line: `8@600` is 8 in all at a pitch of 600. */
class Arraying extends ToolState {
  override readonly name = "array.direction";
  override readonly cursor: Cursor = "crosshair";
  override readonly hint =
    "Point where the row goes; type 8@600 (8 at a pitch) or 8/4800 (8 over a length). Enter or click ends.";

  constructor(
    private readonly ids: readonly ElementId[],
    private readonly box: Box,
    private readonly towards: Vec2,
    private readonly count = 2,
    private readonly pitch: number | null = null,
    private readonly isTyped = false,
  ) {
    super();
  }

  override pointerMove(host: Editor, { world, shift }: ToolPointer): ToolState {
    const middle = centre(this.box);
    const away = subtract(world, middle);
    const reach = Math.hypot(away.x, away.y);
    if (reach === 0) return this;
    // Along an axis of the plan; Shift leaves the direction free.
    const isX = Math.abs(away.x) >= Math.abs(away.y);
    const axis = { x: isX ? Math.sign(away.x) : 0, y: isX ? 0 : Math.sign(away.y) };
    const towards = shift ? { x: away.x / reach, y: away.y / reach } : axis;
    const along = shift ? reach : Math.abs(isX ? away.x : away.y);
    const pitch = this.pitch ?? this.ownPitch(towards);
    const count = this.isTyped ? this.count : Math.max(2, Math.round(along / pitch) + 1);
    return this.shown(host, towards, count, this.pitch, this.isTyped);
  }

  override pointerDown(host: Editor): ToolState | null {
    return this.complete(host);
  }

  override fields(host: Editor): readonly EntryField[] {
    const pitch = format(
      this.pitch ?? this.ownPitch(this.towards),
      "length",
      host.settings.units.get(),
    );
    const value = `${this.count} @ ${pitch}`;
    return [{ id: "row", label: "Count @ pitch", value, fixed: this.isTyped }];
  }

  override typed(host: Editor, _field: string, text: string): EntryOutcome {
    const entry = parseEntry(text, "length", host.settings.units.get());
    if (!entry.ok) return entry;
    let count = this.count;
    let pitch = this.pitch;
    switch (entry.value.kind) {
      case "pitch":
        ({ count, pitch } = entry.value);
        break;
      case "spread":
        count = entry.value.count;
        pitch = entry.value.over / count;
        break;
      case "value":
        if (/^\d+$/.test(text.trim())) count = Number(text);
        break;
      default:
        return { error: "Type a row, such as 8@600 or 8/4800." };
    }
    if (count < 2 || count > 10_000) return { error: "A row has from 2 to 10,000 places." };
    if (pitch !== null && pitch <= 0) return { error: "The pitch must be more than 0." };
    return { state: this.shown(host, this.towards, count, pitch, true) };
  }

  override complete(host: Editor): ToolState | null {
    host.preview.clear();
    const ids = this.ids.filter((id) => host.document.get(id));
    const offsets = this.offsets(this.towards, this.count, this.pitch);
    const { edits, newIds } = arrayEdits(host.document, ids, offsets, () => host.newId());
    host.commit(`Array ${countText(host, ids)} × ${this.count}`, edits);
    host.selection.set([...ids, ...newIds].filter((id) => host.document.get(id)));
    return null;
  }

  override cancel(host: Editor): ToolState | null {
    host.preview.clear();
    return null;
  }

  override targetGone(host: Editor, gone: ReadonlySet<ElementId>): ToolState | null {
    const ids = this.ids.filter((id) => !gone.has(id));
    if (ids.length === 0) return this.cancel(host);
    return new Arraying(ids, this.box, this.towards, this.count, this.pitch, this.isTyped);
  }

  private shown(
    host: Editor,
    towards: Vec2,
    count: number,
    pitch: number | null,
    isTyped: boolean,
  ): ToolState {
    const room = Math.max(1, Math.floor(MOST_GHOSTS / this.ids.length));
    const ghosts = this.offsets(towards, Math.min(count, room + 1), pitch).flatMap((by) =>
      this.ids.flatMap((id) => {
        const item = host.document.item(id);
        const ring = item?.ring.map((p) => add(p, by));
        const rect = item?.rect ? { ...item.rect, origin: add(item.rect.origin, by) } : null;
        const box = item && {
          minX: item.box.minX + by.x,
          minY: item.box.minY + by.y,
          maxX: item.box.maxX + by.x,
          maxY: item.box.maxY + by.y,
        };
        return item && ring && box ? [{ ...item, ring, rect, box }] : [];
      }),
    );
    host.preview.show({ ghosts });
    return new Arraying(this.ids, this.box, towards, count, pitch, isTyped);
  }

  private offsets(towards: Vec2, count: number, pitch: number | null): readonly Vec2[] {
    const step = pitch ?? this.ownPitch(towards);
    return Array.from({ length: count - 1 }, (_none, i) => ({
      x: quantiseLength(towards.x * step * (i + 1)),
      y: quantiseLength(towards.y * step * (i + 1)),
    }));
  }

  /** Side by side: the extent of the selection in the direction. */
  private ownPitch(towards: Vec2): number {
    const { minX, minY, maxX, maxY } = this.box;
    const extent = Math.abs(towards.x) * (maxX - minX) + Math.abs(towards.y) * (maxY - minY);
    return Math.max(quantiseLength(extent), 1);
  }
}

const centre = (box: Box): Vec2 => ({ x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2 });

/** Waits for something to repeat. */
class Choosing extends ToolState {
  override readonly name = "array.choosing";
  override readonly hint = "Click what to repeat.";

  override pointerUp(host: Editor, pointer: ToolPointer): ToolState {
    const id = host.picker.at(pointer.world, host.camera.mm(6));
    if (id === null || slotOf(id) !== null) return this;
    host.selection.set([id]);
    return begin(host) ?? this;
  }
}

function begin(host: Editor): ToolState | null {
  const ids = [...host.selection.ids.get()].filter((id) => slotOf(id) === null);
  const box = union(ids.flatMap((id) => host.document.item(id)?.box ?? []));
  if (box === null) return null;
  // Rows run along the width of what stands in them.
  const [first] = ids;
  const turn = first ? (host.document.get(first)?.placement?.rotation_deg ?? 0) : 0;
  return new Arraying(ids, box, rotate({ x: 1, y: 0 }, turn));
}

export const ARRAY: Tool = {
  id: "array",
  title: "Array",
  writes: true,
  start: (host) => begin(host) ?? new Choosing(),
};
