import { shifted } from "../../base/box";
import { add, scale, type Vec2 } from "../../base/vec2";
import type { ElementId } from "../../model/element";
import type { Item } from "../../model/item";
import { slotOf } from "../arrange";
import { arrayEdits } from "../copies";
import type { Editor } from "../editor";
import { parseEntry, type Entry } from "../entry";
import type { KeyInput } from "../input";
import { countText } from "../labels";
import {
  firstRepetition,
  offsetsOf,
  pitchOf,
  pointedAt,
  problemWith,
  subjectOf,
  type Repetition,
  type Subject,
  type TypedRun,
} from "../repetition";
import {
  ToolState,
  type Cursor,
  type EntryField,
  type EntryOutcome,
  type Tool,
  type ToolPointer,
} from "../tool";
import { format } from "../units";

/** Ghosts shown at most; the frame shows how far the rest goes. */
const MOST_GHOSTS = 400;

/** Repeats the selection along a line or over rows of rows. */
class Arraying extends ToolState {
  override readonly name = "array.direction";
  override readonly cursor: Cursor = "crosshair";
  override readonly previewsTyping = true;
  override readonly hint =
    "Point along a row, or diagonally for rows of rows; type 8@600 or 8@600x4@3000. Arrows turn it, Enter or click ends.";

  constructor(
    private readonly ids: readonly ElementId[],
    private readonly subject: Subject,
    private readonly repetition: Repetition,
    /** Where the pointer was when it last had a say. */
    private readonly at: Vec2 | null = null,
  ) {
    super();
  }

  override pointerMove(host: Editor, { world, shift }: ToolPointer): ToolState {
    return this.shown(host, pointedAt(this.subject, this.repetition, world, shift), world);
  }

  override pointerDown(host: Editor): ToolState | null {
    return this.complete(host);
  }

  /** Arrows: left and right along the row, up and down from row to row. */
  override key(host: Editor, { key, ctrl, alt }: KeyInput): ToolState | undefined {
    const way = ARROWS[key];
    if (way === undefined || ctrl || alt) return undefined;
    const { subject, repetition } = this;
    const { row, rows } = repetition;
    if (rows.count > 1) {
      const turned =
        way.x === 0
          ? { ...repetition, rowsWay: scale(subject.along, way.y) }
          : { ...repetition, rowWay: scale(subject.across, way.x) };
      return this.shown(host, turned);
    }
    const [rowWay, rowsWay] =
      way.x === 0
        ? [scale(subject.along, way.y), subject.across]
        : [scale(subject.across, way.x), subject.along];
    return this.shown(host, { row, rows, rowWay, rowsWay });
  }

  override fields(host: Editor): readonly EntryField[] {
    const { row, rows, rowWay, rowsWay } = this.repetition;
    const text = (run: TypedRun, way: Vec2): string =>
      `${run.count} @ ${format(pitchOf(this.subject, run, way), "length", host.settings.units.get())}`;
    return [
      { id: "row", label: "Row", value: text(row, rowWay), fixed: row.isTyped },
      { id: "rows", label: "Rows", value: text(rows, rowsWay), fixed: rows.isTyped },
    ];
  }

  override typed(host: Editor, field: string, text: string): EntryOutcome {
    const entry = parseEntry(text, "length", host.settings.units.get());
    if (!entry.ok) return entry;
    const next = withEntry(this.repetition, field, entry.value, text);
    if (next === null) return { error: "Type a row or a grid, such as 8@600 or 8@600x4@3000." };
    const { at, subject } = this;
    const turned = at === null ? next : pointedAt(subject, next, at, false);
    const problem = problemWith(turned);
    return problem === "" ? { state: this.shown(host, turned, at) } : { error: problem };
  }

  override complete(host: Editor): ToolState | null {
    host.preview.clear();
    const ids = this.ids.filter((id) => host.document.get(id));
    const offsets = offsetsOf(this.subject, this.repetition);
    const { edits, newIds } = arrayEdits(host.document, ids, offsets, () => host.newId());
    const { row, rows } = this.repetition;
    const times = rows.count > 1 ? `${row.count} × ${rows.count}` : String(row.count);
    host.commit(`Array ${countText(host, ids)} × ${times}`, edits);
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
    return new Arraying(ids, this.subject, this.repetition, this.at);
  }

