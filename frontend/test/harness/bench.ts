/**
 * The editor with very many objects, moved frame by frame, beside a bare canvas
 * that fills as many rectangles. `benchmarks/editor_bench.py` reads the figures.
 */
import "../../src/styles.css";
import "../../src/styles/editor.css";
import { mount } from "svelte";
import App from "../../src/app/App.svelte";
import { Comments } from "../../src/app/comments";
import { FieldMap } from "../../src/app/field-map";
import { UiState } from "../../src/app/ui-state";
import { systemClock } from "../../src/base/clock";
import { NO_MODIFIERS, type PointerInput } from "../../src/editor/input";
import { Editor } from "../../src/editor/editor";
import { theme } from "../../src/ui/theme";
import { FakeServer } from "./fake-server";
import { PRODUCTS, sampleElements, TEMPLATES } from "./sample";

const OBJECTS_PER_MODULE = 24;
const COLOURS = [
  "#1a386f",
  "#434e6c",
  "#61656f",
  "#7d7c78",
  "#9b9476",
  "#bcae6c",
  "#dec958",
  "#fee838",
];

interface Times {
  readonly opened_ms: number;
  readonly objects: number;
  readonly racks: number;
  /** Mean times of a frame: what is painted only now and then counts too. */
  readonly pan_ms: number;
  readonly zoom_ms: number;
  readonly drag_ms: number;
  readonly bare_ms: number;
  /** The slowest twentieth of frames takes at least this long. */
  readonly pan_p95_ms: number;
  readonly drag_p95_ms: number;
  readonly zoom_p95_ms: number;
}

declare global {
  interface Window {
    bench: (objects: number, frames: number) => Promise<Times>;
  }
}

const frame = (): Promise<number> =>
  new Promise((resolve) => {
    requestAnimationFrame(resolve);
  });

interface Pace {
  readonly mean: number;
  readonly p95: number;
}

/** Times from frame to frame while `step` moves something in each. */
async function paced(frames: number, step: (n: number) => void): Promise<Pace> {
  const times: number[] = [];
  let last = await frame();
  for (let n = 0; n < frames; n += 1) {
    step(n);
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  const sorted = [...times].sort((a, b) => a - b);
  return {
    mean: times.reduce((a, b) => a + b, 0) / times.length,
    p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
  };
}

async function bare(rectangles: number, frames: number): Promise<Pace> {
  const canvas = document.createElement("canvas");
  const box = { width: innerWidth, height: innerHeight };
  Object.assign(canvas, box);
  Object.assign(canvas.style, { position: "fixed", inset: "0", zIndex: "99" });
  document.body.append(canvas);
  const ctx = canvas.getContext("2d", { alpha: false });
  if (ctx === null) throw new Error("this browser gives no 2D canvas");
  const columns = Math.ceil(Math.sqrt((rectangles * box.width) / box.height));
  const [w, h] = [box.width / columns, box.height / Math.ceil(rectangles / columns)];
  const time = await paced(frames, (n) => {
    ctx.fillStyle = "#0e1116";
    ctx.fillRect(0, 0, box.width, box.height);
    const shift = (n % 60) - 30;
    for (const [cls, colour] of COLOURS.entries()) {
      ctx.fillStyle = colour;
      for (let i = cls; i < rectangles; i += COLOURS.length) {
        const left = (i % columns) * w + shift;
        ctx.fillRect(left, Math.floor(i / columns) * h, Math.max(w - 1, 1), Math.max(h - 1, 1));
      }
    }
  });
  canvas.remove();
  return time;
}

window.bench = async (objects, frames) => {
  const modules = Math.ceil(objects / OBJECTS_PER_MODULE);
  const server = new FakeServer(
    sampleElements(modules, Math.max(3, Math.round(Math.sqrt(modules)))),
  );
  const started = performance.now();
  const editor = new Editor({
    transport: server,
    evaluator: server,
    persistence: server,
    clock: systemClock,
    user: { id: "bench", name: "Bench" },
    may: ["evaluate", "comment", "edit"],
    settings: { theme: "dark" },
  });
  editor.products.add(PRODUCTS);
  editor.templates.set(TEMPLATES);
  const ui = new UiState();
  const target = document.getElementById("app");
  if (target === null) throw new Error("the page has a place for the editor");
  const app = {
    editor,
    ui,
    backend: server,
    comments: new Comments(server, editor),
    fieldMap: new FieldMap(editor, () => server.study()),
    design: { id: "bench", name: "Bench", project: "", projectName: "" },
    shownTheme: theme,
  };
  mount(App, { target, props: { app } });
  await editor.start();
  ui.opened.set(true);
  await frame();
  await frame();
  const opened = performance.now() - started;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const fitted = editor.camera.view.get();

  const pan = await paced(frames, (n) => {
    // Farther than the painted rim reaches, and back.
    editor.camera.panBy(n % 40 < 20 ? 24 : -24, n % 30 < 15 ? 6 : -6);
  });
  editor.camera.set(fitted);
  const middle = { x: fitted.widthPx / 2, y: fitted.heightPx / 2 };
  const zoom = await paced(frames, (n) => {
    editor.camera.zoomAt(middle, n % 60 < 30 ? 1.05 : 1 / 1.05);
  });
  editor.camera.set(fitted);
  editor.commands.run("select.all");
  const at = (x: number): PointerInput => ({
    screen: { x, y: middle.y },
    button: 0,
    ...NO_MODIFIERS,
  });
  const handle = firstRack(editor);
  editor.tools.pointerMove({ ...at(0), screen: handle, button: -1 });
  editor.tools.pointerDown({ ...at(0), screen: handle });
  const drag = await paced(frames, (n) => {
    editor.tools.pointerMove({ ...at(0), screen: { x: handle.x + 8 + n, y: handle.y } });
  });
  editor.tools.interrupt();
  const racks = editor.document.ofKind("rack").size;
  return {
    opened_ms: opened,
    objects: editor.document.itemCount,
    racks,
    pan_ms: pan.mean,
    zoom_ms: zoom.mean,
    drag_ms: drag.mean,
    bare_ms: (await bare(editor.document.itemCount, frames)).mean,
    pan_p95_ms: pan.p95,
    drag_p95_ms: drag.p95,
    zoom_p95_ms: zoom.p95,
  };
};

/** Where on the screen something can be taken hold of. */
function firstRack(editor: Editor): { x: number; y: number } {
  for (const id of editor.document.ofKind("rack")) {
    const box = editor.document.item(id)?.box;
    if (box !== undefined && id.includes("/")) {
      return editor.camera.toScreen({ x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2 });
    }
  }
  return { x: 0, y: 0 };
}
