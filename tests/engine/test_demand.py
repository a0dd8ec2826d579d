"""Streams, queues, failures, drafting, pools, training and physical AI."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cost.fleet import split_by_price, split_by_time
from engine.errors import Invalid, OutOfRange
from engine.tokens import goodput, queueing
from engine.tokens.disaggregation import (
    first_token_s,
    matched_pools,
    prefill_within_network,
    whole_workers,
)
from engine.tokens.latency import first_token_parts_s, task_s
from engine.tokens.physical import (
    robots_per_gpu,
    simulation_usd,
    usd_per_clip,
    usd_per_thousand_images,
)
from engine.tokens.speculation import NONE, Speculation, accepted_tokens
from engine.tokens.streams import (
    UnknownStream,
    agent_hits,
    demand,
    pooled_gpus,
    stream_named,
    streams,
)
from engine.tokens.throughput import Serving
from engine.tokens.training import (
    mfu_at_scale,
    post_training_gpu_h,
    training_flop,
    training_gpu_h,
)

R1 = ("gb300", "deepseek-r1", "fp4")


# Drafting


@given(st.integers(0, 8), st.floats(0, 0.99))
def test_a_draft_yields_between_one_and_all_of_its_tokens(depth, acceptance):
    found = accepted_tokens(depth, acceptance)

    assert 1.0 <= found <= depth + 1 + 1e-9
    closed = (1 - acceptance ** (depth + 1)) / (1 - acceptance)
    assert found == pytest.approx(closed, rel=1e-9)


def test_without_drafts_a_step_is_a_token():
    assert (NONE.tokens_per_step, NONE.compute_factor, NONE.overhead_factor) == (1.0, 1.0, 1.0)
    assert Speculation(depth=3).tokens_per_step > Speculation(depth=1).tokens_per_step
    with pytest.raises(OutOfRange):
        Speculation(depth=-1)


# Pools


@given(st.floats(1e2, 1e5), st.floats(1e1, 1e4), st.floats(0, 1))
def test_pools_in_balance_never_beat_either_of_them(prefill, decode, hit):
    found = matched_pools(prefill, decode, isl=8192, osl=1024, prefix_hit=hit)

    assert 0 < found.output_tok_s_per_gpu <= decode
    assert 0 <= found.prefill_share < 1
    fresh = (1 - hit) * 8 * found.output_tok_s_per_gpu
    assert fresh <= prefill * found.prefill_share / 0.9 * 0.9 + 1e-6


def test_whole_workers_fit_the_gpus_they_have():
    pools = matched_pools(30_000, 1_500, isl=8192, osl=1024)
    for gpus in (16, 72, 288, 9216):
        prefill, decode = whole_workers(pools, gpus, 4, 8)
        assert prefill * 4 + decode * 8 <= gpus and min(prefill, decode) >= 1
    assert whole_workers(pools, 8, 8, 8) == (0, 0)
    assert prefill_within_network(1e6, 35_136, 50.0) == pytest.approx(0.7 * 50e9 / 35_136)
    assert first_token_s(0.1, 8192, 81_920, 0.02) == pytest.approx(0.22)
    with pytest.raises(OutOfRange):
        matched_pools(0.0, 1.0, isl=1, osl=1)


# Queues


def test_one_slot_waits_as_long_as_the_textbook_says():
    assert queueing.erlang_c(1, 0.5) == pytest.approx(0.5)
    assert queueing.mean_wait_s(1, 2.0, 0.5) == pytest.approx(2.0)
    assert queueing.erlang_c(10, 8.0) == pytest.approx(0.4092, abs=1e-3)


@given(st.integers(1, 200), st.floats(0.1, 0.95))
@settings(deadline=None, max_examples=40)
def test_fuller_slots_wait_longer_and_many_slots_run_fuller(servers, share):
    assert queueing.mean_wait_s(servers, 1.0, share) <= queueing.mean_wait_s(
        servers, 1.0, min(share + 0.04, 0.99)
    )
    assert (
        queueing.usable_share(servers, 1.0, 0.5)
        <= queueing.usable_share(2 * servers, 1.0, 0.5) + 1e-6
    )


def test_a_site_of_many_replicas_runs_fuller_than_one_rack():
    assert 0.85 < queueing.usable_share(400, 20.0, 1.0) < 1.0
    assert queueing.usable_share(8, 20.0, 1.0) < 0.75
    with pytest.raises(OutOfRange):
        queueing.erlang_c(2, 2.0)


def test_overflowing_caches_thrash():
    assert queueing.residency_hits(0.95, 10.0, 5.0) == 0.95
    assert queueing.residency_hits(0.95, 5.0, 10.0) == pytest.approx(0.95 / 4)
    few = agent_hits(0.1, 600, R1, gpus=72, context_tokens=100_000)
    many = agent_hits(100.0, 600, R1, gpus=72, context_tokens=100_000)
    hosted = agent_hits(100.0, 600, R1, gpus=72, context_tokens=100_000, host_gb_per_gpu=240)
    assert few == 0.95 and many < hosted <= 0.95
    assert many < 0.10


# Failures


def test_checkpoints_come_as_young_and_daly_say():
    assert goodput.checkpoint_interval_h(0.05, 3.1) == pytest.approx(0.5, abs=0.06)
    rare = goodput.checkpoint_interval_h(0.01, 1000.0)
    assert rare == pytest.approx((2 * 0.01 * 1000) ** 0.5)
    assert goodput.checkpoint_interval_h(10.0, 2.0) == 2.0


@given(st.floats(0.05, 5), st.floats(0.001, 0.1), st.floats(0, 0.5), st.floats(0.5, 500))
def test_goodput_is_a_share_that_grows_with_the_time_between_failures(tau, write, restart, mtbf):
    worse = goodput.training_goodput(tau, write, restart, mtbf)
    better = goodput.training_goodput(tau, write, restart, 40 * mtbf)

    assert 0.0 <= worse <= 1.0 and worse <= better + 0.02


def test_spares_raise_the_share_that_is_up():
    bare = goodput.available_share(3.1, 0.5, 64, 64)
    spared = goodput.available_share(3.1, 0.5, 64, 80)

    assert bare == pytest.approx(3.1 / 3.6)
    assert bare < spared <= 1.0
    assert goodput.throttled_share(42.0, 40.0, 87.6) == pytest.approx(0.03 * 0.01)
    assert goodput.cluster_mtbf_h(0.173, 16_384) == pytest.approx(3.09, abs=0.01)


# Training


def test_gpt3_costs_what_was_published():
    """175e9 parameters, 300e9 tokens, fp8 on H100: USD 218k to 162k as MFU goes 29.5 to 39.5 %."""
    hours = [training_gpu_h(training_flop(175e9, 300e9), 1979e12, mfu) for mfu in (0.295, 0.395)]

    assert hours[0] / hours[1] == pytest.approx(218 / 162, rel=0.006)
    assert mfu_at_scale(0.381, 2048) == pytest.approx(0.355, abs=0.001)
    assert mfu_at_scale(0.381, 8) == 0.381
    assert post_training_gpu_h(3.6e9, 1000.0, 0.5, 1e-6) == pytest.approx(1000.0 + 1800.0)
    with pytest.raises(OutOfRange):
        training_gpu_h(1.0, 1.0, 0.0)


# Streams


def test_every_serving_stream_has_gpus_or_says_that_it_is_out_of_reach():
    for stream in streams().values():
        if stream.kind != "serving":
            with pytest.raises(Invalid):
                demand(stream, 1.0, R1)
            continue
        found = demand(stream, 10.0, R1)
        assert (found.gpus is None) == (found.tok_s_per_gpu_output is None)
        if found.gpus is not None:
            assert found.gpus > 0
            assert demand(stream, 20.0, R1).gpus == pytest.approx(2 * found.gpus)


def test_hits_decide_what_agents_take():
    agentic = stream_named("agentic")
    warm, cold = (demand(agentic, 1.0, R1, prefix_hit=hit) for hit in (0.95, 0.10))

    assert cold.gpus > 3 * warm.gpus
    with pytest.raises(UnknownStream):
        stream_named("astrology")


def test_a_shared_pool_is_smaller_than_its_parts():
    day, night = [10.0, 2.0], [3.0, 9.0]

    assert pooled_gpus([day, night]) == 13.0 < max(day) + max(night)
    assert pooled_gpus([day], [1.0, 1.0]) == 10.0
    with pytest.raises(OutOfRange):
        pooled_gpus([[1.0], [1.0, 2.0]])


# Physical AI


def test_clips_images_robots_and_worlds_have_units_of_their_own():
    assert usd_per_clip("gb300", 3.0) == pytest.approx(3.0 * 72 / (0.655 * 3600))
    assert usd_per_thousand_images("vr200", 3.0) < usd_per_thousand_images("gb300", 3.0)
    loose, tight = (
        robots_per_gpu("b200", "qwen3-8b", "fp8", isl=600, osl=8, deadline_s=d, actions_per_s=5)
        for d in (0.2, 0.001)
    )
    assert loose > 0 and tight == 0
    assert simulation_usd("rtx6000pro", 100.0, 1.5) == 150.0
    for refused in (
        lambda: simulation_usd("gb300", 1.0, 1.0),
        lambda: usd_per_clip("h100", 1.0),
    ):
        with pytest.raises(Invalid):
            refused()


# Latency and splits


def test_an_agents_task_pays_the_distance_at_every_turn():
    near, far = (
        task_s(65, rtt_s=rtt, first_token_s=0.5, osl=444, tok_s_user=80, tool_s=1.0)
        for rtt in (0.0, 0.150)
    )
    assert far - near == pytest.approx(9.75)
    queue, prompt = first_token_parts_s(
        Serving(gpu="gb300", model="deepseek-r1", precision="fp4", isl=8192, osl=1024), 60.0, 0.85
    )
    assert queue >= 0.0 and 0.0 < prompt < 5.0


@given(st.floats(0.01, 0.99), st.floats(0, 0.95), st.floats(0, 1), st.floats(0.5, 10))
def test_split_costs_pay_the_request_and_no_more(share, hit, cached, ratio):
    fresh, kept, output = split_by_time(
        1e-3, 8000, 1000, share, prefix_hit=hit, cached_over_fresh=cached
    )
    one, other = split_by_price(1e-3, 8000, 1000, ratio)

    paid = (fresh * 8000 * (1 - hit) + kept * 8000 * hit + output * 1000) / 1e6
    assert paid == pytest.approx(1e-3, rel=1e-9)
    assert (one * 8000 + other * 1000) / 1e6 == pytest.approx(1e-3, rel=1e-9)
    assert np.isfinite([fresh, kept, output]).all()
