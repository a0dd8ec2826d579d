import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import PchipInterpolator

from engine.tables import UnknownModel, points
from engine.tokens.throughput import (
    Frontier,
    Serving,
    frontier,
    hermite,
    measured_frontier,
    monotone_slopes,
    not_dominated,
    roofline_frontier,
)


def serving(*key):
    names = ("gpu", "model", "precision", "isl", "osl", "prefix_hit")
    return Serving(**dict(zip(names, key, strict=False)))


KEYS = sorted(
    {
        (gpu, model, p.precision, p.isl, p.osl)
        for (model, gpu), group in points().items()
        for p in group
    }
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 50), st.floats(-8, 8)), min_size=3, max_size=30))
def test_the_cubic_is_scipys_pchip(steps):
    x = np.cumsum([step for step, _ in steps])
    y = np.array([value for _, value in steps])
    slopes = monotone_slopes(x, y)

    for i in range(x.size - 1):
        for at in np.linspace(x[i], x[i + 1], 5):
            ours = hermite(x[i : i + 2], y[i : i + 2], slopes[i : i + 2], at)
            assert ours == pytest.approx(float(PchipInterpolator(x, y)(at)), abs=1e-11)


@pytest.mark.parametrize("key", KEYS[::7])
def test_a_frontier_falls_and_never_exceeds_the_data(key):
    gpu, model, precision, isl, osl = key
    found = measured_frontier(serving(gpu, model, precision, isl, osl))
    assert found is not None
    highest = max(
        p.tok_s_per_gpu
        for p in points()[(model, gpu)]
        if (p.precision, p.isl, p.osl) == (precision, isl, osl)
    )

    speeds = np.linspace(1.0, found.fastest_tok_s_user, 200)
    rates = np.array([found.at(float(u)) for u in speeds])

    assert (np.diff(rates) <= 1e-9 * rates[:-1]).all()
    assert rates.max() <= highest
    for u, x in zip(found.tok_s_per_user, found.tok_s_per_gpu, strict=True):
        assert found.at(float(u)) == pytest.approx(float(x), rel=1e-9)


def test_nothing_is_promised_beyond_the_fastest_measured_speed():
    found = measured_frontier(serving("gb300", "deepseek-r1", "fp4", 8192, 1024))
    assert found is not None

    assert found.at(found.fastest_tok_s_user) is not None
    assert found.at(found.fastest_tok_s_user + 0.01) is None


def test_precisions_are_never_merged():
    assert measured_frontier(serving("h100", "deepseek-r1", "fp4", 8192, 1024)) is None
    assert measured_frontier(serving("h100", "deepseek-r1", "fp8", 8192, 1024)) is not None


@pytest.mark.parametrize(
    ("gpu", "tier"), [("gb300", "measured"), ("vr200", "scaled"), ("h100", "roofline")]
)
def test_the_best_tier_there_is_gets_used_and_named(gpu, tier):
    found = frontier(serving(gpu, "deepseek-r1", "fp4", 8192, 1024))

    assert isinstance(found, Frontier)
    assert found.tier == tier


def test_worse_knowledge_has_wider_error():
    by_tier = [
        frontier(serving(g, "deepseek-r1", "fp4", 8192, 1024)) for g in ("gb300", "vr200", "mi455x")
    ]

    sigmas = [found.sigma for found in by_tier if found]

    assert sigmas == sorted(sigmas) and len(set(sigmas)) == 3


def test_a_prefix_cache_never_lowers_throughput():
    plain = frontier(serving("gb300", "deepseek-r1", "fp4", 8192, 1024))
    cached = frontier(serving("gb300", "deepseek-r1", "fp4", 8192, 1024, 0.5))
    assert plain and cached

    for u in (30.0, 60.0, 100.0):
        assert (cached.at(u) or 0) >= (plain.at(u) or 0)


def test_another_length_widens_the_error():
    plain = frontier(serving("gb300", "deepseek-r1", "fp4", 8192, 1024))
    carried = frontier(serving("gb300", "deepseek-r1", "fp4", 4096, 1024))
    assert plain and carried

    assert carried.sigma == pytest.approx(plain.sigma + 0.10)


def test_a_model_that_fits_no_layout_has_no_frontier():
    assert roofline_frontier(serving("h100", "kimi-k2.5", "bf16", 8192, 1024)) is None


def test_an_unknown_model_is_an_error_and_an_unknown_gpu_is_not():
    with pytest.raises(UnknownModel):
        frontier(serving("gb300", "no-such-model", "fp4", 8192, 1024))
    assert frontier(serving("abacus", "deepseek-r1", "fp4", 8192, 1024)) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(1, 500), st.floats(1, 1e5)), min_size=1, max_size=40))
def test_no_kept_point_is_beaten_and_every_dropped_one_is(pairs):
    u, x = np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])
    kept = set(not_dominated(u, x).tolist())

    for i in range(u.size):
        beaten = any(u[j] >= u[i] and x[j] >= x[i] for j in kept if j != i)
        assert beaten == (i not in kept)
