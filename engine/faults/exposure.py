"""How often and how much a design loses: single failures, pairs and common causes together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.faults.availability import HOURS_PER_YEAR, unavailability
from engine.faults.outages import JOINTS_PER_RACK, shut_off_pipes
from engine.faults.redundancy import UTILITY, Case, Loss, Study
from engine.faults.transfer import group_feeds
from engine.plant import Floats, Ints

FULL_SLACK = 1e-6  # of the IT power
MOST_LOST = 0.1  # "at least 90 %" still has this share missing
NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One or two elements that are down at once, and the IT power that it costs."""

    tags: tuple[str, ...]
    kinds: tuple[str, ...]
    lost_kw: float
    unavailability: float
    failures_per_year: float

    @property
    def kwh_per_year(self) -> float:
        """Expected energy that IT does not get."""
        return HOURS_PER_YEAR * self.unavailability * self.lost_kw


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Availability and expected loss of a whole design."""

    it_kw: float
    full_availability: float  # all racks powered and cooled
    most_availability: float  # at least 90 % of the IT power
    kwh_lost_per_year: float
    events_per_year: float
    cuts: int
    worst: tuple[Cut, ...]
    common_cause_fraction: float


def exposure(study: Study, losses: tuple[Loss, ...]) -> Exposure:
    """Availability of full IT power, of 90 % of it, and the energy expected to be lost.

    Parameters
    ----------
    study : Study
        The plant and how often its equipment fails.
    losses : tuple of Loss
        All single losses of it.

    Returns
    -------
    Exposure
        Totals, and the cuts that weigh most.

    Raises
    ------
    UnknownAssumption
        If a kind of equipment has no failure rate.

    Notes
    -----
    Minimal cuts of order one and two [1]_: each element whose loss alone costs IT power, pipes
    that a leak shuts off and valves that stick among them; each pair of nodes, one above either
    feed of the same racks or CDUs; the two largest of the CDUs of a loop, of the air handlers and
    of the heat rejection, for every pair of them. Availability is the product of 1 - Q over the
    cuts. Like equipment of two sides shares a common cause: Q = (1 - b)^2 q q + b min(q, q). Cuts
    of three and more, staff and software are left out.

    References
    ----------
    .. [1] R. Billinton and R. N. Allan, "Reliability Evaluation of Engineering Systems," 2nd ed.,
       Plenum Press, 1992, ch. 4 and 11.
    """
    beta = study.assumptions.value("reliability.common_cause_fraction")
    it_kw = float(study.operation.power.rack_kw.sum())
    alone = [
        Cut(
            tags=(loss.tag or loss.id,),
            kinds=(loss.kind,),
            lost_kw=loss.lost_kw,
            unavailability=loss.unavailability,
            failures_per_year=loss.failures_per_year,
        )
        for loss in losses
        if loss.lost_kw > 0.0
    ]
    alone += _shut_pipes(study)
    alone += _stuck_valves(study)
    fatal = {cut.tags[0] for cut in alone}
    pairs = [
        cut
        for cut in (*_power_pairs(study, beta), *_like_pairs(study, beta))
        if cut.lost_kw > 0.0 and not fatal.intersection(cut.tags)
    ]
    cuts = [*alone, *pairs]
    full, most = (
        float(np.prod([1.0 - cut.unavailability for cut in cuts if cut.lost_kw > share * it_kw]))
        for share in (FULL_SLACK, MOST_LOST)
    )
    worst = sorted(cuts, key=lambda cut: (-cut.kwh_per_year, cut.tags))
    return Exposure(
        it_kw=it_kw,
        full_availability=full,
        most_availability=most,
        kwh_lost_per_year=sum(cut.kwh_per_year for cut in worst),
        events_per_year=sum(cut.failures_per_year for cut in worst),
        cuts=len(cuts),
        worst=tuple(worst[:NAMED]),
        common_cause_fraction=beta,
    )


def _shut_pipes(study: Study) -> Iterator[Cut]:
    """Pipes that are shut off for a leak, and the racks that stop behind them."""
    rate, hours = study.rates("quick_disconnect")
    flows = study.operation.cooling.rack_given_lpm > 0.0
    rack_kw = np.where(flows, study.operation.power.rack_kw, 0.0)
    headers = study.shortage.remaining.pipes.headers
    for kind, _, tag, _, behind in shut_off_pipes(study.plant, headers):
        leaks = JOINTS_PER_RACK * len(behind) * rate
        yield Cut(
            tags=(tag,),
            kinds=(kind,),
            lost_kw=float(rack_kw[behind].sum()),
            unavailability=float(unavailability(leaks, hours)),
            failures_per_year=leaks,
        )


def _stuck_valves(study: Study) -> Iterator[Cut]:
    """Control valves, each of which takes its rack along."""
    pipes = study.shortage.remaining.pipes
    if pipes.valve_pa <= 0.0:
        return
    rate, hours = study.rates("valve")
    down = float(unavailability(rate, hours))
    for rack in np.sort(pipes.headers.rack[pipes.headers.rack >= 0]).tolist():
        yield Cut(
            tags=(f"Valve of {study.plant.racks.tag[rack]}",),
            kinds=("valve",),
            lost_kw=float(study.operation.power.rack_kw[rack]),
            unavailability=down,
            failures_per_year=rate,
        )


def _cut(study: Study, pair: Sequence[Case], lost_kw: float, beta: float, ways: int = 1) -> Cut:
    """Two elements down at once; ``ways`` equal pairs of them."""
    one, other = pair
    rates = [study.rates(case.kind) for case in pair]
    down = [study.unavailability(case.kind) for case in pair]
    is_like = one.kind == other.kind
    share = beta if is_like else 0.0
    common = share * min(down)
    both = (1.0 - share) ** 2 * down[0] * down[1]
    pace = sum(HOURS_PER_YEAR / hours for _, hours in rates if hours > 0.0)
    return Cut(
        tags=(one.tag or one.id, other.tag or other.id),
        kinds=(one.kind, other.kind),
        lost_kw=lost_kw,
        unavailability=min(1.0, ways * both + common),
        failures_per_year=ways * both * pace + share * min(rate for rate, _ in rates),
    )


def _power_pairs(study: Study, beta: float) -> Iterator[Cut]:
    """One node above either feed of the same consumers, and the utility feeds of both sides."""
    plant, consumers = study.plant, study.consumers
    nodes, count = plant.power_nodes, len(plant.power_nodes)
    racks = len(plant.racks)
    groups = group_feeds(study.tree, consumers)
    fed = groups.of_consumer >= 0
    is_rack = fed & (np.arange(len(fed)) < racks)
    rack_kw = np.bincount(
        groups.of_consumer[is_rack], consumers.load_kw[is_rack], len(groups.feed_a)
    )
    upper = np.where(groups.a_is_shared, -1, groups.on_a)
    lower = np.where(groups.b_is_shared, -1, groups.on_b)
    group, i, j = np.nonzero((upper[:, :, None] >= 0) & (lower[:, None, :] >= 0))
    one, other = upper[group, i], lower[group, j]
    key = np.minimum(one, other) * count + np.maximum(one, other)
    keys, place = np.unique(key, return_inverse=True)
    lost = np.bincount(place, rack_kw[group], len(keys))
    lost = np.maximum(lost, _uncooled(study, keys, key, group, groups.of_consumer))
    cases = [
        Case(kind=kind, id=id_, tag=tag, row=row)
        for row, (kind, id_, tag) in enumerate(zip(nodes.kind, nodes.id, nodes.tag, strict=True))
    ]
    for pair, kw in zip(keys.tolist(), lost.tolist(), strict=True):
        yield _cut(study, (cases[pair // count], cases[pair % count]), kw, beta)
    utilities = [case for case in study.cases() if case.kind == UTILITY]
    if len(utilities) == 2:
        fed_kw = float(study.operation.power.rack_kw[fed[:racks]].sum())
        yield _cut(study, utilities, fed_kw, beta)


def _uncooled(study: Study, keys: Ints, key: Ints, group: Ints, of_consumer: Ints) -> Floats:
    """IT power without cooling when a pair of nodes stops CDUs, for each of ``keys``."""
    plant, short = study.plant, study.shortage
    racks, cdus = len(plant.racks), len(plant.cdus)
    lost = np.zeros(len(keys))
    cdus_of: dict[int, list[int]] = {}
    for cdu, of in enumerate(of_consumer[racks : racks + cdus].tolist()):
        cdus_of.setdefault(of, []).append(cdu)
    gone_by_pair: dict[int, list[int]] = {}
    for pair, of in zip(key.tolist(), group.tolist(), strict=True):
        if of in cdus_of:
            gone_by_pair.setdefault(pair, []).extend(cdus_of[of])
    dark = np.zeros(racks, dtype=bool)
    known: dict[tuple[int, ...], float] = {}  # pairs above the same CDUs stop the same CDUs
    for pair, rows in gone_by_pair.items():
        stopped = tuple(rows)
        if stopped not in known:
            gone = np.zeros(cdus, dtype=bool)
            gone[rows] = True
            known[stopped] = short.lost_kw(dark, short.liquid(gone)[1], 0.0)
        lost[np.searchsorted(keys, pair)] = known[stopped]
    return lost


def _like_pairs(study: Study, beta: float) -> Iterator[Cut]:
    """The two largest CDUs of each loop, air handlers and heat rejection units."""
    plant, short = study.plant, study.shortage
    dark = np.zeros(len(plant.racks), dtype=bool)
    by_kind: dict[str, list[Case]] = {}
    for case in study.cases():
        by_kind.setdefault(case.kind, []).append(case)
    for mine in short.in_loop:
        rows = np.flatnonzero(mine)
        if len(rows) < 2:
            continue
        two = rows[np.argsort(-study.operation.cooling.cdus.capacity_kw[rows], kind="stable")[:2]]
        gone = np.zeros(len(plant.cdus), dtype=bool)
        gone[two] = True
        shares = short.liquid(gone)[1]
        pair = [by_kind["cdu"][row] for row in two.tolist()]
        kw = short.lost_kw(dark, shares, 0.0)
        yield _cut(study, pair, kw, beta, _pairs(len(rows)))
    air = np.argsort(-plant.air_handlers.capacity_kw, kind="stable")[:2]
    if len(air) == 2:
        gone = np.zeros(len(plant.air_handlers), dtype=bool)
        gone[air] = True
        pair = [by_kind["air_handler"][row] for row in air.tolist()]
        kw = short.lost_kw(dark, {}, short.air(gone)[1])
        yield _cut(study, pair, kw, beta, _pairs(len(plant.air_handlers)))
    for is_water in (True, False):
        rows = np.flatnonzero(short.is_water == is_water)
        if len(rows) < 2:
            continue
        units = plant.heat_rejection
        one, other = rows[np.argsort(-units.capacity_kw[rows], kind="stable")[:2]].tolist()
        water = short.rejection(one, other)
        kw = short.lost_kw(dark, short.warmer(water)[1], 0.0, water)
        pair = [
            Case(kind=units.kind[row], id=units.id[row], tag=units.tag[row], row=row)
            for row in (one, other)
        ]
        yield _cut(study, pair, kw, beta, _pairs(len(rows)))


def _pairs(count: int) -> int:
    return count * (count - 1) // 2
