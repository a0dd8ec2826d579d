"""What the pumps that are left bring to each rack when CDUs are gone."""

from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import coolant_at
from engine.cooling.distribution import LoopSolver
from engine.cooling.loop_flows import LPM_PER_M3_S, loop_pipes, pumping_of, rated_pumps
from engine.cooling.pipework import Pipes
from engine.evaluation import CoolingResult
from engine.plant import Bools, Floats, Plant

SLACK: Final = 1e-9


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
        self.ratio = assumptions.value("tcs.pump_shutoff_ratio")
        self.solver = LoopSolver(self.pipes, self.pumping, coolant, self.ratio)
        given = self.pipes.headers.of_racks(self.cooling.rack_given_lpm) / LPM_PER_M3_S
        self.flow = np.bincount(self.pipes.headers.loop, given, len(plant.loops))
        hydraulics = [state.hydraulics for state in self.cooling.loops]
        self.required_pa = np.array(
            [1e3 * each.required_kpa if each else 0.0 for each in hydraulics]
        )

    def given_lpm(self, gone: Bools) -> Floats:
        """What every rack gets without these CDUs. [L/min]"""
        given = self.cooling.rack_given_lpm.copy()
        for loop in np.unique(self.loop[gone & (self.loop >= 0)]).tolist():
            mine = gone & (self.loop == loop)
            left = max(float(self.pumping.rated_m3_s[loop] - self.rated_m3_s[mine].sum()), 0.0)
            places = self.solver.places(loop)
            stopped = frozenset(np.flatnonzero(mine).tolist())
            cut = self.solver.cut_off(loop, stopped)
            racks = self.pipes.headers.rack[places]
            at = np.flatnonzero(racks >= 0)
            racks = racks[at]
            if left > SLACK and not cut and self._reaches(loop, left):
                given[racks] *= min(left / max(float(self.flow[loop]), SLACK), 1.0)
                continue
            solved = self.solver.of_loop(loop, left if left > SLACK else 0.0, stopped)[at]
            solved = solved * LPM_PER_M3_S
            given[racks] = np.minimum(solved, given[racks])
        return given

    def head_kpa(self, gone: Bools, loop: int) -> tuple[float, float] | None:
        """What a loop asks for, and what the pumps left hold at the flow asked for. [kPa]

        None where the flow takes another way through the drawn pipes: then it asks for more.
        """
        mine = gone & (self.loop == loop)
        if self.solver.cut_off(loop, frozenset(np.flatnonzero(mine).tolist())):
            return None
        left = float(self.pumping.rated_m3_s[loop] - self.rated_m3_s[mine].sum())
        held = self._held_pa(loop, left) if left > SLACK else 0.0
        return float(self.required_pa[loop]) / 1e3, max(held, 0.0) / 1e3

    def _held_pa(self, loop: int, left_m3_s: float) -> float:
        share = float(self.flow[loop]) / left_m3_s
        return float(self.pumping.rated_pa[loop]) * (self.ratio - (self.ratio - 1.0) * share**2)

    def _reaches(self, loop: int, left_m3_s: float) -> bool:
        """Whether the pumps that are left hold the head that the loop asks for."""
        held = self._held_pa(loop, left_m3_s)
        return bool(self.required_pa[loop] <= held * (1.0 + SLACK))
