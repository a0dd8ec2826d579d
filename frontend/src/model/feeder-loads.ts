/** What each feeder carries, against what it may carry for hours. */
import type { Evaluation } from "./evaluation";

export interface Feeder {
  readonly id: string;
  readonly tag: string;
  /** What it may carry for hours: the rating, derated. */
  readonly limitKw: number;
  readonly normalKw: number;
  /** With the worst single loss; null where none was tried. */
  readonly worstKw: number | null;
  /** The heavier of both, over the limit. */
  readonly share: number;
  readonly isOver: boolean;
}

/** Every feeder that has a limit, in the order of the result. */
export function feedersOf(result: Evaluation | null): readonly Feeder[] {
  const table = result?.power.nodes;
  if (table === undefined) return [];
  return table.id.flatMap((id, row) => {
    const limitKw = table.limit_kw[row] ?? table.rating_kw[row] ?? 0;
    if (limitKw <= 0) return [];
    const normalKw = table.normal_kw[row] ?? 0;
    const worstKw = table.worst_kw[row] ?? null;
    return {
      id,
      tag: table.tag[row] ?? id,
      limitKw,
      normalKw,
      worstKw,
      share: (worstKw ?? normalKw) / limitKw,
      isOver: table.status[row] === "over",
    };
  });
}
