"""The parts that a load hangs on, how often each fails, and the cut sets that follow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from engine.faults.availability import availability, downtime_h, parallel, series
from engine.faults.cuts import cut_figures, minimal_cuts, minimal_paths, path_availability
from engine.faults.outages import JOINTS_PER_RACK
from engine.faults.redundancy import UTILITY, Study
from engine.plain import number
from engine.reserves.systems import Group, cooling_groups, pumps_of_facility_water

Part = str
Parts = frozenset[Part]
ORDER = 3  # of the cuts that are told
CUTS_TOLD = 10
IDS_TOLD = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """How often a part fails, how long it is down, and what it is called."""

    name: str
    kind: str
    per_year: float
    repair_h: float
    element_ids: tuple[str, ...] = ()

    @property
    def works(self) -> float:
        """Share of time that the part works."""
        return float(availability(8760.0 / self.per_year, self.repair_h)) if self.per_year else 1.0


@dataclass(slots=True, kw_only=True)
class Load:
    """Racks that hang on the same parts."""

    rows: list[int] = field(default_factory=list)
    feed_a: int = -1
    feed_b: int = -1
    loop: int = -1


def loads_of(study: Study) -> list[Load]:
    """Racks with a feed, those on the same feeds and loop together.

    Notes
    -----
    Definition.
    """
    racks = study.plant.racks
    found: dict[tuple[int, int, int, bool], Load] = {}
    columns = (racks.feed_a.tolist(), racks.feed_b.tolist(), racks.loop.tolist(),
               study.shortage.warms_air.tolist())  # fmt: skip
    for row, key in enumerate(zip(*columns, strict=True)):
        if key[0] >= 0 or key[1] >= 0:
            made = Load(feed_a=key[0], feed_b=key[1], loop=key[2])
            found.setdefault(key, made).rows.append(row)
    return list(found.values())


class LoadModel:
    """The parts of one plant, and what was said of loads like others."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.beta = study.assumptions.value("reliability.common_cause_fraction")
        self.alone: dict[int, tuple[Part, ...]] = {}
        self.row_of = {id_: row for row, id_ in enumerate(study.plant.power_nodes.id)}
        self.groups = cooling_groups(study)
        if {"water", "chilled"} & set(self.groups):
            self.groups["pumps"] = pumps_of_facility_water(study)

    def unlike(self) -> list[tuple[Group, int]]:
        """Groups of units, those alike once with how many there are."""
        seen: dict[tuple[object, ...], tuple[Group, int]] = {}
        for group in self.groups.values():
            key = (group.kind, group.units, group.needed)
            first, many = seen.get(key, (group, 0))
            seen[key] = (first, many + 1)
        return list(seen.values())

    def told(self, load: Load, known: dict[tuple[object, ...], dict[str, Any]]) -> dict[str, Any]:
        """The row of a load, or of those like it with this one counted in."""
        chains = [self._chain(feed) for feed in (load.feed_a, load.feed_b) if feed >= 0]
        others = self._cooling(load)
        needed = self._feeds_of_cdus(load)
        key = (
            tuple(tuple(self._kind(part) for part in chain) for chain in chains),
            len(set(chains[0]) & set(chains[-1])) if len(chains) > 1 else 0,
            tuple((group.kind, group.units, group.needed) for _, group in others),
            tuple((self._kind(part), tuple(part in chain for chain in chains)) for part in needed),
        )
        racks = self.study.plant.racks
        kw = float(self.study.operation.power.rack_kw[load.rows].sum())
        rates = self._rates(chains, others, load) | {part: self._rate(part) for part in needed}
        row = known.get(key)
        if row is None:
            row = self._row(chains, others, rates, needed)
            row |= {"count": 0, "loads": 0, "kw": 0.0, "ids": [], "feeds": self._feeds(chains)}
            row |= {"first": racks.tag[load.rows[0]] or racks.id[load.rows[0]]}
            known[key] = row
        row["count"] += len(load.rows)
        row["loads"] += 1
        row["kw"] = number(row["kw"] + kw)
        row["last"] = racks.tag[load.rows[-1]] or racks.id[load.rows[-1]]
        row["ids"] = [*row["ids"], *(racks.id[each] for each in load.rows)][:IDS_TOLD]
        paths = _paths(chains, rates, needed)
        found = cut_figures(
            minimal_cuts(paths, 2),
            {part: rate.per_year for part, rate in rates.items()},
            {part: rate.repair_h for part, rate in rates.items()},
        )
        pace = {part: 8760.0 / rate.repair_h for part, rate in rates.items()}
        frequencies = [(cut, q * sum(pace[part] for part in cut)) for cut, q in found.cuts]
        return {**row, "frequencies": frequencies}

    def _feeds(self, chains: Sequence[tuple[Part, ...]]) -> list[list[str]]:
        return [[self._rate(part).name for part in chain] for chain in chains]

    def _chain(self, feed: int) -> tuple[Part, ...]:
        """The parts from the source to a feed, by the paths of the supply."""
        nodes, parent = self.study.plant.power_nodes, self.study.tree.parent
        links: list[tuple[str, str, Part]] = []
        node = feed
        while node >= 0:
            above = int(parent[node])
            links.append(
                (nodes.id[above] if above >= 0 else "source", nodes.id[node], nodes.id[node])
            )
            node, last = above, node
        order = [part for _, _, part in reversed(links)]
        if nodes.kind[last] != "generator":
            utility = f"{UTILITY} {self.study.tree.side[last]}".strip()
            links[-1] = (utility, nodes.id[last], nodes.id[last])
            links.append(("source", utility, utility))
            order.insert(0, utility)
        (path,) = minimal_paths(links, "source", nodes.id[feed], directed=True)
        return tuple(part for part in order if part in path)

    def _cooling(self, load: Load) -> list[tuple[str, Group]]:
        short, groups = self.study.shortage, self.groups
        is_wet = bool(short.is_wet[load.rows].any())
        wanted = []
        if is_wet:
            wanted += [f"loop {load.loop}", "pumps", "water"]
        if bool(short.warms_air[load.rows].any()):
            wanted += ["air", "chilled"]
        return [(key, groups[key]) for key in wanted if key in groups]

    def _feeds_of_cdus(self, load: Load) -> tuple[Part, ...]:
        """Nodes and utilities that alone feed more CDUs of a load's loop than it can spare."""
        group = self.groups.get(f"loop {load.loop}")
        if group is None or not bool(self.study.shortage.is_wet[load.rows].any()):
            return ()
        if load.loop not in self.alone:
            cdus = self.study.plant.cdus
            fed: dict[Part, int] = {}
            for row in np.flatnonzero(cdus.loop == load.loop).tolist():
                feeds = [int(each) for each in (cdus.feed_a[row], cdus.feed_b[row]) if each >= 0]
                ways = [set(self._chain(feed)) for feed in feeds]
                for part in set.intersection(*ways) if ways else ():
                    fed[part] = fed.get(part, 0) + 1
            spare = group.units - group.needed
            self.alone[load.loop] = tuple(sorted(part for part, n in fed.items() if n > spare))
        return self.alone[load.loop]

    def _kind(self, part: Part) -> str:
        return self._rate(part).kind

    def _rate(self, part: Part) -> Rate:
        nodes = self.study.plant.power_nodes
        if part.startswith(UTILITY):
            rate, hours = self.study.rates(UTILITY)
            name = f"Utility {part.removeprefix(UTILITY).strip()}".strip()
            return Rate(name=name, kind=UTILITY, per_year=rate, repair_h=hours)
        row = self.row_of[part]
        kind = nodes.kind[row]
        rate, hours = self.study.rates(kind)
        return Rate(
            name=nodes.tag[row] or nodes.id[row],
            kind=kind,
            per_year=rate,
            repair_h=hours,
            element_ids=(nodes.id[row],),
        )

    def _rates(
        self, chains: Sequence[tuple[Part, ...]], others: Sequence[tuple[str, Group]], load: Load
    ) -> dict[Part, Rate]:
        """Every part of a load, common causes among them."""
        rates = {part: self._rate(part) for chain in chains for part in chain}
        if len(chains) > 1:
            shared = set(chains[0]) & set(chains[1])
            kinds = [{rates[part].kind for part in chain if part not in shared} for chain in chains]
            for kind in sorted(kinds[0] & kinds[1]):
                rate, hours = self.study.rates(kind)
                for part in (*chains[0], *chains[1]):
                    if rates[part].kind == kind and part not in shared:
                        own = rates[part]
                        rates[part] = Rate(
                            name=own.name,
                            kind=kind,
                            per_year=rate * (1.0 - self.beta),
                            repair_h=hours,
                            element_ids=own.element_ids,
                        )
                members = [
                    each
                    for chain in chains
                    for part in chain
                    if rates[part].kind == kind and part not in shared
                    for each in rates[part].element_ids
                ]
                rates[f"common {kind}"] = Rate(
                    name="both sides at once",
                    kind=kind,
                    per_year=rate * self.beta,
                    repair_h=hours,
                    element_ids=tuple(members),
                )
        for key, group in others:
            rates[key] = Rate(
                name=_short_of(group),
                kind=group.kind,
                per_year=group.below_per_year / group.availability,  # of work
                repair_h=max(group.below_h, 1e-9),
                element_ids=group.ids[:IDS_TOLD],
            )
        if bool(self.study.shortage.is_wet[load.rows].any()):
            rate, hours = self.study.rates("quick_disconnect")
            rates["leak"] = Rate(
                name="leak at its quick disconnects",
                kind="quick_disconnect",
                per_year=JOINTS_PER_RACK * rate,
                repair_h=hours,
            )
        return rates

    def _row(
        self,
        chains: Sequence[tuple[Part, ...]],
        others: Sequence[tuple[str, Group]],
        rates: Mapping[Part, Rate],
        needed: Sequence[Part],
    ) -> dict[str, Any]:
        paths = _paths(chains, rates, needed)
        per_year = {part: rate.per_year for part, rate in rates.items()}
        hours = {part: rate.repair_h for part, rate in rates.items()}
        exact = path_availability(paths, {part: rate.works for part, rate in rates.items()})
        found = cut_figures(minimal_cuts(paths, ORDER), per_year, hours)
        pace = {part: 8760.0 / hours[part] for part in rates}
        return {
            "availability": exact,
            "down_h": number(float(downtime_h(exact))),
            "cut_unavailability": number(found.unavailability),
            "failures_per_year": number(found.failures_per_year),
            "mean_h": number(found.down_h),
            "paths": len(paths),
            "cuts_found": len(found.cuts),
            "scheme": "2N" if len(chains) > 1 else "N",
            "blocks": _blocks(chains, others, rates),
            "cuts": [
                {
                    "names": [rates[part].name for part in sorted(cut)],
                    "kinds": [rates[part].kind for part in sorted(cut)],
                    "ids": [each for part in sorted(cut) for each in rates[part].element_ids],
                    "common": any(part.startswith("common ") for part in cut),
                    "unavailability": number(q),
                    "share": number(q / found.unavailability) if found.unavailability else 0.0,
                    "per_year": number(q * sum(pace[part] for part in cut)),
                }
                for cut, q in found.cuts[:CUTS_TOLD]
            ],
        }


