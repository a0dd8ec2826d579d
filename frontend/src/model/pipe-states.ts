/** What flows in each drawn pipe, where it is fastest. */
import type { ElementId } from "./element";
import type { Evaluation } from "./evaluation";

export interface PipeState {
  readonly flowLpm: number;
  readonly velocityMS: number;
  /** With the resistance factor of the pipe. */
  readonly gradientPaM: number;
  readonly boreLeastMm: number;
  readonly boreMostMm: number;
}

/** Null where nothing flows in it, or the result is from before it was told. */
export function pipeStateOf(result: Evaluation | null, id: ElementId): PipeState | null {
  const table = result?.cooling.runs;
  const row = table?.id.indexOf(id) ?? -1;
  if (!table || row < 0) return null;
  return {
    flowLpm: table.flow_lpm[row] ?? 0,
    velocityMS: table.velocity_m_s[row] ?? 0,
    gradientPaM: table.gradient_pa_m[row] ?? 0,
    boreLeastMm: table.bore_least_mm[row] ?? 0,
    boreMostMm: table.bore_most_mm[row] ?? 0,
  };
}
