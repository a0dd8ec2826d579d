"""Many samples of a water circuit through all hours: sums of power and water, fast.

The same formulas as `engine.cooling.rejection.at_weather`, arranged for two loops. With numba
the loops are compiled; without it numpy works through blocks. Both give the same sums.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from engine.climate.psychrometrics import ZERO_C_IN_K
from engine.cooling.chillers import CENTRIFUGAL
from engine.cooling.rejection import Circuit, air_at
from engine.plant import Floats

BLOCK: Final = 16_384  # points at a time: a dozen arrays of them stay in the cache
TABLE: Final = 1024  # steps of the fan law between 0 and 1
ENOUGH_WORK: Final = 2_000_000  # points from which compiling pays


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hours:
    """Air at a circuit's coolers, each state with the hours that it stands for."""

    entering_c: Floats
    wetted_k: Floats
    approach_factor: Floats
    fan_factor: Floats
    weight_h: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """What differs from sample to sample, as factors about the circuit's own numbers."""

    heat: Floats
    approach: Floats
    fan: Floats
    chiller_input: Floats
    warmer_k: Floats

    def __len__(self) -> int:
        return len(self.heat)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CircuitSums:
    """Sums over the hours, one per sample."""

    fan_kwh: Floats
    chiller_kwh: Floats
    evaporated_kwh: Floats


def hours_of(circuit: Circuit, dry_bulb_c: Floats, wet_bulb_c: Floats, bin_k: float = 0.0) -> Hours:
    """Air at a circuit's coolers over a year, hour by hour or in bins of temperature.

    Parameters
    ----------
    circuit : Circuit
        Kind and recirculation.
    dry_bulb_c, wet_bulb_c : array, shape (hours,)
        Outdoor air. [°C]
    bin_k : float
        Width of a bin of entering temperature; 0 keeps every hour. [K]

    Returns
    -------
    Hours
        A bin stands at the mean of its hours. The weights sum to the hours.

    Notes
    -----
    Definition.
    """
    air = air_at(circuit, dry_bulb_c, wet_bulb_c)
    columns = (air.entering_c, air.wetted_k, air.approach_factor, air.fan_factor)
    if bin_k <= 0.0:
        return Hours(
            entering_c=columns[0],
            wetted_k=columns[1],
            approach_factor=columns[2],
            fan_factor=columns[3],
            weight_h=np.ones(len(columns[0])),
        )
    at = np.floor((air.entering_c - air.entering_c.min()) / bin_k).astype(np.int64)
    # A tower or pad that runs dry shares no bin with one that runs wet.
    at = 2 * at + (air.wetted_k > 0.0)
    count = np.bincount(at).astype(np.float64)
    used = count > 0.0
    means = [np.bincount(at, column)[used] / count[used] for column in columns]
    return Hours(
        entering_c=means[0],
        wetted_k=means[1],
        approach_factor=means[2],
        fan_factor=means[3],
        weight_h=count[used],
    )


def circuit_sums(
    circuit: Circuit, hours: Hours, samples: Samples, *, compiled: bool | None = None
) -> CircuitSums:
    """Fan power, chiller power and evaporation of many samples of a circuit over a year.

    Parameters
    ----------
    circuit : Circuit
        One set of numbers.
    hours : Hours
        The year, from `hours_of`.
    samples : Samples
        Factors of heat, approach, fan power and chiller input, and warming. [1, K]
    compiled : bool or None
        Whether to use numba; None: where it is installed and the work is worth it.

    Returns
    -------
    CircuitSums
        One sum per sample. [kWh]

    Notes
    -----
    Definition. `engine.cooling.rejection.at_weather` for each sample and hour. The fan law
    :math:`r^3 = x^{3/m}` is read off a table by cubic interpolation in the compiled loop,
    within 1e-10.
    """
    kernel = _kernel() if compiled or compiled is None else None
    if compiled is None and len(samples) * len(hours.weight_h) < ENOUGH_WORK:
        kernel = None
    numbers = _numbers(circuit)
    columns = (
        hours.entering_c,
        hours.wetted_k,
        hours.approach_factor,
        hours.fan_factor,
        hours.weight_h,
    )
    factors = (
        samples.heat,
        samples.approach,
        samples.fan,
        samples.chiller_input,
        samples.warmer_k,
    )
    out = np.zeros((3, len(samples)))
    if kernel is not None:
        kernel(numbers, _fan_table(circuit.fan_exponent), *columns, *factors, out)
    else:
        _blocks(numbers, columns, factors, out)
    return CircuitSums(fan_kwh=out[0], chiller_kwh=out[1], evaporated_kwh=out[2])


