"""What must hold of any calculation of money: identities, sums, monotonicity, ranges."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cooling.circuits import cool
from engine.cost.basis import basis_of
from engine.cost.case import Case
from engine.cost.finance import annual_charge, capital_recovery
from engine.cost.formulas import Formula, least, ln, most, recovery, worded, written
from engine.cost.levelised import (
    Flow,
    best_refresh,
    cost_by_life,
    flow_of,
    internal_return,
    levelised,
    residual_usd,
)
from engine.cost.montecarlo import figures_of, first_order, spread
from engine.cost.sensitivity import AXES, levers, line_swings, speed_sweep, two_way
from engine.cost.sheet import SheetBuilder
from engine.cost.survey import at_conditions, survey, survey_of, with_gpu
from engine.cost.uncertainty import uncertain_inputs
from engine.cost.waterfall import costed
from engine.cost.working import READ, group_of, origin_of
from engine.energy.facility import facility
from engine.errors import Invalid, OutOfRange
from engine.plant import Finance, Site, Utilisation, Workload
from engine.provenance import stated
from engine.risk.sampling import sample
from engine.tables import sites, wage_indices
from tests.engine.plants import liquid_pod, power_of

LINES = Assumptions.load()
R1 = Workload(
    model="deepseek-r1", precision="fp4", isl=8192, osl=1024, interactivity_tok_s_user=60.0
)


def case_of(site=None, lines=LINES, **more):
    plant = liquid_pod(site=site or Site(workload=R1), **more)
    power = power_of(plant)
    cooling = cool(plant, power.rack_kw, lines)
    energy = facility(plant, power, cooling, lines)
    return Case(
        basis=basis_of(plant, power, cooling, energy, lines), site=plant.site, assumptions=lines
    )


CASE = case_of()
ANSWER = CASE.answer()


def cost_of(**site):
    return case_of(Site(workload=R1, **site)).answer().usd_per_mtok


def cost_with(**lines):
    return CASE.with_lines(lines).answer().usd_per_mtok


def figure(name, answer=ANSWER):
    return answer.economics.sheet[name]


# Identities (§ of the denominators)


def test_tokens_per_megawatt_times_joules_per_token_is_a_million():
    compute = ANSWER.compute

    assert compute.tokens_per_s_per_mw_facility * compute.j_per_token_facility == pytest.approx(
        1e6, rel=1e-12
    )


def test_cost_times_throughput_gives_the_gpu_hour_back():
    sold_per_gpu = figure("tokens.sold") / ANSWER.compute.gpus

    assert figure("cost.usd_per_mtok") * sold_per_gpu * 3600 / 1e6 == pytest.approx(
        figure("cost.usd_per_gpu_h"), rel=1e-12
    )


@given(st.floats(20, 250), st.floats(0.0, 0.9))
@settings(deadline=None, max_examples=20)
def test_classes_share_one_bill(speed, hit):
    case = case_of(
        Site(workload=replace(R1, interactivity_tok_s_user=speed, prefix_hit_fraction=hit))
    )
    answer = case.answer()
    if answer.usd_per_mtok is None:
        return
    found = answer.classes()
    request = found["blended"] * (8192 + 1024)

    by_time = (
        found["fresh_input_by_time"] * 8192 * (1 - hit)
        + found["cached_input_by_time"] * 8192 * hit
        + found["output_by_time"] * 1024
    )
    by_price = found["input_by_price"] * 8192 + found["output_by_price"] * 1024
    assert by_time == pytest.approx(request, rel=1e-9)
    assert by_price == pytest.approx(request, rel=1e-9)
    assert found["output_only"] * 1024 == pytest.approx(request, rel=1e-9)


# Attribution


@given(
    st.floats(0.3, 0.95),
    st.floats(0.9, 1.0),
    st.floats(20, 250),
    st.sampled_from(["annuity", "straight_line", "levelised"]),
)
@settings(deadline=None, max_examples=25)
def test_parts_and_losses_sum_to_the_total(load, up, speed, mode):
    site = Site(
        workload=replace(R1, interactivity_tok_s_user=speed),
        utilisation=Utilisation(load_factor_fraction=load, availability_fraction=up),
        finance=Finance(mode=mode),
    )
    answer = case_of(site).answer()
    steps = costed(answer).waterfall

    summed = sum(s.usd_per_mtok for s in steps if s.kind in ("part", "loss"))
    assert summed == pytest.approx(answer.usd_per_mtok, rel=1e-9)
    assert steps[-1].usd_per_mtok == pytest.approx(costed(answer).usd_per_mtok, rel=1e-12)


LIVES = st.floats(3.0, 9.0), st.floats(10.0, 25.0), st.floats(0.02, 0.15)


@given(*LIVES)
@settings(deadline=None, max_examples=15)
def test_the_sheet_levelises_as_the_flows_do(life, end, rate):
    finance = Finance(
        mode="levelised", it_life_years=life, facility_life_years=end, wacc_fraction=rate
    )
    answer = case_of(Site(workload=R1, finance=finance)).answer()

    assert answer.usd_per_mtok == pytest.approx(levelised(flow_of(answer)).usd_per_mtok, rel=1e-9)
    assert answer.economics.sheet["cost.usd_per_mtok_with_gains"] == pytest.approx(
        levelised(flow_of(answer, with_gains=True)).usd_per_mtok, rel=1e-9
    )
    # The flows keep the expenses of their own life; the sheet moves wear and upkeep with it.
    by_life = cost_by_life(answer, (4, 5))
    assert by_life == pytest.approx(best_refresh(flow_of(answer), (4, 5)), rel=0.02)


@pytest.mark.parametrize("mode", ["straight_line", "annuity", "levelised"])
def test_every_figure_is_of_the_finance_mode(mode):
    """Range, swings, map, band, classes, GPU-hour and waterfall all stand about one figure."""
    answer = CASE.in_mode(mode).answer()
    cost, sheet = answer.usd_per_mtok, answer.economics.sheet
    sold_per_gpu = answer.economics.mtok_per_costed_year / answer.compute.gpus
    luck = spread(answer, count=512)
    sweep, now = speed_sweep(answer, (60.0,)), two_way(answer, "wacc", "it_life", steps=3)

    assert answer.classes()["blended"] == cost
    assert cost * sold_per_gpu / 8760 == pytest.approx(sheet["cost.usd_per_gpu_h"], rel=1e-12)
    steps = costed(answer).waterfall
    assert steps[-1].usd_per_mtok == pytest.approx(cost, rel=1e-12)
    assert all(0.0 <= step.usd_per_mtok <= cost * (1 + 1e-9) for step in steps)
    low, high = (luck.summaries["cost.usd_per_mtok"].at(percent) for percent in (10.0, 90.0))
    assert low < cost < high
    assert sweep.usd_per_mtok[0] == pytest.approx(cost, rel=1e-12)
    assert sweep.p10_usd_per_mtok[0] < cost < sweep.p90_usd_per_mtok[0]
    assert min(min(row) for row in now.values) < cost < max(max(row) for row in now.values)
    swings = {swing.id: swing for swing in levers(answer)}
    for name in ("load_factor", "rack_price", "wacc", "electricity"):
        assert min(swings[name].low, swings[name].high) <= cost * (1 + 1e-9)
        assert cost <= max(swings[name].low, swings[name].high) * (1 + 1e-9)


def test_levelised_samples_are_worked_out_over_the_life_one_by_one():
    answer = CASE.in_mode("levelised").answer()
    luck, flow = spread(answer, count=64), flow_of(answer)
    sheet = answer.economics.sheet
    names = {
        "rate": "term.rate", "it_life_years": "term.it_life",
        "degradation_per_year": "ops.degradation_per_yr",
    }  # fmt: skip
    cells = (*names.values(), "ops.ramp_months")
    for place in range(0, 64, 16):
        at = {name: float(luck.inputs[name][place]) for name in cells if name in luck.inputs}
        found = sheet.with_values(at, ("capex.fac.construction_interest", "annual.opex"))
        land = sheet["capex.fac.land"]
        own = {field: at.get(cell, getattr(flow, field)) for field, cell in names.items()}
        built = sheet["capex.facility_total"] + found["capex.fac.construction_interest"]
        alone = replace(
            flow, **own, ramp_years=at["ops.ramp_months"] / 12, build_years=0.0, facility_usd=built,
            opex_usd_per_year=found["annual.opex"] + land * own["rate"],
        )  # fmt: skip
        expected = levelised(alone).usd_per_mtok
        assert sheet.with_values(at, ("cost.usd_per_mtok",))["cost.usd_per_mtok"] == pytest.approx(
            expected, rel=1e-9
        )


def test_drafting_and_disaggregation_are_levers_of_measured_points():
    swings = {swing.id: swing for swing in levers(case_of(Site(workload=R1)).answer())}

    for name in ("drafting", "disaggregation"):
        assert swings[name].low < swings[name].high


def test_staff_costs_what_people_earn_in_the_country():
    """Pay at a site over that in the United States; a staff cost of one's own counts as it is."""

    def staff(site_id, lines=LINES):
        site = Site(workload=R1, site_id=site_id)
        return case_of(site, lines).answer().economics.sheet["opex.op.staff"]

    own = Assumptions.load({"op.staff_cost": 90_000.0})
    assert staff("fi-hel") == pytest.approx(0.70 * staff("us-tx"))
    assert staff("za-jnb") == pytest.approx(0.40 * staff("us-tx"))
    assert staff("za-jnb", own) == pytest.approx(staff("us-tx", own))
    assert {site.country for site in sites().values()} <= set(wage_indices())
    assert all(0.25 <= index <= 1.2 for index, _, _ in wage_indices().values())


