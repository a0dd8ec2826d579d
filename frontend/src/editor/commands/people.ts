import type { Command } from "../commands";
import type { Editor } from "../editor";

/** What is said about the design, and the others who have it open. */
export function peopleCommands(host: Editor): readonly Command[] {
  const { presence, camera, selection } = host;
  const mayComment = (): boolean => host.rights.mayComment.get();
  const isAnybodyHere = (): boolean => presence.peers.get().size > 0;
  const opens = (
    part: string,
    title: string,
    keys: readonly string[],
    aliases: readonly string[],
  ): Command => ({
    id: `people.${part}`,
    title,
    keys,
    aliases,
    group: "People",
    run: () => {
      host.ask(part);
    },
  });
  return [
    {
      ...opens("comment", "Comment", ["C"], ["pin", "remark", "note to somebody"]),
      when: mayComment,
    },
    {
      id: "people.comment-area",
      title: "Comment on an area",
      aliases: ["revision cloud", "pin", "remark"],
      keys: ["Alt+Shift+C"],
      group: "People",
      when: mayComment,
      run: () => {
        host.tools.activate("sketch");
      },
    },
    opens("next-comment", "Next open comment", ["N"], ["thread", "discussion"]),
    opens("comments", "Comments", ["Ctrl+Alt+M"], ["threads", "discussion"]),
    {
      id: "people.follow",
      title: "Follow the next person",
      aliases: ["keep to the view of somebody", "present"],
      keys: ["Alt+Shift+F"],
      group: "People",
      when: isAnybodyHere,
      run: () => {
        const clients = [...presence.peers.get().keys()];
        const at = clients.indexOf(presence.following.get() ?? "");
        presence.follow(clients[at + 1] ?? null);
      },
    },
    {
      id: "people.look",
      title: "Ask the others to look here",
      aliases: ["show everybody", "bring here"],
      keys: ["Alt+Shift+L"],
      group: "People",
      when: isAnybodyHere,
      run: () => {
        const box = selection.size > 0 ? host.extent(selection.ids.get()) : null;
        presence.askToLook(
          box === null
            ? camera.view.get().centre
            : { x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2 },
        );
        host.notify("info", "The others are asked to look here.");
      },
    },
  ];
}
