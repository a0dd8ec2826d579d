"""Tokens per second of one GPU at the speed a user sees.

Three tiers, best first: a measured frontier; a measured frontier of the
closest system, scaled by published anchors; a fitted roofline. The tier and its
uncertainty travel with the answer.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from engine.tables import gpu_systems, model_named, scaled_frontiers
from engine.tokens import roofline
from engine.tokens.measurements import SHIPPED, Measurements

Array = npt.NDArray[np.float64]
Tier = Literal["measured", "scaled", "roofline"]

MEASURED_SIGMA: Final = 0.08
# Lognormal. Runs within ten days differ by 6.7 % at the 90th percentile; choosing the
# best of them adds about 5 %.
SIGMA_PER_OCTAVE: Final = 0.10
UNMEASURED_SIGMA: Final = 0.5
RATIO_LIMITS: Final = (0.2, 5.0)
ROOFLINE_KNOTS: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """One workload on one kind of GPU: the key of a frontier."""

    gpu: str
    model: str
    precision: str
    isl: int
    osl: int
    prefix_hit: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        """Input and output length. [tok]"""
        return (self.isl, self.osl)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The best throughput per GPU at every speed per user, for one workload.

    Speeds ascend, throughputs descend. Below the slowest knot throughput is
    held; beyond the fastest nothing is promised.
    """

    tok_s_per_user: Array
    tok_s_per_gpu: Array
    slopes: Array  # of ln throughput at the knots
    tier: Tier
    sigma: float
    label: str
    points: int

    @property
    def fastest_tok_s_user(self) -> float:
        """Highest speed that was measured or predicted. [tok/s]"""
        return float(self.tok_s_per_user[-1])

    def at(self, tok_s_user: float) -> float | None:
        """All tokens per second and GPU at a speed per user; None when infeasible.

        Parameters
        ----------
        tok_s_user : float
            Output tokens per second that one user sees. [tok/s]

        Returns
        -------
        float or None
            Input and output tokens per second of one GPU. [tok/s]

        Notes
        -----
        Definition. Monotone cubic through ln throughput, constant below the
        slowest knot, infeasible above the fastest: no extrapolation.
        """
        u = self.tok_s_per_user
        if not tok_s_user <= u[-1]:  # no number is as far out of reach as a number too high
            return None
        if tok_s_user <= u[0]:
            return float(self.tok_s_per_gpu[0])
        if tok_s_user == u[-1]:
            return float(self.tok_s_per_gpu[-1])
        i = int(np.searchsorted(u, tok_s_user, side="right")) - 1
        if tok_s_user == u[i]:
            return float(self.tok_s_per_gpu[i])
        y = np.log(self.tok_s_per_gpu[i : i + 2])
        return float(np.exp(hermite(u[i : i + 2], y, self.slopes[i : i + 2], tok_s_user)))


def hermite(x: Array, y: Array, slope: Array, at: float) -> float:
    """Cubic with the given values and slopes at both ends of one interval.

    Parameters
    ----------
    x, y, slope : array, shape (2,)
        Ends, values and slopes.
    at : float
        Where, within the interval.

    Returns
    -------
    float
        The value there.

    Notes
    -----
    Definition. Cubic Hermite polynomial.
    """
    h = x[1] - x[0]
    t = (at - x[0]) / h
    return float(
        y[0] * (1 + 2 * t) * (1 - t) ** 2
        + slope[0] * h * t * (1 - t) ** 2
        + y[1] * t * t * (3 - 2 * t)
        + slope[1] * h * t * t * (t - 1)
    )


def monotone_slopes(x: Array, y: Array) -> Array:
    """Slopes that keep a cubic through the points monotone between them.

    Parameters
    ----------
    x : array, shape (n,)
        Strictly ascending, n >= 1.
    y : array, shape (n,)
        Values.

    Returns
    -------
    array, shape (n,)
        Slope at each point.

    Notes
    -----
    Weighted harmonic mean of the neighbouring secants inside [1]_; one-sided
    three-point formula at the ends, limited to keep the shape.

    References
    ----------
    .. [1] F. N. Fritsch and J. Butland, "A method for constructing local monotone
       piecewise cubic interpolants," SIAM J. Sci. Stat. Comput., vol. 5, no. 2,
       pp. 300-304, 1984, doi:10.1137/0905021.
    """
    if x.size == 1:
        return np.zeros(1)
    h = np.diff(x)
    secant = np.diff(y) / h
    if x.size == 2:
        return np.repeat(secant, 2)
    slopes = np.zeros_like(y)
    left, right = secant[:-1], secant[1:]
    w1, w2 = 2 * h[1:] + h[:-1], h[1:] + 2 * h[:-1]
    same = left * right > 0
    slopes[1:-1][same] = (w1[same] + w2[same]) / (w1[same] / left[same] + w2[same] / right[same])
    slopes[0] = _end_slope(h[0], h[1], secant[0], secant[1])
    slopes[-1] = _end_slope(h[-1], h[-2], secant[-1], secant[-2])
    return slopes


