/** A server in memory: keeps one document, evaluates by adding up, forgets everything on reload. */
import type { Backend, CopyMade, HistoryRow } from "../../src/app/context";
import { StateHash } from "../../src/model/canonical";
import { Draft } from "../../src/model/draft";
import { applyEdits } from "../../src/model/batch";
import type { Primitive } from "../../src/model/edits";
import type { PlanElement } from "../../src/model/element";
import type { Evaluation, Finding } from "../../src/model/evaluation";
import type { Item } from "../../src/model/item";
import { Products } from "../../src/model/products";
import { DocumentStore } from "../../src/model/store";
import {
  Problem,
  type DocumentState,
  type EvaluationRow,
  type Evaluator,
  type Persistence,
  type Push,
  type PushAnswer,
  type Revision,
  type Transport,
} from "../../src/model/wire";
import { PRODUCTS } from "./sample";

export class FakeServer implements Transport, Evaluator, Persistence, Backend {
  private readonly draft: Draft;
  private readonly log: { row: HistoryRow; effective: readonly Primitive[] }[] = [];
  private number = 1;
  private readonly results = new Map<string, Evaluation>();
  private requests = 0;

  constructor(elements: readonly PlanElement[]) {
    this.draft = Draft.of(elements);
    this.note("Import", []);
  }

  /** As text and back, as it comes over the wire. */
  document(): Promise<DocumentState> {
    const text = JSON.stringify({
      number: this.number,
      state_hash: this.hash(),
      elements: [...this.draft.elements.values()],
    });
    return Promise.resolve(JSON.parse(text) as DocumentState);
  }

  push(push: Push): Promise<PushAnswer> {
    const applied = applyEdits(this.draft, push.edits);
    this.number += 1;
    this.note(push.label, applied.effective);
    return Promise.resolve({
      number: this.number,
      effective: applied.effective,
      refused: applied.refused,
      state_hash: this.hash(),
      duplicate: false,
    });
  }

  undo(): Promise<PushAnswer> {
    return Promise.reject(this.nothing("nothing-to-undo", "There is nothing to undo."));
  }

  redo(): Promise<PushAnswer> {
    return Promise.reject(this.nothing("nothing-to-redo", "There is nothing to redo."));
  }

  restore(): Promise<PushAnswer> {
    return Promise.reject(this.nothing("not-found", "Only the newest revision is kept here."));
  }

  revisionsAfter(): Promise<readonly Revision[]> {
    return Promise.resolve([]);
  }

