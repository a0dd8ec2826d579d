"""Which pair of systems each group of load should hang on, so that no single loss overloads."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Floats, Ints
from engine.ranges import bounded

Pairs = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Groups on pairs of systems."""

    pairs: tuple[tuple[int, int], ...]  # one per group
    worst_fraction: float  # highest load over rating, any one system lost
    bound_fraction: float  # what no assignment can beat


def assign_pairs(power_kw: ArrayLike, rating_kw: ArrayLike) -> Pairing:
    """Groups spread over the pairs of a distributed redundant plant.

    Parameters
    ----------
    power_kw : array_like, shape (groups,)
        Power of each group, >= 0. [kW]
    rating_kw : array_like, shape (systems,)
        Rating of each system, > 0; at least two. [kW]

    Returns
    -------
    Pairing
        Each group hangs on its two systems by halves.

    Raises
    ------
    Invalid
        If there are fewer than two systems.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    The bound is the linear program that may split groups: minimise t subject to load of k plus
    half the groups on {k, f} <= t rating_k for all k, f. Groups are placed greatest first [1]_
    where the worst single loss stays lowest, then moved one at a time while that helps.

    References
    ----------
    .. [1] R. L. Graham, "Bounds on multiprocessing timing anomalies," SIAM J. Appl. Math.,
       vol. 17, no. 2, pp. 416-429, 1969. doi:10.1137/0117039
    """
    power = bounded("The group's power", power_kw, 0.0, unit="kW")
    rating = bounded("The system's rating", rating_kw, 0.0, unit="kW", above_low=True)
    if rating.ndim != 1 or len(rating) < 2:
        raise Invalid("A pair needs at least two systems.", systems=int(rating.size))
    pairs = list(combinations(range(len(rating)), 2))
    on_pair = np.zeros(len(pairs))
    of_group = np.zeros(len(power), dtype=np.int64)
    for group in np.argsort(-power, kind="stable").tolist():
        trials = on_pair + power[group] * np.eye(len(pairs))
        of_group[group] = int(np.argmin(_worst(trials, pairs, rating)))
        on_pair[of_group[group]] += power[group]
    for _ in range(len(power)):
        moved = _best_move(power, of_group, on_pair, pairs, rating)
        if moved is None:
            break
        group, pair = moved
        on_pair[of_group[group]] -= power[group]
        on_pair[pair] += power[group]
        of_group[group] = pair
    return Pairing(
        pairs=tuple(pairs[pair] for pair in of_group.tolist()),
        worst_fraction=float(_worst(on_pair, pairs, rating)),
        bound_fraction=_bound(float(power.sum()), pairs, rating),
    )


def _worst(on_pair: Floats, pairs: Pairs, rating: Floats) -> Floats:
    """Highest load over rating with any one system lost; last axis of ``on_pair`` is the pairs."""
    one, other = np.array(pairs).T
    between = np.zeros((*on_pair.shape[:-1], len(rating), len(rating)))
    between[..., one, other] = between[..., other, one] = on_pair / 2.0
    carried = between.sum(axis=-1) + between.max(axis=-1)
    return np.asarray((carried / rating).max(axis=-1))


def _best_move(
    power: Floats, of_group: Ints, on_pair: Floats, pairs: Pairs, rating: Floats
) -> tuple[int, int] | None:
    """The group and the pair whose move lowers the worst loss most; None when none does."""
    here = np.eye(len(pairs))[of_group]
    change = np.eye(len(pairs))[None, :, :] - here[:, None, :]
    reached = _worst(on_pair + power[:, None, None] * change, pairs, rating)
    if not reached.size:
        return None
    group, pair = np.unravel_index(int(np.argmin(reached)), reached.shape)
    is_better = reached[group, pair] < float(_worst(on_pair, pairs, rating)) * (1.0 - 1e-9)
    return (int(group), int(pair)) if is_better else None


def _bound(total_kw: float, pairs: Pairs, rating: Floats) -> float:
    from scipy.optimize import linprog

    if total_kw <= 0.0:
        return 0.0
    count = len(rating)
    rows = []
    for kept in range(count):
        for lost in range(count):
            if kept == lost:
                continue
            row = [0.5 * (kept in pair) + 0.5 * (set(pair) == {kept, lost}) for pair in pairs]
            rows.append([*row, -rating[kept] / total_kw])
    answer = linprog(
        c=[*[0.0] * len(pairs), 1.0],
        A_ub=rows,
        b_ub=np.zeros(len(rows)),
        A_eq=[[*[1.0] * len(pairs), 0.0]],
        b_eq=[1.0],
        method="highs",
    )
    return float(answer.fun)
