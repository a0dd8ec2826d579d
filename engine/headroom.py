"""How near a plant is to each of its limits, and which of them another load breaks first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.errors import OutOfRange
from engine.evaluation import Evaluation, LoopState
from engine.findings import Finding
from engine.plant import Bools, Ints, Names, Plant
from engine.power.feeders import SERVING
from engine.power.supply import tree_of
from engine.rules import RuleSet

SLACK = 1e-9  # relative; a load equal to its limit fits
PRESSURE_EXPONENT = 2.0  # loss of a pipe over its flow, turbulent
BY_LIMITS = frozenset({
    "POW-80", "POW-OVER", "POW-SIDE-LOST", "POW-DROP", "POW-FEED-LIMIT",
    "COOL-CAP", "COOL-N1", "COOL-FLOW", "COOL-HEAD", "COOL-AIR-CAP",
})  # fmt: skip
"""Rules whose findings say in words what a `Limit` says in numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One load and what it may be."""

    kind: str
    subject: str  # with `kind` the same in every evaluation of a design
    element_ids: Names
    load: float
    limit: float  # > 0
    unit: str
    exponent: float = 1.0  # of the load over the heat that causes it
    racks: int = 0  # that load it, of those that a change is made to


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """One limit before and after a change, and where between the two it is passed."""

    kind: str
    subject: str
    element_ids: Names
    before: float
    after: float
    limit: float
    unit: str
    share: float | None  # of the change; 0 where it is passed before it, None where it holds
    racks: int = 0  # that load it, of those that are changed

    @property
    def holds_racks(self) -> int | None:
        """Racks on it that may be changed before it is passed; None where it holds with all."""
        return None if self.share is None else int(self.share * self.racks * (1.0 + SLACK))

    @property
    def step(self) -> float:
        """Share of racks changed evenly, whole racks on each limit; infinite where it holds."""
        if self.share is None:
            return np.inf
        return self.share if not self.racks else (self.holds_racks or 0) / self.racks


def limits_of(
    plant: Plant, result: Evaluation, rules: RuleSet, changed: Bools | None = None
) -> tuple[Limit, ...]:
    """Every load of a plant that has a limit.

    Parameters
    ----------
    plant : Plant
        The plant.
    result : Evaluation
        What the engine says about it.
    rules : RuleSet
        For the voltage drop that is allowed.
    changed : array of bool, shape (n_racks,), or None
        Racks that a change is made to, for how many of them load each limit; None: all.

    Returns
    -------
    tuple of Limit
        Power nodes with the other side lost, voltage, loops whole and with the spares lost, air,
        and the site's feed, where each is stated.

    Notes
    -----
    Definition.
    """
    mine = np.ones(len(plant.racks), dtype=bool) if changed is None else changed
    on_loop = np.bincount(plant.racks.loop[mine & (plant.racks.loop >= 0)], None, len(plant.loops))
    return (
        *_power(result, rules, racks_on_nodes(plant, mine).tolist()),
        *(limit for number, loop in enumerate(result.cooling.loops)
          for limit in _loop(loop, int(on_loop[number]),
                             has_spares=bool(plant.loops.redundancy[number] > 0))),
        *_whole(plant, result, int(mine.sum())),
    )  # fmt: skip


def racks_on_nodes(plant: Plant, mine: Bools) -> Ints:
    """How many of some racks each power node may have to carry.

    Parameters
    ----------
    plant : Plant
        Racks, feeds and nodes.
    mine : array of bool, shape (n_racks,)
        Which racks count.

    Returns
    -------
    array of int, shape (n_nodes,)
        Each rack once at every node above either of its feeds.

    Notes
    -----
    Definition.
    """
    tree, count = tree_of(plant), len(plant.power_nodes)
    parent = np.append(tree.parent, -1)
    ways: list[list[Ints]] = []
    for feed in (plant.racks.feed_a[mine], plant.racks.feed_b[mine]):
        way = [feed]
        for _ in tree.levels[1:]:
            way.append(parent[way[-1]])
        ways.append(way)
    a, b = (np.array(way, dtype=np.int64) for way in ways)
    again = (b[:, None, :] == a[None, :, :]).any(axis=1)  # above the first feed too
    seen = np.concatenate([a.ravel(), np.where(again, -1, b).ravel()])
    return np.bincount(seen[seen >= 0], minlength=count)


def breaks(before: tuple[Limit, ...], after: tuple[Limit, ...]) -> tuple[Break, ...]:
    r"""At which share of a change each limit is passed, the first one first.

    Parameters
    ----------
    before, after : tuple of Limit
        Limits of the plant without the change and with all of it.

    Returns
    -------
    tuple of Break
        Those that are passed in the order of their share, whole racks counted on each, then those
        that hold, the tightest first. A limit that stands on one side only is left out.

    Notes
    -----
    Definition. What causes a load grows in proportion to the share :math:`s` of the change, and
    the load with its power n: :math:`L(s) = ((1 - s) L_0^{1/n} + s L_1^{1/n})^n`, n = 2 for the
    pressure of a pipe and 1 for all else. A limit that the change itself moves is taken as it is
    after the change.
    """
    known = {(limit.kind, limit.subject): limit for limit in before}
    found = []
    for new in after:
        old = known.get((new.kind, new.subject))
        if old is None:
            continue
        found.append(
            Break(
                kind=new.kind,
                subject=new.subject,
                element_ids=new.element_ids,
                before=old.load,
                after=new.load,
                limit=new.limit,
                unit=new.unit,
                share=breaking_share(old.load, new.load, new.limit, new.exponent),
                racks=new.racks,
            )
        )
    return tuple(sorted(found, key=_rank))


def breaking_share(
    before: float, after: float, limit: float, exponent: float = 1.0
) -> float | None:
    """Share of a change at which a load passes its limit.

    Parameters
    ----------
    before, after : float
        The load without the change and with all of it, >= 0.
    limit : float
        What it may be, > 0.
    exponent : float
        Power with which the load grows, > 0. [-]

    Returns
    -------
    float or None
        0 to 1; 0 when it is passed without the change, None when it holds with all of it.

    Raises
    ------
    OutOfRange
        If a load is negative, or the limit or the exponent is not positive.

    Notes
    -----
    Definition. See `breaks`.
    """
    if before < 0.0 or after < 0.0 or limit <= 0.0 or exponent <= 0.0:
        raise OutOfRange(
            "Loads must not be negative, the limit and the exponent must be positive.",
            before=before,
            after=after,
            limit=limit,
            exponent=exponent,
        )
    allowed = limit * (1.0 + SLACK)
    if before > allowed:
        return 0.0
    if after <= allowed:
        return None
    low, high, at = (float(value ** (1.0 / exponent)) for value in (before, after, limit))
    return max((at - low) / (high - low), 0.0)


def new_findings(before: Evaluation, after: Evaluation) -> tuple[Finding, ...]:
    """Findings of a changed plant that no `Limit` puts in numbers and that were not there before.

    Parameters
    ----------
    before, after : Evaluation
        The plant without and with the change.

    Returns
    -------
    tuple of Finding
        Blocking ones and warnings: from the first thing that is changed.

    Notes
    -----
    Definition. A finding is the same when rule and elements are.
    """
    known = {finding.id for finding in before.findings}
    return tuple(
        finding
        for finding in after.findings
        if finding.id not in known and finding.severity != "note" and finding.rule not in BY_LIMITS
    )


def _rank(row: Break) -> tuple[float, float, str, str]:
    return (
        row.step,
        row.share if row.share is not None else -row.after / row.limit,
        row.kind,
        row.subject,
    )


def _power(result: Evaluation, rules: RuleSet, racks: list[int]) -> Iterator[Limit]:
    nodes, feeders = result.power.nodes, result.power.feeders
    for i in np.flatnonzero(nodes.limit_kw > 0.0).tolist():
        yield Limit(
            kind=nodes.kind[i],
            subject=nodes.tag[i] or nodes.id[i],
            element_ids=(nodes.id[i],),
            load=float(nodes.worst_kw[i]),
            limit=float(nodes.limit_kw[i]),
            unit="kW",
            racks=racks[i],
        )
    if feeders is None:
        return
    for i, kind in enumerate(nodes.kind):
        if kind in SERVING:
            yield Limit(
                kind="voltage drop",
                subject=nodes.tag[i] or nodes.id[i],
                element_ids=(nodes.id[i],),
                load=100.0 * float(feeders.total_drop_fraction[i]),
                limit=100.0 * rules["POW-DROP"].value,
                unit="%",
                racks=racks[i],
            )


def _loop(loop: LoopState, racks: int, *, has_spares: bool) -> Iterator[Limit]:
    sides = [("", loop.capacity_kw, loop.flow_capacity_lpm)]
    if has_spares:
        sides.append((", spares lost", loop.lost_one_capacity_kw, loop.lost_one_flow_lpm))
    rows = [
        row
        for words, capacity_kw, capacity_lpm in sides
        for row in (
            (f"CDU heat{words}", loop.heat_kw, capacity_kw, "kW", 1.0),
            (f"CDU flow{words}", loop.flow_lpm, capacity_lpm, "L/min", 1.0),
        )
    ]
    if loop.hydraulics is not None:
        pipes = loop.hydraulics
        rows.append(
            ("pump head", pipes.required_kpa, pipes.available_kpa, "kPa", PRESSURE_EXPONENT)
        )
    for kind, load, limit, unit, exponent in rows:
        if limit > 0.0:
            yield Limit(
                kind=kind,
                subject=loop.loop,
                element_ids=loop.cdu_ids,
                load=load,
                limit=limit,
                unit=unit,
                exponent=exponent,
                racks=racks,
            )


def _whole(plant: Plant, result: Evaluation, racks: int) -> Iterator[Limit]:
    site = plant.site
    if site.feed_limit_kw:
        yield Limit(
            kind="site feed",
            subject="site",
            element_ids=(),
            load=result.facility_kw,
            limit=site.feed_limit_kw,
            unit="kW",
            racks=racks,
        )
    if result.cooling.air_capacity_kw > 0.0:
        yield Limit(
            kind="room air",
            subject="all halls",
            element_ids=plant.air_handlers.id,
            load=result.cooling.air_kw,
            limit=result.cooling.air_capacity_kw,
            unit="kW",
            racks=racks,
        )