# Finance


@given(st.floats(1, 40), st.floats(1e3, 1e12))
def test_the_annuity_becomes_a_straight_line_without_interest(years, usd):
    assert annual_charge(usd, years, 1e-9, "annuity") == pytest.approx(usd / years, rel=1e-6)


@given(st.floats(0.001, 0.2), st.integers(2, 20))
def test_the_levelised_cost_of_constant_flows_is_the_annuity(rate, years):
    flow = Flow(
        it_usd=1e6, facility_usd=2e6, opex_usd_per_year=1e5, mtok_per_year=1e4, rate=rate,
        it_life_years=years, facility_life_years=years,
    )  # fmt: skip

    expected = (3e6 * capital_recovery(rate, years) + 1e5) / 1e4
    assert levelised(flow, 1).usd_per_mtok == pytest.approx(expected, rel=1e-6)


def test_ramp_and_wear_make_tokens_dearer_and_gains_cheaper():
    flat = flow_of(ANSWER)
    plain = levelised(flat).usd_per_mtok

    assert levelised(replace(flat, ramp_years=1.0)).usd_per_mtok > plain
    assert levelised(replace(flat, degradation_per_year=0.02)).usd_per_mtok > plain
    assert levelised(replace(flat, software_gain=0.6)).usd_per_mtok < plain
    assert levelised(replace(flat, residual_fraction=0.1)).usd_per_mtok < plain
    assert levelised(replace(flat, opex_growth_per_year=0.05)).usd_per_mtok > plain


