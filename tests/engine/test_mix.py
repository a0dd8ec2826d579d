"""Streams on a plant: shares, requests, caches, idle hours, and a cost that adds up."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cost.streams import stream_costs
from engine.errors import NotFound
from engine.plant import Site, StreamAsked, Utilisation
from engine.tokens.mix import mix
from tests.engine.test_economics import CASE

LINES = Assumptions.load()
GB300 = (("gb300", 720),)


def lanes(*asked, present=GB300, **site):
    found = mix(present, Site(streams=asked, **site), LINES)
    return {lane.stream.name: lane for lane in found.lanes}, found


def costs(*asked, **utilisation):
    site = replace(CASE.site, streams=asked, utilisation=Utilisation(**utilisation))
    answer = replace(CASE, site=site).answer()
    return stream_costs(answer), answer


def test_a_share_takes_gpus_and_sells_what_the_chain_leaves():
    found, whole = lanes(StreamAsked(name="chat", share_fraction=0.25))
    chat = found["chat"]
    left = 1.0
    for step in chat.steps:
        left *= step.value

    assert chat.gpus == 180 and whole.free_gpus == 540
    assert chat.nameplate == pytest.approx(180 * chat.per_gpu)
    assert chat.sold == pytest.approx(chat.nameplate * left)


def test_requests_take_the_gpus_that_they_need():
    by_rate, _ = lanes(StreamAsked(name="retrieval", requests_per_s=500.0))
    gpus = by_rate["retrieval"].gpus
    twice, _ = lanes(StreamAsked(name="retrieval", requests_per_s=1000.0))
    full = Utilisation(load_factor_fraction=1.0)
    busy, _ = lanes(StreamAsked(name="retrieval", requests_per_s=500.0), utilisation=full)
    lane = busy["retrieval"]
    mean = 2.718281828459045 ** (lane.stream.sigma_ln**2 / 2)

    assert twice["retrieval"].gpus == pytest.approx(2 * gpus)
    # At full load exactly the output of the requests is sold.
    assert lane.sold_output == pytest.approx(500.0 * round(1000 * mean), rel=1e-9)


def test_agents_whose_caches_overflow_pay_for_reading_again():
    few, _ = lanes(StreamAsked(name="agentic", share_fraction=1.0, sessions=10))
    many, _ = lanes(StreamAsked(name="agentic", share_fraction=1.0, sessions=1e6))

    assert few["agentic"].prefix_hit == 0.9 and many["agentic"].prefix_hit < 0.1
    assert many["agentic"].per_gpu < few["agentic"].per_gpu
    assert few["agentic"].sigma >= 0.35


def test_batch_fills_idle_hours_and_costs_little_more_than_energy():
    found, answer = costs(
        StreamAsked(name="chat", share_fraction=0.5), StreamAsked(name="batch"),
        load_factor_fraction=0.5,
    )  # fmt: skip
    by_name = {each.lane.stream.name: each for each in found.lanes}
    batch = by_name["batch"]

    assert batch.lane.is_backfill
    assert batch.lane.gpus == pytest.approx(0.85 * 0.5 * 0.5 * answer.case.basis.gpus)
    assert 0 < batch.usd_per_unit < 0.2 * by_name["chat"].usd_per_unit
    assert found.mix.asked_share == 0.5
    alone, _ = costs(StreamAsked(name="batch"))
    assert "no serving stream" in alone.lanes[0].lane.reason


@given(st.lists(st.floats(0.0, 0.3), min_size=3, max_size=3))
@settings(deadline=None, max_examples=20)
def test_streams_and_free_gpus_pay_the_whole_year(shares):
    names = ("chat", "training", "synthetic-video")
    found, answer = costs(
        *(StreamAsked(name=n, share_fraction=s) for n, s in zip(names, shares, strict=True))
    )
    paid = sum(each.usd_per_year for each in found.lanes) + found.free_usd_per_year

    assert paid == pytest.approx(answer.economics.sheet["annual.total"], rel=1e-9)


def test_physical_work_is_counted_in_its_own_unit_or_says_why_not():
    found, _ = costs(
        StreamAsked(name="synthetic-video", share_fraction=0.2),
        StreamAsked(name="vision-language", share_fraction=0.2),
        StreamAsked(name="robot-policy", share_fraction=0.2),
        StreamAsked(name="simulation", share_fraction=0.2),
    )
    by_name = {each.lane.stream.name: each for each in found.lanes}

    assert by_name["synthetic-video"].unit == "USD/clip"
    assert by_name["vision-language"].lane.sold > 0
    assert by_name["robot-policy"].lane.unit == "robot" and by_name["robot-policy"].usd_per_unit > 0
    assert "draw nothing" in by_name["simulation"].lane.reason
    assert by_name["simulation"].usd_per_unit is None
    drawn, _ = lanes(
        StreamAsked(name="simulation", share_fraction=1.0), present=(("rtx6000pro", 8),)
    )
    assert drawn["simulation"].nameplate == 8


def test_training_loses_more_on_more_gpus_and_rollouts_cost_more_than_their_parts():
    small, _ = lanes(StreamAsked(name="training", share_fraction=1.0))
    large, _ = lanes(StreamAsked(name="training", share_fraction=1.0), present=(("gb300", 72_000),))
    goodput = {name: {s.factor: s.value for s in each["training"].steps}["goodput"]
               for name, each in (("small", small), ("large", large))}  # fmt: skip
    rolled, _ = lanes(
        StreamAsked(name="training", share_fraction=0.5),
        StreamAsked(name="post-training", share_fraction=0.5),
    )

    assert 0.5 < goodput["large"] < goodput["small"] < 1.0
    assert rolled["post-training"].sold < 2 * rolled["training"].sold


def test_what_cannot_be_served_says_why():
    found, _ = lanes(
        StreamAsked(name="chat"),
        StreamAsked(name="fast", share_fraction=0.5, tok_s_user=5000.0),
        StreamAsked(name="reasoning", share_fraction=0.5, model="abacus"),
    )
    nothing, _ = lanes(StreamAsked(name="chat", share_fraction=1.0), present=())

    assert "share of the GPUs" in found["chat"].reason
    assert "out of reach" in found["fast"].reason
    assert "in no table" in found["reasoning"].reason
    assert "no rack" in nothing["chat"].reason
    with pytest.raises(NotFound):
        lanes(StreamAsked(name="dreams"))
    assert stream_costs(CASE.answer()) is None
