"""Equal units of which some must work: how many, how often too few do, and for how long."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engine.faults.availability import (
    common_cause_unavailability,
    k_of_n,
    repairable_group,
    unavailability,
)
from engine.faults.redundancy import Study
from engine.plant import Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Equal units side by side."""

    name: str  # "CDUs of TCS-1"
    kind: str
    units: int
    needed: int
    ids: tuple[str, ...]
    failures_per_year: float  # of one unit
    repair_h: float
    independent: float  # availability, each unit repaired by itself
    crewed: float  # and with as many crews as there are
    common_cause: float  # unavailability, all at once; 0 without spares
    below_per_year: float  # falling below what is needed, both causes together
    below_h: float  # mean time below

    @property
    def availability(self) -> float:
        """Share of time that enough units work."""
        return self.crewed * (1.0 - self.common_cause)


def cooling_groups(study: Study) -> dict[str, Group]:
    """Units of cooling that stand in for each other, by what they serve.

    Parameters
    ----------
    study : Study
        The plant in steady operation, and how often its equipment fails.

    Returns
    -------
    dict of str to Group
        ``loop <number>``, ``air``, ``water`` and ``chilled``: those that the plant has.

    Raises
    ------
    UnknownAssumption
        If a kind of equipment has no failure rate.

    Notes
    -----
    Definition. As many units are needed as leave no rack short when the largest of the others are
    gone, see `engine.faults.shortage`. A group that is short from the start needs all its units.
    """
    short, plant = study.shortage, study.plant
    dark = np.zeros(len(plant.racks), dtype=bool)
    found: dict[str, Group] = {}

    def cdus_lost(rows: Ints) -> float:
        gone = np.zeros(len(plant.cdus), dtype=bool)
        gone[rows] = True
        return short.lost_kw(dark, short.liquid(gone)[1], 0.0)

    def air_lost(rows: Ints) -> float:
        gone = np.zeros(len(plant.air_handlers), dtype=bool)
        gone[rows] = True
        return short.air(gone)[1]

    def heat_lost(rows: Ints) -> float:
        water = short.rejection(*rows.tolist())
        return short.lost_kw(dark, short.warmer(water)[1], 0.0, water)

    capacity = study.operation.cooling.cdus.capacity_kw
    for loop, mine in enumerate(short.in_loop):
        rows = np.flatnonzero(mine)
        if rows.size:
            name = f"CDUs of {plant.loops.id[loop]}"
            order = rows[np.argsort(-capacity[rows], kind="stable")]
            ids = tuple(plant.cdus.id[row] for row in rows.tolist())
            found[f"loop {loop}"] = _group(study, _Kind(name, "cdu", ids), order, cdus_lost)
    units = np.argsort(-plant.air_handlers.capacity_kw, kind="stable")
    if units.size and study.operation.cooling.air_kw > 0.0:
        names = plant.air_handlers.id
        found["air"] = _group(study, _Kind("air handlers", "air_handler", names), units, air_lost)
    rejection = plant.heat_rejection
    for key, is_water in (("water", True), ("chilled", False)):
        rows = np.flatnonzero(short.is_water == is_water)
        if rows.size:
            order = rows[np.argsort(-rejection.capacity_kw[rows], kind="stable")]
            ids = tuple(rejection.id[row] for row in rows.tolist())
            kind = rejection.kind[int(rows[0])]
            named = _Kind(f"{kind.replace('_', ' ')}s", kind, ids)
            found[key] = _group(study, named, order, heat_lost)
    return found


def pumps_of_facility_water(study: Study) -> Group:
    """The pump of the facility water and its standby.

    Notes
    -----
    Definition. Two pumps of which one must run, or one alone by the line
    ``transient.fws_standby``.
    """
    units = 2 if study.assumptions.value("transient.fws_standby") > 0.0 else 1
    return _rated(study, _Kind("facility water pumps", "fws_pump", ()), units, 1)


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    kind: str
    ids: tuple[str, ...]


def _group(study: Study, named: _Kind, order: Ints, lost: Callable[[Ints], float]) -> Group:
    count = len(order)
    spare = next((n - 1 for n in range(1, count + 1) if lost(order[:n]) > 0.0), count)
    return _rated(study, named, count, max(count - spare, 1))


def _rated(study: Study, named: _Kind, units: int, needed: int) -> Group:
    rate, hours = study.rates(named.kind)
    value = study.assumptions.value
    has_spares = needed < units
    beta = value("reliability.common_cause_fraction") if has_spares else 0.0
    alone = repairable_group(
        needed, units, rate * (1.0 - beta), hours, int(value("availability.repair_crews"))
    )
    down = float(unavailability(rate, hours))
    together = float(common_cause_unavailability(down, 2, beta)) - ((1.0 - beta) * down) ** 2
    common = together if has_spares else 0.0
    falls = alone.failures_per_year + beta * rate
    both = 1.0 - alone.availability * (1.0 - common)
    return Group(
        name=named.name,
        kind=named.kind,
        units=units,
        needed=needed,
        ids=named.ids,
        failures_per_year=rate,
        repair_h=hours,
        independent=float(k_of_n(needed, np.full(units, 1.0 - (1.0 - beta) * down))),
        crewed=alone.availability,
        common_cause=common,
        below_per_year=falls,
        below_h=8760.0 * both / falls if falls > 0.0 else 0.0,
    )
