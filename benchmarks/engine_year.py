"""A plant year, its samples and its memory, against what the processor can do at best.

Both sides of a ratio are measured in turn, several times, in processor time of one thread,
and the quickest of each is compared. The compiled loops are warmed up before.
"""

import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

from benchmarks.__main__ import Row
from benchmarks.engine_nominal import _draw_s, _site
from engine import evaluate
from engine.energy.year import plant_year, year_model
from engine.energy.year_kernel import Samples, circuit_sums, hours_of
from engine.energy.year_risk import year_risk
from engine.operation import operate
from engine.risk.aggregate import summed_rack_power_kw
from engine.studies import rules_of
from weather.samples import sample_year

ROUNDS = 5
NUMBA_SAMPLES, NUMPY_SAMPLES = 500, 60
RACKS, GROUPS, SAMPLES = 7000, 584, 10_000
NUMBA_LIMIT, NUMPY_LIMIT = 60.0, 200.0  # in-cache additions per hour and sample
RACKS_LIMIT, SITE_LIMIT = 2.5, 3.0  # times the normals of 7,000 racks x 10,000
MEMORY_LIMIT_MB = 500.0
APART_LIMIT = 1e-4


def run() -> list[Row]:
    """One row per promise about the year and its samples."""
    plant, lines = _site()
    rules = rules_of(plant, lines)
    state = operate(plant, rules, lines)
    model = year_model(plant, rules, lines, (state.power, state.cooling, state.mechanical))
    weather = sample_year("sample-greensboro")
    year = plant_year(model, weather)
    rows = [*_hours(model, weather), *_racks()]
    draw_s = min(_draw_s() for _ in range(3))
    start = time.process_time()
    found = evaluate(plant, lines, "risk", weather=weather)
    full_s = time.process_time() - start
    rows.append(
        _row(
            "whole site with its year and 10,000 samples / draw the normals",
            f"{full_s * 1e3:.0f} / {draw_s * 1e3:.0f} ms",
            full_s / draw_s,
            SITE_LIMIT,
        )
    )
    assert found.ranges is not None
    rows.append(_row("memory of the full evaluation, MB", "", _memory_mb(), MEMORY_LIMIT_MB))
    rows.append(_apart(model, year, lines))
    return rows


def _hours(model, weather) -> list[Row]:  # type: ignore[no-untyped-def]
    add_ns = 1e9 * _quickest(_additions) / (20_000 * 2000)
    rows = []
    for name, compiled, count, limit in (
        ("compiled", True, NUMBA_SAMPLES, NUMBA_LIMIT),
        ("numpy", False, NUMPY_SAMPLES, NUMPY_LIMIT),
    ):
        samples = _samples(count)
        circuits = [
            (each, hours_of(each, weather.dry_bulb_c, weather.wet_bulb_c))
            for each in (model.loads.fws, model.loads.coils)
        ]

        def year(samples: Samples = samples, compiled: bool = compiled) -> None:
            for circuit, hours in circuits:  # noqa: B023
                circuit_sums(circuit, hours, samples, compiled=compiled)

        year()
        each_ns = 1e9 * _quickest(year) / (count * len(weather))
        rows.append(
            _row(
                f"plant year, {name}: an hour of a sample / one addition",
                f"{each_ns:.1f} / {add_ns:.2f} ns",
                each_ns / add_ns,
                limit,
            )
        )
    return rows


def _racks() -> list[Row]:
    kw = np.full(RACKS, 140.0)
    group = np.arange(RACKS) * GROUPS // RACKS

    def sampled() -> None:
        summed_rack_power_kw(kw, group, sd_rel=0.03, count=SAMPLES, purpose="bench")

    own_s, draw_s = _quickest(sampled, 2), min(_draw_s() for _ in range(2))
    return [
        _row(
            f"{RACKS:,} racks x {SAMPLES:,} samples / draw the normals",
            f"{own_s * 1e3:.0f} / {draw_s * 1e3:.0f} ms",
            own_s / draw_s,
            RACKS_LIMIT,
        )
    ]


def _apart(model, year, lines) -> Row:  # type: ignore[no-untyped-def]
    """Binned hours against all of them, over samples: the greatest difference of PUE."""
    weather, samples = year.weather, _samples(200)
    both = []
    for bin_k in (0.0, 0.25):
        total = 0.0
        for circuit in (model.loads.fws, model.loads.coils):
            hours = hours_of(circuit, weather.dry_bulb_c, weather.wet_bulb_c, bin_k)
            sums = circuit_sums(circuit, hours, samples)
            total = total + sums.fan_kwh + sums.chiller_kwh
        both.append(total / (model.it_kw * len(weather)))
    apart = float(np.abs(both[0] - both[1]).max())
    year_risk(model, year, lines, count=100)
    return _row("PUE of binned hours apart from all hours", f"{apart:.1e}", apart, APART_LIMIT)


def _samples(count: int) -> Samples:
    random = np.random.default_rng(2)
    return Samples(
        heat=random.normal(1.0, 0.03, count),
        approach=random.normal(1.0, 0.1, count),
        fan=random.normal(1.0, 0.05, count),
        chiller_input=random.normal(1.0, 0.04, count),
        warmer_k=random.normal(0.0, 0.6, count),
    )


def _additions() -> None:
    x, y, out = np.ones(2000), np.ones(2000), np.empty(2000)
    for _ in range(20_000):
        np.add(x, y, out=out)


def _memory_mb() -> float:
    """Peak of a fresh process that evaluates the site at the deepest level."""
    code = (
        "import resource\n"
        "from benchmarks.engine_nominal import _site\n"
        "from engine import evaluate\n"
        "from weather.samples import sample_year\n"
        "plant, lines = _site()\n"
        "evaluate(plant, lines, 'risk', weather=sample_year('sample-greensboro'))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


def _quickest(work: Callable[[], None], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def _row(goal: str, figure: str, ratio: float, limit: float) -> Row:
    return Row(
        goal=goal,
        figure=figure or f"{ratio:.0f}",
        ratio=ratio,
        limit=limit,
        passed=ratio <= limit,
    )
