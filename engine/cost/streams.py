"""What each stream of a workload costs: its GPU-hours, over what they make."""

import math
from dataclasses import dataclass
from typing import Final

from engine.cost.case import Answer
from engine.cost.finance import HOURS_PER_YEAR, SECONDS_PER_YEAR, TOKENS_PER_MTOK
from engine.cost.fleet import margin_on_revenue
from engine.cost.opex import board_power_fraction
from engine.tables import gpu_systems
from engine.tokens.mix import Lane, Mix, Unit, mix

PER: Final[dict[Unit, tuple[float, str]]] = {
    "token": (TOKENS_PER_MTOK, "USD/Mtok"),
    "clip": (1.0, "USD/clip"),
    "image": (1000.0, "USD per 1,000 images"),
    "robot": (3600.0, "USD per robot-hour"),
    "GPU": (3600.0, "USD/GPU-h of work"),
}
# How many units, or unit-seconds, a cost is told for, and in which words.


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneCost:
    """A stream with its cost; figures are None where nothing is sold."""

    lane: Lane
    usd_per_year: float
    usd_per_unit: float | None  # in the words of `unit`; tokens: all tokens
    usd_per_mtok_output: float | None
    unit: str
    margin: float | None  # over revenue, at the stream's own price of its tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class MixCost:
    """All streams of a case with their costs, which sum with the free GPUs to the whole year."""

    mix: Mix
    lanes: tuple[LaneCost, ...]
    usd_per_gpu_h: float
    free_usd_per_year: float
    usd_per_mtok: float | None  # of the serving streams together, idle hours filled


def stream_costs(answer: Answer) -> MixCost | None:
    """The streams of a case, each with its share of the yearly cost.

    Parameters
    ----------
    answer : Answer
        The case.

    Returns
    -------
    MixCost or None
        None without streams, GPUs or a cost of a GPU-hour.

    Raises
    ------
    UnknownStream
        If a stream is in no table.

    Notes
    -----
    Definition. A GPU-hour costs every stream the same, idle hours included: a stream pays its
    GPUs around the clock. Levelised, what it makes grows over the life like the tokens of the
    whole plant; hours of work do not. Batch work in the idle hours of others pays the energy
    it adds.
    """
    hour = answer.economics.figure("cost.usd_per_gpu_h")
    site = answer.case.site
    if not site.streams or hour is None:
        return None
    present = tuple((fleet.gpu, fleet.gpus) for fleet in answer.case.basis.fleets)
    found = mix(present, site, answer.case.assumptions)
    growth = answer.economics.life_factor
    prices = {asked.name: asked.price_usd_per_mtok for asked in site.streams}
    lanes = tuple(
        _costed(
            lane,
            _energy_of_idle_hours(answer, lane)
            if lane.is_backfill
            else lane.gpus * HOURS_PER_YEAR * hour,
            prices[lane.stream.name],
            1.0 if lane.unit == "GPU" else growth,
        )
        for lane in found.lanes
    )
    serving = [each for each in lanes if each.lane.stream.kind == "serving" and each.lane.sold]
    sold = growth * math.fsum(each.lane.sold or 0.0 for each in serving)
    usd = math.fsum(each.usd_per_year for each in serving)
    return MixCost(
        mix=found,
        lanes=lanes,
        usd_per_gpu_h=hour,
        free_usd_per_year=found.free_gpus * HOURS_PER_YEAR * hour,
        usd_per_mtok=usd * TOKENS_PER_MTOK / (sold * SECONDS_PER_YEAR) if sold else None,
    )


def _costed(lane: Lane, usd_per_year: float, price: float | None, growth: float) -> LaneCost:
    count, unit = PER[lane.unit]

    def per(rate: float | None) -> float | None:
        return usd_per_year * count / (growth * rate * SECONDS_PER_YEAR) if rate else None

    cost = per(lane.sold)
    is_token = lane.unit == "token"
    return LaneCost(
        lane=lane,
        usd_per_year=usd_per_year,
        usd_per_unit=cost,
        usd_per_mtok_output=per(lane.sold_output) if is_token else None,
        unit=unit,
        margin=margin_on_revenue(price, cost) if price and cost is not None and is_token else None,
    )


def _energy_of_idle_hours(answer: Answer, lane: Lane) -> float:
    """Electricity that boards draw at work beyond what they draw idle. [USD/yr]"""
    sheet, case = answer.economics.sheet, answer.case
    added = max(board_power_fraction(1.0) - case.assumptions.value("ops.board_idle_fraction"), 0.0)
    boards_kw = sum(
        fleet.gpus * gpu_systems()[fleet.gpu].tdp_w / 1000.0
        for fleet in case.basis.fleets
        if fleet.gpu in gpu_systems()
    )
    kw = lane.gpus / case.basis.gpus * boards_kw * added
    return kw * sheet["energy.pue_mean"] * HOURS_PER_YEAR * sheet["price.electricity"]
