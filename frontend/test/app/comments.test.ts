import { describe, expect, test } from "vitest";
import { Comments, type CommentPort } from "../../src/app/comments";
import { cloudPath, outlinePath } from "../../src/app/cloud";
import type { PlanElement } from "../../src/model/element";
import type { Finding } from "../../src/model/evaluation";
import {
  isAbout,
  placeOf,
  shareAlong,
  type Anchor,
  type Person,
  type Settled,
  type Thread,
} from "../../src/model/thread";
import { Unreachable } from "../../src/model/wire";
import { bench, hall, id, module, moduleType, rack } from "../fixtures";

const thread = (number: number, anchor: Anchor, rest: Partial<Thread> = {}): Thread => ({
  id: `thread-${String(number)}`,
  number,
  title: "Too hot?",
  state: "open",
  anchor,
  x_mm: 9000,
  y_mm: 9000,
  is_lost: false,
  where: "R002",
  author: "Ada",
  assignee: null,
  due_on: null,
  comments: [{ id: "c", author: "Ada", text: "Too hot?", at: "2026-01-01T00:00:00Z" }],
  ...rest,
});
const ON_RACK: Anchor = { type: "element", id: id(2), dx_mm: 300, dy_mm: 600 };

const NOBODY = { assignee: null, due_on: null };

class Port implements CommentPort {
  found: readonly Thread[] = [];
  sent: object[] = [];
  isDown = false;
  threads(): Promise<readonly Thread[]> {
    return this.isDown
      ? Promise.reject(new Unreachable("The server cannot be reached."))
      : Promise.resolve(this.found);
  }
  openThread(made: object): Promise<Thread> {
    this.sent.push(made);
    return Promise.resolve(thread(7, ON_RACK));
  }
  reply(): Promise<Thread> {
    return Promise.reject(new Unreachable("The server cannot be reached."));
  }
  settle(of: string, { state, due_on }: Settled): Promise<Thread> {
    const one = this.found.find((each) => each.id === of) ?? thread(1, ON_RACK);
    return Promise.resolve({ ...one, state: state ?? one.state, due_on: due_on ?? one.due_on });
  }
  people(): Promise<readonly Person[]> {
    return Promise.resolve([{ id: "ada", name: "Ada" }]);
  }
}

async function open(found: readonly Thread[]) {
  const made = await bench([
    hall(1, 20_000, 12_000),
    rack(2, 1000, 2000),
    moduleType(3),
    module(4, 3, 8000, 4000),
  ]);
  const port = new Port();
  port.found = found;
  const comments = new Comments(port, made.editor);
  await comments.load();
  return { editor: made.editor, port, comments };
}

describe("where a comment stands", () => {
  test("it turns along with its element, and falls back to its point when that is gone", () => {
    const at = { x_mm: 1000, y_mm: 2000, rotation_deg: 90 };
    const turned = rack(2, 0, 0, { placement: at });
    const place = placeOf(thread(1, ON_RACK), () => turned);

    expect(place.x).toBeCloseTo(400, 6);
    expect(place.y).toBeCloseTo(2300, 6);
    expect(placeOf(thread(1, ON_RACK), () => undefined)).toEqual({ x: 9000, y: 9000 });
  });

  test("along a run it keeps its share of the way", () => {
    const run: Anchor = { type: "run", id: id(1), t: 0.5 };
    // Half of the way around 20 by 12 m is the far corner.
    expect(placeOf(thread(1, run), () => hall(1, 20_000, 12_000))).toEqual({
      x: 20_000,
      y: 12_000,
    });
  });

  test("a member of a module stands with its module, also while that is dragged", async () => {
    const anchor: Anchor = { type: "element", id: `${id(4)}/rack-1-01`, dx_mm: 0, dy_mm: 0 };
    const { editor, comments } = await open([]);
    expect(comments.placeOf(thread(1, anchor))).toEqual({ x: 8000, y: 4000 });

    const moving = { ids: new Set([id(4)]), by: { x: 600, y: 0 }, turn: null, copy: false };
    editor.preview.show({ moving });
    expect(comments.placeOf(thread(1, anchor))).toEqual({ x: 8600, y: 4000 });
  });
});

describe("pins", () => {
  test("a pin goes where its element goes", async () => {
    const { editor, comments } = await open([thread(1, ON_RACK)]);
    const [before] = comments.pins(false);
    const placement = { x_mm: 4000, y_mm: 2000, rotation_deg: 0 };
    editor.commit("Move", [{ type: "set", id: id(2), group: "placement", value: placement }]);

    expect(before?.at).toEqual({ x: 1300, y: 2600 });
    expect(comments.pins(false)[0]?.at).toEqual({ x: 4300, y: 2600 });
  });

  test("those close together share one that counts them, resolved ones are hidden", async () => {
    const settled = thread(3, ON_RACK, { state: "resolved" });
    const { comments } = await open([thread(1, ON_RACK), thread(2, ON_RACK), settled]);

    expect(comments.pins(false).map(({ count, isOpen }) => [count, isOpen])).toEqual([[2, true]]);
    expect(comments.pins(true).map(({ count }) => count)).toEqual([3]);
  });
});

