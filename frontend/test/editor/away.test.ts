import { describe, expect, test } from "vitest";
import { Unreachable, type Transport } from "../../src/model/wire";
import { bench, id, rack, type Bench } from "../fixtures";

const MANY = 60;

/** A bench whose line to the server can be cut. */
async function line(): Promise<Bench & { cut: (isCut: boolean) => void }> {
  let isDown = false;
  const guard =
    <A extends unknown[], T>(ask: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      isDown ? Promise.reject(new Unreachable("cut")) : ask(...args);
  const wire = (inner: Transport): Transport => ({
    document: guard(() => inner.document()),
    push: guard((push) => inner.push(push)),
    undo: guard((request) => inner.undo(request)),
    redo: guard((request) => inner.redo(request)),
    restore: guard((revision, request) => inner.restore(revision, request)),
    revisionsAfter: guard((number) => inner.revisionsAfter(number)),
  });
  const made = await bench([rack(1, 0, 0), rack(2, 600, 0)], {}, true, wire);
  return {
    ...made,
    cut: (isCut) => {
      isDown = isCut;
    },
  };
}

const nudge = ({ editor }: Bench, number: number): void => {
  editor.selection.set([id(number)]);
  editor.commands.run("edit.nudge", { dx: "600", dy: "0" });
};
const back = async (one: Bench & { cut: (isCut: boolean) => void }): Promise<void> => {
  one.cut(false);
  one.editor.session.retryNow();
  await one.settle();
};

describe("work made without the server", () => {
  test("nothing to decide when all of it was taken", async () => {
    const one = await line();
    one.cut(true);
    nudge(one, 1);
    await one.settle();
    await back(one);

    expect(one.editor.session.state.get().kind).toBe("saved");
    expect(one.editor.session.awayOffer.get()).toBeNull();
  });

  test("what others made impossible is offered for a copy, with all that belongs to it", async () => {
    const one = await line();
    one.cut(true);
    nudge(one, 1);
    nudge(one, 2);
    await one.settle();
    one.server.append("user-2", "theirs", "Delete rack", [{ type: "delete", id: id(1) }]);
    await back(one);

    const offer = one.editor.session.awayOffer.get();
    expect(offer).toMatchObject({ base: 0, refused: 1, behind: 1 });
    expect(offer?.pushes.map(({ label }) => label)).toEqual(["Move rack R001", "Move rack R002"]);

    const [refused] = one.editor.session.refused.get();
    expect(refused?.reasons.join()).not.toMatch(/[0-9a-f]{8}-/);
    one.editor.session.dismissAway();
    expect(one.editor.session.awayOffer.get()).toBeNull();
  });

  test("what was taken back meanwhile does not come along", async () => {
    const one = await line();
    one.cut(true);
    nudge(one, 1);
    await one.settle();
    nudge(one, 2);
    one.editor.commands.run("edit.undo");
    one.server.append("user-2", "theirs", "Delete rack", [{ type: "delete", id: id(1) }]);
    await back(one);

    expect(one.editor.session.awayOffer.get()?.pushes.map(({ label }) => label)).toEqual([
      "Move rack R001",
    ]);
  });

  test("very much made by others meanwhile is reason enough", async () => {
    const one = await line();
    one.cut(true);
    nudge(one, 1);
    await one.settle();
    for (let n = 0; n < MANY; n += 1) {
      one.server.append("user-2", `theirs-${String(n)}`, "Move", [
        { type: "move", set: [id(2)], dx_mm: 10, dy_mm: 0 },
      ]);
    }
    await back(one);

    expect(one.editor.session.awayOffer.get()).toMatchObject({ refused: 0, behind: MANY });
  });

  test("a refusal while the server is there is no such case", async () => {
    const one = await line();
    one.editor.session.push("Move", [{ type: "move", set: [id(1)], dx_mm: 1, dy_mm: 0 }]);
    one.server.append("user-2", "theirs", "Delete", [{ type: "delete", id: id(1) }]);
    await one.settle();

    expect(one.editor.session.awayOffer.get()).toBeNull();
  });
});
