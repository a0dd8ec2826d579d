import { assumedWater, sharedWays } from "../../model/facility-water";
import { assumedFeeder, assumedFeeders, fedNodes, type AssumedFeeder } from "../../model/feeders";
import type { Vec2 } from "../../base/vec2";
import type { Command } from "../commands";
import type { Editor } from "../editor";
import { feederFrom, waterPipes } from "../making-runs";

/** What the networks need beyond tools: what is only assumed is drawn as it is assumed. */
export function runCommands(host: Editor): readonly Command[] {
  const { document, selection } = host;
  const selected = (): readonly AssumedFeeder[] => {
    const drawn = fedNodes(document);
    return [...selection.ids.get()].flatMap((id) => assumedFeeder(document, id, drawn) ?? []);
  };
  const drawWater = (label: string, lines: readonly (readonly Vec2[])[]): void => {
    const made = waterPipes(host, lines);
    host.commit(
      label,
      made.map((element) => ({ type: "create", element })),
    );
    selection.entered.set(null);
    selection.set(made.map(({ id }) => id).filter((id) => document.get(id)));
  };
  const draw = (label: string, feeders: readonly AssumedFeeder[]): void => {
    const made = feeders.map((feeder) => feederFrom(host, feeder));
    host.commit(
      label,
      made.map((element) => ({ type: "create", element })),
    );
    selection.entered.set(null);
    selection.set(made.map(({ id }) => id).filter((id) => document.get(id)));
  };
  return [
    {
      id: "feeder.draw",
      title: "Draw this feeder",
      aliases: ["cable", "line", "route"],
      keys: [],
      group: "Draw",
      when: () => host.canEdit.get() && selected().length > 0,
      run: () => {
        const feeders = selected();
        const [only] = feeders;
        draw(
          feeders.length === 1 && only
            ? `Draw feeder of ${only.node.tag}`
            : `Draw ${feeders.length} feeders`,
          feeders,
        );
      },
    },
    {
      id: "feeder.draw-all",
      title: "Draw all feeders",
      aliases: ["cables", "lines", "routes"],
      keys: [],
      group: "Draw",
      when: () => host.canEdit.get() && assumedFeeders(document).length > 0,
      run: () => {
        const feeders = assumedFeeders(document);
        draw(`Draw ${feeders.length} ${feeders.length === 1 ? "feeder" : "feeders"}`, feeders);
      },
    },
    {
      id: "water.draw",
      title: "Draw this run of facility water",
      aliases: ["FWS", "pipe", "route"],
      keys: [],
      group: "Draw",
      when: () => host.canEdit.get() && assumedWater(document, selection.ids.get()).length > 0,
      run: () => {
        drawWater("Draw facility water", sharedWays(assumedWater(document, selection.ids.get())));
      },
    },
    {
      id: "water.draw-all",
      title: "Draw all facility water",
      aliases: ["FWS", "pipes", "routes"],
      keys: [],
      group: "Draw",
      when: () => host.canEdit.get() && assumedWater(document).length > 0,
      run: () => {
        drawWater("Draw all facility water", sharedWays(assumedWater(document)));
      },
    },
  ];
}
