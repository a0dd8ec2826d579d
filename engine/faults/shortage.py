"""Cooling that is missing when some of its equipment is gone, and the IT power that it costs.

A loop that loses CDUs is judged by where it settles: flow first, capped at what the pumps left are
rated for, then temperatures. Racks cost power by what they give up above their return limit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import coolant_at
from engine.evaluation import CoolingResult
from engine.faults.remaining import Remaining
from engine.faults.ride_through import Circuits
from engine.faults.rides import circuits_key, circuits_of, cooler_effect, one_loop
from engine.faults.settled import Settled, settle
from engine.faults.water_lost import Water, WaterLost
from engine.operation import Operation
from engine.plant import Bools, Floats, Ints, Plant

SLACK: Final = 1e-9  # relative; a demand equal to the capacity fits
LEAST: Final = 1e-3  # share of its flow that a rack may lose without being told of
WARMER_K: Final = 0.05  # less than that above its set-point is held


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingLost:
    """The loop that suffers most after a loss, where it settles."""

    loop: str
    starved_rack_ids: tuple[str, ...]  # with less flow than they may miss
    slowed_rack_ids: tuple[str, ...]  # above their return limit: they give up power
    heat_kw: float
    capacity_left_kw: float  # by rating
    flow_left_lpm: float  # by rating
    supply_c: float
    supply_set_c: float
    supply_allowed_c: float  # least that a rack of the loop allows
    return_c: float  # of the rack that is nearest to its limit
    return_allowed_c: float  # its limit
    liquid_lost_kw: float  # heat that the racks have to give up

    @property
    def is_strained(self) -> bool:
        """Whether racks lack flow or get coolant warmer than its set-point."""
        return bool(self.starved_rack_ids) or self.supply_c > self.supply_set_c + WARMER_K


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Power that the racks of a loop give up."""

    rack: Ints
    share: Floats


def is_short(cooling: CoolingResult, rows: Ints, left: Floats, allowed: float) -> Bools:
    """Racks that lose flow and are left with too little of what they ask for.

    Parameters
    ----------
    cooling : CoolingResult
        Flows before the loss.
    rows : array of int, shape (n,)
        Racks.
    left : array, shape (n,)
        Share of its flow that each keeps. [1]
    allowed : float
        Least share of what a rack asks for. [1]

    Returns
    -------
    array of bool, shape (n,)
        True where less than that is left.

    Notes
    -----
    Definition. A rack that loses less than a thousandth of its flow loses none.
    """
    got = left * cooling.rack_given_lpm[rows]
    return np.asarray((left < 1.0 - LEAST) & (got < allowed * cooling.rack_flow_lpm[rows]))


