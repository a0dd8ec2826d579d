import { describe, expect, test } from "vitest";
import { ManualClock } from "../../src/base/clock";
import { MemoryPersistence } from "../../src/api/persistence";
import { Session } from "../../src/editor/session";
import type { Edit } from "../../src/model/edits";
import type { PlanElement } from "../../src/model/element";
import { Products } from "../../src/model/products";
import { DocumentStore } from "../../src/model/store";
import { Problem, Unreachable, type LiveMessage, type Transport } from "../../src/model/wire";
import { id, rack } from "../fixtures";
import { ServerModel } from "../server-model";

const SEEDS = 200;

/** Reproducible chance (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A line between a client and the server: slow, lossy, sometimes dead; answers may get lost too. */
class Line {
  isUp = true;

  constructor(
    private readonly inner: Transport,
    private readonly clock: ManualClock,
    private readonly random: () => number,
    private readonly losses: number,
  ) {}

  wrap(): Transport {
    const { inner } = this;
    return {
      document: () => this.carry(() => inner.document()),
      push: (push) => this.carry(() => inner.push(push)),
      undo: (request) => this.carry(() => inner.undo(request)),
      redo: (request) => this.carry(() => inner.redo(request)),
      restore: (revision, request) => this.carry(() => inner.restore(revision, request)),
      revisionsAfter: (number) => this.carry(() => inner.revisionsAfter(number)),
    };
  }

  private carry<T>(ask: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        reject(new Unreachable("lost"));
      };
      this.clock.after(this.random() * 80, () => {
        if (!this.isUp || this.random() < this.losses) {
          fail();
          return;
        }
        ask().then((value) => {
          this.clock.after(this.random() * 80, () => {
            if (!this.isUp || this.random() < this.losses) fail();
            else resolve(value);
          });
        }, reject);
      });
    });
  }
}

class Client {
  document = new DocumentStore(new Products());
  session: Session;
  line: Line;
  private stopListening: () => void;
  private readonly persistence = new MemoryPersistence();
  private made = 0;
  /** Requests that the user saw taken and did not take back. */
  readonly wanted = new Set<string>();

  constructor(
    private readonly name: number,
    private readonly server: ServerModel,
    private readonly clock: ManualClock,
    private readonly random: () => number,
    private readonly losses: number,
  ) {
    this.line = new Line(server.transport(`user-${name}`), clock, random, losses);
    this.session = this.newSession();
    this.stopListening = this.listen();
  }

  /** The tab dies and opens again: only what was written down survives. */
  async crash(): Promise<void> {
    await this.session.settled();
    this.session.stop();
    this.stopListening();
    this.document = new DocumentStore(new Products());
    this.session = this.newSession();
    this.stopListening = this.listen();
    await start(this, this.clock);
  }

  edit(label: string, edits: readonly Edit[]): void {
    const before = this.made;
    const { effective } = this.session.push(label, edits);
    if (effective.length > 0) this.wanted.add(id(this.name * 1_000_000 + before + 1));
  }

  /** Undo of what was not sent yet never reaches the server. */
  undo(): void {
    const waiting = this.session.pendingCount;
    this.session.undo();
    const last = [...this.wanted].at(-1);
    if (this.session.pendingCount < waiting && last) this.wanted.delete(last);
  }

  nextId(): string {
    this.made += 1;
    return id(this.name * 1_000_000 + this.made);
  }

  private newSession(): Session {
    return new Session(this.document, {
      transport: this.line.wrap(),
      persistence: this.persistence,
      clock: this.clock,
      newId: () => this.nextId(),
    });
  }

  /** Messages of the socket come late, twice, in any order, or not at all. */
  private listen(): () => void {
    const { session } = this;
    return this.server.listen((message: LiveMessage) => {
      const copies = this.random() < this.losses ? 0 : this.random() < 0.2 ? 2 : 1;
      for (let i = 0; i < copies; i += 1) {
        this.clock.after(this.random() * 300, () => {
          if (this.line.isUp && session === this.session) session.receive(message);
        });
      }
    });
  }
}

async function flush(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function run(clock: ManualClock, ms: number): Promise<void> {
  for (let t = 0; t < ms; t += 20) {
    clock.advance(20);
    await flush();
  }
}

async function start(client: Client, clock: ManualClock): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const wasUp = client.line.isUp;
    client.line.isUp = true;
    let isDone = false;
    const begun = client.session.start().then(
      () => (isDone = true),
      () => undefined,
    );
    for (let i = 0; i < 20 && !isDone; i += 1) {
      clock.advance(20);
      await flush();
    }
    client.line.isUp = wasUp;
    await begun;
    if (isDone) return;
  }
  throw new Error("the client never started");
}

