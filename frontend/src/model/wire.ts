/**
 * What passes between the editor and the server, and the ports through which
 * it passes. `api/` fills the ports in the browser; tests fill them by hand.
 */
import type { Edit, Primitive, Refused } from "./edits";
import type { ElementId, PlanElement } from "./element";

/** A design at one revision. */
export interface DocumentState {
  readonly number: number;
  readonly state_hash: string;
  readonly elements: readonly PlanElement[];
}

export interface Guard {
  readonly id: ElementId;
  readonly group: string;
  readonly expect: object | null;
}

/** One gesture on its way to the server. */
export interface Push {
  readonly base: number;
  readonly request_id: string;
  readonly label: string;
  readonly edits: readonly Edit[];
  readonly guards?: readonly Guard[];
}

export interface Skipped {
  readonly id: ElementId;
  /** null: the whole element. */
  readonly group: string | null;
  readonly reason: string;
}

/** The server's answer to a push, an undo, a redo or a restore. */
export interface PushAnswer {
  readonly number: number;
  readonly effective: readonly Primitive[];
  readonly refused: readonly Refused[];
  readonly state_hash: string;
  readonly duplicate: boolean;
  readonly skipped?: readonly Skipped[];
}

export interface Revision {
  readonly number: number;
  readonly author: string | null;
  readonly author_id: string | null;
  readonly at?: string;
  readonly label: string;
  readonly effective: readonly Primitive[];
  readonly state_hash: string;
  readonly undo_of?: number | null;
  readonly request_id: string;
}

export type EvaluationState =
  "queued" | "running" | "done" | "failed" | "cancelled" | "quarantined";

/** A problem as RFC 9457 has it. */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export interface EvaluationRow {
  readonly id: string;
  readonly key: string;
  readonly design_id: string;
  readonly revision: number;
  readonly level: "edit" | "study" | "risk";
  readonly state: EvaluationState;
  readonly progress: number;
  readonly error: ProblemBody | null;
  readonly requested_at: string;
  readonly finished_at: string | null;
  readonly duration_s: number | null;
}

export interface ReportRow {
  readonly id: string;
  readonly state: string;
  readonly progress?: number;
  readonly format?: string;
  readonly [field: string]: unknown;
}

/** What of the editor's offers a user may take up. */
export type Offer = "evaluate" | "comment" | "edit";

/** What a user may do with a design now. */
export interface Footing {
  readonly role: string;
  readonly may: readonly Offer[];
  /** It changes by approved proposals only, whoever asks. */
  readonly is_protected: boolean;
}

/** What the server says over the socket. A doorbell: nothing is true only there. */
export type LiveMessage =
  | {
      readonly type: "revision";
      readonly number: number;
      readonly author: string;
      readonly author_id: string;
      readonly label: string;
      /** null when too big to send: pull it. */
      readonly effective: readonly Primitive[] | null;
      readonly state_hash: string;
      readonly request_id: string | null;
    }
  | { readonly type: "evaluation"; readonly evaluation: EvaluationRow }
  | { readonly type: "report"; readonly report: ReportRow }
  | ({
      readonly type: "hello";
      readonly head: number;
      readonly user: { readonly id: string; readonly name: string };
      /** What the others call this browser tab. */
      readonly client?: string;
    } & Footing)
  | ({ readonly type: "role" } & Footing)
  | { readonly type: "thread"; readonly thread: string; readonly state: string }
  | { readonly type: "notice" }
  | { readonly type: "pong"; readonly head: number }
  | PresenceMessage;

/** What a browser tells the others about its user. It may get lost, and nothing keeps it. */
export interface Whereabouts {
  readonly cursor: readonly [number, number] | null;
  readonly selection: readonly ElementId[];
  /** Where dragged elements would land: id, x_mm, y_mm, rotation_deg. */
  readonly ghosts?: readonly (readonly [ElementId, number, number, number])[];
  /** What the screen shows: centre x_mm, y_mm and mm per pixel. */
  readonly view?: readonly [number, number, number];
  /** The tab whose view this one keeps to. */
  readonly following?: string | null;
  /** A place that the others are asked to look at, and the comment there. */
  readonly look?: { readonly at: readonly [number, number]; readonly thread?: string | null };
}

export interface PresenceMessage extends Partial<Whereabouts> {
  readonly type: "presence";
  readonly user: { readonly id: string; readonly name: string };
  /** One browser tab of that user. */
  readonly client?: string;
  readonly gone?: boolean;
}

/** The server, as the session sees it. Failures are `Unreachable` or `Problem`. */
export interface Transport {
  document(): Promise<DocumentState>;
  push(push: Push): Promise<PushAnswer>;
  undo(request_id: string): Promise<PushAnswer>;
  redo(request_id: string): Promise<PushAnswer>;
  restore(revision: number, request_id: string): Promise<PushAnswer>;
  revisionsAfter(number: number): Promise<readonly Revision[]>;
}

/** Evaluations, as the results see them. */
export interface Evaluator {
  request(revision: number): Promise<EvaluationRow>;
  row(id: string): Promise<EvaluationRow>;
  result(id: string): Promise<unknown>;
  latest(): Promise<EvaluationRow | null>;
}

/** Where unsent work survives a reload. */
export interface Persistence {
  load(): Promise<readonly Push[]>;
  save(pushes: readonly Push[]): Promise<void>;
}

/** The server cannot be reached; trying again later is right. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** The server answered with a problem. */
export class Problem extends Error {
  override readonly name = "Problem";

  constructor(readonly body: ProblemBody) {
    super(body.detail || body.title);
  }

  get code(): string {
    return this.body.code;
  }

  get status(): number {
    return this.body.status;
  }

  /** Whether asking again would get the same answer. */
  get isFinal(): boolean {
    const { status } = this;
    return status >= 400 && status < 500 && status !== 401 && status !== 408 && status !== 429;
  }
}
