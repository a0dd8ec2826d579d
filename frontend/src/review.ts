/**
 * Entry of the pages with a plan of a review: a divider between both sides, steps through the
 * changes, zoom and pan, pins. Without it the plan shows both sides over each other and every
 * form still works.
 */
import {
  around,
  nextOf,
  numbersOf,
  opening,
  pinPlace,
  viewOf,
  zoomed,
  type SheetView,
} from "./ui/sheet-view";

const MODES = ["side", "swipe", "overlay"] as const;
type Mode = (typeof MODES)[number];
const NUDGE = 2; // percent that an arrow key moves the divider
const FAR = 1e5; // mm of paper beyond any sheet
const CLOSER = 0.7;
const PIN_HALF = 5; // mm of paper on each side of a pin that is zoomed to
const WHEEL_RATE = 0.0015; // of the logarithm of the scale, for each pixel of the wheel
const CLIPS = [
  ["old", "cut-old"],
  ["new", "cut-new"],
] as const;

/** Where the changes are; findings are marks that somebody asks for. */
function changedBoxes(svg: SVGSVGElement): SheetView[] {
  const marks = svg.querySelectorAll<SVGElement>('[data-change]:not([data-how="finding"])');
  return [...marks].map((mark) => viewOf(mark.dataset["box"] ?? "")).filter((box) => box !== null);
}

/** The plan on the page, and what the page does with it. */
class ReviewStage {
  private readonly whole: SheetView;
  private readonly divider: HTMLElement | null;
  private readonly second: HTMLElement | null;
  private readonly onlyChanged: HTMLInputElement | null;
  private readonly changes = [...document.querySelectorAll<HTMLElement>("[data-goto]")];
  private readonly count = document.querySelector<HTMLElement>("[data-step-count]");
  private view: SheetView;
  private split = 50;
  private mode: Mode = "overlay";
  private twin: SVGSVGElement | null = null;
  private shown: HTMLElement | null = null;
  private pinning: HTMLFormElement | null = null;

  constructor(
    private readonly stage: HTMLElement,
    private readonly svg: SVGSVGElement,
    whole: SheetView,
  ) {
    this.whole = whole;
    this.view = opening(whole, changedBoxes(svg));
    this.divider = stage.querySelector("[data-divider]");
    this.second = stage.querySelector('[data-sheet="second"]');
    this.onlyChanged = stage.querySelector("[data-only-changed]");
    this.listenToSheet(svg);
    this.listenToDivider();
    this.listenToPage();
    this.setMode(MODES.find((mode) => mode === stage.dataset["start"]) ?? "swipe");
    this.tell();
  }

  // --- What is seen

  private look(view: SheetView): void {
    this.view = view;
    for (const sheet of this.sheets()) {
      sheet.setAttribute("viewBox", view.join(" "));
      // Pins keep their size: they are read, not measured.
      for (const pin of sheet.querySelectorAll("[data-pin]")) {
        const place = (pin.getAttribute("transform") ?? "").split(" scale(")[0] ?? "";
        pin.setAttribute("transform", `${place} scale(${String(view[2] / this.whole[2])})`);
      }
    }
    this.cut();
  }

  private sheets(): SVGSVGElement[] {
    return this.twin === null ? [this.svg] : [this.svg, this.twin];
  }

  /** The two plans are cut where the divider stands, whatever the zoom. */
  private cut(): void {
    const rect = this.svg.getBoundingClientRect();
    const at = onSheet(this.svg, rect.left + (rect.width * this.split) / 100, rect.top).x;
    this.placeClip("cut-old", -FAR, at + FAR);
    this.placeClip("cut-new", at, FAR);
    // The divider and the names of both sides stand where this says.
    this.stage.style.setProperty("--split", `${String(this.split)}%`);
    this.divider?.setAttribute("aria-valuenow", String(Math.round(this.split)));
    const isCut = this.mode === "swipe" && this.svg.querySelector('[data-layer="new"]') !== null;
    for (const [layer, clip] of CLIPS) {
      const group = this.svg.querySelector(`[data-layer="${layer}"]`);
      if (isCut) group?.setAttribute("clip-path", `url(#${clip})`);
      else group?.removeAttribute("clip-path");
    }
  }

  private placeClip(id: string, x: number, width: number): void {
    let rect = this.svg.querySelector(`#${id} > rect`);
    if (rect === null) {
      const clip = document.createElementNS("http://www.w3.org/2000/svg", "clipPath");
      clip.id = id;
      rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      clip.append(rect);
      this.svg.prepend(clip);
    }
    rect.setAttribute("x", String(x));
    rect.setAttribute("width", String(Math.max(0, width)));
    rect.setAttribute("y", String(-FAR));
    rect.setAttribute("height", String(2 * FAR));
  }

