"""Voltages, currents and losses of radial feeders, alternating and direct."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import Invalid
from engine.plant import Floats, Ints
from engine.power.errors import NegativeImpedance, VoltageCollapse
from engine.power.radial import Radial, radial
from engine.ranges import bounded

SETTLED_PU = 1e-11
MAX_SWEEPS = 4000  # near collapse a sweep gains little; far from it a dozen do
LOWEST_PU = 0.02  # no feeder settles so low: its load has no solution
SQRT3 = float(np.sqrt(3.0))

Phasors = NDArray[np.complex128] | Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFlow:
    """Steady state of a feeder. Arrays by bus, in the caller's order, scenarios in front."""

    voltage_pu: Floats
    angle_deg: Floats
    voltage_v: Floats
    current_a: Floats  # in the branch that feeds the bus, at the bus's own voltage level
    branch_kw: Floats  # active power that leaves the branch into the bus
    branch_kvar: Floats
    loss_kw: Floats  # in the branch
    loss_kvar: Floats
    shunt_kw: Floats  # in the bus's shunt
    source_kw: Floats  # one per scenario, all sources together
    source_kvar: Floats
    total_loss_kw: Floats  # branches and shunts
    total_loss_kvar: Floats
    sweeps: int

    @property
    def weakest(self) -> Ints:
        """Bus of the lowest voltage, one per scenario."""
        return np.asarray(np.argmin(self.voltage_pu, axis=-1))


def radial_load_flow(
    parent: ArrayLike | Radial,
    *,
    resistance_ohm: ArrayLike,
    reactance_ohm: ArrayLike,
    load_kw: ArrayLike,
    load_kvar: ArrayLike,
    nominal_v: ArrayLike,
    source_pu: ArrayLike = 1.0,
    shunt_kw: ArrayLike = 0.0,
    shunt_kvar: ArrayLike = 0.0,
    ids: Sequence[str] = (),
) -> LoadFlow:
    """Voltages and losses of three-phase radial feeders with loads of constant power.

    Parameters
    ----------
    parent : array_like of int, shape (n,), or Radial
        Bus that feeds each bus; -1: the source, on which several may hang. A `Radial` saves
        finding the order again.
    resistance_ohm, reactance_ohm : array_like, shape (n,)
        Series impedance of the branch that feeds each bus, per phase, referred to the bus's own
        voltage level, >= 0. [ohm]
    load_kw, load_kvar : array_like, shape (..., n)
        Three-phase load of each bus, inductive positive; leading axes are scenarios. [kW, kvar]
    nominal_v : array_like, shape (n,) or scalar
        Nominal voltage of each bus, line to line, > 0; a branch between two levels is a
        transformer at its nominal ratio. [V]
    source_pu : array_like, scalar or shape (...)
        Voltage of the source, > 0. [pu]
    shunt_kw, shunt_kvar : array_like, shape (n,)
        Power of a constant shunt at nominal voltage, e.g. half of a transformer's magnetising
        branch; inductive positive. [kW, kvar]
    ids : sequence of str
        Names of the buses for messages.

    Returns
    -------
    LoadFlow
        Voltages settled to 1e-11 pu.

    Raises
    ------
    VoltageCollapse
        If the load has no steady state; names the weakest bus.
    CyclicFeeder
        If the buses are no forest.
    NegativeImpedance
        If a resistance or reactance is negative.
    OutOfRange
        If a number is not finite or a voltage not positive.

    Notes
    -----
    Backward and forward sweep [1]_: currents conj(S / V) + Y V are summed from the ends to the
    source, voltage drops Z I from the source to the ends, until nothing moves. It holds for
    radial networks; the rate of convergence is about |Z S| / V^2, which reaches one where the
    voltage collapses. A transformer enters as the pi of its series impedance and half of its
    magnetising branch at either end.

    References
    ----------
    .. [1] D. Shirmohammadi, H. W. Hong, A. Semlyen and G. X. Luo, "A compensation-based power
       flow method for weakly meshed distribution and transmission networks," IEEE Trans. Power
       Syst., vol. 3, no. 2, pp. 753-762, 1988. doi:10.1109/59.192932
    """
    volts = bounded(
        "The nominal voltage", nominal_v, 0.0, unit="V", above_low=True, ids=ids,
        remedy="State the voltage of the bus.",
    )  # fmt: skip
    tree = parent if isinstance(parent, Radial) else radial(parent, ids)
    count = len(tree.order)
    volts = np.broadcast_to(volts, (count,))
    series = _impedance("resistance", resistance_ohm, count, ids) + 1j * _impedance(
        "reactance", reactance_ohm, count, ids
    )
    load = _power("load", load_kw, count, ids) + 1j * _power("load", load_kvar, count, ids)
    shunt = _power("shunt", shunt_kw, count, ids) + 1j * _power("shunt", shunt_kvar, count, ids)
    source = bounded("The source voltage", source_pu, 0.0, unit="pu", above_low=True)
    # Per unit on 1 kVA and each bus's own voltage: a nominal transformer disappears.
    return _Feeder(
        tree=tree,
        series=series * 1000.0 / volts**2,
        load=load,
        shunt=np.conj(shunt),
        source=source,
        volts=volts,
        phase_factor=SQRT3,
        ids=tuple(ids),
    ).settled()


