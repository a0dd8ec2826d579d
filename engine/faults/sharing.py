"""Load groups on shared sources: who carries what when sources fail, and how much fits."""

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Bools, Floats
from engine.ranges import bounded

TopologyKind = Literal["n", "n+1", "2n", "2(n+1)", "distributed", "catcher"]
SLACK = 1e-9  # of a rating: a load equal to the rating fits


@dataclass(frozen=True, slots=True, kw_only=True)
class Topology:
    """How groups of load hang on sources, and which failures they must survive."""

    kind: TopologyKind
    share: Floats  # shape (groups, sources), rows sum to 1
    standby: Floats  # where a group goes when none of its own sources is left; may be all zero
    tolerated: int  # failures at once that it is built for


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLoad:
    """Load of sources in some failure sets; leading axes are the sets."""

    load_kw: Floats  # shape (..., sources)
    utilisation: Floats  # load over rating
    is_over: Bools
    dropped_kw: Floats  # shape (...): load that no source is left for


@dataclass(frozen=True, slots=True, kw_only=True)
class UsablePower:
    """The most that groups in these proportions may draw."""

    power_kw: float
    utilisation: float  # of all sources together in normal operation
    normal_kw: Floats  # per source
    worst_kw: Floats  # per source, over the failure sets
    binding_source: int
    binding_set: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """What happens while one source is out on purpose, and one more fails."""

    is_maintainable: Bools  # shape (sources,): taken out, nothing is over or dropped
    survives: Bools  # shape (sources, sources): out on purpose, failed besides
    over_kw: Floats  # shape (sources, sources): greatest excess over a rating
    dropped_kw: Floats  # shape (sources, sources)
    worst_kw: Floats  # shape (sources,): greatest load of each in any of these states


def topology(kind: TopologyKind, modules: int) -> Topology:
    """Shares of a usual redundancy scheme with equal sources.

    Parameters
    ----------
    kind : {"n", "n+1", "2n", "2(n+1)", "distributed", "catcher"}
        "n+1": modules in parallel on one group; "2n": two sides of ``modules`` each; "2(n+1)": the
        same with one spare in each side; "distributed": ``modules`` systems, every pair of them
        equally loaded; "catcher": ``modules`` active blocks and one reserve.
    modules : int
        Modules per side, systems, or active blocks; with "n+1" and "2(n+1)" the spare included.

    Returns
    -------
    Topology
        One row per group of load, one column per source.

    Raises
    ------
    Invalid
        If the scheme needs more modules.

    Notes
    -----
    The customary names of electrical topologies [1]_. The tolerated failures are those at which
    every group stays fed: 0 for N, 1 for the others; 2(n+1) also keeps a side with one module out.

    References
    ----------
    .. [1] ANSI/TIA-942-C-2024, annex F; EN 50600-2-2:2019.
    """
    least = {"n": 1, "n+1": 2, "2n": 1, "2(n+1)": 2, "distributed": 3, "catcher": 1}[kind]
    if not modules >= least:
        raise Invalid(
            f"The scheme {kind} needs at least {least} modules.", kind=kind, modules=modules
        )
    if kind in ("n", "n+1"):
        share = np.full((1, modules), 1.0 / modules)
    elif kind in ("2n", "2(n+1)"):
        share = np.full((1, 2 * modules), 0.5 / modules)
    elif kind == "distributed":
        pairs = list(combinations(range(modules), 2))
        share = np.zeros((len(pairs), modules))
        for group, pair in enumerate(pairs):
            share[group, list(pair)] = 0.5
    else:
        share = np.hstack([np.eye(modules), np.zeros((modules, 1))])
    standby = np.zeros_like(share)
    if kind == "catcher":
        standby[:, -1] = 1.0
    return Topology(kind=kind, share=share, standby=standby, tolerated=0 if kind == "n" else 1)


