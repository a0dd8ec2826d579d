"""How long stored energy carries a load, and how much must be stored."""

import numpy as np
from numpy.typing import ArrayLike

from engine.plant import Floats
from engine.ranges import bounded


def ride_through_s(
    energy_kwh: ArrayLike,
    load_kw: ArrayLike,
    *,
    usable_fraction: ArrayLike = 1.0,
    efficiency: ArrayLike = 1.0,
    rated_load_kw: ArrayLike | None = None,
    peukert: ArrayLike = 1.0,
) -> Floats:
    """Time that a battery or flywheel carries a load.

    Parameters
    ----------
    energy_kwh : array_like
        Stored energy, >= 0. [kWh]
    load_kw : array_like
        Load at the output, > 0. [kW]
    usable_fraction : array_like
        Share that may be drawn at the end of life, in (0, 1]. [-]
    efficiency : array_like
        Of the inverter between battery and load, in (0, 1]. [-]
    rated_load_kw : array_like or None
        Load at which ``energy_kwh`` holds, > 0; None: at every load. [kW]
    peukert : array_like
        Exponent, 1 for lithium and flywheels, 1.1 to 1.3 for lead-acid. [-]

    Returns
    -------
    array
        Ride-through. [s]

    Raises
    ------
    OutOfRange
        If a figure is out of its range; a load of zero has no ride-through.

    Notes
    -----
    t = E u eta / P, times (Pr / P)^(k - 1): Peukert's law [1]_ about the load at which the energy
    was stated.

    References
    ----------
    .. [1] W. Peukert, "Über die Abhängigkeit der Kapazität von der Entladestromstärke bei
       Bleiakkumulatoren," Elektrotechnische Zeitschrift, vol. 20, pp. 287-288, 1897.
    """
    energy = bounded("The stored energy", energy_kwh, 0.0, unit="kWh")
    load = bounded(
        "The load", load_kw, 0.0, unit="kW", above_low=True,
        remedy="Ride-through has a meaning only under load.",
    )  # fmt: skip
    usable = bounded("The usable share", usable_fraction, 0.0, 1.0, above_low=True)
    share = bounded("The efficiency", efficiency, 0.0, 1.0, above_low=True)
    exponent = bounded("The Peukert exponent", peukert, 1.0, 2.0)
    seconds = 3600.0 * energy * usable * share / load
    if rated_load_kw is None:
        return np.asarray(seconds)
    rated = bounded("The rated load", rated_load_kw, 0.0, unit="kW", above_low=True)
    return np.asarray(seconds * (rated / load) ** (exponent - 1.0))
