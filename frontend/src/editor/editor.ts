/**
 * The editor without a page: what the panels read and the plan draws.
 *
 * This surface is stable. Every change of the design goes through `commit`,
 * every verb of the user through `commands`, every pointer and key through
 * `tools`; everything that can be watched is a signal or an event.
 */
import type { Clock } from "../base/clock";
import { union, type Box } from "../base/box";
import { Emitter, signal, type Event, type Readable, type Signal } from "../base/signal";
import { uuid7Maker } from "../base/uuid7";
import type { Vec2 } from "../base/vec2";
import type { Applied, Edit } from "../model/edits";
import type { ElementId, Point } from "../model/element";
import { Products, type ModuleTemplate } from "../model/products";
import { quantised } from "../model/quantise";
import { DocumentStore } from "../model/store";
import type { Evaluator, LiveMessage, Offer, Persistence, Transport } from "../model/wire";
import { Camera } from "./camera";
import { Clipboard } from "./clipboard";
import { CommandRegistry } from "./commands";
import { registerCommands } from "./commands/all";
import { Finder } from "./find";
import { History } from "./history";
import { Layers } from "./layers";
import { Picker } from "./picking";
import { Presence } from "./presence";
import { Preview } from "./preview";
import { Results } from "./results";
import { Rights } from "./rights";
import { Selection } from "./selection";
import type { Notice } from "./refusals";
import { Session } from "./session";
import { makeSettings, type Settings, type SettingsValues } from "./settings";
import { Snapper } from "./snapping";
import { SpatialIndex } from "./spatial";
import { Tools } from "./tools";
import { ALL_TOOLS } from "./tools/all";

export interface EditorPorts {
  readonly transport: Transport;
  readonly evaluator: Evaluator;
  readonly persistence: Persistence;
  readonly clock: Clock;
  readonly user: { readonly id: string; readonly name: string };
  /** What the user may do when the page opens; the server tells when that changes. */
  readonly may: readonly Offer[];
  readonly settings?: Partial<SettingsValues>;
  /** Maker of element and request ids; UUIDv7 by the clock unless given. */
  readonly newId?: () => string;
}

const NOTHING: Applied = { effective: [], refused: [] };

export class Editor {
  readonly products = new Products();
  readonly document = new DocumentStore(this.products);
  readonly camera = new Camera();
  readonly selection = new Selection();
  readonly layers = new Layers();
  readonly preview = new Preview();
  readonly settings: Settings;
  readonly spatial: SpatialIndex;
  readonly picker: Picker;
  readonly snapper: Snapper;
  readonly session: Session;
  readonly history: History;
  readonly results: Results;
  readonly clipboard: Clipboard;
  readonly finder: Finder;
  /** Who else has the design open, and what they are told of this user. */
  readonly presence: Presence;
  readonly commands: CommandRegistry;
  readonly tools: Tools;

  /** Where the pointer is on the plan; null when it is elsewhere. */
  readonly pointerAt: Signal<Vec2 | null> = signal<Vec2 | null>(null);
  /** The module templates that the catalogue ships. */
  readonly templates: Signal<readonly ModuleTemplate[]> = signal<readonly ModuleTemplate[]>([]);
  readonly user: { readonly id: string; readonly name: string };

  /** The user has outlined an area that is no element. */
  readonly sketched = new Emitter<readonly Point[]>();
  /** What the user may do with this design now. */
  readonly rights: Rights;

  private readonly noticeEvents = new Emitter<Notice>();
  private readonly askEvents = new Emitter<string>();
  private readonly makeId: () => string;

  constructor(ports: EditorPorts) {
    const { clock, user } = ports;
    this.user = user;
    this.rights = new Rights(ports.may);
    this.makeId = ports.newId ?? uuid7Maker(() => clock.now());
    this.settings = makeSettings(ports.settings);
    this.spatial = new SpatialIndex(this.document);
    this.picker = new Picker(this.spatial, this.selection, this.layers);
    this.snapper = new Snapper(this);
    this.session = new Session(this.document, { ...ports, newId: this.makeId });
    this.history = new History(this.session, () => this.canEdit.get());
    this.results = new Results(ports.evaluator, clock, () => this.rights.mayEvaluate.get());
    this.clipboard = new Clipboard(this);
    this.finder = new Finder(this);
    this.presence = new Presence(this, clock);
    this.commands = new CommandRegistry(this.settings.singleKeys);
    this.tools = new Tools(this, ALL_TOOLS);
    registerCommands(this);
    this.session.notices.on((notice) => {
      this.noticeEvents.emit(notice);
    });
    this.rights.changed.on((text) => {
      this.notify("warning", text);
    });
    this.session.exhausted.on((kind) => {
      this.history.exhausted(kind);
    });
    this.session.advanced.on((head) => {
      this.results.advanced(head);
    });
  }

  /** Whether the user may change the design. */
  get canEdit(): Readable<boolean> {
    return this.rights.mayEdit;
  }

  /** Short messages for the user: toasts, and the live region. */
  get notices(): Event<Notice> {
    return this.noticeEvents;
  }

  /**
   * A command wants a part of the page: "palette", "find", "shortcuts",
   * "table-paste", "library", "library-search", "layers", "history", "inspector", "results",
   * "copy" (put `clipboard.buffer` on the system's clipboard),
   * or "command:<id>" to ask for the arguments of a command.
   */
  get asks(): Event<string> {
    return this.askEvents;
  }

  /** Loads the design and shows its halls, once `ready` says that its products are known. */
  async start(ready: Promise<void> = Promise.resolve()): Promise<void> {
    await this.session.start(ready);
    // The plant outdoors takes several times the room of the halls that it serves.
    const box = this.extent(this.document.ofKind("hall")) ?? this.extent();
    if (box) this.camera.fit(box);
  }

  stop(): void {
    this.session.stop();
    this.results.stop();
    this.presence.stop();
  }

  /** Takes a message of the socket. */
  receive(message: LiveMessage): void {
    if (message.type === "evaluation") this.results.heard(message.evaluation);
    else if (message.type === "presence") this.presence.hear(message);
    else this.session.receive(message);
    if (message.type === "hello") this.presence.greeted(message.client ?? null);
    if (message.type === "hello" || message.type === "role") this.rights.set(message);
  }

  newId(): string {
    return this.makeId();
  }

  /**
   * Changes the design: one gesture, one request, one revision. Applied at
   * once; numbers are put on the document's grid. `label` is a plain verb
   * phrase, as the history shows it: "Move 3 racks".
   */
  commit(label: string, edits: readonly Edit[]): Applied {
    if (edits.length === 0) return NOTHING;
    if (!this.canEdit.get()) {
      this.notify("warning", "You can look at this design, but not change it.");
      return NOTHING;
    }
    const applied = this.session.push(label, quantised(edits));
    if (applied.effective.length > 0) this.history.committed();
    return applied;
  }

  notify(kind: Notice["kind"], text: string): void {
    this.noticeEvents.emit({ kind, text });
  }

  /** Asks the page to open one of its parts. */
  ask(what: string): void {
    this.askEvents.emit(what);
  }

  /** The box around some items, or around everything visible. */
  extent(ids?: Iterable<ElementId>): Box | null {
    if (ids === undefined) {
      return union(
        [...this.document.items()].filter((i) => this.layers.isVisible(i)).map((i) => i.box),
      );
    }
    return union(
      [...ids].flatMap((id) => {
        const item = this.document.item(id);
        return item ? [item.box] : [];
      }),
    );
  }
}
