"""Heat exchangers and what happens after a loss, against textbook and exact cases.

Sources per case: the e-NTU relation, ht 1.2.0 agrees (HX-01); Incropera and DeWitt's concentric
oil cooler (HX-02); heat balances (TH-01, TH-03). Tolerances are those of the cases.
"""

import re

import numpy as np
import pytest

from engine.cooling.coolants import coolant_at
from engine.cooling.exchangers import effectiveness, exchanged_kw, log_mean_difference_k
from engine.faults.transients import coasting_time_to_rise_s, rise_rate_k_s, time_to_rise_s
from tests.validation.cases import cases, near

PHYSICS = cases("physics")


def numbers(text):
    return [float(n) for n in re.findall(r"\d+(?:\.\d+)?", text)]


def test_effectiveness_of_counterflow():
    case = PHYSICS["HX-01"]
    given = case["inputs"]

    assert effectiveness(given["NTU"], given["Cr"]) == near(case, "effectiveness")


def test_concentric_oil_cooler():
    case = PHYSICS["HX-02"]
    given = case["inputs"]
    oil_kg_s, oil_cp, oil_in, oil_out = numbers(given["oil"])
    water_kg_s, water_cp, water_in = numbers(given["water"])
    oil_kw_k, water_kw_k = oil_kg_s * oil_cp / 1000.0, water_kg_s * water_cp / 1000.0
    duty_kw = oil_kw_k * (oil_in - oil_out)
    water_out = water_in + duty_kw / water_kw_k
    mean = log_mean_difference_k(oil_in - water_out, oil_out - water_in)
    u_kw = given["U_W_m2K"] / 1000.0
    length = duty_kw / (u_kw * np.pi * given["tube_inner_diameter_m"] * mean)

    assert 1000.0 * duty_kw == near(case, "duty_W")
    assert water_out == near(case, "water_out_C")
    assert mean == near(case, "LMTD_K")
    assert length == near(case, "length_m")
    by_units = exchanged_kw(duty_kw / mean, oil_kw_k, water_kw_k, oil_in - water_in)
    assert by_units == pytest.approx(duty_kw, rel=1e-9)


def test_rise_of_a_loop_without_heat_sink():
    case = PHYSICS["TH-01"]
    given = case["inputs"]
    content = given["volume_m3"] * 1000.0 * coolant_at("pg25_mass", 30.0).kj_per_litre_k

    rate = rise_rate_k_s(given["load_kW"], content)

    assert rate == near(case, "rate_K_s")
    assert time_to_rise_s(rate, given["allowed_rise_K"]) == near(case, "time_s")


def test_rise_while_a_pump_coasts_down():
    case = PHYSICS["TH-03"]
    given = case["inputs"]
    tau = numbers(given["coast_down"].split("tau=")[1])[0]

    found = coasting_time_to_rise_s(given["deltaT0_K"], given["limit_deltaT_K"], tau)

    assert found == near(case, "time_to_limit_s")
