"""Cooling that is missing when some of its equipment is gone, and the IT power that it costs."""

from dataclasses import dataclass

import numpy as np

from engine.operation import Operation
from engine.plant import Bools, Floats, Plant

SLACK = 1e-9  # relative; a demand equal to the capacity fits
WATER_COOLERS = frozenset({"dry_cooler", "tower"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingLost:
    """The loop that suffers most after a loss."""

    loop: str
    starved_rack_ids: tuple[str, ...]
    heat_kw: float
    capacity_left_kw: float
    flow_left_lpm: float
    liquid_lost_kw: float  # heat that finds no way out


class Shortage:
    """Demands and capacities of cooling with everything working."""

    def __init__(self, plant: Plant, operation: Operation) -> None:
        cooling = operation.cooling
        self.plant, self.cooling = plant, cooling
        self.rack_kw = operation.power.rack_kw
        self.is_wet = cooling.rack_liquid_kw > 0.0
        self.warms_air = cooling.rack_air_kw > 0.0
        self.in_loop = [plant.cdus.loop == loop for loop in range(len(cooling.loops))]
        kinds = np.array(plant.heat_rejection.kind, dtype=object)
        self.is_water = np.array([kind in WATER_COOLERS for kind in kinds], dtype=bool)
        water_kw = cooling.liquid_kw + float(operation.mechanical.cdu_kw.sum())
        # Chillers take the heat of the air where coolers take that of the water.
        chilled_kw = cooling.air_kw if self.is_water.any() else water_kw + cooling.air_kw
        self.demand_kw = (water_kw, chilled_kw)

    def liquid(self, gone: Bools) -> tuple[CoolingLost | None, dict[int, float]]:
        """The loop that lacks most when some CDUs are gone, and each loop's missing share."""
        plant, cooling = self.plant, self.cooling
        if not gone.any():
            return None, {}
        worst: CoolingLost | None = None
        shares: dict[int, float] = {}
        for loop in np.unique(plant.cdus.loop[gone & (plant.cdus.loop >= 0)]).tolist():
            mine = gone & self.in_loop[loop]
            state = cooling.loops[loop]
            capacity = state.capacity_kw - float(cooling.cdus.capacity_kw[mine].sum())
            flow = state.flow_capacity_lpm - float(plant.cdus.flow_lpm[mine].sum())
            share = self.missing_share(loop, capacity, flow)
            if share > 0.0:
                shares[loop] = share
            wet = (plant.racks.loop == loop) & self.is_wet
            found = CoolingLost(
                loop=state.loop,
                starved_rack_ids=tuple(plant.racks.id[row] for row in np.flatnonzero(wet).tolist())
                if share > 0.0
                else (),
                heat_kw=state.heat_kw,
                capacity_left_kw=max(capacity, 0.0),
                flow_left_lpm=max(flow, 0.0),
                liquid_lost_kw=state.heat_kw * share,
            )
            if worst is None or found.liquid_lost_kw > worst.liquid_lost_kw:
                worst = found
        return worst, shares

    def missing_share(self, loop: int, capacity_kw: float, flow_lpm: float) -> float:
        """Share of a loop's heat that a capacity and a flow leave uncooled."""
        state = self.cooling.loops[loop]
        carried = min(1.0, max(capacity_kw, 0.0) / state.heat_kw) if state.heat_kw > 0.0 else 1.0
        is_stated = bool((self.plant.cdus.flow_lpm[self.in_loop[loop]] > 0.0).all())
        if is_stated and state.flow_lpm > 0.0:
            carried = min(carried, max(flow_lpm, 0.0) / state.flow_lpm)
        short_kw = state.heat_kw * (1.0 - carried)
        return 1.0 - carried if short_kw > SLACK * max(state.heat_kw, 1.0) else 0.0

    def air(self, gone: Bools) -> tuple[float, float]:
        """Capacity of the air handlers left, and the share of the air's heat that it lacks."""
        left = float(self.plant.air_handlers.capacity_kw[~gone].sum())
        is_short = gone.any() and left < self.cooling.air_kw * (1.0 - SLACK)
        return left, 1.0 - left / self.cooling.air_kw if is_short else 0.0

    def rejection(self, *gone: int) -> tuple[float | None, float]:
        """Rated capacity left beside the units gone, and the share of their heat that it lacks."""
        rows = [row for row in gone if row >= 0]
        if not rows:
            return None, 0.0
        units = self.plant.heat_rejection
        is_water = bool(self.is_water[rows[0]])
        mine = self.is_water == is_water
        left = float(units.capacity_kw[mine].sum()) - float(units.capacity_kw[rows].sum())
        demand = self.demand_kw[0 if is_water else 1]
        is_short = left < demand * (1.0 - SLACK)
        return left, 1.0 - max(left, 0.0) / demand if is_short else 0.0

    def lost_kw(
        self, dark: Bools, loops: dict[int, float], air_share: float, rejection_share: float
    ) -> float:
        """IT power that is dark or has no way out for its heat."""
        if not (dark.any() or loops or air_share or rejection_share):
            return 0.0
        share: Floats = np.where(self.warms_air, air_share, 0.0)
        share = np.maximum(share, np.where(self.is_wet, rejection_share, 0.0))
        for loop, missing in loops.items():
            mine = (self.plant.racks.loop == loop) & self.is_wet
            share = np.where(mine, np.maximum(share, missing), share)
        return float(self.rack_kw @ np.where(dark, 1.0, share))
