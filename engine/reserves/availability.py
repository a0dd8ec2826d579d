"""How often each load is without power or cooling, and what is to blame: cut sets by load."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.assumptions import Assumptions
from engine.evaluation import Input
from engine.faults.availability import downtime_h
from engine.faults.jobs import fleet_goodput, job_mean_time_h, spares_needed
from engine.faults.redundancy import Study, study_of
from engine.plain import number
from engine.plant import Plant
from engine.provenance import cited
from engine.reserves.load_model import IDS_TOLD, ORDER, LoadModel, Parts, loads_of
from engine.reserves.systems import Group
from engine.reserves.uncertain_rates import range_of
from engine.reserves.words import entry
from engine.tokens.goodput import checkpoint_interval_h, training_goodput

UNLIKE_TOLD = 60


def availability_of_loads(plant: Plant, assumptions: Assumptions) -> dict[str, Any]:
    """Availability of every load of a plant, with its cut sets ranked by contribution.

    Parameters
    ----------
    plant : Plant
        The plant.
    assumptions : Assumptions
        Lines ``reliability.*``: how often each kind fails and how long it is down.

    Returns
    -------
    dict
        ``loads``, those that hang on like parts together; ``groups`` of units with spares; the
        ``job`` that runs on all racks; ``working``.

    Raises
    ------
    NotSettled
        If losses and cooling do not come together.

    Notes
    -----
    Definition. A load works while one of its feeds has every node up to the source, and the units
    that cool it are enough; see `engine.faults.cuts` and `engine.reserves.systems`. Like nodes of
    both feeds share a common cause: a part of its own with the rate b l, which leaves (1 - b) l to
    each of them. Cuts are told to order three; a group of units with spares counts as one part.
    """
    return availability_of(study_of(plant, assumptions))


def availability_of(study: Study) -> dict[str, Any]:
    """The same as `availability_of_loads`, of a plant whose steady state is known already.

    Parameters
    ----------
    study : Study
        The plant in steady operation.

    Returns
    -------
    dict
        As `availability_of_loads`.

    Notes
    -----
    Definition.
    """
    model = LoadModel(study)
    told: dict[tuple[object, ...], dict[str, Any]] = {}
    cuts: dict[Parts, float] = {}
    for load in loads_of(study):
        row = model.told(load, told)
        for cut, per_year in row.pop("frequencies"):
            cuts[cut] = per_year
    rows = sorted(told.values(), key=lambda row: (row["availability"], row["first"]))
    return {
        "racks": len(study.plant.racks),
        "order": ORDER,
        "loads": rows[:UNLIKE_TOLD],
        "left_out": len(rows[UNLIKE_TOLD:]),
        "range": range_of(rows[0]["cuts"], study.assumptions) if rows else None,
        "groups": [_group(each) for each in model.unlike()],
        "job": _job(study, rows, sum(cuts.values())) if rows else None,
        "working": _working(study.assumptions),
    }


def _group(told: tuple[Group, int]) -> dict[str, Any]:
    group, many = told
    return {
        "name": group.name,
        "kind": group.kind,
        "alike": many,
        "units": group.units,
        "needed": group.needed,
        "ids": list(group.ids[:IDS_TOLD]),
        "per_year": number(group.failures_per_year),
        "repair_h": number(group.repair_h),
        "independent_h": number(float(downtime_h(group.independent))),
        "crewed_h": number(float(downtime_h(group.crewed))),
        "common_h": number(8760.0 * group.common_cause),
        "availability": group.availability,
        "below_per_year": number(group.below_per_year),
        "below_h": number(group.below_h),
    }


def _job(study: Study, rows: Sequence[Mapping[str, Any]], stops: float) -> dict[str, Any] | None:
    """A job that needs every rack at once."""
    plant, value = study.plant, study.assumptions.value
    gpus = int(plant.racks.gpu_count.sum())
    if not gpus:
        return None
    each = sum(row["availability"] * row["count"] for row in rows)
    each /= sum(row["count"] for row in rows)
    rate = value("ops.unexpected_interrupts_per_gpu_yr")
    mean_h = float(job_mean_time_h(gpus, rate, stops))
    write_h, restart_h = value("ops.checkpoint_write_min") / 60.0, value("ops.restart_min") / 60.0
    interval_h = checkpoint_interval_h(write_h, mean_h)
    efficiency = training_goodput(interval_h, write_h, restart_h, mean_h)
    spares = int(spares_needed(len(plant.racks), each, value("availability.spare_confidence")))
    return {
        "gpus": gpus,
        "racks": len(plant.racks),
        "machine_stops_per_year": number(gpus * rate),
        "plant_stops_per_year": number(stops),
        "mean_h": number(mean_h),
        "interval_h": number(interval_h),
        "efficiency": number(efficiency),
        "rack_availability": each,
        "spares": spares,
        "goodput": number(float(fleet_goodput(efficiency, each))),
    }


def _working(assumptions: Assumptions) -> list[dict[str, Any]]:
    rates: tuple[Input, ...] = cited(
        assumptions,
        *(line for line in assumptions if line.startswith("reliability.")),
    )
    crews = cited(assumptions, "availability.repair_crews", "transient.fws_standby")
    job = cited(
        assumptions,
        "ops.unexpected_interrupts_per_gpu_yr",
        "ops.checkpoint_write_min",
        "ops.restart_min",
        "availability.spare_confidence",
    )
    return [
        entry("Availability of a load", "exact, by pivotal decomposition over its paths: "
              "A = p A(part works) + (1 - p) A(part is down)",
              "R. E. Barlow and F. Proschan, 1975, ch. 2", rates),
        entry("Contribution of a cut", "Q = product of the unavailabilities of its parts, over the "
              "sum; as often as Q times the sum of its repair rates",
              "R. Billinton and R. N. Allan, 2nd ed., 1992, ch. 11", ()),
        entry("Units with spares", "Markov chain of failures (n - j) l and repairs min(j, crews) m "
              "with l = (1 - b) of the rate; all at once with b of it",
              "R. Billinton and R. N. Allan, 2nd ed., 1992, ch. 9; IEC 61508-6:2010, annex D",
              crews),
        entry("A job on all racks", "mean time M = 8,766 h / (n l + stops of the plant); "
              "checkpoints at the interval that loses least; f = t/(M e^(R/M) (e^((t+d)/M) - 1)); "
              "spares by the binomial distribution",
              "J. T. Daly, Future Gener. Comput. Syst., vol. 22, 2006", job),
    ]  # fmt: skip
