"""Free cooling in series with a chiller: how far it goes, and in how many hours."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.psychrometrics import within
from engine.errors import OutOfRange
from engine.plant import Floats

FULL, PARTIAL, NONE = 2, 1, 0
EDGE = 1e-9  # a share within this of 0 or 1 is 0 or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EconomizerHours:
    """Hours by how much of the heat needs no chiller. Each hour is in exactly one class."""

    full: int
    partial: int
    none: int

    @property
    def total(self) -> int:
        """All hours."""
        return self.full + self.partial + self.none


def free_share(return_c: ArrayLike, set_c: ArrayLike, reach_c: ArrayLike) -> Floats:
    r"""Share of the heat that the coolers take before the chiller.

    Parameters
    ----------
    return_c, set_c : array_like
        Water that comes back, and set-point of the supply, below it. [°C]
    reach_c : array_like
        Water that the coolers make at full fan. [°C]

    Returns
    -------
    array
        0 to 1; the chiller takes the rest. [1]

    Raises
    ------
    OutOfRange
        If a return is not warmer than its set-point.

    Notes
    -----
    :math:`y = \mathrm{clip}\left((T_{ret} - T_{av})/(T_{ret} - T_{set}), 0, 1\right)`.
    Definition.
    """
    back = within("return_c", return_c, -50.0, 150.0, "°C")
    wanted = within("set_c", set_c, -50.0, 150.0, "°C")
    reach = within("reach_c", reach_c, -150.0, 250.0, "°C")
    if np.any(back <= wanted):
        raise OutOfRange(
            "The water must come back warmer than its set-point; check the rise.",
            quantity="return_c",
        )
    return np.clip((back - reach) / (back - wanted), 0.0, 1.0)


def economizer_class(share: ArrayLike) -> Floats:
    """Class of each hour: 2 full, 1 partial, 0 none.

    Raises
    ------
    OutOfRange
        If a share lies outside 0 to 1.

    Notes
    -----
    Definition.
    """
    free = within("share", share, -EDGE, 1.0 + EDGE, "as a share of 1")
    return np.where(free >= 1.0 - EDGE, FULL, np.where(free > EDGE, PARTIAL, NONE))


def economizer_hours(share: ArrayLike) -> EconomizerHours:
    """Hours of full, partial and no free cooling.

    Parameters
    ----------
    share : array_like
        Free share of each hour, 0 to 1. [1]

    Returns
    -------
    EconomizerHours
        Their sum is the number of hours given.

    Raises
    ------
    OutOfRange
        If a share lies outside 0 to 1.

    Notes
    -----
    Definition.
    """
    count = np.bincount(economizer_class(share).ravel().astype(np.int64), minlength=3)
    return EconomizerHours(
        full=int(count[FULL]), partial=int(count[PARTIAL]), none=int(count[NONE])
    )
