/** From a comment to what it is about: the finding in the table, the working of a figure, the place. */
import type { Thread } from "../model/thread";
import type { App } from "./context";
import { zoomTo } from "./findings";
import { showPlace, zoomToIds } from "./zoom";

/** Shows what a comment is about, and where it stands. */
export function follow(app: App, thread: Thread): void {
  const { editor, ui, comments } = app;
  const { type, finding_id, path, label, element_ids: ids = [] } = thread.anchor;
  const { result } = editor.results.state.get();
  if (type === "finding") {
    const finding = result?.findings.find(({ id }) => id === finding_id);
    if (finding !== undefined) {
      ui.showDock("findings");
      zoomTo(app, finding);
      return;
    }
  }
  if (type === "result" && path !== undefined) {
    if (ids.length > 0) {
      zoomToIds(app, ids);
      return;
    }
    if (result?.provenance[path] !== undefined) ui.showWorking(path, label ?? thread.where);
  }
  showPlace(app, comments.placeOf(thread));
}

/** Whether the finding that a comment is about is not there any more in the newest result. */
export function isClosed({ anchor }: Thread, { editor }: App): boolean {
  const { result } = editor.results.state.get();
  return (
    anchor.type === "finding" &&
    result !== null &&
    !result.findings.some(({ id }) => id === anchor.finding_id)
  );
}
