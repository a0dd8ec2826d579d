/** A result of the engine, `plenum.evaluation/1`, as far as the editor reads it. */
import type { ElementId } from "./element";
import type { Confidence } from "./confidence";

type Column<T> = readonly T[];

export interface Finding {
  readonly id: string;
  readonly rule: string;
  readonly severity: "blocking" | "warning" | "note";
  readonly discipline: "space" | "power" | "cooling" | "network" | "cost";
  readonly title: string;
  readonly detail: string;
  readonly clause: string | null;
  readonly edition: string | null;
  readonly source: string | null;
  readonly measured: number | null;
  readonly required: number | null;
  /** What `required` is; absent in results from before it was told. */
  readonly bound?: "limit" | "required" | "expected" | null;
  /** Least decimals at which `measured` and `required` read as different; absent in older results. */
  readonly decimals_apart?: number;
  readonly unit: string | null;
  readonly element_ids: readonly ElementId[];
  readonly at_mm: readonly [number, number] | null;
  readonly waiver: Readonly<Record<string, unknown>> | null;
}

/** What is counted is a word in the plural: one source, but two sources. */
const COUNTED = /^[a-z]{4,}s$/;

/** The unit of a finding beside a number; symbols such as ms stay as they are. */
export function unitOf(value: number, unit: string | null): string {
  if (unit === null) return "";
  return value === 1 && COUNTED.test(unit) ? unit.slice(0, -1) : unit;
}

export interface HeatMap {
  readonly x0_mm: number;
  readonly y0_mm: number;
  readonly cell_mm: number;
  readonly columns: number;
  readonly rows: number;
  /** Row by row from y0 up. */
  readonly kw_m2: Column<number>;
}

export interface CoolingLoop {
  readonly loop: string;
  readonly rack_ids: readonly ElementId[];
  readonly cdu_ids: readonly ElementId[];
  readonly heat_kw: number;
  readonly flow_lpm: number;
  readonly capacity_kw: number;
  readonly flow_capacity_lpm: number;
  readonly lost_one_capacity_kw: number;
  readonly lost_one_flow_lpm: number;
  readonly n_plus_1: boolean;
  readonly binds: "heat" | "flow" | "pipes" | "none";
  readonly margin_fraction: number;
  readonly starved_rack_ids: readonly ElementId[];
}

/** Racks that the drawn plant is too small for; `compute` and `cost` count them as running. */
export interface Shortfall {
  readonly racks: number;
  readonly racks_without_coolant: number;
  readonly racks_without_air: number;
  readonly racks_without_power: number;
  /** Tokens and cost if the racks that lack anything gave nothing; older results have neither. */
  readonly sold_tokens_per_s_carried?: number | null;
  readonly usd_per_mtok_carried?: number | null;
  /** What to say beside a figure that counts every rack; null when all are carried. */
  readonly note: string | null;
}

export interface Working {
  readonly formula_id: string;
  readonly formula: string;
  readonly function: string;
  readonly reference: string;
  readonly inputs: readonly {
    readonly name: string;
    readonly value: number | string | null;
    readonly unit: string;
    readonly source: string;
    readonly confidence: Confidence;
    /** What people read in place of the name. */
    readonly label?: string;
    /** The heading that it stands under. */
    readonly group?: string;
  }[];
}

