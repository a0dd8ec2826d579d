/** The bare renderer on the made-up hall: `?modules=8&theme=dark`. */
import { DocumentStore } from "../../src/model/store";
import { Products } from "../../src/model/products";
import { buildScene } from "../../src/canvas/build-scene";
import { Canvas2dRenderer } from "../../src/canvas/canvas2d-renderer";
import { NOTHING_LIVE } from "../../src/canvas/live";
import { PALETTES, type ThemeName } from "../../src/canvas/palette";
import { classOf, NO_CLASS, ramp } from "../../src/canvas/ramp";
import { KIND_CODE, runsOf } from "../../src/canvas/scene";
import { PRODUCTS, sampleElements } from "./sample";

const query = new URLSearchParams(location.search);
const theme = (query.get("theme") ?? "dark") as ThemeName;
const count = Number(query.get("modules") ?? 8);
document.documentElement.dataset["theme"] = theme;
const products = new Products();
products.add(PRODUCTS);
const store = new DocumentStore(products);
store.load({
  number: 1,
  state_hash: "0".repeat(64),
  elements: sampleElements(count, Math.max(3, Math.round(Math.sqrt(count)))),
});
const started = performance.now();
const scene = buildScene(store.items(), {
  rowLabel: (_hall, row) => `A${String.fromCharCode(65 + row)}`,
  hides: () => false,
});
const built = performance.now();
const planCanvas = document.querySelector<HTMLCanvasElement>("#plan");
const liveCanvas = document.querySelector<HTMLCanvasElement>("#live");
if (planCanvas && liveCanvas && scene.extent) {
  for (const canvas of [planCanvas, liveCanvas])
    Object.assign(canvas.style, { position: "absolute", inset: "0" });
  const renderer = new Canvas2dRenderer(planCanvas, liveCanvas);
  const scale_ = ramp(theme, 0, 260);
  const classes = new Uint8Array(scene.boxes.count).fill(NO_CLASS);
  for (let i = 0; i < scene.boxes.count; i += 1) {
    if (scene.boxes.kind[i] === KIND_CODE.rack)
      classes[i] = classOf(i % 9 === 0 ? 227 : 142, scale_);
  }
  const width = Math.min(window.innerWidth, 1440);
  const height = window.innerHeight;
  const { minX, maxX, minY, maxY } = scene.extent;
  const scale = Math.min((width - 120) / (maxX - minX), (height - 120) / (maxY - minY));
  renderer.draw(
    { width, height, ratio: 1, scale, left: minX - 60 / scale, top: maxY + 60 / scale },
    scene,
    {
      theme,
      palette: PALETTES[theme],
      ramp: query.has("bare") ? null : scale_,
      classes,
      runs: runsOf(scene.boxes, classes),
      field: null,
      moduleTotals: new Map(scene.modules.map((m) => [m.id, "2.27 MW"])),
      leftOut: new Set(),
      assumedFeeders: [],
      assumedWater: [],
      tileGrid: true,
      gridMm: 0,
    },
    NOTHING_LIVE,
    false,
  );
  document.title = `${String(scene.boxes.count)} boxes, scene ${(built - started).toFixed(1)} ms, drawn ${(performance.now() - built).toFixed(1)} ms`;
}
