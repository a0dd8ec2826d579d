"""How much a supply may carry as it is drawn, and as other redundancy schemes would."""

from dataclasses import dataclass

import numpy as np

from engine.faults.pairing import assign_pairs
from engine.faults.panels import cascade
from engine.faults.sharing import (
    TopologyKind,
    during_maintenance,
    failure_sets,
    shared_load,
    topology,
    usable_power,
    utilisation_limit,
)
from engine.plant import Bools, Floats
from engine.reserves.levels import MOST_TOGETHER, System

ELSEWHERE_KW = 1e12  # what feeds that pass a level by may carry


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """Sources of one system: what each carries, and what it may."""

    scheme: str  # "N", "2N", "4N/3" and so on, as drawn
    limit_fraction: float  # of the ratings together, that may be used
    usable_kw: float  # of the loads in their proportions
    load_kw: float
    normal_kw: Floats  # per source
    worst_kw: Floats  # any one other source lost
    maintenance_kw: Floats  # one other out on purpose, and any one more lost
    is_maintainable: Bools  # taken out, nothing is over or dropped
    dropped_kw: float  # after the worst single loss
    maintenance_dropped_kw: float  # after one more loss, with one source out on purpose
    binding: int  # source that is full first
    trips: int  # sources that trip one after the other after the worst single loss
    first_trip_s: float  # -1: none trips
    cascade_kw: float  # load without a source when nothing trips any more
    pairing_fraction: float | None  # fullest source after any one loss, loads paired at best


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """What equal sources in a usual scheme would carry."""

    name: str
    sources: int
    limit_fraction: float
    usable_kw: float
    needed: int  # sources of this size for the load of today
    keeps_one: bool  # all loads stay fed after any one loss
    keeps_in_maintenance: bool  # and after one more, with one source out on purpose


def system_state(system: System) -> SystemState | None:
    """Loads of a system normally, after any one loss, and in maintenance.

    Parameters
    ----------
    system : System
        Sources with ratings, and the loads on them.

    Returns
    -------
    SystemState or None
        None for a system without load or ratings, or with more than 64 sources.

    Raises
    ------
    OutOfRange
        If a power is negative.

    Notes
    -----
    Definition. See `engine.faults.sharing` for the loads, `engine.faults.panels.cascade` for what
    trips and `engine.faults.pairing.assign_pairs` for the best pairing of loads with sources.
    A supply that loses a load at the first failure is N; its limit counts the normal state alone.
    """
    count = len(system.nodes)
    if count > MOST_TOGETHER or not system.is_rated or system.power_kw.sum() <= 0.0:
        return None
    loads = system.power_kw > 0.0
    power, share, rating = system.power_kw[loads], system.share[loads], system.rating_kw
    if system.has_other:
        rest = np.maximum(1.0 - share.sum(axis=1, keepdims=True), 0.0)
        share, rating = np.hstack([share, rest]), np.append(rating, ELSEWHERE_KW)
    share = share / share.sum(axis=1, keepdims=True)
    own = slice(0, count)
    losses = failure_sets(count, 1)
    losses = np.hstack([losses, np.zeros((len(losses), len(rating) - count), dtype=bool)])
    state = shared_load(power, share, rating, losses)
    dropped = float(state.dropped_kw.max())
    tolerated = dropped <= 0.0
    usable = usable_power(power, share, rating, losses if tolerated else losses[:1])
    care = during_maintenance(power, share, rating)
    tripped = cascade(power, share > 0.0, rating, ~losses[1:])
    fallen = int(np.argmax(tripped.final.lost_kw))
    within = float(power @ share[:, own].sum(axis=1)) / float(power.sum())
    return SystemState(
        scheme=_name(count, tolerated=tolerated, has_other=system.has_other),
        limit_fraction=usable.power_kw * within / float(system.rating_kw.sum()),
        usable_kw=usable.power_kw * within,
        load_kw=float(power.sum()) * within,
        normal_kw=state.load_kw[0, own],
        worst_kw=state.load_kw[:, own].max(axis=0),
        maintenance_kw=care.worst_kw[own],
        is_maintainable=care.is_maintainable[own],
        dropped_kw=dropped,
        maintenance_dropped_kw=float(care.dropped_kw[own, own].max()),
        binding=usable.binding_source,
        trips=int(tripped.trips[fallen]),
        first_trip_s=float(tripped.first_trip_s[fallen]),
        cascade_kw=float(tripped.final.lost_kw[fallen]),
        pairing_fraction=_best_pairing(power, system.rating_kw)
        if count > 2 and tolerated and not system.has_other
        else None,
    )


