from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.plant import Halls, Plant, PowerNodes, Racks, Site
from engine.power.flow import Mechanical, assumed_loss_per_kw, power_flow, rack_power_kw
from engine.power.supply import carry, consumers_of, dead_below, supply_tree
from engine.rules import load_rules
from tests.strategies import boxes_of, empty_hall, plants, pod, racks_on

LINES = Assumptions.load()
NEC = load_rules("us-nec")


def flow(plant):
    return power_flow(plant, NEC, LINES, Mechanical.none(plant))


def rules_broken(plant):
    return {finding.rule for finding in flow(plant).findings}


def test_a_pod_of_eight_racks():
    """8 racks of 132 kW on two busways: 1,056 kW, half on each, all on one when the other goes."""
    power = flow(pod())

    assert power.it_kw == 1056.0
    assert power.sides.a.normal_kw == power.sides.b.normal_kw == 528.0
    assert power.sides.a.other_lost_kw == power.sides.b.other_lost_kw == 1056.0
    assert power.findings == ()


def test_no_racks_give_a_complete_result():
    for plant in (Plant(), empty_hall(), pod(0)):
        power = flow(plant)

        assert power.it_kw == power.loss_kw == 0.0
        assert len(power.chain) == 4
        assert not power.findings


@pytest.mark.parametrize(
    ("basis", "kw"), [("nameplate", 158.4), ("tdp", 132.0), ("sustained", 132.0), ("peak", 191.4)]
)
def test_the_basis_chooses_the_figure(basis, kw):
    plant = pod(1, site=Site(basis=basis, heat_load_fraction=0.5))

    assert rack_power_kw(plant)[0] == pytest.approx(kw / 2)


def test_negative_power_is_refused():
    plant = pod(1)

    with pytest.raises(OutOfRange, match="negative"):
        rack_power_kw(replace(plant, racks=replace(plant.racks, sustained_kw=[-1.0])))


def two_ups(dead):
    """4,000 kW on two UPSs of 5,000 kW with losses 0.004, 0.008, 0.012 of the rating."""
    nodes = PowerNodes(
        id=("ups-a", "ups-b"),
        kind=("ups", "ups"),
        side=("A", "B"),
        rating_kw=[5000.0, 5000.0],
        loss_a=[0.004] * 2,
        loss_b=[0.008] * 2,
        loss_c=[0.012] * 2,
    )
    boxes = boxes_of({"id": "r", "x": 0.0, "y": 0.0})
    racks = racks_on(boxes, sustained_kw=4000.0, feed_a=0, feed_b=1)
    plant = Plant(boxes=boxes, racks=racks, power_nodes=nodes)
    consumers = consumers_of(plant, np.array([4000.0]), np.zeros(0), np.zeros(0))
    tree = supply_tree(nodes, consumers)
    result = carry(nodes, tree, consumers, dead_below(tree, np.array(dead)))
    return result.load_kw.tolist(), float(
        result.load_kw[~np.array(dead)].sum() + result.loss_kw.sum()
    )


def test_losing_feed_a_of_a_2n_system():
    """Input 4,091.2 kW shared and 4,090.4 kW on B alone: the dead UPS loses nothing."""
    assert two_ups([False, False]) == ([2000.0, 2000.0], pytest.approx(4091.2, rel=1e-9))
    assert two_ups([True, False]) == ([0.0, 4000.0], pytest.approx(4090.4, rel=1e-9))


def test_a_parent_carries_the_losses_of_its_children():
    nodes = PowerNodes(
        id=("bus", "board"),
        kind=("busway", "switchboard"),
        parent=[1, -1],
        rating_kw=[200.0, 1000.0],
        loss_c=[0.05, 0.0],
    )
    boxes = boxes_of({"id": "r", "x": 0.0, "y": 0.0})
    racks = racks_on(boxes, sustained_kw=132.0, feed_a=0)

    power = flow(Plant(boxes=boxes, racks=racks, power_nodes=nodes))

    assert power.nodes.normal_kw[0] == 132.0
    assert power.nodes.normal_kw[1] == pytest.approx(132.0 + 200.0 * 0.05 * 0.66**2)


@pytest.mark.parametrize(
    ("rating", "rule", "measured", "required"),
    [
        (500.0, "POW-OVER", 528.0, 500.0),
        (600.0, "POW-80", 528.0, 480.0),
        (1200.0, "POW-SIDE-LOST", 1056.0, 960.0),
    ],
)
def test_an_overload_is_told_by_its_worst_kind(rating, rule, measured, required):
    findings = flow(pod(busway_kw=rating)).findings

    assert [finding.rule for finding in findings] == [rule, rule]
    assert (findings[0].measured, findings[0].required) == (measured, pytest.approx(required))


def test_status_says_over_when_the_other_side_is_lost():
    assert flow(pod(busway_kw=1200.0)).nodes.status == ("over", "over")
    assert flow(pod(busway_kw=1320.0)).nodes.status == ("ok", "ok")


def test_a_node_rated_for_continuous_load_uses_its_whole_rating():
    plant = pod(busway_kw=1060.0)
    nodes = replace(plant.power_nodes, continuous_fraction=[1.0, 1.0])

    assert not flow(replace(plant, power_nodes=nodes)).findings


def test_racks_without_feeds_are_named_once():
    plant = pod()
    racks = replace(plant.racks, feed_a=[-1, -1, *[0] * 6], feed_b=[-1] * 8)
    unfed, one_feed = flow(replace(plant, racks=racks)).findings

    assert (unfed.rule, unfed.element_ids) == ("POW-UNFED", ("rack-00", "rack-01"))
    assert "R00, R01 have neither" in unfed.detail
    assert unfed.severity == "blocking"
    assert (one_feed.rule, len(one_feed.element_ids)) == ("POW-ONE-FEED", 6)


