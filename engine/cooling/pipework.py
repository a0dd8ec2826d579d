"""Pipes of the TCS loops, laid along the rows that the racks stand in, and sized by the rules.

Until pipes are drawn, each row of a loop has a header of its own that starts at the row's end
nearest to a CDU. A place is a rack with coolant on it, in the order of its header.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import Coolant
from engine.hydraulics.friction import minor_loss_pa, pressure_gradient_pa_m
from engine.hydraulics.sizing import PipeSeries, smallest_bores, steel_series
from engine.plant import Bools, Floats, Ints, Plant

MM_PER_M: Final = 1000.0
ONE_ROW_M: Final = 0.6  # racks whose middles lie closer across their row stand in one
FULL_TURN: Final = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """One entry per place: racks with coolant on a loop with a CDU, by loop, row and distance."""

    rack: Ints
    loop: Ints
    row: Ints
    begins: Bools  # first of its row
    ends: Bools  # last of its row
    length_m: Floats  # of the supply header before it, from the CDU for the first
    home_m: Floats  # of a reverse return after it: to the next place, home for the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipes:
    """Sized pipes, one entry per place, and what is lost along them at the flows asked for."""

    headers: Headers
    reverse: bool
    flow_m3_s: Floats  # asked for
    supply_bore_m: Floats
    return_bore_m: Floats
    return_m: Floats
    branch_m: float
    branch_bore_m: Floats
    branch_k: float
    header_k: float
    roughness_m: float
    rack_pa: Floats  # of the rack itself at its flow
    exponent: float
    valve_pa: float  # least pressure of a control valve, 0 without
    path_pa: Floats  # headers, branch, rack and valve, from CDU to CDU
    velocity_m_s: Floats  # in the supply header before it


def headers_of(plant: Plant, wet: Bools, assumptions: Assumptions) -> Headers:
    """Where each rack hangs on its loop's headers.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs and where they stand.
    wet : array of bool, shape (n_racks,)
        Racks that take coolant.
    assumptions : Assumptions
        Line ``tcs.row_offset_m``.

    Returns
    -------
    Headers
        Empty where no loop has both racks and CDUs.

    Notes
    -----
    Definition. Racks of one loop whose fronts are parallel and whose middles lie within 0.6 m
    across the row stand in one row. Lengths are those between middles; from the CDU to the row
    along both axes of the row, plus the assumed offset.
    """
    racks, cdus = plant.racks, plant.cdus
    joined = cdus.loop >= 0
    has_cdu = np.zeros(len(plant.loops) + 1, dtype=bool)
    has_cdu[cdus.loop[joined]] = True
    rack = np.flatnonzero(wet & (racks.loop >= 0) & has_cdu[racks.loop])
    if not rack.size:
        return _no_headers()
    box = racks.box[rack]
    middle = _middles(plant, box)
    front = plant.boxes.corners_mm[box, 1] - plant.boxes.corners_mm[box, 0]
    angle = np.round(np.mod(np.degrees(np.arctan2(front[:, 1], front[:, 0])), FULL_TURN), 1)
    angle = np.where(angle == FULL_TURN, 0.0, angle)
    along_x, along_y = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along = middle[:, 0] * along_x + middle[:, 1] * along_y
    across = middle[:, 1] * along_x - middle[:, 0] * along_y
    loop = racks.loop[rack]
    order = np.lexsort((across, angle, loop))
    new = np.ones(order.size, dtype=bool)
    new[1:] = (
        (np.diff(loop[order]) != 0)
        | (np.diff(angle[order]) != 0.0)
        | (np.diff(across[order]) > ONE_ROW_M)
    )
    row = np.empty(order.size, dtype=np.int64)
    row[order] = np.cumsum(new) - 1
    order = np.lexsort((along, row))
    rows = int(row.max()) + 1
    first = np.searchsorted(row[order], np.arange(rows))
    last = np.append(first[1:], order.size) - 1
    low_m = _to_cdu_m(plant, order[first], rack, loop, (along_x, along_y))
    high_m = _to_cdu_m(plant, order[last], rack, loop, (along_x, along_y))
    turned = high_m < low_m
    order = np.lexsort((np.where(turned[row], -along, along), row))
    begins = np.zeros(order.size, dtype=bool)
    begins[first] = True
    ends = np.zeros(order.size, dtype=bool)
    ends[last] = True
    apart = np.abs(np.diff(along[order], prepend=0.0))
    offset = assumptions.value("tcs.row_offset_m")
    lead = np.minimum(low_m, high_m) + offset
    length = np.where(begins, lead[row[order]], apart)
    far = np.maximum(low_m, high_m) + offset
    home = np.where(ends, far[row[order]], np.append(apart[1:], 0.0))
    return Headers(
        rack=rack[order],
        loop=loop[order],
        row=row[order],
        begins=begins,
        ends=ends,
        length_m=length,
        home_m=home,
    )


def _no_headers() -> Headers:
    numbers, marks, metres = (np.zeros(0, dtype=kind) for kind in (np.int64, bool, np.float64))
    return Headers(
        rack=numbers,
        loop=numbers,
        row=numbers,
        begins=marks,
        ends=marks,
        length_m=metres,
        home_m=metres,
    )


def _to_cdu_m(
    plant: Plant, at: Ints, rack: Ints, loop: Ints, axes: tuple[Floats, Floats]
) -> Floats:
    """Distance from each of these racks to the nearest CDU of its loop, along its row's axes."""
    cdus = plant.cdus
    member = np.flatnonzero(cdus.loop >= 0)
    member = member[np.argsort(cdus.loop[member], kind="stable")]
    start = np.searchsorted(cdus.loop[member], np.arange(len(plant.loops) + 1))
    count = np.diff(start)
    placed_cdus = cdus.box >= 0
    middle = np.zeros((len(cdus), 2))
    middle[placed_cdus] = _middles(plant, cdus.box[placed_cdus])
    own = _middles(plant, plant.racks.box[rack[at]])
    nearest = np.full(at.size, np.inf)
    for k in range(int(count.max(initial=0))):
        of_loop = loop[at]
        has = k < count[of_loop]
        unit = member[np.minimum(start[of_loop] + k, member.size - 1)]
        placed = has & placed_cdus[unit]
        apart = middle[unit] - own
        x, y = axes[0][at], axes[1][at]
        distance = np.abs(apart[:, 0] * x + apart[:, 1] * y) + np.abs(
            apart[:, 1] * x - apart[:, 0] * y
        )
        nearest = np.where(placed, np.minimum(nearest, distance), nearest)
    return np.where(np.isfinite(nearest), nearest, 0.0)


