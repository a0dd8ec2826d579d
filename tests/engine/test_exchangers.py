import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cooling.cdus import (
    after_loss,
    cdu_states,
    guarded_supply_c,
    heat_at_set_point_kw,
    ratings,
)
from engine.cooling.exchangers import (
    coil_capacity_kw,
    conductance_kw_k,
    effectiveness,
    exchanged_kw,
    log_mean_difference_k,
    transfer_units,
)
from engine.errors import OutOfRange

ARRANGEMENTS = ("counterflow", "crossflow", "crossflow_mixed_max", "crossflow_mixed_min")
UNIT = ratings(1300.0, 4.0, 110.0, 120.0)


@given(st.sampled_from(ARRANGEMENTS), st.floats(0.0, 12.0), st.floats(0.0, 1.0))
@settings(deadline=None)
def test_effectiveness_grows_with_size_and_stays_a_share(arrangement, ntu, ratio):
    less, more = effectiveness(np.array([ntu, ntu + 0.5]), ratio, arrangement)

    assert 0.0 <= less <= 1.0
    assert more >= less - 1e-12
    assert less <= effectiveness(ntu, ratio, "counterflow") + 2e-3


@given(st.floats(0.01, 8.0), st.floats(0.0, 1.0))
@settings(deadline=None)
def test_transfer_units_undo_effectiveness(ntu, ratio):
    effect = float(effectiveness(ntu, ratio))
    if effect < 1.0 - 1e-9:
        assert transfer_units(effect, ratio) == pytest.approx(ntu, rel=1e-5)


def test_effectiveness_is_continuous_at_equal_rates():
    assert effectiveness(3.0, 1.0) == pytest.approx(float(effectiveness(3.0, 1.0 - 1e-5)), rel=1e-4)
    assert effectiveness(3.0, 1.0) == 0.75


@given(st.floats(1.0, 500.0), st.floats(1.0, 200.0), st.floats(1.0, 200.0), st.floats(0.0, 60.0))
@settings(deadline=None)
def test_no_exchanger_moves_more_than_the_second_law_allows(ua, hot, cold, difference):
    heat = float(exchanged_kw(ua, hot, cold, difference))

    assert heat <= min(hot, cold) * difference * (1 + 1e-12)
    assert difference - heat / hot >= -1e-9


def test_what_an_exchanger_cannot_be_is_refused():
    with pytest.raises(OutOfRange):
        effectiveness(-1.0, 0.5)
    with pytest.raises(OutOfRange):
        effectiveness(1.0, 1.5)
    with pytest.raises(OutOfRange, match="cross"):
        log_mean_difference_k(-2.0, 5.0)
    with pytest.raises(OutOfRange, match="facility water"):
        ratings(1300.0, 0.1, 110.0, 60.0)
    with pytest.raises(OutOfRange, match="positive capacity"):
        ratings(0.0, 4.0, 110.0, 120.0)
    assert exchanged_kw(50.0, 0.0, 10.0, 20.0) == 0.0
    assert log_mean_difference_k(5.0, 5.0) == 5.0


def test_fouling_and_part_flow_lower_the_conductance():
    assert conductance_kw_k(100.0, 1.0, 1.0) == pytest.approx(100.0)
    assert conductance_kw_k(100.0, 1.0, 1.0, fouling_factor=0.9) == pytest.approx(90.0)
    assert conductance_kw_k(100.0, 0.5, 0.5) == pytest.approx(100.0 * 0.5**0.7)
    assert conductance_kw_k(100.0, 0.0, 1.0) == 0.0


def test_a_cdu_at_its_rating_is_just_full():
    state = cdu_states(UNIT, 1300.0, 110.0, set_point_c=40.0, fws_supply_c=36.0, pump_kw_k=110.0)

    assert state.capacity_kw == pytest.approx(1300.0)
    assert state.valve_fraction == pytest.approx(1.0)
    assert state.supply_c == pytest.approx(40.0)
    assert state.approach_k == pytest.approx(4.0)
    assert state.fws_return_c == pytest.approx(36.0 + 1300.0 / 120.0)
    assert state.margin_fraction == pytest.approx(0.0, abs=1e-9)


def test_at_fixed_flows_the_approach_is_linear_in_the_load():
    loads = np.array([325.0, 650.0, 1300.0])
    state = cdu_states(
        ratings(np.full(3, 1300.0), 4.0, 110.0, 120.0),
        loads,
        110.0,
        set_point_c=40.0,
        fws_supply_c=30.0,
        pump_kw_k=110.0,
    )

    assert state.approach_k == pytest.approx(4.0 * loads / 1300.0)
    assert np.all(np.diff(state.valve_fraction) > 0.0)
    assert np.all(state.valve_fraction < 1.0)