def dc_load_flow(
    parent: ArrayLike | Radial,
    *,
    loop_resistance_ohm: ArrayLike,
    load_kw: ArrayLike,
    nominal_v: ArrayLike,
    source_pu: ArrayLike = 1.0,
    ids: Sequence[str] = (),
) -> LoadFlow:
    """Voltages and losses of direct-current feeders with loads of constant power.

    Parameters
    ----------
    parent : array_like of int, shape (n,), or Radial
        Bus that feeds each bus; -1: the source.
    loop_resistance_ohm : array_like, shape (n,)
        Resistance of the branch that feeds each bus, both conductors, >= 0. [ohm]
    load_kw : array_like, shape (..., n)
        Load of each bus; leading axes are scenarios. [kW]
    nominal_v : array_like, shape (n,) or scalar
        Nominal voltage between the conductors, > 0. [V]
    source_pu : array_like, scalar or shape (...)
        Voltage of the source, > 0. [pu]
    ids : sequence of str
        Names of the buses for messages.

    Returns
    -------
    LoadFlow
        Reactive figures are zero.

    Raises
    ------
    VoltageCollapse
        If the load has no steady state; names the weakest bus.
    CyclicFeeder
        If the buses are no forest.
    NegativeImpedance
        If a resistance is negative.
    OutOfRange
        If a number is not finite or a voltage not positive.

    Notes
    -----
    Definition. The sweep of `radial_load_flow` with I = P / V; one branch alone gives the upper
    root of V^2 - V0 V + P R = 0.
    """
    volts = bounded(
        "The nominal voltage", nominal_v, 0.0, unit="V", above_low=True, ids=ids,
        remedy="State the voltage of the bus.",
    )  # fmt: skip
    tree = parent if isinstance(parent, Radial) else radial(parent, ids)
    count = len(tree.order)
    volts = np.broadcast_to(volts, (count,))
    series = _impedance("resistance", loop_resistance_ohm, count, ids)
    load = _power("load", load_kw, count, ids)
    source = bounded("The source voltage", source_pu, 0.0, unit="pu", above_low=True)
    return _Feeder(
        tree=tree,
        series=series * 1000.0 / volts**2,
        load=load,
        shunt=np.zeros(count),
        source=source,
        volts=volts,
        phase_factor=1.0,
        ids=tuple(ids),
    ).settled()


