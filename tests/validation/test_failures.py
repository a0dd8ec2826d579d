"""Redundancy, availability and interruptions against published cases.

Sources per case: the efficiency of N+1 in a directive's table (EL-11); three systems to make two as
trade articles describe it (EL-13); the loss of one side of 2N (FA-02, arithmetic); textbook
availability (RE-01, RE-02); the bridge of Billinton and Allan (RE-04); legacy tier figures (RE-05);
Meta's record of a training job (RE-06). Tolerances are those of the cases.
"""

from itertools import pairwise

import numpy as np
import pytest

from engine.faults.availability import downtime_h, k_of_n, parallel, series
from engine.faults.cuts import minimal_cuts, minimal_paths, path_availability
from engine.faults.jobs import interruptions
from engine.faults.sharing import (
    failure_sets,
    shared_load,
    topology,
    usable_power,
    utilisation_limit,
)
from engine.power.converters import converter_loss_kw
from tests.validation.cases import cases, near

PHYSICS = cases("physics")


def test_utilisation_of_n_plus_1():
    case = PHYSICS["EL-11"]
    modules = case["inputs"]["modules"]

    assert utilisation_limit("n+1", modules) == near(case, "max_utilisation")
    for count, expected in zip(modules, case["expected"]["max_utilisation"], strict=True):
        scheme = topology("n+1", count)
        found = usable_power([1.0], scheme.share, np.ones(count), failure_sets(count, 1))
        assert found.utilisation == pytest.approx(expected, abs=case["tolerance"]["abs"])


def test_three_systems_make_two():
    case = PHYSICS["EL-13"]
    given = case["inputs"]
    count = given["systems"]
    scheme = topology("distributed", count)
    rating = np.full(count, float(given["rating_kW_each"]))

    found = usable_power(np.ones(3), scheme.share, rating, failure_sets(count, 1))

    assert found.power_kw == near(case, "max_P_kW")
    assert found.normal_kw == pytest.approx(case["expected"]["normal_load_per_system_kW"])
    assert found.worst_kw == pytest.approx(case["expected"]["after_one_failure_kW"])
    # Printed with eight digits, fewer than the tolerance of the case asks for.
    assert found.utilisation == pytest.approx(case["expected"]["utilisation_normal"], rel=5e-8)


def test_loss_of_one_side_of_2n():
    case = PHYSICS["FA-02"]
    given = case["inputs"]
    rating = np.full(2, float(given["UPS_rating_kW"]))
    curve = [float(part.split("=")[1]) for part in given["loss_model"].split(" of")[0].split(", ")]

    state = shared_load(
        [given["IT_kW"]], topology("2n", 1).share, rating, [[False, False], [True, False]]
    )
    alive = np.array([[True, True], [False, True]])
    loss = (converter_loss_kw(state.load_kw, rating, *curve) * alive).sum(axis=1)

    assert state.utilisation[0, 1] == near(case, "UPS_B_load_before_pu")
    assert state.utilisation[1, 1] == near(case, "UPS_B_load_after_pu")
    assert given["IT_kW"] + loss[0] == near(case, "input_before_kW")
    assert given["IT_kW"] + loss[1] == near(case, "input_after_kW")
    assert loss[1] - loss[0] == near(case, "loss_change_kW")


def test_series_and_parallel():
    case = PHYSICS["RE-01"]
    given = case["inputs"]

    path = series(given["A_chain_components"])
    both = parallel(np.full(given["paths"], path))

    assert path == near(case, "A_path")
    assert both == near(case, "A_2N")
    assert 60.0 * downtime_h(both) == near(case, "downtime_min_per_year_2N")


def test_k_of_n():
    case = PHYSICS["RE-02"]
    given = case["inputs"]

    assert k_of_n(given["k"], np.full(given["n"], given["A"])) == near(case, "A_sys")


def test_the_bridge():
    case = PHYSICS["RE-04"]
    links = [
        ("in", "up", "1"), ("in", "low", "2"), ("up", "low", "3"), ("up", "out", "4"),
        ("low", "out", "5"),
    ]  # fmt: skip
    paths = minimal_paths(links, "in", "out")

    found = path_availability(paths, dict.fromkeys("12345", case["inputs"]["p"]))

    assert found == near(case, "R")
    assert {frozenset(cut) for cut in minimal_cuts(paths)} == {
        frozenset(cut) for cut in ("12", "45", "135", "234")
    }


def test_downtime_of_legacy_tiers():
    case = PHYSICS["RE-05"]

    found = downtime_h(case["inputs"]["A"])

    assert found == near(case, "h_per_year")
    assert all(more > less for more, less in pairwise(found))


def test_interruptions_of_a_large_job():
    case = PHYSICS["RE-06"]
    given = case["inputs"]

    found = interruptions(given["unexpected_interruptions"], given["days"], given["gpus"])

    assert found.mean_time_h == near(case, "MTTI_h")
    assert found.gpu_h_each == near(case, "GPU_hours_per_interruption")
    assert found.per_gpu_year == near(case, "per_GPU_year_rate")
