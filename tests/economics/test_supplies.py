"""What warmer facility water does where racks do not carry it."""

from types import SimpleNamespace

import pytest

from economics.place_rows import supply_rows
from engine.assumptions import Assumptions
from engine.cost.survey import Conditions, case_of, survey, survey_of
from engine.plant import Site
from tests.strategies import pod

LINES = Assumptions.load()


@pytest.mark.parametrize(("approach_k", "sells"), [(4.0, True), (0.0, False)])
def test_what_warmer_water_costs_leaves_out_the_racks_that_starve_of_it(
    monkeypatch, approach_k, sells
):
    monkeypatch.setattr("engine.cost.survey.SUPPLIES_C", (20.0, 45.0))
    monkeypatch.setattr("engine.cost.survey.sites", dict)
    plant = pod(site=Site(tcs_supply_c=40.0 + approach_k, fws_supply_c=40.0))
    found = survey_of(survey(plant, LINES))
    case = case_of(found, LINES)

    cold, warm = supply_rows(SimpleNamespace(case=case), found, case.answer())

    assert isinstance(found.supplies[45.0], Conditions)
    assert f"coolant at {45 + approach_k:g} °C" in warm["detail"]
    assert ("GPUs stand in racks that starve" in cold["detail"]) is not sells
    assert (cold["cost"] != "–") is sells
    assert (cold["change"] == "no token is sold") is not sells
    assert (cold["tokens"] == "0.0") is not sells
    assert ("warmer than 8 racks allow" in warm["detail"]) is sells
