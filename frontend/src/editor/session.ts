import type { Clock } from "../base/clock";
import { Emitter, signal, type Event, type Readable } from "../base/signal";
import type { Applied, Edit } from "../model/edits";
import type { DocumentStore } from "../model/store";
import {
  Problem,
  Unreachable,
  type LiveMessage,
  type Persistence,
  type Push,
  type PushAnswer,
  type Transport,
} from "../model/wire";
import { Away, type AwayWork } from "./away";
import { Backoff } from "./backoff";
import { Following } from "./following";
import { Refusals, type Notice, type RefusedWork } from "./refusals";

/** Whether the user's work is on the server. */
export interface SaveState {
  readonly kind: "saved" | "saving" | "offline" | "refused";
  /** Gestures not yet on the server, or refused by it. */
  readonly count: number;
}

export interface SessionPorts {
  readonly transport: Transport;
  readonly persistence: Persistence;
  readonly clock: Clock;
  readonly newId: () => string;
}

type Task =
  | { readonly kind: "edits"; readonly push: Push; sent: boolean; applied: boolean }
  | { readonly kind: "undo" | "redo"; readonly id: string; sent: boolean }
  | { readonly kind: "restore"; readonly id: string; readonly revision: number; sent: boolean };

const UNKEPT = "This browser cannot keep unsent work; do not close the page while saving.";

/**
 * Keeps the document in step with the server. Edits are applied at once and
 * sent one gesture at a time; a lost answer is asked for again under the same
 * request id. Revisions are taken strictly in order, whatever way they come.
 */
