/** The comments of the design that is open: asked for, kept fresh, and where their pins stand. */
import type { Box } from "../base/box";
import { signal, type Readable } from "../base/signal";
import { add, rotateAbout, type Vec2 } from "../base/vec2";
import type { Editor } from "../editor/editor";
import type { Moving } from "../editor/preview";
import type { ElementId, Point } from "../model/element";
import type { Finding } from "../model/evaluation";
import {
  ownerOf,
  placeOf,
  shareAlong,
  type Anchor,
  type FigureAt,
  type NewThread,
  type Person,
  type Settled,
  type Thread,
} from "../model/thread";
import { Problem, Unreachable, type LiveMessage } from "../model/wire";

/** What of the server is used. */
export interface CommentPort {
  threads(): Promise<readonly Thread[]>;
  openThread(thread: NewThread): Promise<Thread>;
  reply(thread: string, text: string): Promise<Thread>;
  settle(thread: string, what: Settled): Promise<Thread>;
  /** Who can be asked. */
  people(): Promise<readonly Person[]>;
}

/** Whom a new comment asks, and until when. */
export interface Asked {
  readonly assignee: string | null;
  readonly due_on: string | null;
}

/** A comment being written: what it will be pinned to. */
export interface Draft {
  readonly anchor: Anchor;
  readonly at: Vec2;
  readonly where: string;
}

/** The outline of a comment on an area. */
export interface Region {
  readonly key: string;
  readonly points: readonly Point[];
  readonly isCloud: boolean;
  readonly state: Thread["state"] | "draft";
}

/** One mark on the plan; comments close to each other share one. */
export interface Pin {
  readonly threads: readonly Thread[];
  readonly at: Vec2;
  /** In CSS pixels on the stage. */
  readonly x: number;
  readonly y: number;
  readonly isOpen: boolean;
  /** How much was said, or how many comments share the mark. */
  readonly count: number;
}

/** Pins closer than this would lie over each other. */
const CLUSTER_PX = 26;
const MOST_PINS = 60;
const RIM_PX = 20;
/** Room around the things that an area is put about. */
const AROUND_MM = 300;

export class Comments {
  private readonly all = signal<readonly Thread[]>([]);
  private readonly failed = signal("");
  private readonly writing = signal<Draft | null>(null);
  private readonly known = signal<readonly Person[]>([]);
  private asked = 0;

  constructor(
    private readonly port: CommentPort,
    private readonly editor: Editor,
  ) {}

  get threads(): Readable<readonly Thread[]> {
    return this.all;
  }
  /** Why the comments could not be read; empty while they can. */
  get failure(): Readable<string> {
    return this.failed;
  }
  get draft(): Readable<Draft | null> {
    return this.writing;
  }

  /** Who can be asked; empty until `loadPeople`. */
  get people(): Readable<readonly Person[]> {
    return this.known;
  }

  async loadPeople(): Promise<void> {
    if (this.known.get().length > 0) return;
    try {
      this.known.set(await this.port.people());
    } catch (error) {
      this.failed.set(inWords(error));
    }
  }

  /** Reads all comments; of two readings the one asked for last counts. */
  async load(): Promise<void> {
    this.asked += 1;
    const turn = this.asked;
    try {
      const found = await this.port.threads();
      if (turn !== this.asked) return;
      this.all.set(found);
      this.failed.set("");
    } catch (error) {
      if (turn === this.asked) this.failed.set(inWords(error));
    }
  }

  /** A comment changed somewhere, or the socket was away and may have missed it. */
  receive(message: LiveMessage): void {
    if (message.type === "thread" || message.type === "hello") void this.load();
  }

  /** Begins a comment on what is selected: one thing, a place along a run, several; else a point. */
  begin(at: Vec2): void {
    const { selection, document } = this.editor;
    const [id] = selection.ids.get();
    if (selection.size > 1) {
      this.beginAround(selection.size);
      return;
    }
    const item = id === undefined ? undefined : document.item(id);
    if (item === undefined) {
      this.writing.set({ anchor: { type: "point" }, at, where: "a point of the plan" });
      return;
    }
    const tag = item.tag === "" ? item.kind.replaceAll("_", " ") : item.tag;
    const t = shareAlong(item.element, at);
    if (t !== null) {
      this.writing.set({ anchor: { type: "run", id: item.id, t }, at, where: `along ${tag}` });
      return;
    }
    const anchor: Anchor = { type: "element", id: item.id };
    this.writing.set({ anchor, at: middleOf(item.box), where: tag });
  }

  /** Begins a comment on an area, shown as a revision cloud unless the user wants a plain line. */
  beginOnArea(points: readonly Point[], where = "an area"): void {
    const at = {
      x: points.reduce((sum, [x]) => sum + x, 0) / points.length,
      y: points.reduce((sum, [, y]) => sum + y, 0) / points.length,
    };
    this.writing.set({ anchor: { type: "area", points_mm: points, cloud: true }, at, where });
  }

  /** Begins a comment on a finding: it stands at the first thing that the finding names. */
  beginOnFinding({ id, rule, element_ids, at_mm }: Finding): void {
    const at =
      this.middleOfFirst(element_ids) ??
      (at_mm === null ? this.editor.camera.view.get().centre : { x: at_mm[0], y: at_mm[1] });
    const anchor: Anchor = { type: "finding", finding_id: id, rule, element_ids };
    this.writing.set({ anchor, at, where: `finding ${rule}` });
  }

