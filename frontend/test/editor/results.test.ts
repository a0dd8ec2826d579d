import { describe, expect, test } from "vitest";
import { ManualClock } from "../../src/base/clock";
import { Results } from "../../src/editor/results";
import type { Evaluation } from "../../src/model/evaluation";
import type { EvaluationRow, Evaluator } from "../../src/model/wire";

const row = (id: string, state: EvaluationRow["state"], revision = 1): EvaluationRow => ({
  id,
  key: "k",
  design_id: "d",
  revision,
  level: "edit",
  state,
  progress: state === "done" ? 1 : 0.4,
  error: null,
  requested_at: "2026-01-01T00:00:00Z",
  finished_at: null,
  duration_s: null,
});

const result = (itKw: number): Evaluation =>
  ({
    power: { it_kw: itKw, nodes: { id: [] } },
    cooling: { cdus: { id: ["c1"], load_fraction: [0.5] } },
    elements: {
      racks: { id: ["r1"], tag: ["R1"], it_kw: [itKw], flow_lpm: [null] },
      modules: { id: [] },
      rows: [],
    },
    findings: [{ id: "f", rule: "overlap", element_ids: ["r1"], severity: "blocking" }],
  }) as unknown as Evaluation;

class FakeEngine implements Evaluator {
  readonly asked: number[] = [];
  rows = new Map<string, EvaluationRow>();
  first: EvaluationRow["state"] = "running";

  request(revision: number): Promise<EvaluationRow> {
    this.asked.push(revision);
    const made = row(`e${revision}`, this.first, revision);
    this.rows.set(made.id, made);
    return Promise.resolve(made);
  }
  row(id: string): Promise<EvaluationRow> {
    return Promise.resolve(this.rows.get(id) ?? row(id, "failed"));
  }
  result(id: string): Promise<unknown> {
    return Promise.resolve(result(Number(id.slice(1)) * 100));
  }
  last: EvaluationRow | null = null;
  latest(): Promise<EvaluationRow | null> {
    return Promise.resolve(this.last);
  }
}

async function flush(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await Promise.resolve();
}

async function later(clock: ManualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await flush();
}

describe("results", () => {
  test("are asked for once when edits pause", async () => {
    const clock = new ManualClock();
    const engine = new FakeEngine();
    const results = new Results(engine, clock);
    for (const head of [1, 2, 3]) {
      results.advanced(head);
      await later(clock, 100);
    }
    await later(clock, 300);
    expect(engine.asked).toEqual([3]);
  });

  test("show progress, then figures and findings by element", async () => {
    const clock = new ManualClock();
    const results = new Results(new FakeEngine(), clock);
    results.advanced(1);
    await later(clock, 300);
    expect(results.state.get().running?.progress).toBe(0.4);

    results.heard(row("e1", "done"));
    await flush();

    expect(results.state.get()).toMatchObject({ revision: 1, stale: false, running: null });
    expect(results.of("r1")).toEqual({ it_kw: 100 });
    expect(results.of("c1")).toEqual({ load_fraction: 0.5 });
    expect(results.findingsOf("r1").map(({ rule }) => rule)).toEqual(["overlap"]);
  });

  test("the last result stays, marked stale, until the new one is there", async () => {
    const clock = new ManualClock();
    const engine = new FakeEngine();
    const results = new Results(engine, clock);
    engine.first = "done";
    results.advanced(1);
    await later(clock, 300);
    engine.first = "running";
    results.advanced(2);
    await later(clock, 300);
    expect(results.state.get()).toMatchObject({ revision: 1, stale: true });

    results.heard(row("e2", "done", 2));
    await flush();
    expect(results.state.get()).toMatchObject({ revision: 2, stale: false });
    expect(results.of("r1")).toEqual({ it_kw: 200 });
  });

  test("on opening, the last finished result shows, marked stale", async () => {
    const clock = new ManualClock();
    const engine = new FakeEngine();
    engine.last = row("e4", "done", 4);
    const results = new Results(engine, clock);
    results.advanced(7);
    await flush();
    expect(results.state.get()).toMatchObject({ revision: 4, stale: true });

    await later(clock, 300);
    expect(results.state.get().running?.id).toBe("e7");
    results.heard(row("e7", "done", 7));
    await flush();
    expect(results.state.get()).toMatchObject({ revision: 7, stale: false });
  });

  test("the end of an evaluation that nobody waits for any more is ignored", async () => {
    const clock = new ManualClock();
    const results = new Results(new FakeEngine(), clock);
    results.advanced(1);
    await later(clock, 300);
    results.advanced(2);
    await later(clock, 300);
    results.heard(row("e1", "done"));
    await flush();
    expect(results.state.get().result).toBeNull();
  });

  test.each(["running", "done"] as const)(
    "news of an earlier evaluation (%s) does not call off the question about a later one",
    async (state) => {
      const clock = new ManualClock();
      const engine = new FakeEngine();
      const results = new Results(engine, clock);
      results.advanced(1);
      await later(clock, 300);
      results.advanced(2);
      await later(clock, 100);

      results.heard(row("e1", state));
      await later(clock, 300);

      expect(engine.asked).toEqual([1, 2]);
    },
  );

  test("a lost word of the socket costs a second, not the result", async () => {
    const clock = new ManualClock();
    const engine = new FakeEngine();
    const results = new Results(engine, clock);
    results.advanced(1);
    await later(clock, 300);
    engine.rows.set("e1", row("e1", "done"));
    await later(clock, 1000);
    expect(results.state.get().revision).toBe(1);
  });

  test("an equal earlier revision's evaluation counts for this one", async () => {
    const clock = new ManualClock();
    const engine = new FakeEngine();
    engine.request = () => Promise.resolve(row("e1", "done", 1));
    const results = new Results(engine, clock);
    results.advanced(5);
    await later(clock, 300);
    expect(results.state.get()).toMatchObject({ revision: 5, stale: false });
  });

  test("a failure is shown with its reason", async () => {
    const clock = new ManualClock();
    const results = new Results(new FakeEngine(), clock);
    results.advanced(1);
    await later(clock, 300);
    const error = {
      type: "t",
      title: "Out of range",
      status: 422,
      detail: "Too hot.",
      code: "out-of-range",
    };
    results.heard({ ...row("e1", "failed"), error });
    expect(results.state.get().error?.detail).toBe("Too hot.");
  });
});
