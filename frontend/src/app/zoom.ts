/** Selects elements, members of modules too, and shows them. */
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
