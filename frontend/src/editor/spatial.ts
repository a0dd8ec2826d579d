import { touches, type Box } from "../base/box";
import type { ElementId } from "../model/element";
import type { Item } from "../model/item";
import type { DocumentStore } from "../model/store";

const CELL_MM = 4_000;
/** Things over more cells than this are few: they stand in a list of their own. */
const MOST_CELLS = 64;

/** Where everything on the plan is: a flat grid, kept in step with the document. */
export class SpatialIndex {
  private readonly cells = new Map<number, Set<Item>>();
  private readonly large = new Set<Item>();
  private readonly known = new Map<ElementId, Item>();

  constructor(private readonly document: DocumentStore) {
    this.rebuild();
    document.changed.on(({ touched, reset }) => {
      if (reset) this.rebuild();
      else for (const id of touched) this.refresh(id);
    });
  }

  /** Items whose boxes touch `box`, each once, in no order. */
  query(box: Box): readonly Item[] {
    const found: Item[] = [];
    for (const item of this.large) if (touches(item.box, box)) found.push(item);
    const { x0, y0, x1, y1 } = cellsOf(box);
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > this.cells.size) {
      for (const item of this.known.values()) {
        if (!this.large.has(item) && touches(item.box, box)) found.push(item);
      }
      return found;
    }
    for (let x = x0; x <= x1; x += 1) {
      for (let y = y0; y <= y1; y += 1) {
        for (const item of this.cells.get(cellKey(x, y)) ?? NO_ITEMS) {
          const own = item.box;
          if (!touches(own, box)) continue;
          // An item in several cells is given by the first of them that the box covers.
          if (x !== Math.max(cellAt(own.minX), x0) || y !== Math.max(cellAt(own.minY), y0))
            continue;
          found.push(item);
        }
      }
    }
    return found;
  }

  private rebuild(): void {
    this.cells.clear();
    this.large.clear();
    this.known.clear();
    for (const item of this.document.items()) this.insert(item);
  }

  private refresh(id: ElementId): void {
    const old = this.known.get(id);
    const item = this.document.item(id);
    if (old === item) return;
    if (old) this.remove(old);
    if (item) this.insert(item);
  }

  private insert(item: Item): void {
    this.known.set(item.id, item);
    const { x0, y0, x1, y1 } = cellsOf(item.box);
    if ((x1 - x0 + 1) * (y1 - y0 + 1) > MOST_CELLS) {
      this.large.add(item);
      return;
    }
    for (let x = x0; x <= x1; x += 1) {
      for (let y = y0; y <= y1; y += 1) {
        const key = cellKey(x, y);
        const cell = this.cells.get(key);
        if (cell) cell.add(item);
        else this.cells.set(key, new Set([item]));
      }
    }
  }

  private remove(item: Item): void {
    this.known.delete(item.id);
    if (this.large.delete(item)) return;
    const { x0, y0, x1, y1 } = cellsOf(item.box);
    for (let x = x0; x <= x1; x += 1) {
      for (let y = y0; y <= y1; y += 1) {
        const key = cellKey(x, y);
        const cell = this.cells.get(key);
        cell?.delete(item);
        if (cell?.size === 0) this.cells.delete(key);
      }
    }
  }
}

const NO_ITEMS: ReadonlySet<Item> = new Set();

const cellAt = (mm: number): number => Math.floor(mm / CELL_MM);

const cellsOf = (box: Box): { x0: number; y0: number; x1: number; y1: number } => ({
  x0: cellAt(box.minX),
  y0: cellAt(box.minY),
  x1: cellAt(box.maxX),
  y1: cellAt(box.maxY),
});

/** Plans reach 10,000 km either way; both cell numbers fit in one exact integer. */
const cellKey = (x: number, y: number): number => (x + 0x2000000) * 0x4000000 + (y + 0x2000000);
