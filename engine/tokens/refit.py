"""The roofline held against measured points: its error by GPU, and constants fitted anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.errors import Invalid
from engine.plant import Floats
from engine.tables import GpuSystem, Point, gpu_systems, models, points, table_rows
from engine.tokens.roofline import EXPERT_BYTES, predicted_points, time_per_token_s

DRAWN_LENGTH: Final = 0.9
# The benchmark draws lengths at random; their mean is 0.9 of the nominal one.
CONSTANTS: Final = (
    "eta_mem", "eta_comp", "eta_prefill", "t_attn_us", "t_moe_us", "t_coll_us", "eta_link",
)  # fmt: skip
LEAST: Final = (0.1, 0.1, 0.05, 0.5, 0.5, 0.5, 0.01)
MOST: Final = (1.0, 1.0, 0.9, 90.0, 90.0, 60.0, 0.9)
FEWEST_POINTS: Final = 20
TIE: Final = 0.02
# Weight of staying: a constant that the points do not tell does not wander.


@dataclass(frozen=True, slots=True, kw_only=True)
class Error:
    """How far the roofline is from what was measured: |predicted / measured - 1|."""

    name: str
    count: int
    median: float
    p90: float


def single_node_points(own: Sequence[Point] = ()) -> tuple[Point, ...]:
    """The points that the roofline is fitted to: one node, no drafting, the fastest of each kind.

    Notes
    -----
    Definition. Database medians and own points; of equal layout, lengths and concurrency the
    fastest stays.
    """
    every = [p for group in points().values() for p in group if p.set == "ix-db"]
    fastest: dict[tuple[object, ...], Point] = {}
    for p in (*every, *own):
        if p.disagg or p.multinode or p.spec != "none" or p.tp < 1 or p.concurrency < 1.0:
            continue
        if p.model not in models() or p.gpu not in gpu_systems() or p.precision not in EXPERT_BYTES:
            continue
        key = (p.model, p.gpu, p.precision, p.tp, p.isl, p.osl, p.concurrency)
        if key not in fastest or p.tok_s_per_user > fastest[key].tok_s_per_user:
            fastest[key] = p
    return tuple(fastest.values())


def ratios(chosen: Sequence[Point], systems: Mapping[str, GpuSystem]) -> Floats:
    """Predicted over measured time per output token of each point.

    Parameters
    ----------
    chosen : sequence of Point
        Measured points.
    systems : mapping of str to GpuSystem
        Constants by GPU.

    Returns
    -------
    array, shape (n,)
        1 is exact. [1]

    Raises
    ------
    KeyError
        If a GPU has no constants.

    Notes
    -----
    Definition.
    """
    return np.array(
        [
            time_per_token_s(
                models()[p.model],
                systems[p.gpu],
                p.precision,
                gpus=p.tp,
                batch=np.array([p.concurrency]),
                isl=DRAWN_LENGTH * p.isl,
                osl=DRAWN_LENGTH * p.osl,
                dp_attention=p.dp_attention,
            )[0]
            * p.tok_s_per_user
            for p in chosen
        ]
    )


def errors(
    chosen: Sequence[Point], systems: Mapping[str, GpuSystem], by: str = "gpu"
) -> tuple[Error, ...]:
    """The error table: by GPU or model, and overall.

    Parameters
    ----------
    chosen : sequence of Point
        Measured points.
    systems : mapping of str to GpuSystem
        Constants by GPU.
    by : {"gpu", "model"}
        What a row is about.

    Returns
    -------
    tuple of Error
        The last row is about all points.

    Raises
    ------
    Invalid
        If there is no point.

    Notes
    -----
    Definition. Median and 90th percentile of the absolute relative error.
    """
    if not chosen:
        raise Invalid("There is no point to hold the roofline against.")
    found = np.abs(ratios(chosen, systems) - 1.0)
    names = np.array([getattr(p, by) for p in chosen])
    rows = [_error(str(name), found[names == name]) for name in sorted(set(names.tolist()))]
    return (*rows, _error("all", found))


def _error(name: str, values: Floats) -> Error:
    return Error(
        name=name,
        count=len(values),
        median=float(np.median(values)),
        p90=float(np.quantile(values, 0.9)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """A published result that no constant was fitted to, and what the roofline says."""

    model: str
    gpu: str
    precision: str
    isl: int
    osl: int
    results: int
    measured_tok_s_per_gpu: float  # output, median of the results
    predicted_tok_s_per_gpu: float  # output, of the best layout

    @property
    def ratio(self) -> float:
        """Predicted over measured throughput; above 1 the roofline is too fast. [1]"""
        return self.predicted_tok_s_per_gpu / self.measured_tok_s_per_gpu


def held_out(systems: Mapping[str, GpuSystem]) -> tuple[HeldOut, ...]:
    """MLPerf's offline results beside the best throughput of the roofline.

    Parameters
    ----------
    systems : mapping of str to GpuSystem
        Constants by GPU.

    Returns
    -------
    tuple of HeldOut
        By model and GPU; results without lengths, and of models without dimensions, are left out.

    Notes
    -----
    Definition. Output tokens per GPU; the median where several submitted. Lengths are means from
    memory of the rules: that of Mixtral's input repeats its output.
    """
    groups: dict[tuple[str, str, str, int, int], list[float]] = {}
    for row in table_rows("benchmark_points.csv"):
        if row["scenario"] != "mlperf-offline" or not (row["isl"] and row["tok_s_per_gpu_output"]):
            continue
        precision = row["precision"].removeprefix("mx").removeprefix("nv")
        if row["model_key"] in models() and row["gpu"] in systems and precision in EXPERT_BYTES:
            key = (row["model_key"], row["gpu"], precision, int(row["isl"]), int(row["osl"]))
            groups.setdefault(key, []).append(float(row["tok_s_per_gpu_output"]))
    found = []
    for (model, gpu, precision, isl, osl), rates in sorted(groups.items()):
        _, best = predicted_points(models()[model], systems[gpu], precision, isl=isl, osl=osl)
        if best.size:
            found.append(
                HeldOut(
                    model=model,
                    gpu=gpu,
                    precision=precision,
                    isl=isl,
                    osl=osl,
                    results=len(rates),
                    measured_tok_s_per_gpu=float(np.median(rates)),
                    predicted_tok_s_per_gpu=float(best.max()) * osl / (isl + osl),
                )
            )
    return tuple(found)


def refitted(chosen: Sequence[Point], gpu: str) -> GpuSystem:
    """A GPU with constants that fit its points best.

    Parameters
    ----------
    chosen : sequence of Point
        Measured points, of any GPU.
    gpu : str
        The GPU to fit.

    Returns
    -------
    GpuSystem
        Its other figures unchanged.

    Raises
    ------
    Invalid
        If it has fewer than 20 points.

    Notes
    -----
    Least squares on the logarithm of the time per token with a soft loss [1]_, within bounds,
    from the shipped constants, and weakly tied to them. The set is to be used as a whole.

    References
    ----------
    .. [1] M. A. Branch, T. F. Coleman and Y. Li, SIAM J. Sci. Comput., vol. 21, pp. 1-23,
       1999, doi:10.1137/S1064827595289108.
    """
    from scipy.optimize import least_squares

    own = [p for p in chosen if p.gpu == gpu]
    if len(own) < FEWEST_POINTS:
        raise Invalid(
            f"{gpu} has {len(own)} points; a fit needs at least {FEWEST_POINTS}.", gpu=gpu
        )
    system = gpu_systems()[gpu]
    start = np.clip([getattr(system, name) for name in CONSTANTS], LEAST, MOST)

    def changed(values: Floats) -> GpuSystem:
        numbers = dict(zip(CONSTANTS, map(float, np.exp(values)), strict=True))
        return replace(system, **numbers)  # type: ignore[arg-type]

    first = np.log(np.clip(start, np.array(LEAST) * 1.0001, np.array(MOST) * 0.9999))
    tie = TIE * np.sqrt(len(own))

    def miss(values: Floats) -> Floats:
        fit = np.log(ratios(own, {gpu: changed(values)}))
        return np.concatenate([fit, tie * (values - first)])

    found = least_squares(
        miss,
        first,
        bounds=(np.log(LEAST), np.log(MOST)),
        loss="soft_l1",
        f_scale=0.2,
        max_nfev=40,
    )
    return changed(np.asarray(found.x))
