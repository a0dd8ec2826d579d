"""Cables and busways: resistance, voltage drop, loss, and what they may carry for hours."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Floats
from engine.power.errors import VoltageCollapse
from engine.ranges import bounded

Spread = Literal["end", "uniform"]
SQRT3 = float(np.sqrt(3.0))
# Temperature coefficient at 20 C per kelvin, IEC 60228 and IEC 60287-1-1.
TEMPERATURE_COEFFICIENT_PER_K = {"copper": 0.00393, "aluminium": 0.00403}


def line_current_a(power_kw: ArrayLike, voltage_v: ArrayLike, power_factor: ArrayLike) -> Floats:
    """Current in each line of balanced three-phase loads.

    Parameters
    ----------
    power_kw : array_like
        Active power. [kW]
    voltage_v : array_like
        Line-to-line voltage, > 0. [V]
    power_factor : array_like
        In (0, 1]. [-]

    Returns
    -------
    array
        Current. [A]

    Raises
    ------
    OutOfRange
        If the voltage is not positive or the power factor not in (0, 1].

    Notes
    -----
    Definition. I = P / (sqrt(3) V pf).
    """
    power = bounded("The power", power_kw, unit="kW")
    volts = bounded("The voltage", voltage_v, 0.0, unit="V", above_low=True)
    factor = bounded("The power factor", power_factor, 0.0, 1.0, above_low=True)
    return np.asarray(1000.0 * power / (SQRT3 * volts * factor))


def dc_current_a(power_kw: ArrayLike, voltage_v: ArrayLike) -> Floats:
    """Current of direct-current loads.

    Parameters
    ----------
    power_kw : array_like
        Power. [kW]
    voltage_v : array_like
        Voltage between the conductors, > 0. [V]

    Returns
    -------
    array
        Current. [A]

    Raises
    ------
    OutOfRange
        If the voltage is not positive.

    Notes
    -----
    Definition. I = P / V.
    """
    power = bounded("The power", power_kw, unit="kW")
    return np.asarray(
        1000.0 * power / bounded("The voltage", voltage_v, 0.0, unit="V", above_low=True)
    )


def conductor_resistance_ohm(
    length_m: ArrayLike,
    ohm_per_km: ArrayLike,
    *,
    parallel: ArrayLike = 1,
    conductor_c: ArrayLike = 20.0,
    metal: Literal["copper", "aluminium"] = "copper",
) -> Floats:
    """Resistance of one conductor of a cable or busway.

    Parameters
    ----------
    length_m : array_like
        Length of the route, >= 0. [m]
    ohm_per_km : array_like
        Resistance of one conductor at 20 C, >= 0. [ohm/km]
    parallel : array_like
        Conductors in parallel, >= 1. [-]
    conductor_c : array_like
        Temperature of the conductor, -50 to 250. [C]
    metal : {"copper", "aluminium"}
        For its temperature coefficient.

    Returns
    -------
    array
        Resistance. [ohm]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    R20 (1 + alpha (T - 20)) [1]_.

    References
    ----------
    .. [1] IEC 60228:2023, annex A; IEC 60287-1-1:2023, table 1.
    """
    length = bounded("The length", length_m, 0.0, unit="m")
    per_km = bounded("The resistance", ohm_per_km, 0.0, unit="ohm/km")
    count = bounded("The number of parallel conductors", parallel, 1.0)
    temperature = bounded("The conductor temperature", conductor_c, -50.0, 250.0, unit="C")
    warmer = 1.0 + TEMPERATURE_COEFFICIENT_PER_K[metal] * (temperature - 20.0)
    return np.asarray(length / 1000.0 * per_km * warmer / count)


def voltage_drop_v(
    current_a: ArrayLike,
    resistance_ohm: ArrayLike,
    reactance_ohm: ArrayLike,
    power_factor: ArrayLike,
    *,
    spread: Spread = "end",
) -> Floats:
    """Drop of the line-to-line voltage along a three-phase line.

    Parameters
    ----------
    current_a : array_like
        Current at the line's beginning, >= 0. [A]
    resistance_ohm, reactance_ohm : array_like
        Of one conductor over the whole length, >= 0. [ohm]
    power_factor : array_like
        Of the load, lagging, in (0, 1]. [-]
    spread : {"end", "uniform"}
        Whether the load sits at the end or is tapped off evenly along the line.

    Returns
    -------
    array
        Drop at the far end. [V]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    sqrt(3) I (R cos phi + X sin phi), half of it for evenly spread taps [1]_: the current then
    falls linearly along the line. The angle between both ends is neglected, good to about 0.1 %
    of nominal for drops below 5 %; `engine.power.load_flow` is exact.

    References
    ----------
    .. [1] IEC 60364-5-52:2009, annex G.
    """
    current = bounded("The current", current_a, 0.0, unit="A")
    r = bounded("The resistance", resistance_ohm, 0.0, unit="ohm")
    x = bounded("The reactance", reactance_ohm, 0.0, unit="ohm")
    factor = bounded("The power factor", power_factor, 0.0, 1.0, above_low=True)
    drop = SQRT3 * current * (r * factor + x * np.sqrt(1.0 - factor**2))
    return np.asarray(drop * (0.5 if spread == "uniform" else 1.0))


def line_loss_kw(
    current_a: ArrayLike,
    resistance_ohm: ArrayLike,
    *,
    conductors: int = 3,
    spread: Spread = "end",
) -> Floats:
    """Heat of a line.

    Parameters
    ----------
    current_a : array_like
        Current at the line's beginning, >= 0. [A]
    resistance_ohm : array_like
        Of one conductor over the whole length, >= 0. [ohm]
    conductors : int
        Conductors that carry the current: 3 for three phases, 2 for direct current.
    spread : {"end", "uniform"}
        Whether the load sits at the end or is tapped off evenly along the line.

    Returns
    -------
    array
        Loss. [kW]

    Raises
    ------
    OutOfRange
        If a figure is negative.

    Notes
    -----
    Definition. n I^2 R, a third of it for evenly spread taps (the mean square of a current that
    falls linearly).
    """
    current = bounded("The current", current_a, 0.0, unit="A")
    r = bounded("The resistance", resistance_ohm, 0.0, unit="ohm")
    share = 1.0 / 3.0 if spread == "uniform" else 1.0
    return np.asarray(conductors * share * current**2 * r / 1000.0)


def dc_load_voltage_v(
    source_v: ArrayLike,
    power_kw: ArrayLike,
    loop_resistance_ohm: ArrayLike,
    ids: Sequence[str] = (),
) -> Floats:
    """Voltage at a load of constant power at the end of a direct-current feeder.

    Parameters
    ----------
    source_v : array_like
        Voltage at the source, > 0. [V]
    power_kw : array_like
        Power of the load. [kW]
    loop_resistance_ohm : array_like
        Resistance of both conductors, >= 0. [ohm]
    ids : sequence of str
        Names of the feeders for messages.

    Returns
    -------
    array
        Voltage at the load. [V]

    Raises
    ------
    VoltageCollapse
        If 4 P R exceeds the square of the source voltage.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. V = (V0 + sqrt(V0^2 - 4 P R)) / 2, the stable root of V^2 - V0 V + P R = 0.
    """
    source = bounded("The source voltage", source_v, 0.0, unit="V", above_low=True, ids=ids)
    watts = 1000.0 * bounded("The power", power_kw, unit="kW", ids=ids)
    r = bounded("The loop resistance", loop_resistance_ohm, 0.0, unit="ohm", ids=ids)
    inner = np.asarray(source**2 - 4.0 * watts * r)
    if (inner < 0.0).any():
        feeder = int(np.argmin(inner))
        name = ids[feeder % len(ids)] if ids else f"number {feeder + 1}"
        most_kw = float(np.reshape(np.broadcast_to(source**2 / r, inner.shape), -1)[feeder]) / 4e3
        raise VoltageCollapse(
            f"Feeder {name} can deliver at most {most_kw:.4g} kW at any voltage. "
            "Shorten it, add conductors, raise the voltage or move load.",
            element=name,
            most_kw=most_kw,
        )
    return np.asarray((source + np.sqrt(inner)) / 2.0)


def continuous_power_kw(
    rating_a: ArrayLike,
    voltage_v: ArrayLike,
    power_factor: ArrayLike = 1.0,
    *,
    continuous_fraction: ArrayLike = 0.8,
    ambient_factor: ArrayLike = 1.0,
    phases: Literal[1, 3] = 3,
) -> Floats:
    """Power that a breaker or busway may carry for three hours or more.

    Parameters
    ----------
    rating_a : array_like
        Rated current, >= 0. [A]
    voltage_v : array_like
        Line-to-line voltage, or between the conductors of one phase or direct current, > 0. [V]
    power_factor : array_like
        In (0, 1]; 1 for direct current. [-]
    continuous_fraction : array_like
        Usable share for continuous load, in (0, 1]; 1 for equipment listed for 100 %. [-]
    ambient_factor : array_like
        Derating of the rating for ambient temperature, in (0, 1]. [-]
    phases : {1, 3}
        1 also for direct current.

    Returns
    -------
    array
        Usable power. [kW]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    The rating of an overcurrent device must be at least 125 % of the continuous load unless the
    assembly is listed for 100 % [1]_ (quoted from memory).

    References
    ----------
    .. [1] NFPA 70-2023, 210.20(A) and 215.3.
    """
    rating = bounded("The rating", rating_a, 0.0, unit="A")
    volts = bounded("The voltage", voltage_v, 0.0, unit="V", above_low=True)
    factor = bounded("The power factor", power_factor, 0.0, 1.0, above_low=True)
    share = bounded("The continuous share", continuous_fraction, 0.0, 1.0, above_low=True)
    derated = bounded("The ambient factor", ambient_factor, 0.0, 1.0, above_low=True)
    root = SQRT3 if phases == 3 else 1.0
    return np.asarray(root * volts * rating * factor * share * derated / 1000.0)


def ambient_factor(
    ambient_c: ArrayLike, table_c: Sequence[float], table_factor: Sequence[float]
) -> Floats:
    """Derating of a busway or cable for the air around it, from the maker's table.

    Parameters
    ----------
    ambient_c : array_like
        Temperature of the air. [C]
    table_c : sequence of float
        Temperatures of the table, rising. [C]
    table_factor : sequence of float
        Factors at these temperatures, in (0, 1]. [-]

    Returns
    -------
    array
        Factor; below the table its first value, between two values linear. [-]

    Raises
    ------
    OutOfRange
        If it is hotter than the table reaches.
    Invalid
        If the table does not rise or its columns differ in length.

    Notes
    -----
    Definition. Linear interpolation; no extrapolation above the table.
    """
    if len(table_c) != len(table_factor) or not len(table_c):
        raise Invalid("A derating table needs a factor for every temperature.")
    knots = bounded("The table's temperature", table_c, unit="C")
    if (np.diff(knots) <= 0.0).any():
        raise Invalid("The temperatures of a derating table must rise.")
    factors = bounded("The table's factor", table_factor, 0.0, 1.0, above_low=True)
    air = bounded(
        "The ambient temperature", ambient_c, -60.0, float(knots[-1]), unit="C",
        remedy="Ask the maker for a rating at this temperature, or cool the room.",
    )  # fmt: skip
    return np.asarray(np.interp(air, knots, factors))
