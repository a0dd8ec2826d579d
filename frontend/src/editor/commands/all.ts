import type { Editor } from "../editor";
import { arrangeCommands } from "./arrange";
import { editCommands } from "./edit";
import { peopleCommands } from "./people";
import { runCommands } from "./runs";
import { selectCommands } from "./select";
import { settingCommands } from "./settings";
import { swapCommands } from "./swap";
import { toolCommands } from "./tools";
import { viewCommands } from "./view";

/** Puts every command into the editor's registry. */
export function registerCommands(host: Editor): void {
  for (const make of [
    editCommands,
    swapCommands,
    arrangeCommands,
    selectCommands,
    toolCommands,
    runCommands,
    viewCommands,
    settingCommands,
    peopleCommands,
  ]) {
    for (const command of make(host)) host.commands.add(command);
  }
}
