import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cooling.circuits import cool
from engine.cost.finance import annual_charge, capital_recovery, usd_per_mtok
from engine.cost.opex import board_power_fraction
from engine.cost.waterfall import cost
from engine.energy.facility import facility
from engine.plant import Finance, Plant, Site, Utilisation
from engine.tokens.compute import throughput
from tests.engine.plants import liquid_pod, power_of

LINES = Assumptions.load()


def costed(plant, **overrides):
    lines = Assumptions.load(overrides)
    power = power_of(plant)
    cooling = cool(plant, power.rack_kw, lines)
    energy = facility(plant, power, cooling, lines)
    compute = throughput(plant, power, energy, lines)
    return cost(plant, power, cooling, energy, compute, lines), compute


def with_site(**site):
    return liquid_pod(site=Site(**site))


def test_the_waterfall_sums_to_the_total():
    for plant in (
        liquid_pod(),
        with_site(heat_load_fraction=0.6),
        with_site(finance=Finance(mode="straight_line")),
    ):
        result, _ = costed(plant)
        summed = [s for s in result.waterfall if s.kind in ("part", "loss")]
        assert sum(s.usd_per_mtok for s in summed) == pytest.approx(result.usd_per_mtok, rel=1e-9)
        assert sum(s.usd_per_year for s in summed) == pytest.approx(result.annual_usd, rel=1e-9)
        assert result.waterfall[-1].usd_per_mtok == pytest.approx(result.usd_per_mtok, rel=1e-9)


def test_the_capital_lines_sum_to_the_capital():
    result, _ = costed(liquid_pod())

    assert sum(line.usd for line in result.capex) == pytest.approx(result.capex_usd, rel=1e-12)


def test_cost_per_token_and_per_gpu_hour_agree():
    result, compute = costed(liquid_pod())

    sold_per_gpu = compute.sold_tokens_per_s / compute.gpus
    assert usd_per_mtok(result.usd_per_gpu_h, sold_per_gpu) == pytest.approx(result.usd_per_mtok)
    assert result.usd_per_mtok_output == pytest.approx(result.usd_per_mtok * 9)


def test_without_interest_the_annuity_is_a_straight_line():
    annuity, _ = costed(with_site(finance=Finance(wacc_fraction=1e-9)))
    straight, _ = costed(with_site(finance=Finance(mode="straight_line")))

    assert annuity.annual_usd == pytest.approx(straight.annual_usd, rel=1e-6)
    assert "finance" not in {step.id for step in straight.waterfall}


@pytest.mark.parametrize(
    "line", ["it.rack.gb300_nvl72", "op.elec", "fac.build_usd_per_w_it", "fin.wacc_hyperscaler"]
)
def test_dearer_inputs_make_dearer_tokens(line):
    base, _ = costed(liquid_pod())
    dearer, _ = costed(liquid_pod(), **{line: 1.2 * LINES.value(line)})

    assert dearer.usd_per_mtok > base.usd_per_mtok


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Utilisation(load_factor_fraction=0.8), Utilisation(load_factor_fraction=0.4)),
        (Utilisation(availability_fraction=0.999), Utilisation(availability_fraction=0.95)),
    ],
)
def test_more_sold_makes_cheaper_tokens(better, worse):
    good, _ = costed(with_site(utilisation=better))
    bad, _ = costed(with_site(utilisation=worse))

    assert good.usd_per_mtok < bad.usd_per_mtok


def test_longer_life_makes_cheaper_tokens():
    long, _ = costed(with_site(finance=Finance(it_life_years=7.0)))
    short, _ = costed(with_site(finance=Finance(it_life_years=3.0)))

    assert long.usd_per_mtok < short.usd_per_mtok


def test_one_more_cdu_costs_one_more_cdu():
    three, _ = costed(liquid_pod(cdus=3))
    four, _ = costed(liquid_pod(cdus=4))

    step = [next(c.usd for c in r.capex if c.id == "fac.cdu") for r in (three, four)]
    assert step[1] - step[0] == pytest.approx(500.0 * LINES.value("fac.cdu"))
    assert four.capex_usd > three.capex_usd


def test_a_price_in_the_record_comes_before_the_line():
    result, _ = costed(liquid_pod(rack_columns={"price_usd": [1e6] * 8}))

    assert next(c.usd for c in result.capex if c.id == "it.racks") == 8e6


def test_gpus_switched_off_cost_the_same_to_buy():
    full, _ = costed(liquid_pod())
    half, _ = costed(with_site(heat_load_fraction=0.5))

    assert half.capex_usd == pytest.approx(full.capex_usd, rel=0.01)
    assert half.usd_per_mtok > full.usd_per_mtok


def test_a_plan_without_racks_costs_nothing_and_says_why():
    result, _ = costed(Plant())

    assert (result.capex_usd, result.annual_usd, result.usd_per_mtok) == (0.0, 0.0, None)
    assert result.reason == "No throughput yet: there is no IT load."


def test_racks_without_gpus_have_a_cost_and_no_cost_per_token():
    result, _ = costed(liquid_pod(rack_columns={"gpu_count": [0] * 8}))

    assert result.annual_usd > 0.0
    assert result.usd_per_mtok is None and result.usd_per_gpu_h is None
    assert result.reason.startswith("No throughput yet")


def test_every_assumption_that_moves_the_cost_is_in_its_provenance():
    result, compute = costed(liquid_pod())
    cited = {i.name for entry in (*result.working, *compute.working) for i in entry.inputs}

    for line in Assumptions.load():
        if not line.startswith(("it.", "net.", "fac.", "op.", "ops.", "life.", "fin.")):
            continue
        moved, _ = costed(liquid_pod(), **{line: 0.95 * LINES.value(line) or 0.001})
        if moved.usd_per_mtok != pytest.approx(result.usd_per_mtok, rel=1e-12):
            assert line in cited, line
    for entry in result.working:
        assert all(item.source and item.confidence for item in entry.inputs), entry.figure


@given(st.floats(0, 0.3), st.floats(1, 40))
@settings(deadline=None)
def test_interest_never_lowers_the_charge(rate, years):
    assert capital_recovery(rate, years) >= 1.0 / years - 1e-12
    assert annual_charge(100.0, years, rate, "annuity") >= annual_charge(
        100.0, years, rate, "straight_line"
    ) * (1 - 1e-12)


@given(st.floats(1e-6, 1.0))
@settings(deadline=None)
def test_boards_draw_between_idle_and_full(saturation):
    assert 0.30 <= board_power_fraction(saturation) <= 0.80


@given(st.integers(1, 40), st.sampled_from(["gb300", "gb200", "vr200", "b200", "h100", "mi355x"]))
@settings(deadline=None, max_examples=30)
def test_bought_things_grow_with_the_racks(racks, gpu):
    one, _ = costed(liquid_pod(racks=1, cdus=0, gpu=gpu))
    many, _ = costed(liquid_pod(racks=racks, cdus=0, gpu=gpu))

    assert many.capex_usd == pytest.approx(racks * one.capex_usd, rel=1e-9)
