import type { ElementId } from "../../model/element";
import type { Edit } from "../../model/edits";
import {
  alignEdits,
  distributeEdits,
  middleOf,
  mirrorEdits,
  turnEdits,
  unlocked,
  type AlignTo,
} from "../arrange";
import type { Command } from "../commands";
import type { Editor } from "../editor";
import { parseEntry, resolveValue } from "../entry";
import { labelFor } from "../labels";

const ALIGNMENTS: readonly (readonly [AlignTo, string, string])[] = [
  ["left", "Align left", "Alt+A"],
  ["right", "Align right", "Alt+D"],
  ["top", "Align top", "Alt+W"],
  ["bottom", "Align bottom", "Alt+S"],
  ["middle-x", "Align centres across", "Alt+H"],
  ["middle-y", "Align centres along", "Alt+V"],
];

/** Turn, mirror, align, distribute. */
export function arrangeCommands(host: Editor): readonly Command[] {
  const ids = (): readonly ElementId[] => unlocked(host.document, host.selection.ids.get());
  const has = (least: number) => (): boolean => host.canEdit.get() && host.selection.size >= least;
  const commit = (verb: string, make: (ids: readonly ElementId[]) => readonly Edit[]): void => {
    const free = ids();
    if (free.length === 0) host.notify("info", "What is selected is locked.");
    else host.commit(labelFor(host, verb, free), make(free));
  };
  const turn = (degrees: number): void => {
    const about = middleOf(host.document, ids());
    if (about) commit("Turn", (free) => turnEdits(host.document, free, degrees, about));
  };
  const mirror = (line: "vertical" | "horizontal"): void => {
    const about = middleOf(host.document, ids());
    if (!about) return;
    const at = line === "vertical" ? about.x : about.y;
    commit("Mirror", (free) => mirrorEdits(host.document, free, line, at));
  };
  const one = (
    id: string,
    title: string,
    keys: readonly string[],
    aliases: readonly string[],
    least: number,
    run: () => void,
  ): Command => ({ id, title, keys, aliases, group: "Arrange", when: has(least), run });
  return [
    one(
      "arrange.turn-left",
      "Turn 90° left",
      ["Shift+R"],
      ["rotate", "counter-clockwise"],
      1,
      () => {
        turn(90);
      },
    ),
    one("arrange.turn-right", "Turn 90° right", ["Alt+R"], ["rotate", "clockwise"], 1, () => {
      turn(-90);
    }),
    {
      id: "arrange.turn",
      title: "Turn by…",
      aliases: ["rotate by angle"],
      keys: [],
      group: "Arrange",
      when: has(1),
      args: [
        {
          id: "angle",
          label: "Angle",
          initial: "45",
          check: (text) => {
            const angle = parseEntry(text, "angle");
            return angle.ok ? "" : angle.error;
          },
        },
      ],
      run: ({ angle = "0" }) => {
        const entry = parseEntry(angle, "angle");
        const value = entry.ok ? resolveValue(entry.value, 0, "angle") : entry;
        if (value.ok) turn(value.value);
        else host.notify("error", value.error);
      },
    },
    one(
      "arrange.mirror-across",
      "Mirror left and right",
      ["Shift+H"],
      ["flip horizontally", "MI"],
      1,
      () => {
        mirror("vertical");
      },
    ),
    one(
      "arrange.mirror-along",
      "Mirror top and bottom",
      ["Shift+V"],
      ["flip vertically"],
      1,
      () => {
        mirror("horizontal");
      },
    ),
    ...ALIGNMENTS.map(([to, title, key]) =>
      one(`arrange.align-${to}`, title, [key], ["line up"], 2, () => {
        commit("Align", (free) => alignEdits(host.document, free, to, host.selection.key.get()));
      }),
    ),
    one("arrange.distribute-x", "Distribute across", ["Alt+Shift+H"], ["equal gaps"], 3, () => {
      commit("Distribute", (free) => distributeEdits(host.document, free, "x"));
    }),
    one("arrange.distribute-y", "Distribute along", ["Alt+Shift+V"], ["equal gaps"], 3, () => {
      commit("Distribute", (free) => distributeEdits(host.document, free, "y"));
    }),
  ];
}
