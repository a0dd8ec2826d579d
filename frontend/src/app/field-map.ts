/** The map of power over the floor: only a full study carries it, so it is asked for when it is looked at. */
import { Disposables } from "../base/disposable";
import { signal, type Readable } from "../base/signal";
import type { Editor } from "../editor/editor";
import type { Evaluation, HeatMap } from "../model/evaluation";
import { Problem, Unreachable } from "../model/wire";

export interface FieldMapState {
  readonly map: HeatMap | null;
  readonly revision: number | null;
  readonly busy: boolean;
  /** Why there is none; empty while there may be. */
  readonly error: string;
}

export class FieldMap {
  private readonly current = signal<FieldMapState>({
    map: null,
    revision: null,
    busy: false,
    error: "",
  });
  readonly map = signal<HeatMap | null>(null);
  private readonly ends = new Disposables();

  constructor(
    private readonly editor: Editor,
    private readonly study: (revision: number) => Promise<Evaluation>,
  ) {
    this.ends.add(editor.settings.overlay.subscribe(this.look));
    this.ends.add(editor.results.state.subscribe(this.look));
  }

  get state(): Readable<FieldMapState> {
    return this.current;
  }

  stop(): void {
    this.ends.dispose();
  }

  private readonly look = (): void => {
    const { revision, stale } = this.editor.results.state.get();
    const state = this.current.get();
    const isShown = this.editor.settings.overlay.get() === "heat-map";
    if (!isShown || stale || revision === null || state.busy || state.revision === revision) return;
    this.current.set({ ...state, busy: true, error: "" });
    this.study(revision).then(
      ({ space }) => {
        this.map.set(space.heat_map);
        const error = space.heat_map === null ? "there are no racks" : "";
        this.current.set({ map: space.heat_map, revision, busy: false, error });
        this.look();
      },
      (error: unknown) => {
        if (!(error instanceof Problem) && !(error instanceof Unreachable)) throw error;
        this.current.set({ ...state, revision, busy: false, error: error.message });
      },
    );
  };
}
