"""What stands beside a figure that counts racks which the drawn plant does not carry."""

from dataclasses import replace

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.evaluate import evaluate
from engine.plant import AirHandlers
from engine.shortfall import carried_fraction
from tests.strategies import empty_hall, pod

LINES = Assumptions.load()


def shortfall(plant):
    return evaluate(plant, LINES, "edit").shortfall


def test_a_plant_that_carries_its_racks_has_nothing_to_add():
    assert shortfall(pod()).note is None
    assert shortfall(empty_hall()).note is None


def test_a_loop_over_its_cdus_leaves_all_its_racks_short():
    short = shortfall(pod(cdu_kw=200.0))

    assert (short.racks, short.racks_without_coolant) == (8, 8)
    assert short.note == "8 racks lack coolant."


def test_a_loop_that_needs_its_spare_is_short_with_one_lost_only():
    short = shortfall(pod(liquid_kw=130.0))

    assert (short.racks, short.racks_without_coolant_one_lost) == (0, 8)
    assert short.note == "All racks run; with one CDU lost, 8 racks lack coolant."


def test_overloaded_busways_leave_racks_without_power_on_both_feeds_only():
    both = shortfall(pod(busway_kw=400.0))
    plant = pod()
    ratings = np.array(plant.power_nodes.rating_kw)
    ratings[0] = 400.0
    one = shortfall(replace(plant, power_nodes=replace(plant.power_nodes, rating_kw=ratings)))

    assert (both.racks_without_power, one.racks_without_power) == (8, 0)
    assert one.racks_without_power_side_lost == 8
    assert one.note == "All racks run; with one side lost, 8 racks lack power."


def test_a_hall_over_its_air_handlers_leaves_racks_without_air():
    plant = pod()
    weak = replace(plant.air_handlers, capacity_kw=[10.0] * len(plant.air_handlers))

    assert shortfall(replace(plant, air_handlers=weak)).racks_without_air == 8
    # Nothing drawn is assumed, and a finding of its own.
    assert shortfall(replace(plant, air_handlers=AirHandlers())).racks_without_air == 0


def test_tokens_count_racks_that_lack_coolant():
    whole, starved = (evaluate(plant, LINES, "edit") for plant in (pod(), pod(cdu_kw=200.0)))

    assert starved.compute.tokens_per_s == pytest.approx(whole.compute.tokens_per_s)


def test_tokens_and_cost_without_the_racks_that_lack_coolant_stand_beside():
    whole, all_short = (evaluate(plant, LINES, "edit") for plant in (pod(), pod(cdu_kw=200.0)))

    assert whole.shortfall.usd_per_mtok_carried == pytest.approx(whole.cost.usd_per_mtok)
    assert whole.shortfall.sold_tokens_per_s_carried == whole.compute.sold_tokens_per_s
    assert all_short.shortfall.usd_per_mtok_carried is None
    assert all_short.shortfall.sold_tokens_per_s_carried == pytest.approx(0.0, abs=1e-6)


def test_half_of_the_gpus_give_half_of_the_tokens():
    groups = evaluate(pod(), LINES, "edit").compute.groups

    half = {groups[0].gpu: groups[0].gpus // 2}
    assert carried_fraction(groups, half) == pytest.approx(0.5)
    assert carried_fraction((), half) == 1.0