export class Session {
  private readonly queue: Task[] = [];
  private readonly undone: Push[] = [];
  private readonly away = new Away();
  private readonly backoff: Backoff;
  private readonly following: Following;
  private readonly refusals: Refusals;
  private readonly exhaustedEvents = new Emitter<"undo" | "redo">();
  private readonly saveState = signal<SaveState>({ kind: "saved", count: 0 });
  private readonly headEvents = new Emitter<number>();
  private isBusy = false;
  private isOffline = false;
  private isStopped = false;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly document: DocumentStore,
    private readonly ports: SessionPorts,
  ) {
    const { transport, clock } = ports;
    this.refusals = new Refusals((id) => document.item(id)?.tag);
    this.backoff = new Backoff(clock, () => {
      this.pump();
      this.following.drain();
    });
    this.following = new Following(document, {
      transport,
      clock,
      advanced: (head) => {
        this.headEvents.emit(head);
      },
      failed: () => {
        if (!this.backoff.isWaiting) this.backoff.wait();
      },
      isIdle: () => this.queue.length === 0,
      reloaded: () => {
        this.refusals.say("warning", "The design was loaded again.");
      },
    });
  }

  get state(): Readable<SaveState> {
    return this.saveState;
  }
  /** What the server refused since the user last looked. */
  get refused(): Readable<readonly RefusedWork[]> {
    return this.refusals.work;
  }
  /** Work made without the server that it did not take as it was: it can go on a copy. */
  get awayOffer(): Readable<AwayWork | null> {
    return this.away.offer;
  }
  get notices(): Event<Notice> {
    return this.refusals.notices;
  }
  /** The server had nothing left to undo or to redo. */
  get exhausted(): Event<"undo" | "redo"> {
    return this.exhaustedEvents;
  }
  /** Tells each time a newer revision is confirmed. */
  get advanced(): Event<number> {
    return this.headEvents;
  }
  /** Gestures that the server has not confirmed. */
  get pendingCount(): number {
    return this.queue.length;
  }

  /** Loads the document when `ready`, and goes on with work left from an earlier visit. */
  async start(ready: Promise<void> = Promise.resolve()): Promise<void> {
    const asked = this.ports.transport.document();
    const [state, left] = await Promise.all([asked, this.leftWork(), ready]);
    this.following.load(state);
    const [oldest] = left;
    if (oldest) this.away.left(Math.min(oldest.base, state.number), left);
    // The first may have arrived before the page went away: none is shown before its answer.
    this.queue.push(
      ...left.map((push, at) => ({ kind: "edits" as const, push, sent: at === 0, applied: false })),
    );
    this.tell();
    this.pump();
  }

  stop(): void {
    this.isStopped = true;
    this.backoff.cancel();
    this.following.stop();
  }

  /** Applies edits at once and sends them when it is their turn. */
  push(label: string, edits: readonly Edit[]): Applied {
    const push: Push = {
      base: this.document.head.get(),
      request_id: this.ports.newId(),
      label,
      edits,
    };
    this.undone.length = 0;
    return this.enqueue(push);
  }

  /** Takes back the newest gesture: here if it was not sent yet, else on the server. */
  undo(): void {
    const last = this.queue.at(-1);
    if (last?.kind === "edits" && !last.sent) {
      this.queue.pop();
      this.document.dropPending(last.push.request_id);
      this.away.takenBack(last.push.request_id);
      this.undone.push(last.push);
      this.persist();
      this.tell();
      return;
    }
    this.ask("undo");
  }

  redo(): void {
    const push = this.undone.pop();
    if (push) this.enqueue({ ...push, request_id: this.ports.newId() });
    else this.ask("redo");
  }

  /** Makes an earlier revision the newest again. */
  restore(revision: number): void {
    this.queue.push({ kind: "restore", id: this.ports.newId(), revision, sent: false });
    this.tell();
    this.pump();
  }

  /** Takes a message of the socket. */
  receive(message: LiveMessage): void {
    switch (message.type) {
      case "revision":
        this.following.hear(message);
        break;
      case "hello":
      case "pong":
        this.following.sawHead(message.head);
        this.retryNow();
        break;
      case "evaluation":
      case "report":
      case "presence":
      case "role":
      case "thread":
      case "notice":
        break;
      default:
        message satisfies never;
    }
  }

  /** The network may be back: tries at once instead of waiting. */
  retryNow(): void {
    this.backoff.cancel();
    this.pump();
  }

  /** The user has decided what becomes of the work made without the server. */
  dismissAway(): void {
    this.away.dismiss();
  }

  /** The user has read what was refused. */
  clearRefused(): void {
    this.refusals.clear();
    this.tell();
  }

  /** Resolves when everything that can be written to the local store is there. */
  settled(): Promise<void> {
    return this.saving;
  }

  private enqueue(push: Push): Applied {
    const outcome = this.document.applyPending(push.request_id, push.edits);
    if (outcome.effective.length === 0) {
      this.document.dropPending(push.request_id);
      this.refusals.parts(push.label, push.edits, outcome.refused);
      this.tell();
      return outcome;
    }
    this.queue.push({ kind: "edits", push, sent: false, applied: true });
    this.away.made(push);
    this.persist();
    this.tell();
    this.pump();
    return outcome;
  }

  private ask(kind: "undo" | "redo"): void {
    if (this.isOffline) {
      this.refusals.say("warning", `The server cannot be reached: ${kind} waits until it can.`);
      return;
    }
    this.queue.push({ kind, id: this.ports.newId(), sent: false });
    this.tell();
    this.pump();
  }

  /** Sends the first task, if nothing is on its way and no wait is on. */
  private pump(): void {
    const task = this.queue[0];
    if (task === undefined || this.isBusy || this.backoff.isWaiting || this.isStopped) return;
    this.isBusy = true;
    task.sent = true;
    this.send(task).then(
      (answer) => {
        this.isBusy = false;
        this.online();
        this.answered(task, answer);
      },
      (error: unknown) => {
        this.isBusy = false;
        this.failed(task, error);
      },
    );
  }

  private send(task: Task): Promise<PushAnswer> {
    const { transport } = this.ports;
    switch (task.kind) {
      case "edits":
        return transport.push({ ...task.push, base: this.document.head.get() });
      case "undo":
        return transport.undo(task.id);
      case "redo":
        return transport.redo(task.id);
      case "restore":
        return transport.restore(task.revision, task.id);
      default:
        return task satisfies never;
    }
  }

  private answered(task: Task, answer: PushAnswer): void {
    this.finish(task);
    const key = task.kind === "edits" ? task.push.request_id : task.id;
    if (task.kind === "edits") {
      this.refusals.parts(task.push.label, task.push.edits, answer.refused);
      if (answer.refused.length > 0) this.away.refuse(key);
    } else this.refusals.skipped(task.kind === "redo" ? "redone" : "undone", answer);
    // Already here by another way, or nothing of it was taken: no revision will carry it off.
    if (answer.number <= this.document.head.get() || answer.effective.length === 0) {
      this.document.dropPending(key);
    }
    if (answer.effective.length > 0) this.following.addAnswer(answer, key);
    this.settle(answer.number);
  }

  private failed(task: Task, error: unknown): void {
    if (this.isStopped) return;
    if (error instanceof Problem && error.isFinal) {
      this.online();
      this.finish(task);
      if (task.kind === "edits") {
        this.document.dropPending(task.push.request_id);
        this.refusals.whole(task.push.label, task.push.edits, error);
        this.away.refuse(task.push.request_id);
      } else if (error.code === "nothing-to-undo" || error.code === "nothing-to-redo") {
        this.exhaustedEvents.emit(error.code === "nothing-to-undo" ? "undo" : "redo");
        this.refusals.say("info", error.message);
      } else {
        this.refusals.say("error", error.message);
      }
      this.settle();
      return;
    }
    if (!(error instanceof Unreachable) && !(error instanceof Problem)) throw error;
    this.isOffline = true;
    const waiting = this.queue.flatMap((one) => (one.kind === "edits" ? [one.push] : []));
    this.away.left(this.document.head.get(), waiting);
    this.backoff.wait();
    this.tell();
  }

  /** One task has had its answer: takes what came with it and goes on with the next. */
  private settle(known = 0): void {
    this.following.drain();
    this.showWaiting();
    if (this.queue.length === 0) {
      this.away.returned(Math.max(known, this.document.head.get()));
    }
    this.tell();
    this.pump();
  }

  private online(): void {
    this.isOffline = false;
    this.backoff.reset();
  }

  private finish(task: Task): void {
    const at = this.queue.indexOf(task);
    if (at >= 0) this.queue.splice(at, 1);
    this.persist();
  }

  /** Once the first task of an earlier visit is answered, the others are known not to have arrived. */
  private showWaiting(): void {
    for (const task of this.queue) {
      if (task.kind === "edits" && !task.applied) {
        task.applied = true;
        this.document.applyPending(task.push.request_id, task.push.edits);
      }
    }
  }

  private leftWork(): Promise<readonly Push[]> {
    return this.ports.persistence.load().catch(() => {
      this.refusals.say("warning", UNKEPT);
      return [];
    });
  }

  private persist(): void {
    const pushes = this.queue.flatMap((task) => (task.kind === "edits" ? [task.push] : []));
    this.saving = this.saving
      .then(() => this.ports.persistence.save(pushes))
      .catch(() => {
        this.refusals.say("warning", UNKEPT);
      });
  }

  private tell(): void {
    const waiting = this.queue.length;
    const refused = this.refusals.count;
    const kind =
      refused > 0 ? "refused" : waiting === 0 ? "saved" : this.isOffline ? "offline" : "saving";
    const count = kind === "refused" ? refused : waiting;
    const old = this.saveState.get();
    if (old.kind !== kind || old.count !== count) this.saveState.set({ kind, count });
  }
}
