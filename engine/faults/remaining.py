"""What the pumps that are left bring to each rack when CDUs are gone."""

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import coolant_at
from engine.cooling.loop_flows import LPM_PER_M3_S, loop_pipes, pumping_of, rated_pumps
from engine.cooling.lost_cdus import WithoutCdus
from engine.cooling.pipework import Pipes
from engine.evaluation import CoolingResult
from engine.plant import Bools, Floats, Plant


class Remaining:
    """Flow of each rack when some CDUs are gone; equal losses of equal loops are solved once."""

    def __init__(self, plant: Plant, cooling: CoolingResult, assumptions: Assumptions) -> None:
        self.cooling, self.loop = cooling, plant.cdus.loop
        rise = assumptions.value("cooling.tcs_rise_k")
        coolant = coolant_at(plant.site.coolant, plant.site.tcs_supply_c + rise / 2.0)
        rated_lpm, rated_pa = rated_pumps(plant, coolant, assumptions)
        self.rated_m3_s = rated_lpm / LPM_PER_M3_S
        self.pipes: Pipes = loop_pipes(plant, self.cooling.rack_flow_lpm, coolant, assumptions)
        self.pumping = pumping_of(plant, rated_lpm, rated_pa)
        given = self.pipes.headers.of_racks(self.cooling.rack_given_lpm) / LPM_PER_M3_S
        hydraulics = [state.hydraulics for state in self.cooling.loops]
        self.required_pa = np.array(
            [1e3 * each.required_kpa if each else 0.0 for each in hydraulics]
        )
        self.without = WithoutCdus(
            self.pipes,
            self.pumping,
            given_m3_s=given,
            required_pa=self.required_pa,
            coolant=coolant,
            ratio=assumptions.value("tcs.pump_shutoff_ratio"),
        )

    def given_lpm(self, gone: Bools) -> Floats:
        """What every rack gets without these CDUs. [L/min]"""
        given = self.cooling.rack_given_lpm.copy()
        for loop in np.unique(self.loop[gone & (self.loop >= 0)]).tolist():
            stopped, left = self._stopped(gone, loop)
            racks = self.pipes.headers.rack[self.without.solver.places(loop)]
            at = np.flatnonzero(racks >= 0)
            given[racks[at]] = LPM_PER_M3_S * self.without.of_loop(loop, stopped, left)[at]
        return given

    def head_kpa(self, gone: Bools, loop: int) -> tuple[float, float] | None:
        """What a loop asks for, and what the pumps left hold at the flow asked for. [kPa]

        None where the flow takes another way through the drawn pipes: then it asks for more.
        """
        stopped, left = self._stopped(gone, loop)
        if self.without.solver.cut_off(loop, stopped):
            return None
        return float(self.required_pa[loop]) / 1e3, self.without.held_pa(loop, left) / 1e3

    def share_of(self, gone: Bools, loop: int) -> float:
        """Share of the rated flow of a loop's pumps that goes with these CDUs; 0 with all. [-]"""
        _, left = self._stopped(gone, loop)
        whole = float(self.pumping.rated_m3_s[loop])
        return 1.0 - left / whole if left > 0.0 and whole > 0.0 else 0.0

    def _stopped(self, gone: Bools, loop: int) -> tuple[frozenset[int], float]:
        """The CDUs of a loop that are gone, and the rated flow of the others. [m3/s]"""
        mine = gone & (self.loop == loop)
        left = float(self.pumping.rated_m3_s[loop] - self.rated_m3_s[mine].sum())
        return frozenset(np.flatnonzero(mine).tolist()), left