function someEdits(client: Client, random: () => number): readonly Edit[] {
  const all: readonly PlanElement[] = [...client.document.elements.values()];
  const any = all[Math.floor(random() * all.length)];
  const dice = random();
  if (dice < 0.35 || any === undefined) {
    const element = rack(0, Math.round(random() * 9000), 0, { id: client.nextId() });
    return [{ type: "create", element }];
  }
  if (dice < 0.6) {
    return [{ type: "move", set: [any.id], dx_mm: Math.round(random() * 500), dy_mm: 0.1 }];
  }
  if (dice < 0.75) return [{ type: "delete", id: any.id }];
  if (dice < 0.9) {
    const tag = `T${Math.round(random() * 99)}`;
    return [{ type: "set", id: any.id, group: "identity", value: { tag } }];
  }
  return [
    {
      type: "command",
      name: "array",
      args: { ids: [any.id], offsets_mm: [[700, 0]], new_ids: [[client.nextId()]] },
    },
  ];
}

describe("clients and a server over bad lines", () => {
  test.each(Array.from({ length: SEEDS }, (_none, seed) => seed))("seed %i", async (seed) => {
    const random = chance(seed + 1);
    const clock = new ManualClock();
    const server = new ServerModel([rack(1, 0, 0), rack(2, 600, 0), rack(3, 1200, 0)]);
    const losses = random() * 0.3;
    const count = 2 + Math.floor(random() * 3);
    const clients = Array.from(
      { length: count },
      (_none, i) => new Client(i + 1, server, clock, random, losses),
    );
    for (const client of clients) await start(client, clock);

    for (let step = 0; step < 40; step += 1) {
      const client = clients[Math.floor(random() * count)];
      if (client === undefined) break;
      const dice = random();
      if (dice < 0.7) client.edit(`step ${step}`, someEdits(client, random));
      else if (dice < 0.8) client.line.isUp = !client.line.isUp;
      else if (dice < 0.85) await client.crash();
      else if (dice < 0.9) client.undo();
      await run(clock, Math.floor(random() * 6) * 20);
    }
    for (const client of clients) client.line.isUp = true;
    for (
      let round = 0;
      round < 40 && clients.some((one) => one.session.pendingCount > 0);
      round += 1
    ) {
      await run(clock, 1000);
    }
    for (const client of clients) client.session.receive({ type: "pong", head: server.head });
    await run(clock, 12_000);
    for (const client of clients) client.session.receive({ type: "pong", head: server.head });
    await run(clock, 12_000);

    const requests = server.log.map(({ request_id }) => request_id);
    expect(new Set(requests).size).toBe(requests.length);
    for (const client of clients) {
      expect(client.session.pendingCount).toBe(0);
      expect([...client.wanted].filter((request) => !server.hasAnswered(request))).toEqual([]);
      expect(client.document.head.get()).toBe(server.head);
      expect(new Map(client.document.elements)).toEqual(new Map(server.draft.elements));
      expect(client.document.hashSome(Infinity)).toBe(true);
      expect(client.document.stateHash).toBe(server.stateHash);
    }
  });
});

test("a browser that forbids storage opens the design all the same, and says so", async () => {
  const clock = new ManualClock();
  const server = new ServerModel([rack(1, 0, 0)]);
  const document = new DocumentStore(new Products());
  const session = new Session(document, {
    transport: server.transport("user-1"),
    persistence: {
      load: () => Promise.reject(new Error("forbidden")),
      save: () => Promise.reject(new Error("forbidden")),
    },
    clock,
    newId: () => id(99),
  });
  const said: string[] = [];
  session.notices.on(({ text }) => said.push(text));

  await session.start();
  session.push("Move", [{ type: "move", set: [id(1)], dx_mm: 5, dy_mm: 0 }]);
  await run(clock, 1000);

  expect(server.draft.get(id(1))?.placement?.x_mm).toBe(5);
  expect(session.state.get().kind).toBe("saved");
  expect(said.join()).toMatch(/cannot keep unsent work/);
});

test("an edit that the server finds malformed is taken back and kept for the user to read", async () => {
  const clock = new ManualClock();
  const server = new ServerModel([rack(1, 0, 0)]);
  const document = new DocumentStore(new Products());
  const transport: Transport = {
    ...server.transport("user-1"),
    push: () =>
      Promise.reject(
        new Problem({
          type: "x",
          title: "T",
          status: 422,
          detail: "D",
          code: "design-invalid",
          errors: [{ path: "edits[0].value.tdp_kw", message: "must be a number" }],
        }),
      ),
  };
  const session = new Session(document, {
    transport,
    persistence: new MemoryPersistence(),
    clock,
    newId: () => id(99),
  });
  await session.start();

  session.push("Change load", [{ type: "set", id: id(1), group: "load", value: { tdp_kw: "x" } }]);
  await run(clock, 1000);

  expect(document.get(id(1))?.load).toBeUndefined();
  expect(session.state.get()).toEqual({ kind: "refused", count: 1 });
  expect(session.refused.get()[0]?.reasons).toEqual(["edits[0].value.tdp_kw must be a number"]);
  session.clearRefused();
  expect(session.state.get().kind).toBe("saved");
});