def _end_slope(h0: float, h1: float, m0: float, m1: float) -> float:
    slope = ((2 * h0 + h1) * m0 - h0 * m1) / (h0 + h1)
    if np.sign(slope) != np.sign(m0):
        return 0.0
    if np.sign(m0) != np.sign(m1) and abs(slope) > 3 * abs(m0):
        return float(3 * m0)
    return float(slope)


def not_dominated(tok_s_per_user: Array, tok_s_per_gpu: Array) -> npt.NDArray[np.intp]:
    """Indices of the points that no other point beats in both, slowest first.

    Parameters
    ----------
    tok_s_per_user, tok_s_per_gpu : array, shape (n,)
        Speed of one user and throughput of one GPU. [tok/s]

    Returns
    -------
    array of int, shape (k,)
        Speeds ascend along it, throughputs descend.

    Notes
    -----
    Definition. Pareto order; of equal speeds the higher throughput stays.
    """
    order = np.lexsort((-tok_s_per_gpu, -tok_s_per_user))
    best = np.maximum.accumulate(tok_s_per_gpu[order])
    keep = np.ones(order.size, dtype=bool)
    keep[1:] = tok_s_per_gpu[order][1:] > best[:-1]
    return order[keep][::-1]


def _through(u: Array, x: Array, knowledge: tuple[Tier, float, str, int]) -> Frontier:
    keep = not_dominated(u, x)
    u, x = u[keep], x[keep]
    tier, sigma, label, measured = knowledge
    return Frontier(
        tok_s_per_user=u,
        tok_s_per_gpu=x,
        slopes=monotone_slopes(u, np.log(x)),
        tier=tier,
        sigma=sigma,
        label=label,
        points=measured,
    )


@lru_cache(maxsize=256)
def measured_frontier(
    serving: Serving, spec: str | None = None, measured: Measurements = SHIPPED
) -> Frontier | None:
    """The measured frontier of exactly this workload, or None when nobody measured it.

    Parameters
    ----------
    serving : Serving
        Keys of the shipped tables and lengths; the prefix cache is not looked at.
    spec : str, optional
        Only this speculative method; by default the best of all recipes.
    measured : Measurements
        Which points count.

    Returns
    -------
    Frontier or None
        The points that no other beats.

    Notes
    -----
    Definition. Precisions are never merged; frameworks, layouts and speculative
    methods are, since they change speed and not the answer's quality.
    """
    chosen = [
        p
        for p in measured.of(serving.model, serving.gpu)
        if p.precision == serving.precision
        and (p.isl, p.osl) == serving.shape
        and (spec is None or p.spec == spec)
    ]
    if not chosen:
        return None
    recipes = " and ".join(sorted({p.spec for p in chosen}))
    label = (
        f"{measured.names(chosen)}, {serving.gpu} {serving.model} {serving.precision} "
        f"{serving.isl}/{serving.osl}, speculation {recipes}"
    )
    return _through(
        np.array([p.tok_s_per_user for p in chosen]),
        np.array([p.tok_s_per_gpu for p in chosen]),
        ("measured", MEASURED_SIGMA, label, len(chosen)),
    )


@lru_cache(maxsize=256)
def roofline_frontier(serving: Serving) -> Frontier | None:
    """The frontier that the fitted roofline predicts, or None when the model fits nowhere.

    Parameters
    ----------
    serving : Serving
        Keys of the shipped tables, lengths and prefix hits.

    Returns
    -------
    Frontier or None
        Upper envelope over layouts and batch sizes.

    Notes
    -----
    Definition. Thinned to at most 48 knots, so that the cubic stays smooth.
    """
    system = gpu_systems().get(serving.gpu)
    if system is None:
        return None
    u, x = roofline.predicted_points(
        model_named(serving.model),
        system,
        serving.precision,
        isl=serving.isl,
        osl=serving.osl,
        prefix_hit=serving.prefix_hit,
    )
    if not u.size:
        return None
    keep = not_dominated(u, x)
    if keep.size > ROOFLINE_KNOTS:
        keep = keep[np.linspace(0, keep.size - 1, ROOFLINE_KNOTS).round().astype(int)]
    is_measured = SHIPPED.has_gpu(serving.gpu)
    sigma = roofline.SIGMA if is_measured else UNMEASURED_SIGMA
    label = f"fitted roofline, {system.system} ({system.fit_basis})"
    return _through(u[keep], x[keep], ("roofline", sigma, label, 0))


