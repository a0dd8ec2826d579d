/** The settings of a site, as data: the Site tab shows them, the palette finds them. */
import type { Measure } from "../../editor/units";
import type { GroupName } from "../../model/element";

export interface SiteField {
  readonly label: string;
  readonly group: GroupName;
  readonly key: string;
  readonly measure: Measure;
  readonly unit?: string;
}

const field = (
  label: string,
  group: GroupName,
  key: string,
  measure: Measure,
  unit = "",
): SiteField => ({ label, group, key, measure, unit });

export const WORKLOAD = [
  field("Interactivity", "workload", "interactivity_tok_s_user", "plain", "tok/s"),
  field("Input", "workload", "isl", "count", "tok"),
  field("Output", "workload", "osl", "count", "tok"),
  field("Prefix hit", "workload", "prefix_hit_fraction", "fraction"),
];
export const USE = [
  field("Load factor", "utilisation", "load_factor_fraction", "fraction"),
  field("Under SLO", "utilisation", "slo_fraction", "fraction"),
  field("Derate in use", "utilisation", "derate_fraction", "fraction"),
  field("Availability", "utilisation", "availability_fraction", "fraction"),
  field("Goodput", "utilisation", "goodput_fraction", "fraction"),
];
export const COOLING = [
  field("TCS supply", "cooling", "tcs_supply_c", "temperature"),
  field("FWS supply", "cooling", "fws_supply_c", "temperature"),
  field("Air supply", "cooling", "air_supply_c", "temperature"),
  field("Heat load", "cooling", "heat_load_fraction", "fraction"),
];
export const POWER = [
  field("Feed limit", "power", "feed_limit_kw", "power"),
  field("Voltage", "power", "voltage_v", "plain", "V"),
  field("Power factor", "power", "power_factor", "plain"),
];
export const FINANCE = [
  field("WACC", "finance", "wacc_fraction", "fraction"),
  field("IT life", "finance", "it_life_years", "plain", "yr"),
  field("Facility life", "finance", "facility_life_years", "plain", "yr"),
];

interface Named {
  readonly label: string;
  /** Group and key: "workload.isl". */
  readonly name: string;
}

const CHOSEN: readonly Named[] = [
  { label: "Site", name: "location.site_id" },
  { label: "Model", name: "workload.model" },
  { label: "Precision", name: "workload.precision" },
  { label: "Power basis", name: "power.basis" },
  { label: "Coolant", name: "cooling.coolant" },
  { label: "Heat rejection", name: "cooling.heat_rejection" },
  { label: "Finance mode", name: "finance.mode" },
];

/** Every setting of the Site tab by name. */
export const SITE_SETTINGS: readonly Named[] = [
  ...CHOSEN,
  ...[...WORKLOAD, ...USE, ...COOLING, ...POWER, ...FINANCE].map(({ label, group, key }) => ({
    label,
    name: `${group}.${key}`,
  })),
];
