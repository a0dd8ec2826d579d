import { describe, expect, test } from "vitest";
import { ManualClock } from "../../src/base/clock";
import { Disposables } from "../../src/base/disposable";
import { mapped, signal } from "../../src/base/signal";
import { uuid7Maker } from "../../src/base/uuid7";

describe("signals", () => {
  test("tell at once, then at each change, not for the same value", () => {
    const heard: number[] = [];
    const one = signal(1);
    const stop = one.subscribe((value) => heard.push(value));
    one.set(1);
    one.set(2);
    stop();
    one.set(3);
    expect(heard).toEqual([1, 2]);
  });

  test("a derived one is quiet while its own value stays", () => {
    const heard: boolean[] = [];
    const one = signal(1);
    mapped(one, (value) => value > 2).subscribe((value) => heard.push(value));
    one.set(2);
    one.set(3);
    one.set(4);
    expect(heard).toEqual([false, true]);
  });
});

describe("ids", () => {
  test("are UUIDs of version 7 in the order in which they were made", () => {
    const clock = new ManualClock(1_700_000_000_000);
    const make = uuid7Maker(() => clock.now());
    const ids = Array.from({ length: 10_000 }, (_none, i) => {
      if (i % 3000 === 0) clock.advance(1);
      return make();
    });
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.slice(0, 50)) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  test("go on counting when the clock steps back", () => {
    let now = 5000;
    const make = uuid7Maker(() => now);
    const first = make();
    now = 4000;
    expect(make() > first).toBe(true);
  });
});

test("a manual clock runs timers in the order of their time", () => {
  const clock = new ManualClock();
  const ran: string[] = [];
  clock.after(20, () => ran.push("b"));
  clock.after(10, () => {
    ran.push("a");
    clock.after(5, () => ran.push("a2"));
  });
  const stop = clock.after(15, () => ran.push("never"));
  stop();
  clock.advance(30);
  expect(ran).toEqual(["a", "a2", "b"]);
});

test("disposables end the newest first, once", () => {
  const ended: number[] = [];
  const all = new Disposables();
  all.add(() => ended.push(1));
  all.add(() => ended.push(2));
  all.dispose();
  all.dispose();
  expect(ended).toEqual([2, 1]);
});
