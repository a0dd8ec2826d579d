import { mapped, type Signal } from "../../base/signal";
import type { Command } from "../commands";
import type { Editor } from "../editor";
import { parseEntry } from "../entry";
import { OVERLAYS } from "../settings";

/** Everything that is switched on and off. */
export function settingCommands(host: Editor): readonly Command[] {
  const { settings } = host;
  const toggle = (
    id: string,
    title: string,
    setting: Signal<boolean>,
    keys: readonly string[],
    aliases: readonly string[],
  ): Command => ({
    id: `set.${id}`,
    title,
    aliases,
    keys,
    group: "Settings",
    checked: setting,
    run: () => {
      setting.update((on) => !on);
    },
  });
  return [
    toggle("ortho", "Ortho", settings.ortho, ["F8"], ["right angles"]),
    toggle("snap-grid", "Snap to grid", settings.snapGrid, ["F9"], []),
    toggle(
      "snap-objects",
      "Snap to objects",
      settings.snapObjects,
      ["F7"],
      ["osnap", "edges", "corners"],
    ),
    toggle("snap-gaps", "Snap to equal gaps", settings.snapGaps, ["F4"], ["spacing"]),
    toggle("snap-tiles", "Snap to tiles", settings.snapTiles, [], ["floor tiles"]),
    toggle("grid", "Show grid", settings.showGrid, ["G"], ["lines"]),
    toggle("tiles", "Show tiles", settings.showTiles, ["Alt+T"], ["floor tiles", "labels"]),
    toggle("dimensions", "Show dimensions", settings.showDimensions, [], []),
    toggle(
      "feeders",
      "Show assumed runs",
      settings.showFeeders,
      [],
      ["feeders", "power lines", "cables", "facility water", "FWS"],
    ),
    toggle("findings", "Show findings", settings.showFindings, [], ["markers"]),
    toggle("skip-io", "Tile letters without I and O", settings.skipIO, [], ["labels"]),
    toggle("single-keys", "Shortcuts of one letter", settings.singleKeys, [], ["accessibility"]),
    {
      id: "set.grid-step",
      title: "Grid step…",
      aliases: ["spacing", "grid size"],
      keys: ["Shift+G"],
      group: "Settings",
      args: [
        {
          id: "step",
          label: "Step",
          initial: "100",
          check: (text) => {
            const entry = parseEntry(text, "length", settings.units.get());
            if (!entry.ok) return entry.error;
            return entry.value.kind === "value" && entry.value.value >= 1
              ? ""
              : "Type a length of 1 mm or more.";
          },
        },
      ],
      run: ({ step }) => {
        if (step === undefined) {
          host.ask("command:set.grid-step");
          return;
        }
        const entry = parseEntry(step, "length", settings.units.get());
        if (entry.ok && entry.value.kind === "value" && entry.value.value >= 1) {
          settings.gridMm.set(entry.value.value);
        }
      },
    },
    {
      id: "set.units",
      title: "Metric or US units",
      aliases: ["feet", "inches", "imperial", "millimetres"],
      keys: ["Shift+U"],
      group: "Settings",
      checked: mapped(settings.units, (units) => units === "us"),
      run: () => {
        settings.units.update((units) => (units === "us" ? "metric" : "us"));
      },
    },
    {
      id: "set.theme",
      title: "Dark or light",
      aliases: ["theme", "colours"],
      keys: [],
      group: "Settings",
      checked: mapped(settings.theme, (theme) => theme === "dark"),
      run: ({ theme }) => {
        if (theme === "dark" || theme === "light" || theme === "system") settings.theme.set(theme);
        else settings.theme.update((now) => (now === "dark" ? "light" : "dark"));
      },
    },
    ...OVERLAYS.map(({ id, label, key }): Command => ({
      id: `overlay.${id}`,
      title: id === "none" ? label : `Overlay: ${label}`,
      aliases: ["heat map", "colours"],
      keys: [key],
      group: "View",
      checked: mapped(settings.overlay, (shown) => shown === id),
      run: () => {
        settings.overlay.set(id);
      },
    })),
  ];
}