def test_faster_progress_makes_an_earlier_refresh_pay():
    flow = flow_of(ANSWER)

    def best(progress):
        found = best_refresh(
            replace(flow, progress_oom_per_year=progress, facility_life_years=24.0)
        )
        return min(found, key=found.get)

    assert best(0.4) <= best(0.0)
    assert residual_usd(100.0, 1.0, 0.14) == pytest.approx(72.4, abs=0.1)


def test_a_return_that_repays_just_repays():
    found = internal_return(1000.0, np.full(5, 300.0))

    assert sum(300.0 / (1 + found) ** t for t in range(1, 6)) == pytest.approx(1000.0)
    assert internal_return(1000.0, np.full(5, -1.0)) is None
    with pytest.raises(OutOfRange):
        internal_return(0.0, np.ones(2))


# Monotonicity


@pytest.mark.parametrize(
    "line",
    ["op.elec", "it.rack.gb300_nvl72", "fac.build_usd_per_w_it", "net.scaleout_frac.pluggable",
     "op.it_maint_frac", "op.staff_cost"],
)  # fmt: skip
@given(by=st.floats(1.05, 3.0))
@settings(deadline=None, max_examples=6)
def test_dearer_inputs_never_make_cheaper_tokens(line, by):
    assert cost_with(**{line: by * LINES.value(line)}) > ANSWER.usd_per_mtok


@given(low=st.floats(0.3, 0.6), step=st.floats(0.02, 0.3))
@settings(deadline=None, max_examples=10)
def test_more_load_availability_and_life_make_cheaper_tokens(low, step):
    assert cost_of(utilisation=Utilisation(load_factor_fraction=low + step)) < cost_of(
        utilisation=Utilisation(load_factor_fraction=low)
    )
    assert cost_of(utilisation=Utilisation(availability_fraction=low + step)) < cost_of(
        utilisation=Utilisation(availability_fraction=low)
    )
    assert cost_of(finance=Finance(it_life_years=4 + 10 * step)) < cost_of(
        finance=Finance(it_life_years=4)
    )
    assert cost_of(finance=Finance(wacc_fraction=low / 5 + step / 5)) > cost_of(
        finance=Finance(wacc_fraction=low / 5)
    )