def utilisation_limit(kind: TopologyKind, modules: ArrayLike) -> Floats:
    """Share of the installed power that a redundancy scheme may use.

    Parameters
    ----------
    kind : {"n", "n+1", "2n", "2(n+1)", "distributed", "catcher"}
        Scheme, see `topology`.
    modules : array_like of int
        Modules per side, systems, or active blocks.

    Returns
    -------
    array
        Load over the sum of all ratings, equal modules. [-]

    Raises
    ------
    OutOfRange
        If the scheme needs more modules.

    Notes
    -----
    N: 1; N+1: (n-1)/n; 2N: 1/2; 2(N+1): (n-1)/(2n); distributed: (k-1)/k; catcher: n/(n+1).
    Definition. With unequal groups or ratings use `usable_power`.
    """
    least = {"n": 1, "n+1": 2, "2n": 1, "2(n+1)": 2, "distributed": 2, "catcher": 1}[kind]
    n = bounded("The number of modules", modules, float(least))
    by_kind = {
        "n": np.ones_like(n),
        "n+1": (n - 1.0) / n,
        "2n": np.full_like(n, 0.5),
        "2(n+1)": (n - 1.0) / (2.0 * n),
        "distributed": (n - 1.0) / n,
        "catcher": n / (n + 1.0),
    }
    return np.asarray(by_kind[kind])


def failure_sets(sources: int, most: int) -> Bools:
    """Every set of up to ``most`` failed sources, the empty set first.

    Parameters
    ----------
    sources : int
        Number of sources.
    most : int
        Failures at once, >= 0.

    Returns
    -------
    array of bool, shape (sets, sources)
        True where a source has failed.

    Notes
    -----
    Definition.
    """
    rows = [row for size in range(most + 1) for row in combinations(range(sources), size)]
    failed = np.zeros((len(rows), sources), dtype=bool)
    for index, row in enumerate(rows):
        failed[index, list(row)] = True
    return failed


def shared_load(
    power_kw: ArrayLike,
    share: ArrayLike,
    rating_kw: ArrayLike,
    failed: ArrayLike,
    *,
    standby: ArrayLike | None = None,
) -> SharedLoad:
    """Load of every source when some sources have failed.

    Parameters
    ----------
    power_kw : array_like, shape (groups,)
        Power of each group of load, >= 0. [kW]
    share : array_like, shape (groups, sources)
        Share of each group on each source, >= 0, rows summing to 1. [-]
    rating_kw : array_like, shape (sources,)
        What a source may carry, > 0. [kW]
    failed : array_like of bool, shape (..., sources)
        Failure sets.
    standby : array_like or None, shape (groups, sources)
        Weights of the sources that a group goes to when none of its own is left (catcher, static
        transfer switch). [-]

    Returns
    -------
    SharedLoad
        Loads, overloads, and what is dropped.

    Raises
    ------
    Invalid
        If the shapes do not fit or a row of shares does not sum to 1.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. The share of failed sources goes to the surviving sources of the group in the
    ratio of their own shares, else to its standby sources, else it is dropped. Steady state.
    """
    power, shares, rating, spare = _checked(power_kw, share, rating_kw, standby)
    gone = np.asarray(failed, dtype=bool)
    if gone.shape[-1:] != rating.shape:
        raise Invalid("A failure set names every source.", sources=len(rating))
    alive = ~gone[..., None, :]
    own = shares * alive
    kept = own.sum(axis=-1, keepdims=True)
    reserve = spare * alive
    caught = reserve.sum(axis=-1, keepdims=True)
    weight = np.where(kept > 0.0, own, reserve)
    total = np.where(kept > 0.0, kept, caught)
    after = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0.0)
    load = np.asarray((power[:, None] * after).sum(axis=-2))
    dropped = (power * (total[..., 0] <= 0.0)).sum(axis=-1)
    return SharedLoad(
        load_kw=load,
        utilisation=load / rating,
        is_over=load > rating * (1.0 + SLACK),
        dropped_kw=np.asarray(dropped),
    )


