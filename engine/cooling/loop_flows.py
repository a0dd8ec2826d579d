"""TCS loops as pipes and pumps: what each rack gets, and what each CDU does for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.cdus import CduStates, cdu_states, guarded_supply_c, ratings
from engine.cooling.coolants import Coolant
from engine.cooling.distribution import Distribution, Pumping, distribute
from engine.cooling.loops import LoopArrays, lost_largest
from engine.cooling.lost_cdus import LostCdus, lost_cdus
from engine.cooling.pipework import Pipes, headers_of, lay_pipes
from engine.evaluation import LoopHydraulics, PipesResult, StarvingCdu
from engine.memory import Memory, kept, row_by_row
from engine.plant import Bools, Floats, Ints, Names, Plant

LPM_PER_M3_S: Final = 60_000.0
PA_PER_KPA: Final = 1000.0
LEAST_LPM: Final = 1e-6  # less is no flow
FIGURES: Final = (
    "pipe_m",
    "pipe_litres",
    "velocity_max_m_s",
    "required_kpa",
    "available_kpa",
    "held_kpa",
    "pump_flow_lpm",
    "pump_speed_fraction",
    "pump_hydraulic_kw",
    "worst_deficit_fraction",
    "lost_one_deficit_fraction",
)
LOSES_LESS: Final = 0.999  # a rack that keeps as much of its flow loses none
MOST_EFFECT: Final = 0.9  # effectiveness that a plate exchanger is rated at, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopFlows:
    """The liquid side of a plant: per rack, per CDU and per loop."""

    given_lpm: Floats  # per rack
    lost_lpm: Floats  # per rack, with the spares of its loop lost, the worst that it may be
    path_kpa: Floats  # per rack, from CDU to CDU at the flow asked for; 0 without
    pump_kw: Floats  # per CDU, electrical
    head_kpa: Floats  # per CDU, held
    speed: Floats  # per CDU, of full speed
    states: CduStates  # per CDU that has a capacity
    stated: Ints  # those CDUs
    pipes: Pipes
    loops: tuple[LoopHydraulics | None, ...]


def loop_flows(
    plant: Plant,
    asked_lpm: Floats,
    arrays: LoopArrays,
    coolant: Coolant,
    assumptions: Assumptions,
    *,
    memory: Memory | None = None,
) -> LoopFlows:
    """Flow of every rack through the pipes of its loop, and the state of every CDU.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs, loops and where they stand.
    asked_lpm : array, shape (n_racks,)
        Flow that each rack asks for. [L/min]
    arrays : LoopArrays
        Heat and flow of each loop and CDU.
    coolant : Coolant
        Properties at the mean loop temperature.
    assumptions : Assumptions
        Lines ``tcs.*``, ``pipes.*``, ``cdu.*`` and ``cooling.*``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    LoopFlows
        Racks on no loop, or on a loop without CDU, keep what they ask for.

    Notes
    -----
    Definition. A CDU without a stated flow has that of the assumed rise at its capacity, one
    without a stated head the assumed head.
    """
    rated_lpm, rated_pa = rated_pumps(plant, coolant, assumptions)
    pipes = loop_pipes(plant, asked_lpm, coolant, assumptions, memory)
    headers = pipes.headers
    pumping = pumping_of(plant, rated_lpm, rated_pa)
    flows = kept(memory, distribute, pipes, pumping, coolant, assumptions)
    without = kept(
        memory,
        lost_cdus,
        pipes,
        pumping,
        flows,
        cdu_loop=plant.cdus.loop,
        cdu_rated_m3_s=rated_lpm / LPM_PER_M3_S,
        spares=np.maximum(plant.loops.redundancy, 1),
        coolant=coolant,
        ratio=assumptions.value("tcs.pump_shutoff_ratio"),
    )
    given, lost, path = asked_lpm.copy(), asked_lpm.copy(), np.zeros(len(plant.racks))
    at = np.flatnonzero(headers.rack >= 0)
    rack = headers.rack[at]
    given[rack] = flows.given_m3_s[at] * LPM_PER_M3_S
    lost[rack] = without.least_m3_s[at] * LPM_PER_M3_S
    path[rack] = pipes.path_pa[at] / PA_PER_KPA
    joined = plant.cdus.loop >= 0
    head, speed = np.zeros(len(plant.cdus)), np.zeros(len(plant.cdus))
    head[joined] = flows.duty_pa[plant.cdus.loop[joined]]
    speed[joined] = flows.speed[plant.cdus.loop[joined]]
    stated, states = _states(plant, arrays, (rated_lpm, flows), coolant, assumptions)
    return LoopFlows(
        given_lpm=given,
        lost_lpm=lost,
        path_kpa=path,
        pump_kw=_pump_kw(plant, rated_lpm, rated_pa, flows, assumptions),
        head_kpa=head / PA_PER_KPA,
        speed=speed,
        states=states,
        stated=stated,
        pipes=pipes,
        loops=_loops(plant, pipes, flows, without, assumptions, memory=memory),
    )


def loop_pipes(
    plant: Plant,
    asked_lpm: Floats,
    coolant: Coolant,
    assumptions: Assumptions,
    memory: Memory | None = None,
) -> Pipes:
    """The pipes of every loop, sized for what its racks ask for.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs, loops and where they stand.
    asked_lpm : array, shape (n_racks,)
        Flow that each rack asks for. [L/min]
    coolant : Coolant
        Properties at the mean loop temperature.
    assumptions : Assumptions
        Lines ``tcs.*`` and ``pipes.*``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Pipes
        One entry per piece of header.

    Notes
    -----
    Definition. See `engine.cooling.pipework.lay_pipes`.
    """
    piping = kept(memory, headers_of, plant, asked_lpm > LEAST_LPM, assumptions, memory)
    headers = piping.headers
    rack_pa = PA_PER_KPA * headers.of_racks(_rack_kpa(plant, asked_lpm, coolant, assumptions))
    asked = headers.of_racks(asked_lpm) / LPM_PER_M3_S
    return kept(memory, lay_pipes, piping, asked, rack_pa, coolant, assumptions)


def rated_pumps(plant: Plant, coolant: Coolant, assumptions: Assumptions) -> tuple[Floats, Floats]:
    """Rated flow and head of the pumps of each CDU.

    Parameters
    ----------
    plant : Plant
        CDUs.
    coolant : Coolant
        Properties at the mean loop temperature.
    assumptions : Assumptions
        Lines ``cdu.design_return_rise_k`` and ``cooling.tcs_head_kpa``.

    Returns
    -------
    tuple of array, shape (n_cdus,)
        Flow [L/min] and head [Pa].

    Notes
    -----
    Definition. What a CDU does not state is that of the assumed rise and head.
    """
    cdus = plant.cdus
    rise = assumptions.value("cdu.design_return_rise_k")
    by_rise = cdus.capacity_kw * 60.0 / (coolant.kj_per_litre_k * rise)
    head = np.where(cdus.head_kpa > 0.0, cdus.head_kpa, assumptions.value("cooling.tcs_head_kpa"))
    return np.where(cdus.flow_lpm > 0.0, cdus.flow_lpm, by_rise), PA_PER_KPA * head


def _rack_kpa(
    plant: Plant, asked_lpm: Floats, coolant: Coolant, assumptions: Assumptions
) -> Floats:
    """Loss of each rack at the flow it asks for.

    A stated loss belongs to the largest flow of the rack's curve, else to the flow at its
    nameplate or thermal design power.
    """
    racks = plant.racks
    liquid_kw = np.maximum(racks.tdp_kw, racks.sustained_kw) * racks.liquid_fraction
    rise = assumptions.value("cooling.tcs_rise_k")
    by_rise = 60.0 / (coolant.kj_per_litre_k * rise)
    design = liquid_kw * np.where(racks.flow_lpm_per_kw > 0.0, racks.flow_lpm_per_kw, by_rise)
    for number, curve in enumerate(plant.flow_curves):
        design[racks.flow_curve == number] = max(curve.y)
    loss = np.where(
        racks.pressure_drop_kpa > 0.0,
        racks.pressure_drop_kpa,
        assumptions.value("tcs.rack_dp_kpa"),
    )
    share = np.divide(asked_lpm, design, out=np.ones_like(design), where=design > 0.0)
    return np.asarray(loss * share ** assumptions.value("tcs.rack_dp_exponent"))


def pumping_of(plant: Plant, rated_lpm: Floats, rated_pa: Floats) -> Pumping:
    """Pumps of each loop, whole and with the spares lost.

    Parameters
    ----------
    plant : Plant
        CDUs and the loops that they serve.
    rated_lpm, rated_pa : array, shape (n_cdus,)
        From `rated_pumps`.

    Returns
    -------
    Pumping
        One entry per loop.

    Notes
    -----
    Definition. Pumps of a loop add up at the least of their heads.
    """
    n = len(plant.loops)
    joined = plant.cdus.loop >= 0
    member = plant.cdus.loop[joined]
    rated = rated_lpm[joined] / LPM_PER_M3_S
    total = np.bincount(member, rated, n).astype(np.float64)
    gone, _ = lost_largest(rated, member, n, np.maximum(plant.loops.redundancy, 1))
    head = np.full(n, np.inf)
    np.minimum.at(head, member, rated_pa[joined])
    return Pumping(
        rated_m3_s=total,
        rated_pa=np.where(np.isfinite(head), head, 0.0),
        left_m3_s=np.maximum(total - gone, 0.0),
    )


def _pump_kw(
    plant: Plant,
    rated_lpm: Floats,
    rated_pa: Floats,
    flows: Distribution,
    assumptions: Assumptions,
) -> Floats:
    """Electrical power of each CDU: the stated one by its share of the rated duty, or by eta."""
    cdus, loops = plant.cdus, len(plant.loops)
    joined = cdus.loop >= 0
    member = cdus.loop[joined]
    total = np.bincount(member, rated_lpm[joined], loops)
    share = np.zeros(len(cdus))
    share[joined] = np.divide(
        rated_lpm[joined], total[member], out=np.zeros(member.size), where=total[member] > 0.0
    )
    flow, head = np.zeros(len(cdus)), np.zeros(len(cdus))
    flow[joined] = share[joined] * flows.duty_m3_s[member]
    head[joined] = flows.duty_pa[member]
    hydraulic = flow * head / PA_PER_KPA
    rated_kw = rated_lpm / LPM_PER_M3_S * rated_pa / PA_PER_KPA
    of_rated = np.divide(hydraulic, rated_kw, out=np.zeros(len(cdus)), where=rated_kw > 0.0)
    by_efficiency = hydraulic / assumptions.value("cooling.pump_efficiency")
    return np.where(cdus.pump_kw > 0.0, cdus.pump_kw * of_rated, by_efficiency)


def _states(
    plant: Plant,
    arrays: LoopArrays,
    rated: tuple[Floats, Distribution],
    coolant: Coolant,
    assumptions: Assumptions,
) -> tuple[Ints, CduStates]:
    """State of each CDU with a capacity; equal ones are worked out once."""
    cdus, site, value = plant.cdus, plant.site, assumptions.value
    rated_lpm, flows = rated
    stated = np.flatnonzero((cdus.capacity_kw > 0.0) & (cdus.approach_k > 0.0) & (rated_lpm > 0.0))
    kw_k_per_lpm = coolant.kj_per_litre_k / 60.0
    loop = np.maximum(cdus.loop[stated], 0)
    # Pumps hold the head that the loop asks for: the flow they can give there, at most rated.
    held = flows.available_pa[loop] >= flows.required_pa[loop] if len(plant.loops) else loop > 0
    given = np.bincount(cdus.loop[cdus.loop >= 0], rated_lpm[cdus.loop >= 0], len(plant.loops))
    short = np.divide(
        flows.duty_m3_s * LPM_PER_M3_S, given, out=np.ones(len(plant.loops)), where=given > 0.0
    )
    reach = np.where(held, 1.0, np.minimum(short[loop], 1.0) if len(plant.loops) else 1.0)
    columns = np.round(
        np.column_stack(
            (
                cdus.capacity_kw[stated],
                cdus.approach_k[stated],
                rated_lpm[stated],
                arrays.cdu_load_kw[stated],
                arrays.cdu_flow_lpm[stated],
                rated_lpm[stated] * reach,
            )
        ),
        9,
    )
    distinct, of = _distinct(np.asarray(columns, dtype=np.float64))
    capacity, approach, flow, load, asked, pump = distinct.T
    tcs = flow * kw_k_per_lpm
    # Enough facility water for the rated point to be one that a plate exchanger can have.
    fws = np.maximum(
        capacity / value("cooling.fws_rise_k"),
        capacity / (MOST_EFFECT * (approach + capacity / tcs)),
    )
    found = cdu_states(
        ratings(
            capacity,
            approach,
            tcs,
            fws,
            exponent=value("cdu.ua_exponent"),
            tcs_share=value("cdu.ua_share_tcs"),
            fouling_factor=value("cdu.fouling_factor"),
        ),
        load,
        asked * kw_k_per_lpm,
        set_point_c=guarded_supply_c(
            site.tcs_supply_c,
            value("cooling.room_dew_point_c"),
            value("cooling.dew_point_margin_k"),
        ),
        fws_supply_c=site.fws_supply_c,
        pump_kw_k=pump * kw_k_per_lpm,
    )
    return stated, _spread(found, of)


def _distinct(rows: Floats) -> tuple[Floats, Ints]:
    """Rows without repetition, and the place of each among them."""
    order = np.lexsort(rows.T)
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = (np.diff(rows[order], axis=0) != 0.0).any(axis=1)
    of = np.empty(len(rows), dtype=np.int64)
    of[order] = np.cumsum(begins) - 1
    return np.asarray(rows[order[begins]]), of


def _spread(found: CduStates, of: Ints) -> CduStates:
    columns = {name: getattr(found, name) for name in CduStates.__slots__}
    binds = columns.pop("binds")
    return CduStates(
        binds=tuple(binds[i] for i in of.tolist()),
        **{name: values[of] for name, values in columns.items()},
    )


def _loops(
    plant: Plant,
    pipes: Pipes,
    flows: Distribution,
    without: LostCdus,
    assumptions: Assumptions,
    *,
    memory: Memory | None,
) -> tuple[LoopHydraulics | None, ...]:
    h, n = pipes.headers, len(plant.loops)
    at = np.flatnonzero(h.rack >= 0)
    rack, loop = h.rack[at], h.loop[at]
    got = flows.given_m3_s[at] / pipes.flow_m3_s[at]
    after = without.least_m3_s[at] / pipes.flow_m3_s[at]
    worst, best, lost = np.full(n, np.inf), np.zeros(n), np.full(n, np.inf)
    np.minimum.at(worst, loop, got)
    np.maximum.at(best, loop, got)
    np.minimum.at(lost, loop, after)
    fastest = np.zeros(n)
    np.maximum.at(fastest, h.loop, pipes.velocity_m_s)
    length, litres = _contents(pipes, n)
    start = np.searchsorted(loop, np.arange(n + 1))
    far = np.lexsort((-pipes.path_pa[at], loop))  # the worst of each loop comes first
    allowed = 1.0 - assumptions.value("tcs.deficit_warn_fraction")
    short = after < allowed
    is_drawn = np.zeros(n, dtype=bool)
    is_drawn[h.loop[h.is_drawn]] = True
    racks, starts = plant.racks.id, start.tolist()
    short_racks: list[tuple[str, ...]] = [()] * n
    starving: list[tuple[StarvingCdu, ...]] = [()] * n
    for i in np.unique(loop[short]).tolist():
        a, b = starts[i], starts[i + 1]
        short_racks[i] = tuple(racks[r] for r in rack[a:b][short[a:b]].tolist())
        starving[i] = tuple(_starving(plant, pipes, (flows, without), i, allowed))
    first = np.append(rack[far], -1)[start[:-1]]
    figures = (
        length,
        litres,
        fastest,
        flows.required_pa / PA_PER_KPA,
        flows.available_pa / PA_PER_KPA,
        flows.duty_pa / PA_PER_KPA,
        flows.duty_m3_s * LPM_PER_M3_S,
        flows.speed,
        flows.duty_m3_s * flows.duty_pa / PA_PER_KPA,
        np.maximum(1.0 - worst, 0.0),
        np.maximum(1.0 - lost, 0.0),
        np.divide(best, worst, out=np.zeros(n), where=worst > 0.0),
    )
    columns = (
        np.diff(start) > 0,
        tuple(racks[r] if r >= 0 else "" for r in first.tolist()),
        tuple(short_racks),
        tuple(starving),
        is_drawn,
        *figures,
    )
    shared = {"reverse": pipes.reverse, "control_valves": pipes.valve_pa > 0.0}
    return row_by_row(memory, _hydraulics, columns, shared)


def _hydraulics(
    has_racks: Bools,
    worst: Names,
    short: tuple[Names, ...],
    starving: tuple[tuple[StarvingCdu, ...], ...],
    is_drawn: Bools,
    *figures: Any,
) -> Iterator[LoopHydraulics | None]:
    """Loops as they are told; `figures` are a column each, and what all of them share."""
    *columns, shared = figures
    named = zip(has_racks.tolist(), worst, short, starving, is_drawn.tolist(), strict=True)
    rows = zip(*(values.tolist() for values in columns), strict=True)
    for (has, worst_id, short_ids, takers, drawn), (*row, even) in zip(named, rows, strict=True):
        if not has:
            yield None
            continue
        yield LoopHydraulics(
            return_kind="reverse" if shared["reverse"] and not drawn else "direct",
            control_valves=shared["control_valves"],
            worst_rack_id=worst_id,
            imbalance=even or None,
            lost_one_short_rack_ids=short_ids,
            starving=takers,
            **dict(zip(FIGURES, row, strict=True)),
        )


def _starving(
    plant: Plant, pipes: Pipes, flows: tuple[Distribution, LostCdus], loop: int, allowed: float
) -> Iterator[StarvingCdu]:
    """CDUs whose loss leaves racks of their loop short of flow, the one that takes most first."""
    (whole, without), found = flows, []
    begin, end = np.searchsorted(pipes.headers.loop, [loop, loop + 1]).tolist()
    rack, asked = pipes.headers.rack[begin:end], pipes.flow_m3_s[begin:end]
    given = whole.given_m3_s[begin:end]
    mine, kind = np.flatnonzero(plant.cdus.loop == loop), int(without.kind[loop])
    for number, flow in zip(without.numbers[kind], without.flow_m3_s[kind], strict=True):
        short = (rack >= 0) & (flow < allowed * asked) & (flow < LOSES_LESS * given)
        if short.any():
            found.append(
                StarvingCdu(
                    cdu_id=plant.cdus.id[mine[number]],
                    deficit_fraction=float(1.0 - (flow[short] / asked[short]).min()),
                    short_rack_ids=tuple(
                        plant.racks.id[each] for each in np.sort(rack[short]).tolist()
                    ),
                )
            )
    yield from sorted(found, key=lambda each: -len(each.short_rack_ids))


def _contents(pipes: Pipes, loops: int) -> tuple[Floats, Floats]:
    """Length of each loop's pipes, both ways, and what they hold. [m], [L]"""
    h, ties = pipes.headers, pipes.headers.ties
    branch_m = np.where(h.rack >= 0, pipes.branch_m, 0.0)
    metres = h.length_m + pipes.return_m + branch_m
    m3 = h.length_m * pipes.supply_bore_m**2 + pipes.return_m * pipes.return_bore_m**2
    m3 += branch_m * pipes.branch_bore_m**2
    length = np.bincount(h.loop, metres, loops).astype(np.float64)
    held = np.bincount(h.loop, m3, loops).astype(np.float64)
    if ties.run.size:
        of_tie = h.loop[np.maximum(ties.start, ties.end)]
        length += np.bincount(of_tie, 2.0 * ties.length_m, loops)
        held += np.bincount(of_tie, 2.0 * ties.length_m * pipes.tie_bore_m**2, loops)
    return length, 250.0 * np.pi * held


def pipes_in_all(loops: Sequence[LoopHydraulics | None]) -> PipesResult | None:
    """Pipes and pumps of all loops together.

    Parameters
    ----------
    loops : sequence of LoopHydraulics or None
        Each loop.

    Returns
    -------
    PipesResult or None
        Sums, and the figures of the worst loop; None where there is none.

    Notes
    -----
    Definition.
    """
    there = [loop for loop in loops if loop is not None]
    if not there:
        return None
    tightest = min(there, key=lambda loop: loop.available_kpa - loop.required_kpa)
    return PipesResult(
        pipe_m=sum(loop.pipe_m for loop in there),
        pipe_litres=sum(loop.pipe_litres for loop in there),
        required_kpa=tightest.required_kpa,
        available_kpa=tightest.available_kpa,
        worst_deficit_fraction=max(loop.worst_deficit_fraction for loop in there),
        lost_one_deficit_fraction=max(loop.lost_one_deficit_fraction for loop in there),
        pump_hydraulic_kw=sum(loop.pump_hydraulic_kw for loop in there),
    )
