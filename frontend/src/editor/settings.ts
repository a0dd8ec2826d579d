import { signal, type Signal } from "../base/signal";

export type UnitSystem = "metric" | "us";
export type Theme = "dark" | "light" | "system";

/** What can be laid over the plan, and the digit that does it. */
export const OVERLAYS = [
  { id: "none", label: "No overlay", key: "0" },
  { id: "power-density", label: "Power per rack", key: "Alt+1" },
  { id: "heat-map", label: "Power density, kW/m²", key: "Alt+5" },
  { id: "liquid-share", label: "Liquid share", key: "Alt+2" },
  { id: "cdu-load", label: "CDU load", key: "Alt+3" },
  { id: "flow-deficit", label: "Missing coolant flow", key: "Alt+6" },
  { id: "return-temperature", label: "Coolant return", key: "Alt+7" },
  { id: "feeder-load", label: "Feeder load", key: "Alt+8" },
  { id: "voltage-drop", label: "Voltage drop", key: "Alt+9" },
  { id: "findings", label: "Findings", key: "Alt+4" },
] as const;
export type Overlay = (typeof OVERLAYS)[number]["id"];

/** How one user sees and works; never part of the design. */
export interface SettingsValues {
  readonly gridMm: number;
  readonly showGrid: boolean;
  readonly showTiles: boolean;
  /** Tile letters without I and O, which read like digits. */
  readonly skipIO: boolean;
  readonly snapGrid: boolean;
  readonly snapTiles: boolean;
  readonly snapObjects: boolean;
  readonly snapGaps: boolean;
  readonly ortho: boolean;
  readonly units: UnitSystem;
  readonly theme: Theme;
  readonly overlay: Overlay;
  readonly showFindings: boolean;
  readonly showDimensions: boolean;
  /** The lines into power nodes that nobody has drawn yet. */
  readonly showFeeders: boolean;
  /** Shortcuts of one letter can be switched off (WCAG 2.1.4). */
  readonly singleKeys: boolean;
}

export const DEFAULT_SETTINGS: SettingsValues = {
  gridMm: 100,
  showGrid: false,
  showTiles: true,
  skipIO: true,
  snapGrid: true,
  snapTiles: true,
  snapObjects: true,
  snapGaps: true,
  ortho: false,
  units: "metric",
  theme: "system",
  overlay: "power-density",
  showFindings: true,
  showDimensions: true,
  showFeeders: false,
  singleKeys: true,
};

export type Settings = { readonly [Name in keyof SettingsValues]: Signal<SettingsValues[Name]> };

/** One signal per setting, starting from the defaults and what was kept. */
export function makeSettings(kept: Partial<SettingsValues> = {}): Settings {
  const values = { ...DEFAULT_SETTINGS, ...kept };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, signal(value)]),
  ) as unknown as Settings;
}

/** The values now, to be kept for the next visit. */
export function settingsValues(settings: Settings): SettingsValues {
  return Object.fromEntries(
    Object.entries(settings).map(([name, one]) => [name, (one as Signal<unknown>).get()]),
  ) as unknown as SettingsValues;
}