def usable_power(
    power_kw: ArrayLike,
    share: ArrayLike,
    rating_kw: ArrayLike,
    failed: ArrayLike,
    *,
    standby: ArrayLike | None = None,
) -> UsablePower:
    """The most that groups in given proportions may draw so that no failure set overloads.

    Parameters
    ----------
    power_kw : array_like, shape (groups,)
        Proportions of the groups, >= 0, not all zero. [kW]
    share, rating_kw, failed, standby
        As for `shared_load`; the empty set should be among ``failed``.

    Returns
    -------
    UsablePower
        Power of all groups together, and what binds it.

    Raises
    ------
    Invalid
        If no group draws anything or the shapes do not fit.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. Loads are proportional to the power, so the limit is the least of rating over load.
    """
    power = bounded("The group's power", power_kw, 0.0, unit="kW")
    total = float(power.sum())
    if total <= 0.0:
        raise Invalid("State the proportions of the groups: all of them draw nothing.")
    sets = np.atleast_2d(np.asarray(failed, dtype=bool))
    state = shared_load(power, share, rating_kw, sets, standby=standby)
    rating = np.asarray(rating_kw, dtype=np.float64)
    where, source = np.unravel_index(int(np.argmax(state.utilisation)), state.utilisation.shape)
    scale = 1.0 / float(state.utilisation[where, source])
    normal = shared_load(
        power, share, rating_kw, np.zeros(len(rating), dtype=bool), standby=standby
    )
    return UsablePower(
        power_kw=total * scale,
        utilisation=total * scale / float(rating.sum()),
        normal_kw=normal.load_kw * scale,
        worst_kw=state.load_kw.max(axis=0) * scale,
        binding_source=int(source),
        binding_set=int(where),
    )


def during_maintenance(
    power_kw: ArrayLike,
    share: ArrayLike,
    rating_kw: ArrayLike,
    *,
    standby: ArrayLike | None = None,
) -> Maintenance:
    """Whether each source can be taken out, and what one more failure then does.

    Parameters
    ----------
    power_kw, share, rating_kw, standby
        As for `shared_load`.

    Returns
    -------
    Maintenance
        By source taken out, and by source failing besides; the diagonal is the taking out alone.

    Raises
    ------
    Invalid
        If the shapes do not fit.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. Concurrent maintainability: with any one source out nothing is over its rating and
    nothing is dropped; fault tolerance in maintenance: the same with any one more failed.
    """
    rating = np.asarray(rating_kw, dtype=np.float64)
    one = np.eye(len(rating), dtype=bool)
    # One source out at a time: all at once would need its cube of numbers for each group.
    states = [shared_load(power_kw, share, rating, one | out, standby=standby) for out in one]
    load = np.array([state.load_kw for state in states])
    dropped = np.array([state.dropped_kw for state in states])
    is_over = np.array([state.is_over.any(axis=-1) for state in states])
    survives = ~is_over & (dropped <= 0.0)
    return Maintenance(
        is_maintainable=np.diagonal(survives).copy(),
        survives=survives,
        over_kw=np.maximum(load - rating, 0.0).max(axis=-1),
        dropped_kw=dropped,
        worst_kw=load.max(axis=(0, 1)),
    )


def _checked(
    power_kw: ArrayLike, share: ArrayLike, rating_kw: ArrayLike, standby: ArrayLike | None
) -> tuple[Floats, Floats, Floats, Floats]:
    power = bounded("The group's power", power_kw, 0.0, unit="kW")
    rating = bounded("The source's rating", rating_kw, 0.0, unit="kW", above_low=True)
    shares = bounded("The share", share, 0.0, 1.0 + SLACK)
    if shares.shape != (*power.shape, *rating.shape) or shares.ndim != 2:
        raise Invalid(
            "Shares need a row per group and a column per source.",
            groups=power.size,
            sources=rating.size,
        )
    odd = np.flatnonzero(np.abs(shares.sum(axis=1) - 1.0) > 1e-6)
    if odd.size:
        raise Invalid(
            f"The shares of group number {odd[0] + 1} do not sum to 1. Correct its row.",
            group=int(odd[0]),
        )
    spare = np.zeros_like(shares) if standby is None else bounded("The standby", standby, 0.0)
    if spare.shape != shares.shape:
        raise Invalid("Standby weights need the shape of the shares.")
    return power, shares, rating, spare
