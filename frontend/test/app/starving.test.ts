/** What the header says of a design whose racks starve. */
import { expect, test } from "vitest";

import { costChange, costNote, costOf } from "../../src/app/figures";
import type { Evaluation } from "../../src/model/evaluation";

function result(cost: number, racks: number, carried: number | null): Evaluation {
  return {
    cost: { usd_per_mtok: cost, usd_per_gpu_h: 3.5 },
    shortfall: {
      racks,
      racks_without_coolant: racks,
      racks_without_air: 0,
      racks_without_power: 0,
      usd_per_mtok_carried: carried,
      note: null,
    },
  } as unknown as Evaluation;
}

test("a design whose racks all starve has no price and no gain in price", () => {
  const dead = result(0.1, 8, null);
  expect(costOf(dead)).toBeNull();
  expect(costNote(dead)).toBe("no token is sold");
  expect(costChange(dead, result(0.167, 0, 0.167))).toBeNull();
});

test("some starving racks raise the price, and the change is against what was carried", () => {
  const some = result(0.1, 4, 0.2);
  expect(costOf(some)).toBe(0.2);
  expect(costNote(some)).toBe("0.100 if every rack ran");
  expect(costChange(some, result(0.1, 0, 0.1))).toMatchObject({ direction: "up", sense: "worse" });
});

test("a design that carries its racks reads as before", () => {
  const whole = result(0.1, 0, 0.1);
  expect(costOf(whole)).toBe(0.1);
  expect(costNote(whole)).toBe("3.50 USD/GPU-h");
});
