"""The global gradient iteration as plain loops, for numba to compile; slow but right without."""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

ROUNDING: Final = 1e-7  # a change below this that no longer falls is rounding
# Near the solution each change is the square of the one before times a constant, so the next
# one is known from two.
NEAR: Final = 1e-2
CLOSING: Final = 1e-1  # the change before it must have been small already
SAFETY: Final = 3.0
TRUSTED: Final = 1e-3  # no step is taken to gain more than three digits

# ruff: noqa: PLR0912, PLR0915, PLR0917  One loop nest: a call per link and iteration would cost half of it.


@lru_cache(maxsize=1)
def compiled() -> Callable[..., Any] | None:
    """`settle`, compiled and kept on disk, or None where numba is not installed.

    Notes
    -----
    Definition.
    """
    try:
        import numba
    except ImportError:
        return None
    return numba.njit(cache=True, error_model="numpy")(settle)


def settle(
    flow: Any,
    head: Any,
    first: Any,
    second: Any,
    demand: Any,
    lift: Any,
    friction: Any,
    fittings: Any,
    laminar: Any,
    reynolds: Any,
    rough: Any,
    resistance: Any,
    exponent: Any,
    pump_0: Any,
    pump_1: Any,
    pump_2: Any,
    limit: Any,
    one_way: Any,
    steep: float,
    least: float,
    column: Any,
    row: Any,
    target: Any,
    entry: Any,
    tolerance: float,
    rounds: int,
) -> tuple[int, float]:
    r"""Flows and heads of a network, in place.

    Parameters
    ----------
    flow : array, shape (n_links,)
        First guess, then the result. [m3/s]
    head : array, shape (n_free,)
        Heads of the free nodes, by their place in the elimination. [m]
    first, second : array of int, shape (n_links,)
        Places of both ends; -1 where the head is fixed.
    demand : array, shape (n_free,)
        What each free node takes out. [m3/s]
    lift : array, shape (n_links,)
        Fixed head at the start less that at the end. [m]
    friction ... one_way : array, shape (n_links,)
        As in `engine.hydraulics.laws.Laws`.
    steep, least : float
        Slope beyond a limit, and the least slope of a step. [m/(m3/s)]
    column, row, target, entry : array of int
        As in `engine.hydraulics.elimination.Elimination`; ``entry`` is -1 without a pair.
    tolerance : float
        Sum of changes still to come over sum of flows at which it ends. [1]
    rounds : int
        Most iterations.

    Returns
    -------
    tuple of int and float
        Iterations, and the change that is left.

    Notes
    -----
    Newton's method on flows and heads together, each step whole [1]_. The root of Colebrook's
    equation is carried from round to round and takes one step of its own in each, so that both
    become exact together.

    References
    ----------
    .. [1] E. Todini and S. Pilati, "A gradient algorithm for the analysis of pipe networks",
       in Computer Applications in Water Supply, vol. 1, Wiley, 1988, pp. 1-20.
    """
    links, free = flow.size, head.size
    two_over_ln10 = 2.0 / math.log(10.0)
    conductance, loss = np.empty(links), np.empty(links)
    diagonal, right = np.empty(free), np.empty(free)
    lower, root = np.empty(row.size), np.zeros(links)
    change, before = 1.0, 1.0
    for iteration in range(1, rounds + 1):
        # Loss and slope, and the normal equations.
        for i in range(free):
            diagonal[i] = 0.0
            right[i] = -demand[i]
        for p in range(row.size):
            lower[p] = 0.0
        for k in range(links):
            q = flow[k]
            size = abs(q)
            sign = 1.0 if q >= 0.0 else -1.0
            square = (fittings[k] + pump_2[k]) * size
            rub = square * size
            slope = 2.0 * square + pump_1[k]
            if friction[k] > 0.0:
                re = reynolds[k] * size
                if re < 2000.0:
                    rub += laminar[k] * size
                    slope += laminar[k]
                else:
                    high = re if re > 4000.0 else 4000.0
                    smooth = 2.51 / high
                    x = root[k]
                    if x == 0.0:
                        x = -1.8 * math.log10((rough[k] / 3.7) ** 1.11 + 6.9 / high)
                    inside = rough[k] / 3.7 + smooth * x
                    x -= (x + two_over_ln10 * math.log(inside)) / (
                        1.0 + two_over_ln10 * smooth / inside
                    )
                    root[k] = x
                    relative = rough[k] / 3.7
                    share = two_over_ln10 * smooth / (relative + smooth * x)
                    f = 1.0 / (x * x)
                    bend = -2.0 * share / (1.0 + share)
                    if re <= 4000.0:
                        u = re / 2000.0 - 1.0
                        cubic = f * bend / 2.0 + 0.032 - 2.0 * f
                        quad = f - cubic
                        f = 0.032 + u * (-0.032 + u * (quad + u * cubic))
                        bend = (-0.032 + u * (2.0 * quad + 3.0 * u * cubic)) * (u + 1.0) / f
                    rub += friction[k] * f * size * size
                    slope += friction[k] * f * size * (2.0 + bend)
            if resistance[k] > 0.0:
                power = resistance[k] * (
                    size if exponent[k] == 2.0 else size ** (exponent[k] - 1.0)
                )
                rub += power * size
                slope += exponent[k] * power
            h = sign * rub - pump_0[k] + pump_1[k] * q
            if q > limit[k]:
                h += steep * (q - limit[k])
                slope += steep
            if one_way[k] and q < 0.0:
                h += steep * q
                slope += steep
            c = 1.0 / max(slope, least)
            loss[k] = h
            conductance[k] = c
            a, b = first[k], second[k]
            pull = c * (h - lift[k]) - q
            if a >= 0:
                diagonal[a] += c
                right[a] += pull
            if b >= 0:
                diagonal[b] += c
                right[b] -= pull
            if entry[k] >= 0:
                lower[entry[k]] -= c
        # Elimination and both substitutions.
        t = 0
        for i in range(free):
            d = diagonal[i]
            for p in range(column[i], column[i + 1]):
                scaled = lower[p] / d
                for s in range(p, column[i + 1]):
                    to = target[t]
                    t += 1
                    if to >= 0:
                        lower[to] -= scaled * lower[s]
                    else:
                        diagonal[-1 - to] -= scaled * lower[s]
                right[row[p]] -= scaled * right[i]
        for i in range(free - 1, -1, -1):
            v = right[i]
            for p in range(column[i], column[i + 1]):
                v -= lower[p] * head[row[p]]
            head[i] = v / diagonal[i]
        moved, total = 0.0, 0.0
        for k in range(links):
            a, b = first[k], second[k]
            drop = lift[k]
            if a >= 0:
                drop += head[a]
            if b >= 0:
                drop -= head[b]
            step = conductance[k] * (drop - loss[k])
            flow[k] += step
            moved += abs(step)
            total += abs(flow[k])
        before, change = change, moved / total if total > 0.0 else 0.0
        left = change
        if change < NEAR and before < CLOSING:
            left = min(change, max(SAFETY * change**3 / before**2, TRUSTED * change))
        if left < tolerance or (change < ROUNDING and change > before / 2.0):
            return iteration, left
    return rounds, change
