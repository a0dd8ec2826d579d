"""Which standard bore carries a flow within limits of velocity and loss."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.hydraulics.errors import NoBore
from engine.hydraulics.friction import pressure_gradient_pa_m, velocity_m_s
from engine.plant import Bools, Floats, Ints

# Nominal size, bore and wall of steel pipe. [-], [m], [m]
STEEL_PIPES: Final[tuple[tuple[int, float, float], ...]] = (
    (15, 0.0158, 0.00277),
    (20, 0.0209, 0.00287),
    (25, 0.0266, 0.00338),
    (32, 0.0351, 0.00356),
    (40, 0.0409, 0.00368),
    (50, 0.0525, 0.00391),
    (65, 0.0627, 0.00516),
    (80, 0.0779, 0.00549),
    (100, 0.1023, 0.00602),
    (125, 0.1282, 0.00655),
    (150, 0.1541, 0.00711),
    (200, 0.2027, 0.00818),
    (250, 0.2545, 0.00927),
    (300, 0.3032, 0.00953),
    (350, 0.3366, 0.00953),
    (400, 0.3873, 0.00953),
    (450, 0.4381, 0.00953),
    (500, 0.4889, 0.00953),
    (600, 0.5906, 0.00953),
)
# ASME B36.10M, schedule 40 to DN 250 and standard wall above.

LIMITS: Final = ("dn50", "dn100", "dn200", "above")


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeSeries:
    """Bores to choose from, rising, with the highest velocity that each may have."""

    nominal: Ints
    bore_m: Floats
    wall_m: Floats
    velocity_max_m_s: Floats
    gradient_max_pa_m: float


def steel_series(assumptions: Assumptions) -> PipeSeries:
    """Steel pipe with the limits of the assumptions.

    Parameters
    ----------
    assumptions : Assumptions
        Lines ``pipes.velocity_max_*_m_s`` and ``pipes.gradient_max_pa_m``.

    Returns
    -------
    PipeSeries
        DN 15 to DN 600.

    References
    ----------
    .. [1] ASME B36.10M-2018, "Welded and Seamless Wrought Steel Pipe".
    """
    nominal, bore, wall = (np.array(column) for column in zip(*STEEL_PIPES, strict=True))
    step = np.searchsorted([50, 100, 200], nominal)
    limits = np.array([assumptions.value(f"pipes.velocity_max_{name}_m_s") for name in LIMITS])
    return PipeSeries(
        nominal=nominal.astype(np.int64),
        bore_m=bore.astype(np.float64),
        wall_m=wall.astype(np.float64),
        velocity_max_m_s=limits[step],
        gradient_max_pa_m=assumptions.value("pipes.gradient_max_pa_m"),
    )


def choose_bores(
    flow_m3_s: ArrayLike,
    series: PipeSeries,
    *,
    roughness_m: float,
    density_kg_m3: float,
    viscosity_pa_s: float,
) -> Ints:
    r"""The smallest bore of a series for each flow.

    Parameters
    ----------
    flow_m3_s : array, shape (n,)
        Flows; their direction does not count. [m3/s]
    series : PipeSeries
        Bores and limits.
    roughness_m : float
        Of the wall, >= 0. [m]
    density_kg_m3, viscosity_pa_s : float
        Of the liquid, > 0. [kg/m3], [Pa s]

    Returns
    -------
    array of int, shape (n,)
        Index into the series; the smallest bore where nothing flows.

    Raises
    ------
    NoBore
        If even the largest bore exceeds a limit.
    OutOfRange
        If a property is not positive.

    Notes
    -----
    Definition. The first bore whose velocity and loss per metre both lie within their limits.
    After sizing a network, solve it again and repeat until no bore changes.
    """
    chosen, fits = smallest_bores(
        flow_m3_s,
        series,
        roughness_m=roughness_m,
        density_kg_m3=density_kg_m3,
        viscosity_pa_s=viscosity_pa_s,
    )
    if not fits.all():
        worst = float(np.abs(np.atleast_1d(flow_m3_s))[~fits].max())
        raise NoBore(
            f"No pipe up to DN {series.nominal[-1]} carries {1000.0 * worst:,.0f} L/s within "
            f"{series.velocity_max_m_s[-1]:g} m/s and {series.gradient_max_pa_m:g} Pa/m: "
            "split the flow over several pipes.",
            flow_m3_s=worst,
        )
    return chosen


def smallest_bores(
    flow_m3_s: ArrayLike,
    series: PipeSeries,
    *,
    roughness_m: float,
    density_kg_m3: float,
    viscosity_pa_s: float,
) -> tuple[Ints, Bools]:
    r"""As `choose_bores`, with the largest bore and a mark where none fits.

    Parameters
    ----------
    flow_m3_s : array, shape (n,)
        Flows; their direction does not count. [m3/s]
    series : PipeSeries
        Bores and limits.
    roughness_m : float
        Of the wall, >= 0. [m]
    density_kg_m3, viscosity_pa_s : float
        Of the liquid, > 0. [kg/m3], [Pa s]

    Returns
    -------
    tuple of array of int and array of bool, shape (n,)
        Index into the series, and whether that bore keeps both limits.

    Raises
    ------
    OutOfRange
        If a property is not positive.

    Notes
    -----
    Definition. The first bore whose velocity and loss per metre both lie within their limits.
    """
    flow = np.abs(np.atleast_1d(np.asarray(flow_m3_s, dtype=np.float64)))
    if not np.isfinite(flow).all():
        raise OutOfRange("A flow to size a pipe for must be a number.")
    speed = velocity_m_s(flow[:, None], series.bore_m[None, :])
    gradient = pressure_gradient_pa_m(
        flow[:, None], series.bore_m[None, :], roughness_m, density_kg_m3, viscosity_pa_s
    )
    keeps = (speed <= series.velocity_max_m_s) & (gradient <= series.gradient_max_pa_m)
    fits = np.asarray(keeps.any(axis=1))
    first = np.where(fits, np.argmax(keeps, axis=1), series.bore_m.size - 1).astype(np.int64)
    return first, fits
