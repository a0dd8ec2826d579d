import type { ModuleTemplate, ProductRecord } from "../model/products";
import type {
  DocumentState,
  EvaluationRow,
  Evaluator,
  Push,
  PushAnswer,
  Revision,
  Transport,
} from "../model/wire";
import type { Http } from "./http";

/** One line of the history. */
export interface HistoryRow {
  readonly number: number;
  readonly kind: string;
  readonly author: string | null;
  readonly author_id: string | null;
  readonly at: string;
  readonly label: string;
  readonly undo_of: number | null;
}

/** Everything that the server offers for one design. */
export class DesignClient implements Transport, Evaluator {
  private readonly base: string;

  constructor(
    private readonly http: Http,
    designId: string,
  ) {
    this.base = `/api/designs/${designId}`;
  }

  document(): Promise<DocumentState> {
    return this.http.get(`${this.base}/document`);
  }

  push(push: Push): Promise<PushAnswer> {
    return this.http.post(`${this.base}/edits`, push);
  }

  undo(request_id: string): Promise<PushAnswer> {
    return this.http.post(`${this.base}/undo`, { request_id });
  }

  redo(request_id: string): Promise<PushAnswer> {
    return this.http.post(`${this.base}/redo`, { request_id });
  }

  restore(revision: number, request_id: string): Promise<PushAnswer> {
    return this.http.post(`${this.base}/restore`, { revision, request_id });
  }

  revisionsAfter(number: number): Promise<readonly Revision[]> {
    return this.http.get(`${this.base}/revisions?after=${number}&limit=200`);
  }

  /** Newest first. */
  history(before: number | null = null): Promise<readonly HistoryRow[]> {
    return this.http.get(`${this.base}/history${before === null ? "" : `?before=${before}`}`);
  }

  request(revision: number): Promise<EvaluationRow> {
    return this.http.post(`${this.base}/evaluations`, { revision, level: "edit" });
  }

  row(id: string): Promise<EvaluationRow> {
    return this.http.get(`/api/evaluations/${id}`);
  }

  result(id: string): Promise<unknown> {
    return this.http.get(`/api/evaluations/${id}/result`);
  }

  /** null before the first. */
  latest(): Promise<EvaluationRow | null> {
    return this.http.get(`${this.base}/evaluations/latest`);
  }

  products(): Promise<readonly ProductRecord[]> {
    return this.http.get("/api/catalog/products");
  }

  templates(): Promise<readonly ModuleTemplate[]> {
    return this.http.get("/api/catalog/modules");
  }
}
