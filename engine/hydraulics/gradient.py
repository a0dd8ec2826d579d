"""Newton's method on the flows and heads of a network: whole steps, and careful ones."""

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from engine.hydraulics.elimination import Elimination
from engine.hydraulics.kernels import CLOSING, NEAR, ROUNDING, SAFETY, TRUSTED, compiled
from engine.hydraulics.laws import Laws, loss_and_slope
from engine.plant import Floats, Ints

WHOLE_STEPS: Final = 30
CAREFUL_STEPS: Final = 200
HALVINGS: Final = 60
ASTRAY: Final = 1e-10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What depends on the shape of a network alone: reuse it while only figures change."""

    live: Ints  # links that are open and not cut off
    free: Ints  # nodes whose head is sought, by place
    dry: Ints  # nodes that closed links cut off from every known head
    part: Ints  # of each node: those that open links join have one number
    first: Ints  # place of each live link's start, -1 where its head is fixed
    second: Ints
    program: Elimination
    entry: Ints  # of each live link, -1 without a pair


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The open part of a network with its figures."""

    shape: Pattern
    laws: Laws  # of the live links
    demand: Floats  # of each free node
    lift: Floats  # of each live link: known head at its start less that at its end
    tolerance: float


class Ended(NamedTuple):
    """How an iteration ended."""

    iterations: int
    change: float  # still to come, over the sum of flows


def whole_steps(system: System, flow: Floats, head: Floats) -> Ended:
    """Newton's method on flows and heads, in place, compiled where numba is installed.

    Parameters
    ----------
    system : System
        What is to be solved.
    flow : array, shape (n_live,)
        First guess, then the result. [m3/s]
    head : array, shape (n_free,)
        The heads found. [m]

    Returns
    -------
    Ended
        How it went.

    Notes
    -----
    Definition. Both ways do the same steps.
    """
    shape, laws = system.shape, system.laws
    program = shape.program
    kernel = compiled()
    if kernel is None:
        return _scipy_steps(system, flow, head)
    ended = kernel(
        flow,
        head,
        shape.first,
        shape.second,
        system.demand,
        system.lift,
        laws.friction,
        laws.fittings,
        laws.laminar,
        laws.reynolds,
        laws.rough,
        laws.resistance,
        laws.exponent,
        laws.pump_0,
        laws.pump_1,
        laws.pump_2,
        laws.limit,
        laws.one_way,
        laws.steep,
        laws.least,
        program.column,
        program.row,
        program.target,
        shape.entry,
        system.tolerance,
        WHOLE_STEPS,
    )
    return Ended(*ended)


class _Equations:
    """The normal equations of a network, assembled and solved by scipy."""

    def __init__(self, system: System) -> None:
        from scipy.sparse import csc_array

        self.system = system
        shape = system.shape
        self.a, self.b, self.free = shape.first, shape.second, shape.free.size
        self.at_a, self.at_b = self.a >= 0, self.b >= 0
        self.both = self.at_a & self.at_b
        a, b = self.a[self.both], self.b[self.both]
        places, count = np.arange(self.free), max(self.free, 1)
        key = np.concatenate([places, b, a]) * count + np.concatenate([places, a, b])
        unique, self.slot = np.unique(key, return_inverse=True)
        pointer = np.searchsorted(unique, np.arange(self.free + 1) * count)
        self.matrix = csc_array(
            (np.zeros(unique.size), unique % count, pointer), shape=(self.free, self.free)
        )

    def step(self, flow: Floats) -> tuple[Floats, Floats]:
        """Change of the flows, and the heads."""
        system = self.system
        loss, slope = loss_and_slope(system.laws, flow)
        conductance = 1.0 / np.maximum(slope, system.laws.least)
        head = np.zeros(self.free)
        if self.free:
            pull = conductance * (loss - system.lift) - flow
            head = self._heads(conductance, self._at_nodes(pull) - system.demand)
        padded = np.append(head, 0.0)
        along = padded[self.a] - padded[self.b] + system.lift
        return conductance * (along - loss), head

    def energy_slope(self, flow: Floats, step: Floats) -> float:
        """Slope of the energy along a step that keeps the nodes in balance."""
        loss, _ = loss_and_slope(self.system.laws, flow)
        return float(np.dot(step, loss - self.system.lift))

    def correct(self, flow: Floats, astray: Floats) -> None:
        """Change the flows so that what is astray at the nodes is gone."""
        _, slope = loss_and_slope(self.system.laws, flow)
        conductance = 1.0 / np.maximum(slope, self.system.laws.least)
        padded = np.append(self._heads(conductance, -astray), 0.0)
        flow += conductance * (padded[self.a] - padded[self.b])

    def _at_nodes(self, values: Floats) -> Floats:
        out = np.bincount(self.a[self.at_a], values[self.at_a], self.free)
        back = np.bincount(self.b[self.at_b], values[self.at_b], self.free)
        return np.asarray(out - back, dtype=np.float64)

    def _heads(self, conductance: Floats, right: Floats) -> Floats:
        from scipy.sparse.linalg import splu

        own = np.bincount(self.a[self.at_a], conductance[self.at_a], self.free)
        own = own + np.bincount(self.b[self.at_b], conductance[self.at_b], self.free)
        between = -conductance[self.both]
        self.matrix.data[:] = np.bincount(
            self.slot, np.concatenate([own, between, between]), self.matrix.data.size
        )
        factor = splu(
            self.matrix,
            permc_spec="NATURAL",  # the places are in an order of little fill already
            diag_pivot_thresh=0.0,
            options={"SymmetricMode": True},
        )
        return np.asarray(factor.solve(right), dtype=np.float64)


