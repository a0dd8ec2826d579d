"""What the plant costs to buy and build, cell by cell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from engine.cost.basis import Basis, Part
from engine.cost.formulas import Formula, most, total
from engine.cost.sheet import SheetBuilder
from engine.cost.terms import Terms, build_usd_per_w
from engine.evaluation import Input
from engine.plant import Site
from engine.provenance import computed, stated
from engine.tables import gpu_systems

RACK_LINES: Final = {
    "h100": ("it.server.hgx_h100_8", 8),
    "h200": ("it.server.hgx_h200_8", 8),
    "b200": ("it.server.hgx_b200_8", 8),
    "b300": ("it.server.hgx_b300_8", 8),
    "gb200": ("it.rack.gb200_nvl72", 72),
    "gb300": ("it.rack.gb300_nvl72", 72),
    "vr200": ("it.rack.vr200_nvl72", 72),
    "mi355x": ("it.server.mi355x_8", 8),
}
# The price line of a GPU and how many GPUs one piece of it carries.

TRADES: Final[tuple[tuple[str, str, Part], ...]] = (
    ("electrical", "Electrical plant", "electrical"),
    ("mechanical", "Mechanical plant", "mechanical"),
    ("shell_core", "Building", "building"),
    ("soft_contingency", "Design, permits, contingency", "building"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One line of the bill: its cell, and the cell of its life."""

    name: str
    label: str
    part: Part
    usd: Formula
    life: Formula | None  # None: not used up, such as land


def bill(build: SheetBuilder, basis: Basis, terms: Terms, site: Site) -> tuple[Bought, ...]:
    """Add the whole bill: IT, facility, grid, land and interest while building.

    Parameters
    ----------
    build : SheetBuilder
        Where the cells go.
    basis : Basis
        What is bought and what it is sized for.
    terms : Terms
        Lives and cost of capital.
    site : Site
        Place of the building.

    Returns
    -------
    tuple of Bought
        One entry per line. [USD]

    Raises
    ------
    UnknownSite
        If the site is not in the table.

    Notes
    -----
    Definition. A price in the record comes before the cost line. The facility is
    the building cost per watt, split by trade; for each kind of equipment that is
    drawn, the bill of the drawn pieces replaces what the split holds for the
    kind, so that one more CDU costs one more CDU. Even spending while building
    counts as spent half-way.
    """
    it = tuple(_it(build, basis, terms))
    facility = tuple(_facility(build, basis, terms, site))
    if not terms.with_interest:
        return (*it, *facility)
    delay = build.stated(
        "schedule.delay_months",
        "Delay of the building",
        0.0,
        "month",
        stated("building finished on time", 0.0, "month"),
    )
    months = build.line("fin.construction_months", "Construction time") + delay
    spent = total(*(line.usd for line in facility))
    interest = _line(
        build,
        ("fac.construction_interest", "Interest while building", "construction_interest"),
        spent * ((1.0 + terms.rate) ** (months / 24.0) - 1.0),
        terms.facility_life,
    )
    return (*it, *facility, interest)


def _line(
    build: SheetBuilder, entry: tuple[str, str, Part], usd: Formula, life: Formula | None
) -> Bought:
    name, label, part = entry
    cell = build.figure(f"capex.{name}", label, "USD", "capex", usd)
    return Bought(name=name, label=label, part=part, usd=cell, life=life)


def _it(build: SheetBuilder, basis: Basis, terms: Terms) -> Iterator[Bought]:
    gpu_racks = _line(
        build,
        ("it.racks", "GPU racks", "racks"),
        total(*_gpu_racks(build, basis)),
        terms.it_life,
    )
    yield gpu_racks
    hardware = gpu_racks.usd
    if basis.other_racks_usd > 0.0:
        recorded = build.stated(
            "it.other_racks.recorded",
            "Prices of other racks by their records",
            basis.other_racks_usd,
            "USD",
            stated("prices in the records", basis.other_racks_usd, "USD"),
        )
        other = _line(build, ("it.other_racks", "Other racks", "storage"), recorded, terms.it_life)
        yield other
        hardware = hardware + other.usd
    on_racks: tuple[tuple[str, str, str, Formula, Part], ...] = (
        ("it.network", "Network", "net.scaleout_frac.pluggable", terms.network_life, "network"),
        ("it.storage", "Storage", "it.storage_frac", terms.it_life, "storage"),
        ("it.management", "Management nodes", "it.cpu_mgmt_frac", terms.it_life, "storage"),
    )
    for name, label, line, life, part in on_racks:
        bought = _line(
            build,
            (name, label, part),
            gpu_racks.usd * build.line(line, f"{label}, of the price of GPU racks"),
            life,
        )
        yield bought
        hardware = hardware + bought.usd
    for name, label, line in (
        ("it.integration", "Integration and freight", "it.integration_freight_frac"),
        ("it.duty", "Import duty", "it.import_duty_frac"),
        ("it.spares", "Spares", "it.spares_frac"),
    ):
        usd = hardware * build.line(line, f"{label}, of the price of IT")
        yield _line(build, (name, label, "racks"), usd, terms.it_life)