  private setMode(mode: Mode): void {
    this.mode = mode;
    this.stage.dataset["mode"] = mode;
    for (const button of this.stage.querySelectorAll<HTMLElement>("[data-show-mode]"))
      button.setAttribute("aria-pressed", String(button.dataset["showMode"] === mode));
    if (this.divider !== null) this.divider.hidden = mode !== "swipe";
    if (this.second !== null) {
      this.second.hidden = mode !== "side";
      if (mode === "side" && this.twin === null) this.openTwin(this.second);
    }
    this.look(this.view);
  }

  private openTwin(holder: HTMLElement): void {
    const twin = this.svg.cloneNode(true) as SVGSVGElement;
    for (const clip of twin.querySelectorAll("clipPath")) clip.remove();
    for (const each of twin.querySelectorAll("[clip-path]")) each.removeAttribute("clip-path");
    holder.append(twin);
    this.twin = twin;
    this.listenToSheet(twin);
  }

  // --- Zoom and pan

  private zoom(factor: number, x?: number, y?: number): void {
    this.look(zoomed(this.view, factor, this.whole, x, y));
  }

  private fit(): void {
    this.look(this.whole);
  }

  private listenToSheet(sheet: SVGSVGElement): void {
    sheet.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const at = onSheet(sheet, event.clientX, event.clientY);
        this.zoom(Math.exp(event.deltaY * WHEEL_RATE), at.x, at.y);
      },
      { passive: false },
    );
    sheet.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.pinning !== null || within(event, "a") !== null) return;
      const from = onSheet(sheet, event.clientX, event.clientY);
      drag(sheet, event, (moved) => {
        // The grabbed point stays under the hand: what moved is the difference since the last.
        const now = onSheet(sheet, moved.clientX, moved.clientY);
        const [x, y, width, height] = this.view;
        this.look([x - (now.x - from.x), y - (now.y - from.y), width, height]);
      });
    });
    sheet.addEventListener("click", (event) => {
      const mark = within(event, "[data-change]");
      if (this.pinning !== null)
        this.dropPin(this.pinning, onSheet(sheet, event.clientX, event.clientY));
      else if (mark !== null) this.show(mark.getAttribute("data-change") ?? "", false);
    });
  }

  // --- The divider

  private listenToDivider(): void {
    const { divider } = this;
    divider?.addEventListener("pointerdown", (event) => {
      drag(divider, event, (moved) => {
        const rect = this.svg.getBoundingClientRect();
        this.divide(((moved.clientX - rect.left) / rect.width) * 100);
      });
    });
    divider?.addEventListener("keydown", (event) => {
      const steps: Readonly<Record<string, number>> = {
        ArrowLeft: this.split - NUDGE,
        ArrowRight: this.split + NUDGE,
        Home: 0,
        End: 100,
      };
      const next = steps[event.key];
      if (next === undefined) return;
      event.preventDefault();
      this.divide(next);
    });
  }

  private divide(percent: number): void {
    this.split = Math.min(100, Math.max(0, percent));
    this.cut();
  }

  // --- Changes

  private visible(): HTMLElement[] {
    return this.changes.filter((change) => change.parentElement?.hidden !== true);
  }

  private show(key: string, zoomTo = true): void {
    this.shown = this.changes.find((change) => change.dataset["goto"] === key) ?? null;
    for (const change of this.changes)
      change.setAttribute("aria-current", String(change === this.shown));
    for (const mark of this.stage.querySelectorAll("[data-change]"))
      mark.classList.toggle("shown", mark.getAttribute("data-change") === key);
    this.shown?.scrollIntoView({ block: "nearest" });
    const mark = this.svg.querySelector(`[data-change="${CSS.escape(key)}"]`);
    const box = zoomTo ? viewOf(mark?.getAttribute("data-box") ?? "") : null;
    if (box !== null) this.look(around(box));
    this.tell();
  }

  private tell(): void {
    if (this.count === null) return;
    const list = this.visible();
    const index = this.shown === null ? -1 : list.indexOf(this.shown);
    const total = String(list.length);
    this.count.textContent = index < 0 ? total : `${String(index + 1)} of ${total}`;
  }

  private step(by: 1 | -1): void {
    const next = nextOf(this.visible(), this.shown, by);
    if (next !== undefined) this.show(next.dataset["goto"] ?? "");
  }

  private filter(chosen: HTMLElement): void {
    for (const each of document.querySelectorAll("[data-filter]"))
      each.setAttribute("aria-pressed", String(each === chosen));
    const wanted = chosen.dataset["filter"] ?? "";
    for (const change of this.changes) {
      const row = change.parentElement;
      if (row === null) continue;
      const disciplines = (row.dataset["disciplines"] ?? "").split(" ");
      row.hidden = wanted !== "" && !disciplines.includes(wanted);
    }
    this.tell();
  }

  // --- Pins: a click on the plan fills the place into the form of a new comment

  private startPinning(form: HTMLElement | null): void {
    if (!(form instanceof HTMLFormElement)) return;
    this.pinning = form;
    this.stage.classList.add("pinning");
    this.stage.scrollIntoView({ block: "nearest" });
  }

  private stopPinning(): void {
    this.pinning = null;
    this.stage.classList.remove("pinning");
  }

  private dropPin(form: HTMLFormElement, at: DOMPoint): void {
    const [left, top, scale] = numbersOf(this.svg.dataset["frame"] ?? "");
    if (left === undefined || top === undefined || scale === undefined) return;
    fill(form, "x_mm", left + at.x * scale);
    fill(form, "y_mm", top - at.y * scale);
    const place = form.querySelector("[data-pin-place]");
    if (place !== null) place.textContent = "Pinned where you clicked.";
    this.stopPinning();
    form.closest("details")?.setAttribute("open", "");
    form.querySelector<HTMLElement>('[name="text"]')?.focus();
  }

  private zoomToPin(number: string, event: Event): void {
    const pin = this.svg.querySelector(`[data-pin="${CSS.escape(number)}"]`);
    const place = pinPlace(pin?.getAttribute("transform") ?? "");
    if (place === null) return;
    // On a summary this would also keep the words closed, and they are what one asked for.
    if (event.currentTarget instanceof HTMLAnchorElement) event.preventDefault();
    const [x, y] = place;
    this.look(around([x - PIN_HALF, y - PIN_HALF, 2 * PIN_HALF, 2 * PIN_HALF]));
    this.stage.scrollIntoView({ block: "nearest" });
  }

  // --- Controls

  private listenToPage(): void {
    const { stage, onlyChanged } = this;
    whenClicked("[data-show]", (each) => {
      this.show(each.dataset["show"] ?? "");
    });
    whenClicked("[data-goto]", (each) => {
      this.show(each.dataset["goto"] ?? "");
    });
    whenClicked("[data-step]", (each) => {
      this.step(each.dataset["step"] === "-1" ? -1 : 1);
    });
    whenClicked("[data-filter]", (each) => {
      this.filter(each);
    });
    whenClicked("[data-show-mode]", (each) => {
      const mode = MODES.find((one) => one === each.dataset["showMode"]);
      if (mode !== undefined) this.setMode(mode);
    });
    whenClicked("[data-zoom]", (each) => {
      if (each.dataset["zoom"] === "fit") this.fit();
      else this.zoom(each.dataset["zoom"] === "in" ? CLOSER : 1 / CLOSER);
    });
    whenClicked("[data-zoom-to]", (each, event) => {
      this.zoomToPin(each.dataset["zoomTo"] ?? "", event);
    });
    whenClicked("[data-pin-form]", (each) => {
      this.startPinning(document.getElementById(each.dataset["pinForm"] ?? ""));
    });
    onlyChanged?.addEventListener("change", () => {
      stage.classList.toggle("only-changed", onlyChanged.checked);
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (within(event, "input, select, textarea, [contenteditable]") === null)
        this.press(event.key);
    });
    window.addEventListener("resize", () => {
      this.cut();
    });
  }

  private press(key: string): void {
    const mode = MODES[Number(key) - 1];
    if (mode !== undefined) this.setMode(mode);
    else if (key === "j") this.step(1);
    else if (key === "k") this.step(-1);
    else if (key === "c") this.onlyChanged?.click();
    else if (key === "0") this.fit();
    else if (key === "+") this.zoom(CLOSER);
    else if (key === "-") this.zoom(1 / CLOSER);
    else if (key === "Escape") this.stopPinning();
  }
}

