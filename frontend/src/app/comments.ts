/** The comments of the design that is open: asked for, kept fresh, and where their pins stand. */
import { signal, type Readable } from "../base/signal";
import { add, rotateAbout, type Vec2 } from "../base/vec2";
import type { Editor } from "../editor/editor";
import type { Moving } from "../editor/preview";
import { ownerOf, placeOf, type Anchor, type NewThread, type Thread } from "../model/thread";
import { Problem, Unreachable, type LiveMessage } from "../model/wire";

/** What of the server is used. */
export interface CommentPort {
  threads(): Promise<readonly Thread[]>;
  openThread(thread: NewThread): Promise<Thread>;
  reply(thread: string, text: string): Promise<Thread>;
  settle(thread: string, state: Thread["state"]): Promise<Thread>;
}

/** A comment being written: what it will be pinned to. */
export interface Draft {
  readonly anchor: Anchor;
  readonly at: Vec2;
  readonly where: string;
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

export class Comments {
  private readonly all = signal<readonly Thread[]>([]);
  private readonly failed = signal("");
  private readonly writing = signal<Draft | null>(null);
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

  /** Begins a comment on the one selected element, or at a point. */
  begin(at: Vec2): void {
    const { selection, document } = this.editor;
    const [id] = selection.ids.get();
    const item = selection.size === 1 && id !== undefined ? document.item(id) : undefined;
    if (item === undefined) {
      this.writing.set({ anchor: { type: "point" }, at, where: "a point of the plan" });
      return;
    }
    const { minX, minY, maxX, maxY } = item.box;
    const tag = item.tag === "" ? item.kind.replaceAll("_", " ") : item.tag;
    const middle = { x: (minX + maxX) / 2, y: (minY + maxY) / 2 };
    this.writing.set({ anchor: { type: "element", id: item.id }, at: middle, where: tag });
  }

  cancel(): void {
    this.writing.set(null);
  }

  /** Sends what was written; the comment that was made, or the reason why there is none. */
  async send(text: string): Promise<Thread | string> {
    const draft = this.writing.get();
    if (draft === null) return "There is nothing to comment on.";
    const { anchor, at } = draft;
    const sent = await this.change(this.port.openThread({ anchor, text, x_mm: at.x, y_mm: at.y }));
    if (typeof sent !== "string") this.writing.set(null);
    return sent;
  }

  reply(thread: string, text: string): Promise<Thread | string> {
    return this.change(this.port.reply(thread, text));
  }

  settle(thread: string, state: Thread["state"]): Promise<Thread | string> {
    return this.change(this.port.settle(thread, state));
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

const inOrder = (a: Thread, b: Thread): number =>
  Number(a.state === "resolved") - Number(b.state === "resolved") || a.number - b.number;

function inWords(error: unknown): string {
  if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
  return error.message === "" ? "The server cannot be reached." : error.message;
}

function moved(at: Vec2, { by, turn }: Moving): Vec2 {
  return add(turn === null ? at : rotateAbout(at, turn.degrees, turn.about), by);
}
