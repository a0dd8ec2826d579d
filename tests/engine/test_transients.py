import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import OutOfRange
from engine.faults.ride_through import Circuits, Outage, ride_through
from engine.faults.transients import (
    NEVER,
    coasting_flow_fraction,
    coasting_time_to_rise_s,
    mixed_step_c,
    rise_rate_k_s,
    tank_m3,
    throttled_fraction,
    time_to_rise_s,
    transport_delay_s,
)


def circuits(*, racks=8, heat=115.0, flow=10.0, pipe=0.0, rack=160.0, fws=0.0, **more):
    figures = {
        "loop": np.zeros(racks, dtype=np.int64),
        "heat_kw": np.full(racks, heat),
        "flow_kw_k": np.full(racks, flow),
        "rack_kj_k": np.full(racks, rack),
        "throttle_c": np.full(racks, 65.0),
        "trip_c": np.full(racks, 75.0),
        "pipe_kj_k": np.array([pipe]),
        "supply_c": np.array([40.0]),
        "fws_supply_c": np.array([35.0]),
        "effect": np.array([0.85]),
        "fws_kj_k": np.array([fws]),
    }
    return Circuits(**{**figures, **more})


def test_nothing_lost_nothing_changes():
    ride = ride_through(circuits(pipe=500.0), Outage(), length_s=300.0)

    assert ride.supply_c == pytest.approx(np.full_like(ride.supply_c, 40.0))
    assert ride.return_c == pytest.approx(np.full_like(ride.return_c, 51.5))
    assert np.all(ride.alarm_s == NEVER) and np.all(ride.trip_s == NEVER)
    assert ride.first_rack == -1


def test_flow_dips_until_the_pumps_that_are_left_have_sped_up():
    held = Outage(pumps_stop=True, left=np.ones(8), coast_s=5.0)
    dipping = Outage(pumps_stop=True, left=np.ones(8), coast_s=5.0, handed_over=0.5, ramp_s=10.0)

    calm, felt = (ride_through(circuits(), each, length_s=300.0) for each in (held, dipping))

    flow = felt.flow_fraction[:, 0]
    assert flow[3] == pytest.approx(1.0 - 0.5 * (np.exp(-0.3) - 1.0 / 1.6))  # 3 s after the loss
    assert (flow[0], flow[-1]) == (1.0, 1.0) and flow.min() > 0.93
    assert (calm.flow_fraction == 1.0).all()
    assert calm.return_c.max() == pytest.approx(51.5)
    assert 51.6 < felt.return_c.max() < 51.5 + 11.5 * 0.1
    assert felt.return_c[-1] == pytest.approx(calm.return_c[-1], abs=0.05)


def test_without_heat_sink_the_loop_warms_by_its_content():
    plant = circuits(pipe=600.0, throttle_c=np.full(8, 200.0), trip_c=np.full(8, 300.0))
    ride = ride_through(plant, Outage(heat_sink_stops=True), length_s=300.0, step_s=0.5)

    late = ride.return_c[-200:, 0]
    rate = (late[-1] - late[0]) / (199 * 0.5)
    expected = rise_rate_k_s(8 * 115.0, 2 * 600.0, 8 * 160.0)
    assert rate == pytest.approx(float(expected), rel=0.02)


def test_alarm_comes_before_throttling_and_throttling_before_the_trip():
    plant = circuits(pipe=300.0, trip_c=np.full(8, 68.0))
    ride = ride_through(plant, Outage(heat_sink_stops=True), throttle_per_k=0.01)

    assert 0.0 < ride.alarm_s[0] < ride.throttle_s[0] < ride.trip_s[0] < NEVER
    assert np.all(ride.power_fraction[-1] == 0.0)


def test_the_rack_with_the_least_flow_is_first():
    flow = np.full(8, 10.0)
    flow[5] = 7.0
    ride = ride_through(circuits(flow_kw_k=flow), Outage(heat_sink_stops=True))

    assert ride.first_rack == 5
    assert ride.throttle_s[5] == ride.throttle_s.min()


