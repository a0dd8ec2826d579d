/** The panels' questions, asked over HTTP; what does not change is asked once. */
import type { DesignClient } from "../api/client";
import type { Http } from "../api/http";
import type { AssumptionRow, Backend, HistoryRow, SiteRow, WorkloadRow } from "./context";

export class ServerBackend implements Backend {
  private readonly once = new Map<string, Promise<unknown>>();

  constructor(
    private readonly http: Http,
    private readonly client: DesignClient,
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
