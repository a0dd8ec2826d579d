import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cooling.circuits import cool, coolant_rise_k, required_flow_lpm
from engine.cooling.coolants import coolant_at
from engine.cooling.loops import capacity_at_approach_kw, lost_largest
from engine.errors import OutOfRange
from engine.plant import AirHandlers, Boxes, Curve, Halls, Loops, Plant, Racks, Site
from tests.engine.plants import liquid_pod, power_of

LINES = Assumptions.load()


def cooled(plant, lines=LINES):
    return cool(plant, power_of(plant).rack_kw, lines)


def rules(result):
    return {finding.rule for finding in result.findings}


def test_eight_racks_on_three_cdus_are_n_plus_one():
    result = cooled(liquid_pod())

    assert result.liquid_kw == pytest.approx(920.0)
    assert result.air_kw == pytest.approx(136.0)
    (loop,) = result.loops
    assert (loop.capacity_kw, loop.lost_one_capacity_kw) == (1500.0, 1000.0)
    assert loop.n_plus_1 and loop.starved_rack_ids == ()
    assert "COOL-N1" not in rules(result)


def test_more_liquid_heat_loses_n_plus_one_and_names_the_racks():
    result = cooled(liquid_pod(liquid_kw=130.0))

    (loop,) = result.loops
    assert loop.heat_kw == pytest.approx(1040.0)
    assert not loop.n_plus_1 and loop.binds == "heat"
    assert loop.starved_rack_ids == tuple(f"rack-{i:02}" for i in range(8))
    (finding,) = [f for f in result.findings if f.rule == "COOL-N1"]
    assert finding.severity == "warning"
    assert "R01" in finding.detail and "R08" in finding.detail
    assert "It takes 3 and 1 spare of its CDUs, and has 3." in finding.detail
    assert (finding.measured, finding.required) == (pytest.approx(1040.0), 1000.0)


def test_a_demand_equal_to_what_is_left_still_fits():
    assert cooled(liquid_pod(liquid_kw=125.0)).loops[0].n_plus_1


def test_over_capacity_in_normal_operation_blocks():
    result = cooled(liquid_pod(cdus=1))

    (finding,) = [f for f in result.findings if f.rule == "COOL-CAP"]
    assert finding.severity == "blocking"
    assert "It takes 2 and 1 spare of its CDUs, and has 1." in finding.detail
    assert "COOL-N1" not in rules(result)


def test_no_number_of_cdus_is_asked_for_where_none_helps():
    result = cooled(liquid_pod(site=Site(tcs_supply_c=40.0, fws_supply_c=40.0)))

    finding = next(f for f in result.findings if f.rule == "COOL-CAP")
    assert "It takes" not in finding.detail
    assert "coolant supply must lie above the facility water" in finding.detail


def test_the_working_of_the_return_lists_the_flow_that_reaches_the_racks():
    result = cooled(liquid_pod(cdu_lpm=300.0))

    (made,) = [each for each in result.working if each.figure == "cooling.tcs_return_c"]
    (flow,) = [each for each in made.inputs if each.unit == "L/min"]
    assert flow.value == pytest.approx(float(result.rack_given_lpm.sum()))
    assert flow.value < 0.99 * result.flow_lpm


def test_flow_can_bind_before_heat():
    result = cooled(liquid_pod(cdu_lpm=600.0))

    (loop,) = result.loops
    assert loop.flow_lpm == pytest.approx(1380.0)
    assert loop.binds == "flow" and not loop.n_plus_1
    assert "COOL-N1" in rules(result)
    assert "COOL-FLOW" in rules(cooled(liquid_pod(cdu_lpm=400.0)))


def test_a_loop_that_accepts_no_spare_is_not_reproached():
    assert "COOL-N1" not in rules(cooled(liquid_pod(cdus=2, redundancy=0)))
    assert "COOL-N1" in rules(cooled(liquid_pod(cdus=4, redundancy=3)))


def test_the_racks_own_curve_gives_the_flow_and_is_never_extrapolated():
    curve = Curve(
        name="flow_lpm",
        x=(25.0, 30.0, 35.0, 40.0, 45.0),
        y=(65.1, 76.5, 92.6, 117.5, 160.0),
        source="test",
        confidence="published",
    )

    def at(supply_c):
        return cooled(
            liquid_pod(
                flow_curves=(curve,),
                rack_columns={"flow_curve": np.zeros(8, dtype=int)},
                site=Site(tcs_supply_c=supply_c, fws_supply_c=supply_c - 5),
            )
        )

    assert at(40.0).flow_lpm == pytest.approx(8 * 117.5)
    assert at(37.5).flow_lpm == pytest.approx(8 * (92.6 + 117.5) / 2)
    assert "COOL-CURVE-RANGE" not in rules(at(45.0))
    beyond = at(46.0)
    assert beyond.flow_lpm == pytest.approx(8 * 160.0)
    assert {"COOL-CURVE-RANGE", "COOL-TCS-MAX"} <= rules(beyond)


def test_without_curve_and_specific_flow_the_assumed_rise_decides():
    result = cooled(liquid_pod(rack_columns={"flow_lpm_per_kw": np.zeros(8)}))

    assert result.tcs_return_c == pytest.approx(55.0)


def test_half_the_heat_load_gives_half_the_heat():
    full, half = cooled(liquid_pod()), cooled(liquid_pod(site=Site(heat_load_fraction=0.5)))

    assert half.liquid_kw == pytest.approx(full.liquid_kw / 2)
    assert half.air_kw == pytest.approx(full.air_kw / 2)


