"""Which pair of systems each group of load should hang on, so that no single loss overloads."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Floats
from engine.ranges import bounded

ROUNDS = 50


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
    of_group = np.full(len(power), -1)
    for group in np.argsort(-power, kind="stable").tolist():
        trials = [_worst(_with(on_pair, p, power[group]), pairs, rating) for p in range(len(pairs))]
        of_group[group] = int(np.argmin(trials))
        on_pair[of_group[group]] += power[group]
    for _ in range(ROUNDS):
        if not _improve(power, of_group, on_pair, pairs, rating):
            break
    return Pairing(
        pairs=tuple(pairs[pair] for pair in of_group.tolist()),
        worst_fraction=_worst(on_pair, pairs, rating),
        bound_fraction=_bound(float(power.sum()), pairs, rating),
    )


def _with(on_pair: Floats, pair: int, more_kw: float) -> Floats:
    changed = on_pair.copy()
    changed[pair] += more_kw
    return changed


def _worst(on_pair: Floats, pairs: list[tuple[int, int]], rating: Floats) -> float:
    """Highest load over rating with any one system lost."""
    between = np.zeros((len(rating), len(rating)))
    for (one, other), load in zip(pairs, on_pair.tolist(), strict=True):
        between[one, other] = between[other, one] = load / 2.0
    worst: Floats = (between.sum(axis=1) + between.max(axis=1)) / rating
    return float(worst.max())


def _improve(
    power: Floats,
    of_group: Floats,
    on_pair: Floats,
    pairs: list[tuple[int, int]],
    rating: Floats,
) -> bool:
    """Move the one group that lowers the worst loss most; False when none does."""
    now = _worst(on_pair, pairs, rating)
    best = (now * (1.0 - 1e-9), -1, -1)
    for group in range(len(power)):
        left = _with(on_pair, int(of_group[group]), -power[group])
        for pair in range(len(pairs)):
            reached = _worst(_with(left, pair, power[group]), pairs, rating)
            best = min(best, (reached, group, pair))
    _, group, pair = best
    if group < 0:
        return False
    on_pair[int(of_group[group])] -= power[group]
    on_pair[pair] += power[group]
    of_group[group] = pair
    return True


def _bound(total_kw: float, pairs: list[tuple[int, int]], rating: Floats) -> float:
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
