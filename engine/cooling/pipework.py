"""Pipes of the TCS loops, as drawn or else along the rows of racks, sized by the rules.

Where no pipe is drawn, each row of a loop has a header of its own that starts at the row's end
nearest to a CDU.
"""

from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import Coolant
from engine.cooling.drawn import drawn_headers
from engine.cooling.headers import Headers, beyond, from_cdu, together
from engine.cooling.row_headers import MM_PER_M, row_headers
from engine.hydraulics.friction import minor_loss_pa, pressure_gradient_pa_m
from engine.hydraulics.sizing import PipeSeries, smallest_bores, steel_series
from engine.memory import Memory
from engine.plant import Bools, Floats, Ints, PipeRuns, Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Piping:
    """Where racks hang on their loops' headers, and what hangs on nothing."""

    headers: Headers
    unpiped: Ints  # racks on a loop with drawn pipes that reach none
    unpiped_cdus: Ints
    loose: Ints  # drawn pipes in which nothing flows
    unjoined: Ints  # drawn pipes that meet no other
    runs: PipeRuns


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipes:
    """Sized pipes, one entry per piece, and what is lost along them at the flows asked for."""

    piping: Piping
    reverse: bool  # where nothing is drawn: drawn pipes run side by side
    flow_m3_s: Floats  # asked for by the rack at its end; 0 at a joint
    supply_bore_m: Floats
    return_bore_m: Floats
    return_m: Floats
    branch_m: Floats
    branch_bore_m: Floats
    branch_k: float
    tee_k: float  # straight through
    header_k: Floats  # of a piece's fittings, one way
    tie_bore_m: Floats
    roughness_m: float
    rack_pa: Floats  # of the rack itself at its flow
    exponent: float
    valve_pa: float  # least pressure of a control valve, 0 without
    path_pa: Floats  # headers, branch, rack and valve, from CDU to CDU; 0 at a joint
    velocity_m_s: Floats  # in the piece

    @property
    def headers(self) -> Headers:
        """The tree of pieces."""
        return self.piping.headers


def headers_of(
    plant: Plant, wet: Bools, assumptions: Assumptions, memory: Memory | None = None
) -> Piping:
    """Where each rack hangs on its loop's headers.

    Parameters
    ----------
    plant : Plant
        Pipes, racks, CDUs and where they stand.
    wet : array of bool, shape (n_racks,)
        Racks that take coolant.
    assumptions : Assumptions
        Lines ``tcs.row_offset_m``, ``tcs.branch_reach_m`` and ``tcs.pipe_join_m``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Piping
        Empty where no loop has both racks and CDUs.

    Notes
    -----
    Definition. Along the pipes that are drawn; racks that no drawn pipe reaches hang on a header
    along their row.
    """
    racks, cdus = plant.racks, plant.cdus
    has_cdu = np.zeros(len(plant.loops) + 1, dtype=bool)
    has_cdu[cdus.loop[cdus.loop >= 0]] = True
    rack = np.flatnonzero(wet & (racks.loop >= 0) & has_cdu[racks.loop])
    drawn = drawn_headers(plant, rack, assumptions, memory)
    if drawn is None:
        none = rack[:0]
        headers = row_headers(plant, rack, assumptions)
        return Piping(
            headers=headers,
            unpiped=none,
            unpiped_cdus=none,
            loose=none,
            unjoined=none,
            runs=plant.pipes,
        )
    is_piped = np.zeros(len(racks) + 1, dtype=bool)
    is_piped[drawn.headers.rack] = True
    beside = row_headers(plant, rack[~is_piped[rack]], assumptions)
    return Piping(
        headers=together([drawn.headers, beside]),
        unpiped=drawn.unpiped,
        unpiped_cdus=drawn.unpiped_cdus,
        loose=drawn.loose,
        unjoined=drawn.unjoined,
        runs=plant.pipes,
    )