def test_liquid_racks_without_a_loop_are_named():
    plant = liquid_pod(rack_columns={"loop": np.array([0, 0, 0, 0, 0, 0, -1, -1])})
    result = cooled(plant)

    (finding,) = [f for f in result.findings if f.rule == "COOL-NOLOOP"]
    assert finding.element_ids == ("rack-06", "rack-07")
    assert result.liquid_kw == pytest.approx(920.0)


def test_no_approach_leaves_no_capacity():
    result = cooled(liquid_pod(site=Site(tcs_supply_c=35.0, fws_supply_c=36.0)))

    assert result.loops[0].capacity_kw == 0.0
    assert "COOL-CAP" in rules(result)


def test_coolant_near_the_dew_point_is_found():
    assert "COOL-DEW" in rules(cooled(liquid_pod(site=Site(tcs_supply_c=16.0, fws_supply_c=10.0))))
    assert "COOL-DEW" not in rules(cooled(liquid_pod()))


def test_air_handlers_serve_the_hall_they_stand_in():
    def corners(x):
        return [[x, 0], [x + 600, 0], [x + 600, 1200], [x, 1200]]

    plant = Plant(
        boxes=Boxes(
            id=("r1", "r2", "a1", "a2"),
            corners_mm=[corners(x) for x in (0, 1000, 2000, 3000)],
            hall=(0, 1, 0, 0),
        ),
        racks=Racks(id=("r1", "r2"), box=(0, 1), sustained_kw=(50.0, 40.0)),
        air_handlers=AirHandlers(id=("a1", "a2"), box=(2, 3), capacity_kw=(45.0, 45.0)),
        halls=Halls(id=("h1", "h2"), name=("One", "Two"), outline_mm=(np.zeros((3, 2)),) * 2),
        loops=Loops(),
    )
    result = cooled(plant)

    by_rule = {f.rule: f for f in result.findings}
    assert by_rule["COOL-AIR-N1"].measured == 50.0
    assert by_rule["COOL-AIR-CAP"].measured == 40.0
    assert "Two" in by_rule["COOL-AIR-CAP"].title


def test_an_empty_plant_is_cold_and_without_findings():
    result = cooled(Plant())

    assert (result.liquid_kw, result.air_kw, result.flow_lpm) == (0.0, 0.0, 0.0)
    assert result.tcs_return_c is None
    assert result.findings == ()


def test_a_rise_must_be_positive():
    with pytest.raises(OutOfRange):
        required_flow_lpm(np.ones(1), 0.0, coolant_at("water", 40.0))


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.integers(0, 4)), max_size=30),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
)
@settings(deadline=None)
def test_the_lost_are_the_largest(pairs, lost):
    values = np.array([v for v, _ in pairs], dtype=float)
    group = np.array([g for _, g in pairs], dtype=np.int64)
    gone, of_others = lost_largest(values, group, 5, np.array(lost))

    for g in range(5):
        members = [v for v, of in pairs if of == g]
        assert gone[g] == pytest.approx(sum(sorted(members, reverse=True)[: lost[g]]))
    for i, (_, g) in enumerate(pairs):
        others = [v for j, (v, of) in enumerate(pairs) if of == g and j != i]
        assert of_others[i] == pytest.approx(sum(sorted(others, reverse=True)[: lost[g]]), abs=1e-6)


@given(
    st.floats(0.1, 200), st.floats(1, 40), st.sampled_from(["pg25_volume", "pg25_mass", "water"])
)
@settings(deadline=None)
def test_flow_and_rise_undo_each_other(heat_kw, rise_k, name):
    coolant = coolant_at(name, 40.0)
    heat = np.array([heat_kw])

    flow = required_flow_lpm(heat, rise_k, coolant)

    assert coolant_rise_k(heat, flow, coolant)[0] == pytest.approx(rise_k, rel=1e-12)


@given(st.floats(0, 5000), st.floats(0.5, 15), st.floats(-10, 20), st.floats(0, 5))
@settings(deadline=None)
def test_more_approach_never_gives_less_capacity_and_never_more_than_the_rating(
    cap, rated, a, more
):
    capacity, approach = np.array([cap]), np.array([rated])
    less = capacity_at_approach_kw(capacity, approach, a)[0]
    greater = capacity_at_approach_kw(capacity, approach, a + more)[0]

    assert 0.0 <= less <= greater <= cap


@given(st.integers(1, 12), st.floats(10, 300), st.floats(0, 1), st.integers(1, 6))
@settings(deadline=None)
def test_heat_is_conserved_and_more_load_never_gives_more_margin(racks, kw, fraction, cdus):
    lean = cooled(liquid_pod(racks=racks, rack_kw=kw, liquid_kw=kw * fraction, cdus=cdus))
    rich = cooled(
        liquid_pod(racks=racks, rack_kw=kw * 1.1, liquid_kw=kw * 1.1 * fraction, cdus=cdus)
    )

    assert lean.liquid_kw + lean.air_kw == pytest.approx(racks * kw, rel=1e-9)
    assert lean.cdus.load_kw.sum() == pytest.approx(lean.liquid_kw, rel=1e-9, abs=1e-9)
    before, after = lean.loops[0].margin_fraction, rich.loops[0].margin_fraction
    if before is not None and after is not None:
        assert after <= before + 1e-9
