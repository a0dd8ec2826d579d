/** Lets a field take the cursor when the palette asked for it. */
import type { Attachment } from "svelte/attachments";
import type { UiState } from "../ui-state";

/** For the box of a field: focuses it once it is the wanted one. */
export function takesCursor(ui: UiState, name: () => string): Attachment<HTMLElement> {
  return (box) =>
    ui.wantedField.subscribe((wanted) => {
      if (wanted === null || wanted !== name()) return;
      ui.wantedField.set(null);
      box.focus();
      box.scrollIntoView({ block: "nearest" });
    });
}
