import { expect, test } from "vitest";
import { Camera } from "../../src/editor/camera";

const BOX = { minX: 0, minY: 0, maxX: 10_000, maxY: 10_000 };

test("a wide margin leaves most of a small screen to what is fitted", () => {
  const camera = new Camera();
  camera.resize(400, 320);

  camera.fit(BOX, 120);

  // An eighth above and below, not the 120 pixels that a large screen has to spare.
  expect(camera.toScreen({ x: 0, y: 10_000 }).y).toBeCloseTo(40);
  expect(camera.toScreen({ x: 0, y: 0 }).y).toBeCloseTo(280);
});

test("on a large screen the margin is the one asked for, clear of what is covered", () => {
  const camera = new Camera();
  camera.resize(2400, 1700);
  camera.coveredPx = 100;

  camera.fit(BOX, 120);

  expect(camera.toScreen({ x: 0, y: 10_000 }).y).toBeCloseTo(120);
  expect(camera.toScreen({ x: 0, y: 0 }).y).toBeCloseTo(1480);
});

test("what is revealed moves no farther than into the part that is free", () => {
  const camera = new Camera();
  camera.resize(400, 800);
  camera.set({ centre: { x: 0, y: 0 }, zoom: 0.01 });
  const below = { minX: -1000, minY: -32_000, maxX: 1000, maxY: -30_000 };

  camera.reveal(below, 400);

  // 20 pixels high, an eighth of the free half above what covers the rest.
  expect(camera.toScreen({ x: 0, y: -32_000 }).y).toBeCloseTo(350);
  expect(camera.toScreen({ x: 0, y: 0 }).x).toBeCloseTo(200);

  const before = camera.view.get();
  camera.reveal(below, 400);
  expect(camera.view.get()).toEqual(before);
});
