"""A design that leaves plant out says so: in findings, and beside what it costs."""

from dataclasses import replace

import pytest

from engine.assumptions import Assumptions
from engine.evaluate import evaluate
from engine.plant import HeatRejectionUnits, PowerNodes, Site
from engine.undrawn import beginnings, has_source
from tests.strategies import empty_hall, pod

LINES = Assumptions.load()
TREE = PowerNodes(
    id=("bus-a", "ups-a", "trafo", "bus-b", "ups-b", "loop-1", "loop-2"),
    tag=("BW-A", "UPS-A", "T1", "BW-B", "UPS-B", "L1", "L2"),
    kind=("busway", "ups", "transformer", "busway", "ups", "panel", "panel"),
    parent=[1, 2, -1, 4, -1, 6, 5],
)


def complete():
    """The pod under two transformers with UPSs, and a dry cooler."""
    plant = pod()
    nodes = PowerNodes(
        id=("busway-a", "busway-b", "ups-a", "ups-b", "t-a", "t-b"),
        tag=("BW-A", "BW-B", "UPS-A", "UPS-B", "T-A", "T-B"),
        kind=("busway", "busway", "ups", "ups", "transformer", "transformer"),
        parent=[2, 3, 4, 5, -1, -1],
        side=("A", "B") * 3,
        rating_kw=[2000.0] * 6,
    )
    cooler = HeatRejectionUnits(id=("dc",), kind=("dry_cooler",), capacity_kw=[2000.0])
    return replace(plant, power_nodes=nodes, heat_rejection=cooler)


def test_plant_without_a_feed_is_held_against_the_transformers():
    loads = evaluate(complete(), LINES).power
    beside = loads.mechanical_kw

    plant = complete()
    unfed = replace(plant, cdus=replace(plant.cdus, feed_a=[-1] * 3, feed_b=[-1] * 3))
    assert not found(plant, "POW-MECH-UNFED")
    note = found(unfed, "POW-MECH-UNFED")["POW-MECH-UNFED"]
    assert note.severity == "note" and note.required == 2000.0
    assert note.element_ids in {("t-a",), ("t-b",)}

    at = max(loads.nodes.worst_kw[4:])
    assert at < note.measured <= at + beside
    nodes = complete().power_nodes
    tight = [2000.0] * 4 + [float(at) + 1.0] * 2
    small = replace(complete(), power_nodes=replace(nodes, rating_kw=tight))
    warned = found(small, "POW-MECH-UNFED", "POW-SIDE-LOST")
    assert warned["POW-MECH-UNFED"].severity == "warning" and "POW-SIDE-LOST" not in warned
    assert "POW-MECH-UNFED" not in found(pod(), "POW-MECH-UNFED")


def found(plant, *rules):
    return {f.rule: f for f in evaluate(plant, LINES, "edit").findings if f.rule in rules}


NEW = ("POW-SOURCE", "COOL-REJECTION", "COST-NOT-DRAWN")


def test_a_node_has_a_source_when_one_stands_above_it():
    assert has_source(TREE).tolist() == [True, True, True, False, False, False, False]
    assert beginnings(TREE, TREE.parent[:4]) == (4,)
    assert set(beginnings(TREE, TREE.parent)) <= {4, 5, 6}


def test_a_complete_design_leaves_nothing_out():
    assert found(complete(), *NEW) == {}
    assert found(empty_hall(), *NEW) == {}


def test_busways_that_begin_nowhere_are_named():
    finding = found(pod(), "POW-SOURCE")["POW-SOURCE"]

    assert finding.severity == "warning"
    assert finding.element_ids == ("busway-a", "busway-b")
    assert finding.detail.startswith("BW-A, BW-B carry racks")


def test_a_node_that_carries_nothing_may_begin_nowhere():
    plant = complete()
    nodes = plant.power_nodes
    spare = replace(
        nodes,
        **{name: (*getattr(nodes, name), value) for name, value in
           (("id", "s"), ("tag", "S"), ("kind", "panel"), ("side", ""))},
        **{name: [*getattr(nodes, name), value] for name, value in
           (("parent", -1), ("rating_kw", 100.0))},
        **{name: [*getattr(nodes, name), getattr(nodes, name)[0]] for name in
           ("box", "loss_a", "loss_b", "loss_c", "voltage_v", "continuous_fraction", "fault_ka",
            "price_usd")},
        product=(*nodes.product, ""),
    )  # fmt: skip

    assert "POW-SOURCE" not in found(replace(plant, power_nodes=spare), *NEW)


def test_liquid_heat_without_a_cooler_is_a_finding():
    plant = replace(complete(), heat_rejection=HeatRejectionUnits())

    finding = found(plant, *NEW)["COOL-REJECTION"]

    assert (finding.severity, finding.measured) == ("blocking", 0.0)
    assert finding.required == pytest.approx(8 * 115.0)
    tower = replace(plant, site=Site(heat_rejection="tower"))
    assert "COOL-REJECTION" not in found(tower, *NEW)


def test_a_sketch_may_leave_out_what_nobody_has_begun_to_draw():
    """The plant of `pod` has neither a source nor a cooler."""
    sketch = found(pod(), *NEW)

    assert {rule: each.severity for rule, each in sketch.items()} == {
        "POW-SOURCE": "warning", "COOL-REJECTION": "warning", "COST-NOT-DRAWN": "warning",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parents", "severity"),
    [([-1, 3, 4, 5, -1, -1], "warning"), ([-1, -1, 4, 5, -1, -1], "blocking")],
)
def test_racks_with_no_way_to_the_sources_that_are_drawn_block(parents, severity):
    plant = complete()
    cut = replace(plant, power_nodes=replace(plant.power_nodes, parent=parents))

    assert found(cut, "POW-SOURCE")["POW-SOURCE"].severity == severity


def test_a_cost_that_rests_on_plant_nobody_drew_is_marked():
    plant = pod(cdus=0)
    plant = replace(plant, racks=replace(plant.racks, feed_a=[-1] * 8, feed_b=[-1, 1] * 4))
    result = evaluate(plant, LINES, "edit")
    finding = next(f for f in result.findings if f.rule == "COST-NOT-DRAWN")

    assert finding.severity == "warning"
    for words in ("feeds of 4 racks", "above BW-B", "CDUs for 8", "heat rejection for 920 kW"):
        assert words in finding.detail
    assert result.cost.usd_per_mtok is not None
    row = next(row for row in result.working if row.figure == "cost.usd_per_mtok")
    assert (row.inputs[0].name, "CDUs for 8" in str(row.inputs[0].value)) == (
        "assumed, not drawn",
        True,
    )


def test_a_design_without_ups_alone_is_a_note():
    plant = complete()
    kinds = tuple("switchboard" if kind == "ups" else kind for kind in plant.power_nodes.kind)
    bare = replace(plant, power_nodes=replace(plant.power_nodes, kind=kinds))

    finding = found(bare, *NEW)["COST-NOT-DRAWN"]

    assert (finding.severity, "UPSs" in finding.detail) == ("note", True)
