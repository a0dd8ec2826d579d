/**
 * The elements of a design, as they stand in the document and on the wire.
 * Names are the wire's names. Elements are values: an edit makes new ones.
 */
export type ElementId = string;

export const PLACED_KINDS = [
  "column",
  "door",
  "rack",
  "cdu",
  "air_handler",
  "panel",
  "busway",
  "ups",
  "rectifier",
  "switchboard",
  "transformer",
  "generator",
  "dry_cooler",
  "chiller",
  "containment",
  "module",
  "note",
] as const;
export const OUTLINE_KINDS = ["hall", "keepout", "area"] as const;
/** Kinds that run along a line: what is drawn of the networks. */
export const PATH_KINDS = ["pipe", "tray", "feeder"] as const;
export const OTHER_KINDS = ["site", "module_type", "dimension", "waiver"] as const;
export const KINDS = [...PLACED_KINDS, ...OUTLINE_KINDS, ...PATH_KINDS, ...OTHER_KINDS] as const;
export type Kind = (typeof KINDS)[number];

/** Kinds that power may come from: what `feeds` and `upstream` may name. */
export const POWER_SOURCES: ReadonlySet<Kind> = new Set<Kind>([
  "panel",
  "busway",
  "ups",
  "rectifier",
  "switchboard",
  "transformer",
  "generator",
]);

/** Kinds that stand for a catalogue product. */
export const PRODUCT_KINDS: ReadonlySet<Kind> = new Set<Kind>([
  "rack",
  "cdu",
  "air_handler",
  "panel",
  "busway",
  "ups",
  "rectifier",
  "switchboard",
  "transformer",
  "generator",
  "dry_cooler",
  "chiller",
]);

export interface Placement {
  readonly x_mm: number;
  readonly y_mm: number;
  readonly rotation_deg: number;
  readonly mirrored?: boolean;
}
export type Point = readonly [number, number];
export interface Outline {
  readonly points_mm: readonly Point[];
}
/** An open line; where it runs, and how high. */
export interface Path {
  readonly points_mm: readonly Point[];
  readonly elevation_mm?: number;
}
/** Supply and return side by side: one run of a loop. */
export interface PipeGroup {
  readonly loop: string;
  /** Coolant of the racks, or facility water; absent: coolant. */
  readonly service?: "tcs" | "fws";
  /** Inner; absent: sized by the rules. */
  readonly bore_mm?: number;
  readonly resistance_factor?: number;
}
export interface TrayGroup {
  readonly width_mm: number;
  readonly depth_mm: number;
}
/** The line into a power node; where it comes from is that node's own source. */
export interface FeederGroup {
  readonly to: ElementId | null;
  readonly conductor_mm2?: number;
  readonly sets?: number;
}
export interface Identity {
  readonly tag?: string;
  readonly name?: string;
  readonly side?: "A" | "B";
  readonly layer?: string;
}
export interface ProductGroup {
  readonly product_id: string;
  readonly variant?: string;
}
export interface Feeds {
  readonly a?: ElementId | null;
  readonly b?: ElementId | null;
  readonly phases?: "A" | "B" | "C" | "AB" | "BC" | "CA" | "ABC";
}
/** Of a rack, a CDU or the site; each uses its own fields. */
export interface CoolingGroup {
  readonly loop?: string;
  readonly redundancy?: number;
  readonly coolant?: "pg25_volume" | "pg25_mass" | "water";
  readonly tcs_supply_c?: number;
  readonly fws_supply_c?: number;
  readonly air_supply_c?: number;
  readonly heat_load_fraction?: number;
  readonly heat_rejection?: "dry_cooler" | "adiabatic" | "tower" | "chiller";
}
export interface Load {
  readonly nameplate_kw?: number;
  readonly tdp_kw?: number;
  readonly sustained_kw?: number;
  readonly peak_kw?: number;
  readonly liquid_kw?: number;
}
export interface Size {
  readonly width_mm?: number;
  readonly depth_mm?: number;
  readonly height_mm?: number;
}
export interface State {
  readonly locked?: boolean;
  readonly hidden?: boolean;
}
export interface Capacity {
  readonly capacity_kw?: number;
  readonly flow_lpm?: number;
  readonly approach_k?: number;
}
export interface Upstream {
  readonly source: ElementId | null;
}
export interface Rating {
  readonly rating_kw?: number;
  /** What it withstands in a short circuit. */
  readonly fault_ka?: number;
}
export interface Tiles {
  readonly origin_x_mm: number;
  readonly origin_y_mm: number;
  readonly pitch_mm: number;
  readonly first_letter?: string;
}
export interface HallGroup {
  readonly height_mm: number;
  readonly floor_load_limit_kpa?: number;
}
export interface DoorGroup {
  readonly width_mm: number;
  readonly swing: "left" | "right" | "double" | "sliding";
}
export interface ContainmentGroup {
  readonly aisle: "hot" | "cold";
}
export interface ModuleRacks {
  readonly product_id: string;
  readonly variant?: string;
  readonly rows: 1 | 2;
  readonly per_row: number;
  readonly pitch_mm: number;
  readonly load?: Load;
}
export interface ModuleAisle {
  readonly kind: "hot" | "cold" | "none";
  readonly width_mm: number;
  readonly contained: boolean;
}
export interface ModuleCdus {
  readonly product_id: string | null;
  readonly count: number;
  readonly redundancy: number;
  readonly position: "left" | "right" | "ends";
}
/** Power of a module type, or the site's power basis. */
export interface PowerGroup {
  readonly product_id?: string | null;
  readonly sides?: 1 | 2;
  readonly basis?: "nameplate" | "tdp" | "sustained" | "peak";
  readonly feed_limit_kw?: number;
  readonly voltage_v?: number;
  readonly power_factor?: number;
}
export interface ModuleAir {
  readonly product_id: string;
  readonly count: number;
}
export interface Template {
  readonly template_id: string;
  readonly version: string | number;
}
export interface Claim {
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly confidence: string;
}
export interface Line {
  readonly from_x_mm: number;
  readonly from_y_mm: number;
  readonly to_x_mm: number;
  readonly to_y_mm: number;
  readonly offset_mm: number;
}
export interface TextGroup {
  readonly text: string;
  readonly height_mm: number;
}
export interface WaiverGroup {
  readonly rule: string;
  readonly element_ids: readonly ElementId[];
  readonly reason: string;
  readonly expires_on: string;
  readonly granted_by: string;
}
export interface Workload {
  readonly model?: string;
  readonly precision?: string;
  readonly isl?: number;
  readonly osl?: number;
  readonly interactivity_tok_s_user?: number;
  readonly prefix_hit_fraction?: number;
}
export interface Utilisation {
  readonly slo_fraction?: number;
  readonly derate_fraction?: number;
  readonly availability_fraction?: number;
  readonly goodput_fraction?: number;
  readonly load_factor_fraction?: number;
}
export interface Finance {
  readonly mode?: "straight_line" | "annuity" | "levelised";
  readonly wacc_fraction?: number;
  readonly it_life_years?: number;
  readonly facility_life_years?: number;
}

