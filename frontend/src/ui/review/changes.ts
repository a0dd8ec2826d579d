/** The changes of a review in words: stepping through them, showing each on the plan. */
import { whenClicked, within } from "./dom";
import type { Sheets } from "./sheets";
import { nextOf, viewOf } from "../sheet-view";

export class Changes {
  private readonly all = [...document.querySelectorAll<HTMLElement>("[data-goto]")];
  private readonly count = document.querySelector<HTMLElement>("[data-step-count]");
  private readonly onlyChanged: HTMLInputElement | null;
  private shown: HTMLElement | null = null;

  constructor(private readonly sheets: Sheets) {
    const { stage } = sheets;
    const onlyChanged = stage.querySelector<HTMLInputElement>("[data-only-changed]");
    this.onlyChanged = onlyChanged;
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
    onlyChanged?.addEventListener("change", () => {
      stage.classList.toggle("only-changed", onlyChanged.checked);
    });
    this.tell();
  }

  /** Marks the change that was pressed on the plan. */
  showPressed(event: MouseEvent): void {
    const mark = within(event, "[data-change]");
    if (mark !== null) this.show(mark.getAttribute("data-change") ?? "", false);
  }

  step(by: 1 | -1): void {
    const next = nextOf(this.visible(), this.shown, by);
    if (next !== undefined) this.show(next.dataset["goto"] ?? "");
  }

  /** Hides what did not change, or shows it again. */
  toggleUnchanged(): void {
    this.onlyChanged?.click();
  }

  private visible(): HTMLElement[] {
    return this.all.filter((change) => change.parentElement?.hidden !== true);
  }

  private show(key: string, zoomTo = true): void {
    this.shown = this.all.find((change) => change.dataset["goto"] === key) ?? null;
    for (const change of this.all)
      change.setAttribute("aria-current", String(change === this.shown));
    for (const mark of this.sheets.stage.querySelectorAll("[data-change]"))
      mark.classList.toggle("shown", mark.getAttribute("data-change") === key);
    this.shown?.scrollIntoView({ block: "nearest" });
    const mark = this.sheets.svg.querySelector(`[data-change="${CSS.escape(key)}"]`);
    const box = zoomTo ? viewOf(mark?.getAttribute("data-box") ?? "") : null;
    if (box !== null) this.sheets.showBox(box);
    this.tell();
  }

  private tell(): void {
    if (this.count === null) return;
    const list = this.visible();
    const index = this.shown === null ? -1 : list.indexOf(this.shown);
    const total = String(list.length);
    this.count.textContent = index < 0 ? total : `${String(index + 1)} of ${total}`;
  }

  private filter(chosen: HTMLElement): void {
    for (const each of document.querySelectorAll("[data-filter]"))
      each.setAttribute("aria-pressed", String(each === chosen));
    const wanted = chosen.dataset["filter"] ?? "";
    for (const change of this.all) {
      const row = change.parentElement;
      if (row === null) continue;
      const disciplines = (row.dataset["disciplines"] ?? "").split(" ");
      row.hidden = wanted !== "" && !disciplines.includes(wanted);
    }
    this.tell();
  }
}
