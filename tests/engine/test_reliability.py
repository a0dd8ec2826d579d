"""Redundancy and reliability: what holds for any arrangement, and how errors speak."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid, OutOfRange
from engine.faults.availability import (
    availability,
    common_cause_unavailability,
    k_of_n,
    parallel,
    repairable_group,
    series,
    unavailability,
)
from engine.faults.cuts import (
    TooIntricate,
    cut_figures,
    minimal_cuts,
    minimal_paths,
    path_availability,
)
from engine.faults.jobs import (
    fleet_goodput,
    job_mean_time_h,
    spares_needed,
)
from engine.faults.pairing import assign_pairs
from engine.faults.panels import cascade, panel_states, trip_time_s
from engine.faults.sharing import (
    during_maintenance,
    failure_sets,
    shared_load,
    topology,
    usable_power,
    utilisation_limit,
)
from engine.tokens.checkpoints import daly_efficiency, daly_interval_h

shares = st.floats(0.0, 1.0)
some = st.lists(shares, min_size=1, max_size=6)
powers = st.lists(st.floats(1.0, 5000.0), min_size=1, max_size=8)


@given(some)
def test_availability_stays_between_0_and_1(parts):
    for found in (series(parts), parallel(parts), *(k_of_n(k, parts) for k in range(8))):
        assert 0.0 <= found <= 1.0


@given(some, shares, st.integers(1, 6))
def test_one_more_unit_never_lowers_availability(parts, more, needed):
    assert parallel([*parts, more]) >= parallel(parts) - 1e-12
    assert k_of_n(needed, [*parts, more]) >= k_of_n(needed, parts) - 1e-12


@given(some)
def test_one_of_n_is_parallel_and_n_of_n_is_series(parts):
    assert k_of_n(1, parts) == pytest.approx(parallel(parts), abs=1e-12)
    assert k_of_n(len(parts), parts) == pytest.approx(series(parts), abs=1e-12)


@given(st.floats(1e-6, 10.0), st.floats(0.0, 500.0))
def test_unavailability_is_the_complement(rate, repair):
    works = availability(8760.0 / rate, repair)

    assert unavailability(rate, repair) == pytest.approx(1.0 - works, abs=1e-12)


@given(st.floats(0.01, 50.0), st.floats(1.0, 500.0))
def test_two_units_and_one_crew(rate, repair):
    lam, mu = rate / 8760.0, 1.0 / repair

    found = repairable_group(1, 2, rate, repair, crews=1)

    both = 2 * lam**2 / (mu**2 + 2 * lam * mu + 2 * lam**2)
    assert found.unavailability == pytest.approx(both)
    assert found.down_h == pytest.approx(repair)


@given(st.integers(1, 6), st.floats(0.01, 20.0), st.floats(1.0, 200.0), st.data())
def test_a_crew_for_every_unit_is_the_binomial(units, rate, repair, data):
    needed = data.draw(st.integers(1, units))
    works = 1.0 - unavailability(rate, repair)

    found = repairable_group(needed, units, rate, repair, crews=units)

    assert found.availability == pytest.approx(k_of_n(needed, np.full(units, works)))
    fewer = repairable_group(needed, units, rate, repair, crews=1)
    assert fewer.availability <= found.availability + 1e-12


@given(shares, st.integers(1, 5), shares)
def test_common_cause_is_a_floor(down, units, beta):
    found = common_cause_unavailability(down, units, beta)

    assert found >= min(beta * down, down) * (1.0 - 1e-12)
    assert found <= down + 1e-12


def enumerated(paths, works):
    """Availability by going through all states."""
    parts = sorted(works)
    total = 0.0
    for state in product((True, False), repeat=len(parts)):
        up = {part for part, is_up in zip(parts, state, strict=True) if is_up}
        if any(path <= up for path in paths):
            total += np.prod([works[p] if p in up else 1.0 - works[p] for p in parts])
    return total


links = st.lists(
    st.tuples(st.sampled_from("sabt"), st.sampled_from("sabt")).filter(lambda ab: ab[0] != ab[1]),
    min_size=1,
    max_size=8,
)


@given(links, st.lists(shares, min_size=8, max_size=8))
@settings(max_examples=60, deadline=None)
def test_pivoting_agrees_with_going_through_all_states(ends, each):
    named = [(a, b, str(row)) for row, (a, b) in enumerate(ends)]
    works = {str(row): each[row] for row in range(len(ends))}
    paths = minimal_paths(named, "s", "t")

    assert path_availability(paths, works) == pytest.approx(enumerated(paths, works), abs=1e-12)


@given(links)
@settings(max_examples=60, deadline=None)
def test_every_cut_breaks_every_path_and_needs_each_of_its_parts(ends):
    paths = minimal_paths([(a, b, str(row)) for row, (a, b) in enumerate(ends)], "s", "t")

    for cut in minimal_cuts(paths, order=8):
        assert all(cut & path for path in paths)
        assert all(any(not (cut - {part}) & path for path in paths) for part in cut)


def mesh(size):
    """A square grid of parts between its two far corners."""
    right = [((x, y), (x + 1, y), f"r{x}-{y}") for x in range(size - 1) for y in range(size)]
    up = [((x, y), (x, y + 1), f"u{x}-{y}") for x in range(size) for y in range(size - 1)]
    return [*right, *up], (0, 0), (size - 1, size - 1)


def test_an_intricate_network_is_refused_and_never_hangs():
    with pytest.raises(TooIntricate, match="join parts in series"):
        minimal_paths(*mesh(6))

    paths = minimal_paths(*mesh(5), directed=True)
    assert len(paths) == 70
    with pytest.raises(TooIntricate, match="join parts in series"):
        minimal_cuts([frozenset(f"{row}-{part}" for part in range(9)) for row in range(9)], 9)


def test_cuts_of_parallel_paths_give_their_product():
    cuts = minimal_cuts([frozenset("a"), frozenset("b")])
    q = unavailability(1.0, 10.0)

    found = cut_figures(cuts, {"a": 1.0, "b": 1.0}, {"a": 10.0, "b": 10.0})

    assert found.unavailability == pytest.approx(q**2)
    assert found.down_h == pytest.approx(5.0)


def test_a_part_without_figures_is_named():
    with pytest.raises(Invalid) as refused:
        path_availability([frozenset("ab")], {"a": 0.9})

    assert refused.value.context["element"] == "b"


@given(powers)
def test_removing_either_source_of_2n_keeps_every_group_fed(power):
    share = np.full((len(power), 2), 0.5)

    state = shared_load(power, share, [1e6, 1e6], failure_sets(2, 1))

    assert (state.dropped_kw == 0.0).all()
    assert state.load_kw.sum(axis=1) == pytest.approx(np.full(3, sum(power)))


@pytest.mark.parametrize(
    ("kind", "count"),
    [("n", 3), ("n+1", 4), ("2n", 2), ("distributed", 4), ("catcher", 4)],
)
def test_the_limit_of_each_scheme_is_what_its_shares_allow(kind, count):
    scheme = topology(kind, count)
    sources = scheme.share.shape[1]
    failed = failure_sets(sources, scheme.tolerated)
    if kind == "2n":  # a side fails as a whole
        failed = np.repeat([[False, False], [True, False], [False, True]], count, axis=1)

    found = usable_power(
        np.ones(len(scheme.share)),
        scheme.share,
        np.ones(sources),
        failed,
        standby=scheme.standby,
    )

    assert found.utilisation == pytest.approx(float(utilisation_limit(kind, count)))


def test_2_n_plus_1_keeps_a_side_with_a_module_out():
    scheme = topology("2(n+1)", 3)
    side_and_module = np.array([[True, True, True, True, False, False]])

    found = usable_power([1.0], scheme.share, np.ones(6), side_and_module)

    assert found.utilisation == pytest.approx(float(utilisation_limit("2(n+1)", 3)))


def test_unequal_groups_overload_one_source_inside_the_total():
    share = np.array([[0.5, 0.5, 0.0], [0.5, 0.0, 0.5], [0.0, 0.5, 0.5]])

    state = shared_load([4000.0, 1000.0, 1000.0], share, [3000.0] * 3, failure_sets(3, 1))

    assert state.is_over.any()
    assert (state.dropped_kw == 0.0).all()


def test_2n_is_maintainable_but_bare_while_maintained():
    state = during_maintenance([900.0], np.array([[0.5, 0.5]]), [1000.0, 1000.0])

    assert state.is_maintainable.all()
    assert not state.survives[0, 1]
    assert state.dropped_kw[0, 1] == 900.0


def test_shares_that_do_not_sum_to_one_are_refused():
    with pytest.raises(Invalid, match="group number 2"):
        shared_load([1.0, 1.0], [[0.5, 0.5], [0.5, 0.4]], [1.0, 1.0], [False, False])


@given(st.lists(st.floats(10.0, 500.0), min_size=3, max_size=12), st.integers(3, 4))
@settings(max_examples=15, deadline=None)
def test_no_pairing_beats_its_bound(power, systems):
    found = assign_pairs(power, np.full(systems, 1000.0))

    assert found.worst_fraction >= found.bound_fraction - 1e-9
    assert all(one < other for one, other in found.pairs)


def test_equal_groups_pair_up_to_the_bound():
    found = assign_pairs(np.full(12, 500.0), np.full(4, 2000.0))

    assert found.worst_fraction == pytest.approx(found.bound_fraction)


FEEDS = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)


def test_live_panels_share_the_load_of_a_pod():
    state = panel_states([300.0, 300.0, 300.0], FEEDS, [400.0] * 3, [True, True, True])

    assert state.panel_kw.tolist() == [300.0, 300.0, 300.0]
    assert not state.is_overloaded.any()


def test_a_lost_panel_overloads_the_others():
    state = panel_states([300.0, 300.0, 300.0], FEEDS, [400.0] * 3, [False, True, True])

    assert state.panel_kw.tolist() == [0.0, 450.0, 450.0]
    assert state.is_overloaded.tolist() == [False, True, True]
    assert state.is_strained.all()
    assert not state.is_offline.any()


def test_a_pod_without_a_live_panel_is_offline():
    state = panel_states([300.0, 300.0, 300.0], FEEDS, [900.0] * 3, [False, False, True])

    assert state.is_offline.tolist() == [True, False, False]
    assert state.lost_kw == 300.0


@given(
    st.lists(st.floats(0.0, 500.0), min_size=3, max_size=3),
    st.lists(st.floats(50.0, 800.0), min_size=3, max_size=3),
    st.lists(st.booleans(), min_size=3, max_size=3),
)
def test_power_is_either_carried_or_lost(pods, ratings, alive):
    state = panel_states(pods, FEEDS, ratings, alive)

    assert state.panel_kw.sum() + state.lost_kw == pytest.approx(sum(pods), abs=1e-9)
    end = cascade(pods, FEEDS, ratings, alive)
    assert end.final.lost_kw >= state.lost_kw - 1e-9
    assert not (end.is_alive & ~np.array(alive)).any()


def test_an_overload_spreads_until_nothing_is_left():
    end = cascade([300.0, 300.0, 300.0], FEEDS, [400.0] * 3, [[True] * 3, [False, True, True]])

    assert end.trips.tolist() == [0, 2]
    assert end.final.lost_kw.tolist() == [0.0, 900.0]
    assert end.first_trip_s[0] == -1.0
    assert 0.0 < end.first_trip_s[1] < end.last_trip_s[1]


def test_the_greater_overload_trips_sooner():
    times = trip_time_s([1.1, 1.5, 3.0], 600.0)

    assert times[0] > times[1] > times[2] > 0.0
    assert trip_time_s(1.5, 600.0, 0.9) < times[1]


@given(st.floats(0.001, 0.5), st.floats(1.0, 1000.0), st.floats(0.0, 1.0))
def test_no_other_interval_beats_dalys_by_much(save, mean, restart):
    best = float(daly_interval_h(save, mean))
    reached = daly_efficiency(best, save, restart, mean)

    others = daly_efficiency(np.geomspace(best / 5, best * 5, 81), save, restart, mean)

    assert (others <= reached + 2e-3).all()
    assert 0.0 < reached < 1.0


def test_a_hopeless_interval_gives_zero_and_no_overflow():
    assert daly_efficiency(1e6, 1.0, 1.0, 1e-3) == 0.0


def test_causes_of_stops_add():
    alone = job_mean_time_h(1000, 0.2)
    with_site = job_mean_time_h(1000, 0.2, 200.0)

    assert with_site == pytest.approx(alone / 2.0)
    with pytest.raises(OutOfRange, match="never stops"):
        job_mean_time_h(1000, 0.0)


@given(st.integers(1, 60), st.floats(0.8, 0.999), st.floats(0.5, 0.999))
@settings(max_examples=40, deadline=None)
def test_spares_are_enough_and_one_less_is_not(needed, works, confidence):
    spares = int(spares_needed(needed, works, confidence))

    assert k_of_n(needed, np.full(needed + spares, works)) >= confidence - 1e-9
    if spares:
        assert k_of_n(needed, np.full(needed + spares - 1, works)) < confidence + 1e-9


def test_racks_that_never_fail_need_no_spare():
    assert spares_needed(72, 1.0) == 0


def test_goodput_is_the_product_of_its_shares():
    assert fleet_goodput(0.9, 0.99, 0.1) == pytest.approx(0.9 * 0.99 * 0.9)
