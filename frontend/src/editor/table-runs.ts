/** Pipes, trays and feeders as lines of a table. */
import type { ElementId, Kind, Path, PlanElement } from "../model/element";
import { PATH_KINDS } from "../model/element";
import type { Change } from "./arrange";
import { pointsText } from "./points-text";

/** Cells of a line as numbers and texts, with the problems already noted; absent ones undefined. */
export interface RunCells {
  readonly points: Path["points_mm"] | undefined;
  readonly elevation: number | undefined;
  readonly loop: string | undefined;
  readonly bore: number | undefined;
  readonly resistance: number | undefined;
  readonly width: number | undefined;
  readonly depth: number | undefined;
  readonly to: ElementId | undefined;
}

export const RUN_HEADINGS = [
  "kind",
  "points",
  "elevation",
  "bore",
  "resistance",
  "width",
  "depth",
  "to",
] as const;

export type RunKind = (typeof PATH_KINDS)[number];
export const isRunKind = (kind: string | undefined): kind is RunKind =>
  PATH_KINDS.some((one) => one === kind);

const TRAY = { width_mm: 600, depth_mm: 100 } as const;

/** The groups of a run with what the cells say over what it has. */
function groupsOf(kind: Kind, before: Partial<PlanElement>, cells: RunCells): Partial<PlanElement> {
  const { points, elevation, loop, bore, resistance, width, depth, to } = cells;
  const path = {
    ...(before.path ?? { points_mm: [] }),
    ...(points === undefined ? {} : { points_mm: points }),
    ...(elevation === undefined ? {} : { elevation_mm: elevation }),
  };
  switch (kind) {
    case "pipe": {
      const pipe = {
        ...(before.pipe ?? { loop: "TCS-1" }),
        ...(loop === undefined ? {} : { loop }),
        ...(bore === undefined ? {} : { bore_mm: bore }),
        ...(resistance === undefined ? {} : { resistance_factor: resistance }),
      };
      return { path, pipe };
    }
    case "tray": {
      const tray = {
        ...(before.tray ?? TRAY),
        ...(width === undefined ? {} : { width_mm: width }),
        ...(depth === undefined ? {} : { depth_mm: depth }),
      };
      return { path, tray };
    }
    default:
      return { path, feeder: { ...(before.feeder ?? { to: null }), ...(to ? { to } : {}) } };
  }
}

/** What the cells change of a run, group by group. */
export function runChanges(element: PlanElement, cells: RunCells): readonly Change[] {
  const groups = groupsOf(element.kind, element, cells);
  return (["path", "pipe", "tray", "feeder"] as const).flatMap((group): readonly Change[] => {
    const value = groups[group];
    const isSame = JSON.stringify(value) === JSON.stringify(element[group]);
    return value === undefined || isSame ? [] : [{ id: element.id, group, value }];
  });
}

/** A new run by the cells of a line that has points. */
export function runOf(id: ElementId, kind: RunKind, tag: string, cells: RunCells): PlanElement {
  return { id, kind, identity: { tag }, ...groupsOf(kind, {}, cells) };
}

/** The cells of a run, in the order of `RUN_HEADINGS`. */
export function runTexts(
  { kind, path, pipe, tray, feeder }: PlanElement,
  tagOf: (id: ElementId) => string,
): readonly (string | number)[] {
  return [
    kind,
    path ? pointsText(path) : "",
    path?.elevation_mm ?? "",
    pipe?.bore_mm ?? "",
    pipe?.resistance_factor ?? "",
    tray?.width_mm ?? "",
    tray?.depth_mm ?? "",
    feeder?.to ? tagOf(feeder.to) : "",
  ];
}