def test_racks_of_a_hall_without_any_supply_are_a_sketch():
    plant = pod()
    boxes, halls = plant.boxes, plant.halls
    in_two = Halls(id=("h1", "h2"), name=("One", "Two"), outline_mm=halls.outline_mm * 2)
    hall = np.array(boxes.hall)
    hall[plant.racks.box[:2]] = 1
    racks = replace(plant.racks, feed_a=[-1, -1, *[0] * 6], feed_b=[-1, -1, -1, *[1] * 5])
    two = replace(plant, racks=racks, halls=in_two, boxes=replace(boxes, hall=hall))

    unfed = [each for each in flow(two).findings if each.rule == "POW-UNFED"]
    assert [(each.severity, each.element_ids) for each in unfed] == [
        ("warning", ("rack-00", "rack-01"))
    ]
    assert "a supply is assumed" in unfed[0].detail


def test_power_equipment_that_feeds_nothing_is_named_and_busways_may_wait():
    plant = pod()
    columns = {
        "id": ("busway-a", "busway-b", "ups", "swb", "gen", "bus-c"),
        "tag": ("BW-A", "BW-B", "UPS-1", "SWB-1", "G-1", "BW-C"),
        "kind": ("busway", "busway", "ups", "switchboard", "generator", "busway"),
        "parent": [-1, -1, 3, -1, -1, -1],
        "side": ("A", "B", "", "", "", ""),
    }
    found = flow(replace(plant, power_nodes=PowerNodes(**columns, rating_kw=[2000.0] * 6))).findings

    idle = {each.severity: each.element_ids for each in found if each.rule == "POW-IDLE"}
    assert idle == {"warning": ("ups", "swb"), "note": ("bus-c",)}
    above = replace(
        plant,
        power_nodes=PowerNodes(
            **{**columns, "parent": [2, 5, 3, -1, -1, -1]}, rating_kw=[2000.0] * 6
        ),
    )
    assert not [each for each in flow(above).findings if each.rule == "POW-IDLE"]


def test_a_circle_of_supply_is_a_finding_not_an_endless_loop():
    plant = pod()
    nodes = replace(plant.power_nodes, parent=[1, 0])

    (finding,) = [
        f for f in flow(replace(plant, power_nodes=nodes)).findings if f.rule == "POW-LOOP"
    ]

    assert finding.element_ids == ("busway-a", "busway-b")


def test_a_node_takes_the_side_of_what_hangs_below_it():
    plant = pod()
    nodes = replace(plant.power_nodes, side=["", ""])

    assert flow(replace(plant, power_nodes=nodes)).nodes.side == ("A", "B")


def test_what_is_not_drawn_loses_what_the_assumptions_say():
    boxes = boxes_of({"id": "r", "x": 0.0, "y": 0.0})
    bare = Plant(boxes=boxes, racks=racks_on(boxes, sustained_kw=100.0))

    power = flow(bare)

    ups = next(stage for stage in power.chain if stage.stage == "UPS")
    assert ups.loss_kw == pytest.approx(ups.out_kw * assumed_loss_per_kw(LINES, "power.ups"))


def test_the_default_ups_curve_gives_its_published_efficiencies():
    """96.4, 97.2, 97.2 and 97.1 % at 25, 50, 75 and 100 % load."""
    for load, efficiency in ((0.25, 0.964), (0.50, 0.972), (0.75, 0.972), (1.0, 0.971)):
        lines = Assumptions.load({"power.assumed_load_fraction": load})
        loss = assumed_loss_per_kw(lines, "power.ups")
        assert 1.0 / (1.0 + loss) == pytest.approx(efficiency, abs=6e-4)


def test_the_default_transformer_meets_the_us_minimum():
    """99.53 % at half load."""
    lines = Assumptions.load({"power.assumed_load_fraction": 0.5})

    assert 1.0 / (1.0 + assumed_loss_per_kw(lines, "power.transformer")) == pytest.approx(
        0.9953, abs=2e-4
    )


@settings(max_examples=50, deadline=None)
@given(plant=plants())
def test_power_in_is_power_out_and_losses(plant):
    power = flow(plant)

    assert power.chain[0].in_kw == pytest.approx(power.it_kw + power.loss_kw, rel=1e-9)
    for above, below in zip(power.chain, power.chain[1:], strict=False):
        assert above.out_kw == pytest.approx(below.in_kw, rel=1e-12)
    assert all(stage.loss_kw >= 0.0 for stage in power.chain)


@settings(max_examples=50, deadline=None)
@given(plant=plants(), share=st.floats(min_value=0.0, max_value=1.0))
def test_less_load_never_gives_less_margin(plant, share):
    less = replace(
        plant, site=replace(plant.site, heat_load_fraction=share * plant.site.heat_load_fraction)
    )

    assert (flow(less).nodes.worst_kw <= flow(plant).nodes.worst_kw + 1e-9).all()


@settings(max_examples=50, deadline=None)
@given(plant=plants())
def test_losing_a_side_keeps_every_dual_corded_rack_fed(plant):
    power = flow(plant)
    racks: Racks = plant.racks
    both = (racks.feed_a >= 0) & (racks.feed_b >= 0) & (racks.feed_a != racks.feed_b)

    assert power.sides.a.other_lost_kw >= power.rack_kw[both].sum() - 1e-6
    assert power.sides.b.other_lost_kw >= power.rack_kw[both].sum() - 1e-6
