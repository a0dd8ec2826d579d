"""What coolers and chillers leave when some are gone: capacity, and how warm the water gets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.design_day import design_day
from engine.cooling.rejection import Coolers, at_weather, circuit_of
from engine.operation import Operation
from engine.plant import Bools, Floats, Ints, Plant

SLACK: Final = 1e-9  # relative; a demand equal to the capacity fits
WATER_COOLERS: Final = frozenset({"dry_cooler", "tower"})
BY_APPROACH: Final = frozenset({"dry_cooler", "adiabatic"})  # whose drawn coolers make the water


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterLost:
    """Facility water after a loss of heat rejection."""

    left_kw: float | None  # rated, of the kind lost, on the same pipes; None: nothing that counts
    missing: float  # greatest share of the heat of a network that exceeds the rating left
    rack_share: Floats  # the same for each rack
    rises: tuple[tuple[int, float], ...]  # networks that get warmer, and by how much; inf: no sink


class Water:
    """Heat and coolers of each network of facility water with everything working."""

    def __init__(self, plant: Plant, operation: Operation, assumptions: Assumptions) -> None:
        cooling = operation.cooling
        self.plant, self.assumptions, self.networks = plant, assumptions, cooling.networks
        kinds = np.array(plant.heat_rejection.kind, dtype=object)
        self.is_water = np.array([kind in WATER_COOLERS for kind in kinds], dtype=bool)
        water_kw = cooling.liquid_kw + float(operation.mechanical.cdu_kw.sum())
        of_cdu, of_handler = np.split(self.networks.of_unit, [len(plant.cdus)])
        self.of_cdu = of_cdu
        count = int(max(self.networks.of_unit.max(initial=0), 0)) + 1
        self.count = count
        heat = _shared(water_kw, of_cdu, cooling.cdus.load_kw, count)
        air = _shared(cooling.air_kw, of_handler, plant.air_handlers.capacity_kw, count)
        of_cooler = self.networks.of_cooler[self.is_water]
        has_coolers = np.bincount(of_cooler[of_cooler >= 0], minlength=count) > 0
        # Chillers take the heat of the air where coolers take that of the water.
        self.demand_kw = np.stack([heat, np.where(has_coolers, air, heat + air)])

    def without(self, gone: Sequence[int]) -> WaterLost:
        """Capacity that is missing without these units, and how warm the water gets."""
        units, of_cooler = self.plant.heat_rejection, self.networks.of_cooler
        share = np.zeros(len(self.plant.racks))
        left: float | None = None
        most = 0.0
        rises = []
        stays = np.ones(len(units), dtype=bool)
        stays[list(gone)] = False
        for network in sorted({int(of_cooler[row]) for row in gone} - {-1}):
            here = of_cooler == network
            for is_water in sorted({bool(self.is_water[row]) for row in gone if here[row]}):
                mine = here & stays & (self.is_water == is_water)
                left = float(units.capacity_kw[mine].sum())
                demand = float(self.demand_kw[0 if is_water else 1, network])
                if left >= demand * (1.0 - SLACK):
                    continue
                missing = 1.0 - left / demand
                most = max(most, missing)
                share = np.maximum(share, missing * self._part(network))
            if (rise_k := self._rise_k(network, here & stays)) > 0.0:
                rises.append((network, rise_k))
        return WaterLost(left_kw=left, missing=most, rack_share=share, rises=tuple(rises))

    def loops_of(self, lost: WaterLost) -> Iterator[tuple[int, float, Bools]]:
        """Loops with CDUs on warmer water: by how much, and the CDUs whose water has no sink."""
        rise = np.append(np.zeros(self.count), 0.0)
        for network, rise_k in lost.rises:
            rise[network] = rise_k
        of_cdu = rise[self.of_cdu]
        is_dead = np.isinf(of_cdu)
        loops = self.plant.cdus.loop
        for loop in np.unique(loops[(of_cdu > 0.0) & (loops >= 0)]).tolist():
            mine = (loops == loop) & ~is_dead
            yield loop, float(of_cdu[mine].max(initial=0.0)), is_dead

    def reached(self, lost: WaterLost) -> Ints:
        """Loops that lack capacity or get warmer water."""
        share, racks = lost.rack_share, self.plant.racks
        short = racks.loop[(share > 0.0) & (racks.loop >= 0)]
        return np.unique(short)

    def _part(self, network: int) -> Floats:
        """The share of each rack's heat that goes to a network."""
        racks, cdus = self.plant.racks, self.plant.cdus
        if not self.networks.is_drawn:
            return np.ones(len(racks))
        loops = len(self.plant.loops)
        placed = cdus.loop >= 0
        weight = np.where(placed & (self.of_cdu >= 0), np.maximum(cdus.capacity_kw, SLACK), 0.0)
        total = np.bincount(cdus.loop[placed], weight[placed], loops)
        here = placed & (self.of_cdu == network)
        mine = np.bincount(cdus.loop[here], weight[here], loops)
        part = np.divide(mine, total, out=np.zeros(loops), where=total > 0.0)
        return np.asarray(np.append(part, 0.0)[racks.loop])

    def _rise_k(self, network: int, left: Bools) -> float:
        """How much warmer the water gets on the design day than it was."""
        site, heat = self.plant.site, float(self.demand_kw[0, network])
        if heat <= 0.0 or site.heat_rejection not in BY_APPROACH:
            return 0.0
        units, here = self.plant.heat_rejection, self.networks.of_cooler == network
        if not left.any():
            return float("inf")
        before, behind_kw = self._reach(heat, here), 0.0
        chillers = ~self.is_water
        if chillers.any():
            behind_kw = float(units.capacity_kw[left & chillers].sum())
            if (here & self.is_water).any():
                behind_kw = max(behind_kw - float(self.demand_kw[1, network]), 0.0)
        elif before is not None:
            # Where none is drawn, the figures assume chillers for what is out of reach.
            behind_kw = heat * min(max(before - site.fws_supply_c, 0.0) / self._water_rise_k, 1.0)
        after = self._reach(heat, left)
        returned = site.fws_supply_c + self._water_rise_k
        after = returned if after is None else after
        supply = after - self._water_rise_k * behind_kw / heat
        return max(supply - site.fws_supply_c, 0.0)

    @property
    def _water_rise_k(self) -> float:
        return self.assumptions.value("cooling.fws_rise_k")

    def _reach(self, heat_kw: float, which: Bools) -> float | None:
        """Water that coolers make at full fan on the design day; None without any. [°C]"""
        units = self.plant.heat_rejection
        kw = np.where(which & self.is_water, units.capacity_kw, 0.0)
        capacity = float(kw.sum())
        if capacity <= 0.0:
            return None
        coolers = Coolers(
            capacity_kw=capacity,
            approach_k=float((units.approach_k * kw).sum() / capacity),
            fan_kw=0.0,
            is_drawn=True,
        )
        site = self.plant.site
        circuit = circuit_of(
            heat_kw, site.fws_supply_c, site.heat_rejection, coolers, self.assumptions
        )
        weather = design_day(self.plant, self.assumptions).weather
        return float(at_weather(circuit, weather.dry_bulb_c, weather.wet_bulb_c).reach_c)


def _shared(total_kw: float, of_unit: Ints, weight: Floats, count: int) -> Floats:
    """A heat by network, in proportion to what hangs on each; all of it where there is one."""
    placed = of_unit >= 0
    found = np.bincount(of_unit[placed], weight[placed], count)
    if count == 1 or found.sum() <= 0.0:
        return np.append(total_kw, np.zeros(count - 1))
    return np.asarray(total_kw * found / found.sum())
