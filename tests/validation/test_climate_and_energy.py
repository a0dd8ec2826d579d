"""Air, chillers, towers, metrics, carbon and uncertainty against published and exact cases.

Sources per case: ASHRAE Handbook Fundamentals 2017 ch. 1, table 3 and example 1 (PS-01, PS-02);
PsychroLib and commissioning practice (PS-05); EnergyPlus "DOE-2 Centrifugal/5.50COP" (CH-01);
ISO/IEC 30134 (ME-01, ME-04); Patterson et al., ISC 2013 (ME-02); NREL on its ESIF (ME-06); JCGM 100
(UQ-01); Wilks 1941 (UQ-02); ASHRAE TC 9.9 (CL-01); NREL's TMY3 file of Greensboro (WX-01); mass and
energy balances (TW-01, CA-01). Tolerances are those of the cases.
"""

from dataclasses import replace

import pytest

from engine.assumptions import Assumptions
from engine.climate.classes import facility_water_class
from engine.climate.psychrometrics import (
    dew_point_c,
    dew_point_from_relative_humidity_c,
    enthalpy_j_kg,
    relative_humidity,
    saturation_pressure_pa,
    specific_volume_m3_kg,
    vapour_pressure_pa,
)
from engine.climate.weather import hours_above
from engine.climate.wet_bulb import humidity_ratio_from_wet_bulb
from engine.cooling.chillers import CENTRIFUGAL, biquadratic, fitted_chiller
from engine.cooling.circuits import cool
from engine.cooling.design_day import DesignDay
from engine.cooling.rejection import Weather
from engine.cooling.water import water_use
from engine.energy.carbon import operational_carbon_kg
from engine.energy.facility import facility
from engine.energy.metrics import (
    carbon_usage_effectiveness,
    energy_reuse_effectiveness,
    energy_reuse_factor,
    infrastructure_efficiency,
    partial_pue,
    power_usage_effectiveness,
    total_usage_effectiveness,
    water_usage_effectiveness,
)
from engine.plant import Site
from engine.risk.propagation import relative_sd
from engine.risk.summary import wilks_runs
from tests.engine.plants import liquid_pod, power_of
from tests.validation.cases import cases, near
from weather.samples import sample_year

PHYSICS = cases("physics")
HOURS = 8760.0


def test_saturation_pressure():
    case = PHYSICS["PS-01"]

    assert saturation_pressure_pa(case["inputs"]["T_C"]).tolist() == near(case, "pws_Pa")


def test_air_by_its_two_bulbs():
    case = PHYSICS["PS-02"]
    dry, wet, pressure = (case["inputs"][name] for name in ("Tdb_C", "Twb_C", "p_Pa"))
    ratio = humidity_ratio_from_wet_bulb(dry, wet, pressure)

    assert ratio == near(case, "humidity_ratio")
    assert dew_point_c(vapour_pressure_pa(ratio, pressure)) == near(case, "dew_point_C")
    assert relative_humidity(dry, ratio, pressure) == near(case, "RH")
    assert enthalpy_j_kg(dry, ratio) == near(case, "enthalpy_J_kg")
    assert specific_volume_m3_kg(dry, ratio, pressure) == near(case, "volume_m3_kg")


def test_least_supply_temperature_by_the_dew_point():
    case = PHYSICS["PS-05"]
    given = case["inputs"]
    dew = float(dew_point_from_relative_humidity_c(given["room_Tdb_C"], given["room_RH"]))

    assert dew == near(case, "dew_point_C")
    assert dew + given["margin_K"] == near(case, "min_TCS_supply_C")


def test_statistics_of_a_real_year():
    case = PHYSICS["WX-01"]
    year = sample_year("sample-greensboro")

    assert len(year) == case["expected"]["hours"]
    assert year.dry_bulb_c.mean() == near(case, "Tdb_mean_C")
    assert year.dry_bulb_c.max() == case["expected"]["Tdb_max_C"]
    assert year.dry_bulb_c.min() == case["expected"]["Tdb_min_C"]
    assert year.wet_bulb_c.mean() == near(case, "Twb_mean_C")
    assert year.wet_bulb_c.max() == near(case, "Twb_max_C")
    assert hours_above(year.dry_bulb_c, 24.0) == near(case, "hours_Tdb_above_24C")
    assert hours_above(year.dry_bulb_c, 30.0) == near(case, "hours_Tdb_above_30C")


