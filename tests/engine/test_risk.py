"""Samples repeat, keep their distributions and correlations, and agree with first order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assumptions import Quantity
from engine.errors import OutOfRange
from engine.risk.aggregate import summed_moments_kw, summed_rack_power_kw
from engine.risk.distributions import (
    Empirical,
    Exact,
    LogNormal,
    Normal,
    Triangular,
    Uniform,
    of_quantity,
)
from engine.risk.propagation import first_order, relative_sd
from engine.risk.sampling import Group, sample, uniforms
from engine.risk.summary import contributors, summarise, wilks_runs

SHAPES = (
    Normal(10.0, 2.0),
    LogNormal(10.0, 0.4),
    LogNormal.from_factor(0.02, 3.0),
    Uniform(5.0, 9.0),
    Triangular(1.0, 2.0, 6.0),
    Triangular(1.0, 1.0, 6.0),
    Empirical((3.0, 1.0, 2.0, 8.0)),
)


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_a_sample_has_the_mean_and_spread_of_its_distribution(shape):
    values = sample({"x": shape}, purpose="test", count=20_000)["x"]

    assert values.mean() == pytest.approx(shape.mean, rel=2e-3)
    assert values.std() == pytest.approx(shape.sd, rel=0.02)


def test_an_exact_number_does_not_move():
    assert set(sample({"x": Exact(4.0)}, purpose="test", count=50)["x"]) == {4.0}


def test_equal_purposes_give_equal_numbers_and_others_do_not():
    inputs = {"a": Normal(0.0, 1.0), "b": Normal(0.0, 1.0)}

    one, again = (sample(inputs, purpose="year", count=100) for _ in range(2))
    other = sample(inputs, purpose="cost", count=100)

    assert all(np.array_equal(one[name], again[name]) for name in inputs)
    assert not np.array_equal(one["a"], other["a"])
    assert not np.array_equal(one["a"], one["b"])


def test_an_input_more_leaves_the_others_alone():
    few = sample({"a": Normal(0.0, 1.0)}, purpose="year", count=100)
    more = sample({"z": Uniform(0.0, 1.0), "a": Normal(0.0, 1.0)}, purpose="year", count=100)

    assert np.array_equal(few["a"], more["a"])


@given(count=st.integers(1, 400), purpose=st.text(max_size=8))
def test_a_latin_sample_has_one_number_in_each_stratum(count, purpose):
    strata = np.floor(uniforms(purpose, count) * count).astype(int)

    assert sorted(strata) == list(range(count))


def test_a_group_ties_its_members_and_keeps_their_distributions():
    inputs = {"a": Normal(0.0, 1.0), "b": LogNormal(1.0, 0.5), "c": Uniform(0.0, 1.0)}
    tied = Group(name="fluid", members=("a", "b"), correlation=0.8)

    found = sample(inputs, purpose="test", count=20_000, groups=[tied])

    scores = np.corrcoef(found["a"], np.log(found["b"]))
    assert scores[0, 1] == pytest.approx(0.8, abs=0.02)
    assert np.corrcoef(found["a"], found["c"])[0, 1] == pytest.approx(0.0, abs=0.03)
    assert found["b"].std() == pytest.approx(inputs["b"].sd, rel=0.02)


def test_a_correlation_of_one_makes_members_move_as_one():
    inputs = {"a": Normal(0.0, 1.0), "b": Normal(5.0, 2.0)}
    tied = Group(name="g", members=("a", "b"), correlation=1.0)

    found = sample(inputs, purpose="test", count=500, groups=[tied])

    assert np.array_equal(np.argsort(found["a"]), np.argsort(found["b"]))


@pytest.mark.parametrize(
    "groups",
    [
        [Group(name="g", members=("a",), correlation=1.5)],
        [Group(name=name, members=("a",), correlation=0.5) for name in "gh"],
    ],
)
def test_groups_that_make_no_sense_are_refused(groups):
    with pytest.raises(OutOfRange):
        sample({"a": Normal(0.0, 1.0)}, purpose="test", count=10, groups=groups)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Normal(0.0, -1.0),
        lambda: Normal(math.nan, 1.0),
        lambda: LogNormal(0.0, 1.0),
        lambda: LogNormal.from_factor(1.0, 0.5),
        lambda: Uniform(2.0, 1.0),
        lambda: Triangular(1.0, 3.0, 2.0),
        lambda: Empirical(()),
        lambda: uniforms("x", 0),
        lambda: uniforms("x", 10**9),
        lambda: wilks_runs(1.0, 0.95),
        lambda: wilks_runs(0.95, 0.95, 0),
        lambda: summarise([1.0]),
        lambda: summarise([1.0, math.inf]),
        lambda: summarise([1.0, 2.0], (0.0,)),
        lambda: summarise([1.0, 2.0]).at(33.0),
        lambda: relative_sd({"P": -0.1}),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(OutOfRange):
        make()


def test_a_range_in_the_data_bounds_its_samples():
    line = Quantity(value=10.0, unit="K", low=6.0, high=15.0, confidence="from-memory")
    values = sample({"x": of_quantity(line)}, purpose="test", count=1_000)["x"]

    assert values.min() >= 6.0
    assert values.max() <= 15.0
    assert (
        of_quantity(Quantity(value=10.0, unit="K", low=6.0, high=15.0, confidence="user")).sd == 0.0
    )
    assert of_quantity(Quantity(value=10.0, unit="K")).sd == 0.0


def test_monte_carlo_agrees_with_first_order_where_the_model_is_nearly_linear():
    inputs = {"P": Normal(132.0, 4.0), "q": Normal(190.0, 7.6), "cp": Normal(3.95, 0.02)}

    def rise(x):
        return x["P"] / (x["q"] * x["cp"] / 60.0)

    line = first_order(rise, inputs)
    drawn = sample(inputs, purpose="test", method="random")
    found = summarise(rise(drawn))

    assert abs(found.mean - line.mean) <= 4.0 * found.mean_error + 0.002 * line.mean
    assert found.sd == pytest.approx(line.sd, rel=0.03)
    assert sum(line.shares.values()) == pytest.approx(1.0)
    assert list(line.shares) == ["q", "P", "cp"]
    shares = contributors(drawn, rise(drawn))
    assert shares["q"] == pytest.approx(line.shares["q"], abs=0.03)


def test_standard_errors_are_those_that_repeated_samples_show():
    runs = [
        summarise(
            sample({"x": Normal(0.0, 1.0)}, purpose=f"run {i}", count=1_000, method="random")["x"]
        )
        for i in range(200)
    ]

    assert np.std([run.mean for run in runs]) == pytest.approx(runs[0].mean_error, rel=0.2)
    assert np.std([run.sd for run in runs]) == pytest.approx(runs[0].sd_error, rel=0.25)
    p90 = [run.percentiles[3] for run in runs]
    assert np.std([p.value for p in p90]) == pytest.approx(
        np.mean([p.standard_error for p in p90]), rel=0.25
    )


def test_a_constant_has_no_contributors():
    assert contributors({"a": np.arange(5.0)}, np.ones(5)) == {}
    assert first_order(lambda x: np.ones(3), {"a": Normal(0.0, 1.0)}).shares == {"a": 0.0}


@given(coverage=st.floats(0.5, 0.999), confidence=st.floats(0.5, 0.999), order=st.integers(1, 3))
def test_wilks_is_the_smallest_number_of_runs(coverage, confidence, order):
    def missed(n):
        return sum(
            math.comb(n, k) * (1 - coverage) ** k * coverage ** (n - k) for k in range(order)
        )

    runs = wilks_runs(coverage, confidence, order)

    assert missed(runs) <= 1 - confidence
    assert runs == order or missed(runs - 1) > 1 - confidence


def racks(count=600, groups=40):
    random = np.random.default_rng(3)
    return random.uniform(80.0, 140.0, count), np.sort(random.integers(0, groups, count))


@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0])
def test_summed_racks_have_the_spread_of_the_closed_form(correlation):
    kw, group = racks()

    drawn = summed_rack_power_kw(
        kw, group, sd_rel=0.03, count=4_000, purpose="test", correlation=correlation
    )
    mean, sd = summed_moments_kw(kw, group, sd_rel=0.03, correlation=correlation)

    assert drawn.mean(axis=0) == pytest.approx(mean, rel=5e-3)
    assert drawn.std(axis=0) == pytest.approx(sd, rel=0.08)


def test_racks_without_spread_are_their_sum_whatever_their_order():
    kw, group = racks()
    mixed = np.random.default_rng(5).permutation(len(kw))

    drawn = summed_rack_power_kw(kw[mixed], group[mixed], sd_rel=0.0, count=3, purpose="test")

    assert drawn == pytest.approx(np.tile(np.bincount(group, kw), (3, 1)), rel=1e-5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rack_kw": []},
        {"rack_kw": [-1.0]},
        {"rack_kw": [math.nan]},
        {"group": [-1]},
        {"group": [0, 1]},
        {"sd_rel": 2.0},
        {"count": 0},
        {"correlation": 1.5},
    ],
)
def test_racks_that_make_no_sense_are_refused(wrong):
    given = {"rack_kw": [10.0], "group": [0], "sd_rel": 0.1, "count": 5, "purpose": "t", **wrong}
    with pytest.raises(OutOfRange):
        summed_rack_power_kw(given.pop("rack_kw"), given.pop("group"), **given)
