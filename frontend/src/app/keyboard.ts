/** Keys of the page: to the tool at work unless somebody is typing or a dialog is open. */
import type { Editor } from "../editor/editor";
import type { UiState } from "./ui-state";

const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
/** Keys that belong to the control in focus, such as a button or a tab. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  "Enter",
  " ",
  "Tab",
  "ArrowLeft",
  "ArrowRight",
  "ArrowUp",
  "ArrowDown",
]);

/** Where the focus stands: on the plan every key is the tool's. */
export function place(target: EventTarget | null): "typing" | "control" | "plan" {
  if (!(target instanceof Element)) return "plan";
  if (target.matches(TYPING)) return "typing";
  if (target.closest("[data-plan]") !== null || target === document.body) return "plan";
  return "control";
}

/** Undo and redo, typed in a field that has nothing of its own to take back. */
function meansTheDesign(target: EventTarget | null, key: string): boolean {
  return (
    target instanceof HTMLInputElement &&
    target.dataset["committed"] === target.value &&
    ["z", "y"].includes(key)
  );
}

export function handleKey(editor: Editor, ui: UiState, event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || ui.dialog.get() !== null) return;
  const where = place(event.target);
  const ctrl = event.ctrlKey || event.metaKey;
  if (where === "typing") {
    const key = event.key.toLowerCase();
    if (!ctrl || (key !== "k" && !meansTheDesign(event.target, key))) return;
  }
  if (where === "control" && !ctrl && OWN_KEYS.has(event.key)) return;
  if (where === "plan" && event.key === " ") {
    event.preventDefault();
    if (!event.repeat) editor.tools.hold(true);
    return;
  }
  if (ui.menuAt.get() !== null && event.key === "Escape") {
    ui.menuAt.set(null);
    return;
  }
  const taken = editor.tools.key({
    key: event.key,
    shift: event.shiftKey,
    ctrl,
    alt: event.altKey,
  });
  if (taken) event.preventDefault();
}

export function handleKeyUp(editor: Editor, event: KeyboardEvent): void {
  if (event.key === " " && place(event.target) === "plan") editor.tools.hold(false);
}
