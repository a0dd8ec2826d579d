/** What the menu at the pointer offers: the verbs of the inspector, by command. */
import type { Command } from "../../editor/commands";
import type { Editor } from "../../editor/editor";

const WITH_SELECTION: readonly (string | null)[] = [
  "edit.cut",
  "edit.copy",
  "edit.duplicate",
  "edit.delete",
  null,
  "edit.nudge",
  "arrange.turn",
  "tool.array",
  "feeder.draw",
  "water.draw",
  null,
  "select.similar",
  "select.loop",
  "select.isolate",
  null,
  "edit.lock",
  "edit.unlock",
  "edit.hide",
  "view.fit-selection",
  "people.comment",
];
const WITHOUT_SELECTION: readonly (string | null)[] = [
  "edit.paste",
  "edit.paste-table",
  "people.comment",
  null,
  "select.all",
  "edit.show-all",
  null,
  "view.fit",
  "view.scale-100",
  null,
  "edit.undo",
  "edit.redo",
];

/** Commands in order; null is a line between them. */
export function menuEntries(editor: Editor): readonly (Command | null)[] {
  const ids = editor.selection.size > 0 ? WITH_SELECTION : WITHOUT_SELECTION;
  return ids.flatMap((id) => {
    if (id === null) return [null];
    const command = editor.commands.get(id);
    return command === undefined ? [] : [command];
  });
}
