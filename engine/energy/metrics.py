"""Ratios of yearly sums: PUE, WUE, CUE, heat reuse and their kin.

Every function takes energies of one period, as one number or hour by hour. Hours are summed
before anything is divided: a mean of hourly ratios is another number.
"""

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.psychrometrics import within
from engine.errors import OutOfRange


def power_usage_effectiveness(site_kwh: ArrayLike, it_kwh: ArrayLike) -> float:
    """PUE: energy of the site over energy of the IT.

    Parameters
    ----------
    site_kwh, it_kwh : array_like
        Energies of the same period, >= 0, the IT's above 0. [kWh]

    Returns
    -------
    float
        >= 1 when both are measured right. [1]

    Raises
    ------
    OutOfRange
        If an energy is negative or not finite, or there is no IT energy.

    Notes
    -----
    A ratio of energies, never a mean of hourly ratios [1]_.

    References
    ----------
    .. [1] ISO/IEC 30134-2:2016, "Power usage effectiveness (PUE)", cl. 5.
    """
    return _per("site_kwh", site_kwh, it_kwh)


def partial_pue(part_kwh: ArrayLike, it_kwh: ArrayLike) -> float:
    """PUE of one subsystem: IT and the part over IT.

    Parameters
    ----------
    part_kwh, it_kwh : array_like
        Energies of the same period. [kWh]

    Returns
    -------
    float
        >= 1. [1]

    Raises
    ------
    OutOfRange
        As for `power_usage_effectiveness`.

    Notes
    -----
    pPUE of a subsystem that feeds the IT [1]_.

    References
    ----------
    .. [1] ISO/IEC 30134-2:2016, "Power usage effectiveness (PUE)", annex C.
    """
    return 1.0 + _per("part_kwh", part_kwh, it_kwh)


def infrastructure_efficiency(site_kwh: ArrayLike, it_kwh: ArrayLike) -> float:
    """DCiE: energy of the IT over energy of the site, the inverse of PUE.

    Raises
    ------
    OutOfRange
        As for `power_usage_effectiveness`.

    Notes
    -----
    Definition.
    """
    return 1.0 / power_usage_effectiveness(site_kwh, it_kwh)


def it_usage_effectiveness(it_kwh: ArrayLike, compute_kwh: ArrayLike) -> float:
    """ITUE: energy into the IT over energy that reaches its computing parts.

    Parameters
    ----------
    it_kwh, compute_kwh : array_like
        Energies of the same period. [kWh]

    Returns
    -------
    float
        >= 1: fans, pumps, supplies and conversions inside the racks are the difference. [1]

    Raises
    ------
    OutOfRange
        If an energy is negative or not finite, or no energy reaches the computing parts.

    Notes
    -----
    "PUE inside the IT" [1]_.

    References
    ----------
    .. [1] M. K. Patterson et al., "TUE, a new energy-efficiency metric applied at ORNL's
       Jaguar," ISC 2013, doi:10.1007/978-3-642-38750-0_28.
    """
    return _per("it_kwh", it_kwh, compute_kwh)


def total_usage_effectiveness(pue: float, itue: float) -> float:
    """TUE: energy of the site over energy that reaches the computing parts.

    Parameters
    ----------
    pue, itue : float
        Of the same period, >= 0. [1]

    Returns
    -------
    float
        Their product: moving a pump or a converter across the rack's edge leaves it alone. [1]

    Raises
    ------
    OutOfRange
        If one is negative or not finite.

    Notes
    -----
    TUE = ITUE x PUE [1]_.

    References
    ----------
    .. [1] M. K. Patterson et al., "TUE, a new energy-efficiency metric applied at ORNL's
       Jaguar," ISC 2013, doi:10.1007/978-3-642-38750-0_28.
    """
    factors = within("pue and itue", [pue, itue], 0.0, np.inf, "1")
    return float(factors[0] * factors[1])


