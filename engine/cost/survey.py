"""A plant looked at once for all questions about money: here, elsewhere, with warmer water."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions, Quantity, shipped_lines
from engine.cost.basis import MEAN_DAY, Basis, Drawn, Fleet, basis_of
from engine.cost.capex import RACK_LINES
from engine.cost.case import Case
from engine.evaluation import Input
from engine.operation import operate
from engine.plain import number
from engine.plant import Finance, Plant, Site, StreamAsked, Utilisation, Workload
from engine.shortfall import short_gpus
from engine.studies import rules_of
from engine.tables import gpu_systems, sites

SCHEMA: Final = "plenum.economics/1"
SUPPLIES_C: Final = (20.0, 25.0, 30.0, 35.0, 40.0, 45.0)
SITE_LINES: Final = ("op.elec", "fac.build_usd_per_w_it", "fin.country_risk", "op.staff_cost")
LOADED: Final = 0.1  # how far a survey is once the plant's own state is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What another place or another set-point changes."""

    pue: float  # mean of the year
    design_pue: float
    wue_l_per_kwh: float
    facility_kw: float  # design day
    short_gpus: Mapping[str, int] = field(default_factory=dict)  # by kind, as in `Survey`
    tcs_supply_c: float | None = None  # None in surveys from before it was told
    racks_too_warm: int = 0  # with coolant above what they allow


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One plant, ready to answer."""

    basis: Basis | None  # None without IT load
    site: Site
    lines: Mapping[str, Quantity]  # those that differ from the shipped ones
    overridden: tuple[str, ...]
    design_pue: float
    nameplate_rack_kw: float  # or peak, whichever is more; mean of the racks with GPUs
    short_gpus: Mapping[str, int]  # by kind, in racks that the drawn plant does not carry
    elsewhere: Mapping[str, Conditions]  # by site
    supplies: Mapping[float, Conditions]  # by facility water supply temperature. [°C]


def survey(
    plant: Plant, assumptions: Assumptions, tell: Callable[[float], None] | None = None
) -> dict[str, Any]:
    """Everything that the economics of a plant need, as plain JSON.

    Parameters
    ----------
    plant : Plant
        The design, assembled.
    assumptions : Assumptions
        Default numbers and the design's own in their place.
    tell : callable, optional
        Told how far the survey is, 0 to 1; may raise to stop it.

    Returns
    -------
    dict
        Schema ``plenum.economics/1``; ``survey_of`` reads it. Without IT load only the site.

    Raises
    ------
    OutOfRange
        If a number lies outside what a formula is valid for.

    Notes
    -----
    Definition. The plant is brought to its steady state at every site of the table, and at
    its own with other facility water temperatures, the coolant moving with the water.
    """
    rules = rules_of(plant, assumptions)
    shipped = shipped_lines()
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "site": {**asdict(plant.site), "stated": sorted(plant.site.stated)},
        "lines": {
            name: asdict(line)
            for name, line in assumptions.lines.items()
            if line != shipped.get(name)
        },
        "overridden": list(assumptions.overridden),
        "basis": None,
        "elsewhere": {},
        "supplies": [],
    }
    state = operate(plant, rules, assumptions)
    if state.power.it_kw <= 0.0:
        return found
    own = basis_of(plant, state.power, state.cooling, state.energy, assumptions)
    found["basis"] = asdict(own)
    found["design_pue"] = number(state.energy.pue or 1.0)
    with_gpus = plant.racks.gpu_count > 0
    found["nameplate_rack_kw"] = (
        number(float(np.maximum(plant.racks.nameplate_kw, plant.racks.peak_kw)[with_gpus].mean()))
        if with_gpus.any()
        else 0.0
    )
    found["short_gpus"] = dict(short_gpus(plant, state.power, state.cooling, assumptions))
    places = list(sites())
    step = (1.0 - LOADED) / (len(places) + len(SUPPLIES_C))
    done = LOADED
    rise = plant.site.tcs_supply_c - plant.site.fws_supply_c
    for name in places:
        found["elsewhere"][name] = asdict(conditions_at(plant, name, assumptions))
        done += step
        if tell is not None:
            tell(done)
    for supply_c in SUPPLIES_C:
        warmer = replace(
            plant,
            site=replace(plant.site, fws_supply_c=supply_c, tcs_supply_c=supply_c + rise),
        )
        conditions = asdict(_conditions(warmer, assumptions))
        found["supplies"].append({"fws_supply_c": supply_c, **conditions})
        done += step
        if tell is not None:
            tell(done)
    return found


def conditions_at(plant: Plant, site_id: str, assumptions: Assumptions) -> Conditions:
    """What a plant meets at another site.

    Parameters
    ----------
    plant : Plant
        The design, with IT load.
    site_id : str
        A row of the table of sites.
    assumptions : Assumptions
        Default numbers and the design's own in their place.

    Returns
    -------
    Conditions
        PUE and water at its mean temperature, and site power on its design day.

    Raises
    ------
    UnknownSite
        If the site is not in the table.

    Notes
    -----
    Definition. A steady state of its own.
    """
    there = replace(plant, site=replace(plant.site, site_id=site_id))
    return _conditions(there, assumptions)


def _conditions(plant: Plant, assumptions: Assumptions) -> Conditions:
    state = operate(plant, rules_of(plant, assumptions), assumptions)
    basis = basis_of(plant, state.power, state.cooling, state.energy, assumptions)
    return Conditions(
        pue=basis.pue,
        design_pue=state.energy.pue or 1.0,
        wue_l_per_kwh=basis.wue_l_per_kwh,
        facility_kw=state.energy.facility_kw,
        short_gpus=dict(short_gpus(plant, state.power, state.cooling, assumptions)),
        tcs_supply_c=plant.site.tcs_supply_c,
        racks_too_warm=int(
            (
                (state.cooling.rack_liquid_kw > 0.0)
                & (plant.site.tcs_supply_c > plant.racks.tcs_supply_max_c)
            ).sum()
        ),
    )


def survey_of(stored: Mapping[str, Any]) -> Survey:
    """A stored survey, read back.

    Parameters
    ----------
    stored : mapping
        What `survey` gave, through JSON.

    Returns
    -------
    Survey
        Equal to what it was made of.

    Raises
    ------
    KeyError
        If it is no survey.

    Notes
    -----
    Definition.
    """
    basis = stored["basis"]
    site = dict(stored["site"])
    return Survey(
        basis=None
        if basis is None
        else Basis(
            **{
                **basis,
                "fleets": tuple(Fleet(**fleet) for fleet in basis["fleets"]),
                "drawn": tuple(Drawn(**kind) for kind in basis["drawn"]),
                "climate_inputs": tuple(Input(**item) for item in basis["climate_inputs"]),
            }
        ),
        site=Site(
            **{
                **site,
                "workload": Workload(**site["workload"]),
                "streams": tuple(StreamAsked(**asked) for asked in site["streams"]),
                "utilisation": Utilisation(**site["utilisation"]),
                "finance": Finance(**site["finance"]),
                "stated": frozenset(site["stated"]),
            }
        ),
        lines={name: Quantity(**line) for name, line in stored["lines"].items()},
        overridden=tuple(stored["overridden"]),
        design_pue=stored.get("design_pue", 1.0),
        nameplate_rack_kw=stored.get("nameplate_rack_kw", 0.0),
        short_gpus=stored.get("short_gpus", {}),
        elsewhere={name: Conditions(**item) for name, item in stored["elsewhere"].items()},
        supplies={
            item["fws_supply_c"]: Conditions(
                **{key: value for key, value in item.items() if key != "fws_supply_c"}
            )
            for item in stored["supplies"]
        },
    )


def at_conditions(basis: Basis, conditions: Conditions) -> Basis:
    """A plant under other conditions: PUE, water and site power change, the IT does not.

    Notes
    -----
    Definition. Site power at full heat load changes by the same ratio.
    """
    ratio = conditions.facility_kw / basis.facility_kw
    return replace(
        basis,
        pue=conditions.pue,
        wue_l_per_kwh=conditions.wue_l_per_kwh,
        facility_kw=conditions.facility_kw,
        full_facility_kw=basis.full_facility_kw * ratio,
        climate_inputs=(),
        pue_words=MEAN_DAY,
    )


def at_site(case: Case, site_id: str, conditions: Conditions) -> Case:
    """The same plant at another site, with its own tariff, building cost, wages and risk.

    Notes
    -----
    Definition. What a design or an organisation says of these is about its own site.
    """
    return replace(
        case,
        basis=at_conditions(case.basis, conditions),
        site=replace(case.site, site_id=site_id),
        assumptions=case.assumptions.without(SITE_LINES),
    )


def with_gpu(basis: Basis, gpu: str) -> Basis:
    """The same site with as many GPUs of another kind as its IT power carries.

    Parameters
    ----------
    basis : Basis
        The plant.
    gpu : str
        A GPU of the table of systems.

    Returns
    -------
    Basis
        Whole racks of the other kind; their prices come from the cost lines.

    Raises
    ------
    KeyError
        If the GPU is in no table.

    Notes
    -----
    Definition. All-in IT power per GPU of the table; racks without GPUs stay.
    """
    system = gpu_systems()[gpu]
    available = sum(fleet.it_kw for fleet in basis.fleets)
    per_rack = RACK_LINES[gpu][1] if gpu in RACK_LINES else system.scaleup_domain
    racks = int(available / (system.it_kw_per_gpu * per_rack) + 1e-9)
    gpus = racks * per_rack
    fleets = (
        Fleet(
            gpu=gpu,
            gpus=gpus,
            racks=racks,
            it_kw=gpus * system.it_kw_per_gpu,
            recorded_racks=0,
            recorded_usd=0.0,
            unrecorded_gpus=gpus,
        ),
    )
    return replace(basis, fleets=fleets if gpus else ())


def case_of(found: Survey, assumptions: Assumptions) -> Case | None:
    """The plant as it is drawn, as a case; None without IT load.

    Notes
    -----
    Definition.
    """
    if found.basis is None:
        return None
    return Case(basis=found.basis, site=found.site, assumptions=assumptions)