/** Where a point of the window is on a sheet, in mm of paper. */
function onSheet(sheet: SVGSVGElement, clientX: number, clientY: number): DOMPoint {
  return new DOMPoint(clientX, clientY).matrixTransform(sheet.getScreenCTM()?.inverse());
}

/** What an event happened on or in. */
function within(event: Event, selector: string): Element | null {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/** Follow a pressed pointer until it is let go, or taken away. */
function drag(
  target: HTMLElement | SVGElement,
  { pointerId }: PointerEvent,
  moved: (event: PointerEvent) => void,
): void {
  const ended = new AbortController();
  const { signal } = ended;
  target.setPointerCapture(pointerId);
  target.addEventListener("pointermove", moved as EventListener, { signal });
  for (const end of ["pointerup", "pointercancel"])
    target.addEventListener(
      end,
      () => {
        ended.abort();
      },
      { signal },
    );
}

function whenClicked(selector: string, act: (each: HTMLElement, event: Event) => void): void {
  for (const each of document.querySelectorAll<HTMLElement>(selector))
    each.addEventListener("click", (event) => {
      act(each, event);
    });
}

function fill(form: HTMLFormElement, name: string, value: number): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = String(Math.round(value));
}

const stage = document.querySelector<HTMLElement>("[data-stage]");
const svg = stage?.querySelector("svg") ?? null;
const whole = viewOf(svg?.dataset["box"] ?? "");
if (stage !== null && svg !== null && whole !== null) new ReviewStage(stage, svg, whole);

/** A link to a comment, such as its pin, opens what was said. */
function openThread(): void {
  const named = document.getElementById(window.location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

window.addEventListener("hashchange", openThread);
openThread();