def _short_of(group: Group) -> str:
    lost = group.units - group.needed + 1
    if group.units == 1:
        return group.name
    return f"{lost} of {group.units} {group.name}"


def _paths(
    chains: Sequence[tuple[Part, ...]], rates: Mapping[Part, Rate], needed: Sequence[Part]
) -> tuple[Parts, ...]:
    """Everything that must work at once, for either feed."""
    fed = {part for chain in chains for part in chain}
    always = frozenset(part for part in rates if part not in fed) | frozenset(needed)
    return tuple(frozenset(chain) | always for chain in chains)


def _blocks(
    chains: Sequence[tuple[Part, ...]],
    others: Sequence[tuple[str, Group]],
    rates: Mapping[Part, Rate],
) -> list[dict[str, Any]]:
    """The load as blocks in series, each with its own availability."""
    ways = [float(series([rates[part].works for part in chain])) for chain in chains]
    told: list[dict[str, Any]] = [
        {"name": f"feed {side}", "works": way, "parts": len(chain)}
        for side, way, chain in zip("AB", ways, chains, strict=False)
    ]
    if len(chains) > 1 and not set(chains[0]) & set(chains[1]):
        told.append({"name": "either feed", "works": float(parallel(ways)), "parts": 2})
    common = [rate.works for part, rate in rates.items() if part.startswith("common ")]
    if common:
        told.append(
            {
                "name": "no common cause of both",
                "works": float(series(common)),
                "parts": len(common),
            }
        )
    told += [
        {
            "name": group.name
            if group.units == 1
            else f"{group.needed} of {group.units} {group.name}",
            "works": group.availability,
            "parts": group.units,
        }
        for _, group in others
    ]
    if "leak" in rates:
        told.append(
            {
                "name": "no leak at its couplings",
                "works": rates["leak"].works,
                "parts": JOINTS_PER_RACK,
            }
        )
    hours = downtime_h([each["works"] for each in told]).tolist()
    return [{**each, "down_h": number(h)} for each, h in zip(told, hours, strict=True)]