def test_more_hits_never_make_dearer_tokens():
    costs = [
        case_of(Site(workload=replace(R1, prefix_hit_fraction=hit))).answer().usd_per_mtok
        for hit in (0.0, 0.3, 0.6, 0.9)
    ]

    assert costs == sorted(costs, reverse=True)


def test_a_worse_pue_makes_dearer_tokens():
    worse = replace(CASE, basis=replace(CASE.basis, pue=CASE.basis.pue + 0.1)).answer()

    assert worse.usd_per_mtok > ANSWER.usd_per_mtok


# Sensitivity


def test_what_moves_a_gb300_design_comes_in_the_known_order():
    order = [swing.id for swing in levers(ANSWER)]
    expected = ["interactivity", "load_factor", "it_life", "wacc", "availability", "pue"]
    places = [order.index(name) for name in expected]

    assert places == sorted(places)
    assert order.index("electricity") > order.index("build")


def test_every_swing_of_a_line_lies_about_the_figure():
    for swing in line_swings(ANSWER):
        assert min(swing.low, swing.high) <= ANSWER.usd_per_mtok * (1 + 1e-9)
        assert max(swing.low, swing.high) >= ANSWER.usd_per_mtok * (1 - 1e-9)


def test_the_sweep_agrees_with_the_case_at_every_speed():
    found = speed_sweep(ANSWER, (40.0, 60.0, 120.0, 1000.0))

    assert found.tok_s_user == (40.0, 60.0, 120.0)
    for speed, cost in zip(found.tok_s_user, found.usd_per_mtok, strict=True):
        assert cost == pytest.approx(CASE.at_speed(speed).answer().usd_per_mtok, rel=1e-9)
    assert list(found.tok_s_per_gpu) == sorted(found.tok_s_per_gpu, reverse=True)
    lows, highs = found.p10_usd_per_mtok, found.p90_usd_per_mtok
    assert all(low < high for low, high in zip(lows, highs, strict=True))


@given(st.sampled_from(sorted(AXES)), st.sampled_from(sorted(AXES)))
@settings(deadline=None, max_examples=15)
def test_a_map_of_any_two_inputs_holds_the_case_it_is_about(x, y):
    if x == y:
        with pytest.raises(Invalid):
            two_way(ANSWER, x, y)
        return
    found = two_way(ANSWER, x, y, steps=5)

    assert len(found.values) == 5 and all(len(row) == 5 for row in found.values)
    assert all(z is None or z > 0 for row in found.values for z in row)
    assert found.x_now is not None and found.y_now is not None


# Range


def test_the_range_repeats_by_its_key_and_another_key_is_other_luck():
    one, same, other = (spread(ANSWER, count=256, purpose=key) for key in ("a", "a", "b"))

    assert np.array_equal(one.figures["cost.usd_per_mtok"], same.figures["cost.usd_per_mtok"])
    assert not np.array_equal(one.figures["cost.usd_per_mtok"], other.figures["cost.usd_per_mtok"])


def test_symmetric_inputs_put_the_median_on_the_figure():
    """Lognormal about their value, or normal: the median of each is what the case states."""
    names = ("tok_s_per_gpu.gb300", "software_gain", "price.build", "price.electricity",
             "energy.pue_mean")  # fmt: skip
    known = uncertain_inputs(ANSWER, "cost.usd_per_mtok")
    drawn = sample({name: known[name] for name in names}, purpose="symmetric", count=4096)
    found = figures_of(ANSWER.economics.sheet, drawn, ("cost.usd_per_mtok",), 4096)

    assert np.median(found["cost.usd_per_mtok"]) == pytest.approx(ANSWER.usd_per_mtok, rel=0.05)


def test_the_probability_of_staying_below_a_cost_rises_with_it():
    found = spread(ANSWER, count=512)
    middle = found.summaries["cost.usd_per_mtok"].at(50.0)

    assert found.below("cost.usd_per_mtok", 0.0) == 0.0
    assert found.below("cost.usd_per_mtok", middle) == pytest.approx(0.5, abs=0.01)
    assert found.below("cost.usd_per_mtok", 1e9) == 1.0


