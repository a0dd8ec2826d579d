import { describe, expect, test } from "vitest";
import { pipeStateOf } from "../../src/model/pipe-states";
import type { ElementId } from "../../src/model/element";
import type { Evaluation } from "../../src/model/evaluation";

const result = {
  cooling: {
    runs: {
      id: ["p1", "p2"],
      flow_lpm: [900, 640],
      bore_mm: [68.8, 54.5],
      velocity_m_s: [1.9, 1.6],
      gradient_pa_m: [390, 310],
      bore_least_mm: [36, 54.5],
      bore_most_mm: [68.8, 54.5],
    },
  },
} as unknown as Evaluation;

describe("what flows in a drawn pipe", () => {
  test("is read by its id", () => {
    expect(pipeStateOf(result, "p2" as ElementId)).toEqual({
      flowLpm: 640,
      velocityMS: 1.6,
      gradientPaM: 310,
      boreLeastMm: 54.5,
      boreMostMm: 54.5,
    });
  });

  test("is nothing for a pipe that is dry, and before there is a result that tells", () => {
    expect(pipeStateOf(result, "p3" as ElementId)).toBeNull();
    expect(pipeStateOf(null, "p1" as ElementId)).toBeNull();
    expect(pipeStateOf({ cooling: {} } as Evaluation, "p1" as ElementId)).toBeNull();
  });
});