export interface Evaluation {
  readonly schema: string;
  readonly engine: { readonly version: string; readonly model_version: string };
  readonly level: string;
  readonly design: { readonly name: string; readonly state_hash: string };
  readonly space: {
    readonly hall_area_m2: number;
    readonly racks: number;
    readonly rack_footprint_m2: number;
    readonly density: {
      readonly footprint_kw_m2: number | null;
      readonly pitch_kw_m2: number | null;
      readonly gross_kw_m2: number | null;
      readonly map_max_kw_m2: number | null;
      readonly map_p95_kw_m2: number | null;
    };
    readonly floor_load: {
      readonly max_footprint_kpa: number | null;
      readonly max_spread_kpa: number | null;
      readonly limit_kpa: number | null;
      /** Where a hall states none. Absent in what was kept before it was told. */
      readonly rule_kpa?: number;
      readonly rule_source?: string;
    };
    readonly heat_map: HeatMap | null;
  };
  readonly power: {
    readonly basis: string;
    readonly it_kw: number;
    readonly facility_kw: number;
    readonly loss_kw: number;
    readonly sides: Readonly<
      Record<"a" | "b", { readonly normal_kw: number; readonly other_lost_kw: number }>
    >;
    readonly nodes: {
      readonly id: Column<ElementId>;
      readonly kind: Column<string>;
      readonly tag: Column<string>;
      readonly side: Column<string | null>;
      readonly rating_kw: Column<number | null>;
      readonly limit_kw: Column<number | null>;
      readonly normal_kw: Column<number | null>;
      readonly worst_kw: Column<number | null>;
      readonly loss_kw: Column<number | null>;
      readonly status: Column<"ok" | "over" | "offline">;
    };
    /** Absent in results from before lines had lengths. */
    readonly feeders?: {
      readonly id: Column<ElementId>;
      readonly total_drop_fraction: Column<number | null>;
    } | null;
    readonly chain: readonly {
      readonly stage: string;
      readonly in_kw: number;
      readonly out_kw: number;
      readonly loss_kw: number;
    }[];
  };
  readonly cooling: {
    readonly coolant: string;
    readonly liquid_kw: number;
    readonly air_kw: number;
    readonly flow_lpm: number;
    readonly tcs_supply_c: number | null;
    readonly tcs_return_c: number | null;
    readonly air_capacity_kw: number | null;
    readonly airflow_m3_h: number | null;
    readonly loops: readonly CoolingLoop[];
    readonly cdus: {
      readonly id: Column<ElementId>;
      readonly tag: Column<string>;
      readonly loop: Column<string>;
      readonly load_kw: Column<number | null>;
      readonly capacity_kw: Column<number | null>;
      readonly flow_lpm: Column<number | null>;
      readonly load_fraction: Column<number | null>;
      readonly lost_one_fraction: Column<number | null>;
    };
    /** Absent in results from before drawn pipes were told. */
    readonly runs?: {
      readonly id: Column<ElementId>;
      readonly flow_lpm: Column<number>;
      readonly bore_mm: Column<number>;
      readonly velocity_m_s: Column<number>;
      readonly gradient_pa_m: Column<number>;
      readonly bore_least_mm: Column<number>;
      readonly bore_most_mm: Column<number>;
    } | null;
  };
  readonly energy: {
    readonly pue: number | null;
    /** Absent in what was kept before it was told. */
    readonly tue?: number | null;
    readonly boundary: string;
    readonly cooling_kw: number | null;
    /** Absent in what was kept before it was told. */
    readonly other_kw?: number;
    readonly pump_kw: number | null;
    readonly fan_kw: number | null;
    readonly chiller_kw: number | null;
    readonly heat_rejection_kw: number | null;
    readonly wue_l_per_kwh: number | null;
  };
  readonly compute: {
    readonly gpus: number;
    readonly tokens_per_s: number | null;
    readonly output_tokens_per_s: number | null;
    readonly sold_tokens_per_s: number | null;
    readonly tokens_per_s_per_mw_it: number | null;
    readonly tokens_per_s_per_mw_facility: number | null;
    readonly j_per_token_facility: number | null;
    /** Absent in results from before it was told. */
    readonly j_per_sold_token_facility?: number | null;
    readonly reason: string | null;
    readonly [more: string]: unknown;
  };
  /** Absent in results from before it was told. */
  readonly shortfall?: Shortfall;
  readonly cost: {
    readonly usd_per_mtok: number | null;
    readonly usd_per_mtok_output: number | null;
    readonly usd_per_gpu_h: number | null;
    readonly capex_usd: number | null;
    readonly opex_usd_per_year: number | null;
    readonly annual_usd: number | null;
    /** What a cost per token is one of: its blend, the finance mode, whose PUE. */
    readonly terms?: string;
    readonly waterfall: readonly {
      readonly id: string;
      readonly label: string;
      readonly usd_per_year: number;
      readonly usd_per_mtok: number | null;
      readonly kind: "part" | "subtotal" | "loss" | "total";
    }[];
    readonly capex: readonly {
      readonly id: string;
      readonly label: string;
      readonly usd: number;
      readonly life_years: number;
    }[];
    readonly reason: string | null;
  };
  readonly elements: {
    readonly racks: {
      readonly id: Column<ElementId>;
      readonly tag: Column<string>;
      readonly it_kw: Column<number | null>;
      readonly liquid_kw: Column<number | null>;
      readonly air_kw: Column<number | null>;
      readonly flow_lpm: Column<number | null>;
      /** Absent in results from before pipes were computed. */
      readonly given_flow_lpm?: Column<number | null>;
      readonly return_c: Column<number | null>;
      readonly density_kw_m2: Column<number | null>;
      readonly liquid_fraction: Column<number | null>;
      readonly floor_kpa: Column<number | null>;
    };
    readonly rows: readonly {
      readonly id: string;
      readonly rack_ids: readonly ElementId[];
      readonly it_kw: number;
    }[];
    readonly modules: {
      readonly id: Column<ElementId>;
      readonly tag: Column<string>;
      readonly it_kw: Column<number | null>;
      readonly liquid_kw: Column<number | null>;
      readonly flow_lpm: Column<number | null>;
      readonly racks: Column<number>;
      readonly mass_kg: Column<number | null>;
    };
  };
  readonly findings: readonly Finding[];
  readonly provenance: Readonly<Record<string, Working>>;
}
