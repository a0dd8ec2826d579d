/** Brings a place to the middle of what panels leave free of the plan. */
export function showPlace({ editor, ui }: Pick<App, "editor" | "ui">, at: Vec2): void {
  editor.camera.centreOn(at);
  if (ui.coversPlan) editor.camera.panBy(0, -editor.camera.view.get().heightPx / 4);
}

/** Selects elements, members of modules too, and shows them. */
import type { Vec2 } from "../base/vec2";
import type { ElementId } from "../model/element";
import type { App } from "./context";

export function zoomToIds({ editor }: App, ids: readonly ElementId[]): void {
  const known = ids.filter((id) => editor.document.item(id) !== undefined);
  const [first] = known;
  if (first === undefined) return;
  editor.selection.entered.set(first.includes("/") ? first.slice(0, first.indexOf("/")) : null);
  editor.selection.set(known);
  const box = editor.extent(known);
  if (box !== null) editor.camera.fit(box, 120);
}
