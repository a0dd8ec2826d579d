"""The shipped tables, read once and only when somebody asks.

Nothing is read at import. Each reader gives immutable values, so that a
process can share them between evaluations.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from engine.errors import NotFound

DATA: Final = Path(__file__).parent / "data"

RENTS: Final = {
    "hyperscaler, owner's cost": "tco_hyperscaler_2026h2",
    "neocloud, owner's cost": "tco_neocloud_2026h2",
    "three-year rent": "rental_3yr_2026h2",
}
# Published tiers of 2026-08 and their columns.


class UnknownModel(NotFound):
    """The model is in none of the shipped tables."""

    code = "unknown-model"
    title = "No such model"


class UnknownSite(NotFound):
    """The site is not in the table of sites."""

    code = "unknown-site"
    title = "No such site"


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """Dimensions of one large language model."""

    key: str
    is_moe: bool
    params_total: float
    params_active: float
    layers: int
    full_attn_layers: int
    sliding_layers: int
    sliding_window: int
    hidden: int
    vocab: int
    q_heads: int
    kv_heads: int
    head_dim: int
    attention: str
    kv_lora_rank: int
    qk_rope_dim: int
    experts: int
    experts_active: int
    moe_intermediate: int
    first_dense_layers: int
    index_topk: int
    native_weights: str
    kv_elems_per_token: float
    source: str

    @property
    def is_mla(self) -> bool:
        """Whether attention keeps one latent vector for all heads."""
        return self.attention.startswith("MLA")


@dataclass(frozen=True, slots=True, kw_only=True)
class GpuSystem:
    """One GPU in its usual system: specification, power, rent and fitted roofline."""

    gpu: str
    system: str
    hbm_gb: float
    hbm_tb_s: float
    fp4_tflops: float
    fp8_tflops: float
    bf16_tflops: float
    scaleup_gb_s: float
    scaleup_domain: int
    tdp_w: float
    it_kw_per_gpu: float
    facility_kw_per_gpu: float
    server_usd_per_gpu: float
    rents_usd_per_gpu_h: Mapping[str, float]  # published tiers, by name
    eta_mem: float
    eta_comp: float
    eta_prefill: float
    t_attn_us: float
    t_moe_us: float
    t_coll_us: float
    eta_link: float
    fit_basis: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place: climate at its design day, tariff, carbon and cost of building."""

    site_id: str
    name: str
    country: str
    continent: str
    lat_deg: float
    lon_deg: float
    elevation_m: float
    electricity_usd_kwh: float
    electricity_low_usd_kwh: float
    electricity_high_usd_kwh: float
    electricity_source: str
    electricity_confidence: str
    carbon_g_kwh: float
    carbon_source: str
    carbon_confidence: str
    water_stress: float  # 0 to 5
    water_source: str
    dry_bulb_design_c: float
    wet_bulb_design_c: float
    dry_bulb_mean_c: float
    climate_source: str
    climate_confidence: str
    build_usd_per_w: float
    build_source: str
    build_confidence: str
    law: str
    rtt_ms: Mapping[str, float]  # network round trip, by hub
    rtt_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One measured configuration: throughput per GPU at the speed a user sees.

    A figure that was not measured is 0. ``tok_s_per_gpu`` counts all tokens and all GPUs.
    """

    id: str
    set: str
    model: str
    precision: str
    gpu: str
    framework: str
    spec: str
    disagg: bool
    multinode: bool
    tp: int
    ep: int
    dp_attention: bool
    isl: int
    osl: int
    concurrency: float
    tok_s_per_user: float
    tok_s_per_gpu: float
    ttft_s: float
    gpu_power_w: float
    source: str
    date: str
    provenance: str


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _number(text: str) -> float:
    return float(text) if text else 0.0


@lru_cache(maxsize=1)
def models() -> Mapping[str, LanguageModel]:
    """Every model of the shipped table, by key."""
    return MappingProxyType(
        {
            row["key"]: LanguageModel(
                key=row["key"],
                is_moe=row["family"] == "moe",
                params_total=1e9 * _number(row["params_total_b"]),
                params_active=1e9 * _number(row["params_active_b"]),
                layers=int(_number(row["layers"])),
                full_attn_layers=int(_number(row["full_attn_layers"])),
                sliding_layers=int(_number(row["sliding_layers"])),
                sliding_window=int(_number(row["sliding_window"])),
                hidden=int(_number(row["hidden"])),
                vocab=int(_number(row["vocab"])),
                q_heads=int(_number(row["q_heads"])),
                kv_heads=int(_number(row["kv_heads"])),
                head_dim=int(_number(row["head_dim"])),
                attention=row["attention"],
                kv_lora_rank=int(_number(row["kv_lora_rank"])),
                qk_rope_dim=int(_number(row["qk_rope_dim"])),
                experts=int(_number(row["experts"])),
                experts_active=int(_number(row["experts_active"])),
                moe_intermediate=int(_number(row["moe_intermediate"])),
                first_dense_layers=int(_number(row["first_dense_layers"])),
                index_topk=int(_number(row["index_topk"])),
                native_weights=row["native_weights"],
                kv_elems_per_token=_number(row["kv_elems_per_token"]),
                source=row["source"],
            )
            for row in _rows("models.csv")
        }
    )


@lru_cache(maxsize=1)
def gpu_systems() -> Mapping[str, GpuSystem]:
    """Every GPU of the shipped table, by its short name."""
    return MappingProxyType(
        {
            row["gpu"]: GpuSystem(
                gpu=row["gpu"],
                system=row["system"],
                hbm_gb=_number(row["hbm_gb"]),
                hbm_tb_s=_number(row["hbm_tb_s"]),
                fp4_tflops=_number(row["fp4_dense_tflops"]),
                fp8_tflops=_number(row["fp8_dense_tflops"]),
                bf16_tflops=_number(row["bf16_dense_tflops"]),
                scaleup_gb_s=_number(row["scaleup_gb_s_unidir"]),
                scaleup_domain=int(_number(row["scaleup_domain"])),
                tdp_w=_number(row["tdp_w"]),
                it_kw_per_gpu=_number(row["it_kw_per_gpu"]),
                facility_kw_per_gpu=_number(row["utility_kw_per_gpu"]),
                rents_usd_per_gpu_h={
                    tier: _number(row[column]) for tier, column in RENTS.items() if row[column]
                },
                server_usd_per_gpu=_number(row["server_capex_per_gpu"]),
                eta_mem=_number(row["cal_eta_mem"]),
                eta_comp=_number(row["cal_eta_comp"]),
                eta_prefill=_number(row["cal_eta_prefill"]),
                t_attn_us=_number(row["cal_t_attn_us"]),
                t_moe_us=_number(row["cal_t_moe_us"]),
                t_coll_us=_number(row["cal_t_coll_us"]),
                eta_link=_number(row["cal_eta_link"]),
                fit_basis=row["cal_basis"],
                source=row["source"],
            )
            for row in _rows("gpu_systems.csv")
        }
    )


@lru_cache(maxsize=1)
def sites() -> Mapping[str, Site]:
    """Every site of the shipped table, by id."""
    return MappingProxyType(
        {
            row["site_id"]: Site(
                site_id=row["site_id"],
                name=row["site"],
                country=row["country"],
                continent=row["continent"],
                lat_deg=_number(row["lat"]),
                lon_deg=_number(row["lon"]),
                elevation_m=_number(row["elev_m"]),
                electricity_usd_kwh=_number(row["elec_ind_usd_kwh"]),
                electricity_low_usd_kwh=_number(row["elec_low"]),
                electricity_high_usd_kwh=_number(row["elec_high"]),
                electricity_source=row["elec_source"],
                electricity_confidence=row["elec_confidence"],
                carbon_g_kwh=_number(row["grid_gco2e_kwh"]),
                carbon_source=row["grid_source"],
                carbon_confidence=row["grid_confidence"],
                water_stress=_number(row["water_stress_0_5"]),
                water_source=row["water_source"],
                dry_bulb_design_c=_number(row["db_0p4_c"]),
                wet_bulb_design_c=_number(row["wb_0p4_c"]),
                dry_bulb_mean_c=_number(row["db_annual_mean_c"]),
                climate_source=row["climate_source"],
                climate_confidence=row["climate_confidence"],
                build_usd_per_w=_number(row["build_usd_per_w_it"]),
                build_source=row["build_source"],
                build_confidence=row["build_confidence"],
                law=row["data_regime"],
                rtt_ms={
                    column.removeprefix("rtt_ms_"): _number(text)
                    for column, text in row.items()
                    if column.startswith("rtt_ms_")
                },
                rtt_source=row["rtt_source"],
            )
            for row in _rows("regions.csv")
        }
    )


@lru_cache(maxsize=1)
def country_risks() -> Mapping[str, tuple[float, str, str]]:
    """Adder to the cost of capital by country: per year, source, confidence."""
    return MappingProxyType(
        {
            row["country"]: (float(row["risk_per_year"]), row["source"], row["confidence"])
            for row in _rows("country_risk.csv")
        }
    )


@lru_cache(maxsize=1)
def wage_indices() -> Mapping[str, tuple[float, str, str]]:
    """Pay of site staff over that in the United States by country: index, source, confidence."""
    return MappingProxyType(
        {
            row["country"]: (float(row["index"]), row["source"], row["confidence"])
            for row in _rows("wage_index.csv")
        }
    )


@lru_cache(maxsize=1)
def points() -> Mapping[tuple[str, str], tuple[Point, ...]]:
    """Every point with a speed per user and a throughput, grouped by (model, gpu)."""
    groups: dict[tuple[str, str], list[Point]] = {}
    with (DATA / "benchmark_points.csv").open(newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        names = next(lines)
        needed = [
            names.index(name)
            for name in ("tok_s_per_user", "tok_s_per_gpu_total", "isl", "osl", "model_key")
        ]
        for line in lines:
            if all(line[place] for place in needed):
                point = point_of(dict(zip(names, line, strict=True)))
                groups.setdefault((point.model, point.gpu), []).append(point)
    return MappingProxyType({key: tuple(group) for key, group in groups.items()})


def point_of(row: Mapping[str, str]) -> Point:
    """One row of a table of points.

    Raises
    ------
    ValueError
        If a number is none.
    """
    return Point(
        id=row["id"],
        set=row["set"],
        model=row["model_key"],
        precision=row["precision"],
        gpu=row["gpu"],
        framework=row["framework"],
        spec=row["spec"],
        disagg=row["disagg"] == "1",
        multinode=row["multinode"] == "1",
        tp=int(_number(row["p_tp"])),
        ep=int(_number(row["p_ep"])),
        dp_attention=row["p_dpa"] == "1",
        isl=int(_number(row["isl"])),
        osl=int(_number(row["osl"])),
        concurrency=_number(row["concurrency"]),
        tok_s_per_user=float(row["tok_s_per_user"]),
        tok_s_per_gpu=float(row["tok_s_per_gpu_total"]),
        ttft_s=_number(row["ttft_median_s"]),
        gpu_power_w=_number(row["gpu_power_w"]),
        source=row["source"],
        date=row["date"],
        provenance=row["provenance"],
    )


@lru_cache(maxsize=16)
def table_rows(name: str) -> tuple[Mapping[str, str], ...]:
    """A shipped table as it is written, for reading."""
    return tuple(MappingProxyType(row) for row in _rows(name))


@lru_cache(maxsize=1)
def scaled_frontiers() -> Mapping[str, tuple[str, tuple[float, ...], tuple[float, ...], float]]:
    """Hardware without a frontier of its own.

    By GPU: the measured reference, speeds per user, ratios per GPU, and sigma.
    """
    groups: dict[str, list[dict[str, str]]] = {}
    for row in _rows("scaled_frontiers.csv"):
        groups.setdefault(row["gpu"], []).append(row)
    return MappingProxyType(
        {
            gpu: (
                rows[0]["reference_gpu"],
                tuple(float(row["tok_s_per_user"]) for row in rows),
                tuple(float(row["ratio_per_gpu"]) for row in rows),
                float(rows[0]["sigma"]),
            )
            for gpu, rows in groups.items()
        }
    )


def model_named(key: str) -> LanguageModel:
    """The model of this key, or UnknownModel."""
    try:
        return models()[key]
    except KeyError:
        raise UnknownModel(f"The model {key!r} is not in the table.", model=key) from None


def site_named(site_id: str) -> Site:
    """The site of this id, or UnknownSite."""
    try:
        return sites()[site_id]
    except KeyError:
        raise UnknownSite(f"The site {site_id!r} is not in the table.", site_id=site_id) from None