def _scipy_steps(system: System, flow: Floats, head: Floats) -> Ended:
    equations = _Equations(system)
    change = 1.0
    for iteration in range(1, WHOLE_STEPS + 1):
        step, head[:] = equations.step(flow)
        flow += step
        before, change = change, _relative(step, flow)
        left = change
        if change < NEAR and before < CLOSING:
            left = min(change, max(SAFETY * change**3 / before**2, TRUSTED * change))
        if left < system.tolerance or ROUNDING > change > before / 2.0:
            return Ended(iteration, left)
    return Ended(WHOLE_STEPS, change)


def careful_steps(system: System, flow: Floats, head: Floats) -> Ended:
    """Newton's method in place, each step shortened to the least energy along it.

    Parameters
    ----------
    system : System
        What is to be solved.
    flow : array, shape (n_live,)
        First guess, then the result. [m3/s]
    head : array, shape (n_free,)
        The heads found. [m]

    Returns
    -------
    Ended
        How it went.

    Notes
    -----
    Definition. Loss grows with flow, so the energy is convex and its slope along the line only
    rises: halving finds where it passes zero. Needed where valves open and close in turn.
    """
    equations = _Equations(system)
    change = 1.0
    for iteration in range(1, CAREFUL_STEPS + 1):
        step, head[:] = equations.step(flow)
        share = 1.0
        if iteration > 1 and equations.energy_slope(flow + step, step) > 0.0:
            low, high = 0.0, 1.0
            for _ in range(HALVINGS):
                share = (low + high) / 2.0
                if equations.energy_slope(flow + share * step, step) > 0.0:
                    high = share
                else:
                    low = share
        flow += share * step
        before, change = change, _relative(step, flow)
        if change < system.tolerance or ROUNDING > change > before / 2.0:
            return Ended(iteration, change)
    return Ended(CAREFUL_STEPS, change)


def balance_nodes(system: System, flow: Floats) -> None:
    """Take the rounding out of the balance of mass at the nodes, in place.

    Parameters
    ----------
    system : System
        What was solved.
    flow : array, shape (n_live,)
        Its flows. [m3/s]

    Notes
    -----
    Definition. What is astray is spread over the links by conductance, where heads that are large
    against their differences have left more than 1e-10 of the greatest flow.
    """
    shape = system.shape
    net = np.bincount(shape.first + 1, flow, shape.free.size + 1)
    net -= np.bincount(shape.second + 1, flow, shape.free.size + 1)
    astray = net[1:] + system.demand
    if np.abs(astray).max(initial=0.0) > ASTRAY * np.abs(flow).max(initial=0.0):
        _Equations(system).correct(flow, astray)


def _relative(step: Floats, flow: Floats) -> float:
    total = float(np.abs(flow).sum())
    return float(np.abs(step).sum()) / total if total > 0.0 else 0.0