class Shortage:
    """Demands and capacities of cooling with everything working."""

    def __init__(self, plant: Plant, operation: Operation, assumptions: Assumptions) -> None:
        cooling = operation.cooling
        self.plant, self.cooling, self.assumptions = plant, cooling, assumptions
        self.rack_kw = operation.power.rack_kw
        self.is_wet = cooling.rack_liquid_kw > 0.0
        self.warms_air = cooling.rack_air_kw > 0.0
        self.in_loop = [plant.cdus.loop == loop for loop in range(len(cooling.loops))]
        self.water = Water(plant, operation, assumptions)
        self.is_water = self.water.is_water
        rise = assumptions.value("cooling.tcs_rise_k")
        self.coolant = coolant_at(plant.site.coolant, plant.site.tcs_supply_c + rise / 2.0)
        self._settled: dict[bytes, Settled] = {}
        self._warmer: dict[
            tuple[tuple[int, float], ...], tuple[CoolingLost | None, dict[int, Given]]
        ] = {}

    @cached_property
    def remaining(self) -> Remaining:
        """What the pumps left bring; built when the first CDU is lost."""
        return Remaining(self.plant, self.cooling, self.assumptions)

    @cached_property
    def circuits(self) -> Circuits:
        """Every loop before the loss."""
        return circuits_of(self.plant, self.cooling, self.assumptions)

    @cached_property
    def with_flow(self) -> Ints:
        """The racks of `circuits`."""
        flows = (self.cooling.rack_given_lpm > 0.0) & (self.plant.racks.loop >= 0)
        return np.flatnonzero(flows)

    def liquid(
        self, gone: Bools, dark: Bools | None = None
    ) -> tuple[CoolingLost | None, dict[int, Given]]:
        """The loop that suffers most when CDUs are gone, and what racks give up, by loop.

        Racks that are ``dark`` give no heat.
        """
        if not (gone & (self.plant.cdus.loop >= 0)).any():
            return None, {}
        given_lpm = self.remaining.given_lpm(gone)
        effect = cooler_effect(self.plant, self.coolant, gone)
        found: list[CoolingLost] = []
        given: dict[int, Given] = {}
        for loop in np.unique(self.plant.cdus.loop[gone & (self.plant.cdus.loop >= 0)]).tolist():
            at = np.flatnonzero(self.circuits.loop == loop)
            if not at.size:
                continue  # nothing flows in it
            rack = self.with_flow[at]
            part = replace(one_loop(self.circuits, loop, at), effect=effect[loop : loop + 1])
            left = given_lpm[rack] / self.cooling.rack_given_lpm[rack]
            is_off = np.zeros(rack.size, dtype=bool) if dark is None else dark[rack]
            after = self._settle(part, left, is_off)
            share = np.where(is_off, 0.0, 1.0 - after.power_fraction)
            if (share > SLACK).any():
                given[loop] = Given(rack=rack, share=share)
            found.append(self._lost(loop, part, gone, (rack, left, is_off, share), after))
        return _worst(found), given

    def _settle(self, part: Circuits, left: Floats, is_off: Bools) -> Settled:
        key = circuits_key(part) + np.round(left, 6).tobytes() + is_off.tobytes()
        if key not in self._settled:
            per_k = self.assumptions.value("transient.throttle_per_k")
            self._settled[key] = settle(part, left, throttle_per_k=per_k, is_off=is_off)
        return self._settled[key]

    def _lost(
        self,
        loop: int,
        part: Circuits,
        gone: Bools,
        racks: tuple[Ints, Floats, Bools, Floats],
        after: Settled,
    ) -> CoolingLost:
        rack, left, is_off, share = racks
        state, mine = self.cooling.loops[loop], gone & self.in_loop[loop]
        allowed = 1.0 - self.assumptions.value("tcs.deficit_warn_fraction")
        starved = ~is_off & is_short(self.cooling, rack, left, allowed)
        near = np.where(is_off, -np.inf, after.return_c - part.throttle_c)
        first = int(np.argmax(near)) if rack.size else -1
        supply, names = float(after.supply_c[0]), self.plant.racks.id
        flow_left = state.flow_capacity_lpm - float(self.plant.cdus.flow_lpm[mine].sum())
        return CoolingLost(
            loop=state.loop,
            starved_rack_ids=tuple(names[row] for row in rack[starved].tolist()),
            slowed_rack_ids=tuple(names[row] for row in rack[share > SLACK].tolist()),
            heat_kw=float(part.heat_kw[~is_off].sum()),
            capacity_left_kw=max(
                state.capacity_kw - float(self.cooling.cdus.capacity_kw[mine].sum()), 0.0
            ),
            flow_left_lpm=max(flow_left, 0.0),
            supply_c=supply,
            supply_set_c=float(part.supply_c[0]),
            supply_allowed_c=float(self.plant.racks.tcs_supply_max_c[rack].min(initial=np.inf)),
            return_c=float(after.return_c[first]) if rack.size else supply,
            return_allowed_c=float(part.throttle_c[first]) if rack.size else np.inf,
            liquid_lost_kw=float(part.heat_kw @ share),
        )

    def air(self, gone: Bools) -> tuple[float, float]:
        """Capacity of the air handlers left, and the share of the air's heat that it lacks."""
        left = float(self.plant.air_handlers.capacity_kw[~gone].sum())
        is_short = gone.any() and left < self.cooling.air_kw * (1.0 - SLACK)
        return left, 1.0 - left / self.cooling.air_kw if is_short else 0.0

    def rejection(self, *gone: int) -> WaterLost:
        """What is missing beside the coolers and chillers gone, on the pipes that they hang on."""
        return self.water.without([row for row in gone if row >= 0])

    def warmer(self, lost: WaterLost) -> tuple[CoolingLost | None, dict[int, Given]]:
        """The loop that suffers most from facility water that is too warm or stands still."""
        if lost.rises not in self._warmer:  # coolers alike leave the same water
            self._warmer[lost.rises] = self._on_warmer_water(lost)
        return self._warmer[lost.rises]

    def _on_warmer_water(self, lost: WaterLost) -> tuple[CoolingLost | None, dict[int, Given]]:
        found: list[CoolingLost] = []
        given: dict[int, Given] = {}
        nothing = np.zeros(len(self.plant.cdus), dtype=bool)
        for loop, rise_k, is_dead in self.water.loops_of(lost):
            at = np.flatnonzero(self.circuits.loop == loop)
            if not at.size:
                continue  # nothing flows in it
            rack = self.with_flow[at]
            part = one_loop(self.circuits, loop, at)
            effect = cooler_effect(self.plant, self.coolant, is_dead)[loop : loop + 1]
            # Without any CDU that is cooled there is no effect; of ratings, one would be assumed.
            effect = effect * float((~is_dead & self.in_loop[loop]).any())
            part = replace(part, fws_supply_c=part.fws_supply_c + rise_k, effect=effect)
            left, is_off = np.ones(rack.size), np.zeros(rack.size, dtype=bool)
            after = self._settle(part, left, is_off)
            share = 1.0 - after.power_fraction
            if (share > SLACK).any():
                given[loop] = Given(rack=rack, share=share)
            found.append(self._lost(loop, part, nothing, (rack, left, is_off, share), after))
        return _worst(found), given

    def lost_kw(
        self,
        dark: Bools,
        loops: Mapping[int, Given],
        air_share: float,
        water: WaterLost | None = None,
    ) -> float:
        """IT power that is dark or has no way out for its heat."""
        if not (dark.any() or loops or air_share or water):
            return 0.0
        share: Floats = np.where(self.warms_air, air_share, 0.0)
        if water is not None:
            share = np.maximum(share, np.where(self.is_wet, water.rack_share, 0.0))
        for given in loops.values():
            share[given.rack] = np.maximum(share[given.rack], given.share)
        return float(self.rack_kw @ np.where(dark, 1.0, share))


def _worst(found: list[CoolingLost]) -> CoolingLost | None:
    return max(
        found,
        key=lambda each: (
            each.liquid_lost_kw,
            len(each.starved_rack_ids),
            each.supply_c - each.supply_set_c,
        ),
        default=None,
    )
