// The plan of a review: a divider between both sides, steps through the changes, zoom and pan.
// Without this script the plan shows both sides over each other and every form still works.
"use strict";

const MODES = ["side", "swipe", "overlay"];
const EDGE = 12; // mm of paper around a change that is zoomed to
const SMALLEST = 90; // mm of paper that stay visible at least
const NUDGE = 2; // percent that an arrow key moves the divider

const stage = document.querySelector("[data-stage]");
const svg = stage?.querySelector("svg") ?? null;
if (stage !== null && svg !== null) run(stage, svg);

function run(stage, svg) {
  const whole = numbers(svg.dataset.box);
  const divider = stage.querySelector("[data-divider]");
  const second = stage.querySelector('[data-sheet="second"]');
  let view = [...whole];
  let split = 50;
  let mode = "overlay";
  let twin = null;

  // --- What is seen

  function apply() {
    for (const each of [svg, twin]) {
      each?.setAttribute("viewBox", view.join(" "));
      // Pins keep their size: they are read, not measured.
      for (const pin of each?.querySelectorAll("[data-pin]") ?? []) {
        const place = pin.getAttribute("transform").split(" scale(")[0];
        pin.setAttribute("transform", `${place} scale(${view[2] / whole[2]})`);
      }
    }
    cut();
  }

  /** The two plans are cut where the divider stands, whatever the zoom. */
  function cut() {
    const rect = svg.getBoundingClientRect();
    const at = worldX(rect.left + (rect.width * split) / 100);
    const far = 1e5;
    place("cut-old", -far, at + far);
    place("cut-new", at, far);
    if (divider !== null) {
      divider.style.left = `${split}%`;
      divider.setAttribute("aria-valuenow", String(Math.round(split)));
    }
    for (const [layer, clip] of [["old", "cut-old"], ["new", "cut-new"]]) {
      const group = svg.querySelector(`[data-layer="${layer}"]`);
      if (mode === "swipe" && svg.querySelector('[data-layer="new"]') !== null)
        group?.setAttribute("clip-path", `url(#${clip})`);
      else group?.removeAttribute("clip-path");
    }
  }

  function place(id, x, width) {
    let clip = svg.querySelector(`#${id}`);
    if (clip === null) {
      clip = document.createElementNS(svg.namespaceURI, "clipPath");
      clip.id = id;
      clip.append(document.createElementNS(svg.namespaceURI, "rect"));
      svg.prepend(clip);
    }
    const rect = clip.firstChild;
    rect.setAttribute("x", String(x));
    rect.setAttribute("width", String(Math.max(0, width)));
    rect.setAttribute("y", "-100000");
    rect.setAttribute("height", "200000");
  }

  function worldX(clientX) {
    return new DOMPoint(clientX, 0).matrixTransform(svg.getScreenCTM().inverse()).x;
  }

  function setMode(next) {
    mode = next;
    stage.dataset.mode = next;
    for (const button of stage.querySelectorAll("[data-show-mode]"))
      button.setAttribute("aria-pressed", String(button.dataset.showMode === next));
    if (divider !== null) divider.hidden = next !== "swipe";
    if (second !== null) second.hidden = next !== "side";
    if (next === "side" && twin === null && second !== null) {
      twin = svg.cloneNode(true);
      for (const clip of twin.querySelectorAll("clipPath")) clip.remove();
      for (const each of twin.querySelectorAll("[clip-path]")) each.removeAttribute("clip-path");
      second.append(twin);
      listen(twin);
    }
    apply();
  }

  // --- Zoom and pan

  function zoom(factor, x = view[0] + view[2] / 2, y = view[1] + view[3] / 2) {
    const width = Math.min(whole[2] * 1.5, Math.max(4, view[2] * factor));
    const by = width / view[2];
    view = [x - (x - view[0]) * by, y - (y - view[1]) * by, width, view[3] * by];
    apply();
  }

  function fit() {
    view = [...whole];
    apply();
  }

  function look(box) {
    const width = Math.max(box[2] + 2 * EDGE, SMALLEST);
    const height = Math.max(box[3] + 2 * EDGE, SMALLEST);
    view = [box[0] + box[2] / 2 - width / 2, box[1] + box[3] / 2 - height / 2, width, height];
    apply();
  }

  function listen(target) {
    target.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(
          target.getScreenCTM().inverse(),
        );
        zoom(Math.exp(event.deltaY * 0.0015), at.x, at.y);
      },
      { passive: false },
    );
    target.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.closest("a") !== null) return;
      if (pinning !== null) return;
      const scale = target.getScreenCTM().a;
      const from = [event.clientX, event.clientY, view[0], view[1]];
      target.setPointerCapture(event.pointerId);
      const drag = (moved) => {
        view[0] = from[2] - (moved.clientX - from[0]) / scale;
        view[1] = from[3] - (moved.clientY - from[1]) / scale;
        apply();
      };
      target.addEventListener("pointermove", drag);
      target.addEventListener("pointerup", () => target.removeEventListener("pointermove", drag), {
        once: true,
      });
    });
    target.addEventListener("click", (event) => {
      const mark = event.target.closest("[data-change]");
      if (pinning !== null) dropPin(target, event);
      else if (mark !== null) show(mark.dataset.change, false);
    });
  }

  // --- The divider

  divider?.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    const drag = (moved) => {
      const rect = svg.getBoundingClientRect();
      split = Math.min(100, Math.max(0, ((moved.clientX - rect.left) / rect.width) * 100));
      cut();
    };
    divider?.addEventListener("pointermove", drag);
    divider?.addEventListener("pointerup", () => divider.removeEventListener("pointermove", drag), {
      once: true,
    });
  });
  divider?.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -NUDGE, ArrowRight: NUDGE, Home: -100, End: 100 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    split = Math.min(100, Math.max(0, split + steps[event.key]));
    cut();
  });

  // --- Changes

  const buttons = [...document.querySelectorAll("[data-goto]")];
  const count = document.querySelector("[data-step-count]");
  let shown = null;

  function visible() {
    return buttons.filter((button) => !button.parentElement.hidden);
  }

  function show(key, zoomTo = true) {
    shown = key;
    for (const button of buttons)
      button.setAttribute("aria-current", String(button.dataset.goto === key));
    for (const mark of stage.querySelectorAll("[data-change]"))
      mark.classList.toggle("shown", mark.dataset.change === key);
    const button = buttons.find((each) => each.dataset.goto === key);
    button?.scrollIntoView({ block: "nearest" });
    const mark = svg.querySelector(`[data-change="${key}"]`);
    if (zoomTo && mark !== null) look(numbers(mark.dataset.box));
    tell();
  }

  function tell() {
    if (count === null) return;
    const list = visible();
    const index = list.findIndex((button) => button.dataset.goto === shown);
    count.textContent = index < 0 ? `${list.length}` : `${index + 1} of ${list.length}`;
  }

  function step(by) {
    const list = visible();
    if (list.length === 0) return;
    const index = list.findIndex((button) => button.dataset.goto === shown);
    const next = index < 0 ? (by > 0 ? 0 : list.length - 1) : index + by;
    show(list[(next + list.length) % list.length].dataset.goto);
  }

  for (const button of document.querySelectorAll("[data-show]"))
    button.addEventListener("click", () => show(button.dataset.show));
  for (const button of buttons) button.addEventListener("click", () => show(button.dataset.goto));
  for (const button of document.querySelectorAll("[data-step]"))
    button.addEventListener("click", () => step(Number(button.dataset.step)));
  for (const button of document.querySelectorAll("[data-filter]"))
    button.addEventListener("click", () => {
      for (const each of document.querySelectorAll("[data-filter]"))
        each.setAttribute("aria-pressed", String(each === button));
      const wanted = button.dataset.filter;
      for (const each of buttons)
        each.parentElement.hidden =
          wanted !== "" && !each.parentElement.dataset.disciplines.split(" ").includes(wanted);
      tell();
    });

  // --- Controls

  const onlyChanged = stage.querySelector("[data-only-changed]");
  onlyChanged?.addEventListener("change", () => {
    stage.classList.toggle("only-changed", onlyChanged.checked);
  });
  for (const button of stage.querySelectorAll("[data-show-mode]"))
    button.addEventListener("click", () => setMode(button.dataset.showMode));
  for (const button of stage.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => {
      if (button.dataset.zoom === "fit") fit();
      else zoom(button.dataset.zoom === "in" ? 0.7 : 1 / 0.7);
    });
  for (const link of document.querySelectorAll("[data-zoom-to]"))
    link.addEventListener("click", (event) => {
      const pin = svg.querySelector(`[data-pin="${link.dataset.zoomTo}"]`);
      if (pin === null) return;
      event.preventDefault();
      const [x, y] = numbers(
        pin.getAttribute("transform").split(" scale(")[0].replace(/[^\d.\- ]/g, ""),
      );
      look([x - 5, y - 5, 10, 10]);
      stage.scrollIntoView({ block: "nearest" });
    });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]") !== null) return;
    const acts = {
      j: () => step(1),
      k: () => step(-1),
      c: () => onlyChanged?.click(),
      0: fit,
      "+": () => zoom(0.7),
      "-": () => zoom(1 / 0.7),
      Escape: () => stopPinning(),
    };
    const act = acts[event.key] ?? (MODES[Number(event.key) - 1] && (() => setMode(MODES[Number(event.key) - 1])));
    if (act === undefined) return;
    act();
  });

  // --- Pins: a click on the plan fills the place into the form of a new comment

  let pinning = null;
  for (const button of document.querySelectorAll("[data-pin-form]"))
    button.addEventListener("click", () => {
      pinning = document.getElementById(button.dataset.pinForm);
      stage.classList.add("pinning");
      stage.scrollIntoView({ block: "nearest" });
    });

  function stopPinning() {
    pinning = null;
    stage.classList.remove("pinning");
  }

  function dropPin(target, event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      target.getScreenCTM().inverse(),
    );
    const [x0, y1, scale] = numbers(svg.dataset.frame);
    const form = pinning;
    form.elements.namedItem("x_mm").value = String(Math.round(x0 + at.x * scale));
    form.elements.namedItem("y_mm").value = String(Math.round(y1 - at.y * scale));
    form.querySelector("[data-pin-place]").textContent = "Pinned where you clicked.";
    stopPinning();
    form.closest("details")?.setAttribute("open", "");
    form.elements.namedItem("text").focus();
  }

  listen(svg);
  setMode(stage.dataset.start ?? "swipe");
  tell();
  window.addEventListener("resize", cut);
}

function numbers(text) {
  return text.trim().split(/\s+/).map(Number);
}