def _numbers(circuit: Circuit) -> tuple[float, ...]:
    """The circuit as plain numbers, in the order that both loops take them apart."""
    set_c, heat = float(circuit.set_c), float(circuit.heat_kw)
    load = heat / circuit.capacity_kw if circuit.capacity_kw > 0.0 else 0.0
    cold = set_c - circuit.evaporator_approach_k
    cap, by_temp, by_load = (
        CENTRIFUGAL.capacity_by_temp,
        CENTRIFUGAL.input_by_temp,
        CENTRIFUGAL.input_by_load,
    )

    def at_set(c: tuple[float, ...]) -> tuple[float, float, float]:
        """A biquadratic as a parabola of the condenser's temperature."""
        return c[0] + set_c * (c[1] + c[2] * set_c), c[3] + c[5] * set_c, c[4]

    low, high = CENTRIFUGAL.condenser_range_c
    return (
        set_c,
        circuit.rise_k,
        heat,
        float(circuit.approach_k) * load,
        float(circuit.fan_kw),
        float(circuit.condenser_fan_kw_per_kw),
        0.0 if circuit.kind == "chiller" or heat <= 0.0 else 1.0,
        3.0 / circuit.fan_exponent,
        1.0 if circuit.is_fitted else 0.0,
        circuit.condenser_approach_k - cold,
        circuit.least_lift_k,
        1.0 / (float(circuit.carnot_share) * (cold + ZERO_C_IN_K)),
        float(circuit.approach_k),
        low,
        high,
        *at_set(cap),
        *at_set(by_temp),
        *(each / CENTRIFUGAL.reference_cop for each in by_load),
        1.0 / circuit.pad_air_rise_k if circuit.kind == "adiabatic" else 0.0,
        circuit.tower_evaporation if circuit.kind == "tower" else 0.0,
    )


def _fan_table(exponent: float) -> Floats:
    """x^(3/m) and its slope at even steps of x, interleaved."""
    x = np.linspace(0.0, 1.0, TABLE + 1)
    power = 3.0 / exponent
    return np.column_stack([x**power, power * x ** (power - 1.0) / TABLE]).ravel()


