"""Formulas of tokens and money at the ends of their ranges: a typed refusal, never a crash."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.cost import finance, fleet
from engine.errors import OutOfRange
from engine.tokens import (
    disaggregation,
    goodput,
    latency,
    queueing,
    roofline,
    speculation,
    training,
    workload,
)
from engine.tokens.throughput import Serving, measured_frontier

BAD = (0.0, -1.0, math.nan)


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize(
    "call",
    [
        lambda x: finance.capital_recovery(0.07, x),
        lambda x: finance.annual_charge(1.0, x, 0.07, "straight_line"),
        lambda x: finance.annual_charge(1.0, x, 0.07, "annuity"),
        lambda x: finance.usd_per_mtok(2.0, x),
        lambda x: fleet.margin_on_cost(1.0, x),
        lambda x: fleet.margin_on_revenue(x, 1.0),
        lambda x: fleet.usd_per_thousand_requests(1.0, x),
        lambda x: fleet.split_by_price(1.0, x, 1.0, 3.0),
        lambda x: fleet.split_by_time(1.0, 1.0, x, 0.5),
        lambda x: fleet.split_by_pools(2.0, x, 1.0),
        lambda x: fleet.racks_per_gw(35e9, x),
        fleet.facility_kw_per_rack,
        lambda x: fleet.payback_usd_per_gpu_h(3e4, x, 0.1),
        lambda x: goodput.failures_per_gpu_year(1.0, 54.0, x),
        lambda x: goodput.cluster_mtbf_h(0.173, x),
        lambda x: goodput.checkpoint_interval_h(x, 3.0),
        lambda x: training.mfu_at_scale(0.4, x),
        lambda x: training.post_training_gpu_h(1.0, x, 0.5, 1e-6),
        lambda x: disaggregation.prefill_within_network(1.0, x, 50.0),
        lambda x: disaggregation.first_token_s(0.0, 1.0, x, 0.0),
        lambda x: workload.concurrency(1.0, 1024.0, 0.0, x),
        lambda x: roofline.packages_for(100.0, x),
        lambda x: latency.task_s(
            65, rtt_s=0.15, first_token_s=1.0, osl=444, tok_s_user=x, tool_s=0
        ),
    ],
)
def test_what_must_be_positive_is_refused_by_name(call, bad):
    with pytest.raises(OutOfRange):
        call(bad)


def test_shares_outside_0_to_1_are_refused():
    for bad in (-0.01, 1.01):
        with pytest.raises(OutOfRange):
            speculation.accepted_tokens(2, bad)
        with pytest.raises(OutOfRange):
            fleet.split_by_time(1.0, 1.0, 1.0, bad)
        with pytest.raises(OutOfRange):
            fleet.split_by_pools(1.0, 1.0, 1.0, prefix_hit=bad)


def test_ends_of_the_ranges_give_what_one_expects():
    assert speculation.accepted_tokens(3, 1.0) == 4.0 and speculation.accepted_tokens(3, 0.0) == 1.0
    assert queueing.residency_hits(0.9, 1.0, 0.0) == 0.9
    assert queueing.residency_hits(0.9, 0.0, 1.0) == 0.0
    assert finance.capital_recovery(0.0, 5.0) == 0.2
    assert 0.15 < finance.capital_recovery(-0.05, 5.0) < 0.2
    assert finance.annual_charge(100.0, None, 0.07, "annuity") == pytest.approx(7.0)


def test_a_cost_of_many_rates_at_once():
    rates = np.array([1000.0, 2000.0])

    assert finance.usd_per_mtok(3.6, rates).tolist() == pytest.approx([1.0, 0.5])
    with pytest.raises(OutOfRange):
        finance.usd_per_mtok(3.6, np.array([1000.0, 0.0]))


@given(st.floats(0.5, 10), st.floats(1e2, 1e5), st.floats(1e1, 1e4), st.floats(0, 1))
def test_two_pools_pay_their_own_tokens(hour, prefill, decode, hit):
    into, cached, out = fleet.split_by_pools(
        hour, prefill, decode, prefix_hit=hit, cached_over_fresh=0.1
    )

    assert out * decode * 3600 / 1e6 == pytest.approx(hour)
    assert into == pytest.approx((1 - hit) * hour * 1e6 / (3600 * prefill))
    assert cached == pytest.approx(0.1 * into)


def test_no_number_is_out_of_reach_of_a_frontier():
    best = measured_frontier(
        Serving(gpu="gb300", model="deepseek-r1", precision="fp4", isl=8192, osl=1024)
    )

    assert best is not None
    assert best.at(math.nan) is None and best.at(math.inf) is None
    assert best.at(0.0) == best.at(1e-9) == best.tok_s_per_gpu[0]
