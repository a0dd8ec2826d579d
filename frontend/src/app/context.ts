/** What every panel is given: the editor, the page's own state, and what the server can be asked. */
import { getContext, setContext } from "svelte";
import type { Editor } from "../editor/editor";
import type { Readable } from "../base/signal";
import type { Evaluation } from "../model/evaluation";
import type { Confidence } from "../model/confidence";
import type { Push } from "../model/wire";
import type { CommentPort, Comments } from "./comments";
import type { FieldMap } from "./field-map";
import type { UiState } from "./ui-state";

export interface DesignInfo {
  readonly id: string;
  readonly name: string;
  readonly project: string;
  readonly projectName: string;
}

export interface HistoryRow {
  readonly number: number;
  readonly kind: string;
  readonly author: string | null;
  readonly at: string;
  readonly label: string;
  readonly undo_of: number | null;
}

export interface SiteRow {
  readonly site_id: string;
  readonly name: string;
  readonly country: string;
  readonly electricity_usd_kwh: number;
  readonly dry_bulb_design_c: number;
}

export interface WorkloadRow {
  readonly model: string;
  readonly gpu: string;
  readonly precision: string;
  readonly isl: number;
  readonly osl: number;
  readonly points: number;
  readonly fastest_tok_s_user: number;
}

export interface AssumptionRow {
  readonly id: string;
  readonly group: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: string;
  readonly source: string;
  readonly confidence: Confidence;
  readonly note: string;
}

/** A setting of the site, and what counts while the design says nothing about it. */
export interface SettingRow {
  /** Group and key: "workload.isl". */
  readonly setting: string;
  /** null: none, or each GPU its own. */
  readonly value: number | string | null;
  /** The assumption line behind it; empty when there is none. */
  readonly line: string;
}

export interface CopyMade {
  readonly id: string;
  /** Gestures that even the copy could not take. */
  readonly refused: number;
}

/** The questions that panels ask the server. Each may fail with `Unreachable` or `Problem`. */
export interface Backend extends CommentPort {
  sites(): Promise<readonly SiteRow[]>;
  workloads(): Promise<readonly WorkloadRow[]>;
  assumptions(): Promise<readonly AssumptionRow[]>;
  settings(): Promise<readonly SettingRow[]>;
  /** A full study of a revision: with the map of power over the floor. */
  study(revision: number): Promise<Evaluation>;
  /** Newest first, those before `before`. */
  history(before: number | null): Promise<readonly HistoryRow[]>;
  /** Makes a design of its own from a revision and what was made on top of it. */
  copyWith(name: string, base: number, pushes: readonly Push[]): Promise<CopyMade>;
}

export interface App {
  readonly fieldMap: FieldMap;
  readonly editor: Editor;
  readonly ui: UiState;
  readonly backend: Backend;
  readonly comments: Comments;
  readonly design: DesignInfo;
  readonly shownTheme: Readable<"light" | "dark">;
}

const KEY = Symbol("app");

export function provideApp(app: App): void {
  setContext(KEY, app);
}

export function useApp(): App {
  return getContext(KEY);
}
