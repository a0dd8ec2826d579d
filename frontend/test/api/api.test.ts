import { describe, expect, test } from "vitest";
import { ManualClock } from "../../src/base/clock";
import { DesignClient } from "../../src/api/client";
import { Http } from "../../src/api/http";
import { LiveSocket, type ShutOut, type Socket } from "../../src/api/live";
import { Problem, Unreachable, type LiveMessage } from "../../src/model/wire";

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}

function answering(status: number, body: string): { http: Http; asked: Asked[] } {
  const asked: Asked[] = [];
  const http = new Http(
    (url, init) => {
      asked.push({ url, init });
      return Promise.resolve(new Response(body, { status }));
    },
    () => "token",
  );
  return { http, asked };
}

describe("requests", () => {
  test("a push goes to the design with the CSRF token", async () => {
    const { http, asked } = answering(201, '{"number":2}');
    const client = new DesignClient(http, "d1");

    const answer = await client.push({ base: 1, request_id: "r", label: "Move", edits: [] });

    expect(answer.number).toBe(2);
    expect(asked[0]?.url).toBe("/api/designs/d1/edits");
    expect(asked[0]?.init.method).toBe("POST");
    expect(new Headers(asked[0]?.init.headers).get("X-CSRFToken")).toBe("token");
  });

  test("a problem comes as what the server said", async () => {
    const { http } = answering(
      409,
      '{"code":"edit-conflict","title":"T","detail":"D","status":409,"type":"x"}',
    );
    const error = await http.get("/x").catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: "edit-conflict", message: "D" });
  });

  test("an error page is a problem too", async () => {
    const { http } = answering(500, "<html>");
    await expect(http.get("/x")).rejects.toMatchObject({ code: "http-500" });
  });

  test.each([502, 503, 504])("%i is worth another try", async (status) => {
    await expect(answering(status, "").http.get("/x")).rejects.toBeInstanceOf(Unreachable);
  });

  test("no line and half an answer are worth another try", async () => {
    const dead = new Http(
      () => Promise.reject(new TypeError("failed")),
      () => "",
    );
    await expect(dead.get("/x")).rejects.toBeInstanceOf(Unreachable);
    await expect(answering(200, '{"numb').http.get("/x")).rejects.toBeInstanceOf(Unreachable);
  });

  test("no evaluation yet is no error", async () => {
    expect(await new DesignClient(answering(200, "null").http, "d1").latest()).toBeNull();
  });
});

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number }) => void) | null = null;
  readonly sent: string[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.isClosed = true;
  }
}

describe("the socket", () => {
  const start = (): {
    clock: ManualClock;
    made: FakeSocket[];
    heard: LiveMessage[];
    live: LiveSocket;
    shut: ShutOut[];
  } => {
    const clock = new ManualClock();
    const made: FakeSocket[] = [];
    const heard: LiveMessage[] = [];
    const shut: ShutOut[] = [];
    const live = new LiveSocket(
      "ws://x",
      () => {
        const socket = new FakeSocket();
        made.push(socket);
        return socket;
      },
      clock,
      (message) => heard.push(message),
      (why) => shut.push(why),
    );
    live.start();
    return { clock, made, heard, live, shut };
  };

  test("opens again after it was lost, later each time", () => {
    const { clock, made } = start();
    made[0]?.onclose?.({ code: 1006 });
    clock.advance(499);
    expect(made).toHaveLength(1);
    clock.advance(1);
    expect(made).toHaveLength(2);
    made[1]?.onclose?.({ code: 1006 });
    clock.advance(749);
    expect(made).toHaveLength(2);
    clock.advance(1);
    expect(made).toHaveLength(3);
  });

  test("stays away when the server says no, until it is asked to try again", () => {
    const { clock, made, live, shut } = start();
    made[0]?.onclose?.({ code: 4404 });
    clock.advance(60_000);
    expect(made).toHaveLength(1);
    live.retryNow();
    made[1]?.onclose?.({ code: 4401 });
    clock.advance(60_000);
    expect(made).toHaveLength(2);
    expect(shut).toEqual(["no-access", "signed-out"]);
  });

  test("a line that went silent is given up", () => {
    const { clock, made } = start();
    made[0]?.onopen?.();
    clock.advance(15_001);
    expect(made[0]?.sent).toContain('{"type":"ping"}');
    expect(made[0]?.isClosed).toBe(true);
    clock.advance(500);
    expect(made).toHaveLength(2);
  });

  test("presence goes out at most fifteen times a second, the last word wins", () => {
    const { clock, made, live } = start();
    made[0]?.onopen?.();
    for (let i = 0; i < 10; i += 1) live.presence(() => ({ cursor: [i, 0], selection: [] }));
    clock.advance(66);
    const words = (): readonly string[] =>
      made[0]?.sent.filter((text) => text.includes("presence")) ?? [];
    expect(words()).toEqual(['{"type":"presence","cursor":[9,0],"selection":[]}']);
    live.presence(() => ({ cursor: [10, 0], selection: [] }));
    clock.advance(1);
    expect(words()).toHaveLength(2);
  });

  test("what is not JSON is ignored", () => {
    const { made, heard } = start();
    made[0]?.onmessage?.({ data: "hello" });
    made[0]?.onmessage?.({ data: '{"type":"pong","head":3}' });
    expect(heard).toEqual([{ type: "pong", head: 3 }]);
  });
});