  shown(host: Editor, repetition: Repetition, at: Vec2 | null = null): ToolState {
    const items = this.ids.flatMap((id) => {
      const item = host.document.item(id);
      return item ? [item, ...host.document.membersOf(id)] : [];
    });
    const offsets = offsetsOf(this.subject, repetition);
    const room = Math.max(1, Math.floor(MOST_GHOSTS / Math.max(items.length, 1)));
    const ghosts = offsets.slice(0, room).flatMap((by) => items.map((item) => ghostAt(item, by)));
    const last = offsets.at(-1);
    host.preview.show({
      ghosts,
      path: last && offsets.length > room ? { points: this.frame(repetition), closed: true } : null,
    });
    return new Arraying(this.ids, this.subject, repetition, at);
  }

  /** The corners of the whole array. */
  private frame({ row, rows, rowWay, rowsWay }: Repetition): readonly Vec2[] {
    const { subject } = this;
    const wide = scale(rowWay, pitchOf(subject, row, rowWay) * row.count);
    const deep = scale(rowsWay, pitchOf(subject, rows, rowsWay) * rows.count);
    const start = cornerOf(subject, rowWay, rowsWay);
    return [start, add(start, wide), add(add(start, wide), deep), add(start, deep)];
  }
}

const ARROWS: Readonly<Record<string, Vec2>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

/** The point of the subject from which the array goes away. */
function cornerOf({ points, middle }: Subject, rowWay: Vec2, rowsWay: Vec2): Vec2 {
  const back = (way: Vec2): number =>
    points
      .map((p) => (p.x - middle.x) * way.x + (p.y - middle.y) * way.y)
      .reduce((a, b) => Math.min(a, b));
  return add(middle, add(scale(rowWay, back(rowWay)), scale(rowsWay, back(rowsWay))));
}

function ghostAt(item: Item, by: Vec2): Item {
  return {
    ...item,
    ring: item.ring.map((p) => add(p, by)),
    path: item.path?.map((p) => add(p, by)) ?? null,
    rect: item.rect ? { ...item.rect, origin: add(item.rect.origin, by) } : null,
    box: shifted(item.box, by),
  };
}

/** A repetition with what was typed into one of its fields; null when that is no row. */
function withEntry(
  repetition: Repetition,
  field: string,
  entry: Entry,
  text: string,
): Repetition | null {
  const isRows = field === "rows";
  const before = isRows ? repetition.rows : repetition.row;
  const typed = (run: Partial<TypedRun>): Repetition => {
    const next: TypedRun = { ...before, ...run, isTyped: true };
    return isRows ? { ...repetition, rows: next } : { ...repetition, row: next };
  };
  switch (entry.kind) {
    case "pitch":
      return typed({ count: entry.count, pitch: entry.pitch });
    case "spread":
      return typed({ count: entry.count, pitch: entry.over / entry.count });
    case "grid":
      return {
        ...repetition,
        row: { ...entry.across, isTyped: true },
        rows: { ...entry.rows, isTyped: true },
      };
    case "value":
      return /^\d+$/.test(text.trim()) ? typed({ count: Number(text) }) : null;
    default:
      return null;
  }
}

/** Waits for something to repeat. */
class Choosing extends ToolState {
  override readonly name = "array.choosing";
  override readonly hint = "Click what to repeat.";

  override pointerUp(host: Editor, pointer: ToolPointer): ToolState {
    const id = host.picker.at(pointer.world, host.camera.mm(pointer.reachPx));
    if (id === null || slotOf(id) !== null) return this;
    host.selection.set([id]);
    return begin(host) ?? this;
  }
}

function begin(host: Editor): ToolState | null {
  const ids = [...host.selection.ids.get()].filter((id) => slotOf(id) === null);
  const points = ids.flatMap((id) => host.document.item(id)?.ring ?? []);
  const [first] = ids;
  // Rows run along the width of what stands in them.
  const turn = first ? (host.document.get(first)?.placement?.rotation_deg ?? 0) : 0;
  const subject = subjectOf(points, turn);
  if (subject === null) return null;
  const repetition = firstRepetition(subject);
  return new Arraying(ids, subject, repetition).shown(host, repetition);
}

export const ARRAY: Tool = {
  id: "array",
  title: "Array",
  writes: true,
  start: (host) => begin(host) ?? new Choosing(),
};
