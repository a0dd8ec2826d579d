import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cooling.circuits import cool
from engine.energy.facility import facility
from engine.errors import OutOfRange
from engine.plant import Plant, Site, Utilisation, Workload
from engine.tokens.compute import throughput
from tests.engine.plants import liquid_pod, power_of

LINES = Assumptions.load()


def computed(plant, lines=LINES):
    power = power_of(plant)
    return throughput(
        plant, power, facility(plant, power, cool(plant, power.rack_kw, lines), lines), lines
    )


def asking(**workload):
    return liquid_pod(site=Site(workload=Workload(**workload)))


def test_the_chain_ends_at_what_is_sold():
    result = computed(liquid_pod())

    factors = np.prod([step.value for step in result.chain])
    assert result.gpus == 576
    assert result.sold_tokens_per_s == pytest.approx(result.tokens_per_s * factors)
    assert [step.factor for step in result.chain] == [
        "nameplate", "slo", "derate", "availability", "goodput", "load_factor",
    ]  # fmt: skip


def test_tokens_per_megawatt_and_joule_per_token_undo_each_other():
    result = computed(liquid_pod())

    assert result.tokens_per_s_per_mw_facility * result.j_per_token_facility == pytest.approx(1e6)
    ratio = result.j_per_sold_token_facility / result.j_per_token_facility
    assert ratio == pytest.approx(result.tokens_per_s / result.sold_tokens_per_s)
    assert ratio > 1.0


def test_without_gpus_there_is_a_reason():
    for plant in (Plant(), liquid_pod(rack_columns={"gpu_count": np.zeros(8, dtype=int)})):
        result = computed(plant)
        assert result.tokens_per_s is None and result.gpus == 0
        assert result.reason == "No throughput yet: no rack on the plan carries GPUs."


@pytest.mark.parametrize(
    ("workload", "words"),
    [
        ({"model": "no-such-model"}, "no table"),
        ({"precision": "fp3"}, "not known"),
        ({"interactivity_tok_s_user": 5000.0}, "fastest known"),
    ],
)
def test_a_workload_that_cannot_be_served_has_a_reason(workload, words):
    result = computed(asking(**workload))

    assert result.tokens_per_s is None
    assert words in result.reason


def test_racks_that_cannot_serve_are_named():
    result = computed(asking(interactivity_tok_s_user=5000.0))

    (finding,) = result.findings
    assert finding.rule == "COMP-INFEASIBLE"
    assert finding.element_ids == tuple(f"rack-{i:02}" for i in range(8))


def test_an_impossible_workload_is_an_error():
    for bad in ({"isl": 0}, {"interactivity_tok_s_user": -1.0}, {"prefix_hit_fraction": 1.0}):
        with pytest.raises(OutOfRange):
            computed(asking(**bad))
    with pytest.raises(OutOfRange):
        computed(liquid_pod(site=Site(utilisation=Utilisation(slo_fraction=1.2))))


def test_mixed_halls_add_up():
    mixed = liquid_pod(
        rack_columns={"gpu": np.array([0, 0, 0, 0, 1, 1, 1, 1])}, gpus=("gb300", "vr200")
    )
    old, new = computed(liquid_pod(racks=4)), computed(liquid_pod(racks=4, gpu="vr200"))
    result = computed(mixed)

    assert [group.gpu for group in result.groups] == ["gb300", "vr200"]
    assert result.tokens_per_s == pytest.approx(old.tokens_per_s + new.tokens_per_s)
    assert [group.tier for group in result.groups] == ["measured", "scaled"]


def test_half_the_heat_load_is_half_the_gpus_at_work():
    full, half = computed(liquid_pod()), computed(liquid_pod(site=Site(heat_load_fraction=0.5)))

    assert half.tokens_per_s == pytest.approx(full.tokens_per_s / 2)
    assert half.sold_tokens_per_s == pytest.approx(full.sold_tokens_per_s / 2)
    assert half.chain[1].factor == "heat_load"


def test_every_figure_says_where_it_comes_from():
    result = computed(liquid_pod())

    figures = {entry.figure for entry in result.working}
    assert {"compute.gpus", "compute.tokens_per_s", "compute.sold_tokens_per_s"} <= figures
    for entry in result.working:
        assert all(item.source and item.confidence for item in entry.inputs)


@given(st.floats(5, 300), st.floats(0, 60))
@settings(deadline=None, max_examples=40)
def test_faster_answers_never_give_more_tokens(speed, more):
    slow = computed(asking(interactivity_tok_s_user=speed)).tokens_per_s
    fast = computed(asking(interactivity_tok_s_user=speed + more)).tokens_per_s

    assert (fast or 0.0) <= (slow or 0.0) * (1 + 1e-9)