def _gpu_racks(build: SheetBuilder, basis: Basis) -> Iterator[Formula]:
    for fleet in basis.fleets:
        name = fleet.gpu.upper()
        if fleet.recorded_racks:
            each = fleet.recorded_usd / fleet.recorded_racks
            racks = _count(
                build,
                f"racks.{fleet.gpu}.recorded",
                f"{name} racks priced by their record",
                fleet.recorded_racks,
                "rack",
            )
            yield racks * build.stated(
                f"price.rack.{fleet.gpu}",
                f"Price of a {name} rack by its record",
                each,
                "USD/rack",
                stated(f"price of a {fleet.gpu} rack", each, "USD"),
                bounds=(0.85 * each, 1.15 * each),
            )
        if not fleet.unrecorded_gpus:
            continue
        gpus = _count(
            build,
            f"gpus.{fleet.gpu}.unrecorded",
            f"{name} in racks without a price of their own",
            fleet.unrecorded_gpus,
            "GPU",
        )
        if fleet.gpu in RACK_LINES:
            line, pieces = RACK_LINES[fleet.gpu]
            yield gpus / float(pieces) * build.line(line, f"Price of {pieces} {name} GPUs")
        elif fleet.gpu in gpu_systems():
            system = gpu_systems()[fleet.gpu]
            price = system.server_usd_per_gpu
            yield gpus * build.stated(
                f"price.gpu.{fleet.gpu}",
                f"Price of a {name} with its server",
                price,
                "USD/GPU",
                Input(
                    name=f"{fleet.gpu}, server per GPU",
                    value=price,
                    unit="USD/GPU",
                    source=system.source,
                    confidence="from-memory",
                ),
            )


def _count(build: SheetBuilder, name: str, label: str, count: int, unit: str) -> Formula:
    return build.stated(name, label, float(count), unit, computed(label, count, unit))


def _facility(build: SheetBuilder, basis: Basis, terms: Terms, site: Site) -> Iterator[Bought]:
    per_w, origin = build_usd_per_w(site, build.assumptions)
    it_kw = build.stated(
        "size.it_kw",
        "IT power at full heat load",
        basis.full_it_kw,
        "kW",
        computed("IT power at full heat load", basis.full_it_kw, "kW"),
    )
    site_kw = build.stated(
        "size.facility_kw",
        "Site power at full heat load",
        basis.full_facility_kw,
        "kW",
        computed("site power at full heat load", basis.full_facility_kw, "kW"),
    )
    price = build.stated("price.build", "Building cost per watt of IT", per_w, "USD/W IT", origin)
    whole = build.figure(
        "capex.building_by_watt",
        "Building with its plant, by its cost per watt",
        "USD",
        "building",
        1000.0
        * it_kw
        * price
        * (1.0 + build.line("fac.ai_premium", "Premium of AI halls"))
        * (1.0 + build.line("fac.owner_cost_frac", "Owner's cost")),
    )
    drawn = tuple(_drawn(build, basis, terms))
    for trade, label, part in TRADES:
        share = build.line(f"fac.split.{trade}", f"Share: {label.lower()}")
        held = [needed for item, needed in drawn if item.part == part and needed is not None]
        apart = [item.label for item, needed in drawn if item.part == part and needed is not None]
        own = whole * share
        yield _line(
            build,
            (f"fac.{trade}", _besides(label, apart), part),
            most(own - total(*held), 0.0) if held else own,
            terms.facility_life,
        )
    yield from (item for item, _ in drawn)
    grid_life = build.assumptions["fac.grid_connection"].life_years
    yield _line(
        build,
        ("fac.grid", "Grid connection", "building"),
        site_kw / 1000.0 * build.line("fac.grid_connection", "Grid connection per MW"),
        terms.facility_life
        if grid_life is None
        else build.stated(
            "term.grid_life",
            "Life of the grid connection",
            grid_life,
            "yr",
            Input(
                name="fac.grid_connection, life",
                value=grid_life,
                unit="yr",
                source=build.assumptions["fac.grid_connection"].source,
                confidence=build.assumptions["fac.grid_connection"].confidence,
            ),
        ),
    )
    land = it_kw / 1000.0 * build.line("fac.land", "Land per MW")
    yield _line(build, ("fac.land", "Land", "building"), land, None)


def _besides(label: str, apart: Sequence[str]) -> str:
    """What a trade still holds when some of its kinds have lines of their own, drawn or not."""
    words = [name if name[:2].isupper() else name.lower() for name in apart]
    return f"{label} besides {', '.join(words)}" if words else label


def _drawn(
    build: SheetBuilder, basis: Basis, terms: Terms
) -> Iterator[tuple[Bought, Formula | None]]:
    """Each kind that is drawn, and what the split holds for what the design needs of it."""
    for kind in basis.drawn:
        per_kw = build.line(kind.line, f"{kind.label}, per kW")
        capacity = build.stated(
            f"drawn.{kind.line}.kw",
            f"{kind.label} drawn, capacity priced by line",
            kind.unrecorded_kw,
            "kW",
            computed(f"{kind.pieces} drawn, capacity", kind.capacity_kw, "kW"),
        )
        usd = capacity * per_kw
        if kind.recorded_pieces:
            usd = usd + build.stated(
                f"drawn.{kind.line}.recorded",
                f"{kind.label} priced by their records",
                kind.recorded_usd,
                "USD",
                stated(f"{kind.recorded_pieces} priced by their records", kind.recorded_usd, "USD"),
            )
        needed = build.stated(
            f"drawn.{kind.line}.needed_kw",
            f"{kind.label} that the design needs",
            kind.needed_kw,
            "kW",
            computed(f"{kind.label.lower()} needed", kind.needed_kw, "kW"),
        )
        bought = _line(build, (kind.line, kind.label, kind.part), usd, terms.facility_life)
        yield bought, needed * per_kw
