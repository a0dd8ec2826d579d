"""Balance of the three phases, and which taps to move to restore it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Floats, Ints
from engine.ranges import bounded

Connection = Literal["A", "B", "C", "AB", "BC", "CA", "ABC"]
# Share of each phase in a load of each connection: line to neutral, line to line, three-phase.
PHASE_SHARE: dict[Connection, tuple[float, float, float]] = {
    "A": (1.0, 0.0, 0.0),
    "B": (0.0, 1.0, 0.0),
    "C": (0.0, 0.0, 1.0),
    "AB": (0.5, 0.5, 0.0),
    "BC": (0.0, 0.5, 0.5),
    "CA": (0.5, 0.0, 0.5),
    "ABC": (1 / 3, 1 / 3, 1 / 3),
}
SINGLE: tuple[Connection, ...] = ("A", "B", "C")
DOUBLE: tuple[Connection, ...] = ("AB", "BC", "CA")
SLACK = 1e-9  # of the mean phase


@dataclass(frozen=True, slots=True, kw_only=True)
class TapMove:
    """One tap to reconnect."""

    tap: int
    id: str
    old: Connection
    new: Connection
    imbalance: float  # of the feeder after this move


def phase_power_kw(load_kw: ArrayLike, connection: Sequence[Connection]) -> Floats:
    """Power on each phase of a feeder.

    Parameters
    ----------
    load_kw : array_like, shape (..., n)
        Load of each tap, >= 0; leading axes are scenarios. [kW]
    connection : sequence of {"A", "B", "C", "AB", "BC", "CA", "ABC"}, shape (n,)
        Phases of each tap.

    Returns
    -------
    array, shape (..., 3)
        Power on A, B and C. [kW]

    Raises
    ------
    Invalid
        If a connection is none of these, or their number differs from the loads'.
    OutOfRange
        If a load is negative.

    Notes
    -----
    Definition. A tap between two lines loads both by half, a three-phase tap all by a third.
    """
    load = bounded("The tap's load", load_kw, 0.0, unit="kW")
    unknown = [name for name in connection if name not in PHASE_SHARE]
    if unknown:
        raise Invalid(f"{unknown[0]} is no connection of a tap.", connection=unknown[0])
    if load.shape[-1:] != (len(connection),):
        raise Invalid("Every tap needs a load and a connection.", taps=len(connection))
    shares = np.array([PHASE_SHARE[name] for name in connection]).reshape(-1, 3)
    return np.asarray(load @ shares)


def phase_imbalance(phase_kw: ArrayLike) -> Floats:
    """Greatest phase over the mean of the three.

    Parameters
    ----------
    phase_kw : array_like, shape (..., 3)
        Power on each phase, >= 0. [kW]

    Returns
    -------
    array, shape (...)
        1 when balanced, 3 when all is on one phase; 1 without load. [-]

    Raises
    ------
    OutOfRange
        If a power is negative.

    Notes
    -----
    Definition. max / mean.
    """
    power = bounded("The phase's power", phase_kw, 0.0, unit="kW")
    mean = power.mean(axis=-1)
    worst = np.divide(power.max(axis=-1), mean, out=np.ones_like(mean), where=mean > 0.0)
    return np.asarray(np.maximum(worst, 1.0))


def suggest_tap_moves(
    load_kw: ArrayLike,
    connection: Sequence[Connection],
    *,
    limit: float = 1.05,
    most_moves: int = 50,
    ids: Sequence[str] = (),
) -> tuple[TapMove, ...]:
    """Taps to reconnect until a feeder is balanced, the most useful first.

    Parameters
    ----------
    load_kw : array_like, shape (n,)
        Load of each tap, >= 0. [kW]
    connection : sequence of {"A", "B", "C", "AB", "BC", "CA", "ABC"}, shape (n,)
        Phases of each tap now.
    limit : float
        Imbalance (max over mean) that is good enough, >= 1. [-]
    most_moves : int
        No more than these.
    ids : sequence of str
        Names of the taps.

    Returns
    -------
    tuple of TapMove
        Empty when the feeder is within the limit or no single move or exchange helps.

    Raises
    ------
    Invalid
        If connections and loads do not fit together.
    OutOfRange
        If a load is negative or the limit below 1.

    Notes
    -----
    Steepest descent of the sum of squares of the phases: of all reconnections of one tap (line to
    neutral stays so, line to line stays so) and all exchanges of two taps the best is taken, as
    long as it helps. A three-phase tap is balanced and never moves. The result is a local best,
    not always the global one (number partitioning is NP-hard [1]_).

    References
    ----------
    .. [1] M. R. Garey and D. S. Johnson, "Computers and Intractability," Freeman, 1979, SP12.
    """
    load = bounded("The tap's load", load_kw, 0.0, unit="kW", ids=ids)
    good_enough = float(bounded("The limit", limit, 1.0))
    now: list[Connection] = list(connection)
    phases = phase_power_kw(load, now)
    moves: list[TapMove] = []
    while len(moves) < most_moves and phase_imbalance(phases) > good_enough:
        step = _best_step(load, now, phases)
        if not step or len(moves) + len(step) > most_moves:
            break
        for tap, new in step:
            old, now[tap] = now[tap], new
            phases = phase_power_kw(load, now)
            moves.append(
                TapMove(
                    tap=tap,
                    id=ids[tap] if ids else str(tap),
                    old=old,
                    new=new,
                    imbalance=float(phase_imbalance(phases)),
                )
            )
    return tuple(moves)


def _best_step(
    load: Floats, now: Sequence[Connection], phases: Floats
) -> tuple[tuple[int, Connection], ...]:
    """The reconnection or exchange that lowers the sum of squares most; none: empty."""
    best: tuple[tuple[int, Connection], ...] = ()
    lowest = float(phases @ phases) * (1.0 - SLACK)
    for kind in (SINGLE, DOUBLE):
        for old, new in permutations(kind, 2):
            shift = np.subtract(PHASE_SHARE[new], PHASE_SHARE[old])
            leaving = _taps(now, old)
            if not leaving.size:
                continue
            after = phases + load[leaving, None] * shift
            squares = (after**2).sum(axis=1)
            first = int(np.argmin(squares))
            if squares[first] < lowest:
                lowest, best = float(squares[first]), ((int(leaving[first]), new),)
            coming = _taps(now, new)
            if old > new or not coming.size:
                continue
            net = load[leaving][:, None] - load[coming][None, :]
            pairs = ((phases + net[..., None] * shift) ** 2).sum(axis=2)
            at = np.unravel_index(int(np.argmin(pairs)), pairs.shape)
            if pairs[at] < lowest:
                lowest = float(pairs[at])
                best = ((int(leaving[at[0]]), new), (int(coming[at[1]]), old))
    return best


def _taps(now: Sequence[Connection], connection: Connection) -> Ints:
    return np.flatnonzero(np.array([name == connection for name in now], dtype=bool))