def _middles(plant: Plant, box: Ints) -> Floats:
    # Opposite corners: a box is a rectangle.
    corners = plant.boxes.corners_mm[box]
    return np.asarray((corners[:, 0] + corners[:, 2]) / (2.0 * MM_PER_M))


def lay_pipes(
    headers: Headers,
    asked_m3_s: Floats,
    rack_pa: Floats,
    coolant: Coolant,
    assumptions: Assumptions,
) -> Pipes:
    r"""Pipes of every loop, sized for the flows asked for, and their losses.

    Parameters
    ----------
    headers : Headers
        Where each rack hangs.
    asked_m3_s : array, shape (n_places,)
        Flow that each rack asks for. [m3/s]
    rack_pa : array, shape (n_places,)
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
    Darcy-Weisbach along each piece and :math:`K \rho v^2/2` at its tee; a direct return mirrors
    the supply, a reverse return goes on to the row's end and home from there [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 13 (direct and reverse return).
    """
    value = assumptions.value
    reverse = value("tcs.reverse_return") >= 0.5
    series = steel_series(assumptions)
    rough = value("pipes.roughness_mm") / MM_PER_M
    size = _Sizer(series, rough, coolant)
    onward = _from_here_on(asked_m3_s, headers)
    header_k = value("pipes.k_tee_through")
    back = _up_to_here(asked_m3_s, headers) if reverse else onward
    back_m = headers.home_m if reverse else headers.length_m
    supply, there = size.pipes(onward, headers.length_m, header_k)
    back_bore, return_loss = size.pipes(back, back_m, header_k) if reverse else (supply, there)
    branch_m = value("tcs.rack_hose_m")
    branch_k = (
        2.0 * value("pipes.k_tee_branch")
        + 2.0 * value("pipes.k_valve")
        + 4.0 * value("pipes.k_elbow")
    )
    branch_bore, branch = size.pipes(asked_m3_s, branch_m, branch_k)
    path = _within_row(there, headers.begins)
    if reverse:
        path = path + _from_here_on(return_loss, headers)
    else:
        path = path + _within_row(return_loss, headers.begins)
    valve = 1000.0 * value("tcs.picv_dp_min_kpa") * (value("tcs.control_valves") >= 0.5)
    return Pipes(
        headers=headers,
        reverse=reverse,
        flow_m3_s=asked_m3_s,
        supply_bore_m=supply,
        return_bore_m=back_bore,
        return_m=back_m,
        branch_m=branch_m,
        branch_bore_m=branch_bore,
        branch_k=branch_k,
        header_k=header_k,
        roughness_m=rough,
        rack_pa=rack_pa,
        exponent=value("tcs.rack_dp_exponent"),
        valve_pa=valve,
        path_pa=path + branch + rack_pa + valve,
        velocity_m_s=onward * 4.0 / np.pi / supply**2,
    )


class _Sizer:
    """Bores and losses for one liquid; equal flows are worked out once."""

    def __init__(self, series: PipeSeries, rough: float, coolant: Coolant) -> None:
        self.series, self.rough, self.coolant = series, rough, coolant

    def pipes(self, flow_m3_s: Floats, length_m: Floats | float, k: float) -> tuple[Floats, Floats]:
        """Bore of each piece, and the loss along it and in its fittings. [m], [Pa]"""
        rho, viscosity = self.coolant.density_kg_m3, self.coolant.viscosity_pa_s
        distinct, of = np.unique(np.round(flow_m3_s, 9), return_inverse=True)
        chosen, _ = smallest_bores(
            distinct,
            self.series,
            roughness_m=self.rough,
            density_kg_m3=rho,
            viscosity_pa_s=viscosity,
        )
        bore = self.series.bore_m[chosen]
        gradient = pressure_gradient_pa_m(distinct, bore, self.rough, rho, viscosity)
        fittings = minor_loss_pa(distinct, bore, k, rho)
        return bore[of], np.asarray(gradient[of] * length_m + fittings[of])


def _within_row(values: Floats, begins: Bools) -> Floats:
    """Running sum from the start of each row, own value included."""
    total = np.cumsum(values)
    before = (total - values)[begins]
    return np.asarray(total - before[np.cumsum(begins) - 1])


def _from_here_on(values: Floats, headers: Headers) -> Floats:
    """Sum from each place to the end of its row."""
    return _within_row(values[::-1], headers.ends[::-1])[::-1]


def _up_to_here(values: Floats, headers: Headers) -> Floats:
    """Sum from the start of the row to each place."""
    return _within_row(values, headers.begins)