def _blocks(
    numbers: tuple[float, ...], hours: tuple[Floats, ...], factors: tuple[Floats, ...], out: Floats
) -> None:
    (set_c, rise, heat, approach, fan, condenser_fan, allowed, power, fitted, lift0, least, per_k,
     over_air, low, high, k0, k1, k2, t0, t1, t2, p0, p1, p2, pad, tower) = numbers  # fmt: skip
    entering0, wetted, factor, fan_factor, weight = hours
    rows = max(1, BLOCK // len(weight))
    evaporation = wetted * pad + (wetted > 0.0) * tower
    for start in range(0, out.shape[1], rows):
        mine = slice(start, start + rows)
        f_heat, f_approach, f_fan, f_input, warmer = (each[mine, None] for each in factors)
        entering = entering0 + warmer
        needed = (approach * factor) * (f_heat * f_approach)
        available = set_c - entering
        gap = available - needed  # the coolers' reserve; below 0 a chiller helps
        free = np.clip(gap / rise + 1.0, 0.0, 1.0)
        free *= allowed
        x = np.divide(needed, available, out=np.ones_like(gap), where=gap > 0.0)
        np.power(x, power, out=x)
        x *= fan_factor
        np.minimum(x, 1.0, out=x)
        if fitted > 0.0:
            y = np.clip(entering + over_air, low, high)
            capacity = k0 + y * (k1 + k2 * y)
            per_kw = (t0 + y * (t1 + t2 * y)) * (p0 * capacity + p1 + p2 / capacity)
        else:
            per_kw = np.maximum(entering + lift0, least)
            per_kw *= per_k
        loads = f_heat * heat
        mechanical = (1.0 - free) * loads
        chiller = mechanical * per_kw * f_input
        fans = (x * (free > 0.0)) * fan + (mechanical + chiller) * condenser_fan
        out[0, mine] = (fans * f_fan) @ weight
        out[1, mine] = chiller @ weight
        out[2, mine] = (free * loads) @ (weight * evaporation)


@lru_cache(maxsize=1)
def _kernel() -> Callable[..., None] | None:
    """The compiled loops, or None where numba is not installed."""
    try:
        from numba import njit
    except ImportError:
        return None

    @njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
    def run(  # type: ignore[no-untyped-def]  # noqa: PLR0917  # pragma: no cover
        numbers, table, entering0, wetted, factor, fan_factor, weight,
        f_heats, f_approaches, f_fans, f_inputs, warmers, out,
    ):  # fmt: skip
        (
            set_c,
            rise,
            heat,
            approach,
            fan,
            condenser_fan,
            allowed,
            _power,
            fitted,
            lift0,
            least,
            per_k,
            over_air,
            low,
            high,
            k0,
            k1,
            k2,
            t0,
            t1,
            t2,
            p0,
            p1,
            p2,
            pad,
            tower,
        ) = numbers
        over_rise = 1.0 / rise
        steps = (len(table) // 2) - 1
        for s in range(len(f_heats)):
            loads = f_heats[s] * heat
            scale = approach * f_heats[s] * f_approaches[s]
            f_input, warmer = f_inputs[s], warmers[s]
            fans = 0.0
            chillers = 0.0
            evaporated = 0.0
            for h in range(len(entering0)):
                entering = entering0[h] + warmer
                needed = scale * factor[h]
                available = set_c - entering
                gap = available - needed
                free = min(max(gap * over_rise + 1.0, 0.0), 1.0) * allowed
                x = min(max(needed / available, 0.0), 1.0) if gap > 0.0 else 1.0
                at = x * steps
                i = min(int(at), steps - 1)
                u = at - i
                v = 1.0 - u
                y0, m0 = table[2 * i], table[2 * i + 1]
                y1, m1 = table[2 * i + 2], table[2 * i + 3]
                fan_law = v * v * ((1.0 + 2.0 * u) * y0 + u * m0) + u * u * (
                    (1.0 + 2.0 * v) * y1 - v * m1
                )
                if fitted > 0.0:
                    y = min(max(entering + over_air, low), high)
                    capacity = k0 + y * (k1 + k2 * y)
                    per_kw = (t0 + y * (t1 + t2 * y)) * (p0 * capacity + p1 + p2 / capacity)
                else:
                    per_kw = max(entering + lift0, least) * per_k
                mechanical = (1.0 - free) * loads
                chiller = mechanical * per_kw * f_input
                running = fan * min(fan_law * fan_factor[h], 1.0) if free > 0.0 else 0.0
                fans += weight[h] * (running + (mechanical + chiller) * condenser_fan)
                chillers += weight[h] * chiller
                wet = wetted[h]
                evaporated += weight[h] * free * (wet * pad + (tower if wet > 0.0 else 0.0))
            out[0, s] = fans * f_fans[s]
            out[1, s] = chillers
            out[2, s] = evaporated * loads

    compiled: Callable[..., None] = run
    return compiled