def test_throughput_and_load_matter_most_in_rank_and_in_variance():
    ranks = spread(ANSWER, count=1024).ranks("cost.usd_per_mtok")
    shares = first_order(ANSWER, "cost.usd_per_mtok", count=256)

    assert (
        ranks["use.load_factor"] < -0.3
        and ranks["price.rack.gb300" if "price.rack.gb300" in ranks else "it.rack.gb300_nvl72"]
        > 0.0
    )
    assert next(iter(shares)) in ("use.load_factor", "software_gain")
    assert sum(one for one, _ in shares.values()) == pytest.approx(1.0, abs=0.35)


# Sites, survey, what-ifs


def test_the_energy_share_follows_the_tariff_and_carbon_the_grid():
    plant = liquid_pod(site=Site(workload=R1, site_id="us-va"))
    found = survey_of(survey(plant, LINES))
    rows = []
    for name in ("fi-hel", "za-jnb", "us-va", "py-hern"):
        site = replace(found.site, site_id=name)
        case = Case(
            basis=at_conditions(found.basis, found.elsewhere[name]), site=site, assumptions=LINES
        )
        sheet = case.answer().economics.sheet
        energy = sheet["opex.op.electricity_it"] + sheet["opex.op.electricity_other"]
        rows.append((sheet["price.electricity"], energy))
        per_kwh = sheet["energy.carbon_t"] / sheet["energy.facility_mean_kw"]
        assert per_kwh == pytest.approx(8.76 * sheet["site.carbon_g_kwh"] / 1000, rel=1e-9)
    rows.sort()
    assert [energy for _, energy in rows] == sorted(energy for _, energy in rows)


def test_a_survey_survives_json_and_gives_the_same_figure():
    import json

    plant = liquid_pod(site=Site(workload=R1, site_id="us-va"))
    told = []
    stored = json.loads(json.dumps(survey(plant, LINES, told.append)))
    found = survey_of(stored)

    assert told == sorted(told) and told[-1] <= 1.0 + 1e-9
    case = Case(basis=found.basis, site=found.site, assumptions=LINES)
    own = found.elsewhere["us-va"]
    there = replace(case, basis=at_conditions(found.basis, own))
    assert there.answer().usd_per_mtok == pytest.approx(case.answer().usd_per_mtok, rel=1e-6)


def test_a_plan_without_racks_has_a_survey_that_says_so():
    from engine.plant import Plant

    found = survey_of(survey(Plant(), LINES))

    assert found.basis is None


def test_racks_without_gpus_have_no_throughput_and_no_division_by_it():
    case = case_of(rack_columns={"gpu_count": [0] * 8})
    answer = case.answer()

    assert answer.usd_per_mtok is None and answer.classes() == {}
    assert answer.compute.reason.startswith("No throughput yet")
    assert levers(answer) == () and line_swings(answer) == ()
    assert speed_sweep(answer).tok_s_user == ()
    assert two_way(answer, "wacc", "build").values == ()
    assert flow_of(answer) is None
    assert "cost.usd_per_mtok" not in spread(answer, count=16).figures


def test_another_generation_takes_the_same_power():
    swapped = with_gpu(CASE.basis, "b200")

    assert swapped.fleets[0].it_kw <= sum(f.it_kw for f in CASE.basis.fleets)
    assert swapped.fleets[0].gpus % 8 == 0
    assert replace(CASE, basis=swapped).answer().usd_per_mtok > 0


# The sheet


def test_a_formula_reads_as_it_computes():
    build = SheetBuilder(LINES)
    a = build.stated("a", "A", 3.0, "1", stated("a", 3.0))
    b = build.stated("b", "B", 4.0, "1", stated("b", 4.0))
    cells = {
        "(a + b) * 2": (a + b) * 2.0,
        "a - (b - 1)": a - (b - 1.0),
        "a / (b / 2)": a / (b / 2.0),
        "a ^ 2 - b": a**2.0 - b,
        "MAX(MIN(a,b),LN(b))": most(least(a, b), ln(b)),
        "IF(a<1E-12,1/(b),(a)/(1-(1+a)^(-(b))))": recovery(a, b),
    }
    assert worded((a + b) * recovery(a, b) / 2.0, str) == "(a + b) × annuity (a, b) ÷ 2"
    for text, expression in cells.items():
        assert written(expression, str) == text
    assert build.sheet().value_of(a - (b - 1.0), {}) == 0.0


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_arrays_and_numbers_give_the_same(x, y):
    build = SheetBuilder(LINES)
    a = build.stated("a", "A", 1.0, "1", stated("a", 1.0))
    b = build.stated("b", "B", 2.0, "1", stated("b", 2.0))
    build.figure("c", "C", "1", "cost", recovery(a / 100.0, b) + most(a, b) * ln(a + b) ** 2.0)
    sheet = build.sheet()

    one = sheet.with_values({"a": x, "b": y}, ("c",))["c"]
    many = sheet.with_values({"a": np.full(3, x), "b": np.full(3, y)}, ("c",))["c"]
    assert many == pytest.approx(np.full(3, one), rel=1e-12)


