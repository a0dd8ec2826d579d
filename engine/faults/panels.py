"""Panels that share the load of pods: overloads, pods that go offline, and cascades."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Bools, Floats, Ints
from engine.ranges import bounded

SLACK = 1e-9  # of a rating


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelStates:
    """Panels and pods in some scenarios; leading axes are the scenarios."""

    panel_kw: Floats  # shape (..., panels); 0 for a dead one
    panel_fraction: Floats  # load over rating
    is_overloaded: Bools  # panels alive and over their rating
    is_offline: Bools  # shape (..., pods): no panel of the pod is alive
    is_strained: Bools  # shape (..., pods): on a panel that is overloaded
    lost_kw: Floats  # shape (...): load of the pods offline


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """How far overloads spread."""

    final: PanelStates
    is_alive: Bools  # shape (..., panels) in the end
    trips: Ints  # shape (...): panels that tripped after the first failure
    first_trip_s: Floats  # shape (...): -1 when nothing trips
    last_trip_s: Floats


def panel_states(
    pod_kw: ArrayLike, feeds: ArrayLike, rating_kw: ArrayLike, alive: ArrayLike
) -> PanelStates:
    """Load of every panel when the live ones share the load of their pods.

    Parameters
    ----------
    pod_kw : array_like, shape (pods,)
        Load of each pod, >= 0. [kW]
    feeds : array_like of bool, shape (pods, panels)
        Which panels feed which pod.
    rating_kw : array_like, shape (panels,)
        Rating of each panel, > 0. [kW]
    alive : array_like of bool, shape (..., panels)
        Which panels work; leading axes are scenarios.

    Returns
    -------
    PanelStates
        A panel over its rating is overloaded; a pod without a live panel is offline.

    Raises
    ------
    Invalid
        If the shapes do not fit.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. The live panels of a pod carry equal parts of it.
    """
    load = bounded("The pod's load", pod_kw, 0.0, unit="kW")
    rating = bounded("The panel's rating", rating_kw, 0.0, unit="kW", above_low=True)
    fed = np.asarray(feeds, dtype=bool)
    works = np.asarray(alive, dtype=bool)
    if fed.shape != (*load.shape, *rating.shape) or works.shape[-1:] != rating.shape:
        raise Invalid(
            "Feeds need a row per pod and a column per panel, scenarios an entry per panel.",
            pods=load.size,
            panels=rating.size,
        )
    count = works.astype(np.float64) @ fed.T.astype(np.float64)
    part = np.divide(load, count, out=np.zeros_like(count), where=count > 0.0)
    panel = np.where(works, part @ fed.astype(np.float64), 0.0)
    over = panel > rating * (1.0 + SLACK)
    offline = count == 0.0
    strained = (over.astype(np.float64) @ fed.T.astype(np.float64) > 0.0) & ~offline
    return PanelStates(
        panel_kw=panel,
        panel_fraction=panel / rating,
        is_overloaded=over,
        is_offline=offline,
        is_strained=strained,
        lost_kw=np.asarray((load * offline).sum(axis=-1)),
    )


def cascade(
    pod_kw: ArrayLike,
    feeds: ArrayLike,
    rating_kw: ArrayLike,
    alive: ArrayLike,
    *,
    time_constant_s: float = 600.0,
    holds_fraction: float = 1.05,
) -> Cascade:
    """What is left when overloaded panels trip one after the other.

    Parameters
    ----------
    pod_kw, feeds, rating_kw, alive
        As for `panel_states`.
    time_constant_s : float
        Thermal time constant of the protection, > 0. [s]
    holds_fraction : float
        Load over rating that never trips, >= 1. [-]

    Returns
    -------
    Cascade
        The end of each scenario and its times.

    Raises
    ------
    Invalid
        If the shapes do not fit.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. The most overloaded panel trips first, after `trip_time_s` from rest; its pods
    move to their other panels, and so on until nothing is over or nothing is left. At most one
    trip per panel, so it ends. Taking each trip from rest is on the slow side: a panel that was
    already warm trips sooner.
    """
    limit = float(bounded("The load that holds", holds_fraction, 1.0))
    works = np.array(alive, dtype=bool)
    shape = works.shape[:-1]
    trips = np.zeros(shape, dtype=np.int64)
    first, clock = np.full(shape, -1.0), np.zeros(shape)
    for _ in range(works.shape[-1]):
        state = panel_states(pod_kw, feeds, rating_kw, works)
        load = state.panel_fraction
        worst = load.argmax(axis=-1)
        most = np.take_along_axis(load, worst[..., None], axis=-1)[..., 0]
        falls = most > limit * (1.0 + SLACK)
        if not falls.any():
            break
        wait = trip_time_s(np.where(falls, most / limit, 2.0), time_constant_s)
        clock = np.where(falls, clock + wait, clock)
        first = np.where(falls & (first < 0.0), clock, first)
        trips = trips + falls
        gone = (np.arange(works.shape[-1]) == worst[..., None]) & falls[..., None]
        works &= ~gone
    return Cascade(
        final=panel_states(pod_kw, feeds, rating_kw, works),
        is_alive=works,
        trips=trips,
        first_trip_s=np.asarray(first),
        last_trip_s=np.asarray(np.where(trips > 0, clock, -1.0)),
    )


def trip_time_s(
    load_fraction: ArrayLike, time_constant_s: float, before_fraction: ArrayLike = 0.0
) -> Floats:
    """Time until a thermal overload protection trips.

    Parameters
    ----------
    load_fraction : array_like
        Load over the setting, > 1. [-]
    time_constant_s : float
        Thermal time constant, > 0. [s]
    before_fraction : array_like
        Steady load before, from 0 (cold) to 1. [-]

    Returns
    -------
    array
        Time to trip. [s]

    Raises
    ------
    OutOfRange
        If the load does not exceed the setting, or another figure is out of its range.

    Notes
    -----
    t = tau ln((x^2 - p^2) / (x^2 - 1)) [1]_.

    References
    ----------
    .. [1] IEC 60255-149:2013, clause 4.4.
    """
    x = bounded("The overload", load_fraction, 1.0, above_low=True)
    tau = float(bounded("The time constant", time_constant_s, 0.0, unit="s", above_low=True))
    p = bounded("The load before", before_fraction, 0.0, 1.0)
    return np.asarray(tau * np.log((x**2 - p**2) / (x**2 - 1.0)))