  load(): Promise<readonly Push[]> {
    return Promise.resolve([]);
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  request(revision: number): Promise<EvaluationRow> {
    this.requests += 1;
    const id = `evaluation-${String(this.requests)}`;
    this.results.set(id, evaluate([...this.draft.elements.values()], this.hash()));
    return Promise.resolve(row(id, revision));
  }

  row(id: string): Promise<EvaluationRow> {
    return Promise.resolve(row(id, this.number));
  }

  result(id: string): Promise<unknown> {
    return Promise.resolve(this.results.get(id));
  }

  latest(): Promise<EvaluationRow | null> {
    return Promise.resolve(null);
  }

  sites(): ReturnType<Backend["sites"]> {
    return Promise.resolve([
      {
        site_id: "johor",
        name: "Kulai",
        country: "Malaysia",
        electricity_usd_kwh: 0.12,
        dry_bulb_design_c: 34,
      },
    ]);
  }

  workloads(): ReturnType<Backend["workloads"]> {
    return Promise.resolve([
      {
        model: "DeepSeek-R1",
        gpu: "gb300",
        precision: "fp4",
        isl: 8192,
        osl: 1024,
        points: 9,
        fastest_tok_s_user: 310,
      },
    ]);
  }

  assumptions(): ReturnType<Backend["assumptions"]> {
    return Promise.resolve([]);
  }

  settings(): ReturnType<Backend["settings"]> {
    return Promise.resolve([{ setting: "workload.model", value: "DeepSeek-R1", line: "" }]);
  }

  study(): ReturnType<Backend["study"]> {
    return Promise.resolve(evaluate([...this.draft.elements.values()], this.hash()));
  }

  copyWith(): Promise<CopyMade> {
    return Promise.resolve({ id: "copy", refused: 0 });
  }

  threads(): ReturnType<Backend["threads"]> {
    return Promise.resolve([]);
  }

  openThread(): ReturnType<Backend["openThread"]> {
    return Promise.reject(this.nothing("not-found", "Nobody else is here to read it."));
  }

  reply(): ReturnType<Backend["reply"]> {
    return this.openThread();
  }

  settle(): ReturnType<Backend["settle"]> {
    return this.openThread();
  }

  people(): ReturnType<Backend["people"]> {
    return Promise.resolve([]);
  }

  history(before: number | null): Promise<readonly HistoryRow[]> {
    return Promise.resolve(
      before === null ? [...this.log].reverse().map((entry) => entry.row) : [],
    );
  }

  private note(label: string, effective: readonly Primitive[]): void {
    const row: HistoryRow = {
      number: this.number,
      kind: "edits",
      author: "Ana",
      at: "2026-11-23T09:00:00Z",
      label,
      undo_of: null,
    };
    this.log.push({ row, effective });
  }

  private hash(): string {
    return StateHash.of(this.draft.elements.values()).text;
  }

  private nothing(code: string, detail: string): Problem {
    return new Problem({ type: "about:blank", title: detail, status: 409, detail, code });
  }
}

function row(id: string, revision: number): EvaluationRow {
  return {
    id,
    key: id,
    design_id: "harness",
    revision,
    level: "edit",
    state: "done",
    progress: 1,
    error: null,
    requested_at: "2026-11-23T09:00:00Z",
    finished_at: "2026-11-23T09:00:01Z",
    duration_s: 0.2,
  };
}

const LIQUID = 0.9;

/** Sums and shares that look like a result; none of it is physics. */
function evaluate(elements: readonly PlanElement[], hash: string): Evaluation {
  const products = new Products();
  products.add(PRODUCTS);
  const store = new DocumentStore(products);
  store.load({ number: 1, state_hash: hash, elements });
  const items = [...store.items()];
  const of = (kind: string): readonly Item[] => items.filter((item) => item.kind === kind);
  const racks = of("rack");
  const kw = racks.map(
    ({ element }) => element.load?.sustained_kw ?? products.value(element, "sustained_kw") ?? 0,
  );
  const it = kw.reduce((sum, value) => sum + value, 0);
  const modules = of("module");
  const cdus = of("cdu");
  const loops = modules.map((module) => {
    const own = store.membersOf(module.id);
    const heat = own.filter(({ kind }) => kind === "rack").length * 128;
    const units = own.filter(({ kind }) => kind === "cdu");
    return {
      loop: `TCS-${module.tag}`,
      rack_ids: own.filter(({ kind }) => kind === "rack").map(({ id }) => id),
      cdu_ids: units.map(({ id }) => id),
      heat_kw: heat,
      flow_lpm: heat * 1.13,
      capacity_kw: units.length * 1368,
      flow_capacity_lpm: units.length * 1800,
      lost_one_capacity_kw: (units.length - 1) * 1368,
      lost_one_flow_lpm: (units.length - 1) * 1800,
      n_plus_1: (units.length - 1) * 1368 >= heat,
      binds: "heat" as const,
      margin_fraction: 0.25,
      starved_rack_ids: [],
    };
  });
  const nodes = of("busway");
  const ups = of("switchboard");
  const findings: Finding[] = ups.map((item) => ({
    id: `working-space-${item.id}`,
    rule: "NEC 110.26(A)(1)",
    severity: "blocking",
    discipline: "space",
    title: `Working space in front of switchboard ${item.tag}`,
    detail: "The depth of the working space is smaller than the rule asks for.",
    clause: "110.26(A)(1)",
    edition: "2023",
    source: "NFPA 70",
    measured: 1000,
    required: 1067,
    unit: "mm",
    element_ids: [item.id],
    at_mm: null,
    waiver: null,
  }));
  for (const loop of loops.slice(1, 3)) {
    findings.push({
      id: `n1-${loop.loop}`,
      rule: "COOL-N1",
      severity: "warning",
      discipline: "cooling",
      title: `Loop ${loop.loop} is not N+1: flow binds before heat at 45 °C supply`,
      detail: "One cooling unit lost leaves too little flow.",
      clause: null,
      edition: null,
      source: null,
      measured: 1920,
      required: 2125,
      unit: "L/min",
      element_ids: loop.cdu_ids,
      at_mm: null,
      waiver: null,
    });
  }
  const column = <T>(length: number, value: T): readonly T[] => Array.from({ length }, () => value);
  return {
    schema: "plenum.evaluation/1",
    engine: { version: "0.1", model_version: "1" },
    level: "edit",
    design: { name: "Hall", state_hash: hash },
    space: {
      hall_area_m2: 700,
      racks: racks.length,
      rack_footprint_m2: racks.length * 0.64,
      density: {
        footprint_kw_m2: 221,
        pitch_kw_m2: 98,
        gross_kw_m2: 26,
        map_max_kw_m2: 118,
        map_p95_kw_m2: 96,
      },
      floor_load: { max_footprint_kpa: 24, max_spread_kpa: 11, limit_kpa: 14 },
      heat_map: null,
    },
    power: {
      basis: "sustained",
      it_kw: it,
      facility_kw: it * 1.17,
      loss_kw: it * 0.05,
      sides: {
        a: { normal_kw: it / 2, other_lost_kw: it },
        b: { normal_kw: it / 2, other_lost_kw: it },
      },
      nodes: {
        id: nodes.map(({ id }) => id),
        kind: column(nodes.length, "busway"),
        tag: nodes.map(({ tag }) => tag),
        side: nodes.map(({ element }) => element.identity?.side ?? null),
        rating_kw: column(nodes.length, 1700),
        limit_kw: column(nodes.length, 1360),
        normal_kw: column(nodes.length, 568),
        worst_kw: nodes.map((_, index) => (index === 5 ? 1428 : 1136)),
        loss_kw: column(nodes.length, 4),
        status: nodes.map((_, index) => (index === 5 ? "over" : "ok")),
      },
      chain: [],
    },
    cooling: {
      coolant: "pg25_volume",
      liquid_kw: it * LIQUID,
      air_kw: it * (1 - LIQUID),
      flow_lpm: it * 1.13,
      tcs_supply_c: 45,
      tcs_return_c: 58,
      air_capacity_kw: 500,
      airflow_m3_h: 90000,
      loops,
      cdus: {
        id: cdus.map(({ id }) => id),
        tag: cdus.map(({ tag }) => tag),
        loop: cdus.map(({ element }) => element.cooling?.loop ?? ""),
        load_kw: column(cdus.length, 682),
        capacity_kw: column(cdus.length, 1368),
        flow_lpm: column(cdus.length, 771),
        load_fraction: column(cdus.length, 0.5),
        lost_one_fraction: column(cdus.length, 0.75),
      },
    },
    energy: {
      pue: 1.17,
      boundary: "design day",
      cooling_kw: it * 0.08,
      pump_kw: it * 0.02,
      fan_kw: it * 0.02,
      chiller_kw: 0,
      heat_rejection_kw: it,
      wue_l_per_kwh: 0.02,
    },
    compute: {
      gpus: racks.length * 72,
      tokens_per_s: it * 7700,
      output_tokens_per_s: it * 850,
      sold_tokens_per_s: it * 3300,
      tokens_per_s_per_mw_it: 7.7e6,
      tokens_per_s_per_mw_facility: 6.6e6,
      j_per_token_facility: 0.276,
      groups: [
        {
          gpu: "gb300",
          label: "measured",
          points: [
            [30, 18000],
            [60, 14800],
            [100, 12000],
            [150, 7000],
            [200, 1600],
            [310, 320],
          ],
        },
      ],
      reason: null,
    },
    cost: {
      usd_per_mtok: 0.1181 * (1 + racks.length / 100000),
      usd_per_mtok_output: 0.9,
      usd_per_gpu_h: 2.73,
      capex_usd: it * 45000,
      opex_usd_per_year: it * 2400,
      annual_usd: it * 12000,
      waterfall: [
        { id: "it", label: "IT capex", usd_per_year: 1, usd_per_mtok: 0.0319, kind: "part" },
        { id: "facility", label: "Facility", usd_per_year: 1, usd_per_mtok: 0.006, kind: "part" },
        { id: "network", label: "Network", usd_per_year: 1, usd_per_mtok: 0.0045, kind: "part" },
        { id: "energy", label: "Energy", usd_per_year: 1, usd_per_mtok: 0.004, kind: "part" },
        { id: "om", label: "O&M, staff", usd_per_year: 1, usd_per_mtok: 0.0048, kind: "part" },
        {
          id: "all",
          label: "If all were sold",
          usd_per_year: 1,
          usd_per_mtok: 0.0512,
          kind: "subtotal",
        },
        { id: "slo", label: "SLO headroom", usd_per_year: 1, usd_per_mtok: 0.0241, kind: "loss" },
        { id: "idle", label: "Idle capacity", usd_per_year: 1, usd_per_mtok: 0.0428, kind: "loss" },
        { id: "total", label: "Total", usd_per_year: 1, usd_per_mtok: 0.1181, kind: "total" },
      ],
      capex: [],
      reason: null,
    },
    elements: {
      racks: {
        id: racks.map(({ id }) => id),
        tag: racks.map(({ tag }) => tag),
        it_kw: kw,
        liquid_kw: kw.map((value) => value * LIQUID),
        air_kw: kw.map((value) => value * (1 - LIQUID)),
        flow_lpm: kw.map((value) => value * 1.13),
        return_c: column(racks.length, 58),
        density_kw_m2: kw.map((value) => value / 0.64),
        liquid_fraction: column(racks.length, LIQUID),
        floor_kpa: column(racks.length, 24),
      },
      rows: [],
      modules: {
        id: modules.map(({ id }) => id),
        tag: modules.map(({ tag }) => tag),
        it_kw: column(modules.length, 2272),
        liquid_kw: column(modules.length, 2045),
        flow_lpm: column(modules.length, 2560),
        racks: column(modules.length, 16),
        mass_kg: column(modules.length, 25600),
      },
    },
    findings,
    provenance: {
      "power.it_kw": {
        formula_id: "it-power",
        formula: "IT power = sum of the racks' power on the chosen basis",
        function: "engine.power.flow.power",
        reference: "Definition.",
        inputs: [
          {
            name: "racks",
            value: racks.length,
            unit: "",
            source: "this design",
            confidence: "derived",
          },
          {
            name: "sustained power of a rack",
            value: 142,
            unit: "kW",
            source: "maker, 2026",
            confidence: "published-secondary",
          },
        ],
      },
      "cost.usd_per_mtok": {
        formula_id: "cost-per-mtok",
        formula: "USD/Mtok = annual cost / tokens sold per year * 1e6",
        function: "engine.cost.waterfall.cost",
        reference: "Definition.",
        inputs: [],
      },
    },
  };
}