def test_chiller_curves_at_their_reference_point():
    case = PHYSICS["CH-01"]
    given = case["inputs"]
    x, y = given["x"], given["y"]
    curves = replace(
        CENTRIFUGAL,
        reference_cop=given["reference_COP"],
        capacity_by_temp=tuple(given["capFT"]),
        input_by_temp=tuple(given["EIRFT"]),
        input_by_load=tuple(given["EIRFPLR"]),
    )
    capacity = biquadratic(curves.capacity_by_temp, x, y)
    found = fitted_chiller(given["PLR"] * capacity, 1.0, x, y, curves)

    assert capacity == near(case, "capFT")
    assert biquadratic(curves.input_by_temp, x, y) == near(case, "EIRFT")
    assert sum(c * given["PLR"] ** i for i, c in enumerate(curves.input_by_load)) == near(
        case, "EIRFPLR"
    )
    assert found.cop == near(case, "COP")
    assert not found.outside_fit


def test_water_of_a_tower():
    case = PHYSICS["TW-01"]
    given = case["inputs"]
    found = water_use(
        1000.0 * given["heat_MWh"],
        latent_heat_kj_kg=given["latent_heat_kJ_kg"],
        cycles=given["cycles_of_concentration"],
        evaporative_fraction=given["evaporative_fraction"],
        drift_fraction=given["drift"],
    )

    assert found.evaporation_l == near(case, "evaporation_L")
    assert found.blowdown_l == near(case, "blowdown_L")
    assert found.make_up_l == near(case, "makeup_L")


def test_pue_is_a_ratio_of_energies():
    case = PHYSICS["ME-01"]
    energies = case["inputs"]["MWh"]
    site, it = sum(energies.values()), energies["IT"]
    cooling = energies["chiller"] + energies["pumps"] + energies["fans"]

    assert power_usage_effectiveness(site, it) == near(case, "PUE")
    assert infrastructure_efficiency(site, it) == pytest.approx(case["expected"]["DCiE"], rel=1e-8)
    assert partial_pue(cooling, it) == near(case, "cooling_pPUE")


def test_total_usage_of_jaguar():
    case = PHYSICS["ME-02"]

    assert total_usage_effectiveness(case["inputs"]["PUE"], case["inputs"]["ITUE"]) == near(
        case, "TUE"
    )


def test_carbon_water_and_reuse():
    case = PHYSICS["ME-04"]
    given = case["inputs"]
    it, site = 1000.0 * given["IT_MWh"], 1000.0 * given["total_MWh"]
    pue = power_usage_effectiveness(site, it)
    reuse = energy_reuse_factor(1000.0 * given["reused_MWh"], site)
    carbon = operational_carbon_kg(site, given["grid_kgCO2_per_kWh"])

    assert pue == near(case, "PUE")
    assert carbon_usage_effectiveness(carbon, it) == near(case, "CUE")
    assert water_usage_effectiveness(1000.0 * given["water_m3"], it) == near(case, "WUE")
    assert reuse == near(case, "ERF")
    assert energy_reuse_effectiveness(pue, reuse) == near(case, "ERE")


def test_a_chillerless_site_with_a_tower_reaches_what_one_was_measured_at():
    case = PHYSICS["ME-06"]
    low, high = case["expected"]["engine_PUE_range_for_similar_inputs"]
    plant = liquid_pod(
        rack_kw=100.0, liquid_kw=97.0, site=Site(heat_rejection="tower", fws_supply_c=30.0)
    )
    mild = DesignDay(
        weather=Weather(dry_bulb_c=11.0, wet_bulb_c=4.5), elevation_m=1829.0, inputs=()
    )
    lines = Assumptions.load()
    power = power_of(plant)

    found = facility(plant, power, cool(plant, power.rack_kw, lines), lines, mild)

    assert low <= found.pue <= high
    assert low <= case["inputs"]["reported_PUE"] <= high


def test_carbon_of_a_year():
    case = PHYSICS["CA-01"]
    given = case["inputs"]
    energy = 1000.0 * given["IT_MW"] * given["PUE"] * given["load_factor"] * HOURS

    assert operational_carbon_kg(energy, given["grid_kg_per_kWh"]) / 1000.0 == near(case, "t_CO2")


def test_first_order_spread_of_a_rise():
    case = PHYSICS["UQ-01"]

    assert relative_sd(case["inputs"]["sd_rel"]) == near(case, "sd_rel_deltaT")


def test_wilks_numbers():
    case = PHYSICS["UQ-02"]
    given = case["inputs"]

    found = [wilks_runs(given["coverage"], each) for each in given["confidence"]]

    assert found == case["expected"]["n_first_order_one_sided"]


def test_water_classes():
    case = PHYSICS["CL-01"]

    assert facility_water_class(case["inputs"]["max_FWS_C"]).tolist() == case["expected"]["class"]
