/** The system's clipboard: what is copied, cut and pasted on the plan goes through it. */
import type { Editor } from "../editor/editor";
import { place } from "./keyboard";
import type { UiState } from "./ui-state";

/** The one place outside the page that copied text comes from or goes to. */
type Transfer = Pick<ClipboardEvent, "target" | "clipboardData" | "preventDefault">;

/** Text that is typed or marked is the browser's to copy. */
function isForPlan(ui: UiState, { target }: Transfer): boolean {
  return (
    ui.dialog.get() === null &&
    place(target) !== "typing" &&
    globalThis.getSelection?.()?.isCollapsed !== false
  );
}

export function handleCopy(editor: Editor, ui: UiState, event: Transfer, cuts = false): void {
  if (!isForPlan(ui, event) || !editor.commands.isEnabled(cuts ? "edit.cut" : "edit.copy")) return;
  const text = editor.clipboard.copy();
  if (text === null) return;
  event.clipboardData?.setData("text/plain", text);
  event.preventDefault();
  if (cuts) editor.commands.run("edit.delete");
}

/** Elements go where the pointer is; cells of a spreadsheet are shown before they are applied. */
export function handlePaste(editor: Editor, ui: UiState, event: Transfer): void {
  if (!isForPlan(ui, event) || !editor.canEdit.get()) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (text.trim() === "") return;
  event.preventDefault();
  const at = editor.pointerAt.get() ?? editor.camera.view.get().centre;
  if (editor.clipboard.paste(text, at)) editor.clipboard.buffer = text;
  else if (/[\t\n]/.test(text.trim())) ui.dialog.set({ kind: "paste-table", text });
  else editor.notify("info", "The clipboard holds neither elements of a plan nor a table.");
}

/** For a command of the palette or a menu, where the browser gives no event to answer. */
export async function putOnClipboard(editor: Editor, ui: UiState): Promise<void> {
  const text = editor.clipboard.buffer ?? "";
  try {
    await navigator.clipboard.writeText(text);
    ui.toast("info", "Copied.");
  } catch {
    ui.toast("info", "Copied for this window; the browser keeps its clipboard closed here.");
  }
}
