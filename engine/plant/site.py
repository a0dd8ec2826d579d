"""Settings of the whole design."""

from dataclasses import dataclass
from typing import Literal

from engine.errors import Invalid

Basis = Literal["nameplate", "tdp", "sustained", "peak"]
Coolant = Literal["pg25_volume", "pg25_mass", "water"]
HeatRejectionKind = Literal["dry_cooler", "adiabatic", "tower", "chiller"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What the GPUs serve. A field that is None is chosen by the throughput step."""

    model: str | None = None
    precision: str | None = None
    isl: int | None = None
    osl: int | None = None
    interactivity_tok_s_user: float | None = None
    prefix_hit_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamAsked:
    """One stream of the workload; a field that is None comes from the table of streams."""

    name: str
    share_fraction: float | None = None  # of the GPUs
    requests_per_s: float | None = None  # at peak, in place of a share
    sessions: float | None = None  # of agents, alive at peak
    model: str | None = None
    isl: int | None = None
    osl: int | None = None
    prefix_hit_fraction: float | None = None
    tok_s_user: float | None = None
    first_token_s: float | None = None
    load_factor_fraction: float | None = None
    price_usd_per_mtok: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisation:
    """From what the GPUs could give to what is sold; None takes the assumption line."""

    slo_fraction: float | None = None
    derate_fraction: float | None = None
    availability_fraction: float | None = None
    goodput_fraction: float | None = None
    load_factor_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """How capital becomes a yearly cost; None takes the assumption line."""

    mode: Literal["straight_line", "annuity", "levelised"] = "annuity"
    wacc_fraction: float | None = None
    it_life_years: float | None = None
    facility_life_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Settings of the whole design. ``stated`` names the fields that the user set."""

    site_id: str | None = None  # row of the regions table
    weather: str | None = None  # the hours that the year is run with
    warming_k: float = 0.0  # added to every one of them
    basis: Basis = "sustained"
    feed_limit_kw: float | None = None
    voltage_v: float = 415.0
    power_factor: float = 0.95
    coolant: Coolant = "pg25_volume"
    tcs_supply_c: float = 45.0
    fws_supply_c: float = 41.0
    air_supply_c: float = 25.0
    heat_load_fraction: float = 1.0
    heat_rejection: HeatRejectionKind = "dry_cooler"
    workload: Workload = Workload()
    streams: tuple[StreamAsked, ...] = ()
    utilisation: Utilisation = Utilisation()
    finance: Finance = Finance()
    stated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0.0 <= self.heat_load_fraction <= 2.0:
            raise Invalid(
                "The heat load fraction must lie between 0 and 2.",
                heat_load_fraction=self.heat_load_fraction,
            )
        if self.voltage_v <= 0.0 or not 0.0 < self.power_factor <= 1.0:
            raise Invalid(
                "The voltage must be positive and the power factor between 0 and 1.",
                voltage_v=self.voltage_v,
                power_factor=self.power_factor,
            )
