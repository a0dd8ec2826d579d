"""Checkpoints of a job: how often they lose least, and how much of its time is progress."""

import numpy as np
from numpy.typing import ArrayLike

from engine.plant import Floats
from engine.ranges import bounded


def daly_interval_h(save_h: ArrayLike, mean_time_h: ArrayLike) -> Floats:
    """Working time between two checkpoints that loses least.

    Parameters
    ----------
    save_h : array_like
        Time of a checkpoint, > 0. [h]
    mean_time_h : array_like
        Mean time between stops, > 0. [h]

    Returns
    -------
    array
        Interval. [h]

    Raises
    ------
    OutOfRange
        If a time is not positive.

    Notes
    -----
    sqrt(2 d M) (1 + sqrt(z) / 3 + z / 9) - d with z = d / (2 M) while d < 2 M, else M [1]_.

    References
    ----------
    .. [1] J. T. Daly, "A higher order estimate of the optimum checkpoint interval for restart
       dumps," Future Gener. Comput. Syst., vol. 22, no. 3, pp. 303-312, 2006, eq. 37.
       doi:10.1016/j.future.2004.11.016
    """
    d = bounded("The time of a checkpoint", save_h, 0.0, unit="h", above_low=True)
    m = bounded("The time between stops", mean_time_h, 0.0, unit="h", above_low=True)
    z = d / (2.0 * m)
    interval = np.sqrt(2.0 * d * m) * (1.0 + np.sqrt(z) / 3.0 + z / 9.0) - d
    return np.asarray(np.where(d < 2.0 * m, interval, m))


def daly_efficiency(
    interval_h: ArrayLike, save_h: ArrayLike, restart_h: ArrayLike, mean_time_h: ArrayLike
) -> Floats:
    """Share of a job's time that becomes progress.

    Parameters
    ----------
    interval_h : array_like
        Working time between checkpoints, > 0. [h]
    save_h : array_like
        Time of a checkpoint, >= 0. [h]
    restart_h : array_like
        From a stop to work again, >= 0. [h]
    mean_time_h : array_like
        Mean time between stops, > 0. [h]

    Returns
    -------
    array
        In (0, 1); 0 when a job can hardly ever finish an interval. [-]

    Raises
    ------
    OutOfRange
        If a time is out of its range.

    Notes
    -----
    t / (M e^(R/M) (e^((t+d)/M) - 1)), stops memoryless, also while saving and restarting [1]_.

    References
    ----------
    .. [1] J. T. Daly, Future Gener. Comput. Syst., vol. 22, no. 3, pp. 303-312, 2006, eq. 20.
       doi:10.1016/j.future.2004.11.016
    """
    t = bounded("The interval", interval_h, 0.0, unit="h", above_low=True)
    d = bounded("The time of a checkpoint", save_h, 0.0, unit="h")
    r = bounded("The time of a restart", restart_h, 0.0, unit="h")
    m = bounded("The time between stops", mean_time_h, 0.0, unit="h", above_low=True)
    # exp of the negative, so that a hopeless interval gives zero and not an overflow.
    return np.asarray(t / m * np.exp(-(r + t + d) / m) / -np.expm1(-(t + d) / m))