def _name(count: int, *, tolerated: bool, has_other: bool) -> str:
    """The customary name of what is drawn."""
    if not tolerated:
        return "N"
    if has_other:
        return "one side of 2N"
    return "2N" if count == 2 else f"{count}N/{count - 1}"


def _best_pairing(power: Floats, rating: Floats) -> float:
    return assign_pairs(power, rating).worst_fraction


def schemes(load_kw: float, rating_kw: float, sources: int) -> tuple[Scheme, ...]:
    """What other redundancy schemes would let the same sources carry.

    Parameters
    ----------
    load_kw : float
        Load of today, >= 0. [kW]
    rating_kw : float
        What one source may carry, > 0. [kW]
    sources : int
        Sources there are, >= 1.

    Returns
    -------
    tuple of Scheme
        Those that these sources can form, the simplest first.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. `engine.faults.sharing.utilisation_limit` for the limit and the sources needed, and
    its shares for what a loss does at the limit. Systems in threes and fours share loads within
    their own three or four. What does not divide into whole systems is left over.
    """
    found = [_scheme(load_kw, rating_kw, sources, row) for row in SCHEMES]
    return tuple(each for each in found if each is not None)


# name, kind, sources of one system (0: all there are), modules of it from its sources
SCHEMES: tuple[tuple[str, TopologyKind, int], ...] = (
    ("N", "n", 0),
    ("N+1", "n+1", 0),
    ("2N", "2n", 2),
    ("2(N+1)", "2(n+1)", -2),
    ("3N/2", "distributed", 3),
    ("4N/3", "distributed", 4),
    ("N+1, catcher", "catcher", 0),
)


def _scheme(
    load_kw: float, rating_kw: float, sources: int, row: tuple[str, TopologyKind, int]
) -> Scheme | None:
    name, kind, size = row
    together = size if size > 0 else sources - sources % 2 if size < 0 else sources
    modules = {"2n": 1, "2(n+1)": together // 2, "catcher": together - 1}.get(kind, together)
    if sources < together or modules < LEAST[kind]:
        return None
    whole = sources // together * together
    limit = float(utilisation_limit(kind, modules))
    asked = load_kw / rating_kw
    if size > 0:
        needed = int(np.ceil(round(asked / limit / together, 9))) * together
    else:
        needed = _needed(asked, kind)
    return Scheme(
        name=name,
        sources=whole,
        limit_fraction=limit,
        usable_kw=limit * whole * rating_kw,
        needed=needed,
        keeps_one=kind != "n",
        keeps_in_maintenance=_survives(kind, modules),
    )


LEAST: dict[TopologyKind, int] = {
    "n": 1, "n+1": 2, "2n": 1, "2(n+1)": 2, "distributed": 3, "catcher": 1,
}  # fmt: skip
SHOWN_TOGETHER = 8  # sources of a system that is gone through loss by loss


def _needed(asked: float, kind: TopologyKind) -> int:
    """Sources of one system that carry a load of so many ratings."""
    for modules in range(LEAST[kind], 100_000):
        count = {"2(n+1)": 2 * modules, "catcher": modules + 1}.get(kind, modules)
        if float(utilisation_limit(kind, modules)) * count >= asked - 1e-9:
            return count
    return 0


def _survives(kind: TopologyKind, modules: int) -> bool:
    """Whether one more may fail, at the limit, with any one source out on purpose.

    Systems of many sources behave like those of a few, so a few stand for them.
    """
    few = topology(kind, min(modules, SHOWN_TOGETHER))
    groups, sources = few.share.shape
    limit = float(utilisation_limit(kind, min(modules, SHOWN_TOGETHER))) * sources
    care = during_maintenance(
        np.full(groups, limit / groups), few.share, np.ones(sources), standby=few.standby
    )
    return bool(care.survives.all())
