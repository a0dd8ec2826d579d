"""All single losses in one pass must equal carrying the power with each node dead in turn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.faults.transfer import SLACK_KW, single_transfers
from engine.plant import PowerNodes
from engine.power.supply import Consumers, carry, dead_below, supply_tree


@st.composite
def supplies(draw):
    """A forest of power nodes and consumers with none, one or two feeds."""
    random = np.random.default_rng(draw(st.integers(0, 100_000)))
    count = draw(st.integers(1, 14))
    roots = draw(st.integers(1, 3))
    nodes = PowerNodes(
        id=tuple(f"n{row}" for row in range(count)),
        parent=[-1 if row < roots else int(random.integers(0, row)) for row in range(count)],
        rating_kw=random.choice([0.0, 40.0, 80.0, 200.0, 500.0], count),
        loss_a=random.uniform(0.0, 0.01, count),
        loss_b=random.uniform(0.0, 0.01, count),
        loss_c=random.uniform(0.0, 0.02, count),
    )
    hanging = draw(st.integers(1, 12))
    consumers = Consumers(
        load_kw=random.uniform(1.0, 60.0, hanging),
        feed_a=random.integers(-1, count, hanging),
        feed_b=random.integers(-1, count, hanging),
    )
    return nodes, consumers


@given(supplies())
@settings(max_examples=200, deadline=None)
def test_the_pass_equals_losing_each_in_turn(supply):
    nodes, consumers = supply
    tree = supply_tree(nodes, consumers)
    limit = nodes.rating_kw * 0.8

    found = single_transfers(nodes, tree, consumers, limit)

    dark = set(zip(found.dark_loss.tolist(), found.dark_consumer.tolist(), strict=True))
    over = set(zip(found.over_loss.tolist(), found.over_node.tolist(), strict=True))
    is_dual = (consumers.feed_a >= 0) & (consumers.feed_b >= 0)
    for lost in range(len(nodes)):
        dead = dead_below(tree, np.arange(len(nodes)) == lost)
        flow = carry(nodes, tree, consumers, dead)
        assert {k for i, k in dark if i == lost} == set(np.flatnonzero(flow.is_dark).tolist())
        is_over = (limit > 0.0) & (flow.load_kw > limit + SLACK_KW)
        assert {k for i, k in over if i == lost} == set(np.flatnonzero(is_over).tolist())
        one_left = is_dual & ((flow.on_a_kw == 0.0) != (flow.on_b_kw == 0.0))
        assert found.one_side[lost] == one_left.sum()
        limited = (limit > 0.0) & ~dead
        fullest = (flow.load_kw[limited] / limit[limited]).max() if limited.any() else -1.0
        assert found.worst_fraction[lost] == pytest.approx(fullest, rel=1e-9, abs=1e-9)