def lay_pipes(
    piping: Piping,
    asked_m3_s: Floats,
    rack_pa: Floats,
    coolant: Coolant,
    assumptions: Assumptions,
) -> Pipes:
    r"""Pipes of every loop, sized for the flows asked for, and their losses.

    Parameters
    ----------
    piping : Piping
        Where each rack hangs.
    asked_m3_s : array, shape (n_pieces,)
        Flow that the rack of each piece asks for; 0 at a joint. [m3/s]
    rack_pa : array, shape (n_pieces,)
        Loss of each rack at that flow. [Pa]
    coolant : Coolant
        Properties at the mean loop temperature.
    assumptions : Assumptions
        Lines ``pipes.*`` and ``tcs.*``.

    Returns
    -------
    Pipes
        With the loss from CDU to CDU through each rack.

    Notes
    -----
    Darcy-Weisbach along each piece and :math:`K \rho v^2/2` at its tee and bends, times the
    resistance factor of its run; what carries nothing until a CDU is lost is as wide as what it
    meets; a direct return mirrors the supply, a reverse return goes on to
    the row's end and home from there [1]_. No flow is counted through ties.

    References
    ----------
    .. [1] ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 13 (direct and reverse return).
    """
    value, headers = assumptions.value, piping.headers
    reverse = value("tcs.reverse_return") >= 0.5
    series = steel_series(assumptions)
    rough = value("pipes.roughness_mm") / MM_PER_M
    size = Sizer(series, rough, coolant)
    onward = beyond(asked_m3_s, headers)
    tee_k = value("pipes.k_tee_through")
    header_k = tee_k + headers.bends_k
    supply, there = size.pipes(onward, headers.length_m, header_k, headers.bore_m)
    supply = _as_wide_as_beside(supply, onward, headers)
    there = there * headers.factor
    path = from_cdu(2.0 * there, headers)
    back_bore, back_m = supply, headers.length_m
    if reverse:
        turned = ~headers.is_drawn
        back_m = np.where(turned, headers.home_m, back_m)
        bore, loss = size.pipes(
            from_cdu(asked_m3_s, headers), headers.home_m, header_k, headers.bore_m
        )
        back_bore = np.where(turned, bore, supply)
        path = np.where(turned, from_cdu(there, headers) + beyond(loss, headers), path)
    branch_m = value("tcs.rack_hose_m") + 2.0 * headers.reach_m  # there and back
    branch_k = (
        2.0 * value("pipes.k_tee_branch")
        + 2.0 * value("pipes.k_valve")
        + 4.0 * value("pipes.k_elbow")
    )
    branch_bore, branch = size.pipes(asked_m3_s, branch_m, branch_k)
    ties = headers.ties
    at_ends = np.append(supply, 0.0)
    tie_bore = np.maximum(at_ends[ties.start], at_ends[ties.end])
    valve = 1000.0 * value("tcs.picv_dp_min_kpa") * (value("tcs.control_valves") >= 0.5)
    return Pipes(
        piping=piping,
        reverse=reverse,
        flow_m3_s=asked_m3_s,
        supply_bore_m=supply,
        return_bore_m=back_bore,
        return_m=back_m,
        branch_m=branch_m,
        branch_bore_m=branch_bore,
        branch_k=branch_k,
        tee_k=tee_k,
        header_k=header_k,
        roughness_m=rough,
        tie_bore_m=np.where(ties.bore_m > 0.0, ties.bore_m, tie_bore),
        rack_pa=rack_pa,
        exponent=value("tcs.rack_dp_exponent"),
        valve_pa=valve,
        path_pa=np.where(headers.rack >= 0, path + branch + rack_pa + valve, 0.0),
        velocity_m_s=onward * 4.0 / np.pi / supply**2,
    )


def _as_wide_as_beside(bore_m: Floats, onward_m3_s: Floats, headers: Headers) -> Floats:
    """Pieces in which nothing flows until a CDU is lost: as wide as the widest that they meet."""
    idle = (onward_m3_s <= 0.0) & (headers.bore_m <= 0.0)
    if not idle.any():
        return bore_m
    found = np.where(idle, 0.0, bore_m)
    start, end = headers.ties.start, headers.ties.end
    own = np.flatnonzero(idle & (headers.before >= 0))
    tied = (start >= 0) & (end >= 0)
    one = np.concatenate([own, start[tied], end[tied]])
    other = np.concatenate([headers.before[own], end[tied], start[tied]])
    one, other = one[idle[one]], other[idle[one]]
    while True:  # on along chains of such pieces
        wider = found.copy()
        np.maximum.at(wider, one, found[other])
        if np.array_equal(wider, found):
            return np.where(found > 0.0, found, bore_m)
        found = wider


class Sizer:
    """Bores and losses for one liquid; equal flows are worked out once."""

    def __init__(self, series: PipeSeries, rough: float, coolant: Coolant) -> None:
        self.series, self.rough, self.coolant = series, rough, coolant

    def pipes(
        self,
        flow_m3_s: Floats,
        length_m: Floats | float,
        k: Floats | float,
        stated_m: Floats | float = 0.0,
    ) -> tuple[Floats, Floats]:
        """Bore of each piece, and the loss along it and in its fittings. [m], [Pa]"""
        rho, viscosity = self.coolant.density_kg_m3, self.coolant.viscosity_pa_s
        asked = np.round(flow_m3_s, 9)
        # Two real keys as one complex one: a single sort.
        keys = asked + 1j * stated_m if np.any(stated_m) else asked
        distinct, of = np.unique(keys, return_inverse=True)
        flow = distinct.real
        chosen, _ = smallest_bores(
            flow,
            self.series,
            roughness_m=self.rough,
            density_kg_m3=rho,
            viscosity_pa_s=viscosity,
        )
        bore = self.series.bore_m[chosen]
        bore = np.where(distinct.imag > 0.0, distinct.imag, bore)
        gradient = pressure_gradient_pa_m(flow, bore, self.rough, rho, viscosity)
        dynamic = minor_loss_pa(flow, bore, 1.0, rho)
        return bore[of], np.asarray(gradient[of] * length_m + dynamic[of] * k)