def test_flow_binds_before_heat_when_warm_coolant_needs_more_of_it():
    cool = cdu_states(UNIT, 1000.0, 85.0, set_point_c=40.0, fws_supply_c=36.0, pump_kw_k=150.0)
    warm = cdu_states(UNIT, 1000.0, 160.0, set_point_c=45.0, fws_supply_c=36.0, pump_kw_k=150.0)

    assert cool.binds == ("heat",) and cool.capacity_kw > 1000.0
    assert warm.binds == ("flow",)
    assert warm.capacity_kw == pytest.approx(1000.0 * 150.0 / 160.0)
    assert warm.margin_fraction < 0.0


@pytest.mark.parametrize(
    ("limits", "binds"),
    [
        ({"valve_kw_k": 70.0}, "valve"),
        ({"facility_kw_k": 60.0}, "facility water"),
        ({"valve_kw_k": 70.0, "facility_kw_k": 60.0}, "facility water"),
    ],
)
def test_less_facility_water_binds_and_is_named(limits, binds):
    state = cdu_states(
        UNIT, 1200.0, 110.0, set_point_c=40.0, fws_supply_c=36.0, pump_kw_k=140.0, **limits
    )

    assert state.binds == (binds,)
    assert state.capacity_kw < 1200.0
    assert state.supply_c > 40.0


@given(
    share=st.floats(0.02, 1.0),
    approach=st.floats(0.5, 9.0),
    flow=st.floats(0.3, 1.2),
    valve=st.floats(0.3, 1.2),
)
@settings(deadline=None)
def test_a_valve_opens_just_as_far_as_the_heat_asks(share, approach, flow, valve):
    most = heat_at_set_point_kw(UNIT, 110.0 * flow, 120.0 * valve, approach)
    state = cdu_states(
        UNIT,
        share * most,
        110.0 * flow,
        set_point_c=30.0 + approach,
        fws_supply_c=30.0,
        pump_kw_k=150.0,
        valve_kw_k=120.0 * valve,
    )

    through = 120.0 * valve * state.valve_fraction
    assert heat_at_set_point_kw(UNIT, 110.0 * flow, through, approach) == pytest.approx(
        state.moved_kw, rel=1e-6
    )
    assert state.fws_return_c == pytest.approx(30.0 + state.moved_kw / through)


def test_a_cdu_without_load_or_approach():
    idle = cdu_states(UNIT, 0.0, 0.0, set_point_c=40.0, fws_supply_c=36.0, pump_kw_k=110.0)
    assert idle.binds == ("none",) and idle.moved_kw == 0.0 and idle.valve_fraction == 0.0
    assert np.isfinite(idle.capacity_kw).all() and np.isfinite(idle.fws_return_c).all()

    stuck = cdu_states(UNIT, 500.0, 100.0, set_point_c=36.0, fws_supply_c=36.0, pump_kw_k=110.0)
    assert stuck.capacity_kw == 0.0 and stuck.supply_c > 36.0


@given(st.floats(0.1, 2.0), st.floats(0.1, 2.0), st.floats(0.5, 12.0))
@settings(deadline=None, max_examples=60)
def test_more_facility_water_or_approach_never_moves_less(tcs, fws, approach):
    base = heat_at_set_point_kw(UNIT, 110.0 * tcs, 120.0 * fws, approach)

    assert heat_at_set_point_kw(UNIT, 110.0 * tcs, 130.0 * fws, approach) >= base * (1 - 1e-9)
    assert heat_at_set_point_kw(UNIT, 110.0 * tcs, 120.0 * fws, approach + 1) >= base


def test_the_rest_of_a_group_shares_what_is_lost():
    assert after_loss(900.0, 80.0, units=4) == (1200.0, pytest.approx(106.6666667))
    with pytest.raises(OutOfRange):
        after_loss(900.0, 80.0, units=1)


def test_the_dew_point_holds_the_set_point_up():
    assert guarded_supply_c([16.0, 30.0], 18.6, 2.0) == pytest.approx([20.6, 30.0])
    with pytest.raises(OutOfRange):
        guarded_supply_c(20.0, 10.0, -1.0)


def test_a_coil_takes_less_from_warmer_water():
    taken = coil_capacity_kw(8.0, 6.0, 10.0, 37.0, np.array([18.0, 24.0, 37.0, 40.0]))

    assert np.all(np.diff(taken) <= 0.0)
    assert taken[2] == 0.0 and taken[3] == 0.0
    assert taken[0] / taken[1] == pytest.approx(19.0 / 13.0)
