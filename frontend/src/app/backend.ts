/** The panels' questions, asked over HTTP; what does not change is asked once. */
import { DesignClient } from "../api/client";
import type { Http } from "../api/http";
import type { Evaluation } from "../model/evaluation";
import type { NewThread, Person, Settled, Thread } from "../model/thread";
import { Problem, Unreachable, type EvaluationRow, type Push } from "../model/wire";
import type {
  AssumptionRow,
  Backend,
  CopyMade,
  HistoryRow,
  SettingRow,
  SiteRow,
  WorkloadRow,
} from "./context";

const POLL_MS = 400;

export class ServerBackend implements Backend {
  private readonly once = new Map<string, Promise<unknown>>();

  constructor(
    private readonly http: Http,
    private readonly client: DesignClient,
    private readonly design: { readonly id: string; readonly project: string },
    private readonly newId: () => string,
  ) {}

  sites(): Promise<readonly SiteRow[]> {
    return this.list("/api/catalog/sites");
  }

  workloads(): Promise<readonly WorkloadRow[]> {
    return this.list("/api/catalog/workloads");
  }

  assumptions(): Promise<readonly AssumptionRow[]> {
    return this.list("/api/catalog/assumptions");
  }

  settings(): Promise<readonly SettingRow[]> {
    return this.list(`/api/designs/${this.design.id}/settings`);
  }

  history(before: number | null): Promise<readonly HistoryRow[]> {
    return this.client.history(before);
  }

  async study(revision: number): Promise<Evaluation> {
    const url = `/api/designs/${this.design.id}/evaluations`;
    let row = await this.http.post<EvaluationRow>(url, { revision, level: "study" });
    while (row.state === "queued" || row.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      row = await this.client.row(row.id);
    }
    if (row.state !== "done")
      throw new Unreachable(row.error?.detail ?? "The study did not finish.");
    return (await this.client.result(row.id)) as Evaluation;
  }

  async copyWith(name: string, base: number, pushes: readonly Push[]): Promise<CopyMade> {
    const file = await this.http.get<object>(
      `/api/designs/${this.design.id}/file?revision=${String(base)}`,
    );
    const copy = await this.http.post<{ id: string; head: number }>(
      `/api/projects/${this.design.project}/import`,
      { ...file, name },
    );
    const client = new DesignClient(this.http, copy.id);
    let head = copy.head;
    let refused = 0;
    for (const { label, edits } of pushes) {
      const request_id = this.newId();
      try {
        const answer = await client.push({ base: head, request_id, label, edits });
        head = answer.number;
        refused += answer.refused.length > 0 ? 1 : 0;
      } catch (error) {
        if (!(error instanceof Problem) || !error.isFinal) throw error;
        refused += 1;
      }
    }
    return { id: copy.id, refused };
  }

  threads(): Promise<readonly Thread[]> {
    return this.http.get(`/api/designs/${this.design.id}/threads`);
  }

  openThread(thread: NewThread): Promise<Thread> {
    return this.http.post(`/api/designs/${this.design.id}/threads`, thread);
  }

  reply(thread: string, text: string): Promise<Thread> {
    return this.http.post(`/api/threads/${thread}/comments`, { text });
  }

  settle(thread: string, what: Settled): Promise<Thread> {
    return this.http.patch(`/api/threads/${thread}`, what);
  }

  people(): Promise<readonly Person[]> {
    return this.list(`/api/designs/${this.design.id}/people`);
  }

  private list<T>(url: string): Promise<readonly T[]> {
    const known = this.once.get(url);
    if (known !== undefined) return known as Promise<readonly T[]>;
    const asked = this.http.get<readonly T[]>(url);
    this.once.set(url, asked);
    // A failure is not kept: the next opening of the panel asks again.
    asked.catch(() => this.once.delete(url));
    return asked;
  }
}
