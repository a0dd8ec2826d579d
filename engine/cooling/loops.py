"""TCS loops: what their CDUs give, whole and with some of them lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from engine.evaluation import Binding, LoopHydraulics, LoopState
from engine.memory import NO_MEMORY, Memory, row_by_row
from engine.plant import Cdus, Floats, Ints, Loops, Plant, Racks

SLACK = 1e-9  # relative; a demand equal to the capacity fits


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopArrays:
    """One entry per loop, except where it says per CDU."""

    heat_kw: Floats
    flow_lpm: Floats
    capacity_kw: Floats
    flow_capacity_lpm: Floats
    flow_is_known: np.ndarray[tuple[int], np.dtype[np.bool_]]
    left_capacity_kw: Floats  # with the spares lost
    left_flow_lpm: Floats
    cdu_capacity_kw: Floats  # per CDU, at the approach there is
    cdu_load_kw: Floats  # per CDU
    cdu_flow_lpm: Floats  # per CDU
    cdu_load_fraction: Floats  # per CDU
    cdu_lost_one_fraction: Floats  # per CDU, when the largest others are lost


def capacity_at_approach_kw(
    capacity_kw: Floats, rated_approach_k: Floats, available_approach_k: float
) -> Floats:
    r"""Heat that each CDU moves when its supply may lie this far above the facility water.

    Parameters
    ----------
    capacity_kw : array, shape (n_cdus,)
        Capacity at the rated approach and flows, >= 0. [kW]
    rated_approach_k : array, shape (n_cdus,)
        TCS supply less FWS supply at that capacity, > 0. [K]
    available_approach_k : float
        TCS supply set-point less FWS supply temperature. [K]

    Returns
    -------
    array, shape (n_cdus,)
        Never above the rating, zero when there is no approach left. [kW]

    Notes
    -----
    At fixed flows the effectiveness of a counterflow exchanger does not depend on
    the load, so the approach is proportional to it [1]_:
    :math:`Q = Q_0\, a / a_0`. Held at the rating, because pumps and pipes limit
    there too. Range: flows at their rated values.

    References
    ----------
    .. [1] W. M. Kays and A. L. London, "Compact Heat Exchangers", 3rd ed.,
       McGraw-Hill, 1984, ch. 2.
    """
    share = np.divide(
        available_approach_k,
        rated_approach_k,
        out=np.ones_like(rated_approach_k),
        where=rated_approach_k > 0.0,
    )
    return np.asarray(capacity_kw * np.clip(share, 0.0, 1.0))


def lost_largest(values: Floats, group: Ints, groups: int, lost: Ints) -> tuple[Floats, Floats]:
    """Sum of the largest values of each group, and the same without each value itself.

    Parameters
    ----------
    values : array, shape (n,)
        Values, >= 0.
    group : array of int, shape (n,)
        Group of each value, 0 to groups - 1.
    groups : int
        Number of groups.
    lost : array of int, shape (groups,)
        How many of the largest values of each group are lost, >= 0.

    Returns
    -------
    tuple of array, shapes (groups,) and (n,)
        Sum of the lost values of each group; for each value the sum of the
        largest *other* values of its group.

    Notes
    -----
    Definition. A failure set is judged by its worst member.
    """
    order = np.lexsort((-values, group))
    starts = np.searchsorted(group[order], np.arange(groups))
    rank = np.empty(values.size, dtype=np.int64)
    rank[order] = np.arange(values.size) - starts[group[order]]
    among_lost, next_too = rank < lost[group], rank <= lost[group]
    by_group = np.bincount(group, values * among_lost, groups).astype(np.float64)
    one_more = np.bincount(group, values * next_too, groups).astype(np.float64)
    of_others = np.where(among_lost, one_more[group] - values, by_group[group])
    return by_group, of_others


def loop_arrays(
    racks: Racks,
    cdus: Cdus,
    loops: Loops,
    *,
    liquid_kw: Floats,
    flow_lpm: Floats,
    available_approach_k: float,
) -> LoopArrays:
    """Demand and capacity of every loop and the load of every CDU.

    Parameters
    ----------
    racks, cdus, loops : Racks, Cdus, Loops
        Who stands on which loop.
    liquid_kw, flow_lpm : array, shape (n_racks,)
        Heat to the coolant and coolant flow of each rack. [kW], [L/min]
    available_approach_k : float
        TCS supply set-point less FWS supply temperature. [K]

    Returns
    -------
    LoopArrays
        CDUs share heat and flow by their capacity.

    Notes
    -----
    Definition. The spares of a loop are lost at once, the largest first, for
    heat and for flow each on its own; at least one is lost.
    """
    n = len(loops)
    on_loop = racks.loop >= 0
    heat = np.bincount(racks.loop[on_loop], liquid_kw[on_loop], n).astype(np.float64)
    flow = np.bincount(racks.loop[on_loop], flow_lpm[on_loop], n).astype(np.float64)
    joined = cdus.loop >= 0
    member = cdus.loop[joined]
    capacity = capacity_at_approach_kw(cdus.capacity_kw, cdus.approach_k, available_approach_k)
    total = np.bincount(member, capacity[joined], n).astype(np.float64)
    flow_total = np.bincount(member, cdus.flow_lpm[joined], n).astype(np.float64)
    silent = np.bincount(member, cdus.flow_lpm[joined] <= 0.0, n) > 0
    count = np.bincount(member, minlength=n)
    lost = np.maximum(loops.redundancy, 1)
    lost_kw, others_kw = lost_largest(capacity[joined], member, n, lost)
    lost_lpm, _ = lost_largest(cdus.flow_lpm[joined], member, n, lost)

    def of_loop(numerator: Floats, denominator: Floats) -> Floats:
        return np.divide(
            numerator, denominator, out=np.zeros_like(denominator), where=denominator > 0.0
        )

    share = np.zeros(len(cdus))
    share[joined] = of_loop(capacity[joined], total[member])
    load, lost_fraction = np.zeros(len(cdus)), np.zeros(len(cdus))
    load[joined] = share[joined] * heat[member]
    cdu_flow = np.zeros(len(cdus))
    cdu_flow[joined] = share[joined] * flow[member]
    remaining = np.maximum(total[member] - others_kw, capacity[joined])
    lost_fraction[joined] = of_loop(heat[member], remaining)
    return LoopArrays(
        heat_kw=heat,
        flow_lpm=flow,
        capacity_kw=total,
        flow_capacity_lpm=flow_total,
        flow_is_known=(count > 0) & ~silent,
        left_capacity_kw=np.maximum(total - lost_kw, 0.0),
        left_flow_lpm=np.maximum(flow_total - lost_lpm, 0.0),
        cdu_capacity_kw=capacity,
        cdu_load_kw=load,
        cdu_flow_lpm=cdu_flow,
        cdu_load_fraction=of_loop(load, capacity),
        cdu_lost_one_fraction=lost_fraction,
    )


def loop_states(
    plant: Plant,
    arrays: LoopArrays,
    liquid_kw: Floats,
    hydraulics: tuple[LoopHydraulics | None, ...],
    memory: Memory | None = None,
) -> tuple[LoopState, ...]:
    """What each loop gives and lacks, with the names of racks and CDUs.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs and loops.
    arrays : LoopArrays
        Demand and capacity of each loop.
    liquid_kw : array, shape (n_racks,)
        Heat each rack gives to the coolant. [kW]
    hydraulics : tuple of LoopHydraulics or None, length n_loops
        Pipes and pumps of each loop.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    tuple of LoopState
        In the order of the loops. When the rest cannot carry the loop, every
        rack with coolant on it shares the deficit and is named; where only the pipes bind, those
        that they leave short.

    Notes
    -----
    Definition. A loop whose CDUs do not all state a flow is judged by heat alone.
    """
    racks, cdus, count = plant.racks, plant.cdus, len(plant.loops)
    zone = (memory or NO_MEMORY).zone
    columns = (
        plant.loops.id,
        zone("racks", _members, racks.loop, racks.id, count),
        zone("CDUs", _members, cdus.loop, cdus.id, count),
        zone("wet", _members, np.where(liquid_kw > 0.0, racks.loop, -1), racks.id, count),
        hydraulics,
        arrays.heat_kw,
        arrays.flow_lpm,
        arrays.capacity_kw,
        arrays.flow_capacity_lpm,
        arrays.left_capacity_kw,
        arrays.left_flow_lpm,
        arrays.flow_is_known,
    )
    return row_by_row(memory, _states, columns)


def _states(*columns: Any) -> Iterator[LoopState]:
    *named, is_known = columns
    figures = [values.tolist() for values in (*named[5:], is_known)]
    for name, racks, cdus, wet, pipes, *row in zip(*named[:5], *figures, strict=True):
        heat, flow, capacity, flow_capacity, left_kw, left_lpm, flow_is_known = row
        heat_fits = heat <= left_kw * (1.0 + SLACK)
        flow_fits = not flow_is_known or flow <= left_lpm * (1.0 + SLACK)
        heat_margin = left_kw / heat - 1.0 if heat > 0.0 else None
        flow_margin = left_lpm / flow - 1.0 if flow > 0.0 and flow_is_known else None
        margins = [m for m in (heat_margin, flow_margin) if m is not None]
        binds: Binding = "none"
        if margins:
            binds = "flow" if flow_margin is not None and flow_margin == min(margins) else "heat"
            if flow_margin == heat_margin:
                binds = "heat"
        short = pipes.lost_one_short_rack_ids if pipes is not None else ()
        is_rated = heat_fits and flow_fits
        if is_rated and short:
            binds = "pipes"
        yield LoopState(
            loop=name,
            rack_ids=racks,
            cdu_ids=cdus,
            heat_kw=heat,
            flow_lpm=flow,
            capacity_kw=capacity,
            flow_capacity_lpm=flow_capacity,
            lost_one_capacity_kw=left_kw,
            lost_one_flow_lpm=left_lpm,
            n_plus_1=is_rated and not short,
            binds=binds,
            margin_fraction=min(margins) if margins else None,
            starved_rack_ids=short if is_rated else wet,
            hydraulics=pipes,
        )


def _members(
    group: np.ndarray[tuple[int], np.dtype[np.int64]], ids: tuple[str, ...], groups: int
) -> tuple[tuple[str, ...], ...]:
    order = np.argsort(group, kind="stable")
    limits = np.searchsorted(group[order], np.arange(groups + 1)).tolist()
    names = [ids[i] for i in order.tolist()]
    return tuple(tuple(names[start:end]) for start, end in pairwise(limits))
