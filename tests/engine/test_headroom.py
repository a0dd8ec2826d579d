"""Where a change breaks a limit, against changes made in part."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.evaluate import evaluate
from engine.headroom import (
    BY_LIMITS,
    Break,
    breaking_share,
    breaks,
    limits_of,
    new_findings,
    racks_on_nodes,
)
from engine.plant import PowerNodes
from engine.rules import load_rules
from engine.studies import rules_of
from tests.strategies import pod

ASSUMPTIONS = Assumptions.load()


def with_more(plant, factor, racks):
    """The plant with some racks drawing more, in heat and flow."""
    grown = np.where(np.isin(np.arange(len(plant.racks)), racks), factor, 1.0)
    return replace(
        plant,
        racks=replace(
            plant.racks,
            sustained_kw=plant.racks.sustained_kw * grown,
            flow_curve=np.full(len(plant.racks), -1),
            flow_lpm_per_kw=np.full(len(plant.racks), 1.5),
        ),
    )


def limits(plant):
    result = evaluate(plant, ASSUMPTIONS, "edit")
    return result, limits_of(plant, result, rules_of(plant, ASSUMPTIONS))


def test_a_share_is_where_racks_changed_one_by_one_pass_the_limit():
    plant, factor = pod(), 1.6
    count = len(plant.racks)
    stages = [limits(with_more(plant, factor, range(k)))[1] for k in range(count + 1)]
    heat = [next(x for x in stage if x.kind == "CDU heat, spares lost") for stage in stages]

    found = next(row for row in breaks(stages[0], stages[-1]) if row.kind == heat[0].kind)

    passed = next(k for k in range(count + 1) if heat[k].load > heat[k].limit)
    assert 0 < passed <= count
    assert passed - 1 <= found.share * count <= passed


def test_what_breaks_first_stands_first_and_what_holds_stands_last():
    plant = pod()

    found = breaks(limits(plant)[1], limits(with_more(plant, 1.6, range(8)))[1])

    shares = [row.share for row in found]
    passed = [share for share in shares if share is not None]
    assert passed
    assert passed == sorted(passed)
    assert shares[len(passed) :] == [None] * (len(shares) - len(passed))
    tight = [row.after / row.limit for row in found[len(passed) :]]
    assert tight == sorted(tight, reverse=True)


def test_whole_racks_are_counted_on_each_limit_by_itself():
    """Half of the racks hang on busway A alone: four of them are as far as eight of all."""
    plant = pod()
    feed_a = np.where(np.arange(8) < 4, 0, -1)
    plant = replace(plant, racks=replace(plant.racks, feed_a=feed_a))
    limit = {row.subject: row for row in limits(plant)[1] if row.kind == "busway"}

    assert (limit["BW-A"].racks, limit["BW-B"].racks) == (4, 8)
    assert racks_on_nodes(plant, np.arange(8) == 7).tolist() == [0, 1]
    row = Break(kind="k", subject="s", element_ids=(), before=0.0, after=1.0, limit=0.55,
                unit="kW", share=0.55, racks=4)  # fmt: skip
    assert (row.holds_racks, row.step) == (2, 0.5)
    assert replace(row, share=None).holds_racks is None
    exact = replace(row, share=breaking_share(0.0, 1.0, 0.75), racks=4)
    assert exact.holds_racks == 3


def test_a_rack_with_both_feeds_below_one_node_counts_once():
    plant = pod()
    columns = {"id": ("a", "b", "t"), "tag": ("A", "B", "T"),
               "kind": ("busway", "busway", "transformer")}  # fmt: skip
    nodes = PowerNodes(**columns, parent=[2, 2, -1], rating_kw=[2000.0] * 3)

    both = racks_on_nodes(replace(plant, power_nodes=nodes), np.ones(8, dtype=bool))

    assert both.tolist() == [8, 8, 8]


def test_findings_that_limits_tell_are_not_told_twice():
    plant = pod()
    before, after = limits(plant)[0], limits(with_more(plant, 1.6, range(8)))[0]

    told = {finding.rule for finding in new_findings(before, after)}

    assert {finding.rule for finding in after.findings} & BY_LIMITS
    assert not told & BY_LIMITS
    assert new_findings(before, before) == ()


def test_voltage_is_held_against_the_rule():
    _, found = limits(pod())

    allowed = {row.limit for row in found if row.kind == "voltage drop"}

    assert allowed == {100.0 * load_rules("us-nec")["POW-DROP"].value}


@given(
    before=st.floats(0.0, 100.0),
    more=st.floats(0.1, 100.0),
    at=st.floats(0.0, 1.0),
    exponent=st.sampled_from([1.0, 2.0]),
)
def test_the_load_at_the_share_is_the_limit(before, more, at, exponent):
    after = before + more
    low, high = before ** (1 / exponent), after ** (1 / exponent)
    limit = max(((1 - at) * low + at * high) ** exponent, 1e-3)

    share = breaking_share(before, after, limit, exponent)

    if share is None:
        assert after <= limit * (1 + 1e-6)
    else:
        load = ((1 - share) * low + share * high) ** exponent
        assert load == pytest.approx(max(limit, before), rel=1e-6)


@pytest.mark.parametrize(
    "numbers", [(-1.0, 1.0, 1.0, 1.0), (1.0, -1.0, 1.0, 1.0), (1.0, 2.0, 0.0, 1.0), (1, 2, 3, 0)]
)
def test_impossible_numbers_are_refused(numbers):
    with pytest.raises(OutOfRange):
        breaking_share(*numbers)
