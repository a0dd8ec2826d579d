"""Direct current at 800 V: loads, losses, drops and faults against calculations by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from engine import evaluate
from engine.assumptions import Assumptions
from engine.plant import Boxes, Plant, PowerNodes, Racks, Site, box_corners
from engine.power.direct import direct_nodes, on_direct_current
from engine.power.errors import VoltageCollapse
from engine.systems import system_views

LINES = Assumptions.load()
SHELF, CONVERTER = 0.975, 0.98


def row(*, kind="rectifier", volts=800.0, racks=4, kw=132.0, **more):
    """Transformer, rectifier (or UPS) and a busway of 6 m over racks; 20 m between the last two."""
    boxes = [((0, 0), 2000, 1000), ((10_000, 0), 2000, 1000), ((30_000, 300), 6000, 400)]
    boxes += [((30_000 + 600 * n, 0), 600, 1200) for n in range(racks)]
    at, width, depth = zip(*boxes, strict=True)
    n = len(boxes)
    columns = {"fault_ka": [0.0, 0.0, 0.0], **more}
    return Plant(
        site=Site(power_factor=0.95),
        boxes=Boxes(
            id=tuple(f"b{i}" for i in range(n)),
            kind=("transformer", kind, "busway", *("rack",) * racks),
            corners_mm=box_corners(at, np.zeros(n), width, depth),
        ),
        power_nodes=PowerNodes(
            id=("tx", "rec", "bw"),
            tag=("TX", "REC", "BW"),
            kind=("transformer", kind, "busway"),
            box=[0, 1, 2],
            parent=[-1, 0, 1],
            rating_kw=[2375.0, 2500.0, 2000.0],
            voltage_v=[415.0, volts, volts],
            loss_a=[0.0011, 0.0046 if kind == "rectifier" else 0.006, 0.0],
            loss_b=[0.0, 0.0 if kind == "rectifier" else 0.010, 0.005],
            loss_c=[0.005, 0.0127 if kind == "rectifier" else 0.014, 0.0],
            **columns,
        ),
        racks=Racks(
            id=tuple(f"r{i}" for i in range(racks)),
            tag=tuple(f"R{i}" for i in range(racks)),
            box=range(3, 3 + racks),
            nameplate_kw=np.full(racks, kw),
            tdp_kw=np.full(racks, kw),
            sustained_kw=np.full(racks, kw),
            peak_kw=np.full(racks, kw),
            feed_a=np.full(racks, 2),
            feed_b=np.full(racks, 2),
        ),
    )


def evaluated(plant, lines=LINES):
    return evaluate(on_direct_current(plant, lines), lines, "edit")


def rules_of(result):
    return {each.rule for each in result.findings}


def test_what_hangs_behind_a_rectifier_is_direct_and_a_ups_changes_nothing():
    assert direct_nodes(row().power_nodes).tolist() == [False, True, True]
    assert direct_nodes(row(kind="ups", volts=415.0).power_nodes).tolist() == [False] * 3


def test_racks_draw_less_by_shelf_over_converter_and_their_chips_the_same():
    plant = on_direct_current(row(), LINES)
    direct, alternating = evaluated(row()), evaluated(row(kind="ups", volts=415.0))

    assert plant.racks.sustained_kw == pytest.approx(np.full(4, 132.0 * SHELF / CONVERTER))
    assert direct.power.it_kw == pytest.approx(4 * 132.0 * 0.975 / 0.98)
    assert alternating.power.it_kw == pytest.approx(4 * 132.0)
    assert direct.power.compute_kw == pytest.approx(4 * 132.0 * 0.9)
    assert direct.power.compute_kw == pytest.approx(alternating.power.compute_kw)


def test_the_coolant_takes_what_it_took_and_the_air_the_rest():
    plant = row()
    wet = replace(plant, racks=replace(plant.racks, liquid_fraction=np.full(4, 0.8)))

    racks = on_direct_current(wet, LINES).racks

    assert racks.sustained_kw * racks.liquid_fraction == pytest.approx(np.full(4, 132.0 * 0.8))


def test_losses_are_those_of_the_curves_and_no_ups_is_assumed_beside_a_rectifier():
    result = evaluated(row())
    load = 4 * 132.0 * 0.975 / 0.98

    busway = 0.005 * load
    out = load + busway
    rectifier = 2500.0 * (0.0046 + 0.0127 * (out / 2500.0) ** 2)

    losses = dict(zip(result.power.nodes.id, result.power.nodes.loss_kw.tolist(), strict=True))
    stages = {stage.stage: stage.loss_kw for stage in result.power.chain}
    assert losses["bw"] == pytest.approx(busway)
    assert losses["rec"] == pytest.approx(rectifier)
    assert stages["UPS and rectifiers"] == pytest.approx(rectifier)


def test_the_drop_is_the_root_of_the_constant_power_load_over_both_conductors():
    result = evaluated(row())
    power = 1000.0 * 4 * 132.0 * 0.975 / 0.98
    rated = 2_000_000.0 / 800.0
    per_m = 0.02 / rated  # of one conductor, by the line power.feeder.resistance_v_per_m
    # From middle (11, 0.5) to (33, 0.5) m along the walls is 22 m; 3 m of busway less, two risers.
    loop = 2.0 * per_m * (22.0 - 3.0 + 2 * 3.0) + 2.0 * per_m * 6.0 / 2.0

    volts = (800.0 + math.sqrt(800.0**2 - 4.0 * power * loop)) / 2.0

    feeders = result.power.feeders
    assert feeders.drop_fraction[2] == pytest.approx(1.0 - volts / 800.0, rel=1e-6)
    assert feeders.total_drop_fraction[2] == pytest.approx(feeders.drop_fraction[2])
    assert 0.0 < feeders.drop_fraction[2] < 0.005


def test_a_feeder_that_cannot_carry_its_load_says_so_by_name():
    lines = Assumptions.load({"power.feeder.resistance_v_per_m": 40.0})

    with pytest.raises(VoltageCollapse) as refused:
        evaluated(row(kw=600.0), lines)

    assert refused.value.context["element"] == "BW"


def test_fault_current_is_that_of_the_bridge_and_falls_along_the_line():
    result = evaluated(row())
    # 2,375 kW at 0.95 is 2,500 kVA: 2,500 / (sqrt 3 x 0.415 x 0.06) = 57.97 kA; times 1.3505.
    at_rectifier = 2500.0 / (math.sqrt(3.0) * 415.0 * 0.06) * 3.0 * math.sqrt(2.0) / math.pi
    per_m = 0.02 / 2500.0
    loop = 2.0 * per_m * (25.0 + 6.0)

    fault = result.power.feeders.fault_ka

    assert at_rectifier == pytest.approx(78.3, abs=0.1)
    assert fault.tolist() == pytest.approx(
        [0.0, at_rectifier, 1.0 / (1.0 / at_rectifier + 1000.0 * loop / 800.0)]
    )


def test_gear_that_cannot_withstand_the_fault_is_found():
    weak, strong = (evaluated(row(fault_ka=[0.0, 0.0, ka])) for ka in (30.0, 100.0))

    [found] = [each for each in weak.findings if each.rule == "POW-FAULT"]
    assert found.element_ids == ("bw",)
    assert found.required == 30.0
    assert "POW-FAULT" not in rules_of(strong)


def test_a_busway_for_another_voltage_is_found():
    plant = row()
    nodes = replace(plant.power_nodes, voltage_v=[415.0, 800.0, 415.0])

    assert "POW-DC-VOLTAGE" in rules_of(evaluated(replace(plant, power_nodes=nodes)))
    assert "POW-DC-VOLTAGE" not in rules_of(evaluated(plant))


def test_a_rack_between_both_currents_is_found_and_draws_as_before():
    plant = row()
    mixed = replace(plant, racks=replace(plant.racks, feed_b=np.full(4, 0)))

    result = evaluated(mixed)

    assert "POW-DC-MIXED" in rules_of(result)
    assert result.power.it_kw == pytest.approx(528.0)


def test_direct_current_moves_the_boundary_pue_alone_does_not_show_what_is_saved():
    direct, alternating = evaluated(row()), evaluated(row(kind="ups", volts=415.0))

    for result in (direct, alternating):
        assert result.energy.tue == pytest.approx(result.energy.pue * result.energy.itue)
    assert alternating.energy.itue == pytest.approx(1.0 / 0.9)
    assert direct.energy.itue == pytest.approx(0.975 / 0.98 / 0.9)
    # What the site saves of the same computing is what TUE falls by.
    saved = 1.0 - direct.energy.facility_kw / alternating.energy.facility_kw
    assert 1.0 - direct.energy.tue / alternating.energy.tue == pytest.approx(saved)
    assert saved > 0.0


def test_the_one_line_diagram_knows_which_nodes_are_direct():
    plant = on_direct_current(row(), LINES)

    nodes = system_views(plant, LINES)["power"]["nodes"]

    assert nodes["is_direct"] == [False, True, True]
    assert nodes["fault_ka"][1] == pytest.approx(78.3, abs=0.1)
