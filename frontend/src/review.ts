/**
 * Entry of the pages with a plan of a review: a divider between both sides, steps through the
 * changes, zoom and pan, pins. Without it the plan shows both sides over each other and every
 * form still works.
 */
import { Changes } from "./ui/review/changes";
import { within } from "./ui/review/dom";
import { openThread, Pinning } from "./ui/review/pinning";
import { MODES, Sheets } from "./ui/review/sheets";
import { viewOf } from "./ui/sheet-view";

function start(sheets: Sheets): void {
  const changes = new Changes(sheets);
  const pinning = new Pinning(sheets);
  sheets.onpress = (at, event) => {
    if (!pinning.take(at)) changes.showPressed(event);
  };
  const keys: Readonly<Record<string, () => void>> = {
    j: () => {
      changes.step(1);
    },
    k: () => {
      changes.step(-1);
    },
    c: () => {
      changes.toggleUnchanged();
    },
    "0": () => {
      sheets.fit();
    },
    "+": () => {
      sheets.zoom(true);
    },
    "-": () => {
      sheets.zoom(false);
    },
    Escape: () => {
      pinning.stop();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (within(event, "input, select, textarea, [contenteditable]") !== null) return;
    const mode = MODES[Number(event.key) - 1];
    if (mode !== undefined) sheets.setMode(mode);
    else keys[event.key]?.();
  });
}

const stage = document.querySelector<HTMLElement>("[data-stage]");
const svg = stage?.querySelector("svg") ?? null;
const whole = viewOf(svg?.dataset["box"] ?? "");
if (stage !== null && svg !== null && whole !== null) start(new Sheets(stage, svg, whole));

window.addEventListener("hashchange", openThread);
openThread();
