/** The others who have the design open: what they are told, and whose view this one keeps to. */
import type { Clock } from "../base/clock";
import { Emitter, signal, type Event, type Readable } from "../base/signal";
import { add, rotateAbout, type Vec2 } from "../base/vec2";
import { heldAt } from "../model/run";
import type { ElementId } from "../model/element";
import { quantiseAngle, quantiseLength } from "../model/quantise";
import type { PresenceMessage, Whereabouts } from "../model/wire";
import type { Editor } from "./editor";

/** Somebody asks the others to look at a place. */
export interface Look {
  readonly client: string;
  readonly name: string;
  readonly at: Vec2;
  readonly thread: string | null;
}

const MOST_IDS = 200;
/** So often the others hear of somebody who does nothing. */
const STILL_HERE_MS = 20_000;
/** Whoever was silent for this long is gone: the word that they left may get lost. */
const SILENT_MS = 60_000;

interface Heard {
  readonly message: PresenceMessage;
  readonly at: number;
}

export class Presence {
  private readonly heard = new Map<string, Heard>();
  private readonly shown = signal<ReadonlyMap<string, PresenceMessage>>(new Map());
  private readonly followed = signal<string | null>(null);
  private readonly looks = new Emitter<Look>();
  private readonly news = new Emitter<null>();
  private ownClient: string | null = null;
  private look: NonNullable<Whereabouts["look"]> | null = null;
  /** The view is being set to that of the person who is followed. */
  private isKeepingUp = false;
  private stopBeat: () => void;

  constructor(
    private readonly host: Editor,
    private readonly clock: Clock,
  ) {
    const tell = (): void => {
      this.news.emit(null);
    };
    host.pointerAt.subscribe(tell);
    host.selection.ids.subscribe(tell);
    let moving = host.preview.state.get().moving;
    host.preview.state.subscribe((state) => {
      if (state.moving === moving) return;
      moving = state.moving;
      tell();
    });
    let seen = host.camera.view.get();
    host.camera.view.subscribe((view) => {
      const isOther = view.centre !== seen.centre || view.zoom !== seen.zoom;
      seen = view;
      if (!isOther) return;
      if (!this.isKeepingUp) this.follow(null);
      if (this.isFollowed) tell();
    });
    this.stopBeat = this.beat();
  }

  /** Who else is here, by browser tab. */
  get peers(): Readable<ReadonlyMap<string, PresenceMessage>> {
    return this.shown;
  }

  /** The tab whose view this one keeps to. */
  get following(): Readable<string | null> {
    return this.followed;
  }

  /** Somebody wants the others to look somewhere. */
  get asked(): Event<Look> {
    return this.looks;
  }

  /** There is something new to tell the others: `whereabouts` says what. */
  get changed(): Event<null> {
    return this.news;
  }

  stop(): void {
    this.stopBeat();
  }

  /** The socket is open: the others call this tab `client`, and may not know of it yet. */
  greeted(client: string | null): void {
    this.ownClient = client;
    this.news.emit(null);
  }

  hear(message: PresenceMessage): void {
    if (message.user.id === this.host.user.id) return;
    const client = message.client ?? message.user.id;
    if (message.gone === true) {
      this.forget([client]);
      return;
    }
    const before = this.heard.get(client)?.message;
    this.heard.set(client, { message, at: this.clock.now() });
    this.show();
    if (message.look) {
      const [x, y] = message.look.at;
      const thread = message.look.thread ?? null;
      this.looks.emit({ client, name: message.user.name, at: { x, y }, thread });
    }
    if (client === this.followed.get()) this.keepUp(message);
    // Who came later knows nobody yet, and who begins to follow needs the view.
    const follows = message.following ?? null;
    const begins = follows !== null && follows !== (before?.following ?? null);
    if (before === undefined || (begins && follows === this.ownClient)) this.news.emit(null);
  }

  /** Keeps the view on what somebody sees, until the user moves it; null ends it. */
  follow(client: string | null): void {
    if (client === this.followed.get()) return;
    if (client !== null && !this.heard.has(client)) return;
    this.followed.set(client);
    const message = client === null ? undefined : this.heard.get(client)?.message;
    if (message) this.keepUp(message);
    this.news.emit(null);
  }

  /** Asks the others to look at a place, and at the comment there. */
  askToLook(at: Vec2, thread: string | null = null): void {
    this.look = { at: [at.x, at.y], thread };
    this.news.emit(null);
  }

  /** What the others are told now. A look is told once. */
  whereabouts(): Whereabouts {
    const { pointerAt, selection, camera } = this.host;
    const at = pointerAt.get();
    const ghosts = this.ghosts();
    const { look } = this;
    this.look = null;
    const { centre, zoom } = camera.view.get();
    const following = this.followed.get();
    return {
      cursor: at === null ? null : [at.x, at.y],
      selection: [...selection.ids.get()].slice(0, MOST_IDS),
      ...(ghosts.length > 0 ? { ghosts } : {}),
      ...(this.isFollowed ? { view: [centre.x, centre.y, 1 / zoom] as const } : {}),
      ...(following === null ? {} : { following }),
      ...(look === null ? {} : { look }),
    };
  }

  private get isFollowed(): boolean {
    if (this.ownClient === null) return false;
    for (const { message } of this.heard.values()) {
      if (message.following === this.ownClient) return true;
    }
    return false;
  }

  private keepUp({ view }: PresenceMessage): void {
    if (view === undefined) return;
    const [x, y, mmPerPx] = view;
    this.isKeepingUp = true;
    this.host.camera.set({ centre: { x, y }, zoom: 1 / mmPerPx });
    this.isKeepingUp = false;
  }

  private ghosts(): readonly (readonly [ElementId, number, number, number])[] {
    const { moving } = this.host.preview.state.get();
    if (moving === null) return [];
    const { by, turn } = moving;
    const found: (readonly [ElementId, number, number, number])[] = [];
    for (const id of moving.ids) {
      if (found.length >= MOST_IDS) break;
      const element = this.host.document.item(id)?.element;
      const placement = element && heldAt(element);
      if (!placement) continue;
      const from = { x: placement.x_mm, y: placement.y_mm };
      const turned = turn === null ? from : rotateAbout(from, turn.degrees, turn.about);
      const to = add(turned, by);
      const angle = quantiseAngle(placement.rotation_deg + (turn?.degrees ?? 0));
      found.push([id, quantiseLength(to.x), quantiseLength(to.y), angle]);
    }
    return found;
  }

  private beat(): () => void {
    return this.clock.after(STILL_HERE_MS, () => {
      const since = this.clock.now() - SILENT_MS;
      this.forget([...this.heard].flatMap(([client, { at }]) => (at < since ? [client] : [])));
      if (this.heard.size > 0) this.news.emit(null);
      this.stopBeat = this.beat();
    });
  }

  private forget(clients: readonly string[]): void {
    const gone = clients.filter((client) => this.heard.delete(client));
    if (gone.length === 0) return;
    this.show();
    if (gone.includes(this.followed.get() ?? "")) this.follow(null);
  }

  private show(): void {
    this.shown.set(new Map([...this.heard].map(([client, { message }]) => [client, message])));
  }
}