def _impedance(part: str, values: ArrayLike, count: int, ids: Sequence[str]) -> Floats:
    ohm = np.broadcast_to(bounded(f"The {part}", values, unit="ohm", ids=ids), (count,))
    negative = np.flatnonzero(ohm < 0.0)
    if negative.size:
        bus = int(negative[0])
        name = ids[bus] if ids else str(bus)
        raise NegativeImpedance(
            f"The branch to {name} has a {part} of {ohm[bus]:g} ohm. "
            "Enter the conductor's own value: zero or more.",
            element=name,
            value=float(ohm[bus]),
        )
    return ohm


def _power(kind: str, values: ArrayLike, count: int, ids: Sequence[str]) -> Floats:
    power = bounded(f"The {kind}", values, unit="kW or kvar", ids=ids)
    if power.ndim and power.shape[-1] not in (1, count):
        raise Invalid(
            f"There are {count} buses and {power.shape[-1]} {kind}s.", buses=count, given=kind
        )
    return np.broadcast_to(power, (*power.shape[:-1], count))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Feeder:
    """What both kinds of current share: per unit on 1 kVA, by bus."""

    tree: Radial
    series: Phasors
    load: Phasors
    shunt: Phasors
    source: Floats
    volts: Floats
    phase_factor: float
    ids: tuple[str, ...]

    def settled(self) -> LoadFlow:
        """Sweep until the voltages stand still; by position inside."""
        tree = self.tree
        z, s, y = self.series[tree.order], self.load[..., tree.order], self.shunt[tree.order]
        has_shunt = bool(y.any())
        start = self.source[..., None] * np.ones_like(s, dtype=np.result_type(s, z))
        v, current, sweeps = start, s, 0
        moved = np.inf if start.size else 0.0
        with np.errstate(all="ignore"):
            while moved > SETTLED_PU:
                current = np.conj(s / v)
                if has_shunt:
                    current = current + y * v
                current = tree.below(current)
                new = start - tree.above(z * current)
                moved = float(np.abs(new - v).max())
                v, sweeps = new, sweeps + 1
                is_lost = not np.isfinite(moved) or np.abs(v).min() < LOWEST_PU
                if is_lost or sweeps >= MAX_SWEEPS:
                    raise self._collapse(v)
        return self._result(z, v, current, y * v if has_shunt else None, sweeps)

    def _collapse(self, v: Phasors) -> VoltageCollapse:
        size = np.nan_to_num(np.abs(v), nan=0.0)
        position = np.unravel_index(int(np.argmin(size)), size.shape)[-1]
        bus = int(self.tree.order[position])
        name = self.ids[bus] if self.ids else str(bus)
        return VoltageCollapse(
            f"No voltage at {name} can carry its load: the feeder's impedance is too great for the "
            "power behind it. Shorten the feeder, add conductors, raise the voltage or move load.",
            element=name,
        )

    def _result(
        self, z: Phasors, v: Phasors, current: Phasors, leak: Phasors | None, sweeps: int
    ) -> LoadFlow:
        tree = self.tree
        size = np.abs(v)
        drop = z * np.abs(current) ** 2
        into = v * np.conj(current)
        drawn = np.zeros_like(drop) if leak is None else v * np.conj(leak)
        given = (self.source[..., None] * np.conj(current[..., tree.roots])).sum(axis=-1)
        lost = drop.sum(axis=-1) + drawn.sum(axis=-1)

        def back(values: Floats) -> Floats:
            return np.asarray(values[..., tree.place], dtype=np.float64)

        by_bus = back(size)
        return LoadFlow(
            voltage_pu=by_bus,
            angle_deg=back(np.degrees(np.angle(v))),
            voltage_v=by_bus * self.volts,
            current_a=back(np.abs(current)) * 1000.0 / (self.phase_factor * self.volts),
            branch_kw=back(into.real),
            branch_kvar=back(into.imag),
            loss_kw=back(drop.real),
            loss_kvar=back(drop.imag),
            shunt_kw=back(drawn.real),
            source_kw=np.asarray(given.real),
            source_kvar=np.asarray(given.imag),
            total_loss_kw=np.asarray(lost.real),
            total_loss_kvar=np.asarray(lost.imag),
            sweeps=sweeps,
        )
