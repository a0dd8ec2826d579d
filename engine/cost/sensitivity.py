"""What moves a figure: one input at a time, two at a time, and the speed per user."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.cost.case import Answer, Case
from engine.cost.economics import LIFE
from engine.cost.formulas import Value
from engine.cost.montecarlo import PURPOSE
from engine.cost.sheet import Cell, Sheet
from engine.cost.uncertainty import groups, uncertain_inputs
from engine.errors import Invalid
from engine.plant import Floats
from engine.risk.sampling import sample
from engine.tokens.measurements import DISAGGREGATION, DRAFTING
from engine.tokens.workload import served

COST: Final = "cost.usd_per_mtok"
P10: Final = 1.2815515655446004  # standard deviations from the median
SPEEDS: Final = tuple(float(u) for u in np.geomspace(10.0, 400.0, 40))
BAND_SAMPLES: Final = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """A figure with one input down and up; None where it cannot be."""

    id: str
    label: str
    step: str
    low: float | None
    high: float | None

    @property
    def size(self) -> float:
        """Distance between the two. [unit of the figure]"""
        if self.low is None or self.high is None:
            return 0.0
        return abs(self.high - self.low)


Change = Callable[[Sheet, float], dict[str, Value]]


def _cells(sheet: Sheet, *starts: str) -> list[Cell]:
    return [cell for cell in sheet.inputs() if cell.name.startswith(starts)]


def _scaled(*starts: str) -> Change:
    """Multiply the cells of these names."""
    return lambda sheet, by: {cell.name: cell.value * by for cell in _cells(sheet, *starts)}


def _moved(name: str, low: float, high: float) -> Change:
    """Add to one cell, within limits."""
    return lambda sheet, by: {name: min(max(sheet[name] + by, low), high)} if name in sheet else {}


RACKS: Final = ("it.rack.", "it.server.", "price.rack.", "price.gpu.")
SHEET_LEVERS: Final[tuple[tuple[str, str, str, float, float, Change], ...]] = (
    ("load_factor", "Load factor", "± 0.10", -0.1, 0.1, _moved("use.load_factor", 0.01, 1.0)),
    ("derate", "Production derate", "± 0.10", -0.1, 0.1, _moved("use.derate", 0.01, 1.0)),
    ("slo", "Headroom at peak", "± 0.05", -0.05, 0.05, _moved("use.slo", 0.01, 1.0)),
    ("it_life", "Life of IT", "± 1 yr", -1.0, 1.0, _moved("term.it_life", 1.0, 30.0)),
    ("rack_price", "Rack price", "± 15 %", 0.85, 1.15, _scaled(*RACKS)),
    ("wacc", "Cost of capital", "± 2 pt", -0.02, 0.02, _moved("term.rate", 0.0, 1.0)),
    (
        "availability",
        "Availability",
        "± 0.01",
        -0.01,
        0.01,
        _moved("use.availability", 0.01, 1.0),
    ),
    ("build", "Building cost", "± 20 %", 0.8, 1.2, _scaled("price.build")),
    ("electricity", "Electricity", "± 20 %", 0.8, 1.2, _scaled("price.electricity")),
    ("pue", "PUE", "± 0.05", -0.05, 0.05, _moved("energy.pue_mean", 1.0, 5.0)),
)
OPTICS: Final = "net.scaleout_frac.pluggable"


def levers(answer: Answer, figure: str = COST) -> tuple[Swing, ...]:
    """What those who plan can move, one at a time, by how much it moves a figure.

    Parameters
    ----------
    answer : Answer
        The case.
    figure : str
        A cell of the sheet.

    Returns
    -------
    tuple of Swing
        Greatest first; empty when the figure is not there.

    Notes
    -----
    Definition. Steps are in the words of each swing. Interactivity, prefix hits and precision
    change throughput, the rest the sheet alone.
    """
    sheet = answer.economics.sheet
    if figure not in sheet:
        return ()
    found = [
        Swing(
            id=name,
            label=label,
            step=step,
            low=_at(sheet, change(sheet, low), figure),
            high=_at(sheet, change(sheet, high), figure),
        )
        for name, label, step, low, high, change in SHEET_LEVERS
    ]
    found += [_throughput(answer, figure), *_of_workload(answer, figure)]
    if OPTICS in sheet:
        lines = answer.case.assumptions
        media = ("net.scaleout_frac.copper_aec", "net.scaleout_frac.cpo")
        found.append(
            Swing(
                id="optics",
                label="Fabric cost",
                step="copper, co-packaged",
                low=_at(sheet, {OPTICS: lines.value(media[0])}, figure),
                high=_at(sheet, {OPTICS: lines.value(media[1])}, figure),
            )
        )
    return tuple(sorted(found, key=lambda swing: -swing.size))


def _at(sheet: Sheet, changes: dict[str, Value], figure: str) -> float:
    return float(sheet.with_values(changes, (figure,))[figure])


def _throughput(answer: Answer, figure: str) -> Swing:
    sheet = answer.economics.sheet
    sigmas = {group.gpu: group.sigma or 0.0 for group in answer.compute.groups}

    def at(deviations: float) -> float:
        changes: dict[str, Value] = {
            cell.name: cell.value * math.exp(deviations * sigmas[cell.name.rsplit(".", 1)[1]])
            for cell in _cells(sheet, "tok_s_per_gpu.", "tok_s_per_gpu_most.")
        }
        return _at(sheet, changes, figure)

    return Swing(
        id="throughput", label="Throughput error", step="P10, P90", low=at(-P10), high=at(P10)
    )


def _of_workload(answer: Answer, figure: str) -> Iterator[Swing]:
    case = answer.case
    work = served(case.site, case.assumptions)

    def at(**changed: float | str) -> float | None:
        workload = replace(case.site.workload, **changed)  # type: ignore[arg-type]
        other = replace(case, site=replace(case.site, workload=workload)).answer()
        return other.economics.figure(figure)

    yield Swing(
        id="interactivity",
        label="Interactivity",
        step="× ½, × 2",
        low=at(interactivity_tok_s_user=0.5 * work.tok_s_user),
        high=at(interactivity_tok_s_user=2.0 * work.tok_s_user),
    )
    yield Swing(
        id="prefix_hit",
        label="Prefix hits",
        step="± 0.20",
        low=at(prefix_hit_fraction=max(work.prefix_hit - 0.2, 0.0)),
        high=at(prefix_hit_fraction=min(work.prefix_hit + 0.2, 0.97)),
    )
    for name, label, line in (
        ("drafting", "Speculative drafting", DRAFTING),
        ("disaggregation", "Disaggregation", DISAGGREGATION),
    ):
        yield Swing(
            id=name,
            label=label,
            step="with, without",
            low=answer.economics.figure(figure),
            high=case.with_lines({line: 0.0}).answer().economics.figure(figure),
        )
    yield Swing(
        id="precision",
        label="Precision",
        step="fp8, fp4",
        low=at(precision="fp8"),
        high=at(precision="fp4"),
    )


def line_swings(answer: Answer, figure: str = COST, top: int = 15) -> tuple[Swing, ...]:
    """Every line with a range, at its low and its high, by how much it moves a figure.

    Parameters
    ----------
    answer : Answer
        The case.
    figure : str
        A cell of the sheet.
    top : int
        How many to return.

    Returns
    -------
    tuple of Swing
        Greatest first; empty when the figure is not there.

    Notes
    -----
    Definition. One at a time, the others at their value.
    """
    sheet = answer.economics.sheet
    if figure not in sheet:
        return ()
    found = [
        Swing(
            id=cell.name,
            label=cell.label,
            step=f"{cell.low:g} to {cell.high:g} {cell.unit}",
            low=_at(sheet, {cell.name: cell.low}, figure),
            high=_at(sheet, {cell.name: cell.high}, figure),
        )
        for cell in sheet.inputs_of(figure)
        if cell.low is not None and cell.high is not None and cell.low < cell.high
    ]
    return tuple(sorted(found, key=lambda swing: -swing.size)[:top])


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedSweep:
    """A case at every speed per user. NaN stands nowhere: infeasible speeds are left out."""

    tok_s_user: tuple[float, ...]
    tok_s_per_gpu: tuple[float, ...]  # all GPUs of the plant, all tokens
    usd_per_mtok: tuple[float, ...]
    p10_usd_per_mtok: tuple[float, ...]
    p90_usd_per_mtok: tuple[float, ...]
    tok_s_per_mw_it: tuple[float, ...]
    tok_s_per_mw_facility: tuple[float, ...]
    j_per_token_facility: tuple[float, ...]
    knee_tok_s_user: float | None
    cheapest_tok_s_user: float | None
    fastest_tok_s_user: float | None


def speed_sweep(answer: Answer, speeds: tuple[float, ...] = SPEEDS) -> SpeedSweep:
    """A case along interactivity, on the same hardware.

    Parameters
    ----------
    answer : Answer
        The case, at its own speed.
    speeds : tuple of float
        Output tokens per second of one user, ascending. [tok/s]

    Returns
    -------
    SpeedSweep
        Only speeds that every kind of GPU of the answer can serve.

    Notes
    -----
    Definition. Power is that provisioned. The knee is where ln throughput bends most
    against ln speed; the band is the 10th to 90th percentile of a small sample.
    """
    case, sheet = answer.case, answer.economics.sheet
    best = case.frontiers()
    rates = {gpu: best[gpu] for gpu in best if f"tok_s_per_gpu.{gpu}" in sheet}
    fastest = min((curve.fastest_tok_s_user for curve in rates.values()), default=None)
    inside = [u for u in speeds if fastest is not None and u <= fastest]
    if COST not in sheet or not inside:
        return SpeedSweep(
            **dict.fromkeys(
                ("tok_s_user", "tok_s_per_gpu", "usd_per_mtok", "p10_usd_per_mtok",
                 "p90_usd_per_mtok", "tok_s_per_mw_it", "tok_s_per_mw_facility",
                 "j_per_token_facility"), ()),
            knee_tok_s_user=None,
            cheapest_tok_s_user=None,
            fastest_tok_s_user=fastest,
        )  # fmt: skip
    counts = {group.gpu: group.gpus for group in answer.compute.groups}
    every = sum(counts[gpu] for gpu in rates)
    at = {gpu: np.array([curve.at(u) or 0.0 for u in inside]) for gpu, curve in rates.items()}
    per_gpu = sum((counts[gpu] * at[gpu] for gpu in at), np.zeros(len(inside))) / every
    moved: dict[str, Value] = {f"tok_s_per_gpu.{gpu}": x for gpu, x in at.items()}
    costs = np.broadcast_to(sheet.with_values(moved, (COST,))[COST], len(inside)).tolist()
    lows, highs = _band(answer, at)
    tokens = per_gpu * every
    basis = case.basis
    return SpeedSweep(
        tok_s_user=tuple(inside),
        tok_s_per_gpu=tuple(per_gpu.tolist()),
        usd_per_mtok=tuple(costs),
        p10_usd_per_mtok=tuple(lows.tolist()),
        p90_usd_per_mtok=tuple(highs.tolist()),
        tok_s_per_mw_it=tuple((1000.0 * tokens / basis.it_kw).tolist()),
        tok_s_per_mw_facility=tuple((1000.0 * tokens / basis.facility_kw).tolist()),
        j_per_token_facility=tuple((1000.0 * basis.facility_kw / tokens).tolist()),
        knee_tok_s_user=_knee(np.array(inside), per_gpu),
        cheapest_tok_s_user=inside[int(np.argmin(costs))],
        fastest_tok_s_user=fastest,
    )


def _band(answer: Answer, at: dict[str, Floats]) -> tuple[Floats, Floats]:
    """10th and 90th percentile of the cost at every speed, on the same luck at each. [USD/Mtok]"""
    sheet = answer.economics.sheet
    inputs = uncertain_inputs(answer, COST)
    drawn = sample(inputs, purpose=PURPOSE, count=BAND_SAMPLES, groups=groups(inputs))
    speeds = len(next(iter(at.values())))
    once: dict[str, Value] = dict(drawn)
    if LIFE in sheet:  # the months of a life do not depend on the speed
        once[LIFE] = sheet.with_values(once, (LIFE,))[LIFE]
    changes: dict[str, Value] = {name: np.tile(values, speeds) for name, values in once.items()}
    for gpu, rate in at.items():
        error = drawn[f"tok_s_per_gpu.{gpu}"] / sheet[f"tok_s_per_gpu.{gpu}"]
        most = f"tok_s_per_gpu_most.{gpu}"
        changes[f"tok_s_per_gpu.{gpu}"] = np.outer(rate, error).ravel()
        changes[most] = np.tile(sheet[most] * error, speeds)
    values = np.asarray(sheet.with_values(changes, (COST,))[COST]).reshape(speeds, -1)
    low, high = np.quantile(values, (0.1, 0.9), axis=1)
    return low, high


def _knee(speeds: Floats, rates: Floats) -> float | None:
    if len(speeds) < 5:
        return None
    x, y = np.log(speeds), np.log(rates)
    slope = np.gradient(y, x)
    bend = np.abs(np.gradient(slope, x)) / (1.0 + slope**2) ** 1.5
    return float(speeds[1:-1][np.argmax(bend[1:-1])])


AXES: Final[dict[str, tuple[str, str, float, float]]] = {
    "interactivity": ("Interactivity", "tok/s per user", 10.0, 300.0),
    "load_factor": ("Load factor", "mean / peak", 0.2, 0.95),
    "it_life": ("Life of IT", "yr", 3.0, 8.0),
    "wacc": ("Cost of capital", "1/yr", 0.03, 0.15),
    "electricity": ("Electricity", "USD/kWh", 0.02, 0.25),
    "rack_price": ("Rack price", "× today's", 0.6, 1.5),
    "build": ("Building cost", "USD/W IT", 6.0, 16.0),
    "pue": ("PUE, mean of the year", "1", 1.03, 1.5),
    "availability": ("Availability", "of GPU-hours", 0.9, 1.0),
    "derate": ("Production derate", "×", 0.5, 1.0),
}
CELL_OF: Final = {
    "load_factor": "use.load_factor",
    "it_life": "term.it_life",
    "wacc": "term.rate",
    "electricity": "price.electricity",
    "build": "price.build",
    "pue": "energy.pue_mean",
    "availability": "use.availability",
    "derate": "use.derate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A figure over two inputs; None where it cannot be."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    values: tuple[tuple[float | None, ...], ...]  # one row per y
    x_now: float | None
    y_now: float | None


def two_way(answer: Answer, x: str, y: str, *, steps: int = 21, figure: str = COST) -> Map:
    """A figure over any two inputs, the others at their value.

    Parameters
    ----------
    answer : Answer
        The case.
    x, y : str
        Two different names of `AXES`.
    steps : int
        Values along each.
    figure : str
        A cell of the sheet.

    Returns
    -------
    Map
        Empty when the figure is not there.

    Raises
    ------
    Invalid
        If a name is no axis, or both are the same.

    Notes
    -----
    Definition. Beyond the fastest speed of the frontier there is no value.
    """
    if x == y or x not in AXES or y not in AXES:
        raise Invalid(
            f"Choose two different inputs of {', '.join(AXES)}.", field="x" if x == y else "y"
        )
    sheet = answer.economics.sheet
    if figure not in sheet:
        return Map(x=(), y=(), values=(), x_now=None, y_now=None)
    grid = {name: np.linspace(AXES[name][2], AXES[name][3], steps) for name in (x, y)}
    across, up = np.meshgrid(grid[x], grid[y])
    changes: dict[str, Value] = {}
    reachable = np.ones(across.size, dtype=bool)
    for name, values in ((x, across.ravel()), (y, up.ravel())):
        moved, ok = _axis(answer.case, sheet, name, values)
        changes |= moved
        reachable &= ok
    found = np.broadcast_to(sheet.with_values(changes, (figure,))[figure], across.size)
    return Map(
        x=tuple(grid[x].tolist()),
        y=tuple(grid[y].tolist()),
        values=tuple(
            tuple(float(value) if ok else None for value, ok in zip(row, oks, strict=True))
            for row, oks in zip(
                found.reshape(across.shape), reachable.reshape(across.shape), strict=True
            )
        ),
        x_now=_now(answer, x),
        y_now=_now(answer, y),
    )


def _now(answer: Answer, name: str) -> float | None:
    if name == "interactivity":
        return answer.case.speed()
    if name == "rack_price":
        return 1.0
    return answer.economics.figure(CELL_OF[name])


def _axis(
    case: Case, sheet: Sheet, name: str, values: Floats
) -> tuple[dict[str, Value], np.typing.NDArray[np.bool_]]:
    everywhere = np.ones(values.size, dtype=bool)
    if name == "rack_price":
        return {cell.name: cell.value * values for cell in _cells(sheet, *RACKS)}, everywhere
    if name != "interactivity":
        return {CELL_OF[name]: values}, everywhere
    changes: dict[str, Value] = {}
    for gpu, curve in case.frontiers().items():
        cell = f"tok_s_per_gpu.{gpu}"
        if cell not in sheet:
            continue
        rates = {u: curve.at(u) for u in np.unique(values).tolist()}
        everywhere &= np.array([rates[u] is not None for u in values.tolist()])
        changes[cell] = np.array([rates[u] or sheet[cell] for u in values.tolist()])
    return changes, everywhere
