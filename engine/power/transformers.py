"""Transformers: loss, efficiency, equivalent circuit, short-circuit current."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded

SQRT3 = float(np.sqrt(3.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerCircuit:
    """Equivalent circuit referred to the secondary; the shunt is that of the whole unit."""

    resistance_ohm: Floats
    reactance_ohm: Floats
    shunt_kw: Floats  # at nominal voltage; half of it belongs at either end of the pi
    shunt_kvar: Floats


def transformer_loss_kw(
    load_kva: ArrayLike, rating_kva: ArrayLike, no_load_kw: ArrayLike, load_loss_kw: ArrayLike
) -> Floats:
    """Loss of a transformer at a load.

    Parameters
    ----------
    load_kva : array_like
        Apparent power at its output, >= 0. [kVA]
    rating_kva : array_like
        Rated power, > 0. [kVA]
    no_load_kw : array_like
        Core loss at nominal voltage, >= 0. [kW]
    load_loss_kw : array_like
        Copper loss at rated current, >= 0. [kW]

    Returns
    -------
    array
        Loss. [kW]

    Raises
    ------
    OutOfRange
        If a figure is negative or the rating zero.

    Notes
    -----
    P0 + Pk (S / Sr)^2 at nominal voltage and rated winding temperature [1]_.

    References
    ----------
    .. [1] IEC 60076-1:2011, clause 3.6 and 10.
    """
    load = bounded("The transformer's load", load_kva, 0.0, unit="kVA")
    rating = bounded("The transformer's rating", rating_kva, 0.0, unit="kVA", above_low=True)
    core = bounded("The no-load loss", no_load_kw, 0.0, unit="kW")
    copper = bounded("The load loss", load_loss_kw, 0.0, unit="kW")
    return np.asarray(core + copper * (load / rating) ** 2)


def loss_at_efficiency_kw(output_kw: ArrayLike, efficiency: ArrayLike) -> Floats:
    """Loss of any equipment that delivers a power at an efficiency.

    Parameters
    ----------
    output_kw : array_like
        Power delivered, >= 0. [kW]
    efficiency : array_like
        Output over input, in (0, 1]. [-]

    Returns
    -------
    array
        Loss. [kW]

    Raises
    ------
    OutOfRange
        If the efficiency is not in (0, 1].

    Notes
    -----
    Definition. P (1 / eta - 1).
    """
    output = bounded("The output", output_kw, 0.0, unit="kW")
    share = bounded("The efficiency", efficiency, 0.0, 1.0, above_low=True)
    return np.asarray(output * (1.0 / share - 1.0))


def losses_from_efficiency(
    rating_kva: ArrayLike,
    load_fraction: ArrayLike,
    efficiency: ArrayLike,
    power_factor: ArrayLike = 1.0,
) -> tuple[Floats, Floats]:
    """No-load and load loss of the unit that is at its best at a stated efficiency.

    Parameters
    ----------
    rating_kva : array_like
        Rated power, > 0. [kVA]
    load_fraction : array_like
        Load at which the efficiency is stated, in (0, 1]. [-]
    efficiency : array_like
        Efficiency there, in (0, 1]. [-]
    power_factor : array_like
        Of that load, in (0, 1]. [-]

    Returns
    -------
    tuple of array
        No-load loss and load loss at rated current. [kW, kW]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    A transformer is at its best where P0 = Pk x^2, so that each is half the loss there. US
    minimum efficiencies are stated at 35 % (low-voltage dry) or 50 % load [1]_.

    References
    ----------
    .. [1] 10 CFR 431.196, Energy conservation standards for distribution transformers.
    """
    rating = bounded("The transformer's rating", rating_kva, 0.0, unit="kVA", above_low=True)
    x = bounded("The load fraction", load_fraction, 0.0, 1.0, above_low=True)
    factor = bounded("The power factor", power_factor, 0.0, 1.0, above_low=True)
    half = loss_at_efficiency_kw(rating * x * factor, efficiency) / 2.0
    return half, np.asarray(half / x**2)


def transformer_circuit(
    rating_kva: ArrayLike,
    secondary_v: ArrayLike,
    *,
    short_circuit_fraction: ArrayLike,
    load_loss_kw: ArrayLike,
    no_load_kw: ArrayLike = 0.0,
    no_load_current_fraction: ArrayLike = 0.0,
) -> TransformerCircuit:
    """Equivalent circuit from the figures on the nameplate.

    Parameters
    ----------
    rating_kva : array_like
        Rated power, > 0. [kVA]
    secondary_v : array_like
        Rated secondary voltage, line to line, > 0. [V]
    short_circuit_fraction : array_like
        Short-circuit voltage vk over rated voltage, in (0, 1]. [-]
    load_loss_kw, no_load_kw : array_like
        Copper loss at rated current, core loss at rated voltage, >= 0. [kW]
    no_load_current_fraction : array_like
        No-load current over rated current, in [0, 1]. [-]

    Returns
    -------
    TransformerCircuit
        Referred to the secondary.

    Raises
    ------
    OutOfRange
        If the load loss exceeds vk Sr or the no-load loss i0 Sr, when a current is stated.

    Notes
    -----
    r = Pk / Sr and x = sqrt(vk^2 - r^2) on the unit's own base; the shunt draws P0 and
    sqrt((i0 Sr)^2 - P0^2) [1]_. Without a no-load current the shunt draws P0 alone.

    References
    ----------
    .. [1] IEC 60909-0:2016, clause 6.3.
    """
    rating = bounded("The transformer's rating", rating_kva, 0.0, unit="kVA", above_low=True)
    volts = bounded("The secondary voltage", secondary_v, 0.0, unit="V", above_low=True)
    vk = bounded("The short-circuit voltage", short_circuit_fraction, 0.0, 1.0, above_low=True)
    copper = bounded("The load loss", load_loss_kw, 0.0, unit="kW")
    core = bounded("The no-load loss", no_load_kw, 0.0, unit="kW")
    i0 = bounded("The no-load current", no_load_current_fraction, 0.0, 1.0)
    r = copper / rating
    if (r > vk).any():
        raise OutOfRange(
            "The load loss is more than the short-circuit voltage allows: Pk must not exceed "
            "vk times the rating. Check both on the nameplate.",
            load_loss_kw=float(np.max(copper)),
        )
    stated = np.where(i0 > 0.0, i0 * rating, core)
    if (stated < core).any():
        raise OutOfRange(
            "The no-load loss is more than the no-load current allows: P0 must not exceed "
            "i0 times the rating. Check both on the nameplate.",
            no_load_kw=float(np.max(core)),
        )
    base_ohm = volts**2 / (1000.0 * rating)
    return TransformerCircuit(
        resistance_ohm=np.asarray(r * base_ohm),
        reactance_ohm=np.asarray(np.sqrt(vk**2 - r**2) * base_ohm),
        shunt_kw=np.asarray(core),
        shunt_kvar=np.asarray(np.sqrt(stated**2 - core**2)),
    )


def short_circuit_current_ka(
    rating_kva: ArrayLike, secondary_v: ArrayLike, short_circuit_fraction: ArrayLike
) -> Floats:
    """Three-phase short-circuit current at a transformer's terminals on a stiff supply.

    Parameters
    ----------
    rating_kva : array_like
        Rated power, > 0. [kVA]
    secondary_v : array_like
        Rated secondary voltage, line to line, > 0. [V]
    short_circuit_fraction : array_like
        Short-circuit voltage over rated voltage, in (0, 1]. [-]

    Returns
    -------
    array
        Initial symmetrical current. [kA]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    S / (sqrt(3) V vk), the supply's own impedance neglected: an upper bound [1]_.

    References
    ----------
    .. [1] IEC 60909-0:2016, clause 7.
    """
    rating = bounded("The transformer's rating", rating_kva, 0.0, unit="kVA", above_low=True)
    volts = bounded("The secondary voltage", secondary_v, 0.0, unit="V", above_low=True)
    vk = bounded("The short-circuit voltage", short_circuit_fraction, 0.0, 1.0, above_low=True)
    return np.asarray(rating / (SQRT3 * volts * vk))
