import type { Vec2 } from "../base/vec2";
import type { ElementId, PlanElement } from "../model/element";
import { middleOf, slotOf } from "./arrange";
import { pasteEdits } from "./copies";
import type { Editor } from "./editor";
import { countText } from "./labels";
import { tableText } from "./table";

const MARK = "plenum.elements/1";

/** Copies elements within a design, to other designs and as a table. */
export class Clipboard {
  /** What was copied last in this window, for pasting without the system's clipboard. */
  buffer: string | null = null;
  private last: { readonly by: Vec2; readonly made: readonly ElementId[] } | null = null;

  constructor(private readonly host: Editor) {}

  /** The selection as JSON that `paste` takes, in this design or another. */
  copy(): string | null {
    const { document, selection } = this.host;
    const ids = [...selection.ids.get()].filter((id) => slotOf(id) === null);
    const elements = ids.flatMap((id) => document.elements.get(id) ?? []);
    if (elements.length === 0) return null;
    // Modules bring their definitions along, for designs that do not have them.
    const types = new Set(elements.flatMap(({ type }) => type?.type_id ?? []));
    const definitions = [...types].flatMap((id) => document.elements.get(id) ?? []);
    const at = middleOf(document, ids);
    this.buffer = JSON.stringify({ mark: MARK, at, elements: [...definitions, ...elements] });
    return this.buffer;
  }

  /** The selection as a table for a spreadsheet. */
  copyTable(): string {
    return tableText(this.host, this.host.selection.ids.get());
  }

  /** Pastes copied elements around a point, or where they were; false when the text is something else. */
  paste(text: string, at: Vec2 | null): boolean {
    const copied = read(text);
    if (copied === null) return false;
    const { document } = this.host;
    const by = at && copied.at ? { x: at.x - copied.at.x, y: at.y - copied.at.y } : { x: 0, y: 0 };
    // A definition that this design has is used, not made again.
    const isKnown = (element: PlanElement): boolean =>
      element.kind === "module_type" && document.elements.has(element.id);
    const elements = copied.elements.filter(
      (element) => !isKnown(element) && !(element.kind === "site" && document.site()),
    );
    const grid = this.host.settings.gridMm.get();
    const whole = at && grid > 0 ? { x: toGrid(by.x, grid), y: toGrid(by.y, grid) } : by;
    this.add("Paste", elements, whole);
    return true;
  }

  /** Copies the selection beside itself; again and again by the same way. */
  duplicate(): void {
    const { document, selection } = this.host;
    const ids = [...selection.ids.get()].filter((id) => slotOf(id) === null);
    const elements = ids.flatMap((id) => document.elements.get(id) ?? []);
    const box = this.host.extent(ids);
    if (elements.length === 0 || box === null) return;
    // Going on from the last copies goes on by the same way.
    const isSame = this.last?.made.every((id) => selection.has(id)) ?? false;
    const by = (isSame ? this.last?.by : null) ?? { x: box.maxX - box.minX, y: 0 };
    this.add("Duplicate", elements, by);
  }

  /** Copies were made by another gesture: duplicating them goes on that way. */
  repeatBy(by: Vec2, made: readonly ElementId[]): void {
    this.last = { by, made };
  }

  private add(verb: string, elements: readonly PlanElement[], by: Vec2): void {
    const { document, selection } = this.host;
    const { edits, newIds } = pasteEdits(document, elements, by, () => this.host.newId());
    const ids = elements.map(({ id }) => id);
    this.host.commit(`${verb} ${countText(this.host, ids)}`, edits);
    const made: ElementId[] = newIds.filter((id) => document.get(id));
    if (made.length === 0) return;
    selection.set(made);
    this.last = { by, made };
  }
}

const toGrid = (mm: number, grid: number): number => Math.round(mm / grid) * grid;

function read(text: string): { at: Vec2 | null; elements: readonly PlanElement[] } | null {
  if (!text.startsWith("{")) return null;
  try {
    const value = JSON.parse(text) as { mark?: unknown; at?: Vec2 | null; elements?: unknown };
    if (value.mark !== MARK || !Array.isArray(value.elements)) return null;
    return { at: value.at ?? null, elements: value.elements as readonly PlanElement[] };
  } catch {
    return null;
  }
}