/** Every group that an element may carry; which kind has which is the schema's matter. */
export interface Groups {
  readonly placement: Placement;
  readonly outline: Outline;
  readonly path: Path;
  readonly pipe: PipeGroup;
  readonly tray: TrayGroup;
  readonly feeder: FeederGroup;
  readonly identity: Identity;
  readonly product: ProductGroup;
  readonly feeds: Feeds;
  readonly cooling: CoolingGroup;
  readonly load: Load;
  readonly size: Size;
  readonly state: State;
  readonly capacity: Capacity;
  readonly upstream: Upstream;
  readonly rating: Rating;
  readonly hall: HallGroup;
  readonly tiles: Tiles;
  readonly door: DoorGroup;
  readonly containment: ContainmentGroup;
  readonly template: Template;
  readonly racks: ModuleRacks;
  readonly aisle: ModuleAisle;
  readonly cdus: ModuleCdus;
  readonly power: PowerGroup;
  readonly air: ModuleAir;
  readonly claims: Readonly<Record<string, Claim>>;
  readonly type: { readonly type_id: ElementId };
  readonly overrides: Readonly<Record<string, Readonly<Partial<Record<string, object>>>>>;
  readonly line: Line;
  readonly text: TextGroup;
  readonly waiver: WaiverGroup;
  readonly location: {
    readonly site_id?: string;
    readonly weather?: string;
    readonly warming_k?: number;
  };
  readonly workload: Workload;
  readonly streams: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  readonly utilisation: Utilisation;
  readonly finance: Finance;
  readonly rules: { readonly set: string };
  readonly assumptions: Readonly<Record<string, number>>;
}
export type GroupName = keyof Groups;

/** One element: its identity, its kind and its groups. */
export type PlanElement = { readonly id: ElementId; readonly kind: Kind } & Readonly<
  Partial<Groups>
>;

const LABELLED = "identity? state?";
const EQUIPMENT = "placement identity product";
const POWER_NODE = `${EQUIPMENT} upstream? rating? size? state?`;
const PLANT = `${EQUIPMENT} capacity? size? state?`;
const ZONE = "outline identity state?";
const RUN = "path identity state?";

/** The groups of each kind; those with `?` may be absent. */
const GROUPS_OF: Readonly<Record<Kind, string>> = {
  site: `location? power? cooling? workload? streams? utilisation? finance? rules? assumptions? ${LABELLED}`,
  hall: "outline identity hall tiles? state?",
  column: `placement size ${LABELLED}`,
  door: `placement door ${LABELLED}`,
  keepout: ZONE,
  area: ZONE,
  rack: `${EQUIPMENT} feeds? cooling? load? size? state?`,
  cdu: `${EQUIPMENT} cooling? capacity? feeds? size? state?`,
  air_handler: `${EQUIPMENT} cooling? capacity? feeds? size? state?`,
  panel: POWER_NODE,
  busway: POWER_NODE,
  ups: POWER_NODE,
  rectifier: POWER_NODE,
  switchboard: POWER_NODE,
  transformer: POWER_NODE,
  generator: POWER_NODE,
  dry_cooler: PLANT,
  chiller: PLANT,
  containment: "placement size identity containment state?",
  pipe: `${RUN} pipe`,
  tray: `${RUN} tray`,
  feeder: `${RUN} feeder`,
  module_type: "identity template racks aisle cdus power air? capacity? claims? state?",
  module: "placement identity type overrides? state?",
  dimension: `line ${LABELLED}`,
  note: `placement text ${LABELLED}`,
  waiver: `waiver ${LABELLED}`,
};

const RULES: ReadonlyMap<string, ReadonlyMap<string, "required" | "optional">> = new Map(
  Object.entries(GROUPS_OF).map(([kind, groups]) => [
    kind,
    new Map(
      groups
        .split(" ")
        .map((name) => (name.endsWith("?") ? [name.slice(0, -1), "optional"] : [name, "required"])),
    ),
  ]),
);

/** Whether a kind must, may or cannot (null) carry a group. */
export const groupRule = (kind: Kind, group: string): "required" | "optional" | null =>
  RULES.get(kind)?.get(group) ?? null;
