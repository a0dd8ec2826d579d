/** Comments of a review page: where a new one is pinned, and where those that are there stand. */
import { whenClicked } from "./dom";
import type { Sheets } from "./sheets";
import { numbersOf, pinPlace } from "../sheet-view";

const PIN_HALF = 5; // mm of paper on each side of a pin that is zoomed to

export class Pinning {
  private form: HTMLFormElement | null = null;

  constructor(private readonly sheets: Sheets) {
    whenClicked("[data-zoom-to]", (each, event) => {
      this.zoomTo(each.dataset["zoomTo"] ?? "", event);
    });
    whenClicked("[data-pin-form]", (each) => {
      this.start(document.getElementById(each.dataset["pinForm"] ?? ""));
    });
    const choice = document.querySelector<HTMLSelectElement>("[data-about-choice]");
    if (choice === null) return;
    choice.addEventListener("change", () => {
      offerPlace(choice);
    });
    whenClicked("[data-about]", (each) => {
      choice.value = each.dataset["about"] ?? "";
      offerPlace(choice);
      openForm(choice.form);
    });
    offerPlace(choice);
  }

  /** Fills the place that was pressed into the form; whether one was waiting for it. */
  take(at: DOMPoint): boolean {
    const { form } = this;
    if (form === null) return false;
    const [left, top, scale] = numbersOf(this.sheets.svg.dataset["frame"] ?? "");
    if (left === undefined || top === undefined || scale === undefined) return true;
    fill(form, "x_mm", left + at.x * scale);
    fill(form, "y_mm", top - at.y * scale);
    const place = form.querySelector("[data-pin-place]");
    if (place !== null) place.textContent = "Pinned where you clicked.";
    this.stop();
    openForm(form);
    return true;
  }

  stop(): void {
    this.form = null;
    this.sheets.isPicking = false;
    this.sheets.stage.classList.remove("pinning");
  }

  private start(form: HTMLElement | null): void {
    if (!(form instanceof HTMLFormElement)) return;
    this.form = form;
    this.sheets.isPicking = true;
    this.sheets.stage.classList.add("pinning");
    this.sheets.stage.scrollIntoView({ block: "nearest" });
  }

  private zoomTo(number: string, event: Event): void {
    const { stage, svg } = this.sheets;
    const pin = svg.querySelector(`[data-pin="${CSS.escape(number)}"]`);
    const place = pinPlace(pin?.getAttribute("transform") ?? "");
    if (place === null) return;
    // On a summary this would also keep the words closed, and they are what one asked for.
    if (event.currentTarget instanceof HTMLAnchorElement) event.preventDefault();
    const [x, y] = place;
    this.sheets.showBox([x - PIN_HALF, y - PIN_HALF, 2 * PIN_HALF, 2 * PIN_HALF]);
    stage.scrollIntoView({ block: "nearest" });
  }
}

/** A change, a figure or a finding has its own place: none is asked for. */
function offerPlace(choice: HTMLSelectElement): void {
  const place = choice.form?.querySelector<HTMLElement>("[data-place]");
  if (place) place.hidden = choice.value !== "";
}

function openForm(form: HTMLFormElement | null): void {
  form?.closest("details")?.setAttribute("open", "");
  form?.querySelector<HTMLElement>('[name="text"]')?.focus();
}

/** A link to a comment, such as its pin, opens what was said. */
export function openThread(): void {
  const named = document.getElementById(window.location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
}

function fill(form: HTMLFormElement, name: string, value: number): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = String(Math.round(value));
}