def test_formulas_name_only_cells_that_stand_before_them():
    seen = set()
    for cell in ANSWER.economics.sheet.cells.values():
        inner = set(cell.formula.cells()) if isinstance(cell.formula, Formula) else set()
        assert inner <= seen, cell.name
        seen.add(cell.name)


def test_every_stated_number_carries_its_source():
    for cell in ANSWER.economics.sheet.inputs():
        assert cell.origin is not None and cell.origin.source and cell.origin.confidence, cell.name


# Denominators


CLASSES = ("output", "sold", "sold_output", "mtok", "output_mtok")
BOUNDARIES = ("it", "facility")


def test_no_figure_crosses_a_token_class_a_gpu_base_or_a_boundary_unnamed():
    """A cost per token is blended or says its class; energy and megawatts say their boundary."""
    for cell in ANSWER.economics.sheet.cells.values():
        text = f"{cell.name} {cell.label}".lower()
        if cell.unit == "USD/Mtok":
            assert "blended" in text or "output" in text, cell.name
        if cell.unit in ("J/token", "kW", "MW"):
            assert any(word in text for word in (*BOUNDARIES, "site", "drawn", "need", "fac.")), (
                cell.name
            )
        if "per gpu" in cell.unit.lower():
            assert "all tokens" in text or "output" in text, cell.name
        if cell.unit in ("tok/s", "Mtok/yr"):
            assert "sold" in text or "nameplate" in text, cell.name
    for field in ("tokens_per_s_per_mw_it", "tokens_per_s_per_mw_facility", "j_per_token_facility"):
        assert any(field.endswith(boundary) for boundary in BOUNDARIES)
        assert getattr(ANSWER.compute, field) > 0
    for name in ANSWER.classes():
        assert name == "blended" or name.split("_")[0] in ("output", "input", "fresh", "cached")


@pytest.mark.parametrize("mode", ["straight_line", "annuity", "levelised"])
def test_every_cell_has_words_of_its_own_and_a_group(mode):
    sheet = case_of(Site(workload=R1, site_id="za-jnb")).in_mode(mode).answer().economics.sheet
    labels = [cell.label for cell in sheet.cells.values() if cell.section != "charge"]

    assert len(set(labels)) == len(labels)
    for cell in sheet.cells.values():
        assert "_" not in cell.label and cell.label[0].isupper(), cell.name
        assert group_of(cell.name) in READ
    assert {group_of(cell.name) for cell in sheet.inputs()} == set(READ)
    for cell in sheet.inputs():
        assert (origin_of(cell).value, origin_of(cell).unit) == (cell.value, cell.unit)
    for name, group in (
        ("ops.staff_base_fte", "Running cost"), ("price.electricity", "Energy and water"),
        ("price.rack.gb300", "Capital"), ("use.load_factor", "Throughput"),
        ("term.it_life", "Finance"), ("fin.construction_months", "Finance"),
    ):  # fmt: skip
        assert group_of(name) == group


def test_the_levers_are_all_that_those_who_plan_can_move():
    """The list of those with a control: none may vanish from the tornado."""
    found = {swing.id for swing in levers(ANSWER)}

    assert found == {
        "it_life", "load_factor", "availability", "pue", "electricity", "rack_price",
        "interactivity", "prefix_hit", "precision", "drafting", "disaggregation", "wacc", "build",
        "optics", "throughput", "derate", "slo",
    }  # fmt: skip


@pytest.mark.parametrize(("life", "share"), [(2.0, 0.005), (3.0, 0.005), (5.0, 0.011)])
def test_it_is_repaired_by_its_maker_for_three_years(life, share):
    """0.5 % of the price in years 1 to 3 and 2 % after: the mean of its life."""
    sheet = case_of(Site(workload=R1, finance=Finance(it_life_years=life))).answer().economics.sheet

    assert sheet["opex.op.it_upkeep"] == pytest.approx(share * sheet["capex.it_total"], rel=1e-9)
