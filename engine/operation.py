"""The plant at work: power, cooling and site energy brought to agree."""

from dataclasses import dataclass, replace

from engine.assumptions import Assumptions
from engine.cooling.circuits import cool
from engine.cooling.design_day import design_day
from engine.energy.facility import Balance
from engine.errors import OutOfRange
from engine.evaluation import CoolingResult, EnergyResult, PowerResult
from engine.memory import Memory
from engine.plant import Plant
from engine.power.flow import Mechanical, Supply, total_loss_kw
from engine.rules import RuleSet

SETTLED = 1e-9  # of the site's power
MAX_ROUNDS = 50  # each round shrinks the difference by about twenty


class NotSettled(OutOfRange):
    """Losses and cooling feed each other without end."""

    code = "not-settled"
    title = "Power and cooling do not settle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One steady state of the plant."""

    power: PowerResult
    cooling: CoolingResult
    energy: EnergyResult
    mechanical: Mechanical


def operate(
    plant: Plant, rules: RuleSet, assumptions: Assumptions, memory: Memory | None = None
) -> Operation:
    """The steady state of a plant on its design day.

    Parameters
    ----------
    plant : Plant
        What is drawn.
    rules : RuleSet
        For the findings of each step.
    assumptions : Assumptions
        What is not drawn.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Operation
        Power, cooling and energy that agree within 1e-9 of the site's power.

    Raises
    ------
    NotSettled
        If 50 rounds do not bring them together.

    Notes
    -----
    Definition. Cooling equipment draws power through the same nodes as the racks, and the losses
    of those nodes are heat to be cooled: a fixed point, reached by repeating both.
    """
    supply = Supply(plant, rules, assumptions, memory)
    cooling = cool(plant, supply.rack_kw, assumptions, memory)
    balance = Balance(plant, supply.it_kw, cooling, assumptions, design_day(plant, assumptions))
    drawn_kw = float(cooling.cdu_pump_kw.sum()) + float(cooling.air_handler_fan_kw.sum())
    mechanical = Mechanical.none(plant)
    for _ in range(MAX_ROUNDS):
        loss_kw = total_loss_kw(supply.chain(mechanical))
        facility_kw = balance.at(loss_kw).facility_kw
        beside_kw = facility_kw - supply.it_kw - loss_kw - drawn_kw
        wanted = Mechanical(
            cdu_kw=cooling.cdu_pump_kw,
            fan_kw=cooling.air_handler_fan_kw,
            plant_kw=max(beside_kw, 0.0),
        )
        change = abs(wanted.total_kw - mechanical.total_kw)
        mechanical = wanted
        if change <= SETTLED * max(facility_kw, 1.0):
            power = supply.result(mechanical)
            energy = balance.result(replace(power, loss_kw=loss_kw))
            return Operation(power=power, cooling=cooling, energy=energy, mechanical=mechanical)
    raise NotSettled("Losses and cooling power feed each other without end.", rounds=MAX_ROUNDS)


def at_heat_load(plant: Plant, fraction: float) -> Plant:
    """The same plant at another heat load.

    Raises
    ------
    Invalid
        If the fraction lies outside 0 to 2.

    Notes
    -----
    Definition.
    """
    return replace(plant, site=replace(plant.site, heat_load_fraction=fraction))
