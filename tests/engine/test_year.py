"""The year: it closes on the design day, its hours sum, its samples surround it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import evaluate
from engine.assumptions import Assumptions
from engine.climate.weather import weather_year
from engine.cooling.design_day import design_day
from engine.cooling.rejection import Coolers, at_weather, circuit_of
from engine.energy import metrics
from engine.energy.annual import summed
from engine.energy.carbon import (
    EmbodiedItem,
    embodied_carbon,
    fuel_carbon_kg,
    operational_carbon_kg,
    refrigerant_carbon_kg,
)
from engine.energy.year import plant_year, year_model
from engine.energy.year_kernel import Samples, circuit_sums, hours_of
from engine.energy.year_risk import inputs_of, sampled_figures, year_risk
from engine.errors import OutOfRange
from engine.operation import operate
from engine.plant import Plant, Site
from engine.risk.propagation import first_order
from engine.studies import rules_of
from tests.engine.climate import synthetic_year
from tests.engine.plants import liquid_pod

LINES = Assumptions.load()
KINDS = ("dry_cooler", "adiabatic", "tower", "chiller")


def modelled(lines=LINES, **site):
    plant = liquid_pod(site=Site(**site))
    state = operate(plant, rules_of(plant, lines), lines)
    settled = (state.power, state.cooling, state.mechanical)
    return plant, state, year_model(plant, rules_of(plant, lines), lines, settled)


def year_of(lines=LINES, **site):
    plant, state, model = modelled(lines, **site)
    hourly = plant_year(model, synthetic_year())
    return summed(plant, hourly, lines, hall_area_m2=500.0, design_day_pue=state.energy.pue)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("supply", [18.0, 30.0, 40.0])
def test_a_year_of_design_days_draws_what_the_design_day_draws(kind, supply):
    plant, state, model = modelled(heat_rejection=kind, fws_supply_c=supply)
    day = design_day(plant, LINES).weather
    flat = weather_year("flat", np.full(8760, day.dry_bulb_c), np.full(8760, 10.0), 101_325.0)
    flat = replace(flat, wet_bulb_c=np.full(8760, day.wet_bulb_c))

    found = plant_year(model, flat)

    assert found.site_kw == pytest.approx(state.energy.facility_kw, rel=1e-9)


def test_parts_of_pue_add_up_and_renewables_count_once():
    lines = Assumptions.load({"energy.renewable_fraction": 0.4})

    totals = year_of(lines).totals

    assert totals.dcie * totals.pue == pytest.approx(1.0)
    parts = (totals.cooling_ppue - 1.0) + (totals.loss_ppue - 1.0)
    assert 0.0 < parts < totals.pue - 1.0  # the rest of the site is the rest
    assert totals.ref == pytest.approx(0.4)
    assert totals.refrigerant_t == 0.0 and totals.fuel_t == 0.0  # neither is drawn


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=15)
@given(supply=st.floats(8.0, 45.0), reuse=st.floats(0.0, 0.9))
def test_metrics_of_any_year_keep_their_order(kind, supply, reuse):
    lines = Assumptions.load({"energy.heat_reuse_fraction": reuse})

    totals = year_of(lines, heat_rejection=kind, fws_supply_c=supply).totals

    assert totals.pue >= 1.0
    assert totals.ere <= totals.pue
    assert totals.tue >= totals.pue
    assert totals.free_hours + totals.partial_hours + totals.mechanical_hours == 8760
    assert totals.free_hours <= totals.fws_free_hours <= 8760
    assert totals.wue_source_l_per_kwh >= totals.wue_l_per_kwh >= 0.0


def test_months_sum_to_the_year():
    found = year_of(heat_rejection="tower")

    assert sum(month.site_mwh for month in found.months) == pytest.approx(found.totals.site_mwh)
    assert sum(month.water_m3 for month in found.months) == pytest.approx(found.totals.water_m3)
    hours = sum(m.free_hours + m.partial_hours + m.mechanical_hours for m in found.months)
    assert hours == 8760
    assert [month.name for month in found.months][:2] == ["January", "February"]


def test_the_pue_of_a_year_is_no_mean_of_hours_when_the_load_moves():
    site, it = np.array([110.0, 60.0]), np.array([100.0, 40.0])

    assert metrics.power_usage_effectiveness(site, it) == pytest.approx(170.0 / 140.0)
    assert np.mean(site / it) != pytest.approx(170.0 / 140.0)


def test_warmer_water_needs_fewer_chiller_hours():
    hours = [year_of(fws_supply_c=each).totals.free_hours for each in (15.0, 25.0, 35.0)]

    assert hours == sorted(hours)
    assert hours[0] < hours[-1]


def test_a_year_without_load_is_refused():
    lines = Assumptions.load()
    plant = Plant()
    state = operate(plant, rules_of(plant, lines), lines)
    with pytest.raises(OutOfRange, match="IT load"):
        year_model(
            plant, rules_of(plant, lines), lines, (state.power, state.cooling, state.mechanical)
        )


def samples(count, seed=0):
    random = np.random.default_rng(seed)
    return Samples(
        heat=random.normal(1.0, 0.03, count),
        approach=random.normal(1.0, 0.1, count),
        fan=random.normal(1.0, 0.05, count),
        chiller_input=random.normal(1.0, 0.04, count),
        warmer_k=random.normal(0.0, 0.6, count),
    )


def circuit_at(kind, set_c):
    coolers = Coolers(capacity_kw=1000.0, approach_k=9.0, fan_kw=20.0, is_drawn=False)
    return circuit_of(950.0, set_c, kind, coolers, LINES)


@pytest.mark.parametrize("set_c", [19.0, 35.0])
def test_a_sample_is_the_circuit_with_its_numbers_moved(set_c):
    year, drawn, circuit = synthetic_year(), samples(7), circuit_at("dry_cooler", set_c)
    hours = hours_of(circuit, year.dry_bulb_c, year.wet_bulb_c)

    found = circuit_sums(circuit, hours, drawn, compiled=False)

    for i in range(len(drawn)):
        moved = replace(
            circuit,
            heat_kw=950.0 * drawn.heat[i],
            approach_k=9.0 * drawn.approach[i],
            carnot_share=circuit.carnot_share / drawn.chiller_input[i],
            recirculation_k=circuit.recirculation_k + drawn.warmer_k[i],
        )
        one = at_weather(moved, year.dry_bulb_c, year.wet_bulb_c)
        assert found.chiller_kwh[i] == pytest.approx(one.chiller_kw.sum(), rel=1e-9, abs=1e-6)
        assert found.fan_kwh[i] == pytest.approx(one.fan_kw.sum() * drawn.fan[i], rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("set_c", [7.0, 19.0, 35.0])
def test_compiled_loops_give_what_numpy_gives(kind, set_c):
    pytest.importorskip("numba")
    year, drawn, circuit = synthetic_year(), samples(7), circuit_at(kind, set_c)
    hours = hours_of(circuit, year.dry_bulb_c, year.wet_bulb_c)

    fast, plain = (circuit_sums(circuit, hours, drawn, compiled=way) for way in (True, False))

    for name in ("fan_kwh", "chiller_kwh", "evaporated_kwh"):
        assert getattr(fast, name) == pytest.approx(getattr(plain, name), rel=1e-9, abs=1e-6)


def test_without_numba_the_work_is_done_all_the_same(monkeypatch):
    year, circuit = synthetic_year(), circuit_at("tower", 19.0)
    hours = hours_of(circuit, year.dry_bulb_c, year.wet_bulb_c)
    plain = circuit_sums(circuit, hours, samples(3), compiled=False)
    monkeypatch.setattr("engine.energy.year_kernel._kernel", lambda: None)

    found = circuit_sums(circuit, hours, samples(3), compiled=True)

    assert np.array_equal(found.chiller_kwh, plain.chiller_kwh)


@pytest.mark.parametrize("kind", KINDS)
def test_bins_of_temperature_keep_the_hours_and_the_power(kind):
    _, _, model = modelled(heat_rejection=kind, fws_supply_c=28.0)
    year = synthetic_year()
    for circuit in (model.loads.fws, model.loads.coils):
        whole = hours_of(circuit, year.dry_bulb_c, year.wet_bulb_c)
        binned = hours_of(circuit, year.dry_bulb_c, year.wet_bulb_c, 0.25)
        every, few = (
            circuit_sums(circuit, h, samples(50), compiled=False) for h in (whole, binned)
        )

        assert binned.weight_h.sum() == 8760
        drawn, near = every.fan_kwh + every.chiller_kwh, few.fan_kwh + few.chiller_kwh
        assert np.abs(drawn - near).max() < 1e-4 * model.it_kw * 8760


@pytest.mark.parametrize("kind", KINDS)
def test_the_middle_of_the_samples_is_the_nominal_year(kind):
    _, _, model = modelled(heat_rejection=kind, fws_supply_c=28.0)
    hourly = plant_year(model, synthetic_year())
    nominal = hourly.site_kw.sum() / (hourly.it_kw * 8760)

    exact = sampled_figures(
        model, hourly, {name: np.array([each.mean]) for name, each in inputs_of(LINES).items()}
    )
    found = year_risk(model, hourly, LINES, count=2000)

    assert exact["pue"][0] == pytest.approx(nominal, rel=1e-9)
    assert found.pue.at(10.0) < nominal < found.pue.at(90.0)
    assert found.pue.at(5.0) >= 1.0
    assert sum(found.contributors.values()) == pytest.approx(1.0, abs=0.1)


def test_monte_carlo_agrees_with_first_order():
    _, _, model = modelled(heat_rejection="dry_cooler", fws_supply_c=40.0)
    hourly = plant_year(model, synthetic_year())
    inputs = inputs_of(LINES)

    line = first_order(lambda x: sampled_figures(model, hourly, x)["pue"], inputs)
    found = year_risk(model, hourly, LINES, count=4000)

    assert abs(found.pue.mean - line.mean) <= 4.0 * found.pue.mean_error + 1e-4
    assert found.pue.sd == pytest.approx(line.sd, rel=0.1)


def test_equal_years_have_equal_ranges_and_progress_is_told():
    _, _, model = modelled()
    hourly = plant_year(model, synthetic_year())
    told = []

    one = year_risk(model, hourly, LINES, count=2500, on_progress=told.append)
    again = year_risk(model, hourly, LINES, count=2500)

    assert one.to_json() == again.to_json()
    assert told == [0.4, 0.8, 1.0]


def test_an_evaluation_has_a_year_only_with_weather_and_ranges_only_at_risk():
    plant = liquid_pod()

    edit = evaluate(plant, LINES, "edit").to_json()
    bare = evaluate(plant, LINES, "study").to_json()
    study = evaluate(plant, LINES, "study", weather=synthetic_year()).to_json()
    risk = evaluate(plant, LINES, "risk", weather=synthetic_year()).to_json()

    assert edit["year"] is None and edit["ranges"] is None
    assert bare["year"]["reason"].startswith("No weather is chosen")
    assert study["year"]["reason"] is None and study["ranges"] is None
    assert len(study["year"]["hourly"]["pue"]) == len(study["year"]["hourly"]["free"]) == 8760
    assert risk["ranges"]["pue"]["p10"] < risk["ranges"]["pue"]["p90"]
    assert risk["year"] == study["year"]
    assert "year.totals.pue" in study["provenance"]


def test_a_warmer_climate_raises_the_pue():
    cool, warm = (
        evaluate(liquid_pod(site=Site(warming_k=by)), LINES, "study", weather=synthetic_year())
        for by in (0.0, 3.0)
    )

    assert warm.year["totals"]["pue"] > cool.year["totals"]["pue"]
    assert warm.year["weather"]["warming_k"] == 3.0


def test_a_cost_rests_on_the_pue_of_the_year_where_there_is_one_and_says_whose():
    plant = liquid_pod()
    edit = evaluate(plant, LINES, "edit").to_json()["cost"]
    bare = evaluate(plant, LINES, "study").to_json()["cost"]
    study = evaluate(plant, LINES, "study", weather=synthetic_year()).to_json()

    assert edit == bare and "at the mean temperature" in edit["terms"]
    assert study["cost"]["pue"] == study["year"]["totals"]["pue"] != edit["pue"]
    name = study["year"]["weather"]["name"]
    assert f"PUE {study['cost']['pue']:.3f} of 8,760 hours of {name}" in study["cost"]["terms"]
    assert study["cost"]["opex_usd_per_year"] != edit["opex_usd_per_year"]
    inputs = {each["label"] for each in study["provenance"]["cost.opex_usd_per_year"]["inputs"]}
    assert f"PUE of 8,760 hours of {name}" in inputs


def test_a_design_day_colder_than_the_weather_is_a_finding():
    lines = Assumptions.load({"site.dry_bulb_design_c": 25.0})
    hot = synthetic_year(mean_c=20.0)

    found = evaluate(liquid_pod(), lines, "study", weather=hot)

    assert "CLIMATE-DESIGN-DAY" in {finding.rule for finding in found.findings}


def test_carbon_of_hours_fuel_leaks_and_buildings():
    assert operational_carbon_kg([1.0, 2.0], [0.5, 0.25]) == pytest.approx(1.0)
    assert fuel_carbon_kg(100.0) == pytest.approx(268.0)
    assert refrigerant_carbon_kg(100.0, 675.0, 0.02) == pytest.approx(1350.0)
    built = embodied_carbon(
        [
            EmbodiedItem(name="IT", amount=10.0, kg_per_unit=400.0, life_years=5.0),
            EmbodiedItem(name="Shell", amount=100.0, kg_per_unit=900.0, life_years=40.0),
        ]
    )
    assert built.total_kg == pytest.approx(94_000.0)
    assert built.yearly_kg == pytest.approx(800.0 + 2250.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: operational_carbon_kg([1.0, 2.0], [0.1, 0.2, 0.3]),
        lambda: operational_carbon_kg([-1.0], 0.1),
        lambda: embodied_carbon([EmbodiedItem(name="IT", amount=1, kg_per_unit=1, life_years=0)]),
        lambda: metrics.power_usage_effectiveness(1.0, 0.0),
        lambda: metrics.power_usage_effectiveness(float("nan"), 1.0),
        lambda: metrics.energy_reuse_factor(2.0, 1.0),
        lambda: metrics.energy_reuse_effectiveness(1.2, 1.2),
    ],
)
def test_figures_that_make_no_sense_are_refused(call):
    with pytest.raises(OutOfRange):
        call()
