/** The panels' questions, asked over HTTP; what does not change is asked once. */
import type { DesignClient } from "../api/client";
import type { Http } from "../api/http";
import type { Evaluation } from "../model/evaluation";
import { Unreachable, type EvaluationRow } from "../model/wire";
import type { AssumptionRow, Backend, HistoryRow, SiteRow, WorkloadRow } from "./context";

const POLL_MS = 400;

export class ServerBackend implements Backend {
  private readonly once = new Map<string, Promise<unknown>>();

  constructor(
    private readonly http: Http,
    private readonly client: DesignClient,
    private readonly designId: string,
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

  history(before: number | null): Promise<readonly HistoryRow[]> {
    return this.client.history(before);
  }

  async study(revision: number): Promise<Evaluation> {
    const url = `/api/designs/${this.designId}/evaluations`;
    let row = await this.http.post<EvaluationRow>(url, { revision, level: "study" });
    while (row.state === "queued" || row.state === "running") {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      row = await this.client.row(row.id);
    }
    if (row.state !== "done")
      throw new Unreachable(row.error?.detail ?? "The study did not finish.");
    return (await this.client.result(row.id)) as Evaluation;
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