def carbon_usage_effectiveness(carbon_kg: ArrayLike, it_kwh: ArrayLike) -> float:
    """CUE: carbon dioxide equivalent of the site's energy over energy of the IT.

    Parameters
    ----------
    carbon_kg : array_like
        Emissions of the period. [kg]
    it_kwh : array_like
        Energy of the IT. [kWh]

    Returns
    -------
    float
        [kg/kWh]

    Raises
    ------
    OutOfRange
        As for `power_usage_effectiveness`.

    Notes
    -----
    A ratio of sums [1]_.

    References
    ----------
    .. [1] ISO/IEC 30134-8:2022, "Carbon usage effectiveness (CUE)".
    """
    return _per("carbon_kg", carbon_kg, it_kwh)


def water_usage_effectiveness(water_l: ArrayLike, it_kwh: ArrayLike) -> float:
    """WUE: water that the site uses over energy of the IT.

    Parameters
    ----------
    water_l : array_like
        Water of the period; with the water behind the electricity it is WUE at source. [L]
    it_kwh : array_like
        Energy of the IT. [kWh]

    Returns
    -------
    float
        [L/kWh]

    Raises
    ------
    OutOfRange
        As for `power_usage_effectiveness`.

    Notes
    -----
    A ratio of sums [1]_.

    References
    ----------
    .. [1] ISO/IEC 30134-9:2022, "Water usage effectiveness (WUE)".
    """
    return _per("water_l", water_l, it_kwh)


def energy_reuse_factor(reused_kwh: ArrayLike, site_kwh: ArrayLike) -> float:
    """ERF: energy used again elsewhere over energy of the site.

    Parameters
    ----------
    reused_kwh, site_kwh : array_like
        Energies of the same period, reused not above that of the site. [kWh]

    Returns
    -------
    float
        0 to 1. [1]

    Raises
    ------
    OutOfRange
        If more is reused than the site takes in, or a number makes no sense.

    Notes
    -----
    A ratio of energies [1]_.

    References
    ----------
    .. [1] ISO/IEC 30134-6:2021, "Energy reuse factor (ERF)".
    """
    factor = _per("reused_kwh", reused_kwh, site_kwh)
    if factor > 1.0 + 1e-12:
        raise OutOfRange(
            "More energy is reused than the site takes in; count only what leaves the site.",
            quantity="reused_kwh",
        )
    return min(factor, 1.0)


def energy_reuse_effectiveness(pue: float, reuse_factor: float) -> float:
    """ERE: what the site takes in beyond what it gives away, over energy of the IT.

    Parameters
    ----------
    pue : float
        >= 0. [1]
    reuse_factor : float
        ERF, 0 to 1. [1]

    Returns
    -------
    float
        (1 - ERF) PUE, at most the PUE. [1]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    ERE = (1 - ERF) PUE [1]_.

    References
    ----------
    .. [1] M. K. Patterson et al., "ERE: A metric for measuring the benefit of reuse energy
       from a data center," The Green Grid, white paper 29, 2010.
    """
    return float(
        within("pue", pue, 0.0, np.inf, "1")
        * (1.0 - within("reuse_factor", reuse_factor, 0.0, 1.0, "1"))
    )


def renewable_energy_factor(renewable_kwh: ArrayLike, site_kwh: ArrayLike) -> float:
    """REF: renewable energy that the site owns or buys over its energy, 1 at most.

    Raises
    ------
    OutOfRange
        As for `power_usage_effectiveness`.

    Notes
    -----
    A ratio of energies; what exceeds the site's own use does not count [1]_.

    References
    ----------
    .. [1] ISO/IEC 30134-3:2016, "Renewable energy factor (REF)".
    """
    return min(_per("renewable_kwh", renewable_kwh, site_kwh), 1.0)


def _per(quantity: str, above: ArrayLike, below: ArrayLike) -> float:
    top = float(np.sum(within(quantity, above, 0.0, np.inf, "summed")))
    under = float(np.sum(within("energy", below, 0.0, np.inf, "kWh")))
    if under <= 0.0:
        raise OutOfRange(
            "A ratio per energy needs energy in its period: choose one in which the IT runs.",
            quantity=quantity,
        )
    return top / under