def test_throttling_can_keep_a_rack_from_tripping():
    sharp = ride_through(circuits(), Outage(pumps_stop=True), throttle_per_k=0.5)
    blunt = ride_through(circuits(), Outage(pumps_stop=True), throttle_per_k=0.0)

    assert np.all(sharp.trip_s == NEVER)
    assert np.all(blunt.trip_s < NEVER)


def test_a_pump_that_is_back_in_time_saves_the_racks():
    soon = ride_through(circuits(), Outage(pumps_stop=True, pumps_back_s=6.0), throttle_per_k=0.0)

    assert np.all(soon.trip_s == NEVER)
    assert soon.return_c[-1] == pytest.approx(np.full(8, 51.5), abs=0.01)


def test_facility_water_of_its_own_carries_on_for_a_while():
    none = ride_through(circuits(), Outage(heat_sink_stops=True))
    some = ride_through(circuits(fws=20_000.0), Outage(heat_sink_stops=True))

    assert some.alarm_s[0] > none.alarm_s[0] + 30.0


def test_a_heat_sink_that_keeps_a_share_settles_at_that_share_of_the_power():
    outage = Outage(heat_sink_stops=True, sink_left=0.8)

    ride = ride_through(circuits(fws=500.0), outage, length_s=20_000.0, throttle_per_k=0.05)

    assert ride.power_fraction[-1] == pytest.approx(0.8, abs=0.01)
    assert not np.isfinite(ride.trip_s).any()


def test_what_enters_a_pipe_leaves_after_its_volume():
    plant = circuits(pipe=1600.0, trip_c=np.full(8, 500.0), throttle_c=np.full(8, 400.0))
    ride = ride_through(plant, Outage(heat_sink_stops=True), length_s=60.0, step_s=0.5)

    # 1,600 kJ/K at 80 kW/K pass in 20 s: until then the racks are still fed at 40 degrees.
    fed_cold = ride.time_s <= 20.0
    assert ride.supply_c[1, 0] > 50.0
    assert ride.return_c[fed_cold] == pytest.approx(
        np.full_like(ride.return_c[fed_cold], 51.5), abs=1e-6
    )
    assert np.all(ride.return_c[ride.time_s > 22.0] > 52.0)


@given(st.floats(10.0, 80.0), st.floats(10.0, 80.0), st.floats(0.0, 50.0), st.floats(0.0, 200.0))
@settings(deadline=None)
def test_a_mixed_step_may_be_split(start, inlet, flow, heat):
    def step(temp, seconds):
        return mixed_step_c(
            temp, inlet, flow_kw_k=flow, heat_kw=heat, content_kj_k=150.0, step_s=seconds
        )

    assert step(step(start, 3.0), 4.0) == pytest.approx(float(step(start, 7.0)), rel=1e-9)


def test_small_formulas():
    assert coasting_flow_fraction([0.0, 6.0], 6.0) == pytest.approx([1.0, 0.5])
    assert coasting_time_to_rise_s(10.0, 5.0, 6.0) == 0.0
    assert time_to_rise_s(0.0, 10.0) == NEVER
    assert throttled_fraction([60.0, 70.0, 90.0], 65.0, 0.1) == pytest.approx([1.0, 0.5, 0.0])
    assert tank_m3(1000.0, 120.0, 15.0, 4003.0) == pytest.approx(1.9985, rel=1e-4)
    assert tank_m3(1000.0, 120.0, 15.0, 4003.0, 5.0) == 0.0
    assert transport_delay_s([2.0, 2.0], [0.01, 0.0]) == pytest.approx([200.0, NEVER])


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: rise_rate_k_s(100.0, 0.0),
        lambda: coasting_flow_fraction(1.0, 0.0),
        lambda: coasting_time_to_rise_s(0.0, 5.0, 5.0),
        lambda: tank_m3(1.0, 1.0, 0.0, 4000.0),
        lambda: throttled_fraction(1.0, 1.0, -1.0),
        lambda: ride_through(circuits(), Outage(), step_s=0.0),
        lambda: ride_through(circuits(), Outage(), length_s=1e9),
    ],
)
def test_impossible_figures_are_refused(wrong):
    with pytest.raises(OutOfRange):
        wrong()
