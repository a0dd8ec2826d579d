import type { Clock } from "../base/clock";
import { signal, type Readable } from "../base/signal";
import type { ElementId } from "../model/element";
import type { Evaluation, Finding } from "../model/evaluation";
import {
  Problem,
  Unreachable,
  type EvaluationRow,
  type Evaluator,
  type ProblemBody,
} from "../model/wire";

/** What the engine last said about the design, and how old that is. */
export interface ResultsState {
  readonly result: Evaluation | null;
  /** The revision that the result is of. */
  readonly revision: number | null;
  /** The design has moved on since. */
  readonly stale: boolean;
  /** The evaluation under way, for its progress. */
  readonly running: EvaluationRow | null;
  readonly error: ProblemBody | null;
}

/** Figures of one rack, CDU or module, by column name. */
export type Figures = Readonly<Record<string, number>>;

const SETTLE_MS = 250;
const POLL_MS = 1_000;

/** Asks for the evaluation of each newest revision and keeps the last result. */
export class Results {
  private readonly current = signal<ResultsState>({
    result: null,
    revision: null,
    stale: false,
    running: null,
    error: null,
  });
  private readonly figures = new Map<ElementId, Figures>();
  private readonly byElement = new Map<ElementId, Finding[]>();
  private head = 0;
  private hasRecalled = false;
  private wanted: string | null = null;
  private wantedRevision = 0;
  /** Two clocks: news of an earlier evaluation must not call off the question about a later one. */
  private stopAsking: (() => void) | null = null;
  private stopPolling: (() => void) | null = null;

  constructor(
    private readonly evaluator: Evaluator,
    private readonly clock: Clock,
    private readonly mayAsk: () => boolean = () => true,
  ) {}

  get state(): Readable<ResultsState> {
    return this.current;
  }

  /** Figures of one element from the last result. */
  of(id: ElementId): Figures | undefined {
    return this.figures.get(id);
  }

  findingsOf(id: ElementId): readonly Finding[] {
    return this.byElement.get(id) ?? [];
  }

  /** A newer revision is confirmed: its evaluation is asked for once edits pause. */
  advanced(head: number): void {
    this.head = head;
    const { revision } = this.current.get();
    this.update({ stale: revision !== null && revision !== head });
    this.recall();
    this.stopAsking?.();
    this.stopAsking = this.clock.after(SETTLE_MS, () => {
      this.ask();
    });
  }

  /** News of an evaluation, from the socket or a poll. */
  heard(row: EvaluationRow): void {
    if (!this.mayAsk() && row.state === "done") this.lookForLatest();
    if (row.id !== this.wanted) return;
    if (row.state === "queued" || row.state === "running") {
      this.update({ running: row, error: null });
      this.poll(row);
      return;
    }
    this.stopPolling?.();
    if (row.state !== "done") {
      this.update({ running: null, error: row.error });
      return;
    }
    this.follow(this.evaluator.result(row.id), (result) => {
      if (row.id !== this.wanted) return;
      this.show(result as Evaluation, this.wantedRevision);
    });
  }

  /** Shows a result. */
  show(result: Evaluation, revision: number): void {
    this.index(result);
    this.current.set({
      result,
      revision,
      stale: revision !== this.head,
      running: null,
      error: null,
    });
  }

  stop(): void {
    this.stopAsking?.();
    this.stopPolling?.();
    this.wanted = null;
  }

  /** At the start: the last finished result, until the newest revision has its own. */
  private recall(): void {
    if (this.hasRecalled) return;
    this.hasRecalled = true;
    this.lookForLatest();
  }

  /** Takes the newest result that there is, where it is newer than the one shown. */
  private lookForLatest(): void {
    this.follow(this.evaluator.latest(), (row) => {
      if (row === null) return;
      this.follow(this.evaluator.result(row.id), (result) => {
        const { revision, running } = this.current.get();
        if (revision !== null && revision >= row.revision) return;
        this.show(result as Evaluation, row.revision);
        this.update({ running });
      });
    });
  }

  private ask(): void {
    if (!this.mayAsk()) return;
    const head = this.head;
    this.follow(this.evaluator.request(head), (row) => {
      if (head !== this.head) return;
      this.wanted = row.id;
      // The row may be of an earlier revision that is equal to this one.
      this.wantedRevision = head;
      this.heard(row);
    });
  }

  private poll(row: EvaluationRow): void {
    this.stopPolling?.();
    this.stopPolling = this.clock.after(POLL_MS, () => {
      this.follow(this.evaluator.row(row.id), (news) => {
        this.heard(news);
      });
    });
  }

  private follow<T>(promise: Promise<T>, then: (value: T) => void): void {
    promise.then(then, (error: unknown) => {
      if (error instanceof Problem) this.update({ running: null, error: error.body });
      else if (error instanceof Unreachable) this.retry();
      else throw error;
    });
  }

  private retry(): void {
    this.stopAsking?.();
    this.stopAsking = this.clock.after(POLL_MS * 3, () => {
      this.ask();
    });
  }

  private update(change: Partial<ResultsState>): void {
    this.current.update((state) => ({ ...state, ...change }));
  }

  private index(result: Evaluation): void {
    this.figures.clear();
    this.byElement.clear();
    const { racks, modules } = result.elements;
    for (const table of [racks, modules, result.cooling.cdus, result.power.nodes]) {
      rowsOf(table, this.figures);
    }
    for (const finding of result.findings) {
      for (const id of finding.element_ids) {
        const known = this.byElement.get(id);
        if (known) known.push(finding);
        else this.byElement.set(id, [finding]);
      }
    }
  }
}

/** Columns of equal length, `id` among them, turned into figures by id. */
function rowsOf(table: object, into: Map<ElementId, Figures>): void {
  const columns = Object.entries(table) as [string, readonly unknown[]][];
  const ids = columns.find(([name]) => name === "id")?.[1] ?? [];
  ids.forEach((id, row) => {
    const figures: Record<string, number> = {};
    for (const [name, column] of columns) {
      const value = column[row];
      if (typeof value === "number") figures[name] = value;
    }
    into.set(String(id), figures);
  });
}
