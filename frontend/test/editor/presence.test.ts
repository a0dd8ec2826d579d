import { describe, expect, test } from "vitest";
import { peersOf } from "../../src/app/peers";
import type { PresenceMessage } from "../../src/model/wire";
import { bench, hall, id, rack } from "../fixtures";

const ADA = { id: "ada", name: "Ada" };
const said = (more: Partial<PresenceMessage> = {}): PresenceMessage => ({
  type: "presence",
  user: ADA,
  client: "tab-of-ada",
  cursor: null,
  selection: [],
  ...more,
});

async function open() {
  const made = await bench([hall(1, 20_000, 12_000), rack(2, 1000, 2000)]);
  const { editor } = made;
  let told = 0;
  editor.receive({
    type: "hello",
    head: 1,
    user: editor.user,
    role: "editor",
    may: ["evaluate", "comment", "edit"],
    is_protected: false,
    client: "my-tab",
  });
  editor.presence.changed.on(() => {
    told += 1;
  });
  return { ...made, told: () => told };
}

describe("presence", () => {
  test("who comes is told who is here, once", async () => {
    const { editor, told } = await open();
    editor.receive(said());
    editor.receive(said({ cursor: [1, 2] }));

    expect(told()).toBe(1);
    expect([...editor.presence.peers.get().keys()]).toEqual(["tab-of-ada"]);
  });

  test("a follower is told the view, others are not", async () => {
    const { editor, told } = await open();
    editor.receive(said());
    expect(editor.presence.whereabouts().view).toBeUndefined();

    const before = told();
    editor.receive(said({ following: "my-tab" }));

    const { centre, zoom } = editor.camera.view.get();
    expect(editor.presence.whereabouts().view).toEqual([centre.x, centre.y, 1 / zoom]);
    expect(told()).toBe(before + 1);
  });

  test("following keeps to a view until the user moves, or the other leaves", async () => {
    const { editor } = await open();
    editor.receive(said());
    editor.presence.follow("tab-of-ada");
    editor.receive(said({ view: [500, 600, 20] }));
    expect(editor.camera.view.get()).toMatchObject({ centre: { x: 500, y: 600 }, zoom: 0.05 });
    expect(editor.presence.whereabouts().following).toBe("tab-of-ada");

    editor.camera.panBy(10, 0);
    expect(editor.presence.following.get()).toBeNull();

    editor.presence.follow("tab-of-ada");
    editor.receive(said({ gone: true }));
    expect(editor.presence.following.get()).toBeNull();
    expect(editor.presence.peers.get().size).toBe(0);
  });

  test("what is dragged is told where it would land, and drawn there by the others", async () => {
    const { editor } = await open();
    const moving = { ids: new Set([id(2)]), by: { x: 600, y: -50 }, turn: null, copy: false };
    editor.preview.show({ moving });
    const { ghosts } = editor.presence.whereabouts();
    expect(ghosts).toEqual([[id(2), 1600, 1950, 0]]);

    const here = editor.document.item(id(2))?.ring ?? [];
    const heard = new Map([["tab-of-ada", said({ ghosts: ghosts ?? [] })]]);
    const [peer] = peersOf(heard, editor.document);
    expect(peer?.ghosts).toEqual([here.map(({ x, y }) => ({ x: x + 600, y: y - 50 }))]);

    editor.preview.clear();
    expect(editor.presence.whereabouts().ghosts).toBeUndefined();
  });

  test("a look is told once, and nothing of it reaches the log", async () => {
    const { editor } = await open();
    editor.presence.askToLook({ x: 1, y: 2 }, "thread-1");

    expect(editor.presence.whereabouts().look).toEqual({ at: [1, 2], thread: "thread-1" });
    expect(editor.presence.whereabouts().look).toBeUndefined();
    expect(editor.session.pendingCount).toBe(0);
  });

  test("whoever is silent for a minute is gone", async () => {
    const { editor, clock } = await open();
    editor.receive(said());
    clock.advance(90_000);

    expect(editor.presence.peers.get().size).toBe(0);
  });
});