  /** Begins a comment on a figure: at what it is of, or at the corner of all that is drawn. */
  beginOnFigure({ path, label, ids }: FigureAt): void {
    const { document, camera } = this.editor;
    const tags = ids.slice(0, 1).flatMap((id) => document.item(ownerOf(id))?.tag ?? []);
    const anchor: Anchor = { type: "result", path, label, element_ids: ids };
    const at = this.middleOfFirst(ids) ?? this.cornerOfAll() ?? camera.view.get().centre;
    const more = ids.length > 1 ? ` and ${String(ids.length - 1)} more` : "";
    const where = tags.length === 0 ? `figure ${label}` : `${label} of ${tags.join("")}${more}`;
    this.writing.set({ anchor, at, where });
  }

  private middleOfFirst(ids: readonly ElementId[]): Vec2 | null {
    const [first] = ids.flatMap((each) => this.editor.document.item(ownerOf(each)) ?? []);
    return first ? middleOf(first.box) : null;
  }

  private cornerOfAll(): Vec2 | null {
    const box = this.editor.extent();
    return box === null ? null : { x: box.minX, y: box.maxY };
  }

  /** Shows the area of the comment being written as a cloud, or with a plain line. */
  setCloud(cloud: boolean): void {
    const draft = this.writing.get();
    if (draft !== null) this.writing.set({ ...draft, anchor: { ...draft.anchor, cloud } });
  }

  private beginAround(count: number): void {
    const box = this.editor.extent(this.editor.selection.ids.get());
    if (box === null) return;
    const [x0, y0] = [box.minX - AROUND_MM, box.minY - AROUND_MM];
    const [x1, y1] = [box.maxX + AROUND_MM, box.maxY + AROUND_MM];
    const corners: readonly Point[] = [
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ];
    this.beginOnArea(corners, `the area of ${String(count)} things`);
  }

  cancel(): void {
    this.writing.set(null);
  }

  /** Sends what was written; the comment that was made, or the reason why there is none. */
  async send(text: string, to: Asked): Promise<Thread | string> {
    const draft = this.writing.get();
    if (draft === null) return "There is nothing to comment on.";
    const { anchor, at } = draft;
    const sent = await this.change(
      this.port.openThread({ anchor, text, x_mm: at.x, y_mm: at.y, ...to }),
    );
    if (typeof sent !== "string") this.writing.set(null);
    return sent;
  }

  reply(thread: string, text: string): Promise<Thread | string> {
    return this.change(this.port.reply(thread, text));
  }

  settle(thread: string, what: Settled): Promise<Thread | string> {
    return this.change(this.port.settle(thread, what));
  }

  /** Where a comment stands, also while what it is pinned to is dragged. */
  placeOf(thread: Thread): Vec2 {
    const { document, preview } = this.editor;
    const at = placeOf(thread, (id) => document.get(id));
    const { moving } = preview.state.get();
    const { id } = thread.anchor;
    if (moving === null || moving.copy || id === undefined) return at;
    return moving.ids.has(ownerOf(id)) || moving.ids.has(id) ? moved(at, moving) : at;
  }

  /** The pins on screen, those that are open before the others. */
  pins(showsResolved: boolean): readonly Pin[] {
    const { camera } = this.editor;
    const { widthPx, heightPx } = camera.view.get();
    const pins: { threads: Thread[]; at: Vec2; x: number; y: number }[] = [];
    for (const thread of this.all.get()) {
      if (thread.state === "resolved" && !showsResolved) continue;
      const at = this.placeOf(thread);
      const { x, y } = camera.toScreen(at);
      if (x < -RIM_PX || y < -RIM_PX || x > widthPx + RIM_PX || y > heightPx + RIM_PX) continue;
      const near = pins.find(
        (pin) => Math.abs(pin.x - x) < CLUSTER_PX && Math.abs(pin.y - y) < CLUSTER_PX,
      );
      if (near) near.threads.push(thread);
      else if (pins.length < MOST_PINS) pins.push({ threads: [thread], at, x, y });
    }
    return pins.map(({ threads, ...rest }) => ({
      ...rest,
      threads,
      isOpen: threads.some(({ state }) => state === "open"),
      count: threads.length > 1 ? threads.length : (threads[0]?.comments.length ?? 0),
    }));
  }

  /** The areas that comments are about, that of the one being written among them. */
  regions(showsResolved: boolean): readonly Region[] {
    const draft = this.writing.get();
    const drawn = this.all.get().flatMap(({ id, anchor, state }): readonly Region[] => {
      if (state === "resolved" && !showsResolved) return [];
      return regionOf(id, anchor, state);
    });
    return draft === null ? drawn : [...drawn, ...regionOf("draft", draft.anchor, "draft")];
  }

  private async change(asked: Promise<Thread>): Promise<Thread | string> {
    try {
      const thread = await asked;
      // A reading that began before this answer knows less than the answer.
      this.asked += 1;
      const rest = this.all.get().filter(({ id }) => id !== thread.id);
      this.all.set([...rest, thread].sort(inOrder));
      return thread;
    } catch (error) {
      return inWords(error);
    }
  }
}

function regionOf(
  key: string,
  { points_mm: points, cloud }: Anchor,
  state: Region["state"],
): readonly Region[] {
  return points === undefined ? [] : [{ key, points, isCloud: cloud === true, state }];
}

const middleOf = ({ minX, minY, maxX, maxY }: Box): Vec2 => ({
  x: (minX + maxX) / 2,
  y: (minY + maxY) / 2,
});

const inOrder = (a: Thread, b: Thread): number =>
  Number(a.state === "resolved") - Number(b.state === "resolved") || a.number - b.number;

function inWords(error: unknown): string {
  if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
  return error.message === "" ? "The server cannot be reached." : error.message;
}

function moved(at: Vec2, { by, turn }: Moving): Vec2 {
  return add(turn === null ? at : rotateAbout(at, turn.degrees, turn.about), by);
}