describe("what is said", () => {
  test("a new comment is pinned to the one selected element, else to the point", async () => {
    const { editor, port, comments } = await open([]);
    comments.begin({ x: 1, y: 2 });
    await comments.send("Here?", NOBODY);
    editor.selection.set([id(2)]);
    comments.begin({ x: 1, y: 2 });
    await comments.send("Too hot?", NOBODY);

    expect(port.sent).toEqual([
      { anchor: { type: "point" }, text: "Here?", x_mm: 1, y_mm: 2, ...NOBODY },
      {
        anchor: { type: "element", id: id(2) },
        text: "Too hot?",
        x_mm: 1300,
        y_mm: 2600,
        ...NOBODY,
      },
    ]);
    expect(comments.draft.get()).toBeNull();
    expect(comments.threads.get().map(({ number }) => number)).toEqual([7]);
  });

  test("several things are commented on as an area around them, in a cloud or not", async () => {
    const { editor, port, comments } = await open([]);
    editor.selection.set([id(2), id(4)]);
    comments.begin({ x: 1, y: 2 });

    expect(comments.regions(false)).toMatchObject([{ key: "draft", isCloud: true }]);
    comments.setCloud(false);
    await comments.send("Too dense?", { assignee: "ada", due_on: "2027-01-01" });

    const [sent] = port.sent as { anchor: Anchor; assignee: string; due_on: string }[];
    expect(sent).toMatchObject({ assignee: "ada", due_on: "2027-01-01" });
    expect(sent?.anchor).toMatchObject({ type: "area", cloud: false });
    expect(sent?.anchor.points_mm?.[0]).toEqual([700, 1700]);
  });

  test("a run is commented on where the pointer is, a finding where it stands", async () => {
    const { editor, port, comments } = await open([]);
    const line = { from_x_mm: 0, from_y_mm: 0, to_x_mm: 4000, to_y_mm: 0, offset_mm: 0 };
    const run: PlanElement = { id: id(9), kind: "dimension", line };
    expect(shareAlong(run, { x: 1000, y: 700 })).toBeCloseTo(0.25, 9);
    comments.beginOnFinding({
      ...({} as Finding),
      id: "f1",
      rule: "SPC-OVERLAP",
      element_ids: [id(2)],
    });
    await comments.send("Why?", NOBODY);

    expect(editor.document.item(id(2))).toBeDefined();
    expect(port.sent).toMatchObject([
      {
        anchor: { type: "finding", finding_id: "f1", rule: "SPC-OVERLAP", element_ids: [id(2)] },
        x_mm: 1300,
        y_mm: 2600,
      },
    ]);
  });

  test("a figure is commented on where its element stands, one of all at the corner of all", async () => {
    const { port, comments } = await open([]);
    const load = { path: "elements.it_kw", label: "IT load", ids: [id(2)] };
    comments.beginOnFigure(load);
    expect(comments.draft.get()?.where).toBe("IT load of R002");
    await comments.send("So much?", NOBODY);
    comments.beginOnFigure({ path: "energy.pue", label: "PUE", ids: [] });
    expect(comments.draft.get()?.where).toBe("figure PUE");
    await comments.send("Why?", NOBODY);

    expect(port.sent).toMatchObject([
      { anchor: { type: "result", path: "elements.it_kw", element_ids: [id(2)] }, x_mm: 1300 },
      { anchor: { type: "result", path: "energy.pue", label: "PUE" }, x_mm: 0, y_mm: 12_000 },
    ]);
    const of = (ids: string[]): Anchor => ({
      type: "result",
      path: "elements.it_kw",
      element_ids: ids,
    });
    expect(
      [of([id(2)]), of([]), of([id(4)])].map((each) => isAbout(thread(1, each), load)),
    ).toEqual([true, false, false]);
  });

  test("a comment on an area shows its outline until it is resolved", async () => {
    const points_mm = [
      [0, 0],
      [3000, 0],
      [3000, 3000],
    ] as const;
    const area: Anchor = { type: "area", points_mm, cloud: true };
    const { comments } = await open([thread(1, area), thread(2, area, { state: "resolved" })]);

    expect(comments.regions(false).map(({ key, state }) => [key, state])).toEqual([
      ["thread-1", "open"],
    ]);
    expect(comments.regions(true)).toHaveLength(2);
    const corners = points_mm.map(([x, y]) => ({ x: x / 100, y: y / 100 }));
    expect(cloudPath(corners).match(/A/g)?.length).toBe(7);
    expect(outlinePath(corners)).toBe("M0 0L30 0L30 30Z");
  });

  test("a resolved thread goes behind the open ones", async () => {
    const { comments } = await open([thread(1, ON_RACK), thread(2, ON_RACK)]);
    await comments.settle("thread-1", { state: "resolved" });

    expect(comments.threads.get().map(({ number, state }) => [number, state])).toEqual([
      [2, "open"],
      [1, "resolved"],
    ]);
  });

  test("a lost line is told in words, and what was read stays", async () => {
    const { port, comments } = await open([thread(1, ON_RACK)]);
    port.isDown = true;
    await comments.load();

    expect(await comments.reply("thread-1", "Yes")).toBe("The server cannot be reached.");
    expect(comments.failure.get()).toBe("The server cannot be reached.");
    expect(comments.threads.get()).toHaveLength(1);
  });

  test("what others say is read when the socket tells of it", async () => {
    const { port, comments } = await open([]);
    port.found = [thread(1, ON_RACK)];
    comments.receive({ type: "thread", thread: "thread-1", state: "open" });
    await Promise.resolve();
    await Promise.resolve();

    expect(comments.threads.get()).toHaveLength(1);
  });
});
