import { expect, test } from "vitest";
import { feedersOf } from "../../src/model/feeder-loads";
import type { Evaluation } from "../../src/model/evaluation";

const result = (nodes: object): Evaluation => ({ power: { nodes } }) as unknown as Evaluation;

test("a feeder is judged against what it may carry, not against its rating", () => {
  const [panel, plain, ...rest] = feedersOf(
    result({
      id: ["panel", "plain", "unlimited"],
      tag: ["RPP-01", null, "BW-9"],
      rating_kw: [2731, 100, null],
      limit_kw: [2185, null, null],
      normal_kw: [1136, 50, 10],
      worst_kw: [2272, null, 20],
      status: ["over", "ok", "ok"],
    }),
  );

  expect(panel).toMatchObject({ tag: "RPP-01", limitKw: 2185, isOver: true });
  expect(panel?.share).toBeCloseTo(1.04, 2);
  expect(plain).toMatchObject({ tag: "plain", limitKw: 100, worstKw: null, share: 0.5 });
  expect(rest).toEqual([]);
});

test("before the first result there are no feeders", () => {
  expect(feedersOf(null)).toEqual([]);
});
