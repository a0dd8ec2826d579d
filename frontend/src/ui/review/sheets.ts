/** The plans of a review: one sheet or two of the same view, cut at a divider where that is asked. */
import { drag, onSheet, whenClicked, within } from "./dom";
import { around, opening, viewOf, zoomed, type SheetView } from "../sheet-view";

export const MODES = ["side", "swipe", "overlay"] as const;
export type Mode = (typeof MODES)[number];

const NUDGE = 2; // percent that an arrow key moves the divider
const FAR = 1e5; // mm of paper beyond any sheet
const CLOSER = 0.7;
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

export class Sheets {
  /** Told of each press on the plan, and where that is in mm of paper. */
  onpress: ((at: DOMPoint, event: MouseEvent) => void) | null = null;
  /** The hand picks a place instead of moving the plan. */
  isPicking = false;
  private readonly divider: HTMLElement | null;
  private readonly second: HTMLElement | null;
  private view: SheetView;
  private split = 50;
  private mode: Mode = "overlay";
  private twin: SVGSVGElement | null = null;

  constructor(
    readonly stage: HTMLElement,
    readonly svg: SVGSVGElement,
    private readonly whole: SheetView,
  ) {
    this.view = opening(whole, changedBoxes(svg));
    this.divider = stage.querySelector("[data-divider]");
    this.second = stage.querySelector('[data-sheet="second"]');
    this.listenTo(svg);
    this.listenToDivider();
    this.listenToControls();
    this.setMode(MODES.find((mode) => mode === stage.dataset["start"]) ?? "swipe");
  }

  /** Shows a part of the plan. */
  look(view: SheetView): void {
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

  /** Shows a box in the middle of what is around it. */
  showBox(box: SheetView): void {
    this.look(around(box));
  }

  zoom(closer: boolean): void {
    this.look(zoomed(this.view, closer ? CLOSER : 1 / CLOSER, this.whole));
  }

  fit(): void {
    this.look(this.whole);
  }

  setMode(mode: Mode): void {
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
    this.listenTo(twin);
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

  private listenTo(sheet: SVGSVGElement): void {
    sheet.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const at = onSheet(sheet, event.clientX, event.clientY);
        this.look(zoomed(this.view, Math.exp(event.deltaY * WHEEL_RATE), this.whole, at.x, at.y));
      },
      { passive: false },
    );
    sheet.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.isPicking || within(event, "a") !== null) return;
      const from = onSheet(sheet, event.clientX, event.clientY);
      drag(sheet, event, (moved) => {
        // The grabbed point stays under the hand: what moved is the difference since the last.
        const now = onSheet(sheet, moved.clientX, moved.clientY);
        const [x, y, width, height] = this.view;
        this.look([x - (now.x - from.x), y - (now.y - from.y), width, height]);
      });
    });
    sheet.addEventListener("click", (event) => {
      this.onpress?.(onSheet(sheet, event.clientX, event.clientY), event);
    });
  }

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

  private listenToControls(): void {
    whenClicked("[data-show-mode]", (each) => {
      const mode = MODES.find((one) => one === each.dataset["showMode"]);
      if (mode !== undefined) this.setMode(mode);
    });
    whenClicked("[data-zoom]", (each) => {
      if (each.dataset["zoom"] === "fit") this.fit();
      else this.zoom(each.dataset["zoom"] === "in");
    });
    window.addEventListener("resize", () => {
      this.cut();
    });
  }
}
