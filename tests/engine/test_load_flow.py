"""Feeders: what must hold for any of them, and how they refuse what cannot work."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import OutOfRange
from engine.power.errors import CyclicFeeder, NegativeImpedance, VoltageCollapse
from engine.power.lines import dc_load_voltage_v
from engine.power.load_flow import dc_load_flow, radial_load_flow
from engine.power.radial import radial, radial_sum_kw
from engine.power.transformers import (
    losses_from_efficiency,
    transformer_circuit,
    transformer_loss_kw,
)
from tests.engine.feeders import random_feeder, three_level_site

feeders = st.builds(
    random_feeder,
    count=st.integers(2, 60),
    seed=st.integers(0, 10_000),
    drop_pu=st.floats(0.001, 0.1),
)


@given(feeders)
@settings(max_examples=60, deadline=None)
def test_the_source_gives_loads_and_losses(feeder):
    flow = radial_load_flow(**feeder)

    assert flow.source_kw == pytest.approx(feeder["load_kw"].sum() + flow.total_loss_kw, rel=1e-9)
    assert flow.source_kvar == pytest.approx(
        feeder["load_kvar"].sum() + flow.total_loss_kvar, rel=1e-9
    )
    assert flow.total_loss_kw == pytest.approx(flow.loss_kw.sum())


@given(feeders, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_renumbering_the_buses_changes_only_their_order(feeder, shuffle):
    count = len(feeder["parent"])
    new = list(range(count))
    shuffle.shuffle(new)
    new = np.array(new)
    moved = {name: np.empty_like(value) for name, value in feeder.items() if np.ndim(value)}
    for name, target in moved.items():
        target[new] = feeder[name]
    moved["parent"][new] = np.where(feeder["parent"] >= 0, new[feeder["parent"]], -1)

    flow = radial_load_flow(**feeder)
    again = radial_load_flow(**moved, nominal_v=feeder["nominal_v"])

    np.testing.assert_allclose(again.voltage_pu[new], flow.voltage_pu, rtol=0, atol=1e-11)


@given(feeders, st.floats(1.05, 2.0))
@settings(max_examples=40, deadline=None)
def test_more_load_gives_lower_voltage_and_more_loss(feeder, factor):
    light = radial_load_flow(**feeder)
    heavy = radial_load_flow(
        **feeder
        | {"load_kw": feeder["load_kw"] * factor, "load_kvar": feeder["load_kvar"] * factor}
    )

    assert (heavy.voltage_pu <= light.voltage_pu + 1e-12).all()
    assert heavy.total_loss_kw > light.total_loss_kw


def test_scenarios_in_front_give_what_each_gives_alone():
    feeder = random_feeder(40, seed=7)
    scale = np.array([0.5, 1.0, 1.5])[:, None]
    loads = {"load_kw": feeder["load_kw"] * scale, "load_kvar": feeder["load_kvar"] * scale}

    together = radial_load_flow(**feeder | loads)

    for row in range(3):
        alone = radial_load_flow(**feeder | {name: value[row] for name, value in loads.items()})
        np.testing.assert_allclose(together.voltage_pu[row], alone.voltage_pu, atol=1e-10)
        assert together.total_loss_kw[row] == pytest.approx(alone.total_loss_kw)


def test_the_order_found_once_serves_again():
    site = three_level_site(feeders=2)
    flow = radial_load_flow(**site)

    again = radial_load_flow(**site | {"parent": radial(site["parent"])})

    assert np.array_equal(flow.voltage_pu, again.voltage_pu)


@given(st.floats(100.0, 1500.0), st.floats(1e-5, 0.5), st.floats(0.0, 0.98))
@settings(max_examples=60, deadline=None)
def test_one_direct_current_branch_gives_the_root_of_its_quadratic(source, ohm, share):
    kw = share * source**2 / (4000.0 * ohm)

    flow = dc_load_flow([-1], loop_resistance_ohm=[ohm], load_kw=[kw], nominal_v=source)

    exact = dc_load_voltage_v(source, kw, ohm)
    assert flow.voltage_v[0] == pytest.approx(exact, rel=1e-8)
    assert flow.total_loss_kw == pytest.approx(
        (source - exact) ** 2 / ohm / 1000.0, rel=1e-6, abs=1e-9
    )


def test_a_feeder_that_cannot_carry_its_load_is_named():
    feeder = random_feeder(20, seed=3)
    names = tuple(f"bus-{bus}" for bus in range(20))

    with pytest.raises(VoltageCollapse) as refused:
        radial_load_flow(**feeder | {"load_kw": feeder["load_kw"] * 40.0}, ids=names)

    assert refused.value.context["element"] in names
    assert "Shorten the feeder" in refused.value.detail


def test_a_direct_current_feeder_says_how_much_it_could_carry():
    with pytest.raises(VoltageCollapse) as refused:
        dc_load_voltage_v(800.0, [100.0, 400.0], 0.5, ids=("one", "two"))

    assert refused.value.context["element"] == "two"
    assert refused.value.context["most_kw"] == pytest.approx(320.0)


def test_buses_in_a_circle_are_named():
    with pytest.raises(CyclicFeeder) as refused:
        radial([-1, 0, 3, 4, 2], ids=("a", "b", "c", "d", "e"))

    assert set(refused.value.context["elements"]) == {"c", "d", "e"}


def test_a_source_that_does_not_exist_is_refused():
    with pytest.raises(CyclicFeeder):
        radial([-1, 9])


@pytest.mark.parametrize("part", ["resistance_ohm", "reactance_ohm"])
def test_a_negative_impedance_is_named(part):
    feeder = random_feeder(5, seed=1)
    feeder[part] = np.where(np.arange(5) == 3, -0.1, feeder[part])

    with pytest.raises(NegativeImpedance) as refused:
        radial_load_flow(**feeder, ids=("a", "b", "c", "d", "e"))

    assert refused.value.context["element"] == "d"


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_load_that_is_no_number_is_refused(value):
    feeder = random_feeder(5, seed=1)
    feeder["load_kw"] = np.where(np.arange(5) == 3, value, feeder["load_kw"])

    with pytest.raises(OutOfRange):
        radial_load_flow(**feeder)


def test_a_feeder_without_buses_is_empty():
    flow = radial_load_flow(
        [], resistance_ohm=[], reactance_ohm=[], load_kw=[], load_kvar=[], nominal_v=400.0
    )

    assert flow.source_kw == 0.0
    assert flow.voltage_pu.shape == (0,)


def test_a_transformer_made_from_its_efficiency_has_that_efficiency():
    core, copper = losses_from_efficiency(2500.0, 0.5, 0.9953)

    loss = transformer_loss_kw(1250.0, 2500.0, core, copper)

    assert 1250.0 / (1250.0 + loss) == pytest.approx(0.9953)


def test_a_load_loss_beyond_the_short_circuit_voltage_is_refused():
    with pytest.raises(OutOfRange):
        transformer_circuit(1000.0, 415.0, short_circuit_fraction=0.01, load_loss_kw=20.0)


def test_the_tree_sum_carries_loads_and_losses_to_the_source():
    parent = [-1, 0, 1, 1, 0]
    out, loss = radial_sum_kw(
        radial(parent), [0.0, 5.0, 10.0, 20.0, 30.0],
        rating_kw=[100.0, 50.0, 20.0, 30.0, 40.0], loss_a=0.001, loss_b=0.01, loss_c=0.02,
        rounds=8,
    )  # fmt: skip

    assert out[[2, 3, 4]] == pytest.approx([10.0, 20.0, 30.0])
    assert out[1] == pytest.approx(5.0 + 30.0 + loss[2] + loss[3])
    assert out[0] == pytest.approx(65.0 + loss[1:].sum())
    x = out / [100.0, 50.0, 20.0, 30.0, 40.0]
    assert loss[1] == pytest.approx(50.0 * (0.001 + 0.01 * x[1] + 0.02 * x[1] ** 2))
