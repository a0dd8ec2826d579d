"""Lines between drawn power nodes: length, voltage drop from the last restart, phase balance."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import evaluate
from engine.assumptions import Assumptions
from engine.power.lines import ambient_factor, line_loss_kw, voltage_drop_v
from engine.power.phases import phase_imbalance, phase_power_kw, suggest_tap_moves
from tests.strategies import pod

LINES = Assumptions.load()


def feeders_of(plant, lines=LINES):
    result = evaluate(plant, lines)
    return result.power.feeders, [f for f in result.findings if f.rule.startswith("POW-")]


def with_source(plant, kind="switchboard", at_m=20.0):
    """The pod with both busways fed from one more node that stands beside the first."""
    nodes, boxes = plant.power_nodes, plant.boxes
    corners = np.vstack([boxes.corners_mm, boxes.corners_mm[nodes.box[:1]]])
    corners[-1] += [0.0, 1000.0 * at_m]
    columns = {
        name: np.append(np.asarray(getattr(boxes, name)), getattr(boxes, name)[int(nodes.box[0])])
        for name in ("level", "height_mm", "mass_kg", "clearance_front_mm", "clearance_rear_mm",
                     "clearance_side_mm", "voltage_to_ground_v", "hall", "module")
    }  # fmt: skip
    more = replace(
        boxes,
        id=(*boxes.id, "source"),
        tag=(*boxes.tag, "SOURCE"),
        kind=(*boxes.kind, kind),
        corners_mm=corners,
        **columns,
    )
    source = len(nodes)
    return replace(
        plant,
        boxes=more,
        power_nodes=replace(
            nodes,
            id=(*nodes.id, "source"),
            tag=(*nodes.tag, "SOURCE"),
            kind=(*nodes.kind, kind),
            side=(*nodes.side, ""),
            product=(*nodes.product, ""),
            box=np.append(nodes.box, len(boxes)),
            parent=np.append(np.full(source, source), -1),
            **{
                name: np.append(getattr(nodes, name), getattr(nodes, name)[0])
                for name in ("rating_kw", "loss_a", "loss_b", "loss_c", "voltage_v",
                             "continuous_fraction", "price_usd", "fault_ka")
            },
        ),
    )  # fmt: skip


def test_a_longer_feeder_drops_more():
    near, _ = feeders_of(with_source(pod(), at_m=20.0))
    far, _ = feeders_of(with_source(pod(), at_m=120.0))

    assert far.length_m[0] == pytest.approx(near.length_m[0] + 100.0)
    assert far.total_drop_fraction[0] > near.total_drop_fraction[0] > 0.0


def test_drops_add_up_and_start_anew_behind_a_ups():
    through, _ = feeders_of(with_source(pod(), kind="switchboard"))
    behind, _ = feeders_of(with_source(pod(), kind="ups"))

    assert through.total_drop_fraction[0] == pytest.approx(
        through.drop_fraction[0] + through.total_drop_fraction[2]
    )
    assert behind.total_drop_fraction[2] == 0.0
    assert behind.total_drop_fraction[0] == behind.drop_fraction[0]


def test_a_feeder_far_too_long_is_a_finding():
    _, none = feeders_of(with_source(pod(), at_m=20.0))
    _, found = feeders_of(with_source(pod(), at_m=2000.0))

    assert "POW-DROP" not in {f.rule for f in none}
    drops = [f for f in found if f.rule == "POW-DROP"]
    assert {f.element_ids[0] for f in drops} == {"busway-a", "busway-b"}
    assert all(f.measured > f.required and "Shorten" in f.detail for f in drops)


def test_racks_on_one_phase_are_told_which_taps_to_move():
    plant = pod()
    phases = ("A",) * 6 + ("B", "C")

    feeders, found = feeders_of(replace(plant, racks=replace(plant.racks, phases=phases)))

    assert feeders.phase_imbalance[0] == pytest.approx(6 / (8 / 3))
    balance = [f for f in found if f.rule == "POW-PHASE"]
    assert {f.element_ids[0] for f in balance} == {"busway-a", "busway-b"}
    assert "from A to" in balance[0].detail


def test_three_phase_racks_are_balanced():
    feeders, _ = feeders_of(pod())

    assert (feeders.phase_imbalance == 1.0).all()


taps = st.lists(
    st.tuples(st.floats(1.0, 50.0), st.sampled_from(["A", "B", "C", "AB", "BC", "CA", "ABC"])),
    min_size=1,
    max_size=20,
)


@given(taps)
def test_moving_taps_keeps_the_power_and_never_unbalances(rows):
    load = np.array([kw for kw, _ in rows])
    now = [connection for _, connection in rows]
    before = phase_power_kw(load, now)

    moves = suggest_tap_moves(load, now)
    for move in moves:
        assert now[move.tap] == move.old
        now[move.tap] = move.new

    after = phase_power_kw(load, now)
    assert after.sum() == pytest.approx(load.sum()) == pytest.approx(before.sum())
    assert 1.0 <= phase_imbalance(after) <= 3.0 + 1e-9
    assert after @ after <= before @ before + 1e-6
    assert not moves or moves[-1].imbalance == pytest.approx(float(phase_imbalance(after)))


def test_equal_taps_on_one_phase_end_balanced():
    moves = suggest_tap_moves(np.full(9, 10.0), ["A"] * 9)

    assert len(moves) == 6
    assert moves[-1].imbalance == pytest.approx(1.0)


@given(st.floats(0.0, 4000.0), st.floats(0.0, 0.01), st.floats(0.0, 0.01), st.floats(0.1, 1.0))
def test_spread_taps_drop_half_and_heat_a_third(current, r, x, factor):
    end = voltage_drop_v(current, r, x, factor)

    assert voltage_drop_v(current, r, x, factor, spread="uniform") == pytest.approx(end / 2)
    assert line_loss_kw(current, r, spread="uniform") == pytest.approx(line_loss_kw(current, r) / 3)


def test_a_busway_carries_less_in_hot_air_and_no_figure_beyond_its_table():
    table = ([40.0, 45.0, 50.0], [1.0, 0.95, 0.9])

    assert ambient_factor([20.0, 42.5, 50.0], *table).tolist() == [1.0, 0.975, 0.9]
    with pytest.raises(Exception, match="Ask the maker"):
        ambient_factor(55.0, *table)


@pytest.mark.parametrize(
    ("kind", "subject"), [("ups", "the input of SOURCE"), ("switchboard", "SOURCE")]
)
def test_a_long_feeder_to_a_ups_or_switchboard_is_found_where_it_ends(kind, subject):
    def dropping(at_m):
        plant = with_source(pod(), kind, at_m)
        nodes = plant.power_nodes
        # The first busway hangs on the source, which hangs far from a switchboard.
        kinds = (nodes.kind[0], "switchboard", kind)
        far = replace(nodes, kind=kinds, parent=[2, -1, 1])
        _, found = feeders_of(replace(plant, power_nodes=far))
        return [f for f in found if f.rule == "POW-DROP" and f.element_ids == ("source",)]

    assert dropping(20.0) == []
    (finding,) = dropping(2500.0)
    assert finding.detail.startswith(f"With the other side lost {subject} is")