@lru_cache(maxsize=256)
def scaled_frontier(serving: Serving, measured: Measurements = SHIPPED) -> Frontier | None:
    """A measured frontier of the closest system times published ratios, or None.

    Parameters
    ----------
    serving : Serving
        Keys of the shipped tables and lengths; the prefix cache is not looked at.
    measured : Measurements
        Which points count.

    Returns
    -------
    Frontier or None
        Only up to the fastest speed of the reference.

    Notes
    -----
    Definition. The logarithm of the ratio is linear in speed between anchors and
    held outside them.
    """
    if serving.gpu not in scaled_frontiers():
        return None
    reference, speeds, ratios, sigma = scaled_frontiers()[serving.gpu]
    base = measured_frontier(replace(serving, gpu=reference), None, measured)
    if base is None:
        return None
    inside = [s for s in speeds if base.tok_s_per_user[0] < s < base.fastest_tok_s_user]
    u = np.union1d(base.tok_s_per_user, np.array(inside))
    x = np.array([base.at(float(speed)) for speed in u], dtype=np.float64)
    ratio = np.exp(np.interp(u, speeds, np.log(ratios)))
    label = f"{base.label}, times published ratios to {serving.gpu}"
    return _through(u, x * ratio, ("scaled", sigma, label, base.points))


@lru_cache(maxsize=256)
def frontier(serving: Serving, measured: Measurements = SHIPPED) -> Frontier | None:
    """The best known frontier of a workload on a GPU, or None when there is none.

    Parameters
    ----------
    serving : Serving
        Keys of the shipped tables, lengths > 0, prefix hits 0 to 1.
    measured : Measurements
        Which points count.

    Returns
    -------
    Frontier or None
        Measured, else scaled, else predicted. None when the model does not fit
        the memory of any layout, or the GPU is unknown.

    Raises
    ------
    UnknownModel
        If the model is not in the table.

    Notes
    -----
    Definition. A measured frontier of another length, or without prefix cache,
    is multiplied by the roofline's ratio between the two workloads at the same
    speed, held to 0.2 to 5; sigma grows by 0.10 per octave of either length.
    """
    model_named(serving.model)
    shape = _nearest_shape(serving, measured)
    if shape is None:
        return roofline_frontier(serving)
    nearest = replace(serving, isl=shape[0], osl=shape[1], prefix_hit=0.0)
    base = measured_frontier(nearest, None, measured) or scaled_frontier(nearest, measured)
    if base is None or nearest == serving:
        return base
    return _carried(base, nearest, serving)


def _nearest_shape(serving: Serving, measured: Measurements) -> tuple[int, int] | None:
    source = serving.gpu
    if not measured.of(serving.model, source) and source in scaled_frontiers():
        source = scaled_frontiers()[source][0]
    shapes = {
        (p.isl, p.osl)
        for p in measured.of(serving.model, source)
        if p.precision == serving.precision
    }
    if not shapes:
        return None
    return min(shapes, key=lambda shape: (_octaves(shape, serving.shape), shape))


def _octaves(a: tuple[int, int], b: tuple[int, int]) -> float:
    return float(abs(np.log2(a[0] / b[0])) + abs(np.log2(a[1] / b[1])))


def _carried(base: Frontier, measured: Serving, wanted: Serving) -> Frontier:
    there, here = roofline_frontier(wanted), roofline_frontier(measured)
    sigma = base.sigma + SIGMA_PER_OCTAVE * _octaves(measured.shape, wanted.shape)
    if there is None or here is None:
        return replace(base, sigma=sigma)
    reach = min(there.fastest_tok_s_user, here.fastest_tok_s_user)
    ratio = np.array(
        [
            (there.at(min(float(u), reach)) or 1.0) / (here.at(min(float(u), reach)) or 1.0)
            for u in base.tok_s_per_user
        ]
    )
    label = (
        f"{base.label}, carried to {wanted.isl}/{wanted.osl} at {wanted.prefix_hit:.0%} prefix hits"
    )
    return _through(
        base.tok_s_per_user,
        base.tok_s_per_gpu * np.clip(ratio, *RATIO_LIMITS),
        (base.tier, sigma, label, base.points),
    )
