import type { Command } from "../commands";
import type { Editor } from "../editor";
import { rackChoices, swapEdits, usedRackChoices } from "../swaps";

/** Changes that reach through the whole design. */
export function swapCommands(host: Editor): readonly Command[] {
  return [
    {
      id: "edit.swap-racks",
      title: "Swap racks everywhere…",
      aliases: ["generation", "replace product", "upgrade"],
      keys: [],
      group: "Edit",
      when: () => host.canEdit.get() && host.document.ofKind("rack").size > 0,
      args: [
        { id: "from", label: "Every", initial: "", choices: () => usedRackChoices(host) },
        { id: "to", label: "becomes", initial: "", choices: () => othersFirst(host) },
      ],
      run: ({ from = "", to = "" }) => {
        const label = rackChoices(host).find(({ id }) => id === to)?.label;
        if (label === undefined || from === to) {
          host.notify("info", "Nothing was swapped: choose two different racks.");
          return;
        }
        host.commit(`Swap racks to ${label}`, swapEdits(host, from, to));
      },
    },
  ];
}

/** What a rack may become: first what differs from the one that is offered to be swapped. */
function othersFirst(host: Editor): ReturnType<typeof rackChoices> {
  const offered = usedRackChoices(host)[0]?.id;
  const all = rackChoices(host);
  return [...all.filter(({ id }) => id !== offered), ...all.filter(({ id }) => id === offered)];
}
