"""Coolant, heat balance, pumps and air against published and exact cases.

Sources per case: CoolProp 8.0.0 mixture MPG (FL-01); Airedale DeltaChill manual p. 53 (FL-02); OCP
liquid-cooling guidance of 1.5 L/min per kW (FL-04); OCP reservoir and pumping unit as quoted by
ProphetStor (RD-02); energy and mass balances (HX-05, HY-13, AR-01). Tolerances are those of the
cases: the uncertainty of the property fits, 1e-6 and below for identities.
"""

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.cooling.air import airflow_m3_s, fan_power_kw
from engine.cooling.circuits import cool, coolant_rise_k, pump_power_kw
from engine.cooling.coolants import coolant_at
from engine.plant import Site
from engine.units import m3_h_to_cfm, psi_to_kpa
from tests.engine.plants import liquid_pod, power_of
from tests.validation.cases import cases, near

PHYSICS = cases("physics")


@pytest.mark.parametrize(("number", "name"), [("FL-01", "pg25_mass"), ("FL-02", "pg25_volume")])
def test_coolant_properties(number, name):
    case = PHYSICS[number]
    state = coolant_at(name, case["inputs"]["T_C"])
    found = {
        "density_kg_m3": state.density_kg_m3,
        "cp_J_kgK": 1000.0 * state.heat_capacity_kj_kg_k,
        "viscosity_Pa_s": state.viscosity_pa_s,
        "conductivity_W_mK": state.conductivity_w_m_k,
    }

    for figure in case["expected"]:
        assert found[figure] == near(case, figure), figure


def test_the_wrong_basis_of_glycol_fails_its_case():
    case = PHYSICS["FL-02"]

    assert coolant_at("pg25_mass", 20.0).density_kg_m3 != near(case, "density_kg_m3")


def test_rise_at_one_and_a_half_litres_per_kilowatt():
    case = PHYSICS["FL-04"]
    coolant = coolant_at("pg25_mass", 30.0)

    rise = coolant_rise_k(np.ones(1), np.array([case["inputs"]["flow_LPM_per_kW"]]), coolant)

    assert rise[0] == near(case, "deltaT_K")


def test_heat_split_and_rise_of_ten_racks():
    case = PHYSICS["HX-05"]
    given = case["inputs"]
    site = Site(coolant="pg25_mass", tcs_supply_c=25.0, fws_supply_c=20.0)
    liquid_kw = given["rack_kW"] * given["liquid_fraction"]
    per_kw = given["TCS_flow_LPM"] / (given["racks"] * liquid_kw)
    plant = liquid_pod(
        racks=given["racks"],
        rack_kw=given["rack_kW"],
        liquid_kw=liquid_kw,
        site=site,
        rack_columns={"flow_lpm_per_kw": np.full(given["racks"], per_kw)},
    )

    result = cool(plant, power_of(plant).rack_kw, Assumptions.load())

    assert result.liquid_kw == near(case, "liquid_kW")
    assert result.air_kw == near(case, "air_kW")
    assert result.tcs_return_c - result.tcs_supply_c == near(case, "TCS_deltaT_K")


def test_cdu_pump_power():
    case = PHYSICS["HY-13"]
    given = case["inputs"]
    flow = given["load_kW"] * given["LPM_per_kW"]

    assert pump_power_kw(flow, given["dp_kPa"], 1.0) == near(case, "hydraulic_kW")
    electric = pump_power_kw(flow, given["dp_kPa"], given["wire_to_water_efficiency"])
    assert electric == near(case, "electric_kW")
    assert electric / given["load_kW"] == near(case, "fraction_of_IT")


def test_reservoir_and_pumping_unit():
    case = PHYSICS["RD-02"]
    given = case["inputs"]
    head = psi_to_kpa(given["dp_psi"])
    rise = coolant_rise_k(
        np.array([given["rack_kW"]]),
        np.array([given["flow_LPM"]]),
        coolant_at("pg25_mass", 30.0),
    )

    assert rise[0] == near(case, "deltaT_K")
    assert pump_power_kw(given["flow_LPM"], head, 1.0) == near(case, "hydraulic_kW")
    assert pump_power_kw(given["flow_LPM"], head, given["efficiency"]) == near(case, "electric_kW")


def test_airflow_and_fan_power():
    case = PHYSICS["AR-01"]
    given = case["inputs"]
    flow = airflow_m3_s(given["rack_kW"] * given["air_fraction"], given["deltaT_K"], given["rho"])

    assert flow == near(case, "flow_m3_s")
    assert m3_h_to_cfm(flow * 3600.0) == near(case, "flow_cfm")
    watts = 1000.0 * fan_power_kw(flow, given["fan_dp_Pa"], given["fan_efficiency"])
    assert watts == near(case, "fan_W")
